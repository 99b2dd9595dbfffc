package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wegwijs/bot/dialogue"
	"wegwijs/knowledge/catalogue"
)

// say phrases a line and puts it in the reply.
func (t *talk) say(line dialogue.Line) {
	m := Message{Text: t.b.words.Line(t.state.Lang, t.named(line)), Choices: t.choices(line.Choices), Kind: line.Kind}
	for _, note := range line.Notes {
		m.Text += "\n" + t.b.words.Say(t.state.Lang, string(note), nil)
	}
	t.count(line, m.Choices)
	if line.Ask != nil {
		m.Ask = &Ask{Slot: line.Ask.Slot, Multiple: line.Ask.Multiple, FreeText: true, Location: line.Ask.Location}
	}
	if len(line.Courses) > 0 {
		m.Kind = "results"
		for _, id := range line.Courses {
			if f, ok := t.found[id]; ok {
				m.Courses = append(m.Courses, t.course(f))
			}
		}
	}
	t.reply.Messages = append(t.reply.Messages, m)
}

// tell puts a message of the shell in the reply.
func (t *talk) tell(id string, args map[string]any, choices ...string) *Message {
	line := dialogue.Line{ID: id, Args: args}
	m := Message{Text: t.b.words.Line(t.state.Lang, line)}
	for _, c := range choices {
		m.Choices = append(m.Choices, t.verb(c))
	}
	t.reply.Messages = append(t.reply.Messages, m)
	return &t.reply.Messages[len(t.reply.Messages)-1]
}

// named gives the places in a line their names: the tree knows postcodes only.
func (t *talk) named(line dialogue.Line) dialogue.Line {
	for key, v := range line.Args {
		ls, ok := v.(dialogue.Labels)
		if !ok {
			continue
		}
		parts := make([]string, len(ls))
		for i, l := range ls {
			if code, ok := strings.CutPrefix(string(l), "value.place."); ok {
				parts[i] = t.place(code)
				continue
			}
			parts[i] = t.b.words.Say(t.state.Lang, string(l), nil)
		}
		line.Args[key] = strings.Join(parts, ", ")
	}
	return line
}

// place is how a postcode is said: "1080 Molenbeek".
func (t *talk) place(code string) string {
	return placeName(t.k.Catalogue, code, t.state.Lang)
}

func placeName(c *catalogue.Catalogue, code string, l catalogue.Lang) string {
	m, ok := c.Postcode(code)
	if !ok {
		return code
	}
	name := m.Name.In(l)
	for _, p := range m.Parts {
		if p.Postcode == code && len(p.Names) > 0 && code != m.Parts[0].Postcode {
			name = p.Names[0]
			if l == catalogue.FR && len(p.Names) > 1 {
				name = p.Names[1]
			}
		}
	}
	return code + " " + name
}

func (t *talk) choices(cs []dialogue.Choice) []Choice {
	var out []Choice
	for _, c := range cs {
		choice := Choice{ID: c.ID, Label: capital(t.b.words.Say(t.state.Lang, string(c.Label), nil)), Token: c.Token, On: c.On}
		if c.Count >= 0 {
			n := c.Count
			choice.Count = &n
		}
		out = append(out, choice)
	}
	return out
}

// capital writes a label as a button begins: labels are lower case because
// they stand in sentences too.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// counted are the slots whose choices say how many courses each leaves. Before
// the stage is known a count would tell nothing.
var counted = []string{"finality", "form", "interest", "reach"}

// count fills how many courses each choice of a question would leave.
func (t *talk) count(line dialogue.Line, choices []Choice) {
	if line.Ask == nil || !slices.Contains(counted, line.Ask.Slot) {
		return
	}
	p := t.k.Tree.Profile(t.state)
	if p.Stage == "" {
		return
	}
	levels, _ := t.k.Tree.Levels(t.state)
	for i := range choices {
		q := p
		switch line.Ask.Slot {
		case "finality":
			q.Finality = catalogue.Finality(choices[i].ID)
		case "form":
			q.Form = []catalogue.Form{catalogue.Form(choices[i].ID)}
		case "interest":
			q.Interest = []catalogue.Field{catalogue.Field(choices[i].ID)}
		case "reach":
			q.Reach = catalogue.Reach(choices[i].ID)
		}
		if slot, _ := t.k.Tree.Slot(line.Ask.Slot); !slices.Contains(slot.Values, choices[i].ID) {
			continue // a verb under the question
		}
		n := t.k.Courses.Count(filterOf(dialogue.Find{Profile: q, Levels: levels}))
		choices[i].Count = &n
	}
}

// verb is a button of the shell: "details:ID", "results", "lang:fr".
func (t *talk) verb(id string) Choice {
	p, _ := dialogue.ParseChoice(id)
	p.Turn = t.state.Turn
	label := "verb." + p.Name
	if p.Name == "lang" || p.Name == "change" || p.Name == "share" && len(p.Values) > 0 {
		label += "." + p.Values[0]
	}
	if p.Name == "path" && len(p.Values) > 1 {
		label += "." + p.Values[1] // the year
	}
	return Choice{ID: id, Label: t.b.words.Say(t.state.Lang, label, nil), Token: p.Token()}
}
