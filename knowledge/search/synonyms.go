package search

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
)

// ErrSynonyms is returned by ReadSynonyms for files that must not be used.
var ErrSynonyms = errors.New("search: unusable synonyms")

// A Group is a set of words and phrases that mean nearly the same.
type Group struct {
	// ID is unique. A group that bears the id of a field ("wood") holds the
	// names of that field, and finds everything in it.
	ID     string            `yaml:"id"`
	Fields []catalogue.Field `yaml:"fields"` // what an interest in it points to, the closest first
	NL     []string          `yaml:"nl"`
	FR     []string          `yaml:"fr"`
	EN     []string          `yaml:"en"`
	// Shared are words of this group that may stand in other groups too.
	Shared []string `yaml:"shared"`
}

// Synonyms are the groups, and the words without weight of their own. They
// never change after reading and are safe for concurrent use. The zero
// Synonyms knows none.
type Synonyms struct {
	Groups []Group

	phrases map[string][]int    // folded phrase to Groups
	starts  map[string][]string // first word to the folded phrases that begin with it
	stems   map[string][]int    // stems of a one-word phrase to Groups
	stop    map[string]bool     // words that say nothing about what is sought
	tails   map[string]bool     // ends of compounds that say nothing: opleiding
	common  map[string]bool     // everyday words that are no typing error of ours
	broad   map[string]bool     // words that many names have: techniek
	asks    []askGroup          // what whole questions are about
}

// synonymFile is one file of groups.
type synonymFile struct {
	Format int     `yaml:"format"`
	Groups []Group `yaml:"groups"`
}

// stopFile is stop.yaml.
type stopFile struct {
	Format int             `yaml:"format"`
	Stop   catalogue.Words `yaml:"stop"`
	Tails  catalogue.Words `yaml:"tails"`
	Common catalogue.Words `yaml:"common"`
	Broad  catalogue.Words `yaml:"broad"`
}

// ReadSynonyms reads every .yaml file of fsys: stop.yaml and files of groups.
// On faults it returns one error that lists them all as file:line:col: what to
// mend; it wraps ErrSynonyms.
func ReadSynonyms(fsys fs.FS) (*Synonyms, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list synonyms: %w", err)
	}
	s := &Synonyms{
		phrases: map[string][]int{}, starts: map[string][]string{}, stems: map[string][]int{},
		stop: map[string]bool{}, tails: map[string]bool{}, common: map[string]bool{}, broad: map[string]bool{},
	}
	var faults []string
	owner := map[string]string{} // folded phrase to the id of its first group
	shared := map[string]bool{}  // folded phrases that their first group shares
	for _, name := range names {
		if name == "stop.yaml" {
			faults = append(faults, s.readStop(fsys)...)
			continue
		}
		if name == questionFile {
			faults = append(faults, s.readQuestions(fsys)...)
			continue
		}
		var d synonymFile
		f, err := strictyaml.Read(fsys, name, &d)
		if err != nil {
			faults = append(faults, err.Error())
			continue
		}
		fault := func(path, format string, args ...any) {
			faults = append(faults, f.At(path)+": "+fmt.Sprintf(format, args...))
		}
		if d.Format != 1 {
			fault("$.format", "begin with format: 1")
		}
		for i, g := range d.Groups {
			path := fmt.Sprintf("$.groups[%d]", i)
			if g.ID == "" || slices.ContainsFunc(s.Groups, func(o Group) bool { return o.ID == g.ID }) {
				fault(path+".id", "id %q is missing or used twice", g.ID)
			}
			for _, field := range g.Fields {
				if !slices.Contains(catalogue.Fields, field) {
					fault(path+".fields", "%s: field %q is not one of %v", g.ID, field, catalogue.Fields)
				}
			}
			if len(g.words()) < 2 {
				fault(path, "%s: a group of fewer than two words finds nothing more", g.ID)
			}
			mine := foldAll(g.Shared)
			for _, w := range mine {
				if !slices.Contains(foldAll(g.words()), w) {
					fault(path+".shared", "%s: shares %q, which it does not hold", g.ID, w)
				}
			}
			for _, w := range foldAll(g.words()) {
				first, taken := owner[w]
				if taken && first != g.ID && (!shared[w] || !slices.Contains(mine, w)) {
					fault(path, "%s: %q also stands in %s; leave it out of one, or list it under shared in both", g.ID, w, first)
				}
				if !taken {
					owner[w], shared[w] = g.ID, slices.Contains(mine, w)
				}
			}
			s.add(g)
		}
	}
	if len(faults) > 0 {
		sort.Strings(faults)
		return nil, fmt.Errorf("%s\n%w: %d to mend", strings.Join(faults, "\n"), ErrSynonyms, len(faults))
	}
	return s, nil
}

