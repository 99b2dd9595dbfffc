// Package pathway knows how one gets from one course to another: the access
// rules of the education system and the one graph that they and the courses
// make. It answers "may I?" with the rules that decide, and with the ways round
// where the answer is "not directly". It holds no clock, no network and no
// words of its own: every sentence is that of a rule in knowledge/rules.
package pathway

import (
	"slices"
	"strconv"

	"wegwijs/knowledge/catalogue"
)

// A Verdict is what a rule, or an answer, says of a step.
type Verdict string

// The verdicts. There is no plain "no": what is not open at once has a bridge.
const (
	Direct  Verdict = "direct"  // open at once
	Via     Verdict = "via"     // open after a test, a decision or a step in between
	NoBut   Verdict = "no-but"  // not at once, and Bridge says how
	Unknown Verdict = "unknown" // no fixed rule was found: somebody has to be asked
	// Depends is the verdict of an Answer whose branches differ; no rule has it.
	Depends Verdict = "depends"
)

// A Rule is one statement about who may start what, with where it comes from.
// It does one of three things: it opens steps (Opens), it says that steps are
// not open at once (NotDirectly), or it comes on top of a step (AddsTo). One
// that does none of these only informs.
type Rule struct {
	ID       string          `yaml:"id"`
	Title    catalogue.Text  `yaml:"title"`
	Text     catalogue.Text  `yaml:"text"` // one to three sentences, B1
	Ask      catalogue.Words `yaml:"ask"`  // questions as people type them
	Keywords catalogue.Words `yaml:"keywords"`

	Needs       Needs    `yaml:"needs"`
	Opens       []string `yaml:"opens"`        // ids of Standings
	NotDirectly []string `yaml:"not_directly"` // ids of Standings
	AddsTo      Adds     `yaml:"adds_to"`
	// FirstOnly marks a change of course that is open to who is already there;
	// a route is not planned over it.
	FirstOnly bool `yaml:"first_only"`
	// Ends marks a fresh start, such as a second degree: it is no step on the
	// way to something else.
	Ends bool `yaml:"ends"`
	// FollowOn is true when what was done counts for a part of the step that
	// opens, so that nobody can tell its length beforehand.
	FollowOn bool     `yaml:"follow_on"`
	Verdict  Verdict  `yaml:"verdict"`
	Bridge   []string `yaml:"bridge"` // ids of rules that lead where NotDirectly does not

	ValidFrom  string `yaml:"valid_from"`  // school year, "2025-2026"; "" is always
	ValidUntil string `yaml:"valid_until"` // last school year; "" has no end

	Source   string         `yaml:"source"`
	AsOf     string         `yaml:"as_of"`
	URL      string         `yaml:"url"` // "" if the source is no page
	Disagree []Disagreement `yaml:"disagrees"`
}

// Needs is what a learner must have. All that is set must hold; From alone is a
// choice: any of them will do.
type Needs struct {
	From []string `yaml:"from"` // ids of Standings
	// GraduatedFrom and GraduatedUntil are the first and last year in whose June
	// From was finished; 0 is no limit.
	GraduatedFrom  int `yaml:"graduated_from"`
	GraduatedUntil int `yaml:"graduated_until"`
	// MinYearsSince is how many years From must lie back; 0 is none.
	MinYearsSince int      `yaml:"min_years_since"`
	MinAge        int      `yaml:"min_age"`     // years; 0 is none
	Dutch         string   `yaml:"dutch"`       // "B2"; "" asks nothing
	Certificate   []string `yaml:"certificate"` // any of "A", "B"
	Test          string   `yaml:"test"`        // id of the test or of who decides
}

// Adds says to which steps a rule comes on top.
type Adds struct {
	Standings []string `yaml:"standings"`
	// Admission are ids of Conditions: the rule holds for courses that name one.
	// Where a step has a course, this decides and Standings does not.
	Admission []string `yaml:"admission"`
	Dual      bool     `yaml:"dual"` // for courses that are learned partly at a workplace
}

func (a Adds) empty() bool { return len(a.Standings) == 0 && len(a.Admission) == 0 && !a.Dual }

