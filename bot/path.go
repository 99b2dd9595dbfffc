package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"wegwijs/bot/dialogue"
	"wegwijs/bot/understand"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/pathway"
	"wegwijs/knowledge/search"
)

// A NoMatch says that a text names neither a course nor another end of a path.
type NoMatch struct {
	Field string // "from" or "to"
}

func (n *NoMatch) Error() string { return n.Field + " matches no course, level or stage" }

// Pathways finds the ways from one end to another. Each end is an id (of a
// course, a level, a stage, a field) or words; an empty end asks for all that
// leads there, or all that it opens. The error is a *NoMatch for words that
// name nothing.
func (b *Bot) Pathways(_ context.Context, from, to string, track catalogue.Track, l catalogue.Lang) (pathway.AnswerView, error) {
	k := b.Knowledge()
	q := pathway.Query{Year: b.now().Year()}
	if from != "" || track != "" {
		start, ok := k.start(from, track)
		if !ok {
			return pathway.AnswerView{}, &NoMatch{"from"}
		}
		q.From = start
	}
	if to != "" {
		goal, ok := k.goal(to)
		if !ok {
			return pathway.AnswerView{}, &NoMatch{"to"}
		}
		q.To = goal
	}
	return k.Paths.Find(q).View(l, func(id string) any { return b.step(k, id, l) }), nil
}

// step is a course of a path as a visitor sees it; nil for an unknown one.
func (b *Bot) step(k *Knowledge, id string, l catalogue.Lang) any {
	res := k.Courses.Find(search.Filter{IDs: []string{id}, Limit: 1})
	if len(res.Courses) == 0 {
		return nil
	}
	return b.View(l, "").Course(res.Courses[0])
}

// start reads an id or words as where somebody is.
func (k *Knowledge) start(s string, track catalogue.Track) (pathway.Start, bool) {
	if start, ok := k.Paths.StartOf(s, track); ok {
		return start, true
	}
	m := k.Reader.Read(s)
	start := pathway.Start{Track: track}
	for _, slot := range slices.Concat(m.Slots, m.Unsure) {
		switch {
		case slot.Name == "stage" && start.Stage == "":
			start.Stage = catalogue.Stage(slot.Value)
		case (slot.Name == "track" || slot.Name == "finality") && start.Track == "":
			start.Track = catalogue.Track(slot.Value)
		}
	}
	if id, ok := k.courseNamed(m, nil); ok {
		start.CourseID = id
	}
	return start, start != pathway.Start{Track: track}
}

// goal reads an id or words as where somebody wants to go.
func (k *Knowledge) goal(s string) (pathway.Goal, bool) {
	if goal, ok := k.Paths.GoalOf(s); ok {
		return goal, true
	}
	return k.goalIn(k.Reader.Read(s))
}

// goalIn finds the goal that a text names: a course by its title, a level, or
// work in a field.
func (k *Knowledge) goalIn(m understand.Meaning) (pathway.Goal, bool) {
	levels := levelsIn(m.Text)
	if id, ok := k.courseNamed(m, levels); ok {
		return pathway.Goal{CourseID: id}, true
	}
	goal := pathway.Goal{Levels: levels}
	for _, slot := range m.Slots {
		if slot.Name == "interest" {
			goal.Fields = append(goal.Fields, catalogue.Field(slot.Value))
		}
	}
	return goal, len(goal.Levels) > 0 || len(goal.Fields) > 0
}

// sureName is how well a title must fit words to be what they name.
const sureName = 0.95

// courseNamed finds the course that a text names by its title, among those of
// the given levels; none means all.
func (k *Knowledge) courseNamed(m understand.Meaning, levels []catalogue.Level) (string, bool) {
	words := slices.DeleteFunc(slices.Clone(m.Rest), func(w string) bool { return len(levelWords[w]) > 0 })
	if len(words) == 0 {
		return "", false
	}
	hits, err := k.Index.Find(context.Background(), search.Query{
		Words: words, Kinds: []search.Kind{search.CourseKind}, Limit: 10,
		Keep: func(doc int) bool {
			c, ok := k.Catalogue.Course(k.Index.Doc(doc).ID)
			return ok && (len(levels) == 0 || slices.Contains(levels, c.Level))
		},
	})
	if err != nil {
		return "", false
	}
	hits = slices.DeleteFunc(hits, func(h search.Hit) bool {
		return h.Score < sureName || h.Why != search.WhyName && h.Why != search.WhyTitle
	})
	name := strings.Join(words, " ")
	for _, h := range hits { // today's title goes before a former one
		c, _ := k.Catalogue.Course(h.ID)
		for _, l := range catalogue.Langs {
			if search.Fold(c.Title.In(l)) == name {
				return h.ID, true
			}
		}
	}
	if len(hits) == 0 {
		return "", false
	}
	return hits[0].ID, true
}

