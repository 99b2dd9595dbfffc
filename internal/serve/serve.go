package serve

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Options configures a Server. Handler is required; the zero value of all else
// works.
type Options struct {
	Addr    string       // to listen on; "" means ":8080"
	Handler http.Handler // all routes but /healthz, /readyz and /metrics; a *http.ServeMux gets problems for its 404 and 405
	// Ready says whether requests can be answered: store reachable, index open.
	// It is asked at most once a second. Nil is always ready.
	Ready func(context.Context) error
	Log   *slog.Logger // nil discards

	// PublicURL is the address that visitors type: "https://wegwijs.example".
	// It may send forms to us whatever the Host, and https adds HSTS.
	PublicURL string
	// Proxies are our own reverse proxies: their X-Forwarded-For and
	// X-Request-Id are believed. None means that clients connect directly.
	Proxies []netip.Prefix
	// MetricsAllow are the networks that may read /metrics, beside this machine.
	MetricsAllow []netip.Prefix
	// Registry holds what /metrics shows; nil makes one.
	Registry *prometheus.Registry

	Rate     Limit    // for one client address; zero means 20 a second, 60 at once
	Loopback Limit    // for this machine itself; zero means 5,000 a second, 10,000 at once
	Free     []string // path prefixes that the rate limit leaves alone, such as "/static/"
	InFlight int      // requests handled at the same time; more get a 503. 0 means 256
	MaxBody  int64    // bytes of one request body; 0 means 1 MiB

	// Red is how long /readyz is red before the door closes, so that a load
	// balancer can look elsewhere; 0 closes at once.
	Red time.Duration
	// Drain is the most time that a stop takes, Red included; 0 means 25 s.
	Drain time.Duration

	// Page shows a problem to a person, when a browser asked for a page outside
	// /api/. It writes status and body; the headers are set. Nil sends JSON.
	Page func(http.ResponseWriter, *http.Request, Problem)
	// Listening is told the address once the server listens. Nil is nobody.
	Listening func(net.Addr)
}

const (
	defaultAddr     = ":8080"
	defaultInFlight = 256
	defaultMaxBody  = 1 << 20
	defaultDrain    = 25 * time.Second
	readyEvery      = time.Second // how long an answer of Ready counts
	readyTimeout    = 2 * time.Second
	requestID       = "X-Request-Id"
)

var (
	defaultRate     = Limit{PerSecond: 20, Burst: 60}
	defaultLoopback = Limit{PerSecond: 5_000, Burst: 10_000}
)

// A Server answers HTTP. It is safe for concurrent use.
type Server struct {
	o       Options
	log     *slog.Logger
	next    http.Handler // the routes, behind the origin check
	header  http.Header  // security headers of every answer
	limiter *Limiter
	slots   chan struct{}
	metrics *metrics

	draining atomic.Bool
	ready    struct {
		sync.Mutex
		at  time.Time // of the last answer
		err error
	}
}

// New returns a Server. It fails on options that cannot work.
func New(o Options) (*Server, error) {
	if o.Handler == nil {
		return nil, errors.New("serve: Handler is required")
	}
	s := &Server{o: o, log: o.Log, limiter: NewLimiter(0)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.o.Addr == "" {
		s.o.Addr = defaultAddr
	}
	if s.o.InFlight <= 0 {
		s.o.InFlight = defaultInFlight
	}
	if s.o.MaxBody <= 0 {
		s.o.MaxBody = defaultMaxBody
	}
	if s.o.Drain <= 0 {
		s.o.Drain = defaultDrain
	}
	s.o.Rate, s.o.Loopback = o.Rate.or(defaultRate), o.Loopback.or(defaultLoopback)
	s.slots = make(chan struct{}, s.o.InFlight)
	if s.o.Registry == nil {
		s.o.Registry = prometheus.NewRegistry()
	}
	var err error
	if s.metrics, err = newMetrics(s.o.Registry); err != nil {
		return nil, fmt.Errorf("serve: metrics: %w", err)
	}

	origins := http.NewCrossOriginProtection()
	origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, refusedOrigin, Problem{Status: http.StatusForbidden, Type: "cross-origin", Detail: "this request was sent by a page of another site"})
	}))
	https := false
	if o.PublicURL != "" {
		u, err := url.Parse(o.PublicURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("serve: public URL %q: write it as https://wegwijs.example", o.PublicURL)
		}
		https = u.Scheme == "https"
		if err := origins.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, fmt.Errorf("serve: public URL: %w", err)
		}
	}
	s.header = securityHeaders(https)
	h := o.Handler
	if mux, ok := h.(*http.ServeMux); ok {
		h = routes(mux, s.tell)
	}
	s.next = origins.Handler(h)
	return s, nil
}

// Run listens and answers until ctx ends and the requests under way are done.
// It returns nil after a clean stop.
func Run(ctx context.Context, o Options) error {
	s, err := New(o)
	if err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", s.o.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.o.Addr, err)
	}
	return s.Serve(ctx, l)
}

// Serve is Run on a listener, which it closes.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	// A stop must not cancel the requests under way: they have Drain to finish.
	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          log.New(acceptErrors{s.log}, "", 0),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	s.log.Info("listening", "addr", l.Addr().String())
	if s.o.Listening != nil {
		s.o.Listening(l.Addr())
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}

	s.draining.Store(true)
	s.log.Info("stopping", "drain", s.o.Drain.String())
	stop, cancelStop := context.WithTimeout(base, s.o.Drain)
	defer cancelStop()
	if s.o.Red > 0 {
		select {
		case <-time.After(s.o.Red):
		case <-stop.Done():
		}
	}
	if err := srv.Shutdown(stop); err != nil {
		cut := len(s.slots)
		_ = srv.Close() // the connections are cut; there is nothing left to save
		return fmt.Errorf("stop: %d requests were not done after %s: %w", cut, s.o.Drain, err)
	}
	return nil
}

