package search

import (
	"maps"
	"math"
	"slices"

	"wegwijs/knowledge/catalogue"
)

// How whole questions are compared. The figures were chosen by leaving out each
// question of the articles in turn and asking it.
const (
	// smallWord is the share of its weight that a word such as "de" or "the"
	// keeps. They tell questions apart that are about the same, and little else.
	smallWord float32 = 0.12
	// conceptShare is the share of a word's weight that goes to what it means;
	// the rest stays with the word itself.
	conceptShare float32 = 0.8
	// onlyQuery and onlyQuestion say how much a likeness suffers from weight that
	// only the query has, and from weight that only the question has.
	onlyQuery    float32 = 0.5
	onlyQuestion float32 = 0.5
	// aspect is how much more a concept of question-words.yaml counts: what is
	// asked about a thing, beside the thing.
	aspect float32 = 1.5
	// together is the share of what lacks to 1 that a document gains when its
	// questions, title and words explain the query together.
	together float32 = 1
	// often is the number of a document's questions from which on a word counts
	// for half as what the document is about.
	often float32 = 1
)

// askedOften is the number of documents whose questions must hold a word before
// slips are mended to it: people's questions are full of slips themselves.
const askedOften = 3

// otherLanguage is what a likeness to a question in another language is worth.
const otherLanguage = 0.98

// asks are the questions, and titles, that documents answer. Whole questions
// are compared as sets of keys: the stems of their words, and the concepts that
// these stand for. Each is as heavy as it is rare.
type asks struct {
	doc      []int32   // by question
	lang     []uint8   // by question: place in catalogue.Langs
	sum      []float32 // by question: weight of all its keys
	postings map[string]posting
	has      []bool // by document: it has questions of its own
	concepts *concepts
	vocab    *Vocabulary // words that slips in a question are mended to
}

type posting struct {
	weight    float32
	small     bool // a key that says little
	questions []int32
	about     []docCount
}

// docCount is how often a key stands in what a document says about itself.
type docCount struct {
	doc int32
	n   float32
}

func newAsks(x *Index) asks {
	small := map[string]bool{}
	for w := range x.syn.stop {
		small[Stem(w)] = true
	}
	a := asks{postings: map[string]posting{}, concepts: newConcepts(x.syn, small)}
	about := map[string]map[int32]float32{} // key to document to how often
	note := func(doc int, key string, n float32) {
		if about[key] == nil {
			about[key] = map[int32]float32{}
		}
		about[key][int32(doc)] += n
	}
	add := func(doc, lang int, text string, more ...string) {
		keys := append(a.keys(stemAll(bind(Tokens(text)))), more...)
		if len(keys) == 0 {
			return
		}
		n := int32(len(a.doc))
		a.doc, a.lang = append(a.doc, int32(doc)), append(a.lang, uint8(lang))
		for _, k := range keys {
			p := a.postings[k]
			p.questions = append(p.questions, n)
			a.postings[k] = p
			note(doc, k, 1)
		}
	}
	words := func(doc int, text string, n float32) {
		for _, k := range a.keys(stemAll(bind(Tokens(text)))) {
			note(doc, k, n)
		}
	}
	a.has = make([]bool, len(x.docs))
	for i := range x.docs {
		d := &x.docs[i]
		asked := len(d.Ask.NL)+len(d.Ask.FR)+len(d.Ask.EN) > 0
		a.has[i] = asked
		for n, l := range catalogue.Langs {
			switch {
			case asked:
				add(i, n, d.Title.In(l))
				words(i, d.Title.In(l), 1)
			case d.Kind == TermKind:
				add(i, n, d.Title.In(l), "=meaning")
			}
			for _, q := range d.Ask.In(l) {
				add(i, n, q)
			}
			if asked {
				for _, w := range d.Words.In(l) {
					words(i, w, 1.5)
				}
				words(i, d.Body.In(l), 0.4)
			}
			if d.Kind == TermKind {
				for _, w := range d.Words.In(l) {
					add(i, n, w, "=meaning")
				}
			}
		}
	}
	broad := map[string]bool{}
	for w := range x.syn.broad {
		broad[Stem(w)] = true
	}
	a.sum = make([]float32, len(a.doc))
	for k, p := range a.postings {
		// How rare a key is among documents, not questions: ten ways to ask for
		// one article do not make its word common.
		docs := map[int32]bool{}
		for _, q := range p.questions {
			docs[a.doc[q]] = true
		}
		share, ok := a.concepts.weight[k]
		p.weight = rarity(len(x.docs), len(docs))
		switch {
		case k[0] == '=':
			p.weight *= conceptShare
			if k[1] != 'g' || k[2] != ' ' {
				p.weight *= aspect
			}
			if p.small = ok && share < 1; p.small {
				p.weight *= share
			}
		case small[k] || len(k) == 1:
			p.small = true
			p.weight *= smallWord
		case a.concepts.alone[k]:
			p.weight *= 1 - conceptShare
		}
		if broad[k] {
			p.weight *= broadShare
		}
		for d, n := range about[k] {
			p.about = append(p.about, docCount{d, n})
		}
		slices.SortFunc(p.about, func(a, b docCount) int { return int(a.doc - b.doc) })
		a.postings[k] = p
	}
	mended := map[string]int{}
	for w := range a.concepts.words {
		mended[w] = 1
	}
	for w, n := range x.asked {
		if n >= askedOften || x.finds(w) {
			mended[w] += n
		}
	}
	a.vocab = NewVocabulary(mended, x.syn)
	// In order, so that sums round the same in every run.
	for _, k := range slices.Sorted(maps.Keys(a.postings)) {
		p := a.postings[k]
		for _, q := range p.questions {
			a.sum[q] += p.weight
		}
	}
	return a
}

