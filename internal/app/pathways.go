package app

import (
	"errors"
	"fmt"
	"strings"

	"wegwijs/bot"
	"wegwijs/bot/phrase"
	"wegwijs/knowledge/catalogue"
)

type pathwaysCmd struct {
	From  string `help:"Where somebody is: id or name of a course, a level, a stage." placeholder:"ID|TEXT"`
	To    string `help:"Where he wants to go: id or name of a course, a level, a field." placeholder:"ID|TEXT"`
	Track string `help:"What he follows or followed: doorstroom, dubbel, arbeidsmarkt, 1A, 1B, 2A, 2B."`
	Lang  string `enum:"nl,fr,en" default:"nl" help:"Language of the words."`
	JSON  bool   `name:"json" help:"Print as JSON, as the API gives it."`
}

// Run prints the ways and the rules that decide.
func (c *pathwaysCmd) Run(sh *shell) error {
	if c.From == "" && c.To == "" {
		return &usageError{errors.New("pathways: write --from, --to or both")}
	}
	var tracks []catalogue.Track
	if c.Track != "" {
		var err error
		if tracks, err = ids("track", []string{c.Track}, catalogue.Tracks); err != nil {
			return err
		}
	}
	b, err := sh.newBot(nowhere{})
	if err != nil {
		return err
	}
	lang, _ := catalogue.ParseLang(c.Lang)
	var track catalogue.Track
	if len(tracks) > 0 {
		track = tracks[0]
	}
	view, err := b.Pathways(sh.ctx, c.From, c.To, track, lang)
	var none *bot.NoMatch
	if errors.As(err, &none) {
		return fmt.Errorf("--%s matches no course, level or stage; `wegwijs courses WORDS` finds ids", none.Field)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(sh.out, view)
	}
	for _, r := range view.Rules {
		fmt.Fprintf(sh.out, "%s\n   [%s: %s, %s]\n", r.Text, r.ID, r.Source, r.AsOf)
		for _, d := range r.Disagree {
			fmt.Fprintf(sh.out, "   ≠ %s [%s, %s]\n", d.Text, d.Source, d.AsOf)
		}
	}
	for i, p := range view.Paths {
		var steps []string
		for _, s := range p.Steps {
			steps = append(steps, s.Title)
		}
		years := "?"
		switch {
		case p.Years != nil:
			years = phrase.Number(lang, *p.Years)
		case p.AtLeast > 0:
			years = ">= " + phrase.Number(lang, p.AtLeast)
		}
		fmt.Fprintf(sh.out, "\n%d. %s  (%s)\n", i+1, strings.Join(steps, " → "), years)
		if p.When != "" {
			fmt.Fprintf(sh.out, "   %s\n", p.When)
		}
		for _, r := range p.Rules {
			fmt.Fprintf(sh.out, "   [%s: %s, %s]\n", r.ID, r.Source, r.AsOf)
		}
	}
	return nil
}
