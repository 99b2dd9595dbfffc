package bot_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"wegwijs/bot"
	"wegwijs/bot/bottest"
	"wegwijs/bot/phrase"
	"wegwijs/knowledge"
	"wegwijs/knowledge/catalogue"
	"wegwijs/locales"
	"wegwijs/seeds"
)

var update = flag.Bool("update", false, "rewrite the transcripts; read the diff before you keep it")

// day is the day on which the tests judge facts fresh or stale.
var day = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

// learned is what the shipped bot knows, built once for all tests.
var learned = sync.OnceValues(func() (*bot.Knowledge, error) { return bot.Learn(seeds.Embedded(), knowledge.Files()) })

func newBot(t testing.TB, m bot.Memory) *bot.Bot {
	t.Helper()
	k, err := learned()
	if err != nil {
		t.Fatal(err)
	}
	words, err := phrase.Open(locales.Files())
	if err != nil {
		t.Fatal(err)
	}
	b, err := bot.New(bot.Options{Knowledge: k, Words: words, Memory: m, Now: func() time.Time { return day }})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/conversations/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d conversations, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			visitor, want := ar.Files[0], []byte(nil)
			if len(ar.Files) > 1 {
				want = ar.Files[1].Data
			}
			got := converse(t, string(visitor.Data))
			if *update {
				ar.Files = []txtar.File{visitor, {Name: "transcript", Data: got}}
				if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the conversation has changed; run go test ./bot -update and read the diff\n%s", firstDifference(want, got))
			}
		})
	}
}

// converse holds a conversation. A line is what the visitor types; "/x" is the
// choice x, "@lat,lon" a position, and a first line "lang: fr" the language of
// the visitor's browser.
func converse(t *testing.T, script string) []byte {
	t.Helper()
	b := newBot(t, bottest.NewNotebook())
	var out bytes.Buffer
	u := bot.Update{Visitor: "golden", Channel: "console"}
	lines := strings.Split(strings.TrimRight(script, "\n"), "\n")
	if l, ok := strings.CutPrefix(lines[0], "lang: "); ok {
		u.Lang = catalogue.Lang(l)
		lines = lines[1:]
	}
	for i, line := range lines {
		u.Text, u.Choices, u.Location = "", nil, nil
		switch {
		case line == "" || line == "(opens)":
			line = "(opens)"
		case line[0] == '/':
			u.Choices = strings.Fields(line[1:])
		case line[0] == '@':
			u.Location = &bot.Point{}
			if _, err := fmt.Sscanf(line, "@%f,%f", &u.Location.Lat, &u.Location.Lon); err != nil {
				t.Fatal(err)
			}
		default:
			u.Text = line
		}
		r, err := b.Answer(t.Context(), u)
		if err != nil {
			t.Fatalf("line %d %q: %v", i+1, line, err)
		}
		fmt.Fprintf(&out, "visitor: %s\n", line)
		transcribe(&out, r)
	}
	return out.Bytes()
}

// transcribe writes a reply as a person would see it, shortened.
func transcribe(w *bytes.Buffer, r bot.Reply) {
	for _, m := range r.Messages {
		fmt.Fprintf(w, "%s:      %s\n", r.Language, strings.ReplaceAll(m.Text, "\n", " / "))
		for _, a := range m.Answers {
			fmt.Fprintf(w, "         - %s %s: %s [%s]\n", a.Kind, a.ID, a.Title, a.AsOf)
		}
		for _, c := range m.Courses {
			place := "no known place"
			if len(c.Offers) > 0 {
				o := c.Offers[0]
				place = o.Institution + ", " + o.Commune
				if o.DistanceKm != nil {
					place += ", " + phrase.Number(r.Language, *o.DistanceKm) + " km"
				}
			}
			fmt.Fprintf(w, "         * %s (%s %s) @ %s\n", c.ID, c.Level, c.Finality, place)
			for _, y := range c.Why {
				fmt.Fprintf(w, "           + %s\n", y.Text)
			}
		}
		if len(m.Choices) > 0 {
			var ids []string
			for _, c := range m.Choices {
				ids = append(ids, c.ID)
			}
			fmt.Fprintf(w, "         [%s]\n", strings.Join(ids, " "))
		}
	}
	if r.Offer != "" {
		fmt.Fprintf(w, "         (offers %s)\n", r.Offer)
	}
	fmt.Fprintf(w, "         profile %s\n", profile(r.Profile))
}

func profile(p bot.Profile) string {
	data, _ := json.Marshal(p)
	return string(data)
}

func firstDifference(want, got []byte) string {
	w, g := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range max(len(w), len(g)) {
		a, b := "(nothing)", "(nothing)"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, b, a)
		}
	}
	return "no difference"
}
