package understand

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// What of a text is read: slots and intents look at the beginning, the alarm
// looks further, for who is in need often writes long.
const (
	maxRunes = 200
	maxWords = 40
	maxAlarm = 2000
)

// ErrWords is returned by New for word lists that must not be used.
var ErrWords = errors.New("understand: unusable word lists")

// A Lexicon knows the words of the catalogue. All words are folded. It is safe
// for concurrent use.
type Lexicon interface {
	// Fields returns the fields that a word or phrase names, the closest
	// first; none when it names none.
	Fields(phrase string) []catalogue.Field
	// Known reports whether the word is one of its own, rightly spelled.
	Known(word string) bool
	// Correct returns the one known word that the word is a slip of; ok is
	// false when there is none or more than one.
	Correct(word string) (known string, ok bool)
}

// A Reader turns texts into meanings. It never changes after New and is safe
// for concurrent use.
type Reader struct {
	lex Lexicon

	known     map[string]bool // words of our own lists
	slips     *slips
	chat      map[string]*chatWord
	chatFirst map[string]bool
	numbers   map[string]int
	ordinals  map[string]int

	alarm    alarms
	commands commands
	slots    slotReader
	places   places
	intents  intents
	stop     map[string]bool
	polite   table
	self     table
	gender   map[string]bool // words that say who somebody is
	origin   map[string]bool
	language *languages
}

// New builds a Reader from the word lists in words and the names in c. lex may
// be nil: then only the phrases of the lists name a field. The error lists all
// that is wrong with the lists and wraps ErrWords.
func New(words fs.FS, c *catalogue.Catalogue, lex Lexicon) (*Reader, error) {
	l, err := readLists(words)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrWords, err)
	}
	r := &Reader{lex: lex, known: map[string]bool{}, numbers: map[string]int{}, ordinals: map[string]int{}}
	b := &builder{classes: map[string][]string{}, taught: map[catalogue.Lang][]string{}}
	r.buildClasses(b, &l.class)
	r.buildChat(b, &l.chat)
	r.commands.build(b, &l.command)
	r.slots.build(b, l)
	r.alarm.build(b, &l.alarm)
	r.intents.build(b, &l.intent, &l.outside)
	r.places.build(b, &l.place, c)
	r.stop = b.set(l.stop.Stop)
	b.all(&r.polite, "stop.yaml: polite", l.stop.Polite, 0, false)
	b.all(&r.self, "stop.yaml: self", l.stop.Self, 0, false)
	r.gender, r.origin = b.class("gender"), b.class("origin")

	mend := map[string]bool{} // words that a slip is mended to
	for _, t := range []*table{
		&r.alarm.table, &r.commands.table, &r.slots.table, &r.slots.interests, &r.intents.table, &r.polite,
	} {
		for _, w := range t.words() {
			r.known[w], mend[w] = true, true
		}
	}
	r.language = newLanguages(b, &l.language, &l.chat, c)
	for _, w := range r.language.words {
		r.known[w] = true
	}
	for w := range r.stop {
		r.known[w] = true
	}
	for w := range r.places.words {
		r.known[w] = true
	}
	r.slips = newSlips(mend)
	for _, t := range []*table{&r.commands.table, &r.slots.table, &r.intents.table, &r.alarm.table} {
		r.checkChat(b, t)
	}
	if len(b.faults) > 0 {
		sort.Strings(b.faults)
		return nil, fmt.Errorf("%s\n%w: %d to mend", strings.Join(b.faults, "\n"), ErrWords, len(b.faults))
	}
	return r, nil
}

func (r *Reader) buildClasses(b *builder, f *classFile) {
	put := func(name string, words []string) {
		for _, w := range words {
			w = search.Fold(w)
			if w == "" || strings.Contains(w, " ") {
				b.fault("classes.yaml: %s: %q is not one word", name, w)
			}
			b.classes[name] = append(b.classes[name], w)
		}
	}
	for _, name := range sortedKeys(f.Classes) {
		put(name, f.Classes[name])
	}
	for _, n := range sortedKeys(f.Numbers) {
		for _, w := range f.Numbers[n] {
			r.numbers[search.Fold(w)] = n
			r.known[search.Fold(w)] = true
		}
	}
	for _, n := range sortedKeys(f.Years) {
		name := fmt.Sprintf("year%d", n)
		put(name, f.Years[n])
		b.classes["year"] = append(b.classes["year"], b.classes[name]...)
		for _, w := range b.classes[name] {
			if old, ok := r.ordinals[w]; ok && old != n {
				b.fault("classes.yaml: %q is both %d and %d", w, old, n)
			}
			r.ordinals[w] = n
			r.known[w] = true
		}
	}
}

func (r *Reader) buildChat(b *builder, f *chatFile) {
	r.chat, r.chatFirst = map[string]*chatWord{}, map[string]bool{}
	put := func(l catalogue.Lang, m map[string]string, always bool) {
		for _, k := range sortedKeys(m) {
			key, to := search.Fold(k), fold(m[k])
			if key == "" || len(to) == 0 {
				b.fault("chat.yaml: %q: both sides need a word", k)
				continue
			}
			c := r.chat[key]
			if c == nil {
				c = &chatWord{}
				r.chat[key] = c
			}
			if c.in(l) != nil {
				b.fault("chat.yaml: %q stands there twice in %s", k, l)
			}
			switch l {
			case catalogue.FR:
				c.fr = to
			case catalogue.EN:
				c.en = to
			default:
				c.nl = to
			}
			if always && c.always {
				b.fault("chat.yaml: %q stands in two languages: move both under only", k)
			}
			c.always = c.always || always
			first, _, _ := strings.Cut(key, " ")
			r.chatFirst[first] = true
		}
	}
	put(catalogue.NL, f.NL, true)
	put(catalogue.FR, f.FR, true)
	put(catalogue.EN, f.EN, true)
	put(catalogue.NL, f.Only.NL, false)
	put(catalogue.FR, f.Only.FR, false)
	put(catalogue.EN, f.Only.EN, false)
}

