package dialogue

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
)

// A Quiz is a few small questions that help to answer a question of the tree.
// ParseQuiz makes it; it never changes after that.
type Quiz struct {
	Parts []Part
	// Words are typed texts, in any language, by what they mean: "start",
	// "unsure", and the choices of an item.
	Words map[string][]string
}

// A Part is the quiz of one slot. It suggests values of the slot.
type Part struct {
	Slot  string
	Most  int // most values in a result
	Items []Item
}

// An Item is one small question with two options.
type Item struct {
	ID string // one capital letter or digit; it outlives the order of the file
	// YesNo is true for a question with yes and no, false for a pair of
	// activities, of which one may like both or neither.
	YesNo  bool
	First  map[string]int // weight by value: a, or yes
	Second map[string]int // b, or no
}

// choices are the ids of the item's buttons.
func (i *Item) choices() []string {
	if i.YesNo {
		return []string{"yes", "no"}
	}
	return []string{"a", "b", "both", "neither"}
}

// marks are how a choice is kept: one byte each, since a state must stay small.
var marks = map[string]byte{"a": 'a', "b": 'b', "both": '2', "neither": '0', "yes": 'y', "no": 'n', "skip": '-'}

// first and second report whether a mark chooses the option.
func first(mark byte) bool  { return mark == 'a' || mark == 'y' || mark == '2' }
func second(mark byte) bool { return mark == 'b' || mark == 'n' || mark == '2' }

// A QuizState is what is remembered of the quizzes. The zero QuizState is none
// begun.
type QuizState struct {
	On string `json:"on,omitempty"` // slot of the quiz that is under way; "" is none
	// Ans holds two bytes per answer, the item's id and a mark, in the order
	// in which they were given.
	Ans  string `json:"a,omitempty"`
	Turn int    `json:"t,omitempty"` // of the start, or of the last answer
}

// mark is the answer to an item; ok is false for none.
func (q QuizState) mark(id string) (mark byte, ok bool) {
	for i := 0; i+1 < len(q.Ans); i += 2 {
		if q.Ans[i:i+1] == id {
			return q.Ans[i+1], true
		}
	}
	return 0, false
}

// without drops the answers for which drop holds.
func (q QuizState) without(drop func(id string) bool) string {
	var b strings.Builder
	for i := 0; i+1 < len(q.Ans); i += 2 {
		if !drop(q.Ans[i : i+1]) {
			b.WriteString(q.Ans[i : i+2])
		}
	}
	return b.String()
}

// last is the item of the part that was answered last; ok is false for none.
func (p *Part) last(q QuizState) (id string, ok bool) {
	for i := 0; i+1 < len(q.Ans); i += 2 {
		if p.item(q.Ans[i:i+1]) != nil {
			id, ok = q.Ans[i:i+1], true
		}
	}
	return id, ok
}

func (p *Part) item(id string) *Item {
	for i := range p.Items {
		if p.Items[i].ID == id {
			return &p.Items[i]
		}
	}
	return nil
}

// open is the first item without an answer; nil when all have one. n counts
// from 1.
func (p *Part) open(q QuizState) (item *Item, n int) {
	for i := range p.Items {
		if _, ok := q.mark(p.Items[i].ID); !ok {
			return &p.Items[i], i + 1
		}
	}
	return nil, len(p.Items)
}

// Result lists the values that the answers point to, the strongest first; none
// when no answer sets values apart. Equal values are drawn by lot, and the
// answers are the seed: no value is favoured, and the same answers give the
// same result in whatever order they were given.
func (p *Part) Result(q QuizState) []string {
	score := map[string]int{}
	var seed strings.Builder
	for i := range p.Items {
		item := &p.Items[i]
		mark, ok := q.mark(item.ID)
		if !ok {
			continue
		}
		seed.WriteString(item.ID)
		seed.WriteByte(mark)
		for v, w := range item.First {
			score[v] += 0
			if first(mark) {
				score[v] += w
			}
		}
		for v, w := range item.Second {
			score[v] += 0
			if second(mark) {
				score[v] += w
			}
		}
	}
	type candidate struct {
		value string
		score int
		lot   uint64
	}
	var all []candidate
	for v, s := range score {
		h := fnv.New64a()
		h.Write([]byte(v + "/" + seed.String()))
		all = append(all, candidate{v, s, h.Sum64()})
	}
	slices.SortFunc(all, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.lot, y.lot), strings.Compare(x.value, y.value))
	})
	if len(all) == 0 || all[0].score == all[len(all)-1].score {
		return nil
	}
	var vs []string
	for _, c := range all {
		if len(vs) < p.Most && 2*c.score > all[0].score {
			vs = append(vs, c.value)
		}
	}
	return vs
}

