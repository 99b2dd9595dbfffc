package dialogue

import (
	"fmt"
	"slices"
	"strings"

	"wegwijs/knowledge/catalogue"
)

// A Fault is one thing wrong with a tree, with a code that the fixtures in
// testdata/check show, one bad and one good for each.
type Fault struct {
	Code string // "T012"
	At   string // file:line:col
	What string // what is wrong and what to do
}

func (f Fault) String() string { return f.At + ": " + f.Code + ": " + f.What }

// faultError is nil without faults, or one error that lists them all.
func faultError(faults []Fault) error {
	if len(faults) == 0 {
		return nil
	}
	var b strings.Builder
	for _, f := range faults {
		fmt.Fprintln(&b, f)
	}
	return fmt.Errorf("%s%w: %d to mend", b.String(), ErrTree, len(faults))
}

// The limits within which a tree is proved by walking every case.
const (
	maxStates    = 20_000 // cases walked; a tree that needs more is refused
	maxQuestions = 8      // on any path. Source: the public contract, section 4
)

// A Proof is what walking every case of a tree has shown.
type Proof struct {
	States    int // open questions seen, each with another past
	Paths     int // complete ways from the first question to the results
	Questions int // most questions on one path
}

// Check lists everything that is wrong with the tree itself. It walks every
// case of answers that can matter, so what it passes is proved: every step can
// be reached, every path ends in results, nothing is asked twice.
func (t *Tree) Check() []Fault {
	faults := t.checkNames()
	if len(faults) > 0 {
		return faults // walking needs names that exist
	}
	_, faults = t.Prove()
	return faults
}

func (t *Tree) checkNames() []Fault {
	var faults []Fault
	bad := func(code, path, format string, args ...any) {
		faults = append(faults, Fault{code, t.file.At(path), fmt.Sprintf(format, args...)})
	}
	for _, s := range t.Slots {
		path := "$.slots." + s.Name
		switch s.Type {
		case Enum, Set:
			if len(s.Values) == 0 {
				bad("T010", path, "slot %q has no values", s.Name)
			}
		case Place:
		default:
			bad("T010", path, "type %q is not enum, set or place", s.Type)
		}
		if s.Default != "" && !slices.Contains(s.Values, s.Default) {
			bad("T011", path, "default %q is not a value of %q", s.Default, s.Name)
		}
		for _, v := range s.Values {
			if !idLike(v) {
				bad("T011", path, "value %q: use letters, digits and hyphens", v)
			}
			if n := len(Press{Turn: 9999, Name: s.Name, Values: []string{v}}.Token()); n > maxToken {
				bad("T018", path, "value %q makes a button token of %d bytes, more than %d", v, n, maxToken)
			}
		}
	}
	asked := map[string]bool{}
	guard := func(g Guard, path string) {
		g.values(func(slot, value string) {
			s, ok := t.Slot(slot)
			switch {
			case !ok:
				bad("T010", path, "slot %q does not exist", slot)
			case !asked[slot]:
				bad("T012", path, "the guard looks at %q, which is asked later", slot)
			case slices.Contains([]string{wordSet, wordUnset, wordSkipped}, value):
			case s.Type != Place && !slices.Contains(s.Values, value):
				bad("T011", path, "value %q does not exist in slot %q", value, slot)
			}
		})
	}
	for i := range t.Steps {
		s := &t.Steps[i]
		for _, g := range s.When {
			guard(g, s.path)
		}
		if s.Ask == "" {
			continue
		}
		slot, ok := t.Slot(s.Ask)
		if !ok {
			bad("T010", s.path, "slot %q does not exist", s.Ask)
			continue
		}
		for _, o := range s.Offer {
			guard(o.When, s.path)
			for _, v := range o.Values {
				if !slices.Contains(slot.Values, v) {
					bad("T011", s.path, "offers %q, which is no value of %q", v, s.Ask)
				}
			}
		}
		asked[s.Ask] = true
	}
	for _, r := range t.Results.Levels {
		guard(r.When, "$.flow")
		if r.First != "" && !slices.Contains(catalogue.Providers, r.First) {
			bad("T011", "$.flow", "provider %q is not one of %v", r.First, catalogue.Providers)
		}
		for _, l := range r.Levels {
			if !slices.Contains(catalogue.Levels, l) {
				bad("T011", "$.flow", "level %q is not one of %v", l, catalogue.Levels)
			}
		}
	}
	for _, s := range slices.Concat(t.Results.Relax, t.Results.Refine) {
		if !asked[s] {
			bad("T010", "$.flow", "results relax or refine %q, which is never asked", s)
		}
	}
	if t.Results.Page < 1 || t.Results.Page > 5 {
		bad("T008", "$.flow", "page %d: show 1 to 5 courses at once", t.Results.Page)
	}
	for from, to := range t.Renamed.Slots {
		if _, ok := t.Slot(to); !ok {
			bad("T022", "$.renamed", "slot %q is renamed to %q, which does not exist", from, to)
		}
	}
	for from, to := range t.Renamed.Values {
		slot, _, _ := strings.Cut(from, ":")
		if s, ok := t.Slot(slot); !ok || !slices.Contains(s.Values, to) {
			bad("T022", "$.renamed", "%q is renamed to %q, which does not exist", from, to)
		}
	}
	return faults
}

