package pathway

import (
	"slices"
	"strconv"
	"strings"

	"wegwijs/knowledge/catalogue"
)

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