// maxBecause is how many of a visitor's own answers are quoted for one value.
const maxBecause = 3

// because lists the labels of the visitor's answers that point to one of the
// values, in the order of the quiz.
func (p *Part) because(q QuizState, values ...string) Labels {
	points := func(option map[string]int) bool {
		return slices.ContainsFunc(values, func(v string) bool { return option[v] > 0 })
	}
	var ls Labels
	for i := range p.Items {
		item := &p.Items[i]
		mark, ok := q.mark(item.ID)
		if !ok {
			continue
		}
		if points(item.First) && first(mark) {
			ls = append(ls, p.label(item, item.choices()[0]))
		}
		if points(item.Second) && second(mark) {
			ls = append(ls, p.label(item, item.choices()[1]))
		}
	}
	return ls[:min(len(ls), maxBecause)]
}

// prefix is how the ids of the part's messages begin.
func (p *Part) prefix() string {
	if p.Slot == "interest" {
		return "quiz."
	}
	return p.Slot + "."
}

// label is the message for one option, as a button and inside a sentence.
func (p *Part) label(item *Item, choice string) Label {
	return Label(p.prefix() + item.ID + "." + choice)
}

// Part returns the quiz of a slot; nil when there is none.
func (q *Quiz) Part(slot string) *Part {
	if q == nil {
		return nil
	}
	for i := range q.Parts {
		if q.Parts[i].Slot == slot {
			return &q.Parts[i]
		}
	}
	return nil
}

// QuizItem is the item on the visitor's screen and the ids of its choices; ok
// is false when no quiz is under way.
func (t *Tree) QuizItem(s State) (id string, choices []string, ok bool) {
	r := run{t: t, s: s}
	step := r.open()
	if p, item, _ := r.item(); item != nil && step != nil && step.Ask == p.Slot {
		return item.ID, item.choices(), true
	}
	return "", nil, false
}

// part is the quiz that is under way; nil when there is none, or when its
// question is not on the walk any more.
func (r *run) part() (*Part, *Step) {
	p := r.t.Quiz.Part(r.s.Quiz.On)
	if p == nil {
		return nil, nil
	}
	step, ok := r.t.step(p.Slot, r.s.answers(r.t))
	if !ok {
		return nil, nil
	}
	return p, step
}

// item is the quiz under way and its open item; nil when all are answered.
func (r *run) item() (*Part, *Item, int) {
	p, _ := r.part()
	if p == nil {
		return nil, nil, 0
	}
	item, n := p.open(r.s.Quiz)
	return p, item, n
}

// startQuiz begins the quiz of a slot, or takes it up where it was left.
func (r *run) startQuiz(slot string) {
	p := r.t.Quiz.Part(slot)
	step, ok := r.t.step(slot, r.s.answers(r.t))
	if p == nil || !ok {
		r.gone()
		return
	}
	item, _ := p.open(r.s.Quiz)
	if item != nil && r.s.Quiz.On == slot {
		r.out.Silent = true // a double click
		return
	}
	if item == nil { // from the start
		r.s.Quiz.Ans = r.s.Quiz.without(func(id string) bool { return p.item(id) != nil })
	}
	r.s.Quiz.On, r.s.Quiz.Turn = slot, r.s.Turn
	r.s.Asked, r.s.Paused = Asked{Slot: slot}, 0
	intro := "intro"
	if _, begun := p.last(r.s.Quiz); begun {
		intro = "again"
	}
	r.say(p.prefix()+intro, nil).Kind = quizKind
	r.ask(step)
}

// quizKind marks the lines of a quiz.
const quizKind = "quiz"

