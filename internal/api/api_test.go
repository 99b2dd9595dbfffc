package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"wegwijs/bot"
	"wegwijs/bot/phrase"
	"wegwijs/internal/serve"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/library"
	"wegwijs/knowledge/pathway"
	"wegwijs/knowledge/search"
)

func text(s string) catalogue.Text {
	return catalogue.Text{NL: s + " nl", FR: s + " fr", EN: s + " en"}
}

func ptr[T any](v T) *T { return &v }

// parrot is a small bot: it answers each turn with what it got, and finds
// courses whose title holds the words.
type parrot struct {
	know  *bot.Knowledge
	words *phrase.Book

	mu    sync.Mutex
	turns map[bot.Visitor]int
	seen  map[string]bot.Reply
	last  bot.Update
	asked bot.Question
	find  search.Filter
}

func newParrot(tb testing.TB) *parrot {
	tb.Helper()
	files := fstest.MapFS{}
	for _, l := range catalogue.Langs {
		files["active."+string(l)+".toml"] = &fstest.MapFile{Data: []byte(`"why.noplace" = "geen plaats bekend"`)}
	}
	words, err := phrase.Open(files)
	if err != nil {
		tb.Fatal(err)
	}
	c := catalogue.New([]catalogue.Course{
		{
			ID: "so-hout-2", Provider: "SO", Level: "grade2", Finality: "arbeidsmarkt", Fields: []catalogue.Field{"wood"},
			Title: text("Hout & <R&D>"), Summary: text("Je werkt met hout."), Former: []string{"Houtbewerking"}, Dual: true,
			LeadsTo: []string{"grade3"}, Jobs: []string{"schrijnwerker"}, Source: "lijst", AsOf: "2025-2026", Confidence: "high",
			Offers: []catalogue.Offer{
				{ID: "so-hout-2-a", Institution: "school-a", Form: []catalogue.Form{"voltijds"}, Source: "lijst", AsOf: "2025-2026", Confidence: "high"},
				{
					ID: "so-hout-2-b", Institution: "school-b", Campus: " \t=cmd()\n+1", Form: []catalogue.Form{"duaal"}, PriceEUR: ptr(12.5),
					Note: text("let op"), Source: "@lijst", AsOf: "2019", Confidence: "low",
				},
			},
		},
		{
			ID: "vdab-lasser", Provider: "VDAB", Level: "training", Fields: []catalogue.Field{"mechanics-metal", "construction"},
			Title: text("Lasser"), Summary: text("Je last."), Source: "lijst", AsOf: "2025", Confidence: "medium",
		},
	}, []catalogue.Institution{
		{ID: "school-a", Name: "School A", Postcode: "1080", Commune: "Sint-Jans-Molenbeek", Street: "Straat 1", URL: "https://a.example", Source: "lijst", AsOf: "2025", Provider: "SO"},
		{ID: "school-b", Name: "School; \"B\"", Postcode: "1050", Commune: "Elsene", Lat: ptr(50.83), Lon: ptr(4.37), Source: "lijst", AsOf: "2025", Provider: "SO"},
	}, nil, []catalogue.Commune{
		{Name: catalogue.Text{NL: "Sint-Jans-Molenbeek", FR: "Molenbeek-Saint-Jean", EN: "Molenbeek"}, Region: catalogue.Brussels, Lat: 50.854, Lon: 4.325, Parts: []catalogue.Part{{Postcode: "1080"}}},
		{Name: catalogue.Text{NL: "Elsene", FR: "Ixelles", EN: "Ixelles"}, Region: catalogue.Brussels, Lat: 50.833, Lon: 4.366, Parts: []catalogue.Part{{Postcode: "1050"}}},
	})
	lib := library.New(nil, nil, []library.Initiative{
		{ID: "club", Name: "Club", Kind: "club", For: []catalogue.Role{"pupil"}, Fields: []catalogue.Field{"ict"}, Ages: "8-18", Postcode: "1050", Commune: "Elsene", URL: "https://c.example", Text: text("Doe mee."), Note: text("Vraag na."), Source: "lijst", AsOf: "2025"},
		{ID: "museum", Name: "Museum", Kind: "museum", Text: text("Kijk."), Source: "lijst", AsOf: "undated"},
		{ID: "oud", Name: "Oud", Kind: "club", Gone: true, Text: text("Weg."), Source: "lijst", AsOf: "2010"},
	}, nil, nil)
	return &parrot{
		know:  &bot.Knowledge{Catalogue: c, Library: lib, Courses: search.NewCourses(c)},
		words: words, turns: map[bot.Visitor]int{}, seen: map[string]bot.Reply{},
	}
}

