// Package dialogue decides what to say next. A visitor's place in the
// conversation is never stored: it is derived from the tree and from what the
// visitor has told, so a tree can change while people talk and nobody is lost.
//
// The package is pure: no clock, disk, network, log or randomness. The same
// tree, state and input give the same outcome, so a conversation is a test.
package dialogue

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
)

// ErrTree is returned by Parse for a tree that must not be served.
var ErrTree = errors.New("dialogue: unusable tree")

// A Tree is the conversation as data: which questions exist, in which order
// they come, and what is searched at the end. Parse makes it; it never changes
// after that and is safe for concurrent use.
type Tree struct {
	Name    string
	Hash    string // of the file's bytes; tells whether a state ran on this very tree
	Slots   []Slot // in the order of the file
	Steps   []Step // the flow, flattened in reading order
	Results Results
	Renamed Renamed
	// Quiz helps to answer some of the questions; nil is none. It is set before
	// the tree is first used.
	Quiz *Quiz

	slot map[string]int
	file *strictyaml.File
}

// A SlotType says what the values of a slot look like.
type SlotType string

// Enum is one of a list, Set several of a list, Place a postcode.
const (
	Enum  SlotType = "enum"
	Set   SlotType = "set"
	Place SlotType = "place"
)

// A Slot is one thing a visitor can tell.
type Slot struct {
	Name    string
	Type    SlotType
	Values  []string // of Enum and Set, in the order in which they are offered
	Max     int      // most values of a Set; 0 means no limit
	Default string   // value used by the search when the slot is skipped; "" is none
}

// A Step is one line of the flow: something to say or something to ask. It is
// passed when a guard fails or its slot is filled or skipped.
type Step struct {
	Say string // message to say once, at the start; "" if the step asks
	Ask string // slot to ask; "" if the step says
	// When holds every guard on the way to this step; all must hold.
	When []Guard
	// Offer narrows which values are offered as choices; every value of the
	// slot is understood when typed. None means all.
	Offer []Offer
	// Location is true when the visitor may share a position instead.
	Location bool
	// Required is true when even a visitor who was past it must answer after
	// the tree has changed.
	Required bool
	// Express is true when the step is passed for a visitor who opens with a
	// wish of his own: he is shown courses sooner.
	Express bool

	path string // place in the file, for diagnostics
}

// An Offer is the list of values to offer when its guard holds.
type Offer struct {
	When   Guard
	Values []string
}

// Results says what is searched once no question is open.
type Results struct {
	Page   int          // courses shown at once
	Levels []LevelsRule // the first rule that holds decides which levels are shown
	Relax  []string     // slots that are loosened, in this order, when nothing fits
	Refine []string     // slots that the visitor is offered to change
}

// A LevelsRule names the levels that a learner can take next.
type LevelsRule struct {
	When   Guard
	Levels []catalogue.Level
	// First names a provider whose courses come before others that fit equally
	// well, such as VDAB for jobseekers, who learn there for free. The list says so.
	First catalogue.Provider
}

// Renamed maps names of older trees to today's, so that old sessions and old
// buttons keep working.
type Renamed struct {
	Slots  map[string]string `yaml:"slots"`
	Values map[string]string `yaml:"values"` // "stage:kso" to "grade2", without the slot
}

// Slot returns the slot of that name.
func (t *Tree) Slot(name string) (*Slot, bool) {
	i, ok := t.slot[name]
	if !ok {
		return nil, false
	}
	return &t.Slots[i], true
}

// file format

type treeFile struct {
	Format  int                 `yaml:"format"`
	Tree    string              `yaml:"tree"`
	Slots   map[string]slotFile `yaml:"slots"`
	Flow    []stepFile          `yaml:"flow"`
	Renamed Renamed             `yaml:"renamed"`
}

type slotFile struct {
	Type    SlotType `yaml:"type"`
	Values  values   `yaml:"values"`
	Max     int      `yaml:"max"`
	Default string   `yaml:"default"`
}

type stepFile struct {
	Say      string       `yaml:"say"`
	Ask      string       `yaml:"ask"`
	When     Guard        `yaml:"when"`
	Branch   []branchFile `yaml:"branch"`
	Offer    []offerFile  `yaml:"offer"`
	Input    []string     `yaml:"input"`
	Required bool         `yaml:"required"`
	Express  string       `yaml:"express"`
	Results  string       `yaml:"results"`
	Levels   []levelsFile `yaml:"levels"`
	Page     int          `yaml:"page"`
	Relax    []string     `yaml:"relax"`
	Refine   []string     `yaml:"refine"`
}

type branchFile struct {
	Is   []string   `yaml:"is"`
	Then []stepFile `yaml:"then"`
}