// leaveQuiz puts the question again that the quiz was to help with. The
// answers are kept.
func (r *run) leaveQuiz() {
	p, step := r.part()
	if p == nil {
		r.gone()
		return
	}
	r.s.Quiz.On = ""
	r.s.Asked = Asked{Slot: p.Slot}
	r.say(p.prefix()+"stopped", nil).Kind = quizKind
	r.ask(step)
}

// pressQuiz applies a button of a quiz: start, stop, or the answer to an item.
func (r *run) pressQuiz(p Press) {
	switch {
	case len(p.Values) == 0:
		r.startQuiz("interest")
	case len(p.Values) == 1 && p.Values[0] == "stop":
		r.leaveQuiz()
	case len(p.Values) == 2:
		r.pressItem(p.Values[0], p.Values[1])
	default:
		r.gone()
	}
}

func (r *run) pressItem(id, choice string) {
	mark, old := byte(0), byte(0)
	var answered bool
	if r.t.Quiz != nil {
		for i := range r.t.Quiz.Parts {
			if item := r.t.Quiz.Parts[i].item(id); item != nil && slices.Contains(item.choices(), choice) {
				mark = marks[choice]
			}
		}
	}
	old, answered = r.s.Quiz.mark(id)
	part, _ := r.part()
	switch {
	case mark == 0:
		r.gone()
	case answered && old == mark:
		r.out.Silent = true // a double click, or the same button on an old message
	case part == nil || part.item(id) == nil:
		r.gone()
	default:
		r.answerItem(part, id, mark)
	}
}

// answerItem keeps an answer to an item, and goes on. The last answer of the
// quiz about interests fills the slot; advice is left to the visitor.
func (r *run) answerItem(p *Part, id string, mark byte) {
	q := &r.s.Quiz
	q.Ans = q.without(func(old string) bool { return old == id || !r.t.Quiz.has(old) }) + id + string(mark)
	q.Turn = r.s.Turn
	r.s.Asked, r.s.Paused = Asked{Slot: p.Slot}, 0
	if item, _ := p.open(*q); item == nil && r.fillFrom(p) {
		return
	}
	r.proceed()
}

func (q *Quiz) has(id string) bool {
	return slices.ContainsFunc(q.Parts, func(p Part) bool { return p.item(id) != nil })
}

// fillFrom answers the slot with the result of its quiz, and says why. It does
// nothing without a result, or when the visitor must choose himself.
func (r *run) fillFrom(p *Part) bool {
	slot, _ := r.t.Slot(p.Slot)
	vs := r.valid(p.Slot, p.Result(r.s.Quiz))
	if slot.Type != Set || len(vs) == 0 {
		return false
	}
	r.say(p.prefix()+"result", nil).Kind = quizKind
	for _, v := range vs {
		line := r.say(p.prefix()+"because", map[string]any{
			"Field": Label("value." + p.Slot + "." + v), "Picks": p.because(r.s.Quiz, v),
		})
		line.Kind = quizKind
	}
	r.out.Say[len(r.out.Say)-1].Choices = []Choice{r.verb("change", p.Slot)}
	r.log(Answer{Slot: p.Slot, Values: vs})
	r.proceed()
	return true
}

// askQuiz puts the open item instead of the step's own question, or the advice
// once every item is answered. It reports whether it did.
func (r *run) askQuiz(step *Step) bool {
	p, item, n := r.item()
	if p == nil || p.Slot != step.Ask {
		return false
	}
	if item == nil {
		if !r.fillFrom(p) { // true when a quiz has lost an item since it was begun
			r.advise(p, step)
		}
		return true
	}
	id, args := p.prefix()+"ask", map[string]any{"N": n, "Total": len(p.Items)}
	if item.YesNo {
		id, args = p.prefix()+item.ID, nil
	}
	if r.s.Asked.Misses > 0 {
		id, args = fmt.Sprintf("%sretry%d", p.prefix(), min(r.s.Asked.Misses, 2)), nil
	}
	line := r.say(id, args)
	line.Kind, line.Ask = quizKind, &Ask{Slot: p.Slot}
	for _, c := range item.choices() {
		label := p.label(item, c)
		if c == "both" || c == "neither" || item.YesNo {
			label = Label("quiz." + c)
		}
		line.Choices = append(line.Choices, r.quizChoice(c, label, item.ID, c))
	}
	line.Choices = append(line.Choices, r.verb("skip"), r.quizChoice("stop", "quiz.stop", "stop"), r.verb("back"))
	return true
}

