package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wegwijs/bot"
	"wegwijs/bot/bottest"
	"wegwijs/bot/phrase"
	"wegwijs/internal/store"
	"wegwijs/knowledge/catalogue"
	"wegwijs/locales"
)

// openShop is a bot on a real store, and the store.
func openShop(t *testing.T) (*bot.Bot, *store.DB) {
	t.Helper()
	db, err := store.Open(t.Context(), "file:"+filepath.Join(t.TempDir(), "w.db"), store.Options{Secret: []byte("a secret for tests only")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	k, err := learned()
	if err != nil {
		t.Fatal(err)
	}
	words, err := phrase.Open(locales.Files())
	if err != nil {
		t.Fatal(err)
	}
	b, err := bot.New(bot.Options{Knowledge: k, Words: words, Memory: db, Shares: db, PublicURL: "https://wegwijs.example/"})
	if err != nil {
		t.Fatal(err)
	}
	return b, db
}

// press sends choices, and says sends text, as visitor v.
func press(t *testing.T, b *bot.Bot, v bot.Visitor, choices ...string) bot.Reply {
	t.Helper()
	r, err := b.Answer(t.Context(), bot.Update{Visitor: v, Lang: "nl", Choices: choices})
	if err != nil {
		t.Fatalf("%v: %v", choices, err)
	}
	return r
}

func says(t *testing.T, b *bot.Bot, v bot.Visitor, text string) bot.Reply {
	t.Helper()
	r, err := b.Answer(t.Context(), bot.Update{Visitor: v, Lang: "nl", Text: text})
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return r
}

// linkOf is the link of a reply, and its code.
func linkOf(t *testing.T, r bot.Reply) (*bot.Link, string) {
	t.Helper()
	for _, m := range r.Messages {
		if m.Link != nil {
			code, ok := strings.CutPrefix(m.Link.URL, "https://wegwijs.example/s/")
			if !ok || len(code) != 26 || m.Kind != "share" || m.Link.Print != "https://wegwijs.example/print/"+code {
				t.Errorf("kind %q, link %+v", m.Kind, m.Link)
			}
			return m.Link, code
		}
	}
	t.Fatalf("no link in %+v", r.Messages)
	return nil, ""
}

// codes of a few shipped courses.
func someCourses(t *testing.T, n int) []string {
	t.Helper()
	k, err := learned()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range k.Catalogue.Courses {
		if c := &k.Catalogue.Courses[i]; len(c.Offers) > 0 && len(ids) < n {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func idsOf(cs []bot.Course) (ids []string) {
	for _, c := range cs {
		ids = append(ids, c.ID)
	}
	return ids
}

func TestShareTheSavedList(t *testing.T) {
	b, _ := openShop(t)
	ids := someCourses(t, 3)
	slices.Reverse(ids) // the maker's order, not the catalogue's
	says(t, b, "v", "ik zit in het 4de, hou van hout en woon in Molenbeek")
	for _, id := range ids {
		press(t, b, "v", "save:"+id)
	}
	_, code := linkOf(t, press(t, b, "v", "share"))
	for _, l := range []catalogue.Lang{"", "nl", "fr", "en"} {
		list, ok, err := b.Shared(t.Context(), code, l)
		if err != nil || !ok {
			t.Fatalf("Shared(%q) = %v, %v", l, ok, err)
		}
		if got := idsOf(list.Courses); !slices.Equal(got, ids) {
			t.Errorf("%q: got %v, want %v", l, got, ids)
		}
		if l != "" && list.Lang != l || l == "" && list.Lang != "nl" {
			t.Errorf("Shared(%q) is in %q", l, list.Lang)
		}
		if days := time.Until(list.Ends).Hours() / 24; days < 29 || days > 30 {
			t.Errorf("the link works for %.1f days", days)
		}
		if len(list.Desks) == 0 {
			t.Error("nobody to call")
		}
		// What the maker told stays with the maker.
		text, _ := json.Marshal(list)
		for _, s := range []string{"1080", `"distance"`, `"interest"`, `"stage"`} {
			if strings.Contains(string(text), s) && !sold(list.Courses, s) {
				t.Errorf("the list holds %s", s)
			}
		}
		for _, c := range list.Courses {
			for _, o := range c.Offers {
				if o.DistanceKm != nil {
					t.Errorf("%s: a distance of %v km tells where the maker lives", c.ID, *o.DistanceKm)
				}
			}
			for _, w := range c.Why {
				if w.Code != "shortage" && w.Code != "noplace" {
					t.Errorf("%s: reason %q tells what the maker answered", c.ID, w.Code)
				}
			}
		}
	}
}

// sold reports whether s is the postcode of an offer of the list itself.
func sold(cs []bot.Course, s string) bool {
	return slices.ContainsFunc(cs, func(c bot.Course) bool {
		return slices.ContainsFunc(c.Offers, func(o bot.Offer) bool { return o.Postcode == s })
	})
}

// toTheList answers for a pupil of Evere who likes the stage, up to the list.
func toTheList(t *testing.T, b *bot.Bot, v bot.Visitor, reach string) (r bot.Reply) {
	t.Helper()
	r = says(t, b, v, "6de middelbaar, ik woon in Evere")
	answers := map[string]string{"role": "pupil", "track": "dubbel", "interest": "audiovisual-stage", "reach": reach}
	for range 8 {
		ask := r.Messages[len(r.Messages)-1].Ask
		if ask == nil {
			return r
		}
		choice := answers[ask.Slot]
		if choice == "" {
			choice = "skip"
		}
		r = press(t, b, v, choice)
	}
	t.Fatal("eight answers lead to no list")
	return r
}

func TestShareWhatIsOnTheScreen(t *testing.T) {
	b, _ := openShop(t)
	if r := press(t, b, "new", "share"); r.Messages[0].Link != nil {
		t.Error("a visitor without courses gets a link")
	}
	r := toTheList(t, b, "v", "brussels")
	var shown []string
	for _, m := range r.Messages {
		if m.Kind == "results" {
			shown = idsOf(m.Courses)
		}
	}
	_, code := linkOf(t, says(t, b, "v", "deel mijn lijst"))
	list, ok, err := b.Shared(t.Context(), code, "")
	if err != nil || !ok || len(shown) == 0 || !slices.Equal(idsOf(list.Courses), shown) {
		t.Errorf("got %v, %v, %v; want %v", idsOf(list.Courses), ok, err, shown)
	}
}

func TestSharingIsStopped(t *testing.T) {
	for name, stop := range map[string]string{"by its maker": "share:stop", "by forgetting": "forget"} {
		t.Run(name, func(t *testing.T) {
			b, _ := openShop(t)
			press(t, b, "v", "save:"+someCourses(t, 1)[0])
			_, one := linkOf(t, press(t, b, "v", "share"))
			_, two := linkOf(t, press(t, b, "v", "share"))
			if one == two {
				t.Error("two links are the same")
			}
			press(t, b, "v", stop)
			for _, code := range []string{one, two} {
				if _, ok, err := b.Shared(t.Context(), code, ""); ok || err != nil {
					t.Errorf("Shared = %v, %v after %s", ok, err, stop)
				}
			}
		})
	}
	b, _ := openShop(t)
	for _, bad := range []string{"share:go", "share:stop,stop"} {
		if _, err := b.Answer(t.Context(), bot.Update{Visitor: "v", Choices: []string{bad}}); !errors.Is(err, bot.ErrInput) {
			t.Errorf("%s: %v; want ErrInput", bad, err)
		}
	}
}

func TestTheSameUpdateMakesOneLink(t *testing.T) {
	b, _ := openShop(t)
	press(t, b, "v", "save:"+someCourses(t, 1)[0])
	u := bot.Update{Visitor: "v", Key: "k", Choices: []string{"share"}}
	var links [10]string
	var wg sync.WaitGroup
	for i := range links {
		wg.Go(func() {
			r, err := b.Answer(context.Background(), u)
			if err == nil {
				links[i] = r.Messages[0].Link.URL
			}
		})
	}
	wg.Wait()
	for _, l := range links {
		if l == "" || l != links[0] {
			t.Errorf("got %q and %q; want one link", l, links[0])
		}
	}
}

func TestWithoutSharesNothingIsShared(t *testing.T) {
	b := newBot(t, bottest.NewNotebook())
	press(t, b, "v", "save:"+someCourses(t, 1)[0])
	if r := press(t, b, "v", "share"); r.Messages[0].Link != nil {
		t.Errorf("a link to nowhere: %+v", r.Messages[0].Link)
	}
	if _, ok, err := b.Shared(t.Context(), strings.Repeat("A", 26), ""); ok || err != nil {
		t.Errorf("Shared = %v, %v", ok, err)
	}
}

// The pupil of Evere asks once for a course that is nowhere in Evere: one
// count, however he goes on.
func TestABlindSpotCountsOncePerConversation(t *testing.T) {
	tally := func(t *testing.T, db *store.DB) []store.Cell {
		t.Helper()
		cells, err := db.Tally(t.Context(), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return cells
	}
	evere := func(times int, lang catalogue.Lang) store.Cell {
		return store.Cell{Count: bot.Count{Kind: bot.Blind, Field: "audiovisual-stage", Commune: "1140", Language: lang}, Times: times}
	}
	b, db := openShop(t)
	says(t, b, "pupil", "podiumtechnieken in evere")
	if got := tally(t, db); !slices.Equal(got, []store.Cell{evere(1, "nl")}) {
		t.Errorf("after the question: %v; want one count", got)
	}
	says(t, b, "pupil", "6de middelbaar, dubbele finaliteit")
	for _, choice := range []string{"commune", "results", "results", "change:reach", "commune", "more", "restart"} {
		press(t, b, "pupil", choice)
	}
	says(t, b, "pupil", "podiumtechnieken in evere")
	if got := tally(t, db); !slices.Equal(got, []store.Cell{evere(1, "nl")}) {
		t.Errorf("after the whole conversation: %v; want one count", got)
	}

	// By buttons alone, in the list, and by somebody else.
	toTheList(t, b, "another", "commune")
	if got := tally(t, db); !slices.Equal(got, []store.Cell{evere(2, "nl")}) {
		t.Errorf("after a second visitor: %v; want two counts", got)
	}

	// A place within reach is no blind spot.
	toTheList(t, b, "third", "brussels")
	if got := tally(t, db); !slices.Equal(got, []store.Cell{evere(2, "nl")}) {
		t.Errorf("after a visitor who can travel: %v; want no more", got)
	}
}