// to reports whether the rule comes on top of a step; c is nil for a step
// without a course.
func (a Adds) to(standing string, c *catalogue.Course) bool {
	if a.Dual {
		return c != nil && c.Dual
	}
	if c != nil && len(a.Admission) > 0 {
		return slices.ContainsFunc(a.Admission, func(id string) bool { return slices.Contains(c.Admission, id) })
	}
	return slices.Contains(a.Standings, standing)
}

// A Disagreement is a source that says something else than the rule.
type Disagreement struct {
	Text   catalogue.Text `yaml:"text"`
	Source string         `yaml:"source"`
	AsOf   string         `yaml:"as_of"`
	URL    string         `yaml:"url"`
}

// in reports whether the rule holds for a learner who finished in June of
// graduated and would start in autumn of year; 0 is unknown. A rule that has
// ended holds only for a year that is known.
func (r *Rule) in(graduated, year int) bool {
	n := r.Needs
	if graduated != 0 && (graduated < n.GraduatedFrom || n.GraduatedUntil != 0 && graduated > n.GraduatedUntil) {
		return false
	}
	if graduated != 0 && year != 0 && max(year, graduated)-graduated < n.MinYearsSince {
		return false
	}
	return r.valid(year)
}

// valid reports whether the rule itself applies in the school year that starts
// in autumn of year; 0 is unknown, and then a rule with an end does not.
func (r *Rule) valid(year int) bool {
	if r.ValidFrom != "" && year != 0 && year < firstYear(r.ValidFrom) {
		return false
	}
	return r.ValidUntil == "" || year != 0 && year <= firstYear(r.ValidUntil)
}

// firstYear is 2024 for "2024-2025".
func firstYear(schoolYear string) int {
	y, _ := strconv.Atoi(schoolYear[:4])
	return y
}

// A Standing is a step of the ladder that rules speak of: what somebody has
// finished, or can do next.
type Standing struct {
	ID    string         `yaml:"id"`
	Name  catalogue.Text `yaml:"name"`
	When  catalogue.Text `yaml:"when"`  // which cohort it is; empty takes Name
	Years *float64       `yaml:"years"` // how long it takes; nil is unknown
	Match Match          `yaml:"match"` // which courses belong to it; the zero Match is none
	// AnyField is true when its courses serve every field: a preparatory year.
	AnyField bool `yaml:"any_field"`
	// ForAdults is true when it is no step for a pupil: it is left out of a
	// pupil's paths unless that is what was asked for.
	ForAdults bool `yaml:"for_adults"`
	// Unnamed is true when a source that names no direction of a finality means
	// this step.
	Unnamed bool `yaml:"unnamed"`
}

// when is how a branch is labelled.
func (s *Standing) when() catalogue.Text {
	if s.When != (catalogue.Text{}) {
		return s.When
	}
	return s.Name
}

// Match picks courses; all that is set must hold.
type Match struct {
	Level     catalogue.Level    `yaml:"level"`
	Finality  catalogue.Finality `yaml:"finality"`
	Provider  catalogue.Provider `yaml:"provider"`
	Admission []string           `yaml:"admission"` // names one of these conditions
	LeadsTo   string             `yaml:"leads_to"`  // opens this outcome
}

func (m Match) fits(c *catalogue.Course) bool {
	return m.Level != "" && m.Level == c.Level &&
		(m.Finality == "" || m.Finality == c.Finality) &&
		(m.Provider == "" || m.Provider == c.Provider) &&
		(len(m.Admission) == 0 || slices.ContainsFunc(m.Admission, func(id string) bool { return slices.Contains(c.Admission, id) })) &&
		(m.LeadsTo == "" || slices.Contains(c.LeadsTo, m.LeadsTo))
}

// same reports whether two matches pick the same courses.
func (m Match) same(n Match) bool {
	return m.Level == n.Level && m.Finality == n.Finality && m.Provider == n.Provider &&
		m.LeadsTo == n.LeadsTo && slices.Equal(m.Admission, n.Admission)
}
