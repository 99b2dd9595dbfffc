package search

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// How long a folded word must be, in letters, before one or two typing errors
// in it are mended. Shorter words are one edit from too many others.
const (
	oneEditFrom  = 4
	twoEditsFrom = 8
)

// everydayFrom is how long an everyday word must be, in letters, for its slips
// to be seen.
const everydayFrom = 8

// maxCandidates is how many corrections of a word are considered.
const maxCandidates = 3

// A Candidate is a known word that a misspelt one may stand for.
type Candidate struct {
	Word  string
	Edits int // letters added, left out, changed or swapped: 1 or 2
}

// A Vocabulary is every word that can find something: those of titles, search
// words, synonyms, terms and places, never of descriptions. It mends words
// against them. It never changes and is safe for concurrent use.
type Vocabulary struct {
	syn    *Synonyms
	known  map[string]int // word to the number of documents it finds
	stems  map[string]string
	sounds map[string][]string
	bylen  [maxWord + 3][]entry
	// everyday are long words that say nothing: a slip of one is no slip of ours.
	everyday [maxWord + 3][]entry
}

type entry struct {
	mask uint32 // the letters of the word, one bit each
	word string
}

// NewVocabulary builds a vocabulary of folded words, each with how many things
// it finds. Words of one letter are left out.
func NewVocabulary(words map[string]int, syn *Synonyms) *Vocabulary {
	v := &Vocabulary{syn: syn, known: map[string]int{}, stems: map[string]string{}, sounds: map[string][]string{}}
	sorted := make([]string, 0, len(words))
	for w := range words {
		sorted = append(sorted, w)
	}
	slices.Sort(sorted)
	for _, w := range sorted {
		if len(w) < 2 {
			continue
		}
		v.known[w] = words[w]
		s := Stem(w)
		if first, ok := v.stems[s]; !ok || words[w] > words[first] {
			v.stems[s] = w
		}
		if len(w) > maxWord || !letters(w) || syn.stop[w] {
			continue
		}
		v.bylen[len(w)] = append(v.bylen[len(w)], entry{mask(w), w})
		if len(w) >= oneEditFrom {
			v.sounds[sound(w)] = append(v.sounds[sound(w)], w)
		}
	}
	for _, of := range []map[string]bool{syn.stop, syn.common} {
		for w := range of {
			if len(w) >= everydayFrom && len(w) <= maxWord && letters(w) {
				v.everyday[len(w)] = append(v.everyday[len(w)], entry{mask(w), w})
			}
		}
	}
	return v
}

// Len is the number of words.
func (v *Vocabulary) Len() int { return len(v.known) }

// Known reports whether a folded word finds something, or is an everyday word
// that must not be taken for a misspelling of another.
func (v *Vocabulary) Known(word string) bool {
	_, ok := v.known[word]
	return ok || v.syn.stop[word] || v.syn.common[word]
}

// Correct returns known words that a folded word may be a misspelling of, the
// likeliest first, at most 3: those one edit away or that sound the same; only
// when there are none, those two edits away. A known word needs no correction.
func (v *Vocabulary) Correct(word string) []Candidate {
	if c := v.oneEdit(word); len(c) > 0 {
		return c
	}
	return v.twoEdits(word)
}

func (v *Vocabulary) oneEdit(word string) []Candidate {
	if !v.mendable(word, oneEditFrom) {
		return nil
	}
	var found [maxCandidates]Candidate
	n := 0
	m := mask(word)
	if v.slipOfEveryday(word, m) {
		return nil
	}
	for l := len(word) - 1; l <= len(word)+1; l++ {
		if l < 3 {
			continue
		}
		for _, e := range v.bylen[l] {
			if bits.OnesCount32(e.mask^m) > 2 || !within1(word, e.word) {
				continue
			}
			if len(word) <= 5 && !likelySlip(word, e.word) {
				continue
			}
			n = v.keep(&found, n, word, Candidate{e.word, 1})
		}
	}
	if n == 0 {
		for _, w := range v.sounds[sound(word)] {
			if !within2(word, w) {
				continue
			}
			n = v.keep(&found, n, word, Candidate{w, 1})
		}
	}
	return distinct(found[:n])
}

