package understand

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"wegwijs/knowledge/search"
)

// maxGap is how many words a "~" may pass over.
const maxGap = 3

// A pattern is a row of the word lists, ready to be compared with a text. It is
// written as words with a few signs:
//
//	a|b   one of these words        a*  *a  a word that begins or ends so
//	a?    this word or nothing      ~       up to three words, whatever they are
//	#     a number                  _       one word, whatever it is
//	<x>   one word of the class x   $       the end of the text
type pattern struct {
	elems  []elem
	source string // as it stands in the file
	row    int    // what it means: an index that the owner of the table knows
	anchor bool   // must reach from the first to the last word
}

type kind uint8

const (
	literal kind = iota
	number
	anyone
	gap
	last
)

// An elem is one element of a pattern.
type elem struct {
	kind     kind
	words    []string
	begin    []string
	end      []string
	optional bool
}

// parsePattern reads one pattern. classes holds the words of each <class>.
func parsePattern(s string, classes map[string][]string) (pattern, error) {
	p := pattern{source: s}
	for part := range strings.FieldsSeq(s) {
		switch {
		case part == "~":
			p.elems = append(p.elems, elem{kind: gap})
			continue
		case part == "_" || part == "_?":
			p.elems = append(p.elems, elem{kind: anyone, optional: part == "_?"})
			continue
		case part == "$":
			p.elems = append(p.elems, elem{kind: last})
			continue
		case part == "#":
			p.elems = append(p.elems, elem{kind: number})
			continue
		case !strings.ContainsAny(part, "|*?<"):
			for w := range strings.FieldsSeq(search.Fold(part)) {
				p.elems = append(p.elems, elem{words: []string{w}})
			}
			continue
		}
		e := elem{}
		if strings.HasSuffix(part, "?") && part != "?" {
			e.optional, part = true, strings.TrimSuffix(part, "?")
		}
		for alt := range strings.SplitSeq(part, "|") {
			if name, ok := strings.CutPrefix(alt, "<"); ok {
				words, ok := classes[strings.TrimSuffix(name, ">")]
				if !ok {
					return p, fmt.Errorf("pattern %q: no class %s", s, alt)
				}
				e.words = append(e.words, words...)
				continue
			}
			core := strings.Trim(alt, "*")
			w := search.Fold(core)
			if w == "" || strings.Contains(w, " ") {
				return p, fmt.Errorf("pattern %q: %q is not one word", s, alt)
			}
			switch {
			case strings.HasSuffix(alt, "*"):
				e.begin = append(e.begin, w)
			case strings.HasPrefix(alt, "*"):
				e.end = append(e.end, w)
			default:
				e.words = append(e.words, w)
			}
		}
		p.elems = append(p.elems, e)
	}
	i := slices.IndexFunc(p.elems, func(e elem) bool { return !e.optional })
	if i < 0 {
		return p, fmt.Errorf("pattern %q: says nothing", s)
	}
	if k := p.elems[i].kind; k == gap || k == anyone || k == last {
		return p, errors.New("pattern " + s + ": begin with a word")
	}
	return p, nil
}

// is reports whether one word fits the element.
func (e *elem) is(t *token) bool {
	switch e.kind {
	case anyone:
		return true
	case number:
		return t.number >= 0
	}
	return t.any(func(w string) bool {
		return slices.Contains(e.words, w) ||
			slices.ContainsFunc(e.begin, func(b string) bool { return strings.HasPrefix(w, b) }) ||
			slices.ContainsFunc(e.end, func(b string) bool { return strings.HasSuffix(w, b) && len(w) > len(b) })
	})
}

// A hit is where a pattern was found: words [from, to) of the text.
type hit struct {
	p        *pattern
	from, to int
	said     uint64 // bit i: word from+i was asked for by name, and not passed over
}

// match returns the longest end of elems from word i on, or -1.
func match(elems []elem, t []token, from, i int, said uint64) (int, uint64) {
	if len(elems) == 0 {
		return i, said
	}
	best, bestSaid := -1, uint64(0)
	try := func(end int, s uint64) {
		if end > best {
			best, bestSaid = end, s
		}
	}
	e := &elems[0]
	if e.kind == gap {
		for n := 0; n <= maxGap && i+n <= len(t); n++ {
			if end, s := match(elems[1:], t, from, i+n, said); end >= 0 {
				try(end, s)
			}
		}
		return best, bestSaid
	}
	if e.kind == last {
		if i == len(t) && len(elems) == 1 {
			return i, said
		}
		return -1, 0
	}
	if i < len(t) && e.is(&t[i]) {
		s := said
		if e.kind != anyone && i-from < 64 {
			s |= 1 << (i - from)
		}
		if end, s := match(elems[1:], t, from, i+1, s); end >= 0 {
			try(end, s)
		}
	}
	if e.optional {
		if end, s := match(elems[1:], t, from, i, said); end >= 0 {
			try(end, s)
		}
	}
	return best, bestSaid
}

// A table holds patterns, found by the word that they begin with.
type table struct {
	all    []*pattern
	word   map[string][]*pattern
	begin  map[string][]*pattern // by the first three letters of "abc*"
	number []*pattern
	end    []*pattern
	// clash reports whether two rows may not hold the same pattern; nil: all may.
	clash func(a, b int) bool
}

func (t *table) add(p pattern) {
	q := &p
	t.all = append(t.all, q)
	if t.word == nil {
		t.word, t.begin = map[string][]*pattern{}, map[string][]*pattern{}
	}
	put := func(m map[string][]*pattern, k string) {
		if !slices.Contains(m[k], q) {
			m[k] = append(m[k], q)
		}
	}
	for i := range q.elems {
		e := &q.elems[i]
		for _, w := range e.words {
			put(t.word, w)
		}
		for _, w := range e.begin {
			put(t.begin, w[:min(3, len(w))])
		}
		if len(e.end) > 0 {
			t.end = append(t.end, q)
		}
		if e.kind == number {
			t.number = append(t.number, q)
		}
		if !e.optional {
			return
		}
	}
}

// find lists every hit in the words, from left to right, at most one for each
// pattern and place.
func (t *table) find(toks []token) []hit {
	var hits []hit
	for i := range toks {
		tok := &toks[i]
		first := len(hits)
		try := func(ps []*pattern) {
			for _, p := range ps {
				if p.anchor && i > 0 || slices.ContainsFunc(hits[first:], func(h hit) bool { return h.p == p }) {
					continue
				}
				if end, said := match(p.elems, toks, i, i, 0); end > i && (!p.anchor || end == len(toks)) {
					hits = append(hits, hit{p, i, end, said})
				}
			}
		}
		tok.any(func(w string) bool {
			try(t.word[w])
			for n := 1; n <= min(3, len(w)); n++ {
				try(t.begin[w[:n]])
			}
			return false
		})
		if tok.number >= 0 {
			try(t.number)
		}
		try(t.end)
	}
	return hits
}

// words lists every word and stem that the patterns name.
func (t *table) words() []string {
	var ws []string
	for _, p := range t.all {
		for _, e := range p.elems {
			ws = append(append(append(ws, e.words...), e.begin...), e.end...)
		}
	}
	return ws
}
