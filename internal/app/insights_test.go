package app

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wegwijs/bot"
	"wegwijs/bot/dialogue"
	"wegwijs/internal/store"
	"wegwijs/knowledge/catalogue"
)

func cell(field catalogue.Field, finality catalogue.Finality, commune string, l catalogue.Lang, n int) store.Cell {
	return store.Cell{Count: bot.Count{Kind: bot.Blind, Field: field, Finality: finality, Commune: commune, Language: l}, Times: n}
}

func TestSmallNumbersAreMergedOrLeftOut(t *testing.T) {
	got := merge([]store.Cell{
		cell("wood", "dubbel", "1140", "nl", 12), // large enough by itself
		cell("wood", "dubbel", "1140", "fr", 6),  // together 11 over languages
		cell("wood", "dubbel", "1140", "en", 5),
		cell("wood", "", "1080", "nl", 9), // 13 over finalities
		cell("wood", "doorstroom", "1080", "nl", 4),
		cell("ict", "", "1030", "nl", 7), // 14 over communes
		cell("ict", "", "1040", "nl", 7),
		cell("hvac", "", "1030", "nl", 3), // never 10: not shown, in no total
		cell("chemistry", "", "1030", "nl", 6),
	})
	want := []insight{
		{"blind", "wood", "1140", "dubbel", "nl", 12},
		{"blind", "wood", "1140", "dubbel", "other", 11},
		{"blind", "wood", "1080", "other", "other", 13},
		{"blind", "ict", "other", "other", "other", 14},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	if got := merge([]store.Cell{cell("ict", "", "1030", "nl", 9)}); len(got) != 0 {
		t.Errorf("nine are shown: %v", got)
	}
}

func TestInsights(t *testing.T) {
	dsn := "file:" + filepath.Join(t.TempDir(), "w.db")
	db, err := store.Open(t.Context(), dsn, store.Options{Secret: []byte("a secret for tests only")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() // the owner runs on while the report is made
	for i := range 11 {
		turn := bot.Turn{State: dialogue.State{V: 1}, Counts: []bot.Count{{Kind: bot.Blind, Field: "wood", Commune: "1140", Language: "nl"}}}
		if i < 9 {
			turn.Counts = append(turn.Counts, bot.Count{Kind: bot.Blind, Field: "hvac", Commune: "1030", Language: "fr"})
		}
		if err := db.Remember(t.Context(), bot.Visitor(fmt.Sprint(i)), turn); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		flags string
		want  string
	}{
		{"", "blind  wood   1140 Evere  any       nl        11"},
		{"--csv", "blind,wood,1140 Evere,any,nl,11"},
		{"--json", `"times": 11`},
		{"--since 2200-01", "nothing was counted 10 times yet"},
	} {
		var out, errOut bytes.Buffer
		args := append([]string{"insights", "--database", dsn}, strings.Fields(c.flags)...)
		if err := run(t.Context(), args, func(string) string { return "" }, strings.NewReader(""), &out, &errOut); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), c.want) || strings.Contains(out.String(), "hvac") {
			t.Errorf("%q prints\n%s\nwant %q and no hvac", c.flags, out.String(), c.want)
		}
	}
	var out bytes.Buffer
	err = run(t.Context(), []string{"insights", "--since", "yesterday"}, func(string) string { return "" }, strings.NewReader(""), &out, &out)
	if status(err) != 2 {
		t.Errorf("--since yesterday: status %d; want 2", status(err))
	}
}
