package dialogue

import (
	"fmt"
	"slices"
)

// The words that a guard may use instead of a value.
const (
	wordSet     = "set"     // answered with a value
	wordUnset   = "unset"   // neither answered nor skipped
	wordSkipped = "skipped" // passed without an answer
)

// A Guard is a condition on answers: every slot of All must have one of its
// values, and at least one of Any must hold. The zero Guard always holds.
type Guard struct {
	All map[string][]string
	Any []Guard
}

// UnmarshalYAML reads {slot: [values], any: [guards]}.
func (g *Guard) UnmarshalYAML(unmarshal func(any) error) error {
	var raw map[string]any
	if err := unmarshal(&raw); err != nil {
		return err
	}
	return g.read(raw)
}

func (g *Guard) read(raw map[string]any) error {
	for key, v := range raw {
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("guard on %q: write a list, such as [grade1, grade2]", key)
		}
		if key == "any" {
			for _, item := range list {
				m, ok := item.(map[string]any)
				if !ok {
					return fmt.Errorf("any: each entry is a guard of its own")
				}
				var sub Guard
				if err := sub.read(m); err != nil {
					return err
				}
				g.Any = append(g.Any, sub)
			}
			continue
		}
		if g.All == nil {
			g.All = map[string][]string{}
		}
		for _, item := range list {
			g.All[key] = append(g.All[key], fmt.Sprint(item))
		}
	}
	return nil
}

// holds reports whether the answers satisfy the guard.
func (g Guard) holds(a answers) bool {
	for slot, want := range g.All {
		if !a.matches(slot, want) {
			return false
		}
	}
	if len(g.Any) == 0 {
		return true
	}
	return slices.ContainsFunc(g.Any, func(sub Guard) bool { return sub.holds(a) })
}

// slots lists every slot that the guard looks at.
func (g Guard) slots() []string {
	var names []string
	for slot := range g.All {
		names = append(names, slot)
	}
	for _, sub := range g.Any {
		names = append(names, sub.slots()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// values calls yield for each slot and value that the guard names.
func (g Guard) values(yield func(slot, value string)) {
	for slot, want := range g.All {
		for _, v := range want {
			yield(slot, v)
		}
	}
	for _, sub := range g.Any {
		sub.values(yield)
	}
}

// answers is the effective answer per slot: the last one of the log.
type answers struct {
	slot map[string]Answer
	// express is true for a visitor who opened with a wish of his own.
	express bool
}

// matches reports whether the slot's answer is one of the wanted values or words.
func (a answers) matches(slot string, want []string) bool {
	ans, given := a.slot[slot]
	for _, w := range want {
		switch {
		case w == wordSet && given && !ans.Skip,
			w == wordUnset && !given,
			w == wordSkipped && given && ans.Skip,
			given && !ans.Skip && slices.Contains(ans.Values, w):
			return true
		}
	}
	return false
}
