package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"wegwijs/bot"
	"wegwijs/bot/bottest"
	"wegwijs/bot/phrase"
	"wegwijs/knowledge"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
	"wegwijs/locales"
	"wegwijs/seeds"
)

// newReal is the API on the bot and the knowledge that ship.
func newReal(t *testing.T) (http.Handler, *bot.Bot) {
	t.Helper()
	know, err := bot.Learn(seeds.Embedded(), knowledge.Files())
	if err != nil {
		t.Fatal(err)
	}
	words, err := phrase.Open(locales.Files())
	if err != nil {
		t.Fatal(err)
	}
	n := bottest.NewNotebook()
	b, err := bot.New(bot.Options{Knowledge: know, Words: words, Memory: n})
	if err != nil {
		t.Fatal(err)
	}
	known := func(ctx context.Context, who bot.Visitor) (bool, error) {
		_, version, err := n.Recall(ctx, who)
		return version > 0, err
	}
	h, err := New(Options{Bot: b, Known: known})
	if err != nil {
		t.Fatal(err)
	}
	return h, b
}

func TestTheRealBotAnswersAsDescribed(t *testing.T) {
	d := description(t)
	h, b := newReal(t)
	// fits checks an answer against the named schema and returns it.
	fits := func(name string, w *httptest.ResponseRecorder, what string) map[string]any {
		t.Helper()
		var v map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil || w.Code != 200 {
			t.Fatalf("%s: %d %v %s", what, w.Code, err, w.Body)
		}
		for _, f := range d.check("$", d.Components.Schemas[name], v) {
			t.Errorf("%s: %s", what, f)
		}
		return v
	}

	all := b.Knowledge().Catalogue.Courses
	for i := range all {
		for _, l := range catalogue.Langs {
			target := fmt.Sprintf("/api/v1/courses/%s?lang=%s&near=1080", all[i].ID, l)
			fits("Course", call(h, "GET", target, ""), target)
		}
	}
	page := fits("Courses", call(h, "GET", "/api/v1/courses?limit=100&near=1000", ""), "courses")
	if int(page["total"].(float64)) != len(all) {
		t.Errorf("total: got %v, want %d", page["total"], len(all))
	}
	fits("Initiatives", call(h, "GET", "/api/v1/initiatives?lang=en", ""), "initiatives")
	rows := strings.Count(call(h, "GET", "/api/v1/catalogue.csv", "").Body.String(), "\r\n") - 1
	want := 0
	for _, f := range b.Knowledge().Courses.Find(search.Filter{Limit: -1}).Courses {
		want += max(1, len(f.Offers))
	}
	if rows != want {
		t.Errorf("table: got %d rows, want %d", rows, want)
	}

	for _, q := range []string{
		"iets met hout in Schaarbeek", "c'est quoi la finalité double", "xyzzy plugh", "I want to die", "hallo", "elektricien worden",
		"wat is duaal leren", "ik wil met iemand praten", "knelpuntberoep lasser", "where can I try out robots", strings.Repeat("a ", 1000), "😀", "'; DROP TABLE",
	} {
		body, _ := json.Marshal(map[string]any{"id": "q", "text": q, "explain": true})
		fits("Answers", call(h, "POST", "/api/v1/ask", string(body)), q)
	}

	session := ""
	turn := 0
	say := func(field string, value any) map[string]any {
		t.Helper()
		body, _ := json.Marshal(map[string]any{"session": session, field: value})
		v := fits("Reply", call(h, "POST", "/api/v1/chat", string(body)), fmt.Sprintf("%s %.40v", field, value))
		session = v["session"].(string)
		if got := int(v["turn"].(float64)); got < turn {
			t.Errorf("%s %.40v: turn %d after %d", field, value, got, turn)
		} else {
			turn = got
		}
		return v
	}
	say("text", "")
	long, _ := json.Marshal(map[string]any{"session": session, "text": strings.Repeat("😀", 4000)})
	if w := call(h, "POST", "/api/v1/chat", string(long)); w.Code != 422 {
		t.Errorf("4,000 emoji: got %d", w.Code)
	}
	r := say("text", "ik zit in het 4de, hou van auto's en woon in Molenbeek")
	if p := r["profile"].(map[string]any); p["stage"] != "grade2" || p["place"] != "1080" {
		t.Errorf("profile: got %v", p)
	}
	for _, c := range []string{
		"skip", "back", "why", "help", "lang:fr", "lang:nl", "more", "saved", "save:" + all[0].ID, "saved", "compare", "details:" + all[0].ID,
		"pathway:" + all[0].ID, "share", "counsellor", "handover", "export", "unsave:" + all[0].ID, "restart", "results", "1:999:stage:grade2",
	} {
		say("choice", c)
	}
	say("choices", []string{"ict", "wood"})
	say("location", map[string]float64{"lat": 50.85, "lon": 4.35})
	say("location", map[string]float64{"lat": -33.9, "lon": 18.4})
	say("language", "en")
	if say("choice", "forget")["forgotten"] != true {
		t.Error("forget: still there")
	}
	if w := call(h, "POST", "/api/v1/chat", `{"session":"`+session+`"}`); w.Code != 404 {
		t.Errorf("after forget: got %d", w.Code)
	}
	if w := call(h, "POST", "/api/v1/chat", `{"choice":"no such thing"}`); w.Code != 400 {
		t.Errorf("an unreadable choice: got %d", w.Code)
	}
}
