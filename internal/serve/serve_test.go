package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
)

// newServer makes a server around a handler, with the changes that a test wants.
func newServer(t *testing.T, h http.Handler, change ...func(*Options)) *Server {
	t.Helper()
	o := Options{Handler: h}
	for _, f := range change {
		f(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ask sends one request from an address of the outside world.
func ask(s http.Handler, method, target, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.RemoteAddr = "198.51.100.7:4711"
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func from(addr string) func(*http.Request) {
	return func(r *http.Request) { r.RemoteAddr = addr }
}

func with(key, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(key, value) }
}

// problem reads an answer that must be a problem with that status.
func problem(t *testing.T, w *httptest.ResponseRecorder, status int) map[string]any {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status: got %d, want %d; body %s", w.Code, status, w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type: got %q", got)
	}
	var p map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("body %q: %v", w.Body, err)
	}
	if p["status"] != float64(status) || p["type"] == "" || p["title"] == "" {
		t.Errorf("problem lacks a member: %v", p)
	}
	if p["request_id"] != w.Header().Get("X-Request-Id") {
		t.Errorf("request id: got %v in the body, %q in the header", p["request_id"], w.Header().Get("X-Request-Id"))
	}
	return p
}

// routesOf is a small house with every way to behave badly.
func routesOf() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hello/{name}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") })
	mux.HandleFunc("POST /read", func(w http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			TooLarge(big.Limit).Write(w)
			return
		}
		fmt.Fprint(w, "read")
	})
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("canary-in-a-panic") })
	mux.HandleFunc("GET /half", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "half")
		panic("too late")
	})
	return mux
}

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	s := newServer(t, routesOf(), func(o *Options) { o.PublicURL = "https://wegwijs.example" })
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options":     "nosniff",
		"Referrer-Policy":            "no-referrer",
		"Permissions-Policy":         "geolocation=(self), camera=(), microphone=()",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Strict-Transport-Security":  "max-age=31536000",
	}
	for _, a := range []struct{ method, target, body string }{
		{"GET", "/hello/you", ""},
		{"HEAD", "/hello/you", ""},
		{"OPTIONS", "/hello/you", ""},
		{"DELETE", "/hello/you", ""},
		{"GET", "/nothing", ""},
		{"GET", "/panic", ""},
		{"POST", "/read", strings.Repeat("x", 2<<20)},
		{"GET", "/healthz", ""},
		{"GET", "/readyz", ""},
		{"GET", "/metrics", ""},
		{"POST", "/readyz", ""},
		{"GET", "//hello//you", ""},
	} {
		w := ask(s, a.method, a.target, a.body)
		for k, v := range want {
			if got := w.Header().Get(k); got != v {
				t.Errorf("%s %s: %s: got %q, want %q", a.method, a.target, k, got, v)
			}
		}
		if len(w.Header().Get("X-Request-Id")) < 20 {
			t.Errorf("%s %s: request id %q", a.method, a.target, w.Header().Get("X-Request-Id"))
		}
	}
	plain := newServer(t, routesOf(), func(o *Options) { o.PublicURL = "http://localhost:8080" })
	if got := ask(plain, "GET", "/hello/you", "").Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("HSTS without https: got %q", got)
	}
}

