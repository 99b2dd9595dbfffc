// Package app is the program: flags, environment, wiring, commands and the
// stop. It connects the rooms of the house and decides nothing itself.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"

	"wegwijs/bot"
	"wegwijs/bot/phrase"
	"wegwijs/knowledge"
	"wegwijs/locales"
	"wegwijs/seeds"
)

// Main is the program: it runs until it is interrupted, then exits.
func Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status(err))
}

// status turns an error into an exit status: 0 done, 1 failed, 2 used wrongly.
func status(err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		return 2
	}
	return 1
}

// usageError is a mistake in how the program was called.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// cli is the command line. Each field of a command is a flag, a variable
// WEGWIJS_… and a key of the settings file.
type cli struct {
	Config    string `help:"YAML file with settings: a flag's name, a colon, its value." placeholder:"FILE"`
	Seeds     string `help:"Folder that replaces the embedded catalogue." placeholder:"DIR"`
	Knowledge string `help:"Folder that replaces the embedded tree, articles and rules." placeholder:"DIR"`

	Serve     serveCmd     `cmd:"" help:"Run the service: the web chat, the JSON API and the channels that have a token."`
	Chat      chatCmd      `cmd:"" help:"Hold the conversation in this terminal."`
	Ask       askCmd       `cmd:"" help:"Answer one free question, or many with --batch."`
	Courses   coursesCmd   `cmd:"" help:"Search the catalogue."`
	Catalogue catalogueCmd `cmd:"" help:"Look after the facts."`
	Dialogue  dialogueCmd  `cmd:"" help:"Look after the conversation."`
	Pathways  pathwaysCmd  `cmd:"" help:"Show the ways from one course to another, with the rules that decide."`
	Evaluate  evaluateCmd  `cmd:"" help:"Ask labelled questions and print how often the answer was right."`
	Insights  insightsCmd  `cmd:"" help:"Print what the offer lacks: anonymous counts, none under ten."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
}

// shell is what commands work with.
type shell struct {
	ctx    context.Context
	in     io.Reader
	out    io.Writer
	err    io.Writer
	getenv func(string) string
	cli    *cli
	log    *slog.Logger
}

// stopped is how kong's request to exit (after --help) comes back to run.
type stopped int

func run(ctx context.Context, args []string, getenv func(string) string, in io.Reader, out, errOut io.Writer) (err error) {
	var c cli
	defer func() {
		if code, ok := recover().(stopped); ok {
			err = nil
			if code != 0 {
				err = &usageError{errors.New("see wegwijs --help")}
			}
		}
		if err != nil {
			fmt.Fprintln(errOut, "wegwijs:", err)
		}
	}()
	parser, err := kong.New(&c,
		kong.Name("wegwijs"),
		kong.Description("A guide to technical studies in and around Brussels, in Dutch, French and English."),
		kong.Writers(out, errOut),
		kong.Exit(func(code int) { panic(stopped(code)) }),
		kong.Resolvers(settings(getenv)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if err != nil {
		return &usageError{err}
	}
	sh := &shell{ctx: ctx, in: in, out: out, err: errOut, getenv: getenv, cli: &c, log: slog.New(slog.NewJSONHandler(errOut, nil))}
	return k.Run(sh)
}

// seedFiles are the catalogue's files: the folder that was named, or the embedded ones.
func (sh *shell) seedFiles() fs.FS { return folder(sh.cli.Seeds, seeds.Embedded()) }

// knowledgeFiles likewise.
func (sh *shell) knowledgeFiles() fs.FS { return folder(sh.cli.Knowledge, knowledge.Files()) }

func folder(path string, embedded fs.FS) fs.FS {
	if path == "" {
		return embedded
	}
	return os.DirFS(filepath.Clean(path))
}

// learn reads and checks everything the bot knows.
func (sh *shell) learn() (*bot.Knowledge, error) {
	return bot.Learn(sh.seedFiles(), sh.knowledgeFiles())
}

// newBot builds the bot on a memory.
func (sh *shell) newBot(m bot.Memory) (*bot.Bot, error) { return sh.openBot(bot.Options{Memory: m}) }

// openBot builds the bot on what o holds, and adds what is the same everywhere.
func (sh *shell) openBot(o bot.Options) (*bot.Bot, error) {
	k, err := sh.learn()
	if err != nil {
		return nil, err
	}
	words, err := phrase.Open(locales.Files())
	if err != nil {
		return nil, err
	}
	o.Knowledge, o.Words, o.Log = k, words, sh.log
	return bot.New(o)
}
