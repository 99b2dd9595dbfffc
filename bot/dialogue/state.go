package dialogue

import (
	"slices"

	"wegwijs/knowledge/catalogue"
)

// stateFormat is the version of State itself, for sessions that outlive a release.
const stateFormat = 1

// A State is what is remembered of a visitor: answers, never a position. The
// zero State is a visitor who just arrived. As JSON it is under 2 KB as a rule.
type State struct {
	V     int            `json:"v"`
	Tree  string         `json:"tree,omitempty"` // hash of the tree that it last ran on
	Lang  catalogue.Lang `json:"lang,omitempty"`
	Ans   []Answer       `json:"ans,omitempty"` // the log; the last one per slot wins
	Turn  int            `json:"turn"`          // +1 per accepted input
	Asked Asked          `json:"asked"`
	View  View           `json:"view"`
	// Focus are the courses that the words of the interest pointed to. They go
	// before others of the same field.
	Focus []string `json:"focus,omitempty"`
	Saved []string `json:"saved,omitempty"` // course ids, in the visitor's order
	// Counted names what this conversation has added to the tally, so that
	// looking again adds nothing. Step leaves it alone.
	Counted []string `json:"counted,omitempty"`
	// Paused counts the turns since words of distress or a wish to stop: the
	// tree goes on only when it is asked to. 0 is not paused.
	Paused int       `json:"paused,omitempty"`
	Quiz   QuizState `json:"quiz,omitzero"`
}

// An Answer is one entry of the log.
type Answer struct {
	Slot   string   `json:"s"`
	Values []string `json:"v,omitempty"`
	Skip   bool     `json:"k,omitempty"` // passed without an answer
	Turn   int      `json:"t"`           // the turn that gave it; back undoes a whole turn
	Told   bool     `json:"o,omitempty"` // said unasked, in a sentence
	Quiz   bool     `json:"q,omitempty"` // ended the quiz of its slot
}

// Asked is the question that is on the visitor's screen. The zero Asked is none.
type Asked struct {
	Slot   string `json:"s,omitempty"`
	Turn   int    `json:"t,omitempty"` // when it was put
	Misses int    `json:"m,omitempty"` // inputs since then that were not understood
	Offer  bool   `json:"o,omitempty"` // the quiz is offered instead of the question's own choices
}

// A View is what the visitor looks at once there are results.
type View struct {
	Page    int      `json:"p,omitempty"` // from 0
	Relaxed []string `json:"r,omitempty"` // slots loosened for this list
	Shown   []string `json:"c,omitempty"` // course ids on the screen
}

// maxLog bounds the log. Nobody answers that often; a script may.
const maxLog = 200

// maxSaved bounds the shortlist.
const maxSaved = 20

// clone copies what Step may change, so that the caller's state stays as it was.
func (s State) clone() State {
	s.Ans = slices.Clone(s.Ans)
	s.Saved = slices.Clone(s.Saved)
	s.Focus = slices.Clone(s.Focus)
	s.View.Relaxed = slices.Clone(s.View.Relaxed)
	s.View.Shown = slices.Clone(s.View.Shown)
	return s
}

// answers returns the last answer per slot that t still understands.
func (s State) answers(t *Tree) answers {
	a := answers{slot: make(map[string]Answer, len(s.Ans))}
	for _, ans := range s.Ans {
		if ans, ok := t.current(ans); ok {
			a.slot[ans.Slot] = ans
			first := ans.Turn == s.Ans[0].Turn
			a.express = a.express || first && ans.Told && ans.Slot == "interest"
		}
	}
	return a
}

// current brings an answer up to date with the tree: renamed slots and values
// are followed, and values that no longer exist are dropped. ok is false when
// nothing of it is left.
func (t *Tree) current(ans Answer) (_ Answer, ok bool) {
	if to, ok := t.Renamed.Slots[ans.Slot]; ok {
		ans.Slot = to
	}
	slot, ok := t.Slot(ans.Slot)
	if !ok {
		return ans, false
	}
	if ans.Skip {
		return ans, true
	}
	var kept []string
	for _, v := range ans.Values {
		if v, ok := t.value(slot, v); ok && !slices.Contains(kept, v) {
			kept = append(kept, v)
		}
	}
	if len(kept) == 0 {
		return ans, false
	}
	if slot.Type != Set {
		kept = kept[:1]
	} else if slot.Max > 0 && len(kept) > slot.Max {
		kept = kept[:slot.Max]
	}
	ans.Values = kept
	return ans, true
}

// value returns v as the slot knows it today; ok is false for an unknown one.
func (t *Tree) value(slot *Slot, v string) (string, bool) {
	if slot.Type == Place {
		return v, catalogue.ValidPostcode(v)
	}
	if slices.Contains(slot.Values, v) {
		return v, true
	}
	to, ok := t.Renamed.Values[slot.Name+":"+v]
	return to, ok && slices.Contains(slot.Values, to)
}

// Profile is what the visitor has told, for the search. At the results,
// answers that are off the walk are inert and left out.
func (t *Tree) Profile(s State) catalogue.Profile {
	a := s.answers(t)
	spot := t.spot(a)
	get := func(slot string) []string {
		ans, ok := a.slot[slot]
		if !ok || ans.Skip || spot.Open == nil && !slices.Contains(spot.Walk, slot) {
			return nil
		}
		return ans.Values
	}
	one := func(slot string) string {
		if v := get(slot); len(v) > 0 {
			return v[0]
		}
		return ""
	}
	p := catalogue.Profile{
		Role: catalogue.Role(one("role")), Stage: catalogue.Stage(one("stage")), Track: catalogue.Track(one("track")),
		Finality: catalogue.Finality(one("finality")), Postcode: one("place"), Reach: catalogue.Reach(one("reach")),
	}
	for _, f := range get("interest") {
		p.Interest = append(p.Interest, catalogue.Field(f))
	}
	for _, f := range get("form") {
		p.Form = append(p.Form, catalogue.Form(f))
	}
	if p.Postcode != "" && p.Reach == "" {
		if slot, ok := t.Slot("reach"); ok {
			p.Reach = catalogue.Reach(slot.Default)
		}
	}
	return p
}

// Levels are the levels that a learner in that state can take next; none means
// all. first is the provider whose courses come before equal ones, "" is none.
func (t *Tree) Levels(s State) (levels []catalogue.Level, first catalogue.Provider) {
	a := s.answers(t)
	for _, r := range t.Results.Levels {
		if r.When.holds(a) {
			return r.Levels, r.First
		}
	}
	return nil, ""
}

// Answered reports whether the visitor gave the slot a value.
func (t *Tree) Answered(s State, slot string) bool {
	ans, ok := s.answers(t).slot[slot]
	return ok && !ans.Skip
}
