package intake

import (
	"fmt"
	"slices"
	"strings"

	"wegwijs/knowledge/catalogue"
)

// matched is the course that a row speaks of, or why there is none.
type matched struct {
	index int // in intake.courses; -1 is none
	kind  string
	what  string
}

// course finds the course of a row: by the mapping's codes, by our id, or by
// title, level and finality. A row that carries all that a course needs brings
// a new one; without that a course is never made up.
func (in *intake) course(c *cells) (matched, error) {
	if id, ok := in.m.Courses[c.v[fCode]]; ok && c.v[fCode] != "" {
		c.v[fCourse] = id
	}
	if id := c.v[fCourse]; id != "" {
		if i, ok := in.ids[id]; ok {
			return matched{index: i}, nil
		}
	}
	key := c.v[fTitle] + "\x00" + c.v[fLevel] + "\x00" + c.v[fFinality] + "\x00" + c.v[fForm]
	if m, ok := in.match[key]; ok && !in.complete(c) {
		return m, nil
	}
	m, err := in.byTitle(c)
	if err != nil {
		return m, err
	}
	if m.index < 0 && m.kind == "unknown direction" && in.complete(c) {
		return in.newCourse(c)
	}
	if len(in.match) > 10_000 {
		clear(in.match)
	}
	in.match[strings.Clone(key)] = m
	return m, nil
}

func (in *intake) byTitle(c *cells) (matched, error) {
	none := func(kind, format string, args ...any) (matched, error) {
		return matched{-1, kind, fmt.Sprintf(format, args...)}, nil
	}
	title := fold(c.v[fTitle])
	if title == "" {
		return none("missing name", "the row names no study direction")
	}
	for _, s := range in.m.Strip {
		if rest, ok := strings.CutPrefix(title, s); ok {
			title = rest
			break
		}
	}
	dual := c.v[fForm] == "duaal"
	found := in.titles[title]
	if short, ok := strings.CutSuffix(title, " duaal"); ok && len(found) == 0 {
		found, dual = in.titles[short], true
	}
	if long := in.titles[title+" duaal"]; dual && len(long) > 0 {
		found = long
	}
	if len(found) == 0 {
		if old := in.former[title]; len(old) > 0 {
			return none("unknown direction", "%q is an earlier name of %s: is it still given under that name?", c.v[fTitle], in.list(old))
		}
		return none("unknown direction", "%q (%s) is not in the catalogue", c.v[fTitle], ladder(c))
	}
	// Only now the words must be ours: a list holds much that is not for us.
	level, finality := catalogue.Level(c.v[fLevel]), catalogue.Finality(c.v[fFinality])
	if level != "" && !slices.Contains(catalogue.Levels, level) {
		return matched{}, in.bad(c, fLevel, "is none of %v: translate it under values: in the mapping, or pass over it with \"-\"", catalogue.Levels)
	}
	if finality != "" && !slices.Contains(catalogue.Finalities, finality) {
		return matched{}, in.bad(c, fFinality, "is none of %v: translate it under values: in the mapping, or pass over it with \"-\"", catalogue.Finalities)
	}
	fit := in.keep(found, func(k *course) bool {
		return (level == "" || k.Level == level) && (finality == "" || k.Finality == "" || k.Finality == finality)
	})
	if len(fit) > 1 {
		if d := in.keep(fit, func(k *course) bool { return k.Dual == dual }); len(d) > 0 {
			fit = d
		}
	}
	switch len(fit) {
	case 0:
		return none("unknown direction", "%q (%s): the catalogue has it as %s", c.v[fTitle], ladder(c), in.list(found))
	case 1:
		return matched{index: fit[0]}, nil
	}
	return none("unknown direction", "%q (%s) may be any of %s: name the code under courses: in the mapping", c.v[fTitle], ladder(c), in.list(fit))
}

func (in *intake) keep(list []int, ok func(*course) bool) []int {
	var out []int
	for _, i := range list {
		if ok(&in.courses[i]) {
			out = append(out, i)
		}
	}
	return out
}

func (in *intake) list(courses []int) string {
	var ids []string
	for _, i := range courses {
		ids = append(ids, in.courses[i].ID)
	}
	return strings.Join(ids, ", ")
}

