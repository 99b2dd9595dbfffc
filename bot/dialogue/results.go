package dialogue

import (
	"slices"

	"wegwijs/knowledge/catalogue"
)

// find asks for one page of courses.
func (r *run) find(page int) {
	r.s.View.Page = max(page, 0)
	r.s.Asked, r.s.Quiz.On = Asked{}, ""
	levels, first := r.t.Levels(r.s)
	r.out.Find = &Find{
		Profile: r.t.loosen(r.t.Profile(r.s), r.s.View.Relaxed), Levels: levels, First: first, Prefer: r.s.Focus,
		Offset: r.s.View.Page * r.t.Results.Page, Limit: r.t.Results.Page,
	}
}

// loosen takes from the profile what was relaxed. A reach is loosened one
// step at a time, each time that it is named.
func (t *Tree) loosen(p catalogue.Profile, relaxed []string) catalogue.Profile {
	for _, slot := range relaxed {
		switch slot {
		case "reach":
			p.Reach = wider(p.Reach)
		case "finality":
			p.Finality = ""
		case "interest":
			p.Interest = nil
		case "form":
			p.Form = nil
		}
	}
	return p
}

// wider is the next reach out.
func wider(r catalogue.Reach) catalogue.Reach {
	at := slices.Index(catalogue.Reaches, r)
	if at < 0 || at == len(catalogue.Reaches)-1 {
		return "anywhere"
	}
	return catalogue.Reaches[at+1]
}

// found shows what the search found, or loosens it and searches again.
func (r *run) found(f Found) {
	p := r.t.Profile(r.s)
	if next := r.relax(p, f); next != "" {
		r.s.View.Relaxed = append(r.s.View.Relaxed, next)
		r.find(0)
		return
	}
	for i, slot := range r.s.View.Relaxed {
		if r.s.View.Page > 0 {
			break // it was said with the first page
		}
		args := map[string]any{}
		if slot == "reach" {
			now := r.t.loosen(p, r.s.View.Relaxed[:i+1]).Reach
			args["From"] = Label("value.reach." + string(r.t.loosen(p, r.s.View.Relaxed[:i]).Reach))
			args["To"] = Label("value.reach." + string(now))
		}
		r.say("relax."+slot, args)
	}
	if f.Total == 0 {
		r.s.View.Shown = nil
		line := r.say("results.courses.none", nil)
		line.Choices = r.resultChoices(false)
		return
	}
	if len(f.Shown) == 0 { // a page past the last
		r.s.View.Page = 0
		line := r.say("results.courses.end", nil)
		line.Choices = r.resultChoices(false)
		return
	}
	r.s.View.Shown = f.Shown
	first := r.s.View.Page*r.t.Results.Page + 1
	line := r.say("results.courses.title", map[string]any{
		"Count": f.Total, "First": first, "Last": first + len(f.Shown) - 1, "Summary": r.summary(),
	})
	line.Courses = f.Shown
	if f.Inside == 0 && p.Postcode != "" {
		r.say("results.courses.noplace", nil)
	}
	if _, provider := r.t.Levels(r.s); provider != "" {
		r.say("results.courses.first", map[string]any{"Provider": string(provider)})
	}
	line = r.say("results.courses.order", nil)
	line.Choices = r.resultChoices(f.Total > first+len(f.Shown)-1)
}

// relax names the slot to loosen next, "" when the results will do.
func (r *run) relax(p catalogue.Profile, f Found) string {
	if r.s.View.Page > 0 || len(r.s.View.Relaxed) >= maxRelax {
		return ""
	}
	now := r.t.loosen(p, r.s.View.Relaxed)
	for _, slot := range r.t.Results.Relax {
		switch {
		case slot == "reach" && f.Inside == 0 && f.Anywhere > 0 && now.Postcode != "" && now.Reach != "anywhere" && now.Reach != "":
			return slot
		case f.Total > 0:
		case slot == "finality" && now.Finality != "", slot == "interest" && len(now.Interest) > 0, slot == "form" && len(now.Form) > 0:
			return slot
		}
	}
	return ""
}

// resultChoices are the buttons under a list.
func (r *run) resultChoices(more bool) []Choice {
	var cs []Choice
	if more {
		cs = append(cs, r.verb("more"))
	}
	if len(r.s.View.Shown) > 1 {
		cs = append(cs, r.verb("compare"))
	}
	a := r.s.answers(r.t)
	for _, slot := range r.t.Results.Refine {
		if _, ok := r.t.step(slot, a); ok {
			cs = append(cs, r.verb("change", slot))
		}
	}
	if len(r.s.Saved) > 0 {
		cs = append(cs, r.verb("saved"))
	}
	cs = append(cs, r.verb("handover"), r.verb("restart"))
	if len(r.s.Ans) > 0 {
		cs = append(cs, r.verb("back"))
	}
	return cs
}