// keys are the distinct keys of a question: its stems and its concepts.
func (a *asks) keys(stems []string) []string {
	all := a.concepts.keys(slices.Clone(stems), stems)
	out := all[:0]
	for _, k := range all {
		if !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// rarity is the weight of what n of all documents have.
func rarity(all, n int) float32 {
	return float32(math.Log(1 + float64(all)/float64(max(n, 1))))
}

// like adds to s.likeness, by document, how much its likest question resembles
// the query, from 0 to 1. unknown is the weight of a stem that no question has.
func (a *asks) like(stems []string, unknown float32, lang int, s *scratch) {
	if len(a.doc) == 0 || len(stems) == 0 {
		return
	}
	s.common = resize(s.common, len(a.doc))
	var sum float32
	s.asked = s.asked[:0]
	content := false
	keys := a.keys(stems)
	for _, k := range keys {
		p, ok := a.postings[k]
		switch {
		case !ok && k[0] == '=':
		case !ok && len(k) == 1:
			sum += unknown * smallWord
		case !ok:
			sum += unknown
			content = true
		case !p.small:
			sum += p.weight
			content = true
			for _, q := range p.questions {
				if s.common[q] == 0 {
					s.asked = append(s.asked, q)
				}
				s.common[q] += p.weight
			}
		}
	}
	for _, k := range keys {
		p := a.postings[k]
		if !p.small {
			continue
		}
		sum += p.weight
		for _, q := range p.questions {
			// Small words alone make two questions alike only if there are no others.
			if s.common[q] == 0 {
				if content {
					continue
				}
				s.asked = append(s.asked, q)
			}
			s.common[q] += p.weight
		}
	}
	for _, q := range s.asked {
		c := s.common[q]
		s.common[q] = 0
		if int(q) == s.skip-1 {
			continue
		}
		l := c / (c + onlyQuery*max(0, sum-c) + onlyQuestion*max(0, a.sum[q]-c))
		if !content && l < 0.999 {
			continue // "what is it": small words make no question but their own
		}
		if lang >= 0 && int(a.lang[q]) != lang && l < 0.999 {
			l *= otherLanguage
		}
		if d := a.doc[q]; l > s.likeness[d] {
			if s.likeness[d] == 0 {
				s.liked = append(s.liked, d)
			}
			s.likeness[d] = l
		}
	}
	if sum == 0 {
		return
	}
	for _, k := range keys {
		p := a.postings[k]
		for _, c := range p.about {
			if s.likeness[c.doc] > 0 {
				n := c.n
				if s.skip > 0 && c.doc == a.doc[s.skip-1] {
					n = max(0, n-1)
				}
				s.about[c.doc] += p.weight * n / (n + often) / sum
			}
		}
	}
	for _, d := range s.liked {
		l := s.likeness[d]
		if l <= 0.999 {
			s.likeness[d] = l + (1-l)*together*min(1, s.about[d])
		}
		s.about[d] = 0
	}
}
