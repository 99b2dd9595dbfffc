package dialogue

import (
	"slices"

	"wegwijs/knowledge/catalogue"
)

// Verbs are the choices that always work, shown or not.
var Verbs = []string{
	"back", "restart", "help", "skip", "why", "lang", "more", "details", "compare", "save", "unsave", "saved",
	"pathway", "path", "share", "handover", "counsellor", "export", "forget", "change", "continue", "results",
	"quiz", "unsure",
}

// press applies a button. Every effect follows from the press and the answers,
// so a press on an old message, a double click and a redelivery are all safe.
func (r *run) press(p Press) {
	if to, ok := r.t.Renamed.Slots[p.Name]; ok {
		p.Name = to
	}
	slot, isSlot := r.t.Slot(p.Name)
	if !isSlot {
		r.pressVerb(p)
		return
	}
	vs := r.valid(slot.Name, p.Values)
	a := r.s.answers(r.t)
	step, onWalk := r.t.step(slot.Name, a)
	if vs == nil || !onWalk {
		r.gone()
		return
	}
	ans, answered := a.slot[slot.Name]
	current := r.s.Asked.Slot == slot.Name && (p.Turn == 0 || p.Turn == r.s.Asked.Turn)
	switch {
	case current, !answered && step != nil:
		changed := answered && !ans.Skip && !slices.Equal(ans.Values, vs)
		r.log(Answer{Slot: slot.Name, Values: vs})
		if changed {
			r.confirm([]string{slot.Name}, true)
		}
		r.proceed()
	case !ans.Skip && slices.Equal(ans.Values, vs):
		r.out.Silent = true // a double click, or the same button on an old message
	default:
		r.log(Answer{Slot: slot.Name, Values: vs})
		r.confirm([]string{slot.Name}, true)
		r.proceed()
	}
}

// pressVerb applies a button that is no answer.
func (r *run) pressVerb(p Press) {
	if !slices.Contains(Verbs, p.Name) {
		r.gone()
		return
	}
	// A second press of the same back, skip or restart button must not act
	// again: it belongs to a question that is no longer on the screen.
	once := p.Name == "back" || p.Name == "skip" || p.Name == "restart" || p.Name == "more"
	if once && p.Turn != 0 && p.Turn != r.s.Turn-1 {
		r.out.Silent = true
		return
	}
	if p.Name == "quiz" {
		r.pressQuiz(p)
		return
	}
	r.command(p.Name, p.Values)
}

// gone answers a button whose question no longer applies.
func (r *run) gone() {
	r.say("say.gone", nil)
	r.proceed()
}

// command applies one of the verbs.
func (r *run) command(name string, arg []string) {
	first := ""
	if len(arg) > 0 {
		first = arg[0]
	}
	switch name {
	case "back":
		r.back()
	case "restart":
		r.s = State{V: r.s.V, Tree: r.s.Tree, Lang: r.s.Lang, Turn: r.s.Turn, Saved: r.s.Saved}
		r.say("say.restarted", nil)
		r.proceed()
	case "help":
		r.say("say.help", nil)
		r.stay()
	case "why":
		if _, item, _ := r.item(); item != nil && !item.YesNo {
			r.say("quiz.why", nil)
		} else if step := r.open(); step != nil {
			r.say("ask."+step.Ask+".why", nil)
		} else {
			r.say("results.courses.why", nil)
		}
		r.stay()
	case "skip":
		r.skip()
	case "quiz":
		r.pressQuiz(Press{Name: name, Values: arg})
	case "unsure":
		r.unsure()
	case "lang":
		if l, ok := catalogue.ParseLang(first); ok {
			r.s.Lang = l
			r.say("say.lang", nil)
		}
		r.again()
	case "more":
		r.find(r.s.View.Page + 1)
	case "results", "continue":
		r.s.Paused = 0
		r.again()
	case "change":
		r.change(first)
	case "save", "unsave":
		r.save(name, arg)
	default:
		// details, compare, saved, pathway, share, handover, export, forget:
		// the shell knows what they need; the place does not change.
		if name == "counsellor" {
			name = "handover"
		}
		if name == "forget" {
			r.s = State{Lang: r.s.Lang, Turn: r.s.Turn}
		}
		r.out.Do, r.out.Arg = name, arg
	}
}

// again shows where the visitor is, without acting.
func (r *run) again() {
	if step := r.open(); step != nil {
		r.s.Asked.Misses = 0
		r.ask(step)
		return
	}
	r.find(r.s.View.Page)
}

// stay puts the open question again after something else was said. At the
// results the list is still on the screen, so its buttons will do.
func (r *run) stay() {
	if step := r.open(); step != nil {
		r.s.Asked.Misses = 0
		r.ask(step)
		return
	}
	if len(r.s.View.Shown) == 0 {
		r.find(r.s.View.Page)
		return
	}
	r.say("results.courses.still", nil).Choices = append([]Choice{r.verb("results")}, r.resultChoices(false)...)
}

// back drops the answers of the last turn that gave any.
func (r *run) back() {
	last := 0
	if n := len(r.s.Ans); n > 0 {
		last = r.s.Ans[n-1].Turn
	}
	if r.backQuiz(last) {
		return
	}
	if len(r.s.Ans) == 0 {
		r.s.Asked = Asked{}
		r.proceed()
		return
	}
	for len(r.s.Ans) > 0 && r.s.Ans[len(r.s.Ans)-1].Turn == last {
		r.undone(r.s.Ans[len(r.s.Ans)-1])
		r.s.Ans = r.s.Ans[:len(r.s.Ans)-1]
	}
	r.s.Asked, r.s.View = Asked{}, View{}
	r.proceed()
}

// skip passes the open question without an answer.
func (r *run) skip() {
	step := r.open()
	if step == nil {
		r.again()
		return
	}
	if r.skipItem(step) {
		return
	}
	r.log(Answer{Slot: step.Ask, Skip: true})
	r.proceed()
}

// change puts a question again that was answered already.
func (r *run) change(slot string) {
	step, ok := r.t.step(slot, r.s.answers(r.t))
	if !ok {
		r.gone()
		return
	}
	r.s.Asked, r.s.Quiz.On = Asked{}, ""
	r.ask(step)
}

// save puts courses on the shortlist or takes them off.
func (r *run) save(verb string, ids []string) {
	full := false
	for _, id := range ids {
		at := slices.Index(r.s.Saved, id)
		switch {
		case verb == "unsave" && at >= 0:
			r.s.Saved = slices.Delete(r.s.Saved, at, at+1)
		case verb == "save" && at < 0 && len(r.s.Saved) >= maxSaved:
			full = true
		case verb == "save" && at < 0:
			r.s.Saved = append(r.s.Saved, id)
		}
	}
	switch {
	case full:
		r.say("say.saved.full", map[string]any{"Count": maxSaved})
	case verb == "save":
		r.say("say.saved.added", map[string]any{"Count": len(r.s.Saved)})
	default:
		r.say("say.saved.removed", map[string]any{"Count": len(r.s.Saved)})
	}
	r.out.Say[len(r.out.Say)-1].Choices = []Choice{r.verb("saved"), r.verb("results")}
}