func TestErrorsAreProblems(t *testing.T) {
	s := newServer(t, routesOf())
	problem(t, ask(s, "GET", "/nothing", ""), 404)
	w := ask(s, "PUT", "/hello/you", "")
	problem(t, w, 405)
	if got := w.Header().Get("Allow"); got != "GET, HEAD, OPTIONS" {
		t.Errorf("Allow: got %q", got)
	}
	w = ask(s, "OPTIONS", "/read", "")
	if w.Code != 204 || w.Header().Get("Allow") != "POST, OPTIONS" || w.Body.Len() > 0 {
		t.Errorf("OPTIONS: got %d, Allow %q, body %q", w.Code, w.Header().Get("Allow"), w.Body)
	}
	if w = ask(s, "GET", "/hello/../hello/you", ""); w.Code/100 != 3 || w.Header().Get("Location") != "/hello/you" {
		t.Errorf("unclean path: got %d to %q", w.Code, w.Header().Get("Location"))
	}
	w = ask(s, "GET", "/panic", "")
	problem(t, w, 500)
	if b := w.Body.String(); strings.Contains(b, "canary") || strings.Contains(b, "goroutine") || strings.Contains(b, ".go") {
		t.Errorf("a panic shows its insides: %s", b)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	s := newServer(t, routesOf())
	if w := ask(s, "POST", "/read", strings.Repeat("x", 1<<20)); w.Code != 200 {
		t.Errorf("1 MiB: got %d", w.Code)
	}
	over := strings.Repeat("x", 1<<20+1)
	if p := problem(t, ask(s, "POST", "/read", over), 413); p["limit"] != float64(1<<20) {
		t.Errorf("limit: got %v", p["limit"])
	}
	// A length that is not told beforehand is found out while reading.
	problem(t, ask(s, "POST", "/read", over, func(r *http.Request) { r.ContentLength = -1 }), 413)
}

func TestOtherSitesCannotPost(t *testing.T) {
	s := newServer(t, routesOf(), func(o *Options) { o.PublicURL = "https://wegwijs.example" })
	for _, a := range []struct {
		name   string
		change func(*http.Request)
		want   int
	}{
		{"a program", with("Accept", "*/*"), 200},
		{"our own page", with("Sec-Fetch-Site", "same-origin"), 200},
		{"another site", with("Sec-Fetch-Site", "cross-site"), 403},
		{"an old browser on another site", with("Origin", "https://evil.example"), 403},
		{"no origin at all, from a sandboxed frame", with("Origin", "null"), 403},
		{"our public address, behind a proxy that changes Host", with("Origin", "https://wegwijs.example"), 200},
	} {
		w := ask(s, "POST", "http://10.0.0.1/read", "x", a.change)
		if w.Code != a.want {
			t.Errorf("%s: got %d, want %d", a.name, w.Code, a.want)
		}
		if a.want == 403 {
			problem(t, w, 403)
		}
	}
}

func TestTooManyAtOnceAreSentAway(t *testing.T) {
	inside, leave := make(chan struct{}), make(chan struct{})
	s := newServer(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		inside <- struct{}{}
		<-leave
	}), func(o *Options) { o.InFlight = 2 })
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { ask(s, "GET", "/", "") })
		<-inside
	}
	w := ask(s, "GET", "/", "")
	problem(t, w, 503)
	if w.Header().Get("Retry-After") != "1" {
		t.Errorf("Retry-After: got %q", w.Header().Get("Retry-After"))
	}
	if got := ask(s, "GET", "/healthz", "").Code; got != 200 {
		t.Errorf("a busy server is alive: got %d", got)
	}
	close(leave)
	wg.Wait()
	go func() { <-inside }()
	if got := ask(s, "GET", "/", "").Code; got != 200 {
		t.Errorf("after the rush: got %d", got)
	}
}

