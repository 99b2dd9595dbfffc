package pathway

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
)

// ErrData is returned by Load for rules that must not be served.
var ErrData = errors.New("pathway: unusable rules")

// folder holds the rules inside the knowledge folder, steps the standings
// inside that folder.
const (
	folder = "rules"
	steps  = "standings.yaml"
)

// Limits of what a rule says, in words, sentences and questions.
const (
	maxSentence  = 20
	maxSentences = 3
	minAsk       = 4
	maxAsk       = 8
)

var (
	idForm     = regexp.MustCompile(`^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$`)
	schoolYear = regexp.MustCompile(`^20\d\d-20\d\d$`)
	// sentenceEnd closes a sentence when white space or the end follows.
	sentenceEnd = regexp.MustCompile(`[.!?…](\s+|$)`)
)

// Paths is the graph of all that can follow on what. It is built once by Load,
// never changes after that, and is safe for concurrent use.
type Paths struct {
	Rules     []Rule     // by id
	Standings []Standing // in the order of the ladder, as in the file

	catalogue *catalogue.Catalogue
	rule      map[string]int
	standing  map[string]int
	edges     [][]edge              // by standing: what can follow, in ladder order
	refusals  [][]int               // by standing: rules that say "not directly"
	adds      []int                 // rules that come on top of a step
	members   [][]*catalogue.Course // by standing: its courses, by id
	of        map[string][]int      // course id to its standings
}

// An edge is one step from a standing to another, with the rules that allow it.
type edge struct {
	to    int
	rules []int
}

// Load reads the folder rules at the root of fsys and joins it with the
// catalogue. On faults it returns one error that lists them all, each as
// file:line:col: what to mend; it wraps ErrData.
func Load(fsys fs.FS, c *catalogue.Catalogue) (*Paths, error) {
	r := reader{fsys: fsys, asked: map[string]string{}}
	p := &Paths{catalogue: c}
	p.Standings = r.standings()
	p.standing = map[string]int{}
	for i := range p.Standings {
		p.standing[p.Standings[i].ID] = i
	}
	p.Rules = r.rules()
	p.rule = map[string]int{}
	for i := range p.Rules {
		p.rule[p.Rules[i].ID] = i
	}
	if len(r.faults) == 0 {
		r.references(p)
		r.contradictions(p)
	}
	if len(r.faults) > 0 {
		sort.Strings(r.faults)
		return nil, fmt.Errorf("%s\n%w: %d to mend", strings.Join(r.faults, "\n"), ErrData, len(r.faults))
	}
	p.join()
	return p, nil
}

// Rule returns the rule with that id.
func (p *Paths) Rule(id string) (*Rule, bool) {
	i, ok := p.rule[id]
	if !ok {
		return nil, false
	}
	return &p.Rules[i], true
}

// join builds the graph from rules and courses.
func (p *Paths) join() {
	n := len(p.Standings)
	p.edges, p.refusals, p.members = make([][]edge, n), make([][]int, n), make([][]*catalogue.Course, n)
	for i := range p.Rules {
		r := &p.Rules[i]
		if !r.AddsTo.empty() {
			p.adds = append(p.adds, i)
		}
		for _, from := range r.Needs.From {
			at := p.standing[from]
			for _, to := range r.Opens {
				p.open(at, p.standing[to], i)
			}
			if len(r.NotDirectly) > 0 {
				p.refusals[at] = append(p.refusals[at], i)
			}
		}
	}
	for i := range p.edges {
		slices.SortFunc(p.edges[i], func(a, b edge) int { return a.to - b.to })
	}
	p.of = map[string][]int{}
	for i := range p.catalogue.Courses {
		c := &p.catalogue.Courses[i]
		for _, s := range p.standingsOf(c) {
			p.of[c.ID] = append(p.of[c.ID], s)
			if !c.Unnamed {
				p.members[s] = append(p.members[s], c)
			}
		}
	}
}

