package understand

import (
	"strconv"
	"strings"

	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// A token is one word of a text, in normal spelling.
type token struct {
	word   string
	fixes  []string // known words that it may be a slip of; mostly none
	number int      // its value when it is a number, else -1
	at, to int      // the words of the folded text that it stands for: [at, to)
	pause  bool     // a comma, a full stop or the like comes before it
}

// any reports whether f holds for the word or one of its fixes.
func (t *token) any(f func(string) bool) bool {
	if f(t.word) {
		return true
	}
	for _, w := range t.fixes {
		if f(w) {
			return true
		}
	}
	return false
}

// chatWord is what a chat spelling stands for.
type chatWord struct {
	nl, fr, en []string
	always     bool // in whatever language the text is
}

// units are what may be stuck to a number: "5km", "16j".
var units = map[string]string{
	"km": "km", "j": "jaar", "jr": "jaar", "jaar": "jaar", "ans": "ans", "an": "ans", "yo": "jaar", "y": "jaar", "u": "uur", "h": "heures",
}

// tokens turns folded words into tokens: chat spelling is written out with the
// list of lang first, letters that were held down are released, and slips of
// known words get a fix.
func (r *Reader) tokens(words []string, lang catalogue.Lang) []token {
	toks := make([]token, 0, len(words)+4)
	add := func(w string, at, to int) {
		t := token{word: w, number: -1, at: at, to: to}
		if n, err := strconv.Atoi(w); err == nil && n >= 0 && len(w) < 6 {
			t.number = n
		} else if n, ok := r.numbers[w]; ok {
			t.number = n
		}
		toks = append(toks, t)
	}
	for i := 0; i < len(words); i++ {
		w := words[i]
		if n, unit := splitUnit(w); unit != "" {
			add(n, i, i+1)
			add(unit, i, i+1)
			continue
		}
		to, span := r.chatted(words[i:], lang)
		if span == 0 {
			if short := r.release(w); short != w {
				to, span = r.chatted([]string{short}, lang)
				w = short
			}
		}
		if span == 0 {
			add(w, i, i+1)
			continue
		}
		for _, w := range to {
			add(w, i, i+span)
		}
		i += span - 1
	}
	for i := range toks {
		if t := &toks[i]; t.number < 0 && !r.known[t.word] {
			if !r.knows(t.word) {
				t.fixes = r.slips.fix(t.word)
			}
		}
	}
	return toks
}

// knows reports whether the words outside our own lists know it.
func (r *Reader) knows(w string) bool { return r.lex != nil && r.lex.Known(w) }

// chatted looks whether the words begin with a chat spelling, of at most three
// words, and returns what it stands for and how many words it takes; 0 for none.
func (r *Reader) chatted(words []string, lang catalogue.Lang) (to []string, span int) {
	key := words[0]
	if !r.chatFirst[key] {
		return nil, 0
	}
	for n := 1; n <= min(3, len(words)); n++ {
		if n > 1 {
			key += " " + words[n-1]
		}
		c, ok := r.chat[key]
		if !ok {
			continue
		}
		for _, l := range langOrder(lang) {
			w := c.in(l)
			if w != nil && (l == lang || c.always) {
				to, span = w, n
				break
			}
		}
	}
	return to, span
}

func (c *chatWord) in(l catalogue.Lang) []string {
	switch l {
	case catalogue.FR:
		return c.fr
	case catalogue.EN:
		return c.en
	}
	return c.nl
}

// langOrder is the three languages with l first.
func langOrder(l catalogue.Lang) [3]catalogue.Lang {
	switch l {
	case catalogue.FR:
		return [3]catalogue.Lang{catalogue.FR, catalogue.NL, catalogue.EN}
	case catalogue.EN:
		return [3]catalogue.Lang{catalogue.EN, catalogue.NL, catalogue.FR}
	}
	return [3]catalogue.Lang{catalogue.NL, catalogue.FR, catalogue.EN}
}

func splitUnit(w string) (n, unit string) {
	i := strings.IndexFunc(w, func(r rune) bool { return r < '0' || r > '9' })
	if i < 1 || i > 3 {
		return "", ""
	}
	if u, ok := units[w[i:]]; ok {
		return w[:i], u
	}
	return "", ""
}

// release shortens letters that were held down: "nooooit" becomes "nooit" or
// "noit", whichever is a known word.
func (r *Reader) release(w string) string {
	long := false
	for i := 2; i < len(w); i++ {
		if w[i] == w[i-1] && w[i] == w[i-2] && (w[i] < '0' || w[i] > '9') {
			long = true
			break
		}
	}
	if !long {
		return w
	}
	two, one := squeeze(w, 2), squeeze(w, 1)
	for _, s := range []string{two, one} {
		if r.known[s] || r.chatFirst[s] || r.knows(s) {
			return s
		}
	}
	return two
}

// squeeze leaves at most n equal letters in a row.
func squeeze(w string, n int) string {
	out := make([]byte, 0, len(w))
	run := 0
	for i := range len(w) {
		if i > 0 && w[i] == w[i-1] {
			run++
		} else {
			run = 1
		}
		if run <= n {
			out = append(out, w[i])
		}
	}
	return string(out)
}

// join writes the folded words [at, to) as text.
func join(words []string, at, to int) string { return strings.Join(words[at:to], " ") }

// fold folds a text of any length and returns its words.
func fold(s string) []string { return search.Tokens(s) }
