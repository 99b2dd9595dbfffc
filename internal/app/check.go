package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

type catalogueCheckCmd struct {
	JSON bool `name:"json" help:"Print as JSON."`
}

// Run reads everything and prints what is there. A fault is an error, with
// file and line where there is one; what is stale is told and is no fault.
func (c *catalogueCheckCmd) Run(sh *shell) error {
	k, err := sh.learn()
	if err != nil {
		if c.JSON {
			_ = writeJSON(sh.out, inventory{Counts: []count{}, Stale: []stale{}, Unused: []string{}, Faults: strings.Split(err.Error(), "\n")})
		}
		return err
	}
	v := takeInventory(k, time.Now())
	if c.JSON {
		err = writeJSON(sh.out, v)
	} else {
		v.print(sh)
	}
	if len(v.Faults) > 0 {
		if !c.JSON {
			return fmt.Errorf("%s\n%d faults to mend", strings.Join(v.Faults, "\n"), len(v.Faults))
		}
		return fmt.Errorf("%d faults to mend", len(v.Faults))
	}
	return err
}

// An inventory is what the bot knows, counted, and what is wrong with it.
type inventory struct {
	Counts []count  `json:"counts"`
	Stale  []stale  `json:"stale"`
	Unused []string `json:"unused"` // known, and shown nowhere
	Faults []string `json:"faults"`
}

// A count is how many there are of one kind, and how many of them say
// something in each language.
type count struct {
	Kind   string                 `json:"kind"`
	Count  int                    `json:"count"`
	Offers int                    `json:"offers,omitempty"`
	Langs  map[catalogue.Lang]int `json:"languages,omitempty"`
}

// A stale tells how many facts of a kind are past their limit.
type stale struct {
	Kind   string   `json:"kind"`
	Months int      `json:"limit_months"`
	Count  int      `json:"count"`
	Of     int      `json:"of"`
	IDs    []string `json:"ids"` // all of them, as they stand in the files
}

// months are the limits of catalogue.Stale, to be told; a test holds them to it.
var months = map[catalogue.Kind]int{catalogue.PriceFact: 12, catalogue.OfferFact: 24, catalogue.RuleFact: 36}

// A stocktaker walks through all knowledge once.
type stocktaker struct {
	inventory
	k  *bot.Knowledge
	on time.Time
}

func takeInventory(k *bot.Knowledge, on time.Time) *inventory {
	s := &stocktaker{k: k, on: on}
	s.Counts, s.Stale, s.Unused, s.Faults = []count{}, []stale{}, []string{}, []string{}
	s.courses()
	s.library()
	s.duplicates()
	s.unused()
	return &s.inventory
}

func (s *stocktaker) fault(format string, args ...any) {
	s.Faults = append(s.Faults, fmt.Sprintf(format, args...))
}

// count adds one thing of a kind, which says something in the languages where
// has is true.
func (s *stocktaker) count(kind string, offers int, has func(catalogue.Lang) bool) {
	i := slices.IndexFunc(s.Counts, func(c count) bool { return c.Kind == kind })
	if i < 0 {
		i = len(s.Counts)
		s.Counts = append(s.Counts, count{Kind: kind})
		if has != nil {
			s.Counts[i].Langs = map[catalogue.Lang]int{}
		}
	}
	s.Counts[i].Count++
	s.Counts[i].Offers += offers
	if has == nil {
		return
	}
	for _, l := range catalogue.Langs {
		if has(l) {
			s.Counts[i].Langs[l]++
		}
	}
}

// fact judges the source and the age of one thing.
func (s *stocktaker) fact(kind string, k catalogue.Kind, id, source, asOf string) {
	if strings.TrimSpace(source) == "" {
		s.fault("%s: no source", id)
	}
	i := slices.IndexFunc(s.Stale, func(x stale) bool { return x.Kind == kind })
	if i < 0 {
		i = len(s.Stale)
		s.Stale = append(s.Stale, stale{Kind: kind, Months: months[k], IDs: []string{}})
	}
	s.Stale[i].Of++
	if catalogue.Stale(k, asOf, s.on) {
		s.Stale[i].Count++
		s.Stale[i].IDs = append(s.Stale[i].IDs, id)
	}
}

func in(t catalogue.Text) func(catalogue.Lang) bool {
	return func(l catalogue.Lang) bool { return strings.TrimSpace(t.In(l)) != "" }
}

func (s *stocktaker) courses() {
	c := s.k.Catalogue
	for _, p := range catalogue.Providers {
		for i := range c.Courses {
			k := &c.Courses[i]
			if k.Provider != p {
				continue
			}
			s.count(string(p), len(k.Offers), func(l catalogue.Lang) bool {
				return in(k.Title)(l) && in(k.Summary)(l) && (k.Unnamed || len(k.Keywords.In(l)) > 0)
			})
			s.fact("courses", catalogue.RuleFact, k.ID, k.Source, k.AsOf)
			for _, l := range catalogue.Langs {
				if len(k.Keywords.In(l)) == 0 && !k.Unnamed {
					s.fault("%s: no search words in %s", k.ID, l)
				}
			}
			for _, id := range k.Jobs {
				if _, ok := s.k.Library.Job(id); !ok {
					s.fault("%s: job %q is not in jobs/jobs.yaml", k.ID, id)
				}
			}
			for _, o := range k.Offers {
				s.fact("offers", catalogue.OfferFact, o.ID, o.Source, o.AsOf)
				if o.PriceEUR != nil {
					s.fact("prices", catalogue.PriceFact, o.ID, o.Source, o.AsOf)
				}
			}
		}
	}
	for i := range c.Institutions {
		x := &c.Institutions[i]
		s.count("institutions", 0, nil)
		s.fact("institutions", catalogue.OfferFact, x.ID, x.Source, x.AsOf)
	}
	for i := range c.Conditions {
		x := &c.Conditions[i]
		s.count("conditions", 0, in(x.Text))
		s.fact("conditions", catalogue.RuleFact, x.ID, x.Source, x.AsOf)
	}
	for i := range c.Communes {
		s.count("communes", 0, in(c.Communes[i].Name))
	}
}