type offerFile struct {
	When   Guard    `yaml:"when"`
	Values []string `yaml:"values"`
}

type levelsFile struct {
	When   Guard              `yaml:"when"`
	Levels []catalogue.Level  `yaml:"levels"`
	First  catalogue.Provider `yaml:"first"`
}

// values is a list, or the word vocab:fields for every field of the catalogue.
type values []string

func (v *values) UnmarshalYAML(unmarshal func(any) error) error {
	var word string
	if unmarshal(&word) == nil {
		if word != "vocab:fields" {
			return fmt.Errorf("values: %q is neither a list nor vocab:fields", word)
		}
		for _, f := range catalogue.Fields {
			*v = append(*v, string(f))
		}
		return nil
	}
	return unmarshal((*[]string)(v))
}

// limits of a tree file; a tree that needs more is no tree a visitor can finish.
const (
	maxSteps = 64
	maxDepth = 8
)

// Parse reads a tree and proves that it can be served (see Check). The error
// lists every fault as file:line:col, code and what to mend; it wraps ErrTree.
func Parse(name string, data []byte) (*Tree, error) {
	t, faults := parse(name, data)
	if t != nil {
		faults = append(faults, t.Check()...)
	}
	if err := faultError(faults); err != nil {
		return nil, err
	}
	return t, nil
}

// parse reads the file; t is nil when it cannot be read at all.
func parse(name string, data []byte) (t *Tree, faults []Fault) {
	var d treeFile
	f, err := strictyaml.Parse(name, data, &d)
	if err != nil {
		return nil, []Fault{{Code: "T001", At: name, What: err.Error()}}
	}
	sum := sha256.Sum256(data)
	t = &Tree{Name: d.Tree, Hash: hex.EncodeToString(sum[:6]), Renamed: d.Renamed, slot: map[string]int{}, file: f}
	if d.Format != 1 || d.Tree == "" {
		faults = append(faults, Fault{"T002", f.At("$.format"), "begin with format: 1 and the tree's name"})
	}
	// The order of asking is that of the flow; the order of slots has no
	// meaning, so it is made stable here.
	names := make([]string, 0, len(d.Slots))
	for n := range d.Slots {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		s := d.Slots[n]
		t.slot[n] = len(t.Slots)
		t.Slots = append(t.Slots, Slot{Name: n, Type: s.Type, Values: s.Values, Max: s.Max, Default: s.Default})
	}
	results := 0
	var flatten func(steps []stepFile, path string, guards []Guard, depth int)
	flatten = func(steps []stepFile, path string, guards []Guard, depth int) {
		if depth > maxDepth {
			faults = append(faults, Fault{"T003", f.At(path), fmt.Sprintf("branches are nested deeper than %d", maxDepth)})
			return
		}
		for i, s := range steps {
			at := fmt.Sprintf("%s[%d]", path, i)
			here := guards
			if len(s.When.All) > 0 || len(s.When.Any) > 0 {
				here = append(slices.Clone(guards), s.When)
			}
			if s.Results != "" {
				results++
				if depth > 0 || i != len(steps)-1 {
					faults = append(faults, Fault{"T004", f.At(at), "results come last, and not inside a branch"})
				}
				t.Results = Results{Page: s.Page, Relax: s.Relax, Refine: s.Refine}
				for _, l := range s.Levels {
					t.Results.Levels = append(t.Results.Levels, LevelsRule(l))
				}
				continue
			}
			if (s.Say == "") == (s.Ask == "") {
				faults = append(faults, Fault{"T005", f.At(at), "a step either says or asks"})
				continue
			}
			step := Step{Say: s.Say, Ask: s.Ask, When: here, Location: slices.Contains(s.Input, "location"), Required: s.Required, Express: s.Express == "skip", path: at}
			for _, o := range s.Offer {
				step.Offer = append(step.Offer, Offer(o))
			}
			t.Steps = append(t.Steps, step)
			for j, b := range s.Branch {
				guard := Guard{All: map[string][]string{s.Ask: b.Is}}
				flatten(b.Then, fmt.Sprintf("%s.branch[%d].then", at, j), append(slices.Clone(here), guard), depth+1)
			}
		}
	}
	flatten(d.Flow, "$.flow", nil, 0)
	if results != 1 {
		faults = append(faults, Fault{"T006", f.At("$.flow"), fmt.Sprintf("%d results, where there must be one", results)})
	}
	if len(t.Steps) > maxSteps {
		faults = append(faults, Fault{"T007", f.At("$.flow"), fmt.Sprintf("%d steps, more than %d", len(t.Steps), maxSteps)})
	}
	return t, faults
}
