package search

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"

	"wegwijs/knowledge/catalogue"
)

// How much of a query word a document explains, by where the word stands in
// it. Anything below 1 leaves room for a document that says it better.
const (
	inTitle   = 1.0  // its title, in any language
	inAlso    = 0.98 // another name
	inWords   = 0.95 // its search words
	inSynonym = 0.85 // a word that means the same as one of its whole search words
	inPart    = 0.72 // a word that means the same as part of one, or a name of its field
	inExtra   = 0.9  // a fact about it
	inAsk     = 0.7  // a question that it answers
	inBody    = 0.45 // its description
	asForm    = 0.96 // times this for another form of the word
)

// broadShare is what a word that many names have keeps of its weight.
const broadShare = 0.4

// An Index finds documents by words. It is built once by Open, never changes,
// and is safe for concurrent use. Close it when its last reader is done.
type Index struct {
	docs    []Doc
	facts   []facts // by document
	bleve   bleve.Index
	mapping mapping.IndexMapping
	collect collector
	syn     *Synonyms
	vocab   *Vocabulary
	terms   map[string]uint32 // word and "~"+stem to term
	idf     []float32         // by term
	asks    asks
	asked   map[string]int     // words of questions, which need no mending, to how many documents ask with them
	exact   map[string][]int32 // folded title or other name to documents
	pool    sync.Pool          // of *scratch
}

// facts are what scoring needs of one document.
type facts struct {
	terms  []weighted // sorted by term
	titles []title
}

type weighted struct {
	term   uint32
	weight float32
}

// title is one folded title as terms of stems, and their weights together.
type title struct {
	words []titleWord
	sum   float32
}

// titleWord is a word of a title: its stem, and those of its parts when it is
// a compound ("houttechnieken" holds "hout").
type titleWord struct {
	stem   uint32
	parts  []uint32
	groups []int // of synonyms that it belongs to by itself
}

// Open builds an index of docs in memory. Two docs of the same kind and id are
// an error. syn may be nil.
func Open(docs []Doc, syn *Synonyms) (*Index, error) {
	if syn == nil {
		syn = &Synonyms{}
	}
	x := &Index{docs: docs, syn: syn, terms: map[string]uint32{}, asked: map[string]int{}, exact: map[string][]int32{}}
	x.pool.New = func() any { return &scratch{} }
	seen := map[string]bool{}
	for i := range docs {
		key := string(docs[i].Kind) + " " + docs[i].ID
		if seen[key] {
			return nil, fmt.Errorf("search: %s stands twice among the documents", key)
		}
		seen[key] = true
	}

	b := newBuilder(x)
	for i := range docs {
		b.add(i)
	}
	x.vocab = NewVocabulary(b.words, syn)
	x.idf = make([]float32, len(x.terms))
	broad := map[uint32]bool{}
	for t, n := range b.df {
		x.idf[t] = float32(math.Log(1 + float64(len(docs))/float64(n)))
	}
	for w := range syn.broad {
		if t, ok := x.terms["~"+Stem(w)]; ok && !broad[t] {
			x.idf[t] *= broadShare
			broad[t] = true
		}
	}
	b.finish()
	x.asks = newAsks(x)

	var err error
	x.mapping = indexMapping()
	if x.bleve, err = bleve.NewUsing("", x.mapping, scorch.Name, scorch.Name, nil); err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	// One batch: an index in memory never merges its segments.
	batch := x.bleve.NewBatch()
	for i := range docs {
		if err = batch.Index(docID(i), b.fields[i]); err != nil {
			return nil, fmt.Errorf("index %s %s: %w", docs[i].Kind, docs[i].ID, err)
		}
	}
	if err = x.bleve.Batch(batch); err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	if x.collect, err = x.newCollector(); err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	return x, nil
}

// Close frees the index.
func (x *Index) Close() error { return errors.Join(x.collect.reader.Close(), x.bleve.Close()) }

// Len is the number of documents.
func (x *Index) Len() int { return len(x.docs) }

// Doc returns the document at place i of the list that Open got.
func (x *Index) Doc(i int) *Doc { return &x.docs[i] }

// Vocabulary is the index's own words.
func (x *Index) Vocabulary() *Vocabulary { return x.vocab }

// Synonyms are those the index was opened with.
func (x *Index) Synonyms() *Synonyms { return x.syn }

func docID(i int) string { return strconv.FormatInt(int64(i), 36) }

// builder gathers the words of all documents.
type builder struct {
	x      *Index
	words  map[string]int // vocabulary: word to number of documents
	df     map[uint32]int // term to number of documents
	fields []map[string]string
	titles [][][]string // by document, the content words of each title
	groups map[int][][]string
}

func newBuilder(x *Index) *builder {
	return &builder{x: x, words: map[string]int{}, df: map[uint32]int{}, groups: map[int][][]string{}}
}

func (b *builder) term(key string) uint32 {
	t, ok := b.x.terms[key]
	if !ok {
		t = uint32(len(b.x.terms))
		b.x.terms[key] = t
	}
	return t
}

// content are the folded words of s that say something.
func (x *Index) content(s string) []string {
	all := bind(Tokens(s))
	words := make([]string, 0, len(all))
	for i, w := range all {
		if !x.empty(w) {
			words = append(words, w)
		}
		if i > 0 {
			if j := x.pair(all[i-1], w); j != "" {
				words = append(words, j)
			}
		}
	}
	if len(words) == 0 { // a name made of small words only: "IT"
		return all
	}
	return words
}