func (s *stocktaker) library() {
	l := s.k.Library
	for i := range l.Articles {
		a := &l.Articles[i]
		s.count("articles", 0, func(g catalogue.Lang) bool { return in(a.Title)(g) && len(a.Ask.In(g)) > 0 })
		for _, b := range a.Body {
			s.fact("statements", catalogue.RuleFact, a.ID, b.Source, b.AsOf)
		}
	}
	for i := range s.k.Paths.Rules {
		r := &s.k.Paths.Rules[i]
		s.count("rules", 0, func(g catalogue.Lang) bool { return in(r.Text)(g) && len(r.Ask.In(g)) > 0 })
		s.fact("rules", catalogue.RuleFact, r.ID, r.Source, r.AsOf)
	}
	for i := range l.Terms {
		t := &l.Terms[i]
		s.count("terms", 0, in(t.Text))
		s.fact("terms", catalogue.RuleFact, t.ID, t.Source, t.AsOf)
	}
	for i := range l.Initiatives {
		n := &l.Initiatives[i]
		s.count("initiatives", 0, in(n.Text))
		s.place(n.ID, n.Postcode, n.Commune)
		if !n.Gone {
			s.fact("initiatives", catalogue.OfferFact, n.ID, n.Source, n.AsOf)
		}
	}
	for i := range l.Jobs {
		j := &l.Jobs[i]
		s.count("jobs", 0, in(j.Name))
	}
	for i := range l.Desks {
		d := &l.Desks[i]
		s.count("desks", 0, in(d.Text))
		s.place(d.ID, d.Postcode, d.Commune)
		s.fact("desks", catalogue.OfferFact, d.ID, d.Source, d.AsOf)
	}
}

// place wants a commune of the gazetteer, if any.
func (s *stocktaker) place(id, postcode, commune string) {
	if postcode == "" && commune == "" {
		return
	}
	if _, ok := s.k.Catalogue.CommuneOf(postcode, commune); !ok {
		s.fault("%s: commune %q (%s) is not in the gazetteer", id, commune, postcode)
	}
}

// duplicates are two courses, or two offers at one place, that a visitor
// cannot tell apart.
func (s *stocktaker) duplicates() {
	courses, offers := map[string]string{}, map[string]string{}
	for i := range s.k.Catalogue.Courses {
		k := &s.k.Catalogue.Courses[i]
		name := fmt.Sprint(search.Fold(k.Title.NL), "|", k.Level, "|", k.Finality, "|", k.Dual)
		if other, ok := courses[string(k.Provider)+name]; ok {
			s.fault("%s: the same provider, title and level as %s", k.ID, other)
		}
		courses[string(k.Provider)+name] = k.ID
		for _, o := range k.Offers {
			at := strings.Join([]string{name, o.Institution, o.Postcode, o.Commune, o.Street, o.Campus}, "|")
			if other, ok := offers[at]; ok {
				s.fault("%s: the same institution, place, title and level as %s", o.ID, other)
			}
			offers[at] = o.ID
		}
	}
}

// unused lists conditions that no course names, and institutions that give
// nothing that we know.
func (s *stocktaker) unused() {
	c := s.k.Catalogue
	used := map[string]bool{}
	for i := range c.Courses {
		for _, id := range c.Courses[i].Admission {
			used[id] = true
		}
		for _, o := range c.Courses[i].Offers {
			used[o.PriceNote], used[o.Institution] = true, true
			for _, id := range o.Admission {
				used[id] = true
			}
		}
	}
	for i := range c.Conditions {
		if id := c.Conditions[i].ID; !used[id] {
			s.Unused = append(s.Unused, "condition "+id)
		}
	}
	for i := range c.Institutions {
		if id := c.Institutions[i].ID; !used[id] {
			s.Unused = append(s.Unused, "institution "+id)
		}
	}
}

// shown is how many ids of a kind are named on the screen; --json has all.
const shown = 5

func (v *inventory) print(sh *shell) {
	w := sh.out
	for _, c := range v.Counts {
		line := fmt.Sprintf("%-12s %4d", c.Kind, c.Count)
		if slices.Contains(catalogue.Providers, catalogue.Provider(c.Kind)) {
			line += fmt.Sprintf(" courses  %4d offers", c.Offers)
		}
		if c.Langs != nil {
			line += fmt.Sprintf("  (nl %d, fr %d, en %d)", c.Langs["nl"], c.Langs["fr"], c.Langs["en"])
		}
		fmt.Fprintln(w, line)
	}
	fmt.Fprintln(w, "\nstale (shown to visitors with a warning)")
	for _, s := range v.Stale {
		fmt.Fprintf(w, "%-12s %5d of %d, older than %d months or undated%s\n", s.Kind, s.Count, s.Of, s.Months, some(s.IDs))
	}
	if len(v.Unused) > 0 {
		fmt.Fprintf(w, "\nunused       %5d%s\n", len(v.Unused), some(v.Unused))
	}
	if len(v.Faults) == 0 {
		fmt.Fprintln(w, "\nno faults")
	}
}

// some names the first of a list.
func some(ids []string) string {
	ids = slices.Compact(slices.Clone(ids))
	switch {
	case len(ids) == 0:
		return ""
	case len(ids) > shown:
		return ": " + strings.Join(ids[:shown], ", ") + ", …"
	}
	return ": " + strings.Join(ids, ", ")
}