func TestMetricsAreForThisMachineAndTheAllowed(t *testing.T) {
	nets := func(s ...string) (ps []netip.Prefix) {
		for _, p := range s {
			ps = append(ps, netip.MustParsePrefix(p))
		}
		return ps
	}
	for _, a := range []struct {
		name           string
		peer           string
		allow, proxies []netip.Prefix
		forwarded      string
		want           int
	}{
		{"this machine", "127.0.0.1:1", nil, nil, "", 200},
		{"this machine over IPv6", "[::1]:1", nil, nil, "", 200},
		{"this machine, mapped", "[::ffff:127.0.0.1]:1", nil, nil, "", 200},
		{"the outside", "198.51.100.7:1", nil, nil, "", 404},
		{"the outside, claiming to be inside", "198.51.100.7:1", nil, nil, "127.0.0.1", 404},
		{"the outside through an unknown proxy on this machine", "127.0.0.1:1", nil, nil, "198.51.100.7", 404},
		{"the outside through our proxy", "127.0.0.1:1", nil, nets("127.0.0.0/8"), "198.51.100.7", 404},
		{"a forged hop through our proxy", "127.0.0.1:1", nets("10.0.0.0/8"), nets("127.0.0.0/8"), "10.1.1.1, 198.51.100.7", 404},
		{"an allowed network", "10.1.2.3:1", nets("10.0.0.0/8"), nil, "", 200},
		{"an allowed network through our proxy", "127.0.0.1:1", nets("10.0.0.0/8"), nets("127.0.0.0/8"), "10.1.2.3", 200},
		{"beside the allowed network", "11.1.2.3:1", nets("10.0.0.0/8"), nil, "", 404},
		{"no address", "@", nil, nil, "", 404},
	} {
		s := newServer(t, routesOf(), func(o *Options) { o.MetricsAllow, o.Proxies = a.allow, a.proxies })
		w := ask(s, "GET", "/metrics", "", from(a.peer), func(r *http.Request) {
			if a.forwarded != "" {
				r.Header.Set("X-Forwarded-For", a.forwarded)
			}
		})
		if w.Code != a.want {
			t.Errorf("%s: got %d, want %d", a.name, w.Code, a.want)
		}
		if a.want == 404 && strings.Contains(w.Body.String(), "wegwijs_http") {
			t.Errorf("%s: sees metrics", a.name)
		}
	}
}

func TestNothingOfAVisitorIsLoggedOrCounted(t *testing.T) {
	var logged bytes.Buffer
	s := newServer(t, routesOf(), func(o *Options) {
		o.Log = slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	const canary = "canary"
	for _, a := range []struct{ method, target string }{
		{"GET", "/hello/canary?q=canary"}, {"GET", "/canary"}, {"POST", "/read?canary"}, {"GET", "/panic?canary"}, {"CANARYCANARY", "/hello/canary"},
	} {
		ask(s, a.method, a.target, canary, with("User-Agent", canary), with("X-Request-Id", "canary-canary"), with("Cookie", "wegwijs=canary"), with("Referer", "http://canary/"))
	}
	metrics := ask(s, "GET", "/metrics", "", from("127.0.0.1:1")).Body.String()
	for name, text := range map[string]string{"log": logged.String(), "metrics": metrics} {
		if strings.Contains(text, canary) {
			t.Errorf("the %s holds what a visitor sent:\n%s", name, text)
		}
		if strings.Contains(text, "198.51.100.7") {
			t.Errorf("the %s holds a visitor's address:\n%s", name, text)
		}
	}
	for _, want := range []string{`"route":"GET /hello/{name}"`, `"route":"other"`, `"msg":"panic"`, `"status":500`} {
		if !strings.Contains(logged.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, logged.String())
		}
	}
	for _, want := range []string{
		`wegwijs_http_requests_total{method="GET",route="GET /hello/{name}",status="200"} 1`,
		`wegwijs_http_requests_total{method="other",route="other",status="405"} 1`,
		`wegwijs_http_panics_total 1`, `wegwijs_http_refused_total{why="rate"} 0`, `go_goroutines`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}

func TestRequestIDsComeFromOurProxiesOnly(t *testing.T) {
	proxies := func(o *Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} }
	s := newServer(t, routesOf(), proxies)
	for _, a := range []struct {
		name, peer, id string
		kept           bool
	}{
		{"our proxy", "10.0.0.1:1", "0123456789abcdef", true},
		{"our proxy, with something else", "10.0.0.1:1", "x\" forged=\"1", false},
		{"a client", "198.51.100.7:1", "0123456789abcdef", false},
	} {
		got := ask(s, "GET", "/hello/you", "", from(a.peer), with("X-Request-Id", a.id)).Header().Get("X-Request-Id")
		if (got == a.id) != a.kept {
			t.Errorf("%s: got %q", a.name, got)
		}
	}
}

func TestAPersonGetsAPage(t *testing.T) {
	s := newServer(t, routesOf(), func(o *Options) {
		o.Page = func(w http.ResponseWriter, _ *http.Request, p Problem) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(p.Status)
			fmt.Fprint(w, "even geduld")
		}
		o.Rate = Limit{PerSecond: 1, Burst: 2}
	})
	html := with("Accept", "text/html,*/*")
	if w := ask(s, "GET", "/nothing", "", html); w.Code != 404 || w.Body.String() != "even geduld" {
		t.Errorf("404: got %d %q", w.Code, w.Body)
	}
	problem(t, ask(s, "GET", "/api/v1/nothing", "", html), 404)
	w := ask(s, "GET", "/hello/you", "", html)
	if w.Code != 429 || w.Body.String() != "even geduld" || w.Header().Get("Retry-After") == "" {
		t.Errorf("429: got %d %q, Retry-After %q", w.Code, w.Body, w.Header().Get("Retry-After"))
	}
}

