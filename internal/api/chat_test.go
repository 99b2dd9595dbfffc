package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"wegwijs/bot"
)

func TestAConversationGoesOn(t *testing.T) {
	h, p := newAPI(t)
	first := read[bot.Reply](t, call(h, "POST", "/api/v1/chat", `{"session":"","language":"fr","text":"","choices":[],"location":null}`))
	if !sessionForm.MatchString(string(first.Session)) || first.Turn != 1 {
		t.Fatalf("session %q, turn %d", first.Session, first.Turn)
	}
	if u := p.last; u.Visitor != "api-"+first.Session || u.Lang != "fr" || !u.Switch || u.Channel != "api" || u.Text != "" || u.Choices != nil || u.Location != nil {
		t.Errorf("opened with %+v", u)
	}
	in := `{"session":"` + string(first.Session) + `",`
	read[bot.Reply](t, call(h, "POST", "/api/v1/chat", in+`"text":"ik hou van auto's"}`))
	if p.last.Text != "ik hou van auto's" || p.last.Switch {
		t.Errorf("text: got %+v", p.last)
	}
	read[bot.Reply](t, call(h, "POST", "/api/v1/chat", in+`"choice":"grade2"}`))
	read[bot.Reply](t, call(h, "POST", "/api/v1/chat", in+`"choices":["ict","wood"]}`))
	if len(p.last.Choices) != 2 {
		t.Errorf("choices: got %+v", p.last)
	}
	got := read[bot.Reply](t, call(h, "POST", "/api/v1/chat", in+`"location":{"lat":50.85,"lon":4.35}}`))
	if p.last.Location == nil || *p.last.Location != (bot.Point{Lat: 50.85, Lon: 4.35}) || got.Turn != 5 || got.Session != first.Session {
		t.Errorf("location: got %+v, turn %d", p.last.Location, got.Turn)
	}
}

func TestTheSameMessageIsAppliedOnce(t *testing.T) {
	h, _ := newAPI(t)
	s := read[bot.Reply](t, call(h, "POST", "/api/v1/chat", `{}`)).Session
	body := `{"session":"` + string(s) + `","text":"a","message_id":"m1"}`
	first := call(h, "POST", "/api/v1/chat", body).Body.String()
	if again := call(h, "POST", "/api/v1/chat", body).Body.String(); again != first {
		t.Errorf("again: got %s, want %s", again, first)
	}
}

func TestAForgottenSessionIsGone(t *testing.T) {
	h, _ := newAPI(t)
	s := read[bot.Reply](t, call(h, "POST", "/api/v1/chat", `{}`)).Session
	in := `{"session":"` + string(s) + `"`
	if !read[bot.Reply](t, call(h, "POST", "/api/v1/chat", in+`,"choice":"forget"}`)).Forgotten {
		t.Error("not forgotten")
	}
	problem(t, call(h, "POST", "/api/v1/chat", in+`}`), 404, "session-unknown", "session")
}

func TestASessionCannotNameAnotherChannel(t *testing.T) {
	h, p := newAPI(t)
	p.turns["web-ABCDEFGHIJKLMNOPQRSTUVWXYZ"] = 1
	p.turns["ABCDEFGHIJKLMNOPQRSTUVWXYZ"] = 1
	for _, s := range []string{"web-ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "api-ABCDEFGHIJKLMNOPQRSTUVWXYZ", " ", "\x00"} {
		body, _ := json.Marshal(map[string]string{"session": s})
		problem(t, call(h, "POST", "/api/v1/chat", string(body)), 404, "session-unknown", "session")
	}
}

func TestAHundredAtOnceDoNotMix(t *testing.T) {
	h, _ := newAPI(t)
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			var s bot.Visitor
			for turn := 1; turn <= 10; turn++ {
				body := fmt.Sprintf(`{"session":%q,"text":"visitor %d turn %d"}`, s, i, turn)
				w := call(h, "POST", "/api/v1/chat", body)
				var r bot.Reply
				if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || w.Code != 200 {
					t.Errorf("visitor %d turn %d: %d %v", i, turn, w.Code, err)
					return
				}
				if s != "" && r.Session != s || r.Turn != turn || r.Messages[0].Text != fmt.Sprintf("visitor %d turn %d", i, turn) {
					t.Errorf("visitor %d turn %d: got turn %d of %q: %q", i, turn, r.Turn, r.Session, r.Messages[0].Text)
				}
				s = r.Session
				if w := call(h, "GET", "/api/v1/courses?near=1050", ""); w.Code != 200 {
					t.Errorf("courses: got %d", w.Code)
				}
			}
		})
	}
	wg.Wait()
}

// FuzzChat sends any body: the answer is a reply or a problem that says so,
// never a 5xx.
func FuzzChat(f *testing.F) {
	for _, s := range []string{
		`{}`, `{"text":"hallo"}`, `{"choices":["a","b"]}`, `{"location":{"lat":1,"lon":2}}`, `{"session":"x","message_id":"y"}`,
		`{"text":"\ud800"}`, `{"text":null}`, `[`, `{"a":{"b":[1,2,{}]}}`, "{\"text\":\"\u202e\x00\"}", `{"text":1e999}`, `{"location":{"lat":1e999,"lon":0}}`,
	} {
		f.Add(s)
	}
	h, _ := newAPI(f)
	f.Fuzz(func(t *testing.T, body string) {
		w := call(h, "POST", "/api/v1/chat", body)
		// The fake's own marks for a store that is down and a lost race.
		mark := strings.Contains(body, "stale") || strings.Contains(body, "broken") || strings.Contains(body, strings.Repeat("A", 26))
		switch {
		case !json.Valid(w.Body.Bytes()):
			t.Fatalf("%q: the answer is no JSON: %s", body, w.Body)
		case w.Code == 200:
			var r bot.Reply
			if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || r.Session == "" || len(r.Messages) == 0 {
				t.Fatalf("%q: %v: %s", body, err, w.Body)
			}
		case w.Code >= 400 && w.Code < 500, mark:
			if w.Header().Get("Content-Type") != "application/problem+json" {
				t.Fatalf("%q: %d is no problem: %s", body, w.Code, w.Body)
			}
		default:
			t.Fatalf("%q: got %d: %s", body, w.Code, w.Body)
		}
	})
}

func BenchmarkCourses(b *testing.B) {
	h, _ := newAPI(b)
	for b.Loop() {
		if w := call(h, "GET", "/api/v1/courses?near=1050&field=wood", ""); w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}
