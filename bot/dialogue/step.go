package dialogue

import (
	"fmt"
	"slices"

	"wegwijs/knowledge/catalogue"
)

// maxRelax is how often one turn may loosen the search before it gives up.
const maxRelax = 8

// Step is one turn. It is total: any state that decodes and any input give an
// outcome; an answer it does not understand is no error, it asks again.
func (t *Tree) Step(s State, in Input) Outcome {
	r := run{t: t, s: s.clone()}
	if in.Found == nil {
		r.upgrade()
		r.s.Turn++
		r.s.V = stateFormat
	}
	r.step(in)
	if r.out.Silent {
		r.out.State = s // a press that was handled before changes nothing
		return r.out
	}
	r.out.State = r.s
	return r.out
}

// run is one turn while it is worked on.
type run struct {
	t   *Tree
	s   State
	out Outcome
}

func (r *run) say(id string, args map[string]any) *Line {
	r.out.Say = append(r.out.Say, Line{ID: id, Voice: r.voice(), Args: args})
	return &r.out.Say[len(r.out.Say)-1]
}

// voice is the role in whose words the visitor is spoken to.
func (r *run) voice() catalogue.Role {
	if ans, ok := r.s.answers(r.t).slot["role"]; ok && !ans.Skip {
		return catalogue.Role(ans.Values[0])
	}
	return ""
}

func (r *run) step(in Input) {
	switch {
	case in.Found != nil:
		r.found(*in.Found)
	case in.Alarm:
		r.s.Paused++
		r.s.Asked.Misses = 0
		r.s.Quiz.On = "" // no quiz now; what was answered is kept
	case in.Start:
		r.start(in.Lang)
	case in.Press != nil:
		r.press(*in.Press)
	case in.Command != "":
		r.command(in.Command, in.Arg)
	case len(in.Tell) > 0:
		r.tell(in.Tell, in.Focus, in.Aside)
	case in.Aside:
		r.stay()
	default:
		r.miss(in.Maybe)
	}
}

// start greets and asks the first question, or welcomes back.
func (r *run) start(lang catalogue.Lang) {
	if r.s.Lang == "" {
		r.s.Lang = lang
	}
	if len(r.s.Ans) > 0 {
		r.say("say.welcome_back", nil)
		r.proceed()
		return
	}
	r.greet()
	r.proceed()
}

// greet says what the tree says before its first question.
func (r *run) greet() {
	for i := range r.t.Steps {
		if step := &r.t.Steps[i]; step.Say != "" && step.reached(r.s.answers(r.t)) {
			r.say("say."+step.Say, nil)
		}
	}
}

// proceed puts the next open question, or asks for the results.
func (r *run) proceed() {
	if _, step := r.part(); step != nil {
		r.ask(step) // a quiz goes on until it is left
		return
	}
	spot := r.t.Spot(r.s)
	if spot.Open == nil {
		r.find(0)
		return
	}
	r.ask(spot.Open)
}

// ask puts a question with its choices.
func (r *run) ask(step *Step) {
	if r.s.Asked.Slot != step.Ask {
		r.s.Asked = Asked{Slot: step.Ask}
	}
	r.s.Asked.Turn, r.s.Asked.Offer = r.s.Turn, false
	if r.askQuiz(step) {
		return
	}
	id := "ask." + step.Ask
	if r.s.Asked.Misses > 0 {
		id = fmt.Sprintf("ask.%s.retry%d", step.Ask, min(r.s.Asked.Misses, 2))
	}
	r.put(r.say(id, nil), step)
}