// slipOfEveryday reports whether a word is one edit from an everyday word:
// "programe" is "programme", not "programmer".
func (v *Vocabulary) slipOfEveryday(word string, m uint32) bool {
	for l := max(everydayFrom, len(word)-1); l <= len(word)+1; l++ {
		for _, e := range v.everyday[l] {
			if e.word[0] == word[0] && bits.OnesCount32(e.mask^m) <= 2 && within1(word, e.word) {
				return true
			}
		}
	}
	return false
}

// likelySlip reports whether a short word is likely to be meant as another one
// that is one edit away: most are other words. The first letter is what people
// get right, and in four letters a changed one must sound or lie close by.
func likelySlip(word, to string) bool {
	if word[0] != to[0] {
		return len(to) > len(word) || to[0] == word[1] && to[1] == word[0]
	}
	if len(word) > 4 || len(to) != len(word) {
		return true
	}
	i := 0
	for word[i] == to[i] {
		i++
	}
	if i+1 < len(word) && word[i] == to[i+1] && word[i+1] == to[i] {
		return true
	}
	return sound(word) == sound(to) || strings.Contains(keys, word[i:i+1]+to[i:i+1]) || strings.Contains(keys, to[i:i+1]+word[i:i+1])
}

// keys are the rows of the keyboards people use here.
const keys = "azertyuiopqsdfghjklmwxcvbn qwertyuiopasdfghjklzxcvbnm"

func (v *Vocabulary) twoEdits(word string) []Candidate {
	if !v.mendable(word, twoEditsFrom) {
		return nil
	}
	var found [maxCandidates]Candidate
	n := 0
	m := mask(word)
	for l := len(word) - 2; l <= len(word)+2; l++ {
		for _, e := range v.bylen[l] {
			if bits.OnesCount32(e.mask^m) > 4 || (e.word[0] != word[0] && e.word[0] != word[1]) || !within2(word, e.word) {
				continue
			}
			n = v.keep(&found, n, word, Candidate{e.word, 2})
		}
	}
	return distinct(found[:n])
}

// distinct copies candidates and leaves out other forms of the same word, which
// would find the same.
func distinct(c []Candidate) []Candidate {
	if len(c) == 0 {
		return nil
	}
	out := make([]Candidate, 0, len(c))
	for _, k := range c {
		if !slices.ContainsFunc(out, func(o Candidate) bool { return Stem(o.Word) == Stem(k.Word) }) {
			out = append(out, k)
		}
	}
	return out
}

func (v *Vocabulary) mendable(word string, from int) bool {
	return len(word) >= from && len(word) <= maxWord && letters(word) && !v.Known(word)
}

// keep inserts c where it belongs among the best n, and returns their number.
func (v *Vocabulary) keep(best *[maxCandidates]Candidate, n int, word string, c Candidate) int {
	i := n
	for i > 0 && v.compare(word, c, best[i-1]) < 0 {
		i--
	}
	if i == maxCandidates {
		return n
	}
	n = min(n+1, maxCandidates)
	copy(best[i+1:n], best[i:n-1])
	best[i] = c
	return n
}

// compare orders corrections of word: those that sound the same, then those
// that begin and end the same, then words that find more.
func (v *Vocabulary) compare(word string, a, b Candidate) int {
	return cmp.Or(
		cmp.Compare(a.Edits, b.Edits),
		-cmp.Compare(v.likeness(word, a.Word), v.likeness(word, b.Word)),
		-cmp.Compare(v.known[a.Word], v.known[b.Word]),
		cmp.Compare(a.Word, b.Word))
}

func (v *Vocabulary) likeness(word, to string) (n int) {
	if word[0] == to[0] {
		n += 2
	}
	if word[len(word)-1] == to[len(to)-1] {
		n++
	}
	if mask(word) == mask(to) { // only swapped or doubled letters
		n += 2
	}
	return n
}

// Split takes a compound apart: the longest known word at its head, and what
// of the rest is known ("autoherstelschool" is "auto", "herstellen"). Endings
// that say nothing, such as "opleiding", are left out; an unknown ending is
// allowed after a head of at least 5 letters. It returns nil for a known word
// and for what is no compound.
func (v *Vocabulary) Split(word string) []string {
	if len(word) < 6 || len(word) > maxWord || !letters(word) || v.Known(word) {
		return nil
	}
	if parts, ok := v.split(word, 0); ok && len(parts) > 0 {
		return parts
	}
	for i := len(word) - 3; i >= 5; i-- {
		if h := v.head(word[:i]); h != "" {
			return []string{h}
		}
	}
	for i := len(word) - 3; i >= 6; i-- {
		if h, ok := v.stems[Stem(word[:i])]; ok {
			return []string{h}
		}
	}
	return nil
}

