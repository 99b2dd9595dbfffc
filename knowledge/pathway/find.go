package pathway

import (
	"slices"
	"strings"

	"wegwijs/knowledge/catalogue"
)

// A Query asks for the ways from a start to a goal.
type Query struct {
	From Start
	To   Goal // zero: all that is open after From
	// Graduated is the year in whose June From was or will be finished; 0 is unknown.
	Graduated int
	// Year is the year in whose autumn the first step would begin; 0 is unknown,
	// and then rules that have ended are left out.
	Year int
}

// An Answer says whether the goal is open, by which rules, and the ways there.
type Answer struct {
	Direct  bool // open at once, whatever the branch
	Verdict Verdict
	// Ask is the question whose answer decides; "" if nothing is open. Until it
	// is answered the paths of all branches are given, each labelled in When.
	Ask string
	// Rules decide: what opens the goal, or what says that it is not open at once
	// followed by the rules that bridge. Never empty for a start that is known.
	Rules []*Rule
	// Paths are the ways there, at most maxPaths: per branch the fewest years
	// first, then the fewest steps, then by id. The order is no ranking. For a
	// zero Goal: one path of one step for each door that is open, all of them, in
	// the order of the ladder.
	Paths []Path

	paths *Paths
}

// A Path is one way from the start to the goal.
type Path struct {
	Steps []Step
	Years float64        // known part, counted from the end of what the learner follows now
	Known bool           // Years is the whole length
	Rules []string       // ids of all rules on the way, in order, each once
	When  catalogue.Text // for which branch; empty if the start means one thing only
}

// A Step is one course, or one step of the ladder where no course fits or the
// choice is free.
type Step struct {
	Standing string
	CourseID string   // "" for a step without a course
	Also     []string // other courses that would do, the closest first; at most maxAlso
	Level    catalogue.Level
	Title    catalogue.Text // of the course, or else of the standing
	Years    float64
	Known    bool     // Years is known
	Rules    []string // what opens the step, then what comes on top of it
}

const (
	// named is what it counts that a course is named by the one before or after
	// it; no sum of shared fields comes near.
	named    = 1000
	maxPaths = 5
	maxAlso  = 8
	maxSteps = 8 // from primary school to a master
)

// Find answers a query. The same query always gives the same answer. The ids
// in it need not exist: an unknown start gives an Answer with verdict Unknown
// and nothing else.
func (p *Paths) Find(q Query) Answer {
	if q.To.CourseID != "" && q.To.CourseID == q.From.CourseID {
		q.To = Goal{}
	}
	starts, ask := p.branches(q.From, q.Graduated)
	a := Answer{Verdict: Unknown, paths: p}
	if len(starts) == 0 {
		return a
	}
	var parts []branch
	for _, s := range starts {
		b := branch{p: p, q: q, start: s}
		if q.From.CourseID != "" {
			b.from, _ = p.catalogue.Course(q.From.CourseID)
		}
		if q.To.zero() {
			b.forward()
		} else {
			b.find(p.targets(q.To))
		}
		parts = append(parts, b)
	}
	a.merge(parts, q)
	if len(parts) > 1 && differ(parts) || q.From.zero() {
		a.Ask = ask
	}
	return a
}

// merge joins the branches.
func (a *Answer) merge(parts []branch, q Query) {
	a.Direct, a.Verdict = true, parts[0].verdict
	var rules []int
	for _, b := range parts {
		a.Direct = a.Direct && b.verdict == Direct
		if b.verdict != a.Verdict {
			a.Verdict = Depends
		}
		for _, r := range b.rules {
			if !slices.Contains(rules, r) {
				rules = append(rules, r)
			}
		}
	}
	for _, r := range rules {
		a.Rules = append(a.Rules, &a.paths.Rules[r])
	}
	// One for each branch, and the rest in their order: the first is the likeliest.
	take, left := make([]int, len(parts)), maxPaths
	for i, b := range parts {
		take[i] = min(1, len(b.paths))
		left -= take[i]
	}
	for i, b := range parts {
		more := min(left, len(b.paths)-take[i])
		take[i] += more
		left -= more
	}
	for i, b := range parts {
		if q.To.zero() {
			take[i] = len(b.paths) // a door that is cut is a door that is hidden
		}
		for _, path := range b.paths[:take[i]] {
			if len(parts) > 1 {
				path.When = a.paths.Standings[b.start].when()
			}
			a.Paths = append(a.Paths, path)
		}
	}
}