// put adds the choices of a question to a line.
func (r *run) put(line *Line, step *Step) {
	slot, _ := r.t.Slot(step.Ask)
	a := r.s.answers(r.t)
	current := a.slot[step.Ask]
	line.Ask = &Ask{Slot: step.Ask, Multiple: slot.Type == Set, Location: step.Location}
	for _, v := range r.t.offered(step, a) {
		c := r.choice(step.Ask, v, Label("value."+step.Ask+"."+v))
		c.On = slices.Contains(current.Values, v)
		line.Choices = append(line.Choices, c)
	}
	r.helpOf(line, step)
	line.Choices = append(line.Choices, r.verb("skip"), r.verb("why"))
	if len(r.s.Ans) > 0 {
		line.Choices = append(line.Choices, r.verb("back"))
	}
}

// choice is a button that answers a question.
func (r *run) choice(slot, value string, label Label) Choice {
	return Choice{ID: value, Label: label, Count: -1, Token: Press{Turn: r.s.Turn, Name: slot, Values: []string{value}}.Token()}
}

// verb is a button that does something.
func (r *run) verb(name string, arg ...string) Choice {
	p := Press{Turn: r.s.Turn, Name: name, Values: arg}
	id := name
	label := Label("verb." + name)
	if len(arg) > 0 {
		id += ":" + arg[0]
		if name == "change" || name == "lang" {
			label += Label("." + arg[0])
		}
	}
	return Choice{ID: id, Label: label, Count: -1, Token: p.Token()}
}

// open is the question that the visitor is answering: the one on the screen
// if it can still be answered, or else where the answers lead.
func (r *run) open() *Step {
	if r.s.Asked.Slot != "" {
		if step, ok := r.t.step(r.s.Asked.Slot, r.s.answers(r.t)); ok {
			return step
		}
	}
	return r.t.Spot(r.s).Open
}

// Open is the slot that a typed answer would fill, "" when no question is on
// the screen.
func (t *Tree) Open(s State) string {
	r := run{t: t, s: s}
	if step := r.open(); step != nil {
		return step.Ask
	}
	return ""
}

// log appends an answer and forgets the view that it outdates.
func (r *run) log(ans Answer) {
	ans.Turn = r.s.Turn
	if ans.Slot == "interest" {
		r.s.Focus = nil // of another interest
	}
	if r.s.Quiz.On != "" && r.s.Quiz.On == ans.Slot {
		r.s.Quiz.On, ans.Quiz = "", true
	}
	r.s.Ans = append(r.s.Ans, ans)
	if len(r.s.Ans) > maxLog {
		r.s.Ans = r.compact()
	}
	r.s.Asked = Asked{}
	r.s.View = View{}
	r.s.Paused = 0
}

// compact keeps the last answer of each slot, in order.
func (r *run) compact() []Answer {
	var kept []Answer
	seen := map[string]bool{}
	for _, ans := range slices.Backward(r.s.Ans) {
		if !seen[ans.Slot] {
			seen[ans.Slot] = true
			kept = append(kept, ans)
		}
	}
	slices.Reverse(kept)
	return kept
}

// valid returns the values that the slot knows, at most as many as it takes.
func (r *run) valid(name string, vs []string) []string {
	ans, ok := r.t.current(Answer{Slot: name, Values: vs})
	if !ok || ans.Skip {
		return nil
	}
	return ans.Values
}

// tell fills several slots at once. What is said replaces what was answered.
func (r *run) tell(told []Told, focus []string, aside bool) {
	before := r.s.answers(r.t)
	open := ""
	if step := r.open(); step != nil {
		open = step.Ask
	}
	var changed []string
	quiz, _ := r.part()
	if slot, ok := r.declined(told); ok && !aside {
		r.log(Answer{Slot: slot, Skip: true})
	}
	for _, w := range told {
		vs := r.valid(w.Slot, w.Values)
		if quiz != nil && aside && w.Slot == quiz.Slot {
			continue // a question about a field, in the middle of the quiz
		}
		if vs == nil {
			continue
		}
		if old, ok := before.slot[w.Slot]; ok && !old.Skip && !slices.Equal(old.Values, vs) {
			changed = append(changed, w.Slot)
		}
		r.log(Answer{Slot: w.Slot, Values: vs, Told: w.Slot != open || len(told) > 1})
		if w.Slot == "interest" {
			r.s.Focus = focus
		}
	}
	if r.s.Asked != (Asked{}) && !aside { // nothing was valid
		r.miss(nil)
		return
	}
	if !aside {
		r.confirm(changed, len(told) > 1 || told[0].Slot != open || quiz != nil)
	}
	r.proceed()
}

