package understand

import (
	"slices"
	"strings"

	"wegwijs/knowledge/catalogue"
)

// The rows of the alarm table.
const (
	rowHarmless = iota
	rowFigure
	rowSoft
	rowCrisis
	rowAbuse
	rowLaugh
	rowStudy
)

// alarms recognises danger. Everything it knows stands in alarms.yaml.
type alarms struct {
	table table
	emoji *strings.Replacer

	groups map[string]uint64 // word to the kinds of words it belongs to, one bit each
	begin  map[string]uint64 // the same for the beginning of a word, four letters or more
	near   []uint64          // sets of kinds that are danger near each other
	// grave are the words that are a crisis alone; they are known by two edits.
	grave []string
}

// far returns the grave word that w is a bad slip of, or "".
func (a *alarms) far(w string) string {
	if len(w) < 6 {
		return ""
	}
	bones := consonants(w)
	for _, g := range a.grave {
		if w[0] == g[0] && (len(w) >= 8 && edits(w, g, 2) <= 2 || len(bones) >= 5 && bones == consonants(g)) {
			return g
		}
	}
	return ""
}

// consonants leaves the vowels out of a word, as hurried writers do.
func consonants(w string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiou", r) {
			return -1
		}
		return r
	}, w)
}

func (a *alarms) build(b *builder, f *alarmFile) {
	a.table.clash = func(x, y int) bool { return x < rowLaugh && y < rowLaugh }
	for _, g := range []struct {
		name string
		w    catalogue.Words
		row  int
	}{
		{"harmless", f.Harmless, rowHarmless},
		{"figure", f.Figure, rowFigure},
		{"soft", f.Soft, rowSoft},
		{"crisis", f.Crisis, rowCrisis},
		{"abuse", f.Abuse, rowAbuse},
		{"laugh", f.Laugh, rowLaugh},
		{"study", f.Study, rowStudy},
	} {
		b.all(&a.table, "alarms.yaml: "+g.name, g.w, g.row, false)
	}
	for _, p := range a.table.all {
		if p.row != rowCrisis || len(p.elems) != 1 {
			continue
		}
		for _, w := range append(slices.Clone(p.elems[0].words), p.elems[0].begin...) {
			if len(w) >= 8 && !strings.HasPrefix(w, "overdos") {
				a.grave = append(a.grave, w)
			}
		}
	}
	names := sortedKeys(f.Groups)
	a.groups, a.begin = map[string]uint64{}, map[string]uint64{}
	for i, name := range names {
		p, err := parsePattern(strings.Join(f.Groups[name], "|"), b.classes)
		if err != nil || len(p.elems) != 1 || len(names) > 64 {
			b.fault("alarms.yaml: group %s: %v", name, err)
			continue
		}
		for _, w := range p.elems[0].words {
			a.groups[w] |= 1 << i
		}
		for _, w := range p.elems[0].begin {
			a.begin[w] |= 1 << i
			if len(w) < minBegin {
				b.fault("alarms.yaml: group %s: %q: four letters or more before *", name, w)
			}
		}
	}
	for _, row := range f.Near {
		set := uint64(0)
		for _, name := range row {
			i := slices.Index(names, name)
			if i < 0 {
				b.fault("alarms.yaml: near: no group %q", name)
				continue
			}
			set |= 1 << i
		}
		a.near = append(a.near, set)
	}
	var pairs []string
	for _, k := range sortedKeys(f.Emoji) {
		pairs = append(pairs, k, " "+f.Emoji[k]+" ")
	}
	a.emoji = strings.NewReplacer(pairs...)
}

// alarmOf looks for danger in the text, of which words are the folded words. A
// crisis outweighs all; what a figure of speech or a harmless phrase covers is
// no crisis.
func (r *Reader) alarmOf(text string, words []string, lang catalogue.Lang) Alarm {
	if !isASCII(text) {
		if s := r.alarm.emoji.Replace(text); s != text {
			words = fold(s)
		}
	}
	toks := r.tokens(words, lang)
	for i := range toks {
		if t := &toks[i]; t.number < 0 && len(t.fixes) == 0 {
			if r.known[t.word] || r.knows(t.word) {
				continue
			}
			if far := r.alarm.far(t.word); far != "" {
				t.fixes = append(t.fixes, far)
				continue
			}
			if plain := unmask(t.word); plain != t.word && (r.known[plain] || len(plain) > 3) {
				t.fixes = append(t.fixes, plain)
			}
		}
	}
	hits := r.alarm.table.find(toks)
	covered := make([]bool, len(toks))
	light, laugh, figure, abuse := false, false, false, false
	for _, h := range hits {
		switch h.p.row {
		case rowHarmless, rowFigure:
			for i := h.from; i < h.to; i++ {
				covered[i] = true
			}
			figure = figure || h.p.row == rowFigure
		case rowLaugh, rowStudy:
			light = true
			laugh = laugh || h.p.row == rowLaugh
		}
	}
	for _, h := range hits {
		if r.explained(toks[h.from:h.to], covered[h.from:h.to]) {
			continue
		}
		switch h.p.row {
		case rowCrisis:
			return Crisis
		case rowSoft:
			if !light {
				return Crisis
			}
			figure = true
		case rowAbuse:
			// A slip of one word is too little to call somebody rude.
			abuse = abuse || h.to-h.from > 1 || len(toks[h.from].fixes) == 0
		}
	}
	if r.alarm.nearby(toks, covered) {
		if !laugh {
			return Crisis
		}
		figure = true
	}
	switch {
	case figure:
		return Figure
	case abuse:
		return Abuse
	}
	return NoAlarm
}

// The length of the beginning of a word that a group may hold, in letters.
const (
	minBegin = 4
	maxBegin = 12
)

// window is how many words a row of near may span.
const window = 9

// nearby reports whether words of all groups of some row stand near each other,
// in any order, outside harmless phrases.
func (a *alarms) nearby(toks []token, covered []bool) bool {
	sets := make([]uint64, len(toks))
	for i := range toks {
		if covered[i] {
			continue
		}
		toks[i].any(func(w string) bool {
			sets[i] |= a.groups[w]
			for n := minBegin; n <= min(len(w), maxBegin); n++ {
				sets[i] |= a.begin[w[:n]]
			}
			return false
		})
	}
	for i := range sets {
		if sets[i] == 0 {
			continue
		}
		all := uint64(0)
		for j := i; j < min(i+window, len(sets)); j++ {
			all |= sets[j]
		}
		for _, row := range a.near {
			if all&row == row {
				return true
			}
		}
	}
	return false
}

// unmask undoes figures written for letters: "su1c1de".
func unmask(w string) string {
	letter, digit := false, false
	for _, c := range w {
		letter = letter || c >= 'a' && c <= 'z'
		digit = digit || c >= '0' && c <= '9'
	}
	if !letter || !digit {
		return w
	}
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t").Replace(w)
}

// explained reports whether a harmless phrase covers a hit: all of it but the
// little words before ("ik", "je veux").
func (r *Reader) explained(toks []token, covered []bool) bool {
	seen := false
	for i, c := range covered {
		if !c && (seen || !r.stop[toks[i].word]) {
			return false
		}
		seen = seen || c
	}
	return seen
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
