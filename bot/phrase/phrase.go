// Package phrase is the language half of rendering: a message id and its
// arguments become Dutch, French or English. Markup is added by the channels;
// nothing here knows one.
//
// The message files are those of go-i18n, which also brings the plural rules.
// Every message is compiled once, so that a turn only joins pieces.
package phrase

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"wegwijs/bot/dialogue"
	"wegwijs/knowledge/catalogue"
)

// ErrWords is returned by Open for message files that must not be served.
var ErrWords = errors.New("phrase: unusable message files")

// A Book holds every message in every language. It never changes after Open
// and is safe for concurrent use.
type Book struct {
	messages map[catalogue.Lang]map[string]message
	form     map[catalogue.Lang]func(n int) string
}

// message is one compiled message: its pieces by plural form. A message
// without plural has only "other".
type message map[string][]piece

// piece is literal text, or the name of an argument.
type piece struct{ text, arg string }

// Open reads active.nl.toml, active.fr.toml and active.en.toml. It refuses
// messages that exist in one language only, other placeholders than the Dutch
// ones, and missing plural forms, and lists them all.
func Open(fsys fs.FS) (*Book, error) {
	b := &Book{messages: map[catalogue.Lang]map[string]message{}, form: map[catalogue.Lang]func(int) string{}}
	bundle := i18n.NewBundle(language.Dutch)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	var faults []string
	for _, l := range catalogue.Langs {
		name := "active." + string(l) + ".toml"
		f, err := bundle.LoadMessageFileFS(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		b.messages[l] = map[string]message{}
		for _, m := range f.Messages {
			compiled, err := compile(m)
			if err != nil {
				faults = append(faults, fmt.Sprintf("%s: %q: %v", name, m.ID, err))
			}
			b.messages[l][m.ID] = compiled
		}
		b.form[l] = pluralForm(l)
	}
	faults = append(faults, b.compare()...)
	if len(faults) > 0 {
		sort.Strings(faults)
		return nil, fmt.Errorf("%s\n%w: %d to mend", strings.Join(faults, "\n"), ErrWords, len(faults))
	}
	return b, nil
}

// pluralForm asks go-i18n once for each small number which form it takes; the
// larger ones are asked when they come.
func pluralForm(l catalogue.Lang) func(int) string {
	// The language is this bundle's own: a default message in any other is an
	// error, and follows the rule of the wrong language.
	loc := i18n.NewLocalizer(i18n.NewBundle(language.Make(string(l))), string(l))
	probe := &i18n.Message{ID: "plural.probe", One: "one", Many: "many", Other: "other"}
	ask := func(n int) string {
		s, err := loc.Localize(&i18n.LocalizeConfig{DefaultMessage: probe, PluralCount: n})
		if err != nil || s == "" {
			return "other"
		}
		return s
	}
	small := make([]string, 512)
	for n := range small {
		small[n] = ask(n)
	}
	return func(n int) string {
		if n >= 0 && n < len(small) {
			return small[n]
		}
		return ask(n)
	}
}

// forms are the plural forms that each language needs. Source: CLDR, by way of
// go-i18n: French takes "many" for whole millions.
var forms = map[catalogue.Lang][]string{
	catalogue.NL: {"one", "other"}, catalogue.FR: {"one", "many", "other"}, catalogue.EN: {"one", "other"},
}

func compile(m *i18n.Message) (message, error) {
	c := message{}
	for form, text := range map[string]string{"one": m.One, "many": m.Many, "other": m.Other} {
		if text == "" {
			continue
		}
		ps, err := split(text)
		if err != nil {
			return nil, err
		}
		c[form] = ps
	}
	if _, ok := c["other"]; !ok {
		return nil, errors.New("has no words")
	}
	return c, nil
}

// split cuts a text at its {{.Name}} placeholders; no other template syntax is
// allowed, so that texts stay texts.
func split(text string) ([]piece, error) {
	var ps []piece
	for text != "" {
		before, rest, found := strings.Cut(text, "{{")
		if before != "" {
			ps = append(ps, piece{text: before})
		}
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, "}}")
		name := strings.TrimPrefix(strings.TrimSpace(inner), ".")
		if !closed || name == "" || strings.ContainsAny(name, " .|()") {
			return nil, fmt.Errorf("placeholder {{%s: write {{.Name}}", inner)
		}
		ps = append(ps, piece{arg: name})
		text = after
	}
	return ps, nil
}

