package pathway

import (
	"bytes"
	"encoding/json"

	"wegwijs/knowledge/catalogue"
)

// An AnswerView is an Answer in one language, as the JSON of /api/v1/pathways.
type AnswerView struct {
	Direct  bool       `json:"direct"`
	Verdict Verdict    `json:"verdict"`
	Ask     string     `json:"ask,omitempty"`
	Rules   []RuleView `json:"rules"`
	Paths   []PathView `json:"paths"`
}

// A PathView is a Path in one language. Years is null when the whole length is
// unknown; AtLeast is the part that is known.
type PathView struct {
	When    string     `json:"when,omitempty"`
	Steps   []StepView `json:"steps"`
	Rules   []RuleView `json:"rules"`
	Years   *float64   `json:"years"`
	AtLeast float64    `json:"years_at_least"`
}

// A StepView is a Step in one language. In JSON a step that is a course is that
// course's own object with these keys beside its own.
type StepView struct {
	ID       string   // of the course; "" for a step without one
	Title    string   // in the language
	TitleNL  string   // official Dutch title of a course, or the Dutch name
	Level    string   // "" for a step of no level
	Standing string   // id of a Standing
	Years    *float64 // null is unknown
	Also     []string // ids of other courses that would do
	Rules    []string // ids
	Course   any      // what the hook gave; nil for none
}

// A RuleView is a Rule in one language.
type RuleView struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Text     string         `json:"text"`
	Verdict  Verdict        `json:"verdict"`
	Source   string         `json:"source"`
	AsOf     string         `json:"as_of"`
	URL      string         `json:"url,omitempty"`
	Disagree []DisagreeView `json:"disagrees,omitempty"`
}

// A DisagreeView is a source that says something else than the rule.
type DisagreeView struct {
	Text   string `json:"text"`
	Source string `json:"source"`
	AsOf   string `json:"as_of"`
	URL    string `json:"url,omitempty"`
}

// View is the rule in a language.
func (r *Rule) View(l catalogue.Lang) RuleView {
	v := RuleView{ID: r.ID, Title: r.Title.In(l), Text: r.Text.In(l), Verdict: r.Verdict, Source: r.Source, AsOf: r.AsOf, URL: r.URL}
	for _, d := range r.Disagree {
		v.Disagree = append(v.Disagree, DisagreeView{Text: d.Text.In(l), Source: d.Source, AsOf: d.AsOf, URL: d.URL})
	}
	return v
}

// View is the answer in a language. course gives the JSON object of a course by
// its id; nil leaves a step with its id and title.
func (a Answer) View(l catalogue.Lang, course func(id string) any) AnswerView {
	v := AnswerView{Direct: a.Direct, Verdict: a.Verdict, Ask: a.Ask, Rules: []RuleView{}, Paths: []PathView{}}
	for _, r := range a.Rules {
		v.Rules = append(v.Rules, r.View(l))
	}
	for _, p := range a.Paths {
		w := PathView{When: p.When.In(l), Rules: []RuleView{}, AtLeast: p.Years}
		if p.Known {
			w.Years = &p.Years
		}
		for _, id := range p.Rules {
			if r, ok := a.paths.Rule(id); ok {
				w.Rules = append(w.Rules, r.View(l))
			}
		}
		for _, s := range p.Steps {
			w.Steps = append(w.Steps, s.view(l, course))
		}
		v.Paths = append(v.Paths, w)
	}
	return v
}

func (s Step) view(l catalogue.Lang, course func(id string) any) StepView {
	v := StepView{
		ID: s.CourseID, Title: s.Title.In(l), TitleNL: s.Title.NL, Level: string(s.Level), Standing: s.Standing,
		Also: s.Also, Rules: s.Rules,
	}
	if s.Known {
		v.Years = &s.Years
	}
	if course != nil && s.CourseID != "" {
		v.Course = course(s.CourseID)
	}
	return v
}

// MarshalJSON writes the step's own keys and, for a course, the keys of its
// object behind them.
func (s StepView) MarshalJSON() ([]byte, error) {
	own, err := encode(struct {
		ID       string   `json:"id,omitempty"`
		Title    string   `json:"title,omitempty"`
		TitleNL  string   `json:"title_nl,omitempty"`
		Level    string   `json:"level,omitempty"`
		Standing string   `json:"standing"`
		Years    *float64 `json:"years"`
		Also     []string `json:"also,omitempty"`
		Rules    []string `json:"rules"`
	}{s.ID, s.Title, s.TitleNL, s.Level, s.Standing, s.Years, s.Also, s.Rules})
	if err != nil || s.Course == nil {
		return own, err
	}
	course, err := encode(s.Course)
	if err != nil {
		return nil, err
	}
	if len(course) < 2 || course[0] != '{' || string(course) == "{}" {
		return own, nil
	}
	// The course has its own id, title, title_nl and level: write those once.
	rest, err := encode(struct {
		Standing string   `json:"standing"`
		Years    *float64 `json:"years"`
		Also     []string `json:"also,omitempty"`
		Rules    []string `json:"rules"`
	}{s.Standing, s.Years, s.Also, s.Rules})
	if err != nil {
		return nil, err
	}
	return append(append(course[:len(course)-1], ','), rest[1:]...), nil
}

// encode is json.Marshal that leaves <, > and & alone: whoever writes the whole
// answer decides on those.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
