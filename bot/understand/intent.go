package understand

import (
	"slices"
	"sort"
	"strings"

	"wegwijs/knowledge/catalogue"
)

// allIntents in the order in which equal ones are listed: the more particular
// first.
var allIntents = []Intent{
	AskCompare, AskEnrol, AskOpenDay, AskTryout, AskContact, AskPrice, AskAdmission, AskPath, AskJobs, AskTerm, AskPlace,
	AskCourse, AskPerson, OutFrench, OutDiploma, OutField, OutOther,
}

var outside = []Intent{OutFrench, OutDiploma, OutField, OutOther}

// intents recognises kinds of question.
type intents struct {
	table     table
	strong    map[*pattern]bool
	questions table
}

func (t *intents) build(b *builder, in, out *intentFile) {
	t.strong = map[*pattern]bool{}
	b.all(&t.questions, "intents.yaml: questions", in.Questions, 0, false)
	add := func(file string, f *intentFile, id Intent) {
		for _, l := range catalogue.Langs {
			for _, s := range f.Intents[id].In(l) {
				plain, strong := strings.CutSuffix(s, "!")
				before := len(t.table.all)
				b.one(&t.table, file+": "+string(id), l, plain, slices.Index(allIntents, id), false)
				if strong && len(t.table.all) > before {
					t.strong[t.table.all[before]] = true
				}
			}
		}
	}
	for _, id := range allIntents {
		file, f := "intents.yaml", in
		if slices.Contains(outside, id) {
			file, f = "outside.yaml", out
		}
		if w := f.Intents[id]; len(w.NL) == 0 || len(w.FR) == 0 || len(w.EN) == 0 {
			b.fault("%s: %s needs words in nl, fr and en", file, id)
		}
		add(file, f, id)
	}
	for _, f := range []*intentFile{in, out} {
		for _, id := range sortedKeys(f.Intents) {
			if !slices.Contains(allIntents, id) {
				b.fault("intents: no intent %q", id)
			}
		}
	}
}

// asks reports whether the text asks something.
func (r *Reader) asks(text string, toks []token) bool {
	if strings.Contains(text, "?") {
		return true
	}
	for _, h := range r.intents.questions.find(toks[:min(len(toks), 12)]) {
		if h.from == 0 || toks[h.from].pause || h.from <= 2 && h.to-h.from > 1 {
			return true
		}
	}
	return false
}

// noField reports whether what sounds like a field outside ours is none: a small
// word of another language ("dans" is dance in Dutch and in in French), a slip,
// or a field that is not wanted ("geen talen").
func (r *Reader) noField(toks []token, h hit) bool {
	if h.to-h.from == 1 && (r.stop[toks[h.from].word] || len(toks[h.from].fixes) > 0) {
		return true
	}
	for _, n := range r.slots.before.find(toks[max(0, h.from-3):h.from]) {
		if max(0, h.from-3)+n.to == h.from {
			return true
		}
	}
	return false
}

// readIntents fills Intents and Rest, from the tokens and what each
// was used for.
func (r *Reader) readIntents(m *Meaning, toks []token, uses []use) {
	score := make([]int, len(allIntents))
	hits := r.intents.table.find(toks)
	asked := make([]bool, len(toks)) // part of a kind of question: not searched for
	for _, h := range hits {
		longer := slices.ContainsFunc(hits, func(o hit) bool {
			return o.p.row == h.p.row && o.from <= h.from && o.to >= h.to && o.to-o.from > h.to-h.from
		})
		if longer || allIntents[h.p.row] == OutField && r.noField(toks, h) {
			continue
		}
		n := 2 + (h.to - h.from)
		if r.intents.strong[h.p] {
			n *= 2
		}
		score[h.p.row] += n
		if !slices.Contains(outside, allIntents[h.p.row]) {
			for i := h.from; i < h.to; i++ {
				if i-h.from < 64 && h.said>>(i-h.from)&1 == 1 {
					asked[i] = true
				}
			}
		}
	}
	order := make([]int, 0, 4)
	for i, n := range score {
		if n > 0 {
			order = append(order, i)
		}
	}
	sort.SliceStable(order, func(i, j int) bool { return score[order[i]] > score[order[j]] })
	for _, i := range order {
		m.Intents = append(m.Intents, allIntents[i])
	}
	if m.Command != NoCommand {
		return
	}
	polite := make([]bool, len(toks))
	for _, h := range r.polite.find(toks) {
		for i := h.from; i < h.to; i++ {
			polite[i] = true
		}
	}
	unwanted := make([]bool, len(toks)) // "geen wiskunde en geen talen": talen too
	if len(m.Not) > 0 {
		for _, h := range r.slots.before.find(toks) {
			if h.to < len(toks) && uses[h.to] == free {
				unwanted[h.to] = true
			}
		}
	}
	for i := range toks {
		t := &toks[i]
		if unwanted[i] {
			continue
		}
		keep := uses[i] == wanted || uses[i] == free && !asked[i] && !polite[i] && !r.stop[t.word] && !r.gender[t.word] && !r.origin[t.word]
		if keep && (len(t.word) > 1 || uses[i] == wanted) && len(m.Rest) < maxWords {
			m.Rest = append(m.Rest, t.word)
		}
	}
}
