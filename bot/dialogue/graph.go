package dialogue

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Graph draws the tree: each question, and under which answers it comes.
// format is "mermaid" or "dot".
func (t *Tree) Graph(w io.Writer, format string) error {
	node, edge, head, tail := "  %s[\"%s\"]\n", "  %s -->|\"%s\"| %s\n", "flowchart TD\n", ""
	if format == "dot" {
		node, edge, head, tail = "  %s [label=\"%s\"]\n", "  %[1]s -> %[3]s [label=\"%[2]s\"]\n", "digraph wegwijs {\n  node [shape=box]\n", "}\n"
	}
	var b strings.Builder
	b.WriteString(head)
	last := ""
	for i := range t.Steps {
		s := &t.Steps[i]
		if s.Ask == "" {
			continue
		}
		id := fmt.Sprintf("q%d_%s", i, s.Ask)
		fmt.Fprintf(&b, node, id, s.Ask+"?")
		if last != "" {
			fmt.Fprintf(&b, edge, last, s.condition(), id)
		}
		last = id
	}
	fmt.Fprintf(&b, node, "results", "courses")
	fmt.Fprintf(&b, edge, last, "", "results")
	b.WriteString(tail)
	_, err := io.WriteString(w, b.String())
	return err
}

// condition puts a step's guards into words: "stage: grade1 or grade2".
func (s *Step) condition() string {
	var parts []string
	for _, g := range s.When {
		for _, slot := range g.slots() {
			vs := slices.Clone(g.All[slot])
			parts = append(parts, slot+": "+strings.Join(vs, " or "))
		}
	}
	if s.Express {
		parts = append(parts, "not for who opens with a wish")
	}
	return strings.Join(parts, "; ")
}
