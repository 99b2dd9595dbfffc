package understand

import (
	"math"
	"strings"

	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// languages tells Dutch, French and English apart from a handful of words. It
// is a naive Bayes reader over pieces of two to four letters of each word, with
// whole common words on top, taught at the start by the project's own words.
type languages struct {
	grams    map[uint32][3]float32 // log chance of a piece in each language
	floor    [3]float32            // the same for a piece never seen
	whole    map[string][3]float32
	words    []string        // every word of language.yaml, folded
	official map[string]bool // words of official Dutch titles
}

// Weights, chosen on texts other than those of the test.
const (
	smooth     = 0.4  // added to each count
	gramWeight = 0.45 // the pieces of a word are not independent
	wordWeight = 1.0
	voteFrom   = -0.2 // log chance from which a word is of one language
	calm       = 0.7  // makes the reader less sure of itself
)

func newLanguages(b *builder, f *languageFile, chat *chatFile, c *catalogue.Catalogue) *languages {
	g := &languages{grams: map[uint32][3]float32{}, whole: map[string][3]float32{}, official: map[string]bool{}}
	counts := map[uint32]*[3]float64{}
	var total [3]float64
	wholes := map[string]*[3]float64{}
	// Each word counts once for each kind of source: a list of titles must not
	// drown the common words.
	teach := func(l int, w string, weight float64) {
		pieces(w, func(k uint32) {
			n := counts[k]
			if n == nil {
				n = &[3]float64{}
				counts[k] = n
			}
			n[l] += weight
			total[l] += weight
		})
	}
	common := func(l int, w string, weight float64) {
		n := wholes[w]
		if n == nil {
			n = &[3]float64{}
			wholes[w] = n
		}
		n[l] += weight
		teach(l, w, 3*weight)
	}
	for i := range c.Courses {
		for _, w := range fold(c.Courses[i].Title.NL) {
			g.official[w] = len(w) > 3
		}
	}
	for i, l := range catalogue.Langs {
		seen := map[string]bool{}
		for _, s := range f.Words.In(l) {
			for _, w := range fold(s) {
				g.words = append(g.words, w)
				common(i, w, 3)
				seen[w] = true
			}
		}
		for _, s := range f.Sentences.In(l) {
			for _, w := range fold(s) {
				g.words = append(g.words, w)
				common(i, w, 1)
			}
		}
		for _, w := range b.taught[l] {
			if !seen[w] {
				seen[w] = true
				common(i, w, 0.5)
			}
		}
		chats := []map[string]string{chat.NL, chat.Only.NL}
		switch l {
		case catalogue.FR:
			chats = []map[string]string{chat.FR, chat.Only.FR}
		case catalogue.EN:
			chats = []map[string]string{chat.EN, chat.Only.EN}
		}
		for _, m := range chats {
			for _, k := range sortedKeys(m) {
				for _, w := range fold(k) {
					common(i, w, 2)
				}
			}
		}
		for j := range c.Courses {
			k := &c.Courses[j]
			texts := []string{k.Summary.In(l)}
			if l != catalogue.EN { // English titles and keywords are often Dutch or French ones
				texts = append(texts, k.Title.In(l))
				texts = append(texts, k.Keywords.In(l)...)
			}
			for _, s := range texts {
				for _, w := range fold(s) {
					if !seen[w] {
						seen[w] = true
						teach(i, w, 1)
					}
				}
			}
		}
	}
	for k, n := range counts {
		var v [3]float32
		for l := range n {
			v[l] = float32(math.Log((n[l] + smooth) / (total[l] + smooth*float64(len(counts)))))
		}
		g.grams[k] = v
	}
	for l := range total {
		g.floor[l] = float32(math.Log(smooth / (total[l] + smooth*float64(len(counts)))))
	}
	for w, n := range wholes {
		sum := n[0] + n[1] + n[2] + 0.6
		var v [3]float32
		for l := range n {
			v[l] = float32(math.Log((n[l] + 0.2) / sum))
		}
		g.whole[w] = v
	}
	return g
}

// pieces calls f for every piece of two to four bytes of " w ".
func pieces(w string, f func(uint32)) {
	at := func(i int) uint32 {
		if i < 0 || i >= len(w) {
			return ' '
		}
		return uint32(w[i])
	}
	for i := -1; i < len(w); i++ {
		k := at(i)<<8 | at(i+1)
		f(k)
		if i+2 <= len(w) {
			k = k<<8 | at(i+2)
			f(k)
			if i+3 <= len(w) {
				f(k<<8 | at(i+3))
			}
		}
	}
}

// read returns the most likely language of the words and how sure that is.
// Names of places say nothing about it. A text without letters has none.
func (g *languages) read(text string, words []string, names map[string]bool) (catalogue.Lang, float64) {
	var sum [3]float64
	n := 0
	var votes [3]int // common words that are of one language only
	for _, w := range words {
		if n == 12 {
			break // a longer text is clear by now
		}
		whole, ok := g.whole[w]
		if names[w] && !ok || w[0] >= '0' && w[0] <= '9' || len(w) > 40 {
			continue
		}
		n++
		var v [3]float64
		k := 0
		pieces(w, func(p uint32) {
			k++
			x, ok := g.grams[p]
			if !ok {
				x = g.floor
			}
			for l := range v {
				v[l] += float64(x[l])
			}
		})
		best := max(v[0], v[1], v[2])
		if ok {
			for l := range whole {
				if whole[l] > voteFrom {
					votes[l]++
				}
			}
		}
		weight := gramWeight
		if g.official[w] && !ok {
			weight /= 3 // all languages use the Dutch names of courses
		}
		for l := range v {
			// One strange word must not decide alone.
			sum[l] += calm * max((v[l]-best)*weight, -2.5)
			if ok {
				sum[l] += calm * float64(whole[l]) * wordWeight
			}
		}
	}
	if n == 0 {
		return "", 0
	}
	if !isASCII(text) {
		accents(text, &sum)
	}
	best := 0
	for l := range sum {
		if sum[l] > sum[best] {
			best = l
		}
	}
	z := 0.0
	for l := range sum {
		z += math.Exp(sum[l] - sum[best])
	}
	sure := 1 / z
	// Two languages in one text: likely, but nothing to act upon.
	if all := votes[0] + votes[1] + votes[2]; all > votes[best] && 4*(all-votes[best]) >= all {
		sure = min(sure, 0.7)
	}
	return catalogue.Langs[best], sure
}

// accents adds what the marks on the letters say, which folding loses.
func accents(text string, sum *[3]float64) {
	n := 0
	for _, r := range text {
		switch r {
		case 'é', 'è', 'ê', 'à', 'ç', 'ù', 'â', 'î', 'ô', 'û', 'œ', 'É', 'È', 'À', 'Ç':
			if n++; n <= 2 {
				sum[1] += 1.5
			}
		case 'ë', 'ö', 'ü':
			sum[0] += 0.7
		}
	}
}

// foldText is the folded text with single spaces.
func foldText(s string) string { return strings.Join(search.Tokens(s), " ") }