// open adds a rule to the edge between two standings.
func (p *Paths) open(from, to, rule int) {
	for i := range p.edges[from] {
		if e := &p.edges[from][i]; e.to == to {
			e.rules = append(e.rules, rule)
			return
		}
	}
	p.edges[from] = append(p.edges[from], edge{to: to, rules: []int{rule}})
}

// standingsOf lists the first standing that fits a course and all others with
// the very same match.
func (p *Paths) standingsOf(c *catalogue.Course) []int {
	var at []int
	for i := range p.Standings {
		s := &p.Standings[i]
		if len(at) == 0 && s.Match.fits(c) || len(at) > 0 && s.Match.same(p.Standings[at[0]].Match) {
			at = append(at, i)
		}
	}
	if len(at) > 0 || !c.Unnamed || c.Finality == "" {
		return at
	}
	for i := range p.Standings {
		if s := &p.Standings[i]; s.Unnamed && s.Match.Finality == c.Finality {
			return []int{i}
		}
	}
	return nil
}

// place is where a rule stands in its file.
type place struct {
	file *strictyaml.File
	path string
}

// A reader reads the files and collects what is wrong.
type reader struct {
	fsys   fs.FS
	faults []string
	asked  map[string]string // folded question to the rule that asks it
	places map[string]place  // by rule id
}

func (r *reader) bad(at place, field, format string, args ...any) {
	r.faults = append(r.faults, at.file.At(at.path+field)+": "+fmt.Sprintf(format, args...))
}

func (r *reader) standings() []Standing {
	var d struct {
		Format    int        `yaml:"format"`
		Standings []Standing `yaml:"standings"`
	}
	f, err := strictyaml.Read(r.fsys, path.Join(folder, steps), &d)
	if err != nil {
		r.faults = append(r.faults, err.Error())
		return nil
	}
	if d.Format != 1 {
		r.bad(place{f, "$"}, ".format", "begin with format: 1")
	}
	seen := map[string]bool{}
	for i := range d.Standings {
		s, at := &d.Standings[i], place{f, fmt.Sprintf("$.standings[%d]", i)}
		if !idForm.MatchString(s.ID) || seen[s.ID] {
			r.bad(at, ".id", "id %q: use letters, digits and single hyphens, and each id once", s.ID)
		}
		seen[s.ID] = true
		if !s.Name.Complete() {
			r.bad(at, ".name", "nl, fr and en are all needed")
		}
		if s.When != (catalogue.Text{}) && !s.When.Complete() {
			r.bad(at, ".when", "nl, fr and en are all needed, or none")
		}
		if s.Match.Level != "" && !slices.Contains(catalogue.Levels, s.Match.Level) {
			r.bad(at, ".match.level", "level %q is not one of %v", s.Match.Level, catalogue.Levels)
		}
		if s.Match.Finality != "" && !slices.Contains(catalogue.Finalities, s.Match.Finality) {
			r.bad(at, ".match.finality", "finality %q is not one of %v", s.Match.Finality, catalogue.Finalities)
		}
		if s.Match.Provider != "" && !slices.Contains(catalogue.Providers, s.Match.Provider) {
			r.bad(at, ".match.provider", "provider %q is not one of %v", s.Match.Provider, catalogue.Providers)
		}
	}
	return d.Standings
}