// differ reports whether the branches lead to different answers, so that a
// question is worth asking.
func differ(parts []branch) bool {
	for _, b := range parts[1:] {
		if b.verdict != parts[0].verdict || len(b.paths) != len(parts[0].paths) || !slices.Equal(b.rules, parts[0].rules) {
			return true
		}
	}
	return false
}

// A branch is the answer for one standing that the start may mean.
type branch struct {
	p     *Paths
	q     Query
	start int
	from  *catalogue.Course // nil if the start is no course

	verdict Verdict
	rules   []int
	paths   []Path
}

// forward lists every door that is open after the start, and the rules about
// those that are not open at once.
func (b *branch) forward() {
	adult := b.p.adult(b.q.From, b.start)
	for _, e := range b.p.edges[b.start] {
		rules := b.allowed(e, 0)
		if len(rules) == 0 || b.p.Standings[e.to].ForAdults && !adult {
			continue
		}
		b.paths = append(b.paths, b.path(shape{e.to}, nil))
		b.add(rules...)
	}
	b.verdict = Direct
	if len(b.paths) == 0 {
		b.verdict = Unknown
		b.ask()
	}
	for _, i := range b.p.refusals[b.start] {
		r := &b.p.Rules[i]
		if b.refuses(i) && r.Verdict == NoBut && !slices.Contains(r.NotDirectly, b.p.Standings[b.start].ID) {
			b.add(i)
		}
	}
}

// find looks for the ways to the targets.
func (b *branch) find(targets map[int][]*catalogue.Course) {
	shapes := b.shapes(targets)
	for _, s := range shapes {
		b.paths = append(b.paths, b.path(s, targets[s[len(s)-1]]))
	}
	slices.SortStableFunc(b.paths, b.p.compare)
	b.verdict = Unknown
	if len(b.paths) > 0 {
		b.verdict = Via
	}
	var opening []int
	for _, e := range b.p.edges[b.start] {
		if _, ok := targets[e.to]; !ok {
			continue
		}
		for _, r := range b.allowed(e, 0) {
			opening = append(opening, r)
			if b.p.Rules[r].Verdict == Direct {
				b.verdict = Direct
			}
		}
	}
	if b.verdict != Direct {
		b.refusal(targets)
	}
	b.add(opening...)
	if b.verdict == Direct {
		return
	}
	if b.verdict == Via {
		for _, path := range b.paths {
			for _, s := range path.Steps {
				b.add(b.p.rule[s.Rules[0]])
			}
		}
	}
	if len(b.rules) == 0 {
		b.ask()
	}
}

// refusal adds the rules that say "not directly" and those that bridge.
func (b *branch) refusal(targets map[int][]*catalogue.Course) {
	var bridges []int
	list := slices.Clone(b.p.refusals[b.start])
	slices.SortStableFunc(list, func(x, y int) int { // "not directly, but" before "nobody knows"
		return strings.Compare(string(b.p.Rules[x].Verdict), string(b.p.Rules[y].Verdict))
	})
	for _, i := range list {
		r := &b.p.Rules[i]
		about := slices.ContainsFunc(r.NotDirectly, func(id string) bool { _, ok := targets[b.p.standing[id]]; return ok })
		if !about || !b.refuses(i) {
			continue
		}
		b.add(i)
		if r.Verdict == NoBut || b.verdict != NoBut {
			b.verdict = r.Verdict
		}
		for _, id := range r.Bridge {
			bridges = append(bridges, b.p.rule[id])
		}
	}
	b.add(bridges...)
}

// refuses reports whether a rule that says "not directly" holds for this
// learner. One that speaks of a few years only needs the year to be known.
func (b *branch) refuses(rule int) bool {
	r := &b.p.Rules[rule]
	n := r.Needs
	if b.q.Graduated == 0 && n.GraduatedFrom != 0 && n.GraduatedUntil != 0 {
		return false
	}
	return r.in(b.q.Graduated, b.q.Year)
}

// ask falls back on the people who can look at a single case.
func (b *branch) ask() {
	if i, ok := b.p.rule["ask-guidance"]; ok {
		b.add(i)
	}
}

// add notes rules, each once.
func (b *branch) add(rules ...int) {
	for _, r := range rules {
		if !slices.Contains(b.rules, r) {
			b.rules = append(b.rules, r)
		}
	}
}