func (s *Synonyms) readStop(fsys fs.FS) (faults []string) {
	var d stopFile
	f, err := strictyaml.Read(fsys, "stop.yaml", &d)
	if err != nil {
		return []string{err.Error()}
	}
	if d.Format != 1 {
		faults = append(faults, f.At("$.format")+": begin with format: 1")
	}
	for _, part := range []struct {
		name  string
		words catalogue.Words
		to    []map[string]bool
	}{
		{"stop", d.Stop, []map[string]bool{s.stop}},
		{"tails", d.Tails, []map[string]bool{s.tails}},
		{"common", d.Common, []map[string]bool{s.common}},
		{"broad", d.Broad, []map[string]bool{s.broad}},
	} {
		for _, l := range catalogue.Langs {
			for _, w := range part.words.In(l) {
				w = Fold(w)
				if w == "" || strings.Contains(w, " ") {
					faults = append(faults, f.At("$."+part.name)+fmt.Sprintf(": %q is not one word", w))
				}
				for _, m := range part.to {
					m[w] = true
				}
			}
		}
	}
	return faults
}

func (g *Group) words() []string { return slices.Concat(g.NL, g.FR, g.EN) }

// foldAll folds each word and drops repeats: "garage" is the same in three languages.
func foldAll(words []string) []string {
	var out []string
	for _, w := range words {
		if w = Fold(w); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func (s *Synonyms) add(g Group) {
	n := len(s.Groups)
	s.Groups = append(s.Groups, g)
	for _, w := range foldAll(g.words()) {
		if len(s.phrases[w]) == 0 {
			first, _, _ := strings.Cut(w, " ")
			s.starts[first] = append(s.starts[first], w)
		}
		s.phrases[w] = append(s.phrases[w], n)
		if key := stemPhrase(w); !slices.Contains(s.stems[key], n) {
			s.stems[key] = append(s.stems[key], n)
		}
	}
}

func stemPhrase(folded string) string {
	words := strings.Fields(folded)
	for i, w := range words {
		words[i] = Stem(w)
	}
	return strings.Join(words, " ")
}

// Fields returns the fields that a word or phrase points to, the closest
// first; none when it points to no field. The word need not be folded.
func (s *Synonyms) Fields(word string) []catalogue.Field {
	var out []catalogue.Field
	word = Fold(word)
	groups := s.phrases[word]
	if len(groups) == 0 && !s.common[word] && !s.stop[word] {
		groups = s.stems[stemPhrase(word)]
	}
	for _, n := range groups {
		for _, f := range s.Groups[n].Fields {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// Stop reports whether a folded word says nothing about what is sought: "de",
// "zoek", "formation".
func (s *Synonyms) Stop(word string) bool { return s.stop[word] }

// Has reports whether a word or phrase stands in a group, as written.
func (s *Synonyms) Has(word string) bool { return len(s.phrases[Fold(word)]) > 0 }

// Holds reports whether a phrase of the group stands in a folded text.
func (s *Synonyms) Holds(id, folded string) bool {
	found := false
	s.in(folded, func(groups []int, _ bool) {
		for _, n := range groups {
			found = found || s.Groups[n].ID == id
		}
	})
	return found
}

// in calls yield for each group phrase that stands in the folded text, with
// the groups it belongs to and whether it is the whole text.
func (s *Synonyms) in(folded string, yield func(groups []int, whole bool)) {
	words := strings.Fields(folded)
	for i, w := range words {
		rest := strings.Join(words[i:], " ")
		for _, p := range s.starts[w] {
			if rest == p || strings.HasPrefix(rest, p) && rest[len(p)] == ' ' {
				yield(s.phrases[p], p == folded)
			}
		}
	}
}
