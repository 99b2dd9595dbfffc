package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/library"
	"wegwijs/knowledge/pathway"
)

func TestCheckTellsWhatNoFileAloneShows(t *testing.T) {
	text := func(s string) catalogue.Text { return catalogue.Text{NL: s, FR: s, EN: s} }
	words := catalogue.Words{NL: []string{"a"}, FR: []string{"a"}, EN: []string{"a"}}
	offer := func(id, asOf string) catalogue.Offer {
		return catalogue.Offer{ID: id, Institution: "so-school", Source: "page", AsOf: asOf}
	}
	price := 10.0
	priced := offer("so-school-b", "2025-06-30")
	priced.PriceEUR = &price
	course := func(id string, o catalogue.Offer) catalogue.Course {
		return catalogue.Course{
			ID: id, Provider: "SO", Level: "grade3", Title: text("Hout"), Summary: text("x"), Keywords: words,
			Source: "page", AsOf: "2025", Offers: []catalogue.Offer{o},
		}
	}
	first, second := course("so-a", offer("so-school-a", "2020")), course("so-b", priced)
	second.Title = text("HOUT")
	second.Jobs = []string{"nobody"}
	second.Keywords.FR = nil
	k := &bot.Knowledge{
		Catalogue: catalogue.New(
			[]catalogue.Course{first, second},
			[]catalogue.Institution{{ID: "so-school", Source: "page", AsOf: "2026"}, {ID: "so-empty", AsOf: "2026"}},
			nil, nil),
		Library: library.New(nil, nil, nil, nil, []library.Desk{{ID: "desk", Commune: "Nergens", Text: text("x"), Source: "page", AsOf: "2026"}}),
		Paths:   &pathway.Paths{},
	}
	v := takeInventory(k, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))

	want := []string{
		"so-b: no search words in fr",
		`so-b: job "nobody" is not in jobs/jobs.yaml`,
		"so-empty: no source",
		`desk: commune "Nergens" () is not in the gazetteer`,
		"so-b: the same provider, title and level as so-a",
		"so-school-b: the same institution, place, title and level as so-school-a",
	}
	if !slices.Equal(v.Faults, want) {
		t.Errorf("got faults:\n%s\nwant:\n%s", strings.Join(v.Faults, "\n"), strings.Join(want, "\n"))
	}
	if !slices.Equal(v.Unused, []string{"institution so-empty"}) {
		t.Errorf("got unused %v", v.Unused)
	}
	for _, s := range v.Stale {
		ids := map[string][]string{"offers": {"so-school-a"}, "prices": {"so-school-b"}}[s.Kind]
		if !slices.Equal(s.IDs, ids) || s.Count != len(ids) {
			t.Errorf("%s: got %d stale of %d: %v, want %v", s.Kind, s.Count, s.Of, s.IDs, ids)
		}
	}
	if c := v.Counts[0]; c.Kind != "SO" || c.Count != 2 || c.Offers != 2 || c.Langs["nl"] != 2 || c.Langs["fr"] != 1 {
		t.Errorf("got %+v", c)
	}
}

func TestProgressIsAFewPlainLinesWithoutATerminal(t *testing.T) {
	var out strings.Builder
	tell := progress(&out)
	const total = 100 << 20
	for n := range int64(101) {
		tell("a.csv", n<<20, total, int(n))
	}
	tell("small.csv", 10, 10, 1)
	if got, want := out.String(), "a.csv: 25 %, 25 rows\na.csv: 50 %, 50 rows\na.csv: 75 %, 75 rows\na.csv: 100 %, 100 rows\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
