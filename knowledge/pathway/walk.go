package pathway

import (
	"slices"

	"wegwijs/knowledge/catalogue"
)

// A shape is a way through the standings.
type shape []int

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
