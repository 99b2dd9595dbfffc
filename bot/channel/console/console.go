// Package console is the conversation in a terminal: `wegwijs chat`. It needs
// no account, and shows what every channel must be able to show.
package console

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"wegwijs/bot"
	"wegwijs/bot/channel"
	"wegwijs/bot/phrase"
	"wegwijs/knowledge/catalogue"
)

// Options configures a Console. All are required save Lang.
type Options struct {
	Bot   channel.Answerer
	Words *phrase.Book
	In    io.Reader
	Out   io.Writer
	Lang  catalogue.Lang // to begin in; "" is Dutch
}

// Run talks until the input ends, the visitor leaves or ctx is done.
func Run(ctx context.Context, o Options) error {
	c := console{o: o, who: bot.Visitor("console-" + rand.Text())}
	reply, err := o.Bot.Answer(ctx, bot.Update{Visitor: c.who, Channel: "console", Lang: o.Lang})
	if err != nil {
		return err
	}
	c.show(reply)
	in := bufio.NewScanner(o.In)
	in.Buffer(make([]byte, 0, 4096), 1<<16)
	for c.prompt(); in.Scan(); c.prompt() {
		line := strings.TrimSpace(in.Text())
		if line == "" {
			continue
		}
		u := bot.Update{Visitor: c.who, Channel: "console", Text: line, Lang: o.Lang}
		if id, ok := c.choice(line); ok {
			u.Text, u.Choices = "", []string{id}
		}
		reply, err := o.Bot.Answer(ctx, u)
		switch {
		case errors.Is(err, bot.ErrInput): // only a typed id can do this; read it as text
			u.Text, u.Choices = line, nil
			if reply, err = o.Bot.Answer(ctx, u); err != nil {
				reply = o.Bot.Sorry(u)
			}
		case ctx.Err() != nil:
			return nil
		case err != nil:
			reply = o.Bot.Sorry(u)
		}
		c.show(reply)
		if reply.Forgotten {
			return nil
		}
	}
	fmt.Fprintln(o.Out)
	return in.Err()
}

type console struct {
	o       Options
	who     bot.Visitor
	choices []bot.Choice // on the screen, numbered from 1
	lang    catalogue.Lang
}

func (c *console) prompt() { fmt.Fprint(c.o.Out, "> ") }

// choice reads "/3" as the third choice and "/back" as a command, so that a
// bare number stays what the visitor meant it to be.
func (c *console) choice(line string) (id string, ok bool) {
	rest, ok := strings.CutPrefix(line, "/")
	if !ok {
		return "", false
	}
	n, err := strconv.Atoi(rest)
	if err == nil && n >= 1 && n <= len(c.choices) {
		return c.choices[n-1].Token, true
	}
	return rest, err != nil
}

// show prints a reply as plain text that also reads well aloud.
func (c *console) show(r bot.Reply) {
	c.choices, c.lang = nil, r.Language
	for _, m := range r.Messages {
		fmt.Fprintln(c.o.Out, "\n"+m.Text)
		for _, a := range m.Answers {
			c.answer(a)
		}
		for _, k := range m.Courses {
			c.course(k)
		}
		if m.Link != nil {
			fmt.Fprintf(c.o.Out, "  %s\n  %s\n", m.Link.URL, m.Link.Print)
		}
		for _, ch := range m.Choices {
			c.choices = append(c.choices, ch)
			fmt.Fprintf(c.o.Out, "  /%d %s\n", len(c.choices), ch.Label)
		}
	}
	if r.Offer != "" {
		fmt.Fprintf(c.o.Out, "  /lang:%s %s\n", r.Offer, c.o.Words.Say(r.Offer, "verb.lang."+string(r.Offer), nil))
	}
	if e := r.Export; e != nil {
		for _, a := range e.Answers {
			fmt.Fprintf(c.o.Out, "  %s: %s\n", a.Slot, strings.Join(a.Values, ", "))
		}
	}
}

func (c *console) say(id string, args map[string]any) string {
	return c.o.Words.Say(c.lang, id, args)
}

func (c *console) answer(a bot.Answer) {
	fmt.Fprintf(c.o.Out, "  - %s\n", a.Title)
	for _, s := range []string{a.Text, a.URL} {
		if s != "" {
			fmt.Fprintf(c.o.Out, "    %s\n", s)
		}
	}
	c.source(a.Source, a.AsOf, a.Stale)
}

func (c *console) course(k bot.Course) {
	title := k.Title
	if k.TitleNL != k.Title {
		title += " (" + k.TitleNL + ")"
	}
	fmt.Fprintf(c.o.Out, "  * %s\n", title)
	for _, s := range []string{k.Summary, k.Doors, k.Note} {
		if s != "" {
			fmt.Fprintf(c.o.Out, "    %s\n", s)
		}
	}
	for _, w := range k.Why {
		fmt.Fprintf(c.o.Out, "    + %s\n", w.Text)
	}
	for _, o := range k.Offers {
		place := strings.TrimSpace(o.Postcode + " " + o.Commune)
		if o.DistanceKm != nil {
			place += ", " + phrase.Number(c.lang, *o.DistanceKm) + " km"
		}
		fmt.Fprintf(c.o.Out, "    @ %s — %s\n", o.Institution, place)
		for _, s := range []string{o.PriceNote, o.Note, o.URL} {
			if s != "" {
				fmt.Fprintf(c.o.Out, "      %s\n", s)
			}
		}
	}
	c.source(k.Source, k.AsOf, k.Stale)
	fmt.Fprintf(c.o.Out, "    /details:%s  /save:%s\n", k.ID, k.ID)
}

func (c *console) source(source, asOf string, stale bool) {
	if source == "" {
		return
	}
	line := fmt.Sprintf("    [%s, %s]", source, asOf)
	if stale {
		line += " " + c.say("ui.stale", nil)
	}
	fmt.Fprintln(c.o.Out, line)
}