// Prove walks every case. Values that no guard tells apart are one case.
func (t *Tree) Prove() (Proof, []Fault) {
	cases := t.cases()
	var (
		proof   Proof
		faults  []Fault
		reached = make([]bool, len(t.Steps))
		doubled = map[string]bool{}
	)
	var walk func(i int, live answers, questions int)
	walk = func(i int, live answers, questions int) {
		if proof.States > maxStates {
			return
		}
		for ; i < len(t.Steps); i++ {
			step := &t.Steps[i]
			if !step.reached(live) {
				continue
			}
			reached[i] = true
			if step.Ask == "" {
				continue
			}
			if _, given := live.slot[step.Ask]; given {
				doubled[step.path] = true
				continue
			}
			proof.States++
			for _, ans := range cases[step.Ask] {
				next := answers{slot: map[string]Answer{step.Ask: ans}}
				for k, v := range live.slot {
					next.slot[k] = v
				}
				walk(i+1, next, questions+1)
			}
			return
		}
		proof.Paths++
		proof.Questions = max(proof.Questions, questions)
	}
	walk(0, answers{slot: map[string]Answer{}}, 0)
	if proof.States > maxStates {
		return proof, []Fault{{"T017", t.file.At("$.flow"), fmt.Sprintf("more than %d cases: make the guards simpler", maxStates)}}
	}
	for i, ok := range reached {
		if !ok {
			faults = append(faults, Fault{"T013", t.file.At(t.Steps[i].path), "no answers lead to this step"})
		}
	}
	for path := range doubled {
		faults = append(faults, Fault{"T015", t.file.At(path), "this question is asked earlier on the same path"})
	}
	slices.SortFunc(faults, func(a, b Fault) int { return strings.Compare(a.String(), b.String()) })
	if proof.Questions > maxQuestions {
		faults = append(faults, Fault{"T016", t.file.At("$.flow"), fmt.Sprintf("%d questions on one path, more than %d", proof.Questions, maxQuestions)})
	}
	return proof, faults
}

// cases lists, for each slot, one answer for every value that a guard names,
// one for all the others together, and the skip.
func (t *Tree) cases() map[string][]Answer {
	named := map[string][]string{}
	see := func(slot, value string) {
		if s, ok := t.Slot(slot); ok && slices.Contains(s.Values, value) && !slices.Contains(named[slot], value) {
			named[slot] = append(named[slot], value)
		}
	}
	for i := range t.Steps {
		for _, g := range t.Steps[i].When {
			g.values(see)
		}
		for _, o := range t.Steps[i].Offer {
			o.When.values(see)
		}
	}
	for _, r := range t.Results.Levels {
		r.When.values(see)
	}
	cases := map[string][]Answer{}
	for _, s := range t.Slots {
		for _, v := range named[s.Name] {
			cases[s.Name] = append(cases[s.Name], Answer{Slot: s.Name, Values: []string{v}})
		}
		other := "1000" // any postcode stands for all
		if s.Type != Place {
			other = ""
			for _, v := range s.Values {
				if !slices.Contains(named[s.Name], v) {
					other = v
				}
			}
		}
		if other != "" {
			cases[s.Name] = append(cases[s.Name], Answer{Slot: s.Name, Values: []string{other}})
		}
		cases[s.Name] = append(cases[s.Name], Answer{Slot: s.Name, Skip: true})
	}
	return cases
}

// Messages lists the id of every message that this tree and its verbs can say.
// The message catalogue must have exactly these, beside those of the shell.
func (t *Tree) Messages() []string {
	ids := []string{
		"say.welcome_back", "say.restarted", "say.help", "say.lang", "say.noted", "say.changed", "say.gone",
		"say.maybe", "say.stuck", "say.miss.results", "say.saved.added", "say.saved.removed", "say.saved.full",
		"results.courses.title", "results.courses.none", "results.courses.end", "results.courses.noplace",
		"results.courses.first", "results.courses.order", "results.courses.still", "results.courses.why",
	}
	for _, v := range Verbs {
		switch v {
		case "details", "save", "unsave", "pathway", "path", "counsellor", "help", "lang", "change", "quiz", "unsure":
		default:
			ids = append(ids, "verb."+v)
		}
	}
	for _, v := range []string{"details", "save", "unsave", "pathway"} {
		ids = append(ids, "verb."+v)
	}
	for _, l := range catalogue.Langs {
		ids = append(ids, "verb.lang."+string(l))
	}
	for _, s := range t.Results.Refine {
		ids = append(ids, "verb.change."+s)
	}
	for _, s := range t.Results.Relax {
		ids = append(ids, "relax."+s)
	}
	for i := range t.Steps {
		if s := t.Steps[i].Say; s != "" {
			ids = append(ids, "say."+s)
		}
		if s := t.Steps[i].Ask; s != "" {
			ids = append(ids, "ask."+s, "ask."+s+".why", "ask."+s+".retry1", "ask."+s+".retry2")
		}
	}
	for _, s := range t.Slots {
		for _, v := range s.Values {
			ids = append(ids, "value."+s.Name+"."+v)
		}
	}
	ids = append(ids, t.Quiz.messages()...)
	slices.Sort(ids)
	return slices.Compact(ids)
}