func TestAHalfWrittenAnswerIsCut(t *testing.T) {
	srv := httptest.NewServer(newServer(t, routesOf()))
	defer srv.Close()
	resp, err := http.Get(srv.URL + "/half")
	if err == nil {
		_, err = io.ReadAll(resp.Body)
		resp.Body.Close()
	}
	if err == nil {
		t.Error("a client took half an answer for a whole one")
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	for _, o := range []Options{
		{},
		{Handler: routesOf(), PublicURL: "wegwijs.example"},
		{Handler: routesOf(), PublicURL: "ftp://wegwijs.example"},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("New(%+v): no error", o)
		}
	}
}

func TestClientReadsTheHopsOfOurProxiesOnly(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, a := range []struct{ peer, hops, want string }{
		{"198.51.100.7:1", "203.0.113.1", "198.51.100.7"},
		{"10.0.0.1:1", "203.0.113.1", "203.0.113.1"},
		{"10.0.0.1:1", "1.1.1.1, 203.0.113.1", "203.0.113.1"},
		{"10.0.0.1:1", "203.0.113.1, 10.0.0.2", "203.0.113.1"},
		{"10.0.0.1:1", "", "10.0.0.1"},
		{"10.0.0.1:1", "nonsense", "10.0.0.1"},
		{"10.0.0.1:1", "1.1.1.1, nonsense, 10.0.0.2", "10.0.0.2"},
		{"[::1]:1", "2001:db8::1", "2001:db8::1"},
		{"[::1]:1", "[2001:db8::1]:443", "2001:db8::1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = a.peer
		r.Header.Set("X-Forwarded-For", a.hops)
		if got := client(r, proxies); got.String() != a.want {
			t.Errorf("%s via %q: got %s, want %s", a.peer, a.hops, got, a.want)
		}
	}
}

func TestRunListensAndStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	addr, stopped := make(chan net.Addr, 1), make(chan error, 1)
	o := Options{Addr: "127.0.0.1:0", Handler: routesOf(), Listening: func(a net.Addr) { addr <- a }}
	go func() { stopped <- Run(ctx, o) }()
	at := (<-addr).String()
	resp, err := http.Get("http://" + at + "/hello/you")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 {
		t.Errorf("got %d", resp.StatusCode)
	}
	if err := Run(ctx, Options{Addr: at, Handler: routesOf()}); err == nil || !strings.Contains(err.Error(), at) {
		t.Errorf("a taken address: got %v, want an error that names it", err)
	}
	stop()
	if err := <-stopped; err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestHandlersCanFlush(t *testing.T) {
	s := newServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Errorf("flush: %v", err)
		}
	}))
	if w := ask(s, "GET", "/", ""); !w.Flushed {
		t.Error("not flushed")
	}
}

func TestProblemsReadAsErrors(t *testing.T) {
	for _, a := range []struct {
		p    Problem
		want string
	}{
		{Problem{}, "Internal Server Error"},
		{Problem{Status: 404, Detail: "no course"}, "Not Found: no course"},
		{TooLarge(5), "Request Entity Too Large: the body may have 5 bytes"},
	} {
		if got := a.p.Error(); got != a.want {
			t.Errorf("got %q, want %q", got, a.want)
		}
	}
}
