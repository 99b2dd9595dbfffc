package intake

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"wegwijs/knowledge/catalogue"
)

// intake is one import under way: our catalogue, what the rows said so far,
// and what they would change.
type intake struct {
	m      *Mapping
	asOf   string // of rows without a date
	source string // the list that is being read
	report *Report

	data    *Data                // as it is
	whole   *catalogue.Catalogue // all providers, completed
	courses []course             // ours, then those that the list brings
	titles  map[string][]int     // folded title to courses
	former  map[string][]int
	ids     map[string]int // course id to courses
	match   map[string]matched
	words   [fieldCount]map[string]string // translated cells, as they were last seen

	insts     map[string]*institution // by id
	instNames map[string][]string     // folded name to ids
	numbered  bool                    // ids end in official numbers
	communes  map[string]*catalogue.Commune

	staged     []*staged
	byKey      map[string]*staged
	named      map[string]bool // ids of our institutions that the list names
	inScope    int
	faults     faults
	suspicions suspicions
}

type course struct {
	catalogue.Course
	row string // where a new one comes from; "" is ours
}

type institution struct {
	catalogue.Institution
	known bool
	row   string
	seen  bool // a row was compared with it
}

// staged is an offer as the rows tell it.
type staged struct {
	row    string
	n      int
	hash   uint64
	inst   *institution
	course int
	skip   bool // it exists, but a person must look before it is taken in

	campus, street, postcode, commune string
	lat, lon, price                   *float64
	forms                             []catalogue.Form
	years                             int
	lang, url, asOf                   string
	start                             time.Time
}

func newIntake(f *Folder, m *Mapping, asOf string) (*intake, error) {
	in := &intake{
		m: m, asOf: asOf, data: f.Data[m.Provider], whole: f.Catalogue,
		report: &Report{Mapping: m.Name, Provider: m.Provider, New: []Item{}, Changed: []Change{}, Gone: []Item{}, Written: []string{}},
		titles: map[string][]int{}, former: map[string][]int{}, ids: map[string]int{}, match: map[string]matched{},
		insts: map[string]*institution{}, instNames: map[string][]string{}, communes: map[string]*catalogue.Commune{},
		byKey: map[string]*staged{}, named: map[string]bool{},
	}
	if in.asOf == "" {
		in.asOf = m.AsOf
	}
	if in.asOf != "" && !catalogue.ValidAsOf(in.asOf) {
		return nil, fmt.Errorf("--as-of %q: write 2026-2027, 2026, 2026-11 or 2026-11-24", in.asOf)
	}
	for i := range in.words {
		in.words[i] = map[string]string{}
	}
	for _, k := range in.data.Courses {
		in.addCourse(course{Course: k})
	}
	for _, x := range in.data.Institutions {
		in.insts[x.ID] = &institution{Institution: x, known: true}
		for _, name := range names(x.Name) {
			in.instNames[name] = append(in.instNames[name], x.ID)
		}
		in.numbered = in.numbered || official.MatchString(x.ID)
	}
	for i := range f.Catalogue.Communes {
		c := &f.Catalogue.Communes[i]
		for _, name := range append([]string{c.Name.NL, c.Name.FR, c.Name.EN}, c.Aliases...) {
			in.communes[fold(name)] = c
		}
		for _, p := range c.Parts {
			for _, name := range p.Names {
				if _, taken := in.communes[fold(name)]; !taken {
					in.communes[fold(name)] = c
				}
			}
		}
	}
	return in, nil
}

// official ends an id with a number of the education department.
var official = regexp.MustCompile(`^[a-z]+-\d{6}$`)

func (in *intake) addCourse(k course) int {
	i := len(in.courses)
	k.Provider = in.m.Provider
	in.courses = append(in.courses, k)
	in.ids[k.ID] = i
	if k.Unnamed {
		return i
	}
	t := fold(k.Title.NL)
	in.titles[t] = append(in.titles[t], i)
	for _, old := range k.Former {
		in.former[fold(old)] = append(in.former[fold(old)], i)
	}
	return i
}

// names are the folded forms of an institution's name: whole, and without what
// stands in brackets.
func names(name string) []string {
	out := []string{fold(name)}
	if short, _, ok := strings.Cut(name, "("); ok && fold(short) != "" {
		out = append(out, fold(short))
	}
	return out
}

// cells are a row's values by field, and where they stand.
type cells struct {
	v   [fieldCount]string
	col [fieldCount]int // number of the column, from 1; 0 is a fixed value
	n   int
}

// take reads one row. What cannot be read is a fault; what does not fit is a
// suspicion.
func (in *intake) take(r row, where []field) {
	var c cells
	c.n = r.n
	for i, s := range r.cells[:min(len(r.cells), len(where))] {
		if f := where[i]; f < fieldCount {
			c.v[f], c.col[f] = in.word(f, s), i+1
		}
	}
	for name, value := range in.m.Fixed {
		if f := slices.Index(fieldNames[:], name); c.v[f] == "" {
			c.v[f] = value
		}
	}
	if in.passOver(&c) {
		in.report.PassedOver++
		return
	}
	id := in.institutionID(&c)
	if id != "" && in.insts[id] != nil {
		in.named[id] = true
	}
	k, err := in.course(&c)
	switch {
	case err != nil:
		in.faults.add(err.Error())
		return
	case k.index < 0:
		in.suspicions.add(k.kind, in.row(c.n), k.what)
		return
	}
	s := &staged{row: in.row(c.n), n: c.n, hash: r.hash, course: k.index}
	if err := in.read(&c, s); err != nil {
		in.faults.add(err.Error())
		return
	}
	if !in.settle(&c, s, id) {
		return
	}
	for _, f := range []field{fInstitution, fCampus, fStreet, fTitle} {
		if c.col[f] > 0 && formula(r.cells[c.col[f]-1]) {
			in.suspicions.add("formula", in.row(c.n), fmt.Sprintf("%s %q begins like a formula; it is kept as text", fieldNames[f], c.v[f]))
		}
	}
	in.stage(s)
}

func (in *intake) row(n int) string { return in.source + ":" + strconv.Itoa(n) }

// word is a cell in our words. Lists repeat a few hundred words over many
// rows, so the last ones are kept.
func (in *intake) word(f field, s string) string {
	t := in.m.values[f]
	if t == nil {
		return clean(s)
	}
	if w, ok := in.words[f][s]; ok {
		return w
	}
	w := clean(s)
	if to, ok := t[fold(w)]; ok {
		w = to
	}
	if len(in.words[f]) > 1000 {
		clear(in.words[f])
	}
	in.words[f][strings.Clone(s)] = w
	return w
}

func (in *intake) passOver(c *cells) bool {
	for f := range c.v {
		if c.v[f] == "-" && in.m.values[f] != nil {
			return true
		}
		if want := in.m.only[f]; want != nil && field(f) != fRegion && !slices.Contains(want, c.v[f]) {
			return true
		}
	}
	return false
}

// bad is a fault in one cell.
func (in *intake) bad(c *cells, f field, format string, args ...any) error {
	at := in.row(c.n)
	if c.col[f] > 0 {
		at += ":" + strconv.Itoa(c.col[f])
	}
	return fmt.Errorf("%s: %s %q: %s", at, fieldNames[f], c.v[f], fmt.Sprintf(format, args...))
}
