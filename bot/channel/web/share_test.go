package web

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
)

// lists is one list under one code.
type lists struct {
	code string
	list bot.Shortlist
	err  error
}

func (l lists) Shared(_ context.Context, code string, lang catalogue.Lang) (bot.Shortlist, bool, error) {
	list := l.list
	if list.Lang = lang; lang == "" {
		list.Lang = "fr" // the maker's
	}
	return list, code == l.code && l.err == nil, l.err
}

const aCode = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

func openLists(t *testing.T, l lists) (*Handler, *fake) {
	t.Helper()
	f := newFake()
	h, err := New(Options{Bot: f, Words: words(t), Lists: l, Now: func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return h, f
}

func ask(h http.Handler, method, path, lang string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	if lang != "" {
		r.Header.Set("Accept-Language", lang)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestASharedListIsPrivateAndSetsNoCookie(t *testing.T) {
	h, f := openLists(t, lists{code: aCode, list: bot.Shortlist{Courses: courses(), Ends: time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)}})
	for _, c := range []struct {
		path, accept, lang string
		status             int
	}{
		{"/s/" + aCode, "en", "en", 200},
		{"/s/" + aCode, "", "fr", 200},             // the maker's
		{"/s/" + aCode + "?l=nl", "en", "nl", 200}, // chosen
		{"/print/" + aCode, "en", "en", 200},
		{"/s/" + strings.Repeat("B", 26), "en", "en", 404},
		{"/print/" + strings.Repeat("B", 26), "fr", "fr", 404},
		{"/s/short", "nl", "nl", 404},
		{"/s/" + strings.ToLower(aCode), "nl", "nl", 404},
	} {
		w := ask(h, "GET", c.path, c.accept)
		if w.Code != c.status || w.Header().Get("Content-Language") != c.lang {
			t.Errorf("%s: %d in %q; want %d in %q", c.path, w.Code, w.Header().Get("Content-Language"), c.status, c.lang)
		}
		for name, want := range map[string]string{
			"Set-Cookie": "", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q; want %q", c.path, name, got, want)
			}
		}
		if !strings.Contains(w.Body.String(), `<meta name="robots" content="noindex`) {
			t.Errorf("%s has no robots rule", c.path)
		}
	}
	if f.turns != 0 {
		t.Errorf("reading made %d turns", f.turns)
	}
	h, _ = openLists(t, lists{code: aCode, err: errors.New("down")})
	if w := ask(h, "GET", "/s/"+aCode, "nl"); w.Code != 503 || strings.Contains(w.Body.String(), "down") {
		t.Errorf("a broken store: %d %s", w.Code, w.Body)
	}
}

func TestStartingYourOwnIsANewConversation(t *testing.T) {
	h, f := openLists(t, lists{code: aCode, list: bot.Shortlist{Courses: courses()}})
	r := httptest.NewRequest("POST", "/s/"+aCode+"?l=en", nil)
	old := strings.Repeat("C", 26)
	r.AddCookie(&http.Cookie{Name: cookieName, Value: old})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/?k=") {
		t.Fatalf("got %d to %q", w.Code, w.Header().Get("Location"))
	}
	cookie := w.Result().Cookies()
	if len(cookie) != 1 || cookie[0].Value == old || !codeLike(cookie[0].Value) {
		t.Errorf("cookies %v; want one with a new code", cookie)
	}
	if got := f.last; got.Visitor != visitorOf(cookie[0].Value) || got.Lang != "en" || fmt.Sprint(got.Choices) != "[saved]" {
		t.Errorf("the last update is %+v", got)
	}
	if w := ask(h, "POST", "/s/"+strings.Repeat("B", 26), "nl"); w.Code != 404 || w.Header().Get("Set-Cookie") != "" {
		t.Errorf("a list that is not there: %d, cookie %q", w.Code, w.Header().Get("Set-Cookie"))
	}
}

func TestEveryFieldOfAListStaysText(t *testing.T) {
	for _, evil := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `javascript:alert(1)`, `</title><svg onload=alert(1)>`, `' onmouseover='alert(1)`} {
		var list bot.Shortlist
		fill(reflect.ValueOf(&list.Courses).Elem(), evil)
		fill(reflect.ValueOf(&list.Desks).Elem(), evil)
		h, _ := openLists(t, lists{code: aCode, list: list})
		for _, path := range []string{"/s/", "/print/"} {
			w := ask(h, "GET", path+aCode, "fr")
			body := w.Body.String()
			if w.Code != 200 || !strings.Contains(body, html.EscapeString(evil)) {
				t.Errorf("%s with %q: %d, or not shown as text", path, evil, w.Code)
			}
			for _, bad := range []string{"<script>alert", "<img src=x", "<svg onload", `href="javascript:`, `' onmouseover='`} {
				if strings.Contains(body, bad) {
					t.Errorf("%s with %q holds %q", path, evil, bad)
				}
			}
		}
	}
}

func TestThePaperHoldsFiveAndSaysTheRest(t *testing.T) {
	list := bot.Shortlist{Courses: append(append([]bot.Course{}, courses()...), courses()...)}
	for len(list.Courses) < 7 {
		list.Courses = append(list.Courses, list.Courses[0])
	}
	list.Courses = list.Courses[:7]
	h, _ := openLists(t, lists{code: aCode, list: list})
	body := ask(h, "GET", "/print/"+aCode, "en").Body.String()
	if n := strings.Count(body, `<li><h2>`); n != 5 {
		t.Errorf("%d courses; want 5", n)
	}
	has(t, body, "2 more courses", "24/11/2026", `lang="nl">Vraag aan de school`)
	if body := ask(h, "GET", "/print/"+aCode, "nl").Body.String(); strings.Count(body, "Vraag aan de school") != 1 {
		t.Error("the Dutch sheet says its own words twice")
	}
}

// The path is the code's own squares, and its address is the link.
func TestTheCodeIsDrawnSquareBySquare(t *testing.T) {
	const text = "https://wegwijs.example/s/" + aCode
	want, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	got := newCode(text)
	if got.Side != want.Size+2*quiet {
		t.Fatalf("side %d; want %d", got.Side, want.Size+2*quiet)
	}
	black := map[[2]int]bool{}
	for part := range strings.SplitSeq(strings.TrimSuffix(got.Path, "z"), "z") {
		var x, y, n, m int
		if _, err := fmt.Sscanf(part, "M%d %dh%dv1h-%d", &x, &y, &n, &m); err != nil || n != m {
			t.Fatalf("%q: %v", part, err)
		}
		for i := range n {
			black[[2]int{x + i - quiet, y - quiet}] = true
		}
	}
	for y := range want.Size {
		for x := range want.Size {
			if black[[2]int{x, y}] != want.Black(x, y) {
				t.Fatalf("square %d, %d is wrong", x, y)
			}
		}
	}
	if c := newCode(strings.Repeat("x", 5000)); c.Path != "" {
		t.Error("a text that is too long has a code")
	}
}

func TestLinksAreWholeOnThePage(t *testing.T) {
	for _, c := range []struct{ public, host, want string }{
		{"", "wegwijs.local:8080", "http://wegwijs.local:8080/s/X"},
		{"https://wegwijs.example/", "other", "https://wegwijs.example/s/X"},
		{"", `evil"><b>`, "/s/X"},
	} {
		h, err := New(Options{Bot: newFake(), Words: words(t), PublicURL: c.public})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = c.host
		if got := newShare(&bot.Link{URL: "/s/X", Print: "/print/X"}, h.origin(r)); got.URL != c.want {
			t.Errorf("%+v: got %q", c, got.URL)
		}
	}
}