func (r *run) quizChoice(id string, label Label, values ...string) Choice {
	return Choice{ID: id, Label: label, Count: -1, Token: Press{Turn: r.s.Turn, Name: "quiz", Values: values}.Token()}
}

// advise says what the answers point to and why; the visitor chooses. Values
// stand in the order of the slot, for advice is no ranking.
func (r *run) advise(p *Part, step *Step) {
	slot, _ := r.t.Slot(p.Slot)
	result := p.Result(r.s.Quiz)
	vs := slices.DeleteFunc(slices.Clone(slot.Values), func(v string) bool { return !slices.Contains(result, v) })
	id, args := p.prefix()+"none", map[string]any(nil)
	if len(vs) > 0 {
		var names Labels
		for _, v := range vs {
			names = append(names, Label(p.prefix()+v+".name"))
		}
		id, args = p.prefix()+"advice", map[string]any{"Values": names, "Because": p.because(r.s.Quiz, vs...)}
	}
	line := r.say(id, args)
	line.Kind = quizKind
	r.put(line, step)
}

// unsure helps a visitor who does not know the answer: with a quiz where there
// is one, and else by passing the question.
func (r *run) unsure() {
	step := r.open()
	switch {
	case step == nil:
		r.again()
	case r.t.Quiz.Part(step.Ask) == nil, r.s.Quiz.On == step.Ask, r.s.Asked.Offer:
		r.skip() // nothing can help, or the quiz did not
	case step.Ask != "interest":
		r.startQuiz(step.Ask)
	default:
		r.s.Asked = Asked{Slot: step.Ask, Turn: r.s.Turn, Offer: true}
		line := r.say("quiz.offer", nil)
		line.Ask = &Ask{Slot: step.Ask}
		line.Choices = []Choice{r.quizVerb(), r.verb("skip")}
		if len(r.s.Ans) > 0 {
			line.Choices = append(line.Choices, r.verb("back"))
		}
	}
}

// skipItem passes the open item of a quiz, and reports whether it did. Who
// passes the first small question about a finality does not want the others.
func (r *run) skipItem(step *Step) bool {
	p, item, n := r.item()
	if item == nil || p.Slot != step.Ask || item.YesNo && n == 1 {
		return false
	}
	r.answerItem(p, item.ID, marks["skip"])
	return true
}

// declined reports whether the visitor goes on with a later question instead
// of the help that he was offered; the question itself is then passed.
func (r *run) declined(told []Told) (slot string, ok bool) {
	slot = r.s.Asked.Slot
	if !r.s.Asked.Offer {
		_, item, _ := r.item()
		if item == nil || !item.YesNo {
			return "", false
		}
		slot = r.s.Quiz.On
	}
	later := slices.ContainsFunc(told, func(w Told) bool { return r.t.before(slot, w.Slot) && r.valid(w.Slot, w.Values) != nil })
	own := slices.ContainsFunc(told, func(w Told) bool { return w.Slot == slot })
	return slot, later && !own
}

// quizVerb is the button that starts the quiz about interests, or goes on.
func (r *run) quizVerb() Choice {
	c := r.verb("quiz")
	p := r.t.Quiz.Part("interest")
	_, begun := p.last(r.s.Quiz)
	if item, _ := p.open(r.s.Quiz); begun && item != nil {
		c.Label = "quiz.resume"
	}
	return c
}

// helpOf adds to a question what helps to answer it: the quiz, and what each
// value keeps open.
func (r *run) helpOf(line *Line, step *Step) {
	p := r.t.Quiz.Part(step.Ask)
	if p == nil {
		return
	}
	if step.Ask == "interest" {
		line.Choices = append(line.Choices, r.quizVerb())
		return
	}
	if r.s.Quiz.On == step.Ask {
		return // the advice stands there, and all this was just said
	}
	line.Choices = append(line.Choices, r.verb("unsure"))
	if r.s.Asked.Misses == 0 {
		slot, _ := r.t.Slot(step.Ask)
		for _, v := range r.t.offered(step, r.s.answers(r.t)) {
			if slices.Contains(slot.Values, v) {
				line.Notes = append(line.Notes, Label(p.prefix()+v+".effect"))
			}
		}
		line.Notes = append(line.Notes, Label(p.prefix()+"source"))
	}
}

