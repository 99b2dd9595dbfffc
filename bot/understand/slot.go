package understand

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"wegwijs/knowledge/catalogue"
)

// A reading is one row of the slot table: what its patterns say.
type reading struct {
	slot, value string // slot "" covers words, so that no slot is read in them
	sure        bool
	age         bool
}

// slotReader recognises the answers that a text holds.
type slotReader struct {
	table     table
	rows      []reading
	interests table // rows are indexes of catalogue.Fields

	before, after, neutral, join, end table // negation
}

func (s *slotReader) build(b *builder, l *lists) {
	add := func(where string, w catalogue.Words, row reading) {
		s.rows = append(s.rows, row)
		b.all(&s.table, "slots.yaml: "+where, w, len(s.rows)-1, false)
	}
	check := func(slot, value string) {
		if !valueOK(slot, value) {
			b.fault("slots.yaml: slot %q has no value %q", slot, value)
		}
	}
	s.table.clash = func(x, y int) bool {
		a, b := s.rows[x], s.rows[y]
		return a.slot == b.slot && a.sure && b.sure && a.value != b.value
	}
	for _, row := range l.slot.Slots {
		check(row.Slot, row.Value)
		add(row.Slot+" "+row.Value, row.Sure, reading{slot: row.Slot, value: row.Value, sure: true})
		add(row.Slot+" "+row.Value, row.Maybe, reading{slot: row.Slot, value: row.Value})
	}
	for _, row := range l.slot.Years {
		for _, year := range sortedKeys(row.Values) {
			check(row.Slot, row.Values[year])
			where := row.Slot + " year " + strconv.Itoa(year)
			add(where, expand(row.Sure, year), reading{slot: row.Slot, value: row.Values[year], sure: true})
			add(where, expand(row.Maybe, year), reading{slot: row.Slot, value: row.Values[year]})
		}
	}
	add("ages", l.slot.Ages, reading{slot: "stage", age: true})
	add("none", l.slot.Fewer, reading{})
	for _, f := range sortedKeys(l.interest.Fields) {
		i := slices.Index(catalogue.Fields, f)
		if i < 0 {
			b.fault("interests.yaml: no field %q", f)
			continue
		}
		b.all(&s.interests, "interests.yaml: "+string(f), l.interest.Fields[f], i, false)
	}
	n := &l.stop.Not
	b.all(&s.before, "stop.yaml: not before", n.Before, 0, false)
	b.all(&s.after, "stop.yaml: not after", n.After, 0, false)
	b.all(&s.neutral, "stop.yaml: not neutral", n.Neutral, 0, false)
	b.all(&s.join, "stop.yaml: not join", n.Join, 0, false)
	b.all(&s.end, "stop.yaml: not end", n.End, 0, false)
}

// A find is a slot at the tokens [from, to), before it is known whether the
// text wants it or not.
type find struct {
	slot, value string
	sure        bool
	from, to    int
}

// use says what a token was used for.
type use uint8

const (
	free   use = iota
	stated     // part of a slot other than an interest: not searched for
	wanted     // part of an interest: searched for
	denied     // not wanted: never searched for
	passed     // a word of the lists that carries no answer itself
)