// checkChat finds patterns that can never be met, because one of their words
// is always written out as something else before.
func (r *Reader) checkChat(b *builder, t *table) {
	for _, p := range t.all {
		for _, e := range p.elems {
			if len(e.words) != 1 || e.optional {
				continue
			}
			if c := r.chat[e.words[0]]; c != nil && c.always {
				b.fault("pattern %q: %q never reaches it, chat.yaml writes it out", p.source, e.words[0])
			}
		}
	}
}

// Read says what a text means, without any context. The same text always means
// the same.
func (r *Reader) Read(text string) Meaning {
	text = firstRunes(text, maxAlarm)
	if capitals(text, "IT") {
		text = replaceWord(text, "IT", "ICT")
	}
	all := fold(text)
	var m Meaning
	head := firstRunes(text, maxRunes)
	words := all
	if len(head) < len(text) {
		m.Cut = true
		words = fold(head)
	}
	if len(words) > maxWords {
		words, m.Cut = words[:maxWords], true
	}
	m.Text = strings.Join(words, " ")
	m.Lang, m.Sure = r.language.read(head, words, r.places.words)

	if m.Alarm = r.alarmOf(text, all, m.Lang); m.Alarm == Crisis {
		return m // nothing else counts now
	}
	toks := r.tokens(words, m.Lang)
	markPauses(head, words, toks)
	if kept := r.withoutSelf(toks); len(kept) < len(toks) {
		toks = kept
		m.Text = said(words, toks)
	}
	if m.Command = r.commandOf(toks); m.Command != NoCommand {
		if l, ok := strings.CutPrefix(string(m.Command), string(LangPrefix)); ok {
			m.Lang, m.Sure = catalogue.Lang(l), 1
		}
	}
	m.Question = r.asks(head, toks)
	uses := r.readSlots(&m, head, words, toks)
	r.readIntents(&m, toks, uses)
	m.Plain = r.plain(toks, m.Lang)
	if m.Command == NoCommand && len(toks) <= maxCommand && slices.Contains(m.Intents, AskPerson) {
		m.Command = Handover
	}
	return m
}

// plain writes tokens in ordinary spelling. All words of gender become one, and
// words of origin are left out: the same question gets the same answer.
func (r *Reader) plain(toks []token, l catalogue.Lang) string {
	var sb strings.Builder
	for i := range toks {
		w := toks[i].word
		switch {
		case len(toks[i].fixes) == 1:
			w = toks[i].fixes[0]
		case r.origin[w]:
			continue
		case r.gender[w]:
			w = girl(l)
		}
		if sb.Len() > 0 {
			sb.WriteByte(' ')
		}
		sb.WriteString(w)
	}
	return sb.String()
}

func girl(l catalogue.Lang) string {
	switch l {
	case catalogue.FR:
		return "filles"
	case catalogue.EN:
		return "girls"
	}
	return "meisjes"
}

// said are the words of the text that tokens stand for.
func said(words []string, toks []token) string {
	var kept []string
	next := 0
	for i := range toks {
		if toks[i].to > next {
			kept = append(kept, words[max(next, toks[i].at):toks[i].to]...)
			next = toks[i].to
		}
	}
	return strings.Join(kept, " ")
}

// withoutSelf leaves out what the writer says about who he is.
func (r *Reader) withoutSelf(toks []token) []token {
	hits := r.self.find(toks)
	if len(hits) == 0 {
		return toks
	}
	drop := make([]bool, len(toks))
	for _, h := range hits {
		for i := h.from; i < h.to; i++ {
			drop[i] = true
		}
	}
	kept := make([]token, 0, len(toks))
	for i := range toks {
		if !drop[i] {
			kept = append(kept, toks[i])
		}
	}
	return kept
}

// capitals reports whether the word stands in a text that also has small
// letters: IT is a field, "it" is not.
func capitals(text, word string) bool {
	return strings.Contains(text, word) && strings.ToUpper(text) != text
}

// replaceWord replaces a word, not a part of one.
func replaceWord(text, old, new string) string {
	letter := func(s string, at int) bool {
		return at >= 0 && at < len(s) && (s[at] >= utf8.RuneSelf || s[at] >= 'A' && s[at] <= 'Z' || s[at] >= 'a' && s[at] <= 'z' || s[at] >= '0' && s[at] <= '9')
	}
	for i := 0; ; {
		at := strings.Index(text[i:], old)
		if at < 0 {
			return text
		}
		at += i
		i = at + len(old)
		if !letter(text, at-1) && !letter(text, i) {
			text = text[:at] + new + text[i:]
			i = at + len(new)
		}
	}
}

// firstRunes returns at most n characters of s.
func firstRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// markPauses sets pause on the tokens that follow a comma, a full stop or the
// like: folding loses them, and a negation ends there.
func markPauses(text string, words []string, toks []token) {
	if !strings.ContainsAny(text, ",.;:!?\n") {
		return
	}
	n := 0
	starts := map[int]bool{}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",.;:!?\n", r) }) {
		n += len(fold(part))
		starts[n] = true
	}
	if n != len(words) {
		return // a sign inside a word, such as ".net"
	}
	for i := range toks {
		toks[i].pause = starts[toks[i].at] && (i == 0 || toks[i-1].at != toks[i].at)
	}
}
