package search

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"wegwijs/internal/strictyaml"
)

// questionFile is the file of synonyms that only compares whole questions.
const questionFile = "question-words.yaml"

// An askGroup is a set of words that ask about the same, whatever the language.
type askGroup struct {
	ID string `yaml:"id"`
	// Weight is how much the group counts beside others, 0 to 1; 0 means 1.
	Weight float32  `yaml:"weight"`
	NL     []string `yaml:"nl"`
	FR     []string `yaml:"fr"`
	EN     []string `yaml:"en"`
}

// readQuestions reads questionFile into s.asks.
func (s *Synonyms) readQuestions(fsys fs.FS) (faults []string) {
	var d struct {
		Format int        `yaml:"format"`
		Groups []askGroup `yaml:"groups"`
	}
	f, err := strictyaml.Read(fsys, questionFile, &d)
	if err != nil {
		return []string{err.Error()}
	}
	if d.Format != 1 {
		faults = append(faults, f.At("$.format")+": begin with format: 1")
	}
	owner := map[string]string{}
	for i, g := range d.Groups {
		at := f.At(fmt.Sprintf("$.groups[%d]", i))
		if g.ID == "" || len(g.NL) == 0 || len(g.FR) == 0 || len(g.EN) == 0 || g.Weight < 0 || g.Weight > 1 {
			faults = append(faults, fmt.Sprintf("%s: %q needs an id, a weight from 0 to 1 or none, and words in nl, fr and en", at, g.ID))
		}
		for _, w := range foldAll(g.words()) {
			if first := owner[w]; first != "" {
				faults = append(faults, fmt.Sprintf("%s: %s: %q also stands in %s", at, g.ID, w, first))
			}
			owner[w] = g.ID
		}
	}
	s.asks = d.Groups
	return faults
}

func (g *askGroup) words() []string {
	return append(append(append([]string(nil), g.NL...), g.FR...), g.EN...)
}

// plain are the words without those that leave a gap.
func (g *askGroup) plain() []string {
	return slices.DeleteFunc(g.words(), func(w string) bool { return strings.Contains(w, "~") })
}

// maxGap is the most words that a gap stands for.
const maxGap = 5

// gap is a phrase with words of any kind in the middle, as stems.
type gap struct {
	first, last []string
	key         string
}

// in reports whether the phrase stands in stems.
func (g *gap) in(stems []string) bool {
	for i := 0; i+len(g.first)+len(g.last) < len(stems); i++ {
		if !slices.Equal(stems[i:i+len(g.first)], g.first) {
			continue
		}
		for j := i + len(g.first) + 1; j <= i+len(g.first)+maxGap && j+len(g.last) <= len(stems); j++ {
			if slices.Equal(stems[j:j+len(g.last)], g.last) {
				return true
			}
		}
	}
	return false
}

// concepts find what words are about: the groups of synonyms as keys, which
// the three languages share. A key begins with "=", which no stem does.
type concepts struct {
	root   conceptNode
	weight map[string]float32 // by key; the others count in full
	alone  map[string]bool    // stems that are a phrase of a group by themselves
	words  map[string]bool    // folded words of question-words.yaml
	gaps   []gap
}

// conceptNode is a place in the tree of phrases, one stem deeper at a time.
type conceptNode struct {
	next map[string]*conceptNode
	key  string // of the phrase that ends here; "" for none
}

// newConcepts reads the groups. small are the stems of small words: a word that
// only shares its stem with one stands for nothing by itself ("heet" and "het").
func newConcepts(syn *Synonyms, small map[string]bool) *concepts {
	c := &concepts{weight: map[string]float32{}, alone: map[string]bool{}, words: map[string]bool{}}
	apart := func(w string) bool { return syn.stop[w] || strings.Contains(w, " ") || !small[Stem(w)] }
	for i := range syn.asks {
		g := &syn.asks[i]
		key := "=" + g.ID
		if g.Weight > 0 {
			c.weight[key] = g.Weight
		}
		for _, w := range foldAll(g.plain()) {
			if apart(w) {
				c.put(w, key)
			}
			for part := range strings.FieldsSeq(w) {
				c.words[part] = true
			}
		}
		for _, w := range g.words() {
			if first, last, ok := strings.Cut(w, "~"); ok {
				c.gaps = append(c.gaps, gap{stemAll(Tokens(first)), stemAll(Tokens(last)), key})
			}
		}
	}
	for i := range syn.Groups {
		g := &syn.Groups[i]
		for _, w := range foldAll(g.words()) {
			if apart(w) {
				c.put(w, "=g "+g.ID)
			}
		}
	}
	return c
}

// put adds a phrase, unless it has a key already.
func (c *concepts) put(folded, key string) {
	stems := stemAll(bind(strings.Fields(folded)))
	n := &c.root
	for _, s := range stems {
		if n.next == nil {
			n.next = map[string]*conceptNode{}
		}
		if n.next[s] == nil {
			n.next[s] = &conceptNode{}
		}
		n = n.next[s]
	}
	if n.key == "" {
		n.key = key
		if len(stems) == 1 {
			c.alone[stems[0]] = true
		}
	}
}

// keys appends the keys of the phrases in stems, the longest at each place.
func (c *concepts) keys(keys, stems []string) []string {
	for i := 0; i < len(stems); {
		n, key, span := &c.root, "", 1
		for j := i; j < len(stems); j++ {
			if n = n.next[stems[j]]; n == nil {
				break
			}
			if n.key != "" {
				key, span = n.key, j-i+1
			}
		}
		if key != "" {
			keys = append(keys, key)
		}
		i += span
	}
	for i := range c.gaps {
		if c.gaps[i].in(stems) {
			keys = append(keys, c.gaps[i].key)
		}
	}
	return keys
}

func stemAll(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = Stem(w)
	}
	return out
}