// acceptErrors lets through the lines that tell of our own machine, such as
// too many open files. The others tell of clients, by their address.
type acceptErrors struct{ log *slog.Logger }

func (a acceptErrors) Write(b []byte) (int, error) {
	if strings.HasPrefix(string(b), "http: Accept error") {
		a.log.Error("accept", "err", strings.TrimSpace(string(b)))
	}
	return len(b), nil
}

// securityHeaders are those of every answer, errors included. Pages need no
// more than these allow: scripts and styles of our own files, no inline code.
func securityHeaders(https bool) http.Header {
	h := http.Header{}
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "+
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	if https {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	return h
}

// goodID is a request id of a proxy that may stand in our log.
var goodID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// ServeHTTP answers one request: headers, log, metrics and limits around the
// handler.
func (s *Server) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	start := time.Now()
	w := &writer{ResponseWriter: out}
	for k, v := range s.header {
		w.Header()[k] = append([]string(nil), v...)
	}
	id := ""
	if within(s.o.Proxies, address(r.RemoteAddr)) {
		id = r.Header.Get(requestID)
	}
	if !goodID.MatchString(id) {
		id = rand.Text()
	}
	w.Header().Set(requestID, id)
	defer func() {
		s.recovered(recover(), w, r, id)
		s.done(w, r, id, time.Since(start))
		if w.cut {
			panic(http.ErrAbortHandler) // the answer was half written: cut the connection
		}
	}()
	if s.operations(w, r) {
		return
	}
	s.handle(w, r, out)
}

// handle lets a request through to the routes, if the limits allow.
func (s *Server) handle(w *writer, r *http.Request, out http.ResponseWriter) {
	if wait := s.pace(r); wait > 0 {
		s.refuse(w, r, refusedRate, Problem{Status: http.StatusTooManyRequests, Detail: "too many requests from this address", After: wait})
		return
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	default:
		s.refuse(w, r, refusedBusy, Problem{Status: http.StatusServiceUnavailable, Detail: "busy; try again in a moment"})
		return
	}
	if r.ContentLength > s.o.MaxBody {
		s.refuse(w, r, refusedSize, TooLarge(s.o.MaxBody))
		return
	}
	if r.Body != nil {
		// It wants the server's own writer, to close the connection.
		r.Body = http.MaxBytesReader(out, r.Body, s.o.MaxBody)
	}
	s.metrics.inFlight.Inc()
	defer s.metrics.inFlight.Dec()
	s.next.ServeHTTP(w, r)
}

// TooLarge is the problem of a body of more than limit bytes.
func TooLarge(limit int64) Problem {
	return Problem{Status: http.StatusRequestEntityTooLarge, Type: "body-too-large", Limit: int(limit), Detail: fmt.Sprintf("the body may have %d bytes", limit)}
}

// pace is how long the client has to wait.
func (s *Server) pace(r *http.Request) time.Duration {
	for _, p := range s.o.Free {
		if strings.HasPrefix(r.URL.Path, p) {
			return 0
		}
	}
	a := client(r, s.o.Proxies)
	pace := s.o.Rate
	if a.IsLoopback() {
		pace = s.o.Loopback
	}
	return s.limiter.Take(household(a), pace)
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, why string, p Problem) {
	s.metrics.refused.WithLabelValues(why).Inc()
	s.tell(w, r, p)
}

// tell shows a problem as the client can read it.
func (s *Server) tell(w http.ResponseWriter, r *http.Request, p Problem) {
	person := strings.Contains(r.Header.Get("Accept"), "text/html") && !strings.HasPrefix(r.URL.Path, "/api/")
	if s.o.Page == nil || !person {
		p.Write(w)
		return
	}
	s.o.Page(w, r, p.head(w))
}

// recovered turns a panic into a problem. The value of a panic may quote what
// a visitor wrote, so the log has its type and where it happened.
func (s *Server) recovered(v any, w *writer, r *http.Request, id string) {
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler {
		w.cut = true
		return
	}
	s.metrics.panics.Inc()
	s.log.Error("panic", "request", id, "route", route(r), "kind", fmt.Sprintf("%T", v), "stack", stack())
	if w.status != 0 {
		w.cut = true
		return
	}
	s.tell(w, r, Problem{Status: http.StatusInternalServerError, Detail: "something of ours is broken"})
}

// done logs and counts an answered request.
func (s *Server) done(w *writer, r *http.Request, id string, took time.Duration) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	s.metrics.seen(route(r), r.Method, w.status, took)
	level := slog.LevelInfo
	switch {
	case w.status >= 500:
		level = slog.LevelWarn
	case isOperation(r.URL.Path):
		level = slog.LevelDebug
	}
	s.log.Log(r.Context(), level, "request", "request", id, "method", short(r.Method), "route", route(r),
		"status", w.status, "bytes", w.bytes, "ms", took.Milliseconds())
}

// route is the pattern that the request matched. It is never the path, which
// can hold codes of visitors.
func route(r *http.Request) string {
	switch {
	case r.Pattern != "":
		return r.Pattern
	case isOperation(r.URL.Path):
		return r.URL.Path
	}
	return "other"
}

func short(method string) string { return method[:min(len(method), 10)] }

// writer notes what was answered.
type writer struct {
	http.ResponseWriter
	status int // 0 is nothing yet
	bytes  int64
	cut    bool // the answer cannot be finished
}

// WriteHeader passes the status on.
func (w *writer) WriteHeader(status int) {
	if w.status == 0 && status >= 200 { // 1xx is not the answer yet
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write passes the bytes on.
func (w *writer) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
