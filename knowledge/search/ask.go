package search

import (
	"maps"
	"math"
	"slices"

	"wegwijs/knowledge/catalogue"
)

// smallWord is the share of its weight that a word such as "wat" or "how"
// keeps when whole questions are compared. They tell questions apart that are
// about the same thing, and little else.
const smallWord = 0.12

// asks are the questions, and titles, that documents answer. Whole questions
// are compared as sets of stems, each as heavy as it is rare.
type asks struct {
	doc      []int32   // by question
	lang     []uint8   // by question: place in catalogue.Langs
	sum      []float32 // by question: weight of all its stems
	postings map[string]posting
}

type posting struct {
	weight    float32
	small     bool // a word that says little
	questions []int32
}

func newAsks(x *Index) asks {
	a := asks{postings: map[string]posting{}}
	add := func(doc int, lang int, text string) {
		stems := askStems(bind(Tokens(text)))
		if len(stems) == 0 {
			return
		}
		n := int32(len(a.doc))
		a.doc, a.lang = append(a.doc, int32(doc)), append(a.lang, uint8(lang))
		for _, s := range stems {
			p := a.postings[s]
			p.questions = append(p.questions, n)
			a.postings[s] = p
		}
	}
	small := map[string]bool{}
	for w := range x.syn.stop {
		small[Stem(w)] = true
	}
	for i := range x.docs {
		d := &x.docs[i]
		for n, l := range catalogue.Langs {
			if len(d.Ask.NL)+len(d.Ask.FR)+len(d.Ask.EN) > 0 {
				add(i, n, d.Title.In(l))
			}
			for _, q := range d.Ask.In(l) {
				add(i, n, q)
			}
		}
	}
	a.sum = make([]float32, len(a.doc))
	for s, p := range a.postings {
		// How rare a stem is among documents, not questions: ten ways to ask
		// for one article do not make its word common.
		docs := map[int32]bool{}
		for _, q := range p.questions {
			docs[a.doc[q]] = true
		}
		p.weight = rarity(len(x.docs), len(docs))
		if p.small = small[s] || len(s) == 1; p.small {
			p.weight *= smallWord
		}
		a.postings[s] = p
	}
	// In order, so that sums round the same in every run.
	for _, s := range slices.Sorted(maps.Keys(a.postings)) {
		p := a.postings[s]
		for _, q := range p.questions {
			a.sum[q] += p.weight
		}
	}
	return a
}

// askStems are the distinct stems of words, in order.
func askStems(words []string) []string {
	out := make([]string, 0, len(words))
	for _, w := range words {
		if s := Stem(w); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// rarity is the weight of what n of all documents have.
func rarity(all, n int) float32 {
	return float32(math.Log(1 + float64(all)/float64(max(n, 1))))
}

// How much a likeness suffers from weight that only the query has, and from
// weight that only the question has.
const (
	onlyQuery    = 0.5
	onlyQuestion = 0.5
)

// otherLanguage is what a likeness to a question in another language is worth.
const otherLanguage = 0.98

// like adds to best, by document, how much its likest question resembles the
// query, from 0 to 1. stems are distinct, with the weight that unknown ones get.
func (a *asks) like(stems []string, unknown float32, lang int, s *scratch) {
	if len(a.doc) == 0 || len(stems) == 0 {
		return
	}
	s.common = resize(s.common, len(a.doc))
	var sum float32
	s.asked = s.asked[:0]
	content := false
	for _, stem := range stems {
		p, ok := a.postings[stem]
		switch {
		case !ok && len(stem) == 1:
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
	for _, stem := range stems {
		p := a.postings[stem]
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
		l := c / (c + onlyQuery*max(0, sum-c) + onlyQuestion*max(0, a.sum[q]-c))
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
}