// backQuiz undoes the last answer to an item, or leaves a quiz that has none.
// last is the turn of the log's last answer. It reports whether it did.
func (r *run) backQuiz(last int) bool {
	p, step := r.part()
	if p == nil || last > r.s.Quiz.Turn {
		return false
	}
	r.s.Asked, r.s.Paused = Asked{Slot: p.Slot}, 0
	if id, ok := p.last(r.s.Quiz); ok {
		r.s.Quiz.Ans = r.s.Quiz.without(func(old string) bool { return old == id })
	} else {
		r.s.Quiz.On = ""
	}
	r.ask(step)
	return true
}

// undone takes a quiz up again when the answer that ended it is undone.
func (r *run) undone(ans Answer) {
	p := r.t.Quiz.Part(ans.Slot)
	if !ans.Quiz || p == nil {
		return
	}
	r.s.Quiz.On = ans.Slot
	if id, ok := p.last(r.s.Quiz); ok && r.s.Quiz.Turn == ans.Turn { // this turn's answer ended it
		r.s.Quiz.Ans = r.s.Quiz.without(func(old string) bool { return old == id })
	}
}

// messages lists the id of every message that the quizzes can say.
func (q *Quiz) messages() []string {
	if q == nil {
		return nil
	}
	ids := []string{
		"quiz.ask", "quiz.because", "quiz.both", "quiz.neither", "quiz.no", "quiz.none", "quiz.offer", "quiz.result",
		"quiz.resume", "quiz.stop", "quiz.why", "quiz.yes", "verb.quiz", "verb.unsure",
	}
	for i := range q.Parts {
		p := &q.Parts[i]
		for _, id := range []string{"intro", "again", "stopped", "retry1", "retry2", "none"} {
			ids = append(ids, p.prefix()+id)
		}
		if p.Slot == "finality" {
			ids = append(ids, "finality.advice", "finality.source")
			for _, v := range catalogue.Finalities {
				ids = append(ids, "finality."+string(v)+".effect", "finality."+string(v)+".name")
			}
		}
		for j := range p.Items {
			item := &p.Items[j]
			if item.YesNo {
				ids = append(ids, p.prefix()+item.ID)
			}
			for _, c := range item.choices()[:2] {
				ids = append(ids, string(p.label(item, c)))
			}
		}
	}
	return ids
}

// file format

type quizFile struct {
	Format  int                            `yaml:"format"`
	Quizzes []partFile                     `yaml:"quizzes"`
	Words   map[string]map[string][]string `yaml:"words"`
}

type partFile struct {
	Slot  string     `yaml:"slot"`
	Most  int        `yaml:"most"`
	Items []itemFile `yaml:"items"`
}

type itemFile struct {
	ID  string         `yaml:"id"`
	A   map[string]int `yaml:"a"`
	B   map[string]int `yaml:"b"`
	Yes map[string]int `yaml:"yes"`
	No  map[string]int `yaml:"no"`
}

// limits of a quiz; a longer one is not short any more.
const (
	maxItems  = 12
	maxGives  = 3 // values of one option
	maxWeight = 3
)

// ParseQuiz reads the quizzes and checks them. The error lists every fault as
// file:line:col, code and what to mend; it wraps ErrTree.
func ParseQuiz(name string, data []byte) (*Quiz, error) {
	var d quizFile
	f, err := strictyaml.Parse(name, data, &d)
	if err != nil {
		return nil, faultError([]Fault{{Code: "Q001", At: name, What: err.Error()}})
	}
	c := quizCheck{f: f, seen: map[string]bool{}}
	if d.Format != 1 {
		c.bad("Q002", "$.format", "begin with format: 1")
	}
	q := &Quiz{Words: map[string][]string{}}
	for i, p := range d.Quizzes {
		q.Parts = append(q.Parts, c.part(p, fmt.Sprintf("$.quizzes[%d]", i)))
	}
	for _, slot := range []string{"interest", "finality"} {
		if q.Part(slot) == nil {
			c.bad("Q003", "$.quizzes", "there is no quiz for %q", slot)
		}
	}
	c.words(d.Words, q)
	slices.SortFunc(c.faults, func(a, b Fault) int { return strings.Compare(a.String(), b.String()) })
	if err := faultError(c.faults); err != nil {
		return nil, err
	}
	return q, nil
}