// args lists the placeholders of a message, sorted, each once.
func (m message) args() []string {
	var names []string
	for _, ps := range m {
		for _, p := range ps {
			if p.arg != "" {
				names = append(names, p.arg)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// compare lists where the languages differ from the Dutch file.
func (b *Book) compare() []string {
	var faults []string
	nl := b.messages[catalogue.NL]
	for _, l := range catalogue.Langs {
		file := "active." + string(l) + ".toml"
		for id, m := range b.messages[l] {
			base, ok := nl[id]
			if !ok {
				faults = append(faults, fmt.Sprintf("%s: %q is not in active.nl.toml", file, id))
				continue
			}
			if !slices.Equal(m.args(), base.args()) {
				faults = append(faults, fmt.Sprintf("%s: %q has placeholders %v, Dutch has %v", file, id, m.args(), base.args()))
			}
			if len(base) > 1 {
				for _, form := range forms[l] {
					if _, ok := m[form]; !ok {
						faults = append(faults, fmt.Sprintf("%s: %q lacks the plural form %q", file, id, form))
					}
				}
			}
		}
		for id := range nl {
			if _, ok := b.messages[l][id]; !ok {
				faults = append(faults, fmt.Sprintf("%s: %q is missing", file, id))
			}
		}
	}
	return faults
}

// Has reports whether the message exists.
func (b *Book) Has(id string) bool {
	_, ok := b.messages[catalogue.NL][id]
	return ok
}

// IDs lists every message, sorted.
func (b *Book) IDs() []string {
	ids := make([]string, 0, len(b.messages[catalogue.NL]))
	for id := range b.messages[catalogue.NL] {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Say phrases a message in language l. A number named Count chooses the plural
// form. An id that does not exist comes back as itself, so that a fault is
// seen and a visitor is not left with nothing; Missing finds those in tests.
func (b *Book) Say(l catalogue.Lang, id string, args map[string]any) string {
	m, ok := b.messages[l][id]
	if !ok {
		return id
	}
	form := "other"
	if n, ok := args["Count"].(int); ok && len(m) > 1 {
		form = b.form[l](n)
	}
	ps, ok := m[form]
	if !ok {
		ps = m["other"]
	}
	if len(ps) == 1 && ps[0].arg == "" {
		return ps[0].text
	}
	var w strings.Builder
	for _, p := range ps {
		if p.arg == "" {
			w.WriteString(p.text)
			continue
		}
		w.WriteString(b.value(l, args[p.arg]))
	}
	return w.String()
}

// Line phrases a line of the dialogue, in the voice for its reader when there
// is one: "ask.stage.parent" before "ask.stage".
func (b *Book) Line(l catalogue.Lang, line dialogue.Line) string {
	if id := line.ID + "." + string(line.Voice); line.Voice != "" && b.Has(id) {
		return b.Say(l, id, line.Args)
	}
	return b.Say(l, line.ID, line.Args)
}

// value phrases an argument.
func (b *Book) value(l catalogue.Lang, v any) string {
	switch v := v.(type) {
	case dialogue.Label:
		return b.Say(l, string(v), nil)
	case dialogue.Labels:
		parts := make([]string, len(v))
		for i, id := range v {
			parts[i] = b.label(l, id)
		}
		return strings.Join(parts, ", ")
	case catalogue.Text:
		return v.In(l)
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case float64:
		return Number(l, v)
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}

// label phrases a value's label; a postcode has no message and stands for itself.
func (b *Book) label(l catalogue.Lang, id dialogue.Label) string {
	if code, ok := strings.CutPrefix(string(id), "value.place."); ok {
		return code
	}
	return b.Say(l, string(id), nil)
}

// Number writes a number with at most one decimal, as the language does: "2,3"
// in Dutch and French, "2.3" in English.
func Number(l catalogue.Lang, v float64) string {
	s := strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
	if l != catalogue.EN {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