// levelWords are folded words that name a level of the ladder.
var levelWords = map[string][]catalogue.Level{
	"bachelor": {"bachelor-prof", "bachelor-acad"}, "bachelier": {"bachelor-prof", "bachelor-acad"},
	"bachelors": {"bachelor-prof", "bachelor-acad"}, "bac": {"bachelor-prof", "bachelor-acad"},
	"graduaat": {"graduaat"}, "graduat": {"graduaat"}, "hbo5": {"graduaat"}, "hogeschool": {"graduaat", "bachelor-prof"},
	"universiteit": {"bachelor-acad"}, "unief": {"bachelor-acad"}, "univ": {"bachelor-acad"}, "unif": {"bachelor-acad"},
	"universite": {"bachelor-acad"}, "university": {"bachelor-acad"}, "uni": {"bachelor-acad"},
	"master": {"master"}, "burgerlijk": {"bachelor-acad"},
}

// levelsIn lists the levels that a folded text names.
func levelsIn(text string) []catalogue.Level {
	var levels []catalogue.Level
	if strings.Contains(text, "associate degree") {
		levels = append(levels, "graduaat")
	}
	for w := range strings.FieldsSeq(text) {
		for _, l := range levelWords[w] {
			if !slices.Contains(levels, l) {
				levels = append(levels, l)
			}
		}
	}
	return levels
}

// path answers "may I, after this, do that" with the rules that decide and the
// ways there. ok is false when the question does not say both ends.
func (a *asking) path() (Answers, bool) {
	if len(a.m.Intents) == 0 || a.m.Intents[0] != understand.AskPath && a.m.Intents[0] != understand.AskAdmission {
		return Answers{}, false
	}
	goal, ok := a.k.goalIn(a.m)
	if !ok || goal.CourseID == "" && len(goal.Levels) == 0 {
		return Answers{}, false
	}
	start := pathway.Start{Stage: a.p.Stage, Track: a.p.Track}
	said := map[string]bool{} // the first word on a matter counts, and what is sure before what is not
	for _, s := range slices.Concat(a.m.Slots, a.m.Unsure) {
		switch {
		case s.Name == "stage" && !said["stage"]:
			start.Stage, said["stage"] = catalogue.Stage(s.Value), true
		case (s.Name == "track" || s.Name == "finality") && !said["track"]:
			start.Track, said["track"] = catalogue.Track(s.Value), true
		}
	}
	switch start.Track {
	case "", "unknown":
		return Answers{}, false // the general article says more than a guess
	}
	if start.Stage == "" {
		start.Stage = "grade3"
	}
	found := a.k.Paths.Find(pathway.Query{From: start, To: goal, Graduated: graduated(a.m.Text), Year: a.b.now().Year()})
	if len(found.Rules) == 0 {
		return Answers{}, false
	}
	a.likest(found.Rules)
	out := Answers{Kind: "pathway", Reply: found.Rules[0].Text.In(a.l)}
	if found.Ask == pathway.AskGraduated {
		out.Reply += " " + a.say("path.graduated", nil)
		out.choices = years(start.Track, goal)
	}
	out.Answers = a.ways(found, goal)
	return out, true
}

// likest puts first the rules that the words of the question point to.
func (a *asking) likest(rules []*pathway.Rule) {
	score := map[string]float64{}
	for _, h := range a.find(search.Query{Text: a.m.Plain, Kinds: []search.Kind{search.RuleKind}}) {
		score[h.ID] = h.Score
	}
	slices.SortStableFunc(rules, func(x, y *pathway.Rule) int { return cmp.Compare(score[y.ID], score[x.ID]) })
}

// decisive are years of graduation on either side of the reform's cohorts:
// before June 2025, June 2025 itself, and later.
var decisive = []string{"2024", "2025", "2026"}