type quizCheck struct {
	f      *strictyaml.File
	faults []Fault
	seen   map[string]bool // ids of items, over all quizzes
}

func (c *quizCheck) bad(code, path, format string, args ...any) {
	c.faults = append(c.faults, Fault{code, c.f.At(path), fmt.Sprintf(format, args...)})
}

// quizValues are the values that a quiz of the slot may suggest.
func quizValues(slot string) []string {
	var vs []string
	switch slot {
	case "interest":
		for _, f := range catalogue.Fields {
			vs = append(vs, string(f))
		}
	case "finality":
		for _, f := range catalogue.Finalities {
			vs = append(vs, string(f))
		}
	}
	return vs
}

func (c *quizCheck) part(d partFile, path string) Part {
	p := Part{Slot: d.Slot, Most: d.Most}
	values := quizValues(d.Slot)
	if values == nil {
		c.bad("Q003", path+".slot", "slot %q has no quiz: write interest or finality", d.Slot)
	}
	if d.Most < 1 || d.Most > 3 {
		c.bad("Q004", path+".most", "most %d: a result names 1 to 3 values", d.Most)
	}
	if n := len(d.Items); n == 0 || n > maxItems {
		c.bad("Q005", path+".items", "%d items: write 1 to %d", n, maxItems)
	}
	total := map[string]int{}
	for i, it := range d.Items {
		at := fmt.Sprintf("%s.items[%d]", path, i)
		item := Item{ID: it.ID, First: it.A, Second: it.B, YesNo: it.Yes != nil || it.No != nil}
		if item.YesNo {
			item.First, item.Second = it.Yes, it.No
		}
		if len(it.ID) != 1 || !(it.ID >= "0" && it.ID <= "9" || it.ID >= "A" && it.ID <= "Z") {
			c.bad("Q006", at+".id", "id %q: write one capital letter or digit", it.ID)
		}
		if c.seen[it.ID] {
			c.bad("Q006", at+".id", "id %q is used twice", it.ID)
		}
		c.seen[it.ID] = true
		if item.YesNo && (it.A != nil || it.B != nil) || item.YesNo != (d.Slot == "finality") {
			c.bad("Q007", at, "write a and b for interests, yes and no for finalities")
		}
		for n, option := range []map[string]int{item.First, item.Second} {
			if len(option) == 0 || len(option) > maxGives {
				c.bad("Q008", at, "option %s gives weight to %d values: write 1 to %d", item.choices()[n], len(option), maxGives)
			}
			for v, w := range option {
				if !slices.Contains(values, v) {
					c.bad("Q009", at, "%q is no value of %q", v, d.Slot)
				}
				if w < 1 || w > maxWeight {
					c.bad("Q010", at, "weight %d of %q: write 1 to %d", w, v, maxWeight)
				}
				total[v] += w
			}
		}
		p.Items = append(p.Items, item)
	}
	for _, v := range values {
		switch {
		case total[v] == 0:
			c.bad("Q011", path, "nothing leads to %q", v)
		case total[v] != total[values[0]]:
			c.bad("Q012", path, "%q weighs %d in all and %q %d: make them equal, so that none is favoured", v, total[v], values[0], total[values[0]])
		}
	}
	return p
}

// words reads the typed words: each meaning in each language.
func (c *quizCheck) words(d map[string]map[string][]string, q *Quiz) {
	want := []string{"start", "unsure", "a", "b", "both", "neither", "yes", "no"}
	for id := range d {
		if !slices.Contains(want, id) {
			c.bad("Q013", "$.words", "%q is not one of %v", id, want)
		}
	}
	for _, id := range want {
		for _, l := range catalogue.Langs {
			ws := d[id][string(l)]
			if len(ws) == 0 {
				c.bad("Q013", "$.words", "%q has no words in %s", id, l)
			}
			q.Words[id] = append(q.Words[id], ws...)
		}
	}
}
