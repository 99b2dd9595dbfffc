package bot

import (
	"fmt"
	"slices"
	"strings"

	"wegwijs/knowledge/pathway"
	"wegwijs/knowledge/search"
)

// Limits of what is compared side by side: fewer is no comparison, more does
// not fit a phone.
const (
	minCompare = 2
	maxCompare = 4
)

// do carries out a verb that needs more than the tree. The place in the
// conversation stays as it is.
func (t *talk) do(verb string, arg []string) error {
	switch verb {
	case "details":
		return t.details(arg)
	case "compare":
		return t.compare(arg)
	case "saved":
		t.saved()
	case "handover":
		t.handover()
	case "export":
		t.export()
	case "forget":
		t.reply.Forgotten = true
		t.tell("say.forgotten", nil, "restart")
	case "share":
		return t.share(arg)
	case "pathway":
		return t.pathway(arg)
	case "path":
		return t.path(arg)
	default:
		return fmt.Errorf("choice %q is unknown here: %w", verb, ErrInput)
	}
	return nil
}

// look finds courses by id, with distances; unknown ids are left out.
func (t *talk) look(ids []string) []search.Found {
	if len(ids) == 0 {
		return nil
	}
	p := t.k.Tree.Profile(t.state)
	res := t.k.Courses.Find(search.Filter{IDs: ids, Near: p.Postcode, Interest: p.Interest, Limit: len(ids)})
	slices.SortStableFunc(res.Courses, func(a, b search.Found) int {
		return slices.Index(ids, a.Course.ID) - slices.Index(ids, b.Course.ID)
	})
	return res.Courses
}

// details shows one course in full.
func (t *talk) details(arg []string) error {
	if len(arg) != 1 {
		return fmt.Errorf("details needs one course, as in details:so-hout-2: %w", ErrInput)
	}
	found := t.look(arg)
	if len(found) == 0 {
		t.tell("say.course.gone", nil, "results")
		return nil
	}
	c := t.course(found[0])
	verb := "save:" + c.ID
	if slices.Contains(t.state.Saved, c.ID) {
		verb = "unsave:" + c.ID
	}
	m := t.tell("say.details", map[string]any{"Title": c.Title}, verb, "pathway:"+c.ID, "results")
	m.Kind, m.Courses = "details", []Course{c}
	return nil
}

// compare puts courses side by side: those named, else the saved ones, else
// those on the screen.
func (t *talk) compare(arg []string) error {
	if len(arg) == 0 {
		arg = t.state.Saved
	}
	if len(arg) < minCompare {
		arg = t.state.View.Shown
	}
	arg = arg[:min(len(arg), maxCompare)]
	found := t.look(arg)
	if len(found) < minCompare {
		t.tell("say.compare.few", nil, "results")
		return nil
	}
	m := t.tell("say.compare", map[string]any{"Count": len(found)}, "results", "handover")
	m.Kind = "compare"
	for _, f := range found {
		m.Courses = append(m.Courses, t.course(f))
	}
	return nil
}

// saved shows the shortlist.
func (t *talk) saved() {
	found := t.look(t.state.Saved)
	if len(found) == 0 {
		t.tell("say.saved.none", nil, "results")
		return
	}
	choices := []string{"results"}
	if len(found) >= minCompare {
		choices = []string{"compare", "results"}
	}
	if t.b.shares != nil {
		choices = append([]string{"share"}, choices...)
	}
	m := t.tell("say.saved.list", map[string]any{"Count": len(found)}, choices...)
	m.Kind = "saved"
	for _, f := range found {
		m.Courses = append(m.Courses, t.course(f))
	}
}

// handover says who can help in person: first who fits the visitor's stage.
func (t *talk) handover() {
	a := asking{b: t.b, k: t.k, l: t.state.Lang}
	kinds := []string{"guidance", "work"}
	switch t.k.Tree.Profile(t.state).Stage {
	case "primary", "grade1", "grade2", "grade3", "year7", "okan":
		kinds = []string{"guidance", "school"}
	case "jobseeker", "working", "left":
		kinds = []string{"work", "guidance"}
	}
	m := t.tell("say.handover", nil, "continue")
	m.Kind = "handover"
	for _, kind := range kinds {
		m.Answers = append(m.Answers, a.desks(kind)...)
	}
	m.Answers = m.Answers[:min(len(m.Answers), 4)]
}

// export hands over all that is kept.
func (t *talk) export() {
	t.finish()
	e := &Export{Language: t.state.Lang, Profile: t.reply.Profile, Saved: t.state.Saved, Answers: []Given{}, Counted: t.counted}
	if e.Saved == nil {
		e.Saved = []string{}
	}
	for _, ans := range t.state.Ans {
		e.Answers = append(e.Answers, Given{Slot: ans.Slot, Values: ans.Values, Skipped: ans.Skip, Turn: ans.Turn})
	}
	if q := t.state.Quiz; q.Ans != "" {
		e.Answers = append(e.Answers, Given{Slot: "quiz", Values: []string{q.Ans}, Turn: q.Turn})
	}
	t.reply.Export = e
	t.tell("say.export", map[string]any{"Count": len(e.Answers)}, "continue", "forget")
}

// pathway shows what a course opens, or the ways to it for a visitor who told
// where he is.
func (t *talk) pathway(arg []string) error {
	if len(arg) != 1 {
		return fmt.Errorf("pathway needs one course, as in pathway:so-hout-2: %w", ErrInput)
	}
	c, ok := t.k.Catalogue.Course(arg[0])
	if !ok {
		t.tell("say.course.gone", nil, "results")
		return nil
	}
	a := asking{b: t.b, k: t.k, l: t.state.Lang}
	title := c.Title.In(t.state.Lang)
	view := t.k.Paths.Find(pathway.Query{From: pathway.Start{CourseID: c.ID}, Year: t.b.now().Year()}).View(t.state.Lang, nil)
	var opens, next []string
	for _, p := range view.Paths {
		last := p.Steps[len(p.Steps)-1]
		switch {
		case last.ID != "":
			next = append(next, last.ID)
		case !slices.Contains(opens, last.Title):
			opens = append(opens, last.Title)
		}
	}
	id := "say.pathway"
	if len(opens) == 0 {
		id = "say.pathway.courses"
	}
	m := t.tell(id, map[string]any{"Title": title, "Outcomes": strings.Join(opens, ", ")}, "details:"+c.ID, "results")
	m.Kind = "pathway"
	for _, r := range view.Rules[:min(len(view.Rules), maxAside)] {
		if rule, ok := t.k.Paths.Rule(r.ID); ok {
			m.Answers = append(m.Answers, a.rule(rule))
		}
	}
	for _, f := range t.look(next[:min(len(next), maxCompare)]) {
		m.Courses = append(m.Courses, t.course(f))
	}
	if p := t.k.Tree.Profile(t.state); p.Stage != "" {
		to := t.k.Paths.Find(pathway.Query{
			From: pathway.Start{Stage: p.Stage, Track: p.Track}, To: pathway.Goal{CourseID: c.ID}, Year: t.b.now().Year(),
		}).View(t.state.Lang, nil)
		for _, way := range to.Paths {
			m.Answers = append(m.Answers, a.pathAnswer(way))
		}
	}
	return nil
}
