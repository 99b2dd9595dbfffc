package search

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/search/query"

	"wegwijs/knowledge/catalogue"
)

// A Query is what to find. The zero Query finds nothing.
type Query struct {
	// Words are the folded words to search for, at most MaxWords of them; more
	// are left out. Small words may be among them. None takes those of Text.
	Words []string
	// Text is the whole question. It is compared with the questions that
	// documents answer. Empty takes Words.
	Text string
	// Lang is the language of Text; "" is unknown. It only breaks near ties.
	Lang catalogue.Lang
	// Kinds limits what is found; none means every kind.
	Kinds []Kind
	// Keep, when set, drops documents: it gets their place in the list that
	// Open got.
	Keep func(doc int) bool
	// Limit is the most hits wanted, at most 1,000; 0 means 10.
	Limit int
}

// How a hit was found. It is the weakest way among its words.
const (
	WhyName     = "name"        // the query is its title or another name
	WhyTitle    = "title"       // its names hold the words
	WhyQuestion = "question"    // it answers a question like this one
	WhyWords    = "words"       // its search words hold them
	WhySynonym  = "synonym"     // words that mean the same do
	WhyMended   = "mended"      // after mending or splitting a word
	WhyBody     = "description" // only its description does
)

// A Hit is one document that was found.
type Hit struct {
	Kind Kind
	ID   string
	Doc  int // its place in the list that Open got
	// Score says how well the document explains the query, from 0 to 1, and can
	// be compared between queries. From Sure on it may be told as the answer;
	// below Maybe it should not be told at all.
	Score float64
	// Matched of the Words content words of the query point to the document.
	Matched, Words int
	// Exact is true when the query is the document's title or another name, or
	// one of the questions it answers.
	Exact bool
	// Corrected maps words of the query that were mended to what they were read
	// as: "elektrisiteit" to "elektriciteit", "lascursus" to "lassen". Nil when
	// none was.
	Corrected map[string]string
	Why       string // one of the Why constants
}

// Sure and Maybe are the scores from which a hit may be told as the answer,
// and offered as a guess.
const (
	Sure  = 0.6
	Maybe = 0.35
)

const (
	defaultLimit = 10
	maxLimit     = 1000
	candidates   = 200 // documents that the index hands over for scoring
	maxAsked     = 40  // words of a question that are compared
)

// How much a word counts after it was mended.
const (
	afterOneEdit  = 0.92
	afterSplit    = 0.88
	afterTwoEdits = 0.8
	afterJoin     = 0.97 // "web design" for "webdesign"
	afterPair     = 0.75 // "machine" alone, in "machine learning"
	lessLikely    = 0.06 // taken off for each candidate before it
)

// tailWeight is the share of its weight that a later part of a compound keeps:
// "fietstechniek" is about bikes first.
const tailWeight = 0.35

// titleShare is the part of a score that depends on how much of the title the
// query explains, so that "hout" finds Hout before Bouw en hout.
const titleShare = 0.28

// partOfTitleWord is how much of a compound in a title one part of it explains.
const partOfTitleWord = 0.55

// sameAsTitleWord is how much of a word in a title one that means the same
// explains.
const sameAsTitleWord = 0.85

// byWords is the share that the words keep in the score of a document whose
// questions are less like the query than its words are.
const byWords = 0.6

// bothWays is the share of what lacks to 1 that a document gains when it both
// answers such a question and holds the words.
const bothWays = 0.3

// focus is the most of what lacks to 1 that the index's own score adds, for
// documents that are about little else. It orders documents that are equal
// otherwise.
const focus = 0.06

// An alt is one reading of a query word.
type alt struct {
	word   string
	stem   string
	sure   float32
	plain  int64 // term of the word, or -1
	form   int64 // term of the stem, or -1
	groups []int // of synonyms that it belongs to by itself
}

// A part is one content word of a query, or of a compound in it.
type part struct {
	asked  string // as the visitor wrote it
	alts   []alt  // likeliest first; none when nothing is known of it
	weight float32
	body   bool // only descriptions may know it
	mended bool
	tail   bool // the later part of a compound: welcome, not required
}