// years are the buttons that answer in which year somebody finishes; none when
// the goal does not fit in a button.
func years(track catalogue.Track, goal pathway.Goal) []string {
	ends := []string{goal.CourseID}
	if goal.CourseID == "" {
		ends = ends[:0]
		for _, l := range goal.Levels {
			ends = append(ends, string(l))
		}
		for _, f := range goal.Fields {
			ends = append(ends, string(f))
		}
	}
	var ids []string
	for _, year := range decisive {
		p := dialogue.Press{Turn: 9999, Name: "path", Values: append([]string{string(track), year}, ends...)}
		if _, ok := dialogue.ParseToken(p.Token()); ok {
			ids = append(ids, "path:"+strings.Join(p.Values, ","))
		}
	}
	return ids
}

// path answers the button of a year: track, year, and the ids of the goal.
func (t *talk) path(arg []string) error {
	bad := fmt.Errorf("path needs a track, a year and a goal, as in path:arbeidsmarkt,2025,bachelor-prof: %w", ErrInput)
	if len(arg) < 3 {
		return bad
	}
	year := graduated(arg[1])
	start, ok := t.k.Paths.StartOf("", catalogue.Track(arg[0]))
	if !ok || year == 0 {
		return bad
	}
	var goal pathway.Goal
	for _, id := range arg[2:] {
		g, ok := t.k.Paths.GoalOf(id)
		if !ok {
			return bad
		}
		goal.CourseID += g.CourseID
		goal.Levels = append(goal.Levels, g.Levels...)
		goal.Fields = append(goal.Fields, g.Fields...)
	}
	a := asking{b: t.b, k: t.k, l: t.state.Lang}
	found := t.k.Paths.Find(pathway.Query{From: start, To: goal, Graduated: year, Year: t.b.now().Year()})
	if len(found.Rules) == 0 {
		t.tell("say.unknown", nil, "results")
		return nil
	}
	m := t.tell("say.unknown", nil, "results")
	m.Kind, m.Text = "pathway", found.Rules[0].Text.In(t.state.Lang)
	m.Answers = a.ways(found, goal)
	return nil
}

// ways are the rules that decide and the paths, as answers.
func (a *asking) ways(found pathway.Answer, goal pathway.Goal) []Answer {
	var out []Answer
	for _, r := range found.Rules[:min(len(found.Rules), 3)] {
		out = append(out, a.rule(r))
	}
	if goal.CourseID == "" && len(goal.Fields) == 0 {
		return out // any course of the level would stand for all
	}
	for i, p := range found.View(a.l, nil).Paths {
		ans := a.pathAnswer(p)
		ans.Score = round(1 - float64(i)/100)
		out = append(out, ans)
	}
	return out[:min(len(out), maxAnswers)]
}

// graduated reads a year of graduation in a folded text; 0 is none.
func graduated(text string) int {
	for w := range strings.FieldsSeq(text) {
		if len(w) == 4 && w >= "1990" && w <= "2039" {
			n := 0
			for _, r := range w {
				if r < '0' || r > '9' {
					n = 0
					break
				}
				n = n*10 + int(r-'0')
			}
			if n > 0 {
				return n
			}
		}
	}
	return 0
}

// rule is a rule as an answer.
func (a *asking) rule(r *pathway.Rule) Answer {
	return Answer{
		Kind: "rule", ID: r.ID, Title: r.Title.In(a.l), Text: r.Text.In(a.l), URL: r.URL, Source: r.Source, AsOf: r.AsOf,
		Score: 1, Stale: catalogue.Stale(catalogue.RuleFact, r.AsOf, a.b.now()),
	}
}

// pathAnswer is a path as an answer: its steps in one line, and how long.
func (a *asking) pathAnswer(p pathway.PathView) Answer {
	var titles, ids []string
	for _, s := range p.Steps {
		titles = append(titles, s.Title)
		if s.ID != "" {
			ids = append(ids, s.ID)
		} else {
			ids = append(ids, s.Standing)
		}
	}
	ans := Answer{Kind: "pathway", ID: strings.Join(ids, ">"), Title: strings.Join(titles, " → ")}
	switch {
	case p.Years != nil:
		ans.Text = a.say("path.years", map[string]any{"Years": *p.Years})
	case p.AtLeast > 0:
		ans.Text = a.say("path.atleast", map[string]any{"Years": p.AtLeast})
	default:
		ans.Text = a.say("path.unknown", nil)
	}
	if p.When != "" {
		ans.Text = p.When + ". " + ans.Text
	}
	if len(p.Rules) > 0 {
		ans.Source, ans.AsOf, ans.URL = p.Rules[0].Source, p.Rules[0].AsOf, p.Rules[0].URL
	}
	return ans
}