// maxParts bounds the depth of a split; longer compounds are not used.
const maxParts = 4

// split takes word apart so that every part is known or says nothing.
func (v *Vocabulary) split(word string, depth int) (parts []string, ok bool) {
	if v.syn.tails[word] {
		return nil, true
	}
	if h := v.head(word); h != "" && depth > 0 && len(word) >= 4 {
		return []string{h}, true
	}
	if depth == maxParts {
		return nil, false
	}
	for i := len(word) - 3; i >= 3; i-- {
		h := v.head(word[:i])
		if h == "" {
			continue
		}
		for _, link := range []string{"", "s", "en", "e", "n"} {
			rest, linked := strings.CutPrefix(word[i:], link)
			if !linked || len(rest) < 3 || (link != "" && len(rest) < 4) {
				continue
			}
			if more, ok := v.split(rest, depth+1); ok {
				return append([]string{h}, more...), true
			}
		}
	}
	return nil, false
}

// head returns the known word that a part of a compound stands for: itself, or
// a verb or plural of it ("las" stands for "lassen"); "" when there is none.
func (v *Vocabulary) head(part string) string {
	if v.syn.stop[part] || len(part) < 3 {
		return ""
	}
	if _, ok := v.known[part]; ok {
		return part
	}
	last := part[len(part)-1:]
	for _, form := range []string{"en", last + "en", "e", "s"} {
		if _, ok := v.known[part+form]; ok && !v.syn.stop[part+form] {
			return part + form
		}
	}
	if n := len(part); n >= 5 && part[n-2] == part[n-3] && strings.Contains("aeou", part[n-2:n-1]) {
		if w := part[:n-2] + last + "en"; v.known[w] > 0 { // "programmeer", from "programmeren"
			return w
		}
	}
	return ""
}

// letters reports whether w is small ASCII letters only.
func letters(w string) bool {
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}

func mask(w string) (m uint32) {
	for i := range len(w) {
		m |= 1 << (w[i] - 'a')
	}
	return m
}

// sound is a key that spellings of the same sound share: doubled letters,
// c/k, ph/f, y/ij/ei/ie, z/s, d/t at the end, a silent h.
func sound(w string) string {
	w = spell(w)
	w = sounds.Replace(w)
	b := make([]byte, 0, len(w))
	for i := range len(w) {
		c := w[i]
		switch {
		case c == 'h' && i > 0:
			continue
		case c == 'd' && i == len(w)-1:
			c = 't'
		case c == 'c':
			c = 's'
		}
		if len(b) == 0 || b[len(b)-1] != c {
			b = append(b, c)
		}
	}
	return string(b)
}

var sounds = strings.NewReplacer("ij", "i", "ei", "i", "ie", "i", "ee", "i", "ea", "i", "oe", "u", "oo", "o", "ou", "u", "au", "o", "eau", "o", "z", "s", "x", "ks", "v", "f")

// within1 reports whether a and b differ by at most one edit.
func within1(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i >= len(a)-1 {
		return true
	}
	return a[i+1:] == b[i+1:] || a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// within2 reports whether a and b differ by at most two edits, a swap of
// neighbours counting as one.
func within2(a, b string) bool {
	const far = 3
	n, m := len(a), len(b)
	if n-m > 2 || m-n > 2 {
		return false
	}
	if m == 0 {
		return true
	}
	var rows [3][maxWord + 4]uint8
	for j := range m + 1 {
		rows[0][j] = uint8(min(j, far))
	}
	for i := 1; i <= n; i++ {
		row, up, up2 := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		lo, hi := max(1, i-2), min(m, i+2)
		row[lo-1] = far
		if lo == 1 {
			row[0] = uint8(min(i, far))
		}
		best := uint8(far)
		for j := lo; j <= hi; j++ {
			d := up[j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			d = min(d, row[j-1]+1)
			if j < i+2 { // beyond it the row above is out of the band
				d = min(d, up[j]+1)
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, up2[j-2]+1)
			}
			row[j] = min(d, far)
			best = min(best, row[j])
		}
		if best >= far {
			return false
		}
	}
	return rows[n%3][m] <= 2
}