// scratch is memory that queries hand on.
type scratch struct {
	common   []float32 // by question
	asked    []int32   // questions touched
	likeness []float32 // by document
	focus    []float32 // by document: the index's own score, the best being 1
	hits     []Hit
	order    []int32
	liked    []int32   // documents touched
	about    []float32 // by document
	skip     int       // a question left out, counted from 1, by tests; 0 is none
}

func resize(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}

// Find returns the documents that explain the query best: by score, then kind,
// then id. The same query always gives the same hits. It returns no hit for
// words that nothing is known of, and an error only when ctx ends or the index
// is closed.
func (x *Index) Find(ctx context.Context, q Query) ([]Hit, error) {
	words := x.bound(q)
	parts := x.read(words)
	s := x.liken(q, words, parts)
	defer x.release(s)

	ranked, err := x.candidates(ctx, q, parts)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	found := make([]int, 0, len(ranked)+len(s.liked))
	s.focus = resize(s.focus, len(x.docs))
	for _, r := range ranked {
		found = append(found, r.doc)
		s.focus[r.doc] = float32(r.score / ranked[0].score)
	}
	whole := x.exact[strings.Join(words, " ")]
	for _, d := range s.liked {
		found = append(found, int(d))
	}
	for _, d := range whole {
		found = append(found, int(d))
	}
	slices.Sort(found)
	found = slices.Compact(found)

	var corrected map[string]string
	for _, p := range parts {
		if p.mended && len(p.alts) > 0 {
			if corrected == nil {
				corrected = map[string]string{}
			}
			if have := corrected[p.asked]; have != "" {
				corrected[p.asked] = have + " " + p.alts[0].word
			} else {
				corrected[p.asked] = p.alts[0].word
			}
		}
	}
	hits, order := s.hits[:0], s.order[:0]
	for _, d := range found {
		if !q.wants(x, d) {
			continue
		}
		h := x.score(d, parts, s.likeness[d], slices.Contains(whole, int32(d)))
		if h.Score == 0 {
			continue
		}
		if !h.Exact {
			h.Score = round(min(h.Score+(1-h.Score)*focus*float64(s.focus[d]), 0.999))
		}
		h.Corrected = corrected
		hits = append(hits, h)
	}
	for i := range hits {
		order = append(order, int32(i))
	}
	slices.SortFunc(order, func(i, j int32) int { // hits are large to move
		a, b := &hits[i], &hits[j]
		return cmp.Or(-cmp.Compare(a.Score, b.Score), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	for _, r := range ranked {
		s.focus[r.doc] = 0
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	out := make([]Hit, min(len(hits), limit, maxLimit))
	for i := range out {
		out[i] = hits[order[i]]
	}
	clear(hits) // no word of a visitor is kept
	s.hits, s.order = hits, order
	return out, nil
}

// sameQuestion is the likeness above which two questions ask the same: it
// leaves room for rounding only.
const sameQuestion = 0.999

// Answers reports whether a document of the query's kinds answers this very
// question. It costs a fraction of Find, which says which one.
func (x *Index) Answers(q Query) bool {
	words := x.bound(q)
	s := x.liken(q, words, x.read(words))
	defer x.release(s)
	return slices.ContainsFunc(s.liked, func(d int32) bool {
		return s.likeness[d] > sameQuestion && q.wants(x, int(d))
	})
}

// liken compares the question with those that documents answer. The scratch
// that it fills must be released.
func (x *Index) liken(q Query, words []string, parts []part) *scratch {
	s := x.pool.Get().(*scratch)
	s.likeness = resize(s.likeness, len(x.docs))
	s.about = resize(s.about, len(x.docs))
	x.asks.like(x.askedStems(q, words, parts), rarity(len(x.docs), 1), slices.Index(catalogue.Langs, q.Lang), s)
	return s
}

// release leaves the scratch clean for the next.
func (x *Index) release(s *scratch) {
	for _, d := range s.liked {
		s.likeness[d] = 0
	}
	s.liked = s.liked[:0]
	x.pool.Put(s)
}

func (q *Query) wants(x *Index, d int) bool {
	return (len(q.Kinds) == 0 || slices.Contains(q.Kinds, x.docs[d].Kind)) && (q.Keep == nil || q.Keep(d))
}

// bound returns the words to search for, within the limits.
func (x *Index) bound(q Query) []string {
	words := q.Words
	if len(words) == 0 {
		words = Tokens(cut(q.Text, MaxRunes))
	}
	out, runes := make([]string, 0, min(len(words), MaxWords)), 0
	for _, w := range words {
		if runes += len(w); len(out) == MaxWords || runes > 4*MaxRunes {
			break
		}
		// A caller may hand over what it did not fold.
		for _, w := range Tokens(cut(w, MaxRunes)) {
			if len(w) <= maxWord*2 && len(out) < MaxWords {
				out = append(out, w)
			}
		}
	}
	return bind(out)
}

// cut returns the first n runes of s.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// read finds out what each word may mean.
func (x *Index) read(words []string) []part {
	parts := make([]part, 0, len(words))
	pair := ""   // what the word before means with this one
	joined := "" // the word that the one before and this one make together
	for i, w := range words {
		next := ""
		if i+1 < len(words) {
			if j := w + words[i+1]; len(j) <= maxWord && x.finds(j) {
				next = j
			}
		}
		before := pair
		if pair = ""; i+1 < len(words) {
			pair = x.pair(w, words[i+1])
		}
		if x.empty(w) {
			joined = ""
			continue
		}
		n := len(parts)
		if p := cmp.Or(before, pair); p != "" && x.finds(p) {
			alone := x.alt(w, afterPair)
			parts = append(parts, x.part(w, false, x.alt(p, 1)))
			parts[n].alts = append(parts[n].alts, alone)
			joined = ""
			continue
		}
		parts = x.readWord(parts, w, joined != "" || next != "")
		for _, j := range []string{joined, next} {
			if j != "" {
				parts[n].alts = append(parts[n].alts, x.alt(j, afterJoin))
				parts[n].weight = min(parts[n].weight, x.weigh(parts[n].alts))
			}
		}
		joined = next
	}
	return parts
}

// Knows reports whether a folded word means something here: it finds a
// document, stands in a question or a description, says nothing, or is an
// everyday word. With mend, so does a slip of such a word, or a compound of them.
func (x *Index) Knows(w string, mend bool) bool {
	if x.vocab.Known(w) || x.asked[w] > 0 || x.asks.concepts.words[w] {
		return true
	}
	if _, ok := x.terms["~"+Stem(w)]; ok || !mend {
		return ok
	}
	return len(x.vocab.oneEdit(w)) > 0 || len(x.vocab.Split(w)) > 0
}

// finds reports whether a word finds something as it is written.
func (x *Index) finds(w string) bool {
	_, ok := x.vocab.known[w]
	return ok
}

// readWord adds what one word may mean: known, one edit away, a compound, two
// edits away, or unknown. hold keeps it from being mended.
func (x *Index) readWord(parts []part, w string, hold bool) []part {
	stem := Stem(w)
	if x.finds(w) {
		return append(parts, x.part(w, false, x.alt(w, 1)))
	}
	if _, ok := x.vocab.stems[stem]; ok && !x.syn.common[w] {
		p := x.part(w, false, x.alt(w, 1))
		// An unknown word may share its stem with another by accident: "enginer".
		for _, c := range x.vocab.oneEdit(w) {
			if Stem(c.Word) != stem {
				p.alts = append(p.alts, x.alt(c.Word, afterOneEdit))
			}
		}
		return append(parts, p)
	}
	if _, ok := x.terms["~"+stem]; ok && x.asked[w] > 0 {
		p := x.part(w, false, x.alt(w, 1))
		if heads := x.vocab.Split(w); len(heads) > 0 { // "bouwopleiding": what it holds finds courses too
			p.alts = append(p.alts, x.alt(heads[0], afterSplit))
			p.weight = x.weigh(p.alts)
		}
		return append(parts, p)
	}
	unknown := part{asked: w, weight: rarity(len(x.docs), 1)}
	if hold {
		return append(parts, unknown)
	}
	if c := x.vocab.oneEdit(w); len(c) > 0 {
		return append(parts, x.mended(w, c, afterOneEdit))
	}
	if heads := x.vocab.Split(w); len(heads) > 0 {
		for i, h := range heads {
			p := x.part(w, true, x.alt(h, afterSplit))
			if i > 0 {
				p.weight, p.tail = p.weight*tailWeight, true
			}
			parts = append(parts, p)
		}
		return parts
	}
	if c := x.vocab.twoEdits(w); len(c) > 0 {
		return append(parts, x.mended(w, c, afterTwoEdits))
	}
	if _, ok := x.terms["~"+stem]; ok {
		p := x.part(w, false, x.alt(w, 1))
		p.body = true
		return append(parts, p)
	}
	return append(parts, unknown)
}

func (x *Index) mended(w string, c []Candidate, sure float32) part {
	p := part{asked: w, mended: true}
	for i, k := range c {
		p.alts = append(p.alts, x.alt(k.Word, sure-lessLikely*float32(i)))
	}
	p.weight = x.weigh(p.alts[:1])
	return p
}

func (x *Index) part(asked string, mended bool, a alt) part {
	p := part{asked: asked, mended: mended, alts: []alt{a}}
	p.weight = x.weigh(p.alts)
	return p
}

func (x *Index) alt(w string, sure float32) alt {
	a := alt{word: w, stem: Stem(w), sure: sure, plain: -1, form: -1}
	a.groups = x.syn.stems[a.stem]
	if t, ok := x.terms[w]; ok {
		a.plain = int64(t)
	}
	if t, ok := x.terms["~"+a.stem]; ok {
		a.form = int64(t)
	}
	return a
}

// weigh is the weight of the most common reading.
func (x *Index) weigh(alts []alt) float32 {
	w := rarity(len(x.docs), 1)
	for _, a := range alts {
		if a.form >= 0 {
			w = min(w, x.idf[a.form])
		}
	}
	return w
}

// askedStems are the stems of the whole question, its words mended.
func (x *Index) askedStems(q Query, words []string, parts []part) []string {
	if q.Text != "" {
		words = bind(Tokens(cut(q.Text, 2*MaxRunes)))
	}
	words = words[:min(len(words), maxAsked)]
	stems := make([]string, 0, len(words))
	for _, w := range words {
		s := Stem(w)
		if _, ok := x.asks.postings[s]; !ok {
			if c := x.asks.vocab.oneEdit(w); len(c) > 0 && !x.finds(w) {
				stems = append(stems, Stem(c[0].Word))
				continue
			}
			for i := range parts {
				if parts[i].asked == w && len(parts[i].alts) > 0 {
					s = parts[i].alts[0].stem
					break
				}
			}
		}
		stems = append(stems, s)
	}
	return stems
}

// candidates asks the index for the documents that hold all words; when there
// are none, for those that hold any; when there are none, for descriptions.
func (x *Index) candidates(ctx context.Context, q Query, parts []part) ([]rankedDoc, error) {
	var known, all []query.Query
	for i := range parts {
		if t := parts[i].query(false); t != nil && !parts[i].tail {
			known = append(known, t)
		}
		if t := parts[i].query(true); t != nil {
			all = append(all, t)
		}
	}
	for _, try := range []struct {
		of []query.Query
		or bool
	}{{known, false}, {known, true}, {all, true}} {
		if len(try.of) == 0 {
			continue
		}
		var of query.Query
		switch {
		case len(try.of) == 1:
			of = try.of[0]
		case try.or:
			of = query.NewDisjunctionQuery(try.of)
		default:
			of = query.NewConjunctionQuery(try.of)
		}
		found, err := x.ask(ctx, q, of)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// rankedDoc is a document with the score of the index, best first.
type rankedDoc struct {
	doc   int
	score float64
}

// query is the part as a query of the index; nil when there is nothing to ask.
func (p *part) query(body bool) query.Query {
	if len(p.alts) == 0 || (p.body && !body) {
		return nil
	}
	var any []query.Query
	for _, a := range p.alts {
		any = append(any, term(fieldPlain, a.stem, float64(a.sure)))
		if body {
			any = append(any, term(fieldBody, a.stem, float64(a.sure)/4))
		}
	}
	if len(any) == 1 {
		return any[0]
	}
	return query.NewDisjunctionQuery(any)
}

func term(field, word string, boost float64) query.Query {
	t := query.NewTermQuery(word)
	t.SetField(field)
	t.SetBoost(boost)
	return t
}

// score says how well document d explains the parts.
func (x *Index) score(d int, parts []part, likeness float32, whole bool) Hit {
	f := &x.facts[d]
	h := Hit{Kind: x.docs[d].Kind, ID: x.docs[d].ID, Doc: d, Words: len(parts)}
	var sum, got, weakest float32
	weakest = 2
	mended := false
	for i := range parts {
		p := &parts[i]
		sum += p.weight
		best := float32(0)
		for _, a := range p.alts {
			if w := a.sure * max(f.weight(a.plain), f.weight(a.form)); w > best {
				best = w
			}
		}
		if best > 0 {
			h.Matched++
			got += p.weight * best
			weakest = min(weakest, best)
			mended = mended || p.mended
		}
	}
	score := float32(0)
	if sum > 0 {
		score = got / sum * (1 - titleShare + titleShare*x.titlePart(f, parts))
	}
	if x.asks.has[d] && likeness < score {
		// What answers questions is known by them: words alone say less.
		score = byWords*score + (1-byWords)*likeness
	}
	switch {
	case whole:
		h.Exact, h.Why, score = true, WhyName, 1
	case likeness > sameQuestion:
		h.Exact, h.Why, score = true, WhyQuestion, 1
	case likeness > score:
		h.Why, score = WhyQuestion, likeness+(1-likeness)*bothWays*score
		// Its questions may hold words that it has nowhere else.
		h.Matched = max(h.Matched, int(likeness*float32(h.Words)+0.5))
	case mended:
		h.Why = WhyMended
	case weakest <= inBody:
		h.Why = WhyBody
	case weakest <= inSynonym:
		h.Why = WhySynonym
	case weakest < inTitle*asForm-0.001:
		h.Why = WhyWords
	default:
		h.Why = WhyTitle
	}
	if h.Why != WhyQuestion && !h.Exact {
		score += (1 - score) * bothWays * likeness
	}
	h.Score = float64(score)
	return h
}

// round keeps four decimals, so that a score does not depend on the order of
// additions.
func round(f float64) float64 { return math.Round(f*1e4) / 1e4 }

// titlePart is how well the query and the title that fits it best explain each
// other: 1 when they hold the same words.
func (x *Index) titlePart(f *facts, parts []part) float32 {
	best := float32(0)
	for i := range f.titles {
		t := &f.titles[i]
		var title, asked, all float32 // explained of the title, of the query, and the query
		for j := range parts {
			p := &parts[j]
			all += p.weight
			most := float32(0)
			for _, word := range t.words {
				most = max(most, word.by(p))
			}
			asked += p.weight * most
		}
		for _, word := range t.words {
			most := float32(0)
			for j := range parts {
				most = max(most, word.by(&parts[j]))
			}
			title += most * x.idf[word.stem]
		}
		if title == 0 || asked == 0 {
			continue
		}
		precision, recall := title/t.sum, asked/all
		best = max(best, 2*precision*recall/(precision+recall))
	}
	return best
}

// by is how much of the word a part of a query explains.
func (w *titleWord) by(p *part) (most float32) {
	for _, a := range p.alts {
		switch {
		case a.form < 0:
		case a.form == int64(w.stem):
			most = max(most, a.sure)
		case slices.Contains(w.parts, uint32(a.form)):
			most = max(most, a.sure*partOfTitleWord)
		}
		if most < sameAsTitleWord*a.sure && slices.ContainsFunc(a.groups, func(n int) bool { return slices.Contains(w.groups, n) }) {
			most = sameAsTitleWord * a.sure
		}
	}
	return most
}

// weight is how much of term t the document explains; 0 when it does not hold it.
func (f *facts) weight(t int64) float32 {
	if t < 0 {
		return 0
	}
	i, ok := slices.BinarySearchFunc(f.terms, uint32(t), func(w weighted, t uint32) int { return int(w.term) - int(t) })
	if !ok {
		return 0
	}
	return f.terms[i].weight
}