// readSlots fills Slots, Unsure, Not, Km and Free. It returns what each token
// was used for.
func (r *Reader) readSlots(m *Meaning, text string, words []string, toks []token) []use {
	uses := make([]use, len(toks))
	finds, hide := r.tableSlots(toks, uses)
	for i := range toks {
		if r.gender[toks[i].word] || r.origin[toks[i].word] {
			hide[i] = true // never a slip of a field: "boys" is not "bois"
		}
	}
	finds = append(finds, r.findPlaces(toks, uses, hide)...)
	finds = append(finds, r.findInterests(toks, uses, hide)...)
	m.Km = kilometres(text)
	if m.Km > 0 && !slices.ContainsFunc(finds, func(f find) bool { return f.slot == "reach" }) {
		reach := catalogue.Reach("brussels")
		if m.Km <= 3 {
			reach = "commune"
		}
		for i := range toks {
			if toks[i].number >= 0 && i+1 < len(toks) && isKm(toks[i+1].word) && uses[i] == free {
				uses[i], uses[i+1] = stated, stated
				finds = append(finds, find{"reach", string(reach), false, i, i + 2})
				break
			}
		}
	}
	sort.SliceStable(finds, func(i, j int) bool { return finds[i].from < finds[j].from })
	finds = settleFinality(finds, toks, m.Question)
	not := r.negated(toks, finds, uses)
	var sure, maybe []find
	for i, f := range finds {
		switch {
		case f.slot == "free":
			m.Free = m.Free || !not[i]
		case not[i]:
			if f.slot == "interest" || f.slot == "finality" || f.slot == "form" || f.slot == "place" || f.slot == "track" {
				for k := f.from; k < f.to; k++ {
					uses[k] = denied
				}
				if f.slot == "track" {
					f.slot = "finality" // "geen aso": not wanted as a direction
				}
				if f.slot != "finality" || slices.Contains(catalogue.Finalities, catalogue.Finality(f.value)) {
					m.Not = appendSlot(m.Not, slotOf(f, words, toks))
				}
			}
		case f.sure:
			sure = append(sure, f)
		default:
			maybe = append(maybe, f)
		}
	}
	for _, f := range sure {
		clash := slices.ContainsFunc(sure, func(o find) bool {
			return o.slot == f.slot && o.value != f.value && f.slot != "interest" && f.slot != "form"
		})
		if clash {
			m.Unsure = appendSlot(m.Unsure, slotOf(f, words, toks)) // two answers to one question: neither is certain
			continue
		}
		m.Slots = appendSlot(m.Slots, slotOf(f, words, toks))
	}
	for _, f := range maybe {
		single := f.slot != "interest" && f.slot != "form"
		if single && slices.ContainsFunc(m.Slots, func(s Slot) bool { return s.Name == f.slot }) {
			continue
		}
		if slices.ContainsFunc(m.Slots, func(s Slot) bool { return s.Name == f.slot && s.Value == f.value }) {
			continue
		}
		m.Unsure = appendSlot(m.Unsure, slotOf(f, words, toks))
	}
	return uses
}

// settleFinality decides what a bare "arbeidsmarkt" or "bso" is. Words of a
// sure track say no finality and the other way round. Beside another answer
// ("elektriciteit arbeidsmarkt 1080") it is what the visitor looks for; in a
// question it stays open.
func settleFinality(finds []find, toks []token, question bool) []find {
	covered := func(f find, by string, sure bool) bool {
		return slices.ContainsFunc(finds, func(o find) bool {
			return o.slot == by && o.sure == sure && o.from < f.to && f.from < o.to &&
				(sure || o.to-o.from > f.to-f.from)
		})
	}
	var kept []find
	values, beside := map[string]bool{}, false
	for _, f := range finds {
		if !f.sure && (f.slot == "finality" && covered(f, "track", true) || f.slot == "track" && covered(f, "finality", true) ||
			f.slot == "finality" && covered(f, "track", false)) {
			continue
		}
		kept = append(kept, f)
		if f.slot == "finality" {
			values[f.value] = true
		}
		beside = beside || f.sure && (f.slot == "interest" || f.slot == "place" || f.slot == "form")
	}
	finds = kept
	if !beside || question || len(values) != 1 {
		return finds
	}
	for i := range finds {
		if finds[i].slot == "finality" && !comesFrom(toks, finds[i].from) {
			finds[i].sure = true
		}
	}
	return slices.DeleteFunc(finds, func(f find) bool { return f.slot == "track" && !f.sure && covered(f, "finality", true) })
}

// comesFrom reports whether words before a token say that somebody comes from
// there, rather than wants to go there: "je viens du bso".
func comesFrom(toks []token, at int) bool {
	for i := max(0, at-3); i < at; i++ {
		switch toks[i].word {
		case "uit", "van", "du", "viens", "vient", "from", "kom", "komt":
			return true
		}
	}
	return false
}

func slotOf(f find, words []string, toks []token) Slot {
	return Slot{Name: f.slot, Value: f.value, Words: join(words, toks[f.from].at, toks[f.to-1].to)}
}

func appendSlot(slots []Slot, s Slot) []Slot {
	for _, o := range slots {
		if o.Name == s.Name && o.Value == s.Value {
			return slots
		}
	}
	return append(slots, s)
}

