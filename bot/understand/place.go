package understand

import (
	"slices"
	"strings"

	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// minPlace is the shortest name, in letters, that may have a slip.
const minPlace = 6

// places finds communes, neighbourhoods, stations and postcodes.
type places struct {
	c        *catalogue.Catalogue
	names    map[string][]string // folded name, saints as "st", to postcodes
	words    map[string]bool     // every word of a name
	doubtful map[string]bool
	before   table
	slips    *slips
	longest  int // of a name, in words
}

func (p *places) build(b *builder, f *placeFile, c *catalogue.Catalogue) {
	p.c, p.names, p.words, p.doubtful = c, map[string][]string{}, map[string]bool{}, map[string]bool{}
	never := map[string]bool{}
	for _, n := range f.Never {
		never[search.Fold(n)] = true
	}
	put := func(name, code string) {
		ws := fold(name)
		key := placeKey(ws)
		if key == "" || never[strings.Join(ws, " ")] || len(ws) == 1 && len(key) < 2 {
			return
		}
		if !slices.Contains(p.names[key], code) {
			p.names[key] = append(p.names[key], code)
		}
		p.longest = max(p.longest, len(ws))
	}
	for i := range c.Communes {
		m := &c.Communes[i]
		for j, part := range m.Parts {
			if j == 0 {
				for _, n := range append([]string{m.Name.NL, m.Name.FR, m.Name.EN}, m.Aliases...) {
					put(n, part.Postcode)
				}
			}
			for _, n := range part.Names {
				put(n, part.Postcode)
			}
			for _, n := range part.Around {
				put(n, part.Postcode)
			}
		}
	}
	for _, code := range sortedKeys(f.Also) {
		for _, n := range f.Also[code] {
			put(n, code)
		}
	}
	// A commune is meant before a neighbourhood of the same name elsewhere.
	for i := range c.Communes {
		m := &c.Communes[i]
		for _, n := range []string{m.Name.NL, m.Name.FR, m.Name.EN} {
			p.names[placeKey(fold(n))] = []string{m.Parts[0].Postcode}
		}
	}
	long := map[string]bool{}
	for key := range p.names {
		for w := range strings.FieldsSeq(key) {
			if len(w) >= minPlace {
				p.words[w] = true
			}
		}
		if !strings.Contains(key, " ") {
			p.words[key] = true
		}
		if len(key) >= minPlace {
			long[strings.ReplaceAll(key, " ", "")] = true
		}
	}
	for _, n := range f.Doubtful {
		p.doubtful[placeKey(fold(n))] = true
	}
	for n := range p.doubtful {
		delete(p.words, n)
		delete(long, n)
	}
	p.slips = newSlips(long)
	for key := range p.names {
		if joined := strings.ReplaceAll(key, " ", ""); joined != key && len(p.names[joined]) == 0 {
			p.names[joined] = p.names[key]
		}
	}
	b.all(&p.before, "places.yaml: before", f.Before, 0, false)
}

// placeKey writes the words of a name the same way in every language: a saint
// is "st".
func placeKey(ws []string) string {
	out := make([]string, 0, len(ws))
	for _, w := range ws {
		switch w {
		case "sint", "saint", "sainte", "ste":
			w = "st"
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

// findPlaces reads the places in tokens that are not used yet, the longest
// name first.
func (r *Reader) findPlaces(toks []token, uses []use, hide []bool) []find {
	p := &r.places
	var finds []find
	after := make([]bool, len(toks)+1) // a place word stands right before
	for _, h := range p.before.find(toks) {
		after[h.to] = true
	}
	take := func(from, to int, codes []string, sure bool) {
		for i := from; i < to; i++ {
			uses[i] = stated
		}
		sure = sure && len(codes) == 1
		for _, c := range codes[:min(3, len(codes))] {
			finds = append(finds, find{"place", c, sure, from, to})
		}
	}
	open := func(from, to int) bool {
		for i := from; i < to; i++ {
			if uses[i] != free || hide[i] {
				return false
			}
		}
		return true
	}
	key := func(from, to int) string {
		ws := make([]string, 0, 6)
		for _, t := range toks[from:to] {
			ws = append(ws, t.word)
		}
		return placeKey(ws)
	}
	for n := min(p.longest, len(toks)); n >= 1; n-- {
		for i := 0; i+n <= len(toks); i++ {
			if !open(i, i+n) {
				continue
			}
			if n == 1 && toks[i].number >= 1000 {
				w := toks[i].word
				if _, ok := p.c.Postcode(w); ok && catalogue.ValidPostcode(w) {
					take(i, i+1, []string{w}, true)
				}
				continue
			}
			k := key(i, i+n)
			codes := p.names[k]
			if len(codes) == 0 {
				continue
			}
			if p.doubtful[k] {
				// A common word: a place only after "in", perhaps one when it is all that is said.
				if after[i] || len(toks) == 1 {
					take(i, i+n, codes, after[i])
				}
				continue
			}
			take(i, i+n, codes, true)
		}
	}
	// Slips: one word, or two or three written as one.
	for n := 3; n >= 1; n-- {
		for i := 0; i+n <= len(toks); i++ {
			if !open(i, i+n) {
				continue
			}
			if n == 1 && (len(toks[i].word) < minPlace || r.known[toks[i].word] && !p.words[toks[i].word] || r.knows(toks[i].word)) {
				continue
			}
			k := key(i, i+n)
			joined := strings.ReplaceAll(k, " ", "")
			if n > 1 && !strings.HasPrefix(k, "st ") && !p.words[toks[i].word] && !p.words[toks[i+n-1].word] {
				continue
			}
			if n > 1 && r.stopAny(toks[i:i+n]) || len(joined) < minPlace {
				continue
			}
			fixes := p.slips.fix(joined)
			if len(fixes) == 1 || len(fixes) > 1 && sameCodes(p.names, fixes) {
				take(i, i+n, p.names[fixes[0]], true)
			} else if len(fixes) > 1 {
				var codes []string
				for _, f := range fixes {
					codes = append(codes, p.names[f][0])
				}
				take(i, i+n, codes, false)
			}
		}
	}
	// The place word before a place says nothing to search for.
	for _, h := range p.before.find(toks) {
		if h.to < len(toks) && slices.ContainsFunc(finds, func(f find) bool { return f.from == h.to }) {
			for i := h.from; i < h.to; i++ {
				if uses[i] == free {
					uses[i] = stated
				}
			}
		}
	}
	return finds
}

func (r *Reader) stopAny(toks []token) bool {
	for i := range toks {
		if r.stop[toks[i].word] {
			return true
		}
	}
	return false
}

func sameCodes(names map[string][]string, keys []string) bool {
	for _, k := range keys[1:] {
		if !slices.Equal(names[k], names[keys[0]]) {
			return false
		}
	}
	return true
}
