package bot

import (
	"fmt"
	"slices"
	"strings"

	"wegwijs/bot/dialogue"
	"wegwijs/bot/understand"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// read turns an update into an input for the tree. What the bot answers by
// itself — a question in between, small talk, care — is put in the reply here.
func (t *talk) read(u Update) (dialogue.Input, error) {
	switch {
	case len(u.Choices) > 0:
		return t.choose(u.Choices)
	case u.Location != nil:
		return t.locate(*u.Location)
	case u.Text != "":
		return t.hear(u.Text), nil
	case u.Switch && t.state.Turn > 0:
		return dialogue.Input{Command: "lang", Arg: []string{string(t.state.Lang)}}, nil
	}
	return dialogue.Input{Start: true, Lang: t.state.Lang}, nil
}

// choose reads one or more choices, each an id or a token.
func (t *talk) choose(choices []string) (dialogue.Input, error) {
	var all dialogue.Press
	for i, c := range choices {
		p, err := t.press(c)
		if err != nil {
			return dialogue.Input{}, err
		}
		if i > 0 && (p.Name != all.Name || p.Turn != all.Turn) {
			return dialogue.Input{}, fmt.Errorf("choices %q and %q do not answer one question: %w", choices[0], c, ErrInput)
		}
		values := append(all.Values, p.Values...)
		all = p
		all.Values = values
	}
	return dialogue.Input{Press: &all}, nil
}

// press reads one choice. A bare id answers the open question if it is one of
// its values, and is otherwise a verb, or a value that only one slot has.
func (t *talk) press(c string) (dialogue.Press, error) {
	if p, ok := dialogue.ParseToken(c); ok {
		return p, nil
	}
	p, ok := dialogue.ParseChoice(c)
	if !ok {
		return p, fmt.Errorf("choice %.40q is neither an id nor a token: %w", c, ErrInput)
	}
	if p, ok := t.pressQuiz(c); ok {
		return p, nil
	}
	if slot, ok := t.slotOf(c); ok {
		return dialogue.Press{Name: slot, Values: []string{c}}, nil
	}
	if slices.Contains(dialogue.Verbs, p.Name) {
		return p, nil
	}
	return p, fmt.Errorf("choice %.40q is unknown here: %w", c, ErrInput)
}

// slotOf finds the slot that a bare value answers: the open one first, else
// the only one that has it.
func (t *talk) slotOf(value string) (string, bool) {
	open := t.k.Tree.Open(t.state)
	has := func(s *dialogue.Slot) bool {
		return slices.Contains(s.Values, value) || s.Type == dialogue.Place && catalogue.ValidPostcode(value)
	}
	if s, ok := t.k.Tree.Slot(open); ok && has(s) {
		return open, true
	}
	if slices.Contains(dialogue.Verbs, value) {
		return "", false
	}
	var found []string
	for i := range t.k.Tree.Slots {
		if s := &t.k.Tree.Slots[i]; has(s) {
			found = append(found, s.Name)
		}
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// farKm is how far a shared position may be from the nearest commune that we
// know. Beyond it the visitor is asked in words.
const farKm = 25

// locate turns a position into a commune. The position itself is not kept.
func (t *talk) locate(p Point) (dialogue.Input, error) {
	if !(p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180) {
		return dialogue.Input{}, fmt.Errorf("location %v, %v is not on earth: %w", p.Lat, p.Lon, ErrInput)
	}
	m, km := t.k.Catalogue.Near(p.Lat, p.Lon)
	if m == nil || km > farKm {
		t.tell("say.location.far", nil)
		return dialogue.Input{Aside: true}, nil
	}
	return dialogue.Input{Tell: []dialogue.Told{{Slot: "place", Values: []string{m.Parts[0].Postcode}}}}, nil
}

// hear reads typed text in the order of the design: care, commands, an answer
// to the open question, answers to any question, a question of the visitor's
// own, and only then a miss.
func (t *talk) hear(text string) dialogue.Input {
	m := t.k.Reader.Read(text)
	if _, switches := langOf(m.Command); !switches {
		t.offerLanguage(m)
	}
	if in, ok := t.care(m); ok {
		return in
	}
	if in, ok := t.wait(m); ok {
		return in
	}
	if in, ok := t.quiz(text, m); ok {
		return in
	}
	if in, ok := t.command(m); ok {
		return in
	}
	open := t.open()
	if !asks(m) || !m.Question {
		if in, ok := t.pick(open, text, m); ok {
			return in
		}
	}
	told := t.told(open, m)
	aside := t.aside(text, open, m, told)
	switch {
	case len(told) > 0:
		return dialogue.Input{Tell: told, Focus: t.focus(m), Aside: aside}
	case aside:
		return dialogue.Input{Aside: true}
	case len(m.Unsure) > 0 && len(m.Rest) == 0:
		// Something about the visitor that no open question asks for.
		t.tell("say.heard", nil).Kind = "aside"
		return dialogue.Input{Aside: true}
	}
	_, maybe := t.k.Reader.Pick(text, t.options(open), false)
	return dialogue.Input{Miss: true, Maybe: maybe}
}

// wait keeps the tree still after words of distress, until the visitor was
// asked whether he wants to go on and says so.
func (t *talk) wait(m understand.Meaning) (dialogue.Input, bool) {
	switch {
	case t.state.Paused == 0 || m.Command == understand.Handover || m.Command == understand.Forget:
		return dialogue.Input{}, false
	case m.Command == understand.Yes && t.state.Paused > 1:
		return dialogue.Input{Command: "continue"}, true
	}
	t.tell("say.crisis.still", nil, "continue", "handover")
	return dialogue.Input{Alarm: true}, true
}

// offerLanguage offers to switch when the text is surely in another language.
func (t *talk) offerLanguage(m understand.Meaning) {
	const sure = 0.9
	if m.Lang != "" && m.Lang != t.state.Lang && m.Sure >= sure {
		if t.state.Turn <= 1 && len(t.state.Ans) == 0 {
			t.state.Lang = m.Lang // nobody has chosen yet: speak as the visitor speaks
			return
		}
		t.reply.Offer = m.Lang
	}
}

// sureInNeed is how sure the language of words of distress must be to be
// answered in.
const sureInNeed = 0.7

// care answers an alarm. Nothing of the text is kept or counted.
func (t *talk) care(m understand.Meaning) (dialogue.Input, bool) {
	switch m.Alarm {
	case understand.Crisis:
		// In need one writes in one's own language: answer in that one.
		l := t.state.Lang
		if m.Lang != "" && m.Sure >= sureInNeed {
			l = m.Lang
		}
		a := asking{b: t.b, k: t.k, l: l}
		msg := t.tell("say.crisis", nil, "handover", "continue")
		msg.Text, msg.Kind, msg.Answers = t.b.words.Say(l, "say.crisis", nil), "crisis", a.desks("helpline")
		return dialogue.Input{Alarm: true}, true
	case understand.Figure:
		t.tell("say.figure", nil).Kind = "aside"
		if !m.Question {
			return dialogue.Input{Aside: true}, true // "dying of maths" is no wish for maths
		}
	case understand.Abuse:
		t.tell("say.abuse", nil).Kind = "aside"
		return dialogue.Input{Aside: true}, true
	}
	return dialogue.Input{}, false
}

// command reads a text that is one command, or small talk.
func (t *talk) command(m understand.Meaning) (dialogue.Input, bool) {
	if l, ok := langOf(m.Command); ok {
		return dialogue.Input{Command: "lang", Arg: []string{string(l)}}, true
	}
	switch m.Command {
	case understand.NoCommand, understand.No, understand.Yes:
		return dialogue.Input{}, false
	case understand.Hello, understand.Thanks, understand.Bye, understand.Bot:
		if m.Command == understand.Hello && t.state.Turn == 0 {
			return dialogue.Input{Start: true, Lang: t.state.Lang}, true
		}
		t.tell("talk."+string(m.Command), nil)
		return dialogue.Input{Aside: true}, true
	case understand.Stop:
		t.tell("say.stop", nil, "continue", "forget")
		return dialogue.Input{Alarm: true}, true
	}
	return dialogue.Input{Command: string(m.Command)}, true
}

func langOf(c understand.Command) (catalogue.Lang, bool) {
	const p = string(understand.LangPrefix)
	if len(c) <= len(p) || string(c[:len(p)]) != p {
		return "", false
	}
	return catalogue.ParseLang(string(c[len(p):]))
}

// options are the values of a slot with the words for them in every language.
func (t *talk) options(slot string) []understand.Option {
	s, ok := t.k.Tree.Slot(slot)
	if !ok {
		return nil
	}
	var opts []understand.Option
	for _, v := range s.Values {
		o := understand.Option{ID: v, Labels: []string{v}}
		for _, l := range catalogue.Langs {
			o.Labels = append(o.Labels, t.b.words.Say(l, "value."+slot+"."+v, nil))
		}
		opts = append(opts, o)
	}
	return opts
}

// shown narrows options to those on the screen, in their order, so that "the
// second" means what the visitor sees.
func (t *talk) shown(slot string) []understand.Option {
	opts := t.options(slot)
	offered := t.k.Tree.Offered(t.state, slot)
	slices.SortStableFunc(opts, func(a, b understand.Option) int {
		return order(offered, a.ID) - order(offered, b.ID)
	})
	return opts
}

func order(list []string, id string) int {
	if at := slices.Index(list, id); at >= 0 {
		return at
	}
	return len(list)
}

// pick reads the text as an answer to the open question.
func (t *talk) pick(open, text string, m understand.Meaning) (dialogue.Input, bool) {
	s, ok := t.k.Tree.Slot(open)
	if !ok {
		return dialogue.Input{}, false
	}
	ids, _ := t.k.Reader.Pick(text, t.shown(open), s.Type == dialogue.Set)
	if len(ids) == 0 {
		return dialogue.Input{}, false
	}
	return dialogue.Input{Press: &dialogue.Press{Turn: t.state.Asked.Turn, Name: open, Values: ids}}, true
}

// asks reports whether the text wants to know something, rather than tell it.
func asks(m understand.Meaning) bool {
	return len(m.Intents) > 0 && slices.Contains(informs, m.Intents[0])
}

// told are the answers that the text certainly holds. What is unsure counts
// only as an answer to the question that is open, or would be after the rest:
// in "6th year, double finality" the finality is what the pupil follows.
func (t *talk) told(open string, m understand.Meaning) []dialogue.Told {
	var told []dialogue.Told
	add := func(s understand.Slot) {
		slot, ok := t.k.Tree.Slot(s.Name)
		if !ok || slices.ContainsFunc(m.Not, func(n understand.Slot) bool { return n.Name == s.Name && n.Value == s.Value }) {
			return
		}
		for i := range told {
			if told[i].Slot != s.Name {
				continue
			}
			if slot.Type == dialogue.Set && !slices.Contains(told[i].Values, s.Value) {
				told[i].Values = append(told[i].Values, s.Value)
			}
			return
		}
		told = append(told, dialogue.Told{Slot: s.Name, Values: []string{s.Value}})
	}
	for _, s := range m.Slots {
		add(s)
	}
	if asks(m) {
		return told
	}
	for range len(m.Unsure) + 2 { // once for the stage, once for what it opens
		for _, s := range m.Unsure {
			if s.Name == open {
				add(s)
			}
		}
		if open == "track" {
			told = followed(told)
		}
		if len(told) == 0 {
			break
		}
		next := t.k.Tree.Step(t.state, dialogue.Input{Tell: slices.Clone(told)}).State
		now := t.k.Tree.Place(next)
		if now == open || now == "" {
			break
		}
		open = now
	}
	return told
}

// followed reads a finality as the track that the learner follows, once that
// is the question: nobody in the last years chooses a finality any more.
func followed(told []dialogue.Told) []dialogue.Told {
	for i := range told {
		if told[i].Slot == "finality" {
			told[i].Slot = "track"
		}
	}
	return told
}

// minFocus is how well a course must explain the visitor's own words to go
// before others of the same field.
const minFocus = 0.85

// maxFocus bounds what is remembered of it.
const maxFocus = 12

// focus are the courses that the visitor's own words point to: of all that has
// to do with metal, those for "welding". Only ids are kept, never the words.
func (t *talk) focus(m understand.Meaning) []string {
	a := asking{b: t.b, k: t.k, l: t.state.Lang, m: m}
	words := a.liked()
	if len(words) == 0 {
		return nil
	}
	var ids []string
	for _, h := range a.find(search.Query{Words: words, Kinds: []search.Kind{search.CourseKind}}) {
		if h.Score >= minFocus && len(ids) < maxFocus {
			ids = append(ids, h.ID)
		}
	}
	return ids
}

// informs are the intents that want an answer, not a step of the conversation.
var informs = []understand.Intent{
	understand.AskPrice, understand.AskAdmission, understand.AskPath, understand.AskJobs, understand.AskTerm,
	understand.AskCompare, understand.AskOpenDay, understand.AskContact, understand.AskEnrol, understand.AskTryout,
	understand.OutFrench, understand.OutDiploma, understand.OutField, understand.OutOther,
}

// maxAside is how many things are shown for a question in between.
const maxAside = 3

// aside answers a question of the visitor's own, or a topic that is no answer
// to anything, and reports whether it did.
func (t *talk) aside(text, open string, m understand.Meaning, told []dialogue.Told) bool {
	answers := slices.ContainsFunc(told, func(w dialogue.Told) bool { return w.Slot == open })
	wants := asks(m) && (m.Question || !answers) || t.k.named(m.Text)
	if !wants && !m.Question && len(told) > 0 {
		return false
	}
	p := t.k.Tree.Profile(t.state)
	a := asking{b: t.b, k: t.k, l: t.state.Lang, m: m, p: p, q: Question{Text: text}}
	out := a.answer()
	switch {
	case out.Kind == "unknown" && !wants && (len(told) > 0 || !m.Question):
		return false // not a question after all: an answer, or a miss
	case out.Kind == "unknown" && len(told) > 0:
		return false
	case out.Kind == "courses" && !wants && len(told) > 0:
		return false // a wish: the tree will show the courses that fit
	}
	msg := Message{Kind: "aside", Text: out.Reply}
	for _, ans := range out.Answers[:min(len(out.Answers), maxAside)] {
		if ans.Course != nil {
			msg.Courses = append(msg.Courses, *ans.Course)
			continue
		}
		msg.Answers = append(msg.Answers, ans)
	}
	for _, id := range out.choices {
		msg.Choices = append(msg.Choices, t.verb(id))
	}
	t.blindAside(out, told, a.near())
	t.reply.Messages = append(t.reply.Messages, msg)
	return true
}

// title is a course's folded title.
type title struct {
	text string
	id   string
}

// minTitle is the shortest title, in letters, that names a course rather than
// a field: "podiumtechnieken", not "hout".
const minTitle = 12

func foldTitles(c *catalogue.Catalogue) []title {
	var ts []title
	for i := range c.Courses {
		k := &c.Courses[i]
		for _, s := range append([]string{k.Title.NL, k.Title.FR, k.Title.EN}, k.Former...) {
			if f := search.Fold(s); len(f) >= minTitle && !k.Unnamed {
				ts = append(ts, title{f, k.ID})
			}
		}
	}
	slices.SortStableFunc(ts, func(a, b title) int { return len(b.text) - len(a.text) })
	return ts
}

// maxNaming is the most words of a text that names a course rather than
// mentioning it.
const maxNaming = 6

// named reports whether the folded text names a course by its title.
func (k *Knowledge) named(text string) bool {
	if len(strings.Fields(text)) > maxNaming {
		return false
	}
	padded := " " + text + " "
	return slices.ContainsFunc(k.titles, func(t title) bool { return strings.Contains(padded, " "+t.text+" ") })
}