// pair joins two words that mean something together although one of them says
// nothing alone: "machine learning". It returns "" for all others.
func (x *Index) pair(a, b string) string {
	if x.empty(a) == x.empty(b) || len(x.syn.phrases[a+" "+b]) == 0 {
		return ""
	}
	return a + b
}

// empty reports whether a word says nothing: a stop word or a single letter.
func (x *Index) empty(w string) bool {
	return len(w) == 1 && (w[0] < '0' || w[0] > '9') || x.syn.stop[w]
}

func (b *builder) add(i int) {
	d, x := &b.x.docs[i], b.x
	weight := map[string]float64{} // word to how much it explains
	put := func(words []string, f float64) {
		for _, w := range words {
			weight[w] = max(weight[w], f)
		}
	}
	var phrases []string // folded, for synonyms
	var titles [][]string
	name := func(s string, f float64) {
		folded := Fold(s)
		if folded == "" {
			return
		}
		words := x.content(s)
		put(words, f)
		titles = append(titles, words)
		phrases = append(phrases, folded)
		if !slices.Contains(x.exact[folded], int32(i)) {
			x.exact[folded] = append(x.exact[folded], int32(i))
		}
	}
	for _, l := range catalogue.Langs {
		name(d.Title.In(l), inTitle)
	}
	for _, s := range d.Also {
		name(s, inAlso)
	}
	for _, l := range catalogue.Langs {
		for _, s := range d.Words.In(l) {
			put(x.content(s), inWords)
			phrases = append(phrases, Fold(s))
		}
	}
	for _, s := range d.Extra {
		put(x.content(s), inExtra)
	}
	b.expand(d, phrases, put)
	b.fields = append(b.fields, map[string]string{fieldKind: string(d.Kind)})
	b.titles = append(b.titles, titles)

	for w := range weight {
		b.words[w]++
	}
	stems := map[string]float64{}
	for w, f := range weight {
		s := Stem(w)
		stems[s] = max(stems[s], f*asForm)
	}
	asked := map[string]bool{}
	for _, l := range catalogue.Langs {
		for _, q := range d.Ask.In(l) {
			// Not to the vocabulary: people's questions are full of slips.
			for _, w := range x.content(q) {
				s := Stem(w)
				stems[s] = max(stems[s], inAsk)
				asked[w] = true
			}
		}
	}
	for w := range asked {
		x.asked[w]++
	}
	body := map[string]float64{}
	for _, l := range catalogue.Langs {
		for _, w := range x.content(d.Body.In(l)) {
			if s := Stem(w); stems[s] == 0 {
				body[s] = inBody
			}
		}
	}
	b.fields[i][fieldPlain] = strings.Join(sortedKeys(stems), " ")
	b.fields[i][fieldBody] = strings.Join(sortedKeys(body), " ")
	var f facts
	note := func(prefix string, m map[string]float64, counts bool) {
		for _, w := range sortedKeys(m) {
			t := b.term(prefix + w)
			if counts {
				b.df[t]++
			}
			f.terms = append(f.terms, weighted{t, float32(m[w])})
		}
	}
	note("", weight, true)
	note("~", stems, true)
	note("~", body, true)
	slices.SortFunc(f.terms, func(a, b weighted) int { return int(a.term) - int(b.term) })
	x.facts = append(x.facts, f)
}

// expand adds the words that mean the same as d's own.
func (b *builder) expand(d *Doc, phrases []string, put func([]string, float64)) {
	syn := b.x.syn
	give := func(n int, f float64) {
		for _, words := range b.group(n) {
			if len(words) > 1 {
				// Part of a phrase does not mean what the phrase means.
				put(words, min(f, inPart))
				continue
			}
			put(words, f)
		}
	}
	for _, p := range phrases {
		syn.in(p, func(groups []int, whole bool) {
			for _, n := range groups {
				if whole {
					give(n, inSynonym)
				} else {
					give(n, inPart)
				}
			}
		})
	}
	if d.Kind == PlaceKind {
		return
	}
	for n, g := range syn.Groups {
		if slices.Contains(d.Fields, catalogue.Field(g.ID)) {
			give(n, inPart)
		}
	}
}

// group is what each word and phrase of a synonym group says, read once.
func (b *builder) group(n int) [][]string {
	words, ok := b.groups[n]
	if !ok {
		for _, w := range b.x.syn.Groups[n].words() {
			words = append(words, b.x.content(w))
		}
		b.groups[n] = words
	}
	return words
}

// finish weighs the titles once every word's weight is known.
func (b *builder) finish() {
	for i, titles := range b.titles {
		for _, words := range titles {
			var t title
			for _, w := range words {
				n := b.term("~" + Stem(w))
				if slices.ContainsFunc(t.words, func(w titleWord) bool { return w.stem == n }) {
					continue
				}
				tw := titleWord{stem: n, groups: b.x.syn.stems[Stem(w)]}
				if parts, ok := b.x.vocab.split(w, 0); ok && letters(w) {
					for _, part := range parts {
						if p, ok := b.x.terms["~"+Stem(part)]; ok {
							tw.parts = append(tw.parts, p)
						}
					}
				}
				t.words = append(t.words, tw)
				t.sum += b.x.idf[n]
			}
			b.x.facts[i].titles = append(b.x.facts[i].titles, t)
		}
	}
}

// sortedKeys are the keys of m in order.
func sortedKeys(m map[string]float64) []string { return slices.Sorted(maps.Keys(m)) }