var errStore = errors.New("canary: dial tcp 10.0.0.5:5432")

func (p *parrot) Answer(_ context.Context, u bot.Update) (bot.Reply, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = u
	switch {
	case slices.Contains(u.Choices, "nonsense"):
		return bot.Reply{}, fmt.Errorf("choice %q: %w", u.Choices, bot.ErrInput)
	case slices.Contains(u.Choices, "stale"):
		return bot.Reply{}, fmt.Errorf("remember: %w", bot.ErrStale)
	case slices.Contains(u.Choices, "broken"):
		return bot.Reply{}, errStore
	}
	if old, ok := p.seen[string(u.Visitor)+u.Key]; ok && u.Key != "" {
		return old, nil
	}
	p.turns[u.Visitor]++
	r := bot.Reply{
		Session: u.Visitor, Language: catalogue.NL, Turn: p.turns[u.Visitor], Relaxed: []string{"reach"}, Offer: "fr",
		Profile: bot.Profile{Role: "pupil", Stage: "grade2", Track: "1A", Finality: "dubbel", Interest: []catalogue.Field{"ict"}, Place: "1080", Reach: "commune", Form: []catalogue.Form{"dag"}},
		Saved:   []string{"so-hout-2"},
		Messages: []bot.Message{
			{Text: u.Text, Choices: []bot.Choice{{ID: "grade2", Label: "3 & 4", Token: "1:1:stage:grade2", On: true, Count: ptr(3)}}, Ask: &bot.Ask{Slot: "stage", FreeText: true}},
			{Text: "hier", Kind: "results", Courses: p.all(), Answers: p.answers()},
		},
	}
	if slices.Contains(u.Choices, "export") {
		r.Export = &bot.Export{Language: "nl", Answers: []bot.Given{{Slot: "stage", Values: []string{"grade2"}, Turn: 1}, {Slot: "place", Skipped: true, Turn: 2}}, Saved: []string{}}
	}
	if slices.Contains(u.Choices, "forget") {
		delete(p.turns, u.Visitor)
		r.Forgotten = true
		return r, nil
	}
	if u.Key != "" {
		p.seen[string(u.Visitor)+u.Key] = r
	}
	return r, nil
}

func (p *parrot) known(_ context.Context, who bot.Visitor) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if who == visitorOf(strings.Repeat("A", 26)) {
		return false, errStore
	}
	return p.turns[who] > 0, nil
}

func (p *parrot) all() []bot.Course {
	var all []bot.Course
	for _, f := range p.know.Courses.Find(search.Filter{Near: "1050"}).Courses {
		all = append(all, p.View(catalogue.NL, "1050").Course(f))
	}
	return all
}

func (p *parrot) answers() []bot.Answer {
	c := p.all()[0]
	return []bot.Answer{{Kind: "course", ID: c.ID, Title: c.Title, Text: "t", URL: "https://a.example", Source: "lijst", AsOf: "2025", Score: 0.93, Course: &c, Stale: true, Why: "title"}}
}

func (p *parrot) Ask(_ context.Context, q bot.Question) bot.Answers {
	p.mu.Lock()
	p.asked = q
	p.mu.Unlock()
	out := bot.Answers{ID: q.ID, Language: catalogue.NL, Kind: "unknown", Reply: "Dat weet ik niet."}
	if strings.Contains(q.Text, "hout") {
		out.Kind, out.Answers = "courses", p.answers()
	}
	return out
}

func (p *parrot) SearchCourses(_ context.Context, words string, f search.Filter, _ catalogue.Lang) (search.Result, error) {
	p.mu.Lock()
	p.find = f
	p.mu.Unlock()
	if words == "broken" {
		return search.Result{}, errStore
	}
	if words != "" {
		f.IDs = []string{}
		for i := range p.know.Catalogue.Courses {
			if c := &p.know.Catalogue.Courses[i]; strings.Contains(search.Fold(c.Title.NL), words) {
				f.IDs = append(f.IDs, c.ID)
			}
		}
	}
	return p.know.Courses.Find(f), nil
}

func (p *parrot) Knowledge() *bot.Knowledge { return p.know }

func (p *parrot) View(l catalogue.Lang, near string) bot.View {
	return bot.View{Lang: l, Words: p.words, Catalogue: p.know.Catalogue, Today: time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC), Near: near}
}

