package understand

import (
	"slices"
	"strings"

	"wegwijs/knowledge/catalogue"
)

// An Option is one choice of an open question.
type Option struct {
	ID     string
	Labels []string // its words and their synonyms, in all languages
}

// Pick finds which of the shown choices a text means. It tries in this order: a
// number or ordinal of the list, an exact label, a label that the text holds, a
// unique beginning of three letters or more, one edit from five letters, two
// from nine. ids is empty when nothing is certain; maybe then holds up to three
// ids to offer. With several, the text may name more than one.
func (r *Reader) Pick(text string, choices []Option, several bool) (ids, maybe []string) {
	text = firstRunes(text, maxRunes)
	folded := make([][]string, len(choices))
	for i, c := range choices {
		for _, l := range c.Labels {
			if s := foldText(l); s != "" {
				folded[i] = append(folded[i], s)
			}
		}
		if id := foldText(c.ID); !slices.Contains(folded[i], id) && len(id) > 2 {
			folded[i] = append(folded[i], id)
		}
	}
	p := picker{r: r, choices: choices, labels: folded}
	if several {
		return p.several(text)
	}
	return p.one(fold(text))
}

type picker struct {
	r       *Reader
	choices []Option
	labels  [][]string // per choice, folded
}

func (p *picker) several(text string) (ids, maybe []string) {
	whole := fold(text)
	if got := p.exact(strings.Join(whole, " ")); len(got) == 1 {
		return got, nil
	}
	var parts [][]string
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",;+&/\n", r) }) {
		var now []string
		for _, w := range fold(part) {
			switch w {
			case "en", "et", "and", "of", "ou", "or", "ook", "aussi", "also", "plus":
				parts, now = append(parts, now), nil
			default:
				now = append(now, w)
			}
		}
		parts = append(parts, now)
	}
	for _, part := range parts {
		if len(part) == 0 {
			continue
		}
		if n := p.numbers(part); len(n) > 0 { // "1 3 4"
			ids = add(ids, n...)
			continue
		}
		got, near := p.one(part)
		ids, maybe = add(ids, got...), add(maybe, near...)
	}
	if len(ids) > 0 {
		return ids, nil
	}
	return nil, maybe[:min(3, len(maybe))]
}

func add(ids []string, more ...string) []string {
	for _, id := range more {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// numbers reads words that are all numbers of the list.
func (p *picker) numbers(words []string) (ids []string) {
	for _, w := range words {
		if len(w) > 2 || w[0] < '1' || w[0] > '9' {
			return nil
		}
		id := p.ordinal([]string{w})
		if id == "" {
			return nil
		}
		ids = add(ids, id)
	}
	return ids
}

// ordinal reads a text that is only a number or an ordinal of the list.
func (p *picker) ordinal(words []string) string {
	core := make([]string, 0, len(words))
	for _, w := range words {
		switch w {
		case "de", "het", "le", "la", "l", "the", "nr", "nummer", "numero", "number", "no", "optie", "option", "keuze", "choix",
			"choice", "one", "ik", "kies", "neem", "je", "prends", "choisis", "i", "take", "pick", "liefst", "graag", "dan", "doe", "maar":
			if len(words) > 1 {
				continue
			}
		}
		core = append(core, w)
	}
	if len(core) != 1 {
		return ""
	}
	n := 0
	w := core[0]
	switch {
	case slices.Contains([]string{"laatste", "dernier", "derniere", "last"}, w):
		n = len(p.choices)
	case p.r.numbers[w] > 0:
		n = p.r.numbers[w]
	case p.r.ordinals[w] > 0:
		n = p.r.ordinals[w]
	default:
		for _, c := range w {
			if c < '0' || c > '9' || n > 99 {
				return ""
			}
			n = n*10 + int(c-'0')
		}
	}
	if n < 1 || n > len(p.choices) {
		return ""
	}
	return p.choices[n-1].ID
}

func (p *picker) exact(s string) (ids []string) {
	for i, ls := range p.labels {
		if slices.Contains(ls, s) {
			ids = add(ids, p.choices[i].ID)
		}
	}
	return ids
}

func (p *picker) one(words []string) (ids, maybe []string) {
	if len(words) == 0 {
		return nil, nil
	}
	if id := p.ordinal(words); id != "" {
		return []string{id}, nil
	}
	decide := func(got []string) bool {
		if len(got) == 1 {
			ids = got
			return true
		}
		maybe = add(maybe, got...)
		return len(got) > 1
	}
	done := func() ([]string, []string) {
		if len(ids) > 0 {
			return ids, nil
		}
		return nil, maybe[:min(3, len(maybe))]
	}
	text := strings.Join(words, " ")
	spelled := p.spelled(words)
	for _, s := range []string{text, spelled} {
		if decide(p.exact(s)) {
			return done()
		}
	}
	if len(words) <= 10 {
		got := p.held(text)
		if len(got) == 0 && spelled != text {
			got = p.held(spelled)
		}
		if decide(got) {
			return done()
		}
	}
	if len(text) >= 3 && decide(p.each(func(l string) bool { return strings.HasPrefix(l, text) })) {
		return done()
	}
	for _, step := range [2][2]int{{1, 5}, {2, 9}} {
		if len(text) < step[1] {
			break
		}
		if decide(p.each(func(l string) bool { return len(l) >= step[1]-1 && edits(text, l, step[0]) <= step[0] })) {
			return done()
		}
	}
	if len(text) >= 4 { // not certain, but worth offering
		maybe = add(maybe, p.each(func(l string) bool {
			return strings.Contains(" "+l, " "+text) || len(text) >= 6 && edits(text, l, 2) <= 2
		})...)
	}
	return done()
}

// spelled is the text with chat spelling written out and slips mended.
func (p *picker) spelled(words []string) string {
	var out []string
	for _, t := range p.r.tokens(words, catalogue.NL) {
		out = append(out, t.word)
	}
	return strings.Join(out, " ")
}

func (p *picker) each(fits func(string) bool) (ids []string) {
	for i, ls := range p.labels {
		if slices.ContainsFunc(ls, fits) {
			ids = append(ids, p.choices[i].ID)
		}
	}
	return ids
}

// held finds the choice whose label is part of the text: the longest label of
// four letters or more. A text that says no to something is not read so.
func (p *picker) held(text string) (ids []string) {
	padded := " " + text + " "
	for _, no := range []string{" geen ", " niet ", " pas ", " sans ", " not ", " no ", " zonder ", " without ", " nooit "} {
		if strings.Contains(padded, no) {
			return nil
		}
	}
	longest := 3
	for i, ls := range p.labels {
		for _, l := range ls {
			if len(l) < longest || len(l) < 4 || !strings.Contains(padded, " "+l+" ") {
				continue
			}
			if len(l) > longest {
				longest, ids = len(l), nil
			}
			ids = add(ids, p.choices[i].ID)
		}
	}
	return ids
}