// tableSlots reads what slots.yaml says. Of two rows for the same slot that
// share a word the longer wins. hide marks the words that no interest or place
// may be read in.
func (r *Reader) tableSlots(toks []token, uses []use) (finds []find, hide []bool) {
	hide = make([]bool, len(toks))
	hits := r.slots.table.find(toks)
	sort.SliceStable(hits, func(i, j int) bool {
		a, b := hits[i].to-hits[i].from, hits[j].to-hits[j].from
		return a > b || a == b && hits[i].from < hits[j].from
	})
	type span struct {
		slot     string
		from, to int
		length   int
	}
	var taken []span
	for _, h := range hits {
		row := r.slots.rows[h.p.row]
		length := h.to - h.from
		if slices.ContainsFunc(taken, func(s span) bool {
			if s.from >= h.to || h.from >= s.to {
				return false
			}
			same := s.slot == row.slot && (s.length > length || row.slot != "finality" && row.slot != "track" && row.slot != "form")
			return same && !(s.length == length && s.from == h.from && !row.sure) || s.slot == "" && s.length >= length
		}) {
			continue
		}
		taken = append(taken, span{row.slot, h.from, h.to, length})
		for i := h.from; i < h.to; i++ {
			if i-h.from < 64 && h.said>>(i-h.from)&1 == 1 {
				hide[i] = true
				if row.slot == "" {
					continue
				}
				uses[i] = stated
			}
		}
		if row.slot == "" {
			continue
		}
		if row.age {
			finds = append(finds, ages(toks, h)...)
			continue
		}
		finds = append(finds, find{row.slot, row.value, row.sure, h.from, h.to})
	}
	return finds, hide
}

// ages turns an age into what it makes likely. Only a school year is certain.
func ages(toks []token, h hit) []find {
	for i := h.from; i < h.to; i++ {
		f := find{slot: "stage", from: h.from, to: h.to}
		switch n := toks[i].number; {
		case n < 0:
			continue
		case n >= 10 && n <= 11:
			f.value = "primary"
		case n >= 12 && n <= 13:
			f.value = "grade1"
		case n >= 14 && n <= 15:
			f.value = "grade2"
		case n >= 16 && n <= 17:
			f.value = "grade3"
		case n >= 19 && n < 90:
			f.slot, f.value = "role", "adult"
		default:
			return nil
		}
		return []find{f}
	}
	return nil
}

// findInterests reads fields in the words that are left: phrases of
// interests.yaml first, then up to three words that the lexicon knows, the
// longest first.
func (r *Reader) findInterests(toks []token, uses []use, hide []bool) []find {
	var finds []find
	takeable := func(from, to int) bool {
		for i := from; i < to; i++ {
			if uses[i] != free || hide[i] {
				return false
			}
		}
		return true
	}
	take := func(from, to int, said uint64, fields []catalogue.Field) {
		for i := from; i < to; i++ {
			if i-from >= 64 || said>>(i-from)&1 == 1 {
				uses[i] = wanted
				if len(toks[i].fixes) == 1 { // search for the word that was meant
					toks[i].word = toks[i].fixes[0]
				}
			}
		}
		// A word of three fields or more is a direction to look in, no answer.
		for _, f := range fields[:min(3, len(fields))] {
			finds = append(finds, find{"interest", string(f), len(fields) == 1, from, to})
		}
	}
	hits := r.slots.interests.find(toks)
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].to-hits[i].from > hits[j].to-hits[j].from })
	for _, h := range hits {
		if !takeable(h.from, h.to) {
			continue
		}
		var fields []catalogue.Field
		for _, o := range hits {
			if o.from == h.from && o.to == h.to {
				if f := catalogue.Fields[o.p.row]; !slices.Contains(fields, f) {
					fields = append(fields, f)
				}
			}
		}
		take(h.from, h.to, h.said, fields)
	}
	if r.lex == nil {
		return finds
	}
	for n := 3; n >= 1; n-- {
		for i := 0; i+n <= len(toks); i++ {
			if !takeable(i, i+n) || n == 1 && (r.stop[toks[i].word] || toks[i].number >= 0) {
				continue
			}
			if n > 1 && (r.stop[toks[i].word] || r.stop[toks[i+n-1].word]) {
				continue
			}
			phrase := toks[i].word
			for k := i + 1; k < i+n; k++ {
				phrase += " " + toks[k].word
			}
			fields := r.lex.Fields(phrase)
			if len(fields) == 0 && n == 1 && len(phrase) >= 4 && !r.known[phrase] && !r.lex.Known(phrase) {
				if w, ok := r.lex.Correct(phrase); ok {
					if fields = r.lex.Fields(w); len(fields) > 0 {
						toks[i].word = w
					}
				}
			}
			if len(fields) > 0 {
				take(i, i+n, ^uint64(0), fields)
			} else if n == 1 {
				if fields, sure := r.headFields(phrase); len(fields) > 0 {
					uses[i] = wanted
					finds = append(finds, find{"interest", string(fields[0]), sure && len(fields) == 1, i, i + 1})
				}
			}
		}
	}
	return finds
}

