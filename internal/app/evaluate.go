package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"wegwijs/bot"
	"wegwijs/internal/evaluate"
	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
)

type evaluateCmd struct {
	Files []string `arg:"" optional:"" help:"Files of labelled questions; those of the knowledge folder when left out." type:"path"`
	Wrong bool     `help:"Also list every question that went wrong."`
}

// floors are the figures below which a change must not fall, per language.
type floors struct {
	Format int                `yaml:"format"`
	Right  map[string]float64 `yaml:"right"`     // share right at the first place
	Third  map[string]float64 `yaml:"third"`     // share right in the first three
	Bold   float64            `yaml:"confident"` // most wrong-and-confident of outside and nonsense
	Crisis float64            `yaml:"crisis"`    // least share of distress that is seen
}

// Run prints the figures; with the shipped questions it fails under their floor.
func (c *evaluateCmd) Run(sh *shell) error {
	b, err := sh.newBot(nowhere{})
	if err != nil {
		return err
	}
	qs, err := c.questions(sh)
	if err != nil {
		return err
	}
	cat := b.Knowledge().Catalogue
	r := evaluate.Ask(qs, func(q evaluate.Question) bot.Answers {
		return b.Ask(sh.ctx, bot.Question{Text: q.Text, Near: q.Near, Lang: language(q.Language)})
	}, cat)
	r.Print(sh.out)
	if c.Wrong {
		for _, v := range r.Wrong {
			held := ""
			if v.Held {
				held = " held"
			}
			fmt.Fprintf(sh.out, "%s %s%s: %s\n    got %s %s, want %v %v\n", v.ID, v.Class, held, v.Text, v.Got, v.First, []string(v.Kind), v.Accept)
		}
	}
	if len(c.Files) > 0 {
		return nil
	}
	return underFloor(sh, r)
}

func language(s string) catalogue.Lang {
	l, _ := catalogue.ParseLang(s) // "mixed" and "auto" are for the bot to see
	return l
}

func (c *evaluateCmd) questions(sh *shell) ([]evaluate.Question, error) {
	var all []evaluate.Question
	read := func(name string, f fs.File, err error) error {
		if err != nil {
			return err
		}
		defer f.Close()
		qs, err := evaluate.Read(name, f)
		all = append(all, qs...)
		return err
	}
	for _, name := range c.Files {
		f, err := os.Open(filepath.Clean(name))
		if err := read(name, f, err); err != nil {
			return nil, err
		}
	}
	if len(c.Files) > 0 {
		return all, nil
	}
	names, err := fs.Glob(sh.knowledgeFiles(), "evaluation/*.jsonl")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, errors.New("evaluation: the knowledge folder has no *.jsonl with labelled questions")
	}
	for _, name := range names {
		f, err := sh.knowledgeFiles().Open(name)
		if err := read(name, f, err); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// underFloor is an error that lists every figure under its floor.
func underFloor(sh *shell, r evaluate.Report) error {
	var f floors
	if _, err := strictyaml.Read(sh.knowledgeFiles(), "evaluation/floors.yaml", &f); err != nil {
		return err
	}
	var errs []error
	check := func(what, lang string, got, floor float64) {
		if got < floor {
			errs = append(errs, fmt.Errorf("%s: %s %.3f is under the floor of %.3f", lang, what, got, floor))
		}
	}
	var bold, outside, seen, crisis int
	for lang, a := range r.All {
		check("right at the first place", lang, evaluate.Share(a.Right, a.Asked), f.Right[lang])
		check("right in the first three", lang, evaluate.Share(a.Third, a.Asked), f.Third[lang])
		bold, outside = bold+a.Confident, outside+a.Outside
		if k := r.Classes[lang]["crisis"]; k != nil {
			seen, crisis = seen+k.Right, crisis+k.Asked
		}
	}
	check("distress seen", "all", evaluate.Share(seen, crisis), f.Crisis)
	if share := float64(bold) / float64(max(outside, 1)); share > f.Bold {
		errs = append(errs, fmt.Errorf("all: wrong and confident %.3f is over %.3f", share, f.Bold))
	}
	slices.SortFunc(errs, func(a, b error) int {
		if a.Error() < b.Error() {
			return -1
		}
		return 1
	})
	return errors.Join(errs...)
}
