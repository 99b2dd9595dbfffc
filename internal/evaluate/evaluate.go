// Package evaluate measures how well free questions are answered: it asks
// labelled questions and counts, per language and per class. The labels are
// data in knowledge/evaluation; its README says what they mean.
package evaluate

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
)

// A Question is one labelled question: one line of a file.
type Question struct {
	ID       string   `json:"id"`
	Language string   `json:"language"`
	Text     string   `json:"text"`
	Near     string   `json:"near"`
	Class    string   `json:"class"`
	Kind     oneOrAll `json:"kind"`   // the kinds of reply that are right
	Accept   []string `json:"accept"` // what may stand first; empty when the kind says it all
	Held     bool     `json:"held"`   // reported, never tuned on
}

// oneOrAll is a word or a list of words.
type oneOrAll []string

// UnmarshalJSON reads "courses" and ["courses","article"].
func (o *oneOrAll) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*o = oneOrAll{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(o))
}

// Read reads a file of questions. Its error names the line.
func Read(name string, r io.Reader) ([]Question, error) {
	var qs []Question
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var q Question
		d := json.NewDecoder(strings.NewReader(lines.Text()))
		d.DisallowUnknownFields()
		if err := d.Decode(&q); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if q.Text == "" || q.Language == "" || q.Class == "" || len(q.Kind) == 0 {
			return nil, fmt.Errorf("%s:%d: text, language, class and kind are all needed", name, n)
		}
		qs = append(qs, q)
	}
	return qs, lines.Err()
}

// A Verdict is how one question went.
type Verdict struct {
	Question
	Got   string // kind of the reply
	First string // "course:so-hout-2"; "" is none
	Right bool   // the first answer is right
	Third bool   // one of the first three is
	Knows bool   // something was answered with confidence, rather than "I do not know"
}

// Judge says how a question was answered.
func Judge(q Question, a bot.Answers, c *catalogue.Catalogue) Verdict {
	v := Verdict{Question: q, Got: a.Kind}
	if len(a.Answers) > 0 {
		v.First = a.Answers[0].Kind + ":" + a.Answers[0].ID
	}
	v.Knows = slices.Contains([]string{"courses", "article", "term", "rule", "pathway", "place"}, a.Kind)
	kind := slices.Contains(q.Kind, a.Kind)
	if len(q.Accept) == 0 {
		v.Right, v.Third = kind, kind
		return v
	}
	for i, ans := range a.Answers[:min(len(a.Answers), 3)] {
		if !accepted(q.Accept, ans, c) {
			continue
		}
		v.Third = true
		v.Right = v.Right || i == 0 && kind
	}
	return v
}

// accepted reports whether an answer is one of those that the label names.
func accepted(accept []string, a bot.Answer, c *catalogue.Catalogue) bool {
	return slices.ContainsFunc(accept, func(want string) bool {
		for part := range strings.SplitSeq(want, "+") {
			if !matches(part, a, c) {
				return false
			}
		}
		return true
	})
}

func matches(part string, a bot.Answer, c *catalogue.Catalogue) bool {
	name, value, _ := strings.Cut(part, ":")
	k, isCourse := c.Course(a.ID)
	isCourse = isCourse && a.Kind == "course"
	switch name {
	case "field":
		return isCourse && slices.Contains(k.Fields, catalogue.Field(value))
	case "level":
		return isCourse && k.Level == catalogue.Level(value)
	case "provider":
		return isCourse && k.Provider == catalogue.Provider(value)
	case "finality":
		return isCourse && k.Finality == catalogue.Finality(value)
	}
	return a.Kind == name && a.ID == value
}

// A Figure is the count of one group of questions.
type Figure struct {
	Asked     int
	Right     int // right at the first place
	Third     int // right in the first three
	Abstained int // said that it does not know
	// Confident counts wrong answers that were told with confidence, where the
	// right thing was to say so or to refer.
	Confident int
	Outside   int // questions for which that was the right thing
}

func (f *Figure) add(v Verdict) {
	f.Asked++
	if v.Right {
		f.Right++
	}
	if v.Third {
		f.Third++
	}
	if v.Got == "unknown" {
		f.Abstained++
	}
	if slices.Contains([]string{"outside", "nonsense"}, v.Class) {
		f.Outside++
		if v.Knows {
			f.Confident++
		}
	}
}

// A Report counts verdicts per language and class.
type Report struct {
	All     map[string]*Figure            // by language
	Held    map[string]*Figure            // by language, held questions only
	Classes map[string]map[string]*Figure // by language and class
	Wrong   []Verdict
}

// Ask asks every question and counts.
func Ask(qs []Question, ask func(Question) bot.Answers, c *catalogue.Catalogue) Report {
	r := Report{All: map[string]*Figure{}, Held: map[string]*Figure{}, Classes: map[string]map[string]*Figure{}}
	at := func(m map[string]*Figure, key string) *Figure {
		if m[key] == nil {
			m[key] = &Figure{}
		}
		return m[key]
	}
	for _, q := range qs {
		v := Judge(q, ask(q), c)
		at(r.All, q.Language).add(v)
		if q.Held {
			at(r.Held, q.Language).add(v)
		}
		if r.Classes[q.Language] == nil {
			r.Classes[q.Language] = map[string]*Figure{}
		}
		at(r.Classes[q.Language], q.Class).add(v)
		if !v.Right {
			r.Wrong = append(r.Wrong, v)
		}
	}
	return r
}

// Print writes the report as a table.
func (r Report) Print(w io.Writer) {
	fmt.Fprintf(w, "%-6s %-10s %6s %8s %8s %10s %10s\n", "lang", "class", "asked", "right@1", "right@3", "unknown", "confident")
	for _, l := range sorted(r.All) {
		row(w, l, "all", r.All[l])
		if h := r.Held[l]; h != nil {
			row(w, l, "held out", h)
		}
		for _, class := range sorted(r.Classes[l]) {
			row(w, l, class, r.Classes[l][class])
		}
	}
	fmt.Fprint(w, "\nwithin one clarifying question (right in the first three):")
	for _, l := range sorted(r.All) {
		fmt.Fprintf(w, " %s %s", l, percent(r.All[l].Third, r.All[l].Asked))
	}
	fmt.Fprintln(w)
}

func row(w io.Writer, lang, class string, f *Figure) {
	confident := "-"
	if f.Outside > 0 {
		confident = percent(f.Confident, f.Outside)
	}
	fmt.Fprintf(w, "%-6s %-10s %6d %8s %8s %10d %10s\n", lang, class, f.Asked, percent(f.Right, f.Asked), percent(f.Third, f.Asked), f.Abstained, confident)
}

func percent(n, of int) string { return fmt.Sprintf("%.1f %%", 100*Share(n, of)) }

// Share is n divided by of; 1 when there is nothing to divide.
func Share(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, cmp.Compare)
	return keys
}
