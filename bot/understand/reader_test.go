package understand

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"wegwijs/knowledge/catalogue"
	"wegwijs/seeds"
)

var shipped = sync.OnceValues(newShipped)

func newShipped() (*Reader, error) {
	c, err := seeds.Load(seeds.Embedded())
	if err != nil {
		return nil, err
	}
	return New(os.DirFS("../../knowledge/words"), c, nil)
}

// reader is the reader of the shipped word lists and gazetteer.
func reader(t testing.TB) *Reader {
	t.Helper()
	r, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReadKnowsAWholeSentence(t *testing.T) {
	m := reader(t).Read("ik zit in het 4de, hou van auto's en woon in Molenbeek")
	want := []Slot{{"stage", "grade2", "zit in het 4de"}, {"interest", "vehicles", "auto s"}, {"place", "1080", "molenbeek"}}
	if !slices.Equal(m.Slots, want) {
		t.Errorf("got %v, want %v", m.Slots, want)
	}
}

// fields is a lexicon of a few words.
type fields map[string][]catalogue.Field

func (f fields) Fields(phrase string) []catalogue.Field { return f[phrase] }
func (f fields) Known(word string) bool                 { return f[word] != nil }
func (f fields) Correct(word string) (string, bool) {
	for w := range f {
		if edits(word, w, 1) == 1 {
			return w, true
		}
	}
	return "", false
}

func TestLexiconNamesFields(t *testing.T) {
	lex := fields{"zeilmakerij": {"textile"}, "las": {"mechanics-metal"}, "knutselen": {"wood", "mechanics-metal"}, "diepe techniek": {"engineering"}}
	c, err := seeds.Load(seeds.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(os.DirFS("../../knowledge/words"), c, lex)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		text         string
		slots, maybe int
		rest         string
	}{
		{"zeilmakerij", 1, 0, "zeilmakerij"},
		{"zeilmakerji", 1, 0, "zeilmakerij"},
		{"een lascursus", 1, 0, "lascursus"},
		{"knutselen", 0, 2, "knutselen"},
		{"diepe techniek", 1, 0, "diepe techniek"},
	} {
		m := r.Read(tt.text)
		if len(m.Slots) != tt.slots || len(m.Unsure) != tt.maybe || strings.Join(m.Rest, " ") != tt.rest {
			t.Errorf("%q: got %v, unsure %v, rest %v", tt.text, m.Slots, m.Unsure, m.Rest)
		}
	}
}

func TestNewNamesWhatIsWrong(t *testing.T) {
	c := catalogue.New(nil, nil, nil, nil)
	for _, tt := range []struct{ file, from, to, want string }{
		{"slots.yaml", "value: parent", "value: aunt", `slot "role" has no value "aunt"`},
		{"slots.yaml", "slots:", "slotz:", "slots.yaml:"},
		{"commands.yaml", "  restart:\n    nl: [", "  restart:\n    nl: [terug naar af, vorige, ", "twice"},
		{"interests.yaml", "  hvac:", "  plumbing:", `no field "plumbing"`},
		{"stop.yaml", "nl: [alstublieft,", "nl: [<nothing>,", "no class <nothing>"},
		{"alarms.yaml", "format: 1", "format: 2", "format: 1"},
	} {
		words := fstest.MapFS{}
		for _, name := range []string{
			"alarms", "chat", "classes", "commands", "intents", "interests", "language", "outside", "places", "slots", "stop",
		} {
			name += ".yaml"
			data, err := os.ReadFile("../../knowledge/words/" + name)
			if err != nil {
				t.Fatal(err)
			}
			if name == tt.file {
				if !strings.Contains(string(data), tt.from) {
					t.Fatalf("%s has no %q", name, tt.from)
				}
				data = []byte(strings.Replace(string(data), tt.from, tt.to, 1))
			}
			words[name] = &fstest.MapFile{Data: data}
		}
		_, err := New(words, c, nil)
		if !errors.Is(err, ErrWords) || !strings.Contains(fmt.Sprint(err), tt.want) {
			t.Errorf("%s with %q: got %v, want %q", tt.file, tt.to, err, tt.want)
		}
	}
}
