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