// rules reads every other .yaml file of the folder; any file that is neither
// that nor a README.md is a fault, because it would silently not be read.
func (r *reader) rules() []Rule {
	entries, err := fs.ReadDir(r.fsys, folder)
	if err != nil {
		r.faults = append(r.faults, fmt.Sprintf("%s: %v", folder, err))
		return nil
	}
	r.places = map[string]place{}
	var all []Rule
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		if e.Name() == steps || e.Name() == "README.md" {
			continue
		}
		if e.IsDir() || path.Ext(name) != ".yaml" {
			r.faults = append(r.faults, name+": is not read; end its name in .yaml or move it")
			continue
		}
		var d struct {
			Format int    `yaml:"format"`
			Rules  []Rule `yaml:"rules"`
		}
		f, err := strictyaml.Read(r.fsys, name, &d)
		if err != nil {
			r.faults = append(r.faults, err.Error())
			continue
		}
		if d.Format != 1 {
			r.bad(place{f, "$"}, ".format", "begin with format: 1")
		}
		for i := range d.Rules {
			at := place{f, fmt.Sprintf("$.rules[%d]", i)}
			r.check(&d.Rules[i], at)
			r.places[d.Rules[i].ID] = at
		}
		all = append(all, d.Rules...)
	}
	slices.SortFunc(all, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// check says what is wrong with one rule as far as it can be seen from the rule
// alone.
func (r *reader) check(u *Rule, at place) {
	if _, twice := r.places[u.ID]; twice || !idForm.MatchString(u.ID) {
		r.bad(at, ".id", "id %q: use letters, digits and single hyphens, and each id once", u.ID)
	}
	if !u.Title.Complete() {
		r.bad(at, ".title", "nl, fr and en are all needed")
	}
	r.text(at, ".text", u.Text)
	r.questions(u, at)
	for _, l := range catalogue.Langs {
		if len(u.Keywords.In(l)) == 0 {
			r.bad(at, ".keywords", "no search words in %s", l)
		}
	}
	r.source(at, u.Source, u.AsOf, u.URL)
	for i, d := range u.Disagree {
		sub := place{at.file, fmt.Sprintf("%s.disagrees[%d]", at.path, i)}
		r.text(sub, ".text", d.Text)
		r.source(sub, d.Source, d.AsOf, d.URL)
	}
	for field, y := range map[string]string{".valid_from": u.ValidFrom, ".valid_until": u.ValidUntil} {
		if y != "" && !schoolYear.MatchString(y) {
			r.bad(at, field, "%q is not a school year such as 2025-2026", y)
		}
	}
	r.kind(u, at)
}

// kind checks that the rule does one thing and that its verdict says which.
func (r *reader) kind(u *Rule, at place) {
	opens, refuses := len(u.Opens) > 0, len(u.NotDirectly) > 0
	switch {
	case opens && refuses:
		r.bad(at, ".opens", "%s opens and refuses at once: write two rules", u.ID)
	case opens && u.Verdict != Direct && u.Verdict != Via:
		r.bad(at, ".verdict", "verdict %q: a rule that opens is direct or via", u.Verdict)
	case refuses && u.Verdict != NoBut && u.Verdict != Unknown:
		r.bad(at, ".verdict", "verdict %q: a rule with not_directly is no-but or unknown", u.Verdict)
	case !slices.Contains([]Verdict{Direct, Via, NoBut, Unknown}, u.Verdict):
		r.bad(at, ".verdict", "verdict %q is not one of direct, via, no-but and unknown", u.Verdict)
	}
	if refuses && len(u.Bridge) == 0 {
		r.bad(at, ".bridge", "bridge is missing: say how it can be reached, never a bare no")
	}
	if u.Verdict == NoBut && !startsWithBut(u.Text) {
		r.bad(at, ".text", "begin with \"Niet rechtstreeks, maar\", \"Pas directement, mais\" and \"Not directly, but\"")
	}
	if (opens || refuses) && len(u.Needs.From) == 0 {
		r.bad(at, ".needs", "needs.from is missing: for whom does this hold?")
	}
	n := u.Needs
	if n.GraduatedUntil != 0 && n.GraduatedUntil < n.GraduatedFrom {
		r.bad(at, ".needs.graduated_until", "ends before it begins")
	}
}

func startsWithBut(t catalogue.Text) bool {
	return strings.HasPrefix(t.NL, "Niet rechtstreeks, maar") && strings.HasPrefix(t.FR, "Pas directement, mais") &&
		strings.HasPrefix(t.EN, "Not directly, but")
}

// text wants all three languages, few and short sentences.
func (r *reader) text(at place, field string, t catalogue.Text) {
	for _, l := range catalogue.Langs {
		s := t.In(l)
		if strings.TrimSpace(s) == "" {
			r.bad(at, field, "%s is missing: nl, fr and en are all needed", l)
			continue
		}
		n := 0
		for _, sentence := range sentenceEnd.Split(s, -1) {
			words := len(strings.Fields(sentence))
			if words > 0 {
				n++
			}
			if words > maxSentence {
				r.bad(at, field+"."+string(l), "a sentence of %d words, at most %d: %q", words, maxSentence, sentence)
			}
		}
		if n > maxSentences {
			r.bad(at, field+"."+string(l), "%d sentences, at most %d", n, maxSentences)
		}
	}
}

// questions wants a few per language, each under one rule only.
func (r *reader) questions(u *Rule, at place) {
	for _, l := range catalogue.Langs {
		list := u.Ask.In(l)
		if len(list) < minAsk || len(list) > maxAsk {
			r.bad(at, ".ask."+string(l), "%d questions in %s: write %d to %d", len(list), l, minAsk, maxAsk)
		}
		for i, q := range list {
			key := fold(q)
			if other, taken := r.asked[key]; taken || key == "" {
				r.bad(at, fmt.Sprintf(".ask.%s[%d]", l, i), "%q is asked by %s too: one question, one rule", q, other)
			}
			r.asked[key] = u.ID
		}
	}
}

// fold makes questions comparable: small letters and digits, single spaces.
func fold(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}), " ")
}