func (p *parrot) Pathways(_ context.Context, from, to string, _ catalogue.Track, _ catalogue.Lang) (pathway.AnswerView, error) {
	if from == "niets" {
		return pathway.AnswerView{}, &bot.NoMatch{Field: "from"}
	}
	if to == "niets" {
		return pathway.AnswerView{}, fmt.Errorf("look: %w", &bot.NoMatch{Field: "to"})
	}
	if to == "nergens" {
		return pathway.AnswerView{Verdict: "unknown"}, nil
	}
	rule := pathway.RuleView{ID: "r1", Title: "Diploma", Text: "Je hebt een diploma nodig.", Verdict: "direct", Source: "decreet", AsOf: "2025"}
	step := pathway.StepView{ID: "so-hout-2", Title: "Hout", TitleNL: "Hout", Level: "grade2", Standing: "grade2-arbeidsmarkt", Rules: []string{"r1"}}
	return pathway.AnswerView{
		Direct: true, Verdict: "direct", Rules: []pathway.RuleView{rule},
		Paths: []pathway.PathView{{Steps: []pathway.StepView{step}, Rules: []pathway.RuleView{rule}, Years: ptr(3.0), AtLeast: 3}},
	}, nil
}

// newAPI is the API inside the server, as the program puts it.
func newAPI(tb testing.TB, change ...func(*Options)) (http.Handler, *parrot) {
	tb.Helper()
	p := newParrot(tb)
	o := Options{Bot: p, Known: p.known}
	for _, f := range change {
		f(&o)
	}
	h, err := New(o)
	if err != nil {
		tb.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", h)
	mux.Handle("/openapi.json", h)
	s, err := serve.New(serve.Options{Handler: mux, PublicURL: "https://wegwijs.example", Rate: serve.Limit{PerSecond: 1e9, Burst: 1e9}})
	if err != nil {
		tb.Fatal(err)
	}
	return s, p
}

func call(h http.Handler, method, target, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// read decodes an answer that must be fine.
func read[T any](t *testing.T, w *httptest.ResponseRecorder) (v T) {
	t.Helper()
	if w.Code != 200 {
		t.Fatalf("status: got %d, want 200; body %s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("body %s: %v", w.Body, err)
	}
	return v
}

func TestBadInputIsAProblemThatNamesTheField(t *testing.T) {
	h, _ := newAPI(t)
	session := read[bot.Reply](t, call(h, "POST", "/api/v1/chat", `{}`)).Session
	in := func(rest string) string { return `{"session":"` + string(session) + `"` + rest + `}` }
	unknown := strings.Repeat("B", 26)
	emoji := strings.Repeat("😀", 4000)
	for _, a := range []struct {
		name, method, target, body string
		status                     int
		kind, field                string // of the problem; "" is about:blank, or none
	}{
		{"broken JSON", "POST", "/api/v1/chat", `{"text":`, 400, "bad-json", ""},
		{"no body", "POST", "/api/v1/chat", ``, 400, "bad-json", ""},
		{"more than one object", "POST", "/api/v1/chat", `{}{}`, 400, "bad-json", ""},
		{"not UTF-8", "POST", "/api/v1/ask", "{\"text\":\"\xff\"}", 400, "bad-json", ""},
		{"a list", "POST", "/api/v1/chat", `[]`, 400, "bad-field", ""},
		{"null", "POST", "/api/v1/chat", `null`, 400, "bad-field", ""},
		{"too deep", "POST", "/api/v1/chat", strings.Repeat(`{"location":`, 20000) + "1" + strings.Repeat("}", 20000), 400, "bad-json", ""},
		{"a number as text", "POST", "/api/v1/chat", `{"text":5}`, 400, "bad-field", "text"},
		{"a text as list", "POST", "/api/v1/chat", `{"choices":"ict"}`, 400, "bad-field", "choices"},
		{"a number in the list", "POST", "/api/v1/chat", `{"choices":["ict",1]}`, 400, "bad-field", "choices"},
		{"an unknown field", "POST", "/api/v1/chat", `{"txt":"hallo"}`, 400, "unknown-field", "txt"},
		{"a field in capitals", "POST", "/api/v1/chat", `{"Text":"hallo"}`, 400, "unknown-field", "Text"},
		{"a field twice", "POST", "/api/v1/chat", `{"text":"a","text":"b"}`, 400, "bad-field", "text"},
		{"a location as text", "POST", "/api/v1/chat", `{"location":"1080"}`, 400, "bad-field", "location"},
		{"a location without lon", "POST", "/api/v1/chat", `{"location":{"lat":50.8}}`, 400, "bad-field", "location.lon"},
		{"a location with more", "POST", "/api/v1/chat", `{"location":{"lat":1,"lon":2,"alt":3}}`, 400, "unknown-field", "location.alt"},
		{"a location in words", "POST", "/api/v1/chat", `{"location":{"lat":"x","lon":2}}`, 400, "bad-field", "location.lat"},
		{"a location off the earth", "POST", "/api/v1/chat", `{"location":{"lat":91,"lon":2}}`, 400, "bad-field", "location.lat"},
		{"text and choice", "POST", "/api/v1/chat", in(`,"text":"a","choice":"b"`), 400, "bad-field", "choice"},
		{"choice and choices", "POST", "/api/v1/chat", in(`,"choice":"a","choices":["b"]`), 400, "bad-field", "choices"},
		{"text and location", "POST", "/api/v1/chat", in(`,"text":"a","location":{"lat":50,"lon":4}`), 400, "bad-field", "location"},
		{"too many choices", "POST", "/api/v1/chat", in(`,"choices":["a"` + strings.Repeat(`,"a"`, 50) + `]`), 400, "bad-field", "choices"},
		{"a language we do not speak", "POST", "/api/v1/chat", `{"language":"de"}`, 400, "bad-field", "language"},
		{"a long message id", "POST", "/api/v1/chat", `{"message_id":"` + strings.Repeat("x", 201) + `"}`, 400, "bad-field", "message_id"},
		{"a choice that cannot be read", "POST", "/api/v1/chat", in(`,"choice":"nonsense"`), 400, "bad-choice", "choice"},
		{"choices that cannot be read", "POST", "/api/v1/chat", in(`,"choices":["ict","nonsense"]`), 400, "bad-choice", "choices"},
		{"a conversation that moved on", "POST", "/api/v1/chat", in(`,"choice":"stale"`), 409, "conversation-moved-on", ""},
		{"a store that is down", "POST", "/api/v1/chat", in(`,"choice":"broken"`), 503, "", ""},
		{"a store that is down, for the session", "POST", "/api/v1/chat", `{"session":"` + strings.Repeat("A", 26) + `"}`, 503, "", ""},
		{"an unknown session", "POST", "/api/v1/chat", `{"session":"` + unknown + `"}`, 404, "session-unknown", "session"},
		{"a session of another form", "POST", "/api/v1/chat", `{"session":"../web-1"}`, 404, "session-unknown", "session"},
		{"a text that is too long", "POST", "/api/v1/chat", in(`,"text":"` + emoji + `"`), 422, "text-too-long", "text"},
		{"a body that is too long", "POST", "/api/v1/chat", `{"text":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "body-too-large", ""},

		{"a question without text", "POST", "/api/v1/ask", `{}`, 400, "bad-field", "text"},
		{"a blank question", "POST", "/api/v1/ask", `{"text":" \n"}`, 400, "bad-field", "text"},
		{"a question with a number as id", "POST", "/api/v1/ask", `{"id":1,"text":"a"}`, 400, "bad-field", "id"},
		{"a question with a long id", "POST", "/api/v1/ask", `{"id":"` + strings.Repeat("x", 201) + `","text":"a"}`, 400, "bad-field", "id"},
		{"a question near nowhere", "POST", "/api/v1/ask", `{"text":"a","near":"Brussel"}`, 400, "bad-field", "near"},
		{"a question in German", "POST", "/api/v1/ask", `{"text":"a","language":"de"}`, 400, "bad-field", "language"},
		{"a question that explains in words", "POST", "/api/v1/ask", `{"text":"a","explain":"yes"}`, 400, "bad-field", "explain"},
		{"a question that is too long", "POST", "/api/v1/ask", `{"text":"` + emoji + `"}`, 422, "text-too-long", "text"},

		{"an unknown parameter", "GET", "/api/v1/courses?provder=SO", "", 400, "unknown-parameter", "provder"},
		{"an unreadable query", "GET", "/api/v1/courses?q=%zz", "", 400, "bad-parameter", ""},
		{"an unknown provider", "GET", "/api/v1/courses?provider=SO,XX", "", 400, "bad-parameter", "provider"},
		{"an unknown field", "GET", "/api/v1/courses?field=ict&field=cooking", "", 400, "bad-parameter", "field"},
		{"an unknown finality", "GET", "/api/v1/courses?finality=tso", "", 400, "bad-parameter", "finality"},
		{"an unknown level", "GET", "/api/v1/courses?level=phd", "", 400, "bad-parameter", "level"},
		{"an unknown form", "GET", "/api/v1/courses?form=nacht", "", 400, "bad-parameter", "form"},
		{"an unknown language", "GET", "/api/v1/courses?lang=de", "", 400, "bad-parameter", "lang"},
		{"an unknown commune", "GET", "/api/v1/courses?commune=Parijs", "", 400, "bad-parameter", "commune"},
		{"a bad postcode", "GET", "/api/v1/courses?postcode=10800", "", 400, "bad-parameter", "postcode"},
		{"a bad near", "GET", "/api/v1/courses?near=abc", "", 400, "bad-parameter", "near"},
		{"a near that we do not know", "GET", "/api/v1/courses?near=9999", "", 400, "bad-parameter", "near"},
		{"a near twice", "GET", "/api/v1/courses?near=1080&near=1050", "", 400, "bad-parameter", "near"},
		{"a negative radius", "GET", "/api/v1/courses?near=1080&radius_km=-1", "", 400, "bad-parameter", "radius_km"},
		{"a radius that is no number", "GET", "/api/v1/courses?near=1080&radius_km=NaN", "", 400, "bad-parameter", "radius_km"},
		{"a radius without end", "GET", "/api/v1/courses?near=1080&radius_km=Inf", "", 400, "bad-parameter", "radius_km"},
		{"a radius around nothing", "GET", "/api/v1/courses?radius_km=5", "", 400, "bad-parameter", "radius_km"},
		{"no courses", "GET", "/api/v1/courses?limit=0", "", 400, "bad-parameter", "limit"},
		{"too many courses", "GET", "/api/v1/courses?limit=101", "", 400, "bad-parameter", "limit"},
		{"a limit in words", "GET", "/api/v1/courses?limit=ten", "", 400, "bad-parameter", "limit"},
		{"a negative offset", "GET", "/api/v1/courses?offset=-1", "", 400, "bad-parameter", "offset"},
		{"an offset beyond integers", "GET", "/api/v1/courses?offset=99999999999999999999", "", 400, "bad-parameter", "offset"},
		{"a long search", "GET", "/api/v1/courses?q=" + strings.Repeat("x", 201), "", 400, "bad-parameter", "q"},
		{"an index that is broken", "GET", "/api/v1/courses?q=broken", "", 503, "", ""},
		{"an unknown course", "GET", "/api/v1/courses/so-niets", "", 404, "course-unknown", "id"},
		{"a course in German", "GET", "/api/v1/courses/so-hout-2?lang=de", "", 400, "bad-parameter", "lang"},
		{"an unknown kind of initiative", "GET", "/api/v1/initiatives?kind=bar", "", 400, "bad-parameter", "kind"},
		{"a table in German", "GET", "/api/v1/catalogue.csv?lang=de", "", 400, "bad-parameter", "lang"},
		{"a pathway from nowhere to nowhere", "GET", "/api/v1/pathways", "", 400, "bad-parameter", "from"},
		{"a pathway on an unknown track", "GET", "/api/v1/pathways?from=x&to=y&track=tso", "", 400, "bad-parameter", "track"},
		{"a pathway on two tracks", "GET", "/api/v1/pathways?from=x&to=y&track=1A,1B", "", 400, "bad-parameter", "track"},
		{"a pathway from what does not exist", "GET", "/api/v1/pathways?from=niets&to=y", "", 422, "no-match", "from"},
		{"a pathway to what does not exist", "GET", "/api/v1/pathways?from=x&to=niets", "", 422, "no-match", "to"},

		{"an unknown address", "GET", "/api/v1/nothing", "", 404, "", ""},
		{"the wrong method", "GET", "/api/v1/chat", "", 405, "", ""},
		{"the wrong method for reading", "POST", "/api/v1/courses", "{}", 405, "", ""},
	} {
		t.Run(a.name, func(t *testing.T) {
			w := call(h, a.method, a.target, a.body)
			problem(t, w, a.status, a.kind, a.field)
			if strings.Contains(w.Body.String(), "canary") {
				t.Errorf("the problem shows our insides: %s", w.Body)
			}
		})
	}
	if got := read[bot.Reply](t, call(h, "POST", "/api/v1/chat", in(`,"text":"nog eens"`))); got.Session != session || got.Turn != 2 {
		t.Errorf("after all that: session %q turn %d, want %q turn 2", got.Session, got.Turn, session)
	}
}

// problem checks that an answer is that problem.
func problem(t *testing.T, w *httptest.ResponseRecorder, status int, kind, field string) {
	t.Helper()
	var p struct {
		Type, Title, Detail, Field string
		Status, Limit              int
		RequestID                  string `json:"request_id"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("body %.200s: %v", w.Body, err)
	}
	want := "about:blank"
	if kind != "" {
		want = "urn:wegwijs:problem:" + kind
	}
	if w.Code != status || p.Status != status || p.Type != want || p.Field != field {
		t.Errorf("got %d (in the body %d) %q field %q, want %d %q field %q; detail %q", w.Code, p.Status, p.Type, p.Field, status, want, field, p.Detail)
	}
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type: got %q", got)
	}
	if p.Title == "" || p.RequestID != w.Header().Get("X-Request-Id") {
		t.Errorf("title %q, request id %q", p.Title, p.RequestID)
	}
	if (status == 429 || status == 503) != (w.Header().Get("Retry-After") != "") {
		t.Errorf("Retry-After: got %q", w.Header().Get("Retry-After"))
	}
	if status == 405 != (w.Header().Get("Allow") != "") {
		t.Errorf("Allow: got %q", w.Header().Get("Allow"))
	}
	if kind == "text-too-long" && (p.Limit != 2000 || !strings.Contains(p.Detail, "2000")) {
		t.Errorf("the limit is not named: %d, %q", p.Limit, p.Detail)
	}
}

func TestContentTypeMustBeJSON(t *testing.T) {
	h, _ := newAPI(t)
	for kind, want := range map[string]int{
		"application/json": 200, "application/json; charset=utf-8": 200, "Application/JSON; charset=UTF-8": 200,
		"": 415, "text/plain": 415, "application/x-www-form-urlencoded": 415, "application/json; charset=latin1": 415, "application/": 415,
	} {
		w := call(h, "POST", "/api/v1/chat", `{}`, func(r *http.Request) {
			r.Header.Set("Content-Type", kind)
			if kind == "" {
				r.Header.Del("Content-Type")
			}
		})
		if w.Code != want {
			t.Errorf("%q: got %d, want %d", kind, w.Code, want)
		}
		if want == 415 {
			problem(t, w, 415, "", "Content-Type")
		}
	}
}

func TestEveryRouteHasTheHeaders(t *testing.T) {
	h, _ := newAPI(t)
	for _, a := range []struct{ method, target, body string }{
		{"POST", "/api/v1/ask", `{"text":"hout"}`},
		{"POST", "/api/v1/chat", `{}`},
		{"POST", "/api/v1/chat", `{`},
		{"GET", "/api/v1/courses", ""},
		{"GET", "/api/v1/courses?limit=0", ""},
		{"GET", "/api/v1/courses/so-hout-2", ""},
		{"GET", "/api/v1/courses/none", ""},
		{"GET", "/api/v1/pathways?from=a&to=b", ""},
		{"GET", "/api/v1/initiatives", ""},
		{"GET", "/api/v1/catalogue.csv", ""},
		{"GET", "/openapi.json", ""},
		{"GET", "/api/", ""},
		{"PUT", "/api/v1/chat", ""},
		{"OPTIONS", "/api/v1/chat", ""},
		{"HEAD", "/api/v1/courses", ""},
	} {
		w := call(h, a.method, a.target, a.body)
		for _, k := range []string{
			"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy",
			"Cross-Origin-Opener-Policy", "Strict-Transport-Security", "X-Request-Id",
		} {
			if w.Header().Get(k) == "" {
				t.Errorf("%s %s: no %s", a.method, a.target, k)
			}
		}
		if w.Header().Get("Cache-Control") == "" && w.Code != 204 {
			t.Errorf("%s %s: nothing says whether it may be kept", a.method, a.target)
		}
	}
	w := call(h, "OPTIONS", "/api/v1/chat", "")
	if w.Code != 204 || w.Header().Get("Allow") != "POST, OPTIONS" {
		t.Errorf("OPTIONS: got %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestAskPassesTheQuestionOn(t *testing.T) {
	h, p := newAPI(t)
	got := read[bot.Answers](t, call(h, "POST", "/api/v1/ask", `{"id":"q1","text":"iets met hout","language":"fr","near":"1080","explain":true}`))
	if got.ID != "q1" || got.Kind != "courses" || len(got.Answers) != 1 {
		t.Errorf("got %+v", got)
	}
	if want := (bot.Question{ID: "q1", Text: "iets met hout", Lang: "fr", Near: "1080", Explain: true}); p.asked != want {
		t.Errorf("asked %+v, want %+v", p.asked, want)
	}
	w := call(h, "POST", "/api/v1/ask", `{"text":"xyzzy","language":"auto"}`)
	if got := read[bot.Answers](t, w); got.Kind != "unknown" || !strings.Contains(w.Body.String(), `"answers":[]`) || p.asked.Lang != "" {
		t.Errorf("got %s, asked %+v", w.Body, p.asked)
	}
	// 2,000 characters are 8,000 bytes here, and that is fine.
	read[bot.Answers](t, call(h, "POST", "/api/v1/ask", `{"text":"`+strings.Repeat("😀", 2000)+`"}`))
}

func TestCoursesFiltersAndCounts(t *testing.T) {
	h, p := newAPI(t)
	all := read[Courses](t, call(h, "GET", "/api/v1/courses?q=&provider=&near=&limit=", ""))
	if all.Total != 2 || len(all.Courses) != 2 || all.Facets["provider"]["SO"] != 1 || all.Facets["finality"]["arbeidsmarkt"] != 1 {
		t.Errorf("all: got %+v", all)
	}
	for _, name := range facets {
		if all.Facets[name] == nil {
			t.Errorf("facet %s is missing", name)
		}
	}
	for target, want := range map[string][]string{
		"?provider=VDAB":                        {"vdab-lasser"},
		"?provider=SO,VDAB&provider=SO":         {"so-hout-2", "vdab-lasser"},
		"?field=wood,construction&level=grade2": {"so-hout-2"},
		"?form=duaal":                           {"so-hout-2"},
		"?commune=ixelles":                      {"so-hout-2"},
		"?commune=1080":                         {"so-hout-2"},
		"?commune=Molenbeek-Saint-Jean":         {"so-hout-2"},
		"?postcode=1050&provider=VDAB":          {},
		"?postcode=9999":                        {},
		"?q=lasser":                             {"vdab-lasser"},
		"?limit=1":                              {"so-hout-2"},
		"?limit=1&offset=1":                     {"vdab-lasser"},
		"?offset=1000":                          {},
	} {
		got := []string{}
		for _, c := range read[Courses](t, call(h, "GET", "/api/v1/courses"+target, "")).Courses {
			got = append(got, c.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", target, got, want)
		}
	}
	near := read[Courses](t, call(h, "GET", "/api/v1/courses?near=1050&radius_km=1.5&lang=fr&provider=SO", ""))
	first := near.Courses[0]
	if first.Title != "Hout & <R&D> fr" || first.TitleNL != "Hout & <R&D> nl" || first.Offers[0].ID != "so-hout-2-b" || first.Offers[0].DistanceKm == nil || first.Offers[0].Commune != "Ixelles" {
		t.Errorf("near: got %+v", first)
	}
	if p.find.RadiusKm != 1.5 || p.find.Near != "1050" || p.find.Limit != 20 {
		t.Errorf("filter: got %+v", p.find)
	}
	w := call(h, "GET", "/api/v1/courses?q=niets", "")
	if !strings.Contains(w.Body.String(), `"courses":[]`) {
		t.Errorf("nothing found: got %s", w.Body)
	}
}

func TestJSONIsPlain(t *testing.T) {
	h, _ := newAPI(t)
	w := call(h, "GET", "/api/v1/courses/so-hout-2", "")
	if b := w.Body.String(); !strings.Contains(b, `"title":"Hout & <R&D> nl"`) || strings.Contains(b, ": ") {
		t.Errorf("got %s", b)
	}
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("content type: got %q", got)
	}
	one := read[bot.Course](t, call(h, "GET", "/api/v1/courses/so-hout-2?near=1080&lang=en", ""))
	if one.ID != "so-hout-2" || one.Title != "Hout & <R&D> en" || one.Offers[0].DistanceKm == nil || len(one.Why) == 0 {
		t.Errorf("got %+v", one)
	}
	if !one.Offers[1].Stale {
		t.Error("an offer of 2019 is not stale in 2026")
	}
}

func TestInitiativesLeaveOutWhatEnded(t *testing.T) {
	h, _ := newAPI(t)
	for target, want := range map[string]string{
		"": "club museum", "?kind=museum": "museum", "?field=ict": "club museum", "?field=wood": "museum", "?kind=club,museum&lang=fr": "club museum",
	} {
		got := read[Initiatives](t, call(h, "GET", "/api/v1/initiatives"+target, ""))
		var ids []string
		for _, i := range got.Initiatives {
			ids = append(ids, i.ID)
		}
		if strings.Join(ids, " ") != want || got.Total != len(ids) {
			t.Errorf("%q: got %v, total %d, want %s", target, ids, got.Total, want)
		}
	}
	got := read[Initiatives](t, call(h, "GET", "/api/v1/initiatives?lang=fr", "")).Initiatives
	if got[0].Text != "Doe mee. fr" || got[0].Commune != "Ixelles" || got[0].Stale || !got[1].Stale {
		t.Errorf("got %+v", got)
	}
}

func TestCatalogueIsATableThatDoesNothing(t *testing.T) {
	h, _ := newAPI(t)
	w := call(h, "GET", "/api/v1/catalogue.csv", "")
	body, ok := strings.CutPrefix(w.Body.String(), "\ufeff")
	if !ok || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv; charset=utf-8") {
		t.Errorf("got mark %v, content type %q", ok, w.Header().Get("Content-Type"))
	}
	r := csv.NewReader(strings.NewReader(body))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 4 { // head, two offers, one course without
		t.Fatalf("got %d rows: %v", len(rows), rows)
	}
	cell := func(row int, column string) string { return rows[row][slices.Index(columns, column)] }
	for _, a := range []struct {
		row          int
		column, want string
	}{
		{1, "course_id", "so-hout-2"},
		{1, "lat", "50,854"},
		{1, "approximate", "true"},
		{1, "price_eur", ""},
		{2, "campus", "'=cmd() +1"},
		{2, "source", "'@lijst"},
		{2, "price_eur", "12,5"},
		{2, "institution", `School; "B"`},
		{2, "stale", "true"},
		{3, "course_id", "vdab-lasser"},
		{3, "offer_id", ""},
		{3, "fields", "mechanics-metal construction"},
	} {
		if got := cell(a.row, a.column); got != a.want {
			t.Errorf("row %d %s: got %q, want %q", a.row, a.column, got, a.want)
		}
	}
	if strings.Count(body, "\r\n") != 4 || strings.Count(body, "\n") != 4 {
		t.Errorf("lines: got %q", body)
	}
}

func TestCellsAreInert(t *testing.T) {
	for in, want := range map[string]string{
		"hout": "hout", "": "", "a=b": "a=b", "=1+1": "'=1+1", "+32": "'+32", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'=1", "\r=1": "'=1",
		" =1": "'=1", "\u00a0=1": "'=1", "\u200b=1": "'=1", "\u202e=1": "'=1", "a\n=1": "a =1", "＝1": "'＝1", "\x00-1": "'-1", "'": "'",
	} {
		if got := inert(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestPathways(t *testing.T) {
	h, _ := newAPI(t)
	w := call(h, "GET", "/api/v1/pathways?from=so-hout-2&to=lasser&track=1A&lang=fr", "")
	got := read[struct {
		Direct bool
		Rules  []struct{ ID, Text, Source string }
		Paths  []struct {
			Steps []struct{ ID, Title, Standing string }
			Rules []struct{ ID string }
			Years *float64
		}
	}](t, w)
	if !got.Direct || len(got.Rules) != 1 || len(got.Paths) != 1 || got.Paths[0].Steps[0].ID != "so-hout-2" || *got.Paths[0].Years != 3 {
		t.Errorf("got %+v", got)
	}
	if got := call(h, "GET", "/api/v1/pathways?from=a&to=nergens", "").Body.String(); got != `{"direct":false,"verdict":"unknown","rules":[],"paths":[]}`+"\n" {
		t.Errorf("no path: got %s", got)
	}
}

func TestWordsOfAVisitorAreNotLogged(t *testing.T) {
	var logged bytes.Buffer
	h, _ := newAPI(t, func(o *Options) { o.Log = slog.New(slog.NewJSONHandler(&logged, nil)) })
	call(h, "POST", "/api/v1/chat", `{"text":"geheim"}`)
	call(h, "POST", "/api/v1/chat", `{"text":"geheim","geheim":1}`)
	call(h, "POST", "/api/v1/ask", `{"text":"geheim"}`)
	call(h, "GET", "/api/v1/courses?q=broken&commune=1080", "")
	if b := logged.String(); strings.Contains(b, "geheim") || !strings.Contains(b, "dial tcp") || !strings.Contains(b, `"route":"GET /api/v1/courses"`) {
		t.Errorf("the log: %s", b)
	}
}

func TestNewNeedsABot(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("no error")
	}
}

// brokenBody is a body that ends in an error.
type brokenBody struct{ err error }

func (b brokenBody) Read([]byte) (int, error) { return 0, b.err }

func TestABodyThatDoesNotComeIsAProblem(t *testing.T) {
	h, _ := newAPI(t)
	for err, want := range map[error]int{os.ErrDeadlineExceeded: 408, io.ErrUnexpectedEOF: 400} {
		w := call(h, "POST", "/api/v1/chat", "", func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(brokenBody{err}), -1 })
		problem(t, w, want, "", "")
	}
	long := strings.Repeat("é", 300)
	w := call(h, "POST", "/api/v1/chat", `{"`+long+`":1}`)
	problem(t, w, 400, "unknown-field", strings.Repeat("é", 100))
}
