package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
)

type askCmd struct {
	Text    []string `arg:"" optional:"" help:"The question. With --batch: a file of JSON lines, - for standard input."`
	Lang    string   `enum:"auto,nl,fr,en" default:"auto" help:"Language of the answer: auto, nl, fr or en."`
	Near    string   `help:"Postcode to measure distances from." placeholder:"POSTCODE"`
	JSON    bool     `name:"json" help:"Print the answer as JSON, as the API gives it."`
	Batch   bool     `help:"Answer JSON lines with JSON lines, in the same order."`
	Explain bool     `help:"Say why each answer ranks where it does."`
}

// Run answers the question or the batch.
func (c *askCmd) Run(sh *shell) error {
	if c.Near != "" && !catalogue.ValidPostcode(c.Near) {
		return &usageError{fmt.Errorf("--near %q: write a postcode of four digits", c.Near)}
	}
	if !c.Batch && len(c.Text) == 0 {
		return &usageError{fmt.Errorf("ask: write a question, or use --batch")}
	}
	b, err := sh.newBot(nowhere{})
	if err != nil {
		return err
	}
	if c.Batch {
		return c.batch(sh, b)
	}
	lang, _ := catalogue.ParseLang(c.Lang)
	if c.Lang == "auto" {
		lang = ""
	}
	a := b.Ask(sh.ctx, bot.Question{Text: strings.Join(c.Text, " "), Lang: lang, Near: c.Near, Explain: c.Explain})
	if c.JSON {
		return writeJSON(sh.out, a)
	}
	if c.Explain {
		fmt.Fprintf(sh.out, "[%s: %s]\n\n", a.Kind, b.Reading(strings.Join(c.Text, " ")))
	}
	printAnswers(sh.out, a)
	return nil
}

// askLine is one line of a batch. Its fields are those of /api/v1/ask.
type askLine struct {
	ID       json.RawMessage `json:"id"`
	Text     string          `json:"text"`
	Language string          `json:"language"`
	Near     string          `json:"near"`
}

// askedLine is its answer; the id comes back exactly as it came.
type askedLine struct {
	ID json.RawMessage `json:"id,omitempty"`
	bot.Answers
}

// maxLine is the longest line of a batch, in bytes.
const maxLine = 1 << 20

func (c *askCmd) batch(sh *shell, b *bot.Bot) error {
	in, name := sh.in, "standard input"
	if len(c.Text) > 1 {
		return &usageError{fmt.Errorf("--batch takes one file, not %d", len(c.Text))}
	}
	if len(c.Text) == 1 && c.Text[0] != "-" {
		f, err := os.Open(c.Text[0])
		if err != nil {
			return err
		}
		defer f.Close()
		in, name = f, c.Text[0]
	}
	out := bufio.NewWriter(sh.out)
	defer out.Flush()
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var q askLine
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return fmt.Errorf("%s:%d: %w; write one JSON object per line", name, n, err)
		}
		lang, ok := catalogue.ParseLang(q.Language)
		switch {
		case ok:
		case q.Language == "" || q.Language == "auto":
			lang, _ = catalogue.ParseLang(c.Lang)
			if c.Lang == "auto" {
				lang = ""
			}
		default:
			return fmt.Errorf("%s:%d: language %q: write auto, nl, fr or en", name, n, q.Language)
		}
		near := q.Near
		if near == "" {
			near = c.Near
		}
		a := b.Ask(sh.ctx, bot.Question{Text: q.Text, Lang: lang, Near: near, Explain: c.Explain})
		line := askedLine{ID: q.ID, Answers: a}
		if err := json.NewEncoder(out).Encode(line); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func printAnswers(w io.Writer, a bot.Answers) {
	fmt.Fprintln(w, a.Reply)
	for i, ans := range a.Answers {
		fmt.Fprintf(w, "\n%d. %s\n", i+1, ans.Title)
		if ans.Text != "" && ans.Text != a.Reply {
			fmt.Fprintf(w, "   %s\n", ans.Text)
		}
		if ans.Course != nil {
			printOffers(w, *ans.Course)
		}
		if ans.URL != "" && ans.Course == nil {
			fmt.Fprintf(w, "   %s\n", ans.URL)
		}
		if ans.Source != "" {
			fmt.Fprintf(w, "   [%s, %s]\n", ans.Source, ans.AsOf)
		}
		if ans.Why != "" {
			fmt.Fprintf(w, "   %.2f %s\n", ans.Score, ans.Why)
		}
	}
}

// writeJSON prints v as the API does, on one line.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