func ladder(c *cells) string {
	s := strings.TrimSpace(c.v[fLevel] + " " + c.v[fFinality])
	if s == "" {
		return "level not said"
	}
	return s
}

// needed are the fields without which a course cannot be found or read.
var needed = []field{fTitle, fTitleFR, fTitleEN, fSummaryNL, fSummaryFR, fSummaryEN, fKeywordsNL, fKeywordsFR, fKeywordsEN, fFields, fLevel}

func (in *intake) complete(c *cells) bool {
	return !slices.ContainsFunc(needed, func(f field) bool { return c.v[f] == "" })
}

func (in *intake) newCourse(c *cells) (matched, error) {
	id := strings.ToLower(string(in.m.Provider)) + "-" + slug(c.v[fTitle])
	if grade, ok := strings.CutPrefix(c.v[fLevel], "grade"); ok {
		id += "-" + grade
	}
	if _, taken := in.ids[id]; taken {
		return matched{-1, "unknown direction", fmt.Sprintf("%q would be called %s, which is another course", c.v[fTitle], id)}, nil
	}
	year := in.asOf
	if v := c.v[fAsOf]; v != "" {
		year = asOf(v)
	}
	k := catalogue.Course{
		ID: id, Provider: in.m.Provider, Level: catalogue.Level(c.v[fLevel]), Finality: catalogue.Finality(c.v[fFinality]),
		Title:    catalogue.Text{NL: c.v[fTitle], FR: c.v[fTitleFR], EN: c.v[fTitleEN]},
		Summary:  catalogue.Text{NL: c.v[fSummaryNL], FR: c.v[fSummaryFR], EN: c.v[fSummaryEN]},
		Keywords: catalogue.Words{NL: split(c.v[fKeywordsNL]), FR: split(c.v[fKeywordsFR]), EN: split(c.v[fKeywordsEN])},
		Dual:     c.v[fForm] == "duaal", Source: in.m.Source, AsOf: year, Confidence: "high",
	}
	for _, f := range split(c.v[fFields]) {
		k.Fields = append(k.Fields, catalogue.Field(f))
	}
	if ps := catalogue.CheckCourse(&k, ""); len(ps) > 0 {
		return matched{}, fmt.Errorf("%s: new course %s%s: %s", in.row(c.n), id, ps[0].Path, ps[0].What)
	}
	return matched{index: in.addCourse(course{Course: k, row: in.row(c.n)})}, nil
}

func split(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ',' || r == '|' }) {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// stage adds the row to the offers, or joins it to the one it repeats.
func (in *intake) stage(s *staged) {
	key := strings.Join([]string{s.inst.ID, in.courses[s.course].ID, s.postcode, s.commune, fold(s.street), fold(s.campus)}, "\x00")
	first := in.byKey[key]
	if first == nil {
		in.byKey[key] = s
		in.staged = append(in.staged, s)
		return
	}
	if first.hash == s.hash {
		in.suspicions.add("duplicate row", s.row, fmt.Sprintf("the same as row %d", first.n))
		return
	}
	first.skip = first.skip && s.skip
	for _, f := range s.forms {
		if !slices.Contains(first.forms, f) {
			first.forms = append(first.forms, f)
		}
	}
	if first.start.IsZero() || !s.start.IsZero() && s.start.Before(first.start) {
		first.start = s.start // a course that begins several times is told with the first day
	}
	for _, x := range []struct {
		name       string
		was, again string
	}{
		{"price_eur", number(first.price), number(s.price)},
		{"years", number(years(first)), number(years(s))},
		{"teaching_language", first.lang, s.lang},
		{"url", first.url, s.url},
		{"as_of", first.asOf, s.asOf},
	} {
		if x.again != "" && x.was != x.again {
			in.suspicions.add("rows that disagree", s.row, fmt.Sprintf("%s is %q in row %d and %q here; the first counts", x.name, x.was, first.n, x.again))
		}
	}
}

func years(s *staged) *float64 {
	if s.years == 0 {
		return nil
	}
	n := float64(s.years)
	return &n
}