func (r *reader) source(at place, source, asOf, url string) {
	if strings.TrimSpace(source) == "" {
		r.bad(at, ".source", "source is missing: a rule without a source stays out")
	}
	if !catalogue.ValidAsOf(asOf) {
		r.bad(at, ".as_of", "as_of %q: write 2025-2026, 2025, 2025-11, 2025-11-24 or undated", asOf)
	}
	if url != "" && !catalogue.ValidURL(url) {
		r.bad(at, ".url", "%q is not an http or https address", url)
	}
}

// references checks that rules name standings and rules that exist.
func (r *reader) references(p *Paths) {
	for i := range p.Rules {
		u := &p.Rules[i]
		at := r.places[u.ID]
		known := func(field string, ids []string) {
			for j, id := range ids {
				if _, ok := p.standing[id]; !ok {
					r.bad(at, fmt.Sprintf("%s[%d]", field, j), "%q is not a standing: see %s/%s", id, folder, steps)
				}
			}
		}
		known(".needs.from", u.Needs.From)
		known(".opens", u.Opens)
		known(".not_directly", u.NotDirectly)
		known(".adds_to.standings", u.AddsTo.Standings)
		for j, id := range u.Bridge {
			b, ok := p.Rule(id)
			if !ok || len(b.NotDirectly) > 0 {
				r.bad(at, fmt.Sprintf(".bridge[%d]", j), "%q is not a rule that leads somewhere", id)
			}
		}
	}
}

// contradictions finds a rule that opens at once what another says is not.
func (r *reader) contradictions(p *Paths) {
	for i := range p.Rules {
		no := &p.Rules[i]
		if no.Verdict != NoBut {
			continue
		}
		for j := range p.Rules {
			yes := &p.Rules[j]
			if yes.Verdict == Direct && meet(no.Needs.From, yes.Needs.From) && meet(no.NotDirectly, yes.Opens) &&
				overlap(no.Needs, yes.Needs) && yes.ValidUntil == "" {
				r.bad(r.places[no.ID], ".not_directly", "%s opens at once what %s says is not: mend one of them", yes.ID, no.ID)
			}
		}
	}
}

// meet reports whether two lists share an entry.
func meet[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(v T) bool { return slices.Contains(b, v) })
}

// overlap reports whether some year of graduation falls under both.
func overlap(a, b Needs) bool {
	return (a.GraduatedUntil == 0 || b.GraduatedFrom <= a.GraduatedUntil) && (b.GraduatedUntil == 0 || a.GraduatedFrom <= b.GraduatedUntil)
}
