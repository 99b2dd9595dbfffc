package dialogue

// A Spot is where a set of answers leads: an open question, or the results.
type Spot struct {
	Open *Step // the question to ask; nil at the results
	// Walk lists the slots of the questions that were passed, in order, each
	// answered or skipped. Answers to other slots are inert.
	Walk []string
}

// Spot walks the tree from the top and passes each step whose guard fails or
// whose slot is answered or skipped. It is derived each time, never stored.
func (t *Tree) Spot(s State) Spot { return t.spot(s.answers(t)) }

// Place is Spot under the name that the design uses; it reports the slot of
// the open question, "" at the results.
func (t *Tree) Place(s State) string {
	if spot := t.Spot(s); spot.Open != nil {
		return spot.Open.Ask
	}
	return ""
}

func (t *Tree) spot(a answers) Spot {
	var spot Spot
	live := answers{slot: map[string]Answer{}} // only answers on the walk may steer it
	for i := range t.Steps {
		step := &t.Steps[i]
		if step.Ask == "" || !step.reached(live) {
			continue
		}
		ans, given := a.slot[step.Ask]
		if !given && !(step.Express && a.express) {
			spot.Open = step
			return spot
		}
		if !given {
			ans = Answer{Slot: step.Ask, Skip: true}
		}
		live.slot[step.Ask] = ans
		spot.Walk = append(spot.Walk, step.Ask)
	}
	return spot
}

// reached reports whether every guard on the way to the step holds.
func (s *Step) reached(a answers) bool {
	for _, g := range s.When {
		if !g.holds(a) {
			return false
		}
	}
	return true
}

// offered lists the values that the step shows as choices.
func (t *Tree) offered(step *Step, a answers) []string {
	for _, o := range step.Offer {
		if o.When.holds(a) {
			return o.Values
		}
	}
	slot, _ := t.Slot(step.Ask)
	return slot.Values
}

// step returns the first step that asks the slot and can be reached with the
// visitor's answers, whether or not it is answered already.
func (t *Tree) step(slot string, a answers) (*Step, bool) {
	for i := range t.Steps {
		if slot != "" && t.Steps[i].Ask == slot && t.Steps[i].reached(a) {
			return &t.Steps[i], true
		}
	}
	return nil, false
}

// Offered lists the values that are offered for a slot in this state, in the
// order of the buttons.
func (t *Tree) Offered(s State, slot string) []string {
	a := s.answers(t)
	step, ok := t.step(slot, a)
	if !ok {
		return nil
	}
	return t.offered(step, a)
}