// confirm repeats what was understood, so that a wrong reading is seen at once.
func (r *run) confirm(changed []string, worth bool) {
	if !worth && len(changed) == 0 {
		return
	}
	summary := r.summary()
	if len(summary) == 0 {
		return // only the role is known, and the next question shows that
	}
	id := "say.noted"
	if len(changed) > 0 {
		id = "say.changed"
	}
	r.say(id, map[string]any{"Summary": summary})
}

// summary lists the labels of all answers that are in force.
func (r *run) summary() Labels {
	var ls Labels
	a := r.s.answers(r.t)
	for i := range r.t.Steps {
		ans, ok := a.slot[r.t.Steps[i].Ask]
		if r.t.Steps[i].Ask == "" || !ok || ans.Skip || ans.Slot == "role" {
			continue
		}
		for _, v := range ans.Values {
			if l := Label("value." + ans.Slot + "." + v); !slices.Contains(ls, l) {
				ls = append(ls, l)
			}
		}
	}
	return ls
}

// miss is the ladder for what was not understood: easier words and buttons,
// then other ways out. It never says the same twice, and never a third time
// that it did not understand.
func (r *run) miss(maybe []string) {
	step := r.open()
	if step == nil {
		line := r.say("say.miss.results", nil)
		line.Choices = r.resultChoices(false)
		return
	}
	_, item, _ := r.item()
	if vs := r.valid(step.Ask, maybe); len(vs) > 0 && item == nil {
		line := r.say("say.maybe", nil)
		line.Ask = &Ask{Slot: step.Ask}
		r.s.Asked = Asked{Slot: step.Ask, Turn: r.s.Turn, Misses: r.s.Asked.Misses}
		for _, v := range maybe {
			line.Choices = append(line.Choices, r.choice(step.Ask, v, Label("value."+step.Ask+"."+v)))
		}
		line.Choices = append(line.Choices, r.verb("skip"))
		return
	}
	if r.s.Asked.Slot != step.Ask {
		r.s.Asked = Asked{Slot: step.Ask}
	}
	r.s.Asked.Misses++
	if r.s.Asked.Misses < 3 {
		r.ask(step)
		return
	}
	r.s.Asked.Turn = r.s.Turn
	line := r.say("say.stuck", nil)
	line.Ask = &Ask{Slot: step.Ask, Multiple: false, Location: step.Location}
	line.Choices = []Choice{r.verb("skip"), r.verb("handover"), r.verb("restart")}
}

// upgrade brings a state of an older tree to this one: a new question before
// the point the visitor had reached counts as skipped, unless it is required.
func (r *run) upgrade() {
	if r.s.Tree == r.t.Hash {
		return
	}
	old := r.s.Tree != ""
	r.s.Tree = r.t.Hash
	if !old {
		return
	}
	last := ""
	for _, ans := range r.s.Ans {
		if ans, ok := r.t.current(ans); ok && !ans.Told {
			last = ans.Slot
		}
	}
	for range r.t.Steps {
		spot := r.t.Spot(r.s)
		if spot.Open == nil || spot.Open.Required || !r.t.before(spot.Open.Ask, last) {
			return
		}
		r.s.Ans = append([]Answer{{Slot: spot.Open.Ask, Skip: true}}, r.s.Ans...)
	}
}

// before reports whether the question a is asked before b in the flow.
func (t *Tree) before(a, b string) bool {
	at := func(slot string) int {
		return slices.IndexFunc(t.Steps, func(s Step) bool { return s.Ask == slot })
	}
	return b != "" && at(a) < at(b)
}
