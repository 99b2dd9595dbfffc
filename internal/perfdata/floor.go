package perfdata

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"wegwijs/knowledge/search"
)

// A Floor is the simplest engine that mends words as ours does: lists of
// documents by stem, in memory, and one pass over them. It is the yardstick of
// the benchmarks, and no part of the program: it explains nothing, knows no
// questions or descriptions and cannot abstain. Not safe for concurrent use.
type Floor struct {
	vocab *search.Vocabulary
	syn   *search.Synonyms
	lists map[string]*list
	score []float32 // by document, zero between queries
	held  []uint8   // words held, likewise
	seen  []int32
	parts []floorPart
}

// A list is the documents that hold a stem.
type list struct {
	docs   []int32
	weight []float32 // how much it counts there, rarity included
}

type floorPart struct {
	lists [3]*list
	sure  [3]float32
}

// NewFloor builds the engine over rows. syn tells the words that say nothing.
func NewFloor(rows []Row, syn *search.Synonyms) *Floor {
	f := &Floor{syn: syn, lists: map[string]*list{}, score: make([]float32, len(rows)), held: make([]uint8, len(rows))}
	words := map[string]int{}
	for i, r := range rows {
		in := map[string]float32{}
		length := 0
		put := func(s string, weight float32) {
			for _, w := range strings.Fields(s) {
				if syn.Stop(w) || len(w) < 2 {
					continue
				}
				length++
				words[w]++
				in[search.Stem(w)] = max(in[search.Stem(w)], weight)
			}
		}
		put(r.Title, 2)
		put(r.Words, 1)
		for s, weight := range in {
			l := f.lists[s]
			if l == nil {
				l = &list{}
				f.lists[s] = l
			}
			l.docs = append(l.docs, int32(i))
			l.weight = append(l.weight, weight/float32(math.Sqrt(float64(10+length))))
		}
	}
	for _, l := range f.lists {
		idf := float32(math.Log(1 + float64(len(rows))/float64(len(l.docs))))
		for i := range l.weight {
			l.weight[i] *= idf
		}
	}
	f.vocab = search.NewVocabulary(words, syn)
	return f
}

// Find returns the best documents for folded words, at most limit of them:
// those that hold all words, or else those that hold any.
func (f *Floor) Find(words []string, limit int) []int {
	f.parts = f.parts[:0]
	for _, w := range words {
		if !f.syn.Stop(w) {
			f.parts = append(f.parts, f.read(w)...)
		}
	}
	for _, p := range f.parts {
		for i, l := range p.lists {
			if l == nil {
				continue
			}
			for j, d := range l.docs {
				if f.held[d] == 0 {
					f.seen = append(f.seen, d)
				}
				f.held[d]++
				f.score[d] += l.weight[j] * p.sure[i]
			}
		}
	}
	most := uint8(0)
	for _, d := range f.seen {
		most = max(most, f.held[d])
	}
	var best [10]int32
	n := 0
	limit = min(limit, len(best))
	for _, d := range f.seen {
		if f.held[d] < most {
			continue
		}
		i := n
		for i > 0 && cmp.Or(-cmp.Compare(f.score[d], f.score[best[i-1]]), cmp.Compare(d, best[i-1])) < 0 {
			i--
		}
		if i < limit {
			n = min(n+1, limit)
			copy(best[i+1:n], best[i:n-1])
			best[i] = d
		}
	}
	for _, d := range f.seen {
		f.held[d], f.score[d] = 0, 0
	}
	f.seen = f.seen[:0]
	out := make([]int, n)
	for i := range out {
		out[i] = int(best[i])
	}
	return out
}

// read finds what a word may mean, in the order of package search: known, one
// edit away, a compound, two edits away.
func (f *Floor) read(w string) []floorPart {
	if l := f.lists[search.Stem(w)]; l != nil {
		return []floorPart{{lists: [3]*list{l}, sure: [3]float32{1}}}
	}
	c := f.vocab.Correct(w)
	if len(c) == 0 || c[0].Edits > 1 {
		if heads := f.vocab.Split(w); len(heads) > 0 {
			return []floorPart{{lists: [3]*list{f.lists[search.Stem(heads[0])]}, sure: [3]float32{0.9}}}
		}
	}
	var p floorPart
	for i, k := range c {
		p.lists[i], p.sure[i] = f.lists[search.Stem(k.Word)], 0.9-0.3*float32(i)
		if slices.Contains(p.lists[:i], p.lists[i]) {
			p.lists[i] = nil
		}
	}
	return []floorPart{p}
}
