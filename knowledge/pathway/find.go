package pathway

import (
	"slices"
	"strconv"
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
	Years float64  // known part, counted from the end of what the learner follows now
	Known bool     // Years is the whole length
	Rules []string // ids of all rules on the way, in order, each once
	When  catalogue.Text
}

// A Step is one course, or one step of the ladder where no course fits or the
// choice is free.
type Step struct {
	Standing string
	CourseID string   // "" for a step without a course
	Also     []string // other courses that would do as well, by id; at most maxAlso
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

// A shape is a way through the standings.
type shape []int

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

// allowed lists the rules that open an edge at a depth of the path. The year
// of graduation speaks of the start only; whoever gets further finishes later.
func (b *branch) allowed(e edge, depth int) []int {
	var ok []int
	for _, i := range e.rules {
		r := &b.p.Rules[i]
		switch {
		case depth == 0 && r.in(b.q.Graduated, b.q.Year):
			ok = append(ok, i)
		case depth > 0 && !r.FirstOnly && r.Needs.GraduatedUntil == 0 && r.ValidUntil == "":
			ok = append(ok, i)
		}
	}
	return ok
}

// shapes lists the ways through the standings that no shorter one makes
// needless.
func (b *branch) shapes(targets map[int][]*catalogue.Course) []shape {
	adult := b.p.adult(b.q.From, b.start)
	for t := range targets {
		if len(targets) == 1 || b.q.To.CourseID != "" {
			adult = adult || b.p.Standings[t].ForAdults
		}
	}
	var (
		found []shape
		way   shape
		walk  func(at int)
		been  = make([]bool, len(b.p.Standings))
		reach = b.p.reaching(targets)
	)
	been[b.start] = true
	walk = func(at int) {
		for _, e := range b.p.edges[at] {
			if been[e.to] || !reach[e.to] || len(way) == maxSteps || b.p.Standings[e.to].ForAdults && !adult {
				continue
			}
			rules := b.allowed(e, len(way))
			if len(rules) == 0 {
				continue
			}
			way = append(way, e.to)
			if _, end := targets[e.to]; end {
				found = append(found, slices.Clone(way))
			} else if slices.ContainsFunc(rules, func(r int) bool { return !b.p.Rules[r].Ends }) {
				been[e.to] = true
				walk(e.to)
				been[e.to] = false
			}
			way = way[:len(way)-1]
		}
	}
	walk(b.start)
	return slices.DeleteFunc(slices.Clone(found), func(long shape) bool {
		return slices.ContainsFunc(found, func(short shape) bool { return b.shortens(short, long) })
	})
}

// reaching marks the standings from which some target can be reached, so that
// the walk turns back early.
func (p *Paths) reaching(targets map[int][]*catalogue.Course) []bool {
	ok := make([]bool, len(p.Standings))
	for t := range targets {
		ok[t] = true
	}
	for again := true; again; {
		again = false
		for i := range p.edges {
			if !ok[i] && slices.ContainsFunc(p.edges[i], func(e edge) bool { return ok[e.to] }) {
				ok[i], again = true, true
			}
		}
	}
	return ok
}

// shortens reports whether short visits some of the steps of long in the same
// order and can be started at once: then nobody needs the detour. A way that
// begins with a test makes no other needless.
func (b *branch) shortens(short, long shape) bool {
	if len(short) >= len(long) || short[len(short)-1] != long[len(long)-1] {
		return false
	}
	at := 0
	for _, s := range long {
		if at < len(short) && short[at] == s {
			at++
		}
	}
	if at < len(short) {
		return false
	}
	for _, r := range b.rulesTo(b.start, short[0], 0) {
		if b.p.Rules[r].Verdict == Direct {
			return true
		}
	}
	return false
}

// rulesTo lists the rules that open the edge between two standings.
func (b *branch) rulesTo(from, to, depth int) []int {
	for _, e := range b.p.edges[from] {
		if e.to == to {
			return b.allowed(e, depth)
		}
	}
	return nil
}

// path turns a shape into steps with courses. ends are the courses that the
// last step may be; nil leaves it free.
func (b *branch) path(s shape, ends []*catalogue.Course) Path {
	steps := make([]Step, len(s))
	var next *catalogue.Course
	for i := len(s) - 1; i >= 0; i-- {
		pool := ends
		if i < len(s)-1 || ends == nil {
			pool = b.p.members[s[i]]
		}
		var before *catalogue.Course
		if i == 0 {
			before = b.from
		}
		picked := b.pick(s[i], pool, before, next, i == len(s)-1 && ends != nil)
		steps[i] = b.step(s[i], picked)
		next = nil
		if len(picked) > 0 {
			next = picked[0]
		}
	}
	path := Path{Steps: steps, Known: true}
	at := b.start
	for i := range steps {
		step := &steps[i]
		follow := false
		for _, r := range b.rulesTo(at, s[i], i) {
			step.Rules = append(step.Rules, b.p.Rules[r].ID)
			follow = follow || b.p.Rules[r].FollowOn
		}
		c, _ := b.p.catalogue.Course(step.CourseID)
		for _, r := range b.p.adds {
			if u := &b.p.Rules[r]; u.valid(b.q.Year) && u.AddsTo.to(step.Standing, c) {
				step.Rules = append(step.Rules, u.ID)
			}
		}
		if follow {
			step.Years, step.Known = 0, false
		}
		path.Years += step.Years
		path.Known = path.Known && step.Known
		for _, id := range step.Rules {
			if !slices.Contains(path.Rules, id) {
				path.Rules = append(path.Rules, id)
			}
		}
		at = s[i]
	}
	return path
}

// step describes a standing, with its courses if any were picked.
func (b *branch) step(s int, picked []*catalogue.Course) Step {
	st := &b.p.Standings[s]
	step := Step{Standing: st.ID, Level: st.Match.Level, Title: st.Name}
	if st.Years != nil {
		step.Years, step.Known = *st.Years, true
	}
	if len(picked) == 0 {
		return step
	}
	c := picked[0]
	step.CourseID, step.Title = c.ID, c.Title
	for _, o := range picked[1:min(len(picked), 1+maxAlso)] {
		step.Also = append(step.Also, o.ID)
	}
	if y, ok := years(c); ok {
		step.Years, step.Known = y, true
	}
	return step
}

// years is the length of a course when all its offers give the same whole
// number of years.
func years(c *catalogue.Course) (y float64, ok bool) {
	for _, o := range c.Offers {
		n, word, _ := strings.Cut(o.Duration.NL, " ")
		v, err := strconv.Atoi(n)
		if o.Duration.NL == "" {
			continue
		}
		if err != nil || word != "jaar" || ok && float64(v) != y {
			return 0, false
		}
		y, ok = float64(v), true
	}
	return y, ok
}

// pick chooses the courses of a step, the closest first: those that the course
// before leads to, those that lead to the course after, then those of the
// fields that are asked for. fixed keeps the whole pool.
func (b *branch) pick(s int, pool []*catalogue.Course, before, next *catalogue.Course, fixed bool) []*catalogue.Course {
	fields := b.q.To.Fields
	if next != nil && len(next.Fields) > 0 {
		fields = next.Fields
	}
	var own []catalogue.Field
	if b.from != nil {
		own = b.from.Fields
	}
	type scored struct {
		c *catalogue.Course
		n int
	}
	var list []scored
	for _, c := range pool {
		n := 4*count(fields, c.Fields) + count(own, c.Fields)
		if len(fields) > 0 && len(c.Fields) > 0 && c.Fields[0] == fields[0] {
			n += 4
		}
		if before != nil {
			if at := slices.Index(before.LeadsTo, c.ID); at >= 0 {
				n += 2*named - 20*at // the course names its closest followers first
			}
		}
		if next != nil && slices.Contains(c.LeadsTo, next.ID) {
			n += named
		}
		if n > 0 && len(fields) > 0 && n < 4 && before == nil {
			n = 0 // shares a field with the start, none with the goal
		}
		if n > 0 || fixed || b.p.Standings[s].AnyField {
			list = append(list, scored{c, n})
		}
	}
	// Where something leads there by name, the rest is noise.
	if slices.ContainsFunc(list, func(v scored) bool { return v.n >= named }) && !fixed {
		list = slices.DeleteFunc(list, func(v scored) bool { return v.n < named })
	}
	slices.SortStableFunc(list, func(x, y scored) int {
		if x.n != y.n {
			return y.n - x.n
		}
		return b.p.near(y.c) - b.p.near(x.c)
	})
	out := make([]*catalogue.Course, len(list))
	for i := range list {
		out[i] = list[i].c
	}
	return out
}

// count is how many values the lists share.
func count[T comparable](a, b []T) (n int) {
	for _, v := range a {
		if slices.Contains(b, v) {
			n++
		}
	}
	return n
}

// near tells apart courses that fit as well: 2 for one that is given in Dutch
// in Brussels, 1 for one in Brussels.
func (p *Paths) near(c *catalogue.Course) (n int) {
	for _, o := range c.Offers {
		m, ok := p.catalogue.CommuneOf(o.Postcode, o.Commune)
		switch {
		case !ok || m.Region != catalogue.Brussels:
		case o.TeachingLanguage == "nl":
			return 2
		default:
			n = 1
		}
	}
	return n
}

// compare orders paths: a known length first, then fewest years, fewest steps,
// and by the ladder and id. It says nothing of which is better.
func (p *Paths) compare(a, b Path) int {
	switch {
	case a.Known != b.Known && a.Known:
		return -1
	case a.Known != b.Known:
		return 1
	case a.Years < b.Years:
		return -1
	case a.Years > b.Years:
		return 1
	case len(a.Steps) != len(b.Steps):
		return len(a.Steps) - len(b.Steps)
	}
	for i := range a.Steps {
		x, y := &a.Steps[i], &b.Steps[i]
		if x.Standing != y.Standing {
			return p.standing[x.Standing] - p.standing[y.Standing]
		}
		if x.CourseID != y.CourseID {
			return strings.Compare(x.CourseID, y.CourseID)
		}
	}
	return 0
}