// headFields reads a Dutch compound that nobody knows as a whole by its longest
// known head: "elektriciteitsopleiding". It is sure when the tail only says that
// it is a course or a school.
func (r *Reader) headFields(w string) (fields []catalogue.Field, sure bool) {
	if len(w) < 8 || len(w) > maxSlip+8 || r.known[w] || r.lex.Known(w) {
		return nil, false
	}
	for i := len(w) - 3; i >= 3; i-- {
		tail := w[i:]
		plain := r.stop[tail]
		if i < 4 && !plain {
			break
		}
		for _, link := range []string{"", "s", "en", "e"} {
			head, ok := strings.CutSuffix(w[:i], link)
			if !ok || len(head) < 3 {
				continue
			}
			if fields = r.lex.Fields(head); len(fields) > 0 {
				return fields, plain
			}
		}
	}
	return nil, false
}

// negated reports for each find whether the text says that it is not wanted.
func (r *Reader) negated(toks []token, finds []find, uses []use) []bool {
	not := make([]bool, len(finds))
	if len(finds) == 0 {
		return not
	}
	neutral := make([]bool, len(toks)+1)
	for _, h := range r.slots.neutral.find(toks) {
		for i := h.from; i < h.to; i++ {
			neutral[i] = true
		}
	}
	mark := func(t *table) (starts []int) { // per token, where a match from it ends, or 0
		starts = make([]int, len(toks)+1)
		for _, h := range t.find(toks) {
			starts[h.from] = max(starts[h.from], h.to)
		}
		return starts
	}
	end, joined := mark(&r.slots.end), mark(&r.slots.join)
	inside := func(h hit) bool { // the negation is part of a slot: "niet ver van", "zonder diploma"
		for i := h.from; i < h.to; i++ {
			if uses[i] != stated {
				return false
			}
		}
		return true
	}
	for _, h := range r.slots.before.find(toks) {
		if neutral[h.from] || inside(h) {
			continue
		}
		reach := h.to + 4 // as far as the next word that is denied may be
		hit := false
		for i, f := range finds {
			if f.from < h.to || f.from >= reach && !hit {
				continue
			}
			stop := false
			for k := h.to; k < f.from; k++ {
				if end[k] > 0 || toks[k].pause && hit {
					stop = true
				}
			}
			if hit { // only what is joined to the word before goes on
				from := f.from
				for k := f.from - 1; k >= h.to && uses[k] != denied && uses[k] != wanted && uses[k] != stated; k-- {
					from = k
				}
				if from < f.from && joined[from] == 0 || from == f.from {
					if !sameWords(finds, not, i) {
						stop = true
					}
				}
			} else if toks[f.from].pause && f.from > h.to {
				stop = true
			}
			if stop {
				break
			}
			not[i], hit = true, true
			for k := h.from; k < h.to; k++ {
				uses[k] = passed
			}
		}
	}
	for _, h := range r.slots.after.find(toks) {
		if neutral[h.from] || h.from < len(toks) && toks[h.from].pause {
			continue
		}
		for i, f := range finds {
			if f.to == h.from && f.slot == "interest" {
				not[i] = true
			}
		}
	}
	return not
}

// sameWords reports whether find i stands on the same words as one that is denied.
func sameWords(finds []find, not []bool, i int) bool {
	for j := range finds[:i] {
		if not[j] && finds[j].from == finds[i].from {
			return true
		}
	}
	return false
}

func isKm(w string) bool { return w == "km" || strings.HasPrefix(w, "kilom") }

// kilometres finds a distance such as "5 km" or "2,5km"; 0 when there is none.
func kilometres(text string) float64 {
	low := strings.ToLower(text)
	at := strings.Index(low, "km")
	if at < 0 {
		at = strings.Index(low, "kilom")
	}
	if at < 1 {
		return 0
	}
	s := strings.TrimRight(low[:at], " \u00a0")
	i := len(s)
	for i > 0 && (s[i-1] >= '0' && s[i-1] <= '9' || s[i-1] == ',' || s[i-1] == '.') {
		i--
	}
	km, err := strconv.ParseFloat(strings.ReplaceAll(s[i:], ",", "."), 64)
	if err != nil || km <= 0 || km > 300 {
		return 0
	}
	return km
}
