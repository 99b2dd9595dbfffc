package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// The tests in this file run on a clock of their own: no time passes outside.

// pipes is a listener without a network.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (p *pipes) client() *http.Client {
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			select {
			case p.conns <- there:
				return here, nil
			case <-p.closed:
				return nil, errors.New("connection refused")
			}
		},
	}}
}

// get returns status and body; 0 when nobody answers.
func get(c *http.Client, path string) (int, string) {
	resp, err := c.Get("http://wegwijs" + path)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(b)
}

func TestStopIsRedFirstThenFinishesWhatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		finish := make(chan struct{})
		mux := http.NewServeMux()
		mux.HandleFunc("GET /slow", func(w http.ResponseWriter, r *http.Request) {
			<-finish
			fmt.Fprint(w, "done ", r.Context().Err())
		})
		mux.HandleFunc("GET /fast", func(http.ResponseWriter, *http.Request) {})
		s := newServer(t, mux, func(o *Options) { o.Red = 5 * time.Second })
		l := newPipes()
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan error, 1)
		go func() { stopped <- s.Serve(ctx, l) }()
		c := l.client()

		slow := make(chan string, 1)
		go func() {
			_, body := get(c, "/slow")
			slow <- body
		}()
		synctest.Wait()
		if got, _ := get(c, "/readyz"); got != 200 {
			t.Errorf("readyz before the stop: got %d", got)
		}

		stop()
		synctest.Wait()
		if got, body := get(c, "/readyz"); got != 503 || !strings.Contains(body, "stopping") {
			t.Errorf("readyz after the stop: got %d %s", got, body)
		}
		if got, _ := get(c, "/healthz"); got != 200 {
			t.Errorf("healthz after the stop: got %d", got)
		}
		if got, _ := get(c, "/fast"); got != 200 {
			t.Errorf("a request while red: got %d", got)
		}

		time.Sleep(6 * time.Second)
		if got, _ := get(c, "/fast"); got != 0 {
			t.Errorf("a request after the door closed: got %d", got)
		}
		select {
		case err := <-stopped:
			t.Fatalf("stopped with a request under way: %v", err)
		default:
		}
		close(finish)
		if got := <-slow; got != "done <nil>" {
			t.Errorf("the request under way: got %q", got)
		}
		if err := <-stopped; err != nil {
			t.Errorf("stop: %v", err)
		}
	})
}

func TestStopEndsAfterDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
		l := newPipes()
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan error, 1)
		go func() { stopped <- s.Serve(ctx, l) }()
		go get(l.client(), "/")
		synctest.Wait()
		start := time.Now()
		stop()
		err := <-stopped
		if took := time.Since(start); took != 25*time.Second {
			t.Errorf("stop took %s, want 25s", took)
		}
		if err == nil || !strings.Contains(err.Error(), "1 requests") {
			t.Errorf("stop: got %v, want one that counts what was cut", err)
		}
	})
}

func TestReadyIsAskedOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		var broken atomic.Bool
		s := newServer(t, routesOf(), func(o *Options) {
			o.Ready = func(context.Context) error {
				asked.Add(1)
				if broken.Load() {
					return errors.New("canary: store unreachable")
				}
				return nil
			}
		})
		for range 100 {
			if got := ask(s, "GET", "/readyz", "").Code; got != 200 {
				t.Fatalf("ready: got %d", got)
			}
		}
		if got := asked.Load(); got != 1 {
			t.Errorf("asked %d times for 100 requests", got)
		}
		broken.Store(true)
		time.Sleep(time.Second)
		w := ask(s, "GET", "/readyz", "")
		problem(t, w, 503)
		if w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "canary") {
			t.Errorf("not ready: Retry-After %q, body %s", w.Header().Get("Retry-After"), w.Body)
		}
		broken.Store(false)
		time.Sleep(time.Second)
		if got := ask(s, "GET", "/readyz", "").Code; got != 200 {
			t.Errorf("ready again: got %d", got)
		}
	})
}

func TestEachAddressHasItsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, routesOf(), func(o *Options) {
			o.Rate, o.Loopback = Limit{PerSecond: 2, Burst: 3}, Limit{PerSecond: 100, Burst: 50}
			o.Free = []string{"/static/"}
			o.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
		})
		// passed is how many of n requests get through.
		passed := func(n int, path string, change ...func(*http.Request)) (ok int, last *httptest.ResponseRecorder) {
			for range n {
				last = ask(s, "GET", path, "", change...)
				if last.Code != 429 {
					ok++
				}
			}
			return ok, last
		}
		got, last := passed(10, "/hello/you")
		if got != 3 {
			t.Errorf("a burst: %d passed, want 3", got)
		}
		problem(t, last, 429)
		if last.Header().Get("Retry-After") != "1" {
			t.Errorf("Retry-After: got %q", last.Header().Get("Retry-After"))
		}
		if got, _ := passed(5, "/static/x"); got != 5 {
			t.Errorf("free path: %d passed, want 5", got)
		}
		if got, _ := passed(5, "/healthz"); got != 5 {
			t.Errorf("health: %d passed, want 5", got)
		}
		if got, _ := passed(10, "/hello/you", from("198.51.100.8:1")); got != 3 {
			t.Errorf("a neighbour: %d passed, want 3", got)
		}
		if got, _ := passed(10, "/hello/you", from("10.0.0.1:1"), with("X-Forwarded-For", "203.0.113.9")); got != 3 {
			t.Errorf("behind our proxy: %d passed, want 3", got)
		}
		if got, _ := passed(10, "/hello/you", from("10.0.0.1:1"), with("X-Forwarded-For", "203.0.113.10")); got != 3 {
			t.Errorf("another behind our proxy: %d passed, want 3", got)
		}
		v6 := 0
		for i := range 10 {
			ok, _ := passed(1, "/hello/you", from(fmt.Sprintf("[2001:db8::%d]:1", i)))
			v6 += ok
		}
		if v6 != 3 {
			t.Errorf("one IPv6 connection with many addresses: %d passed, want 3", v6)
		}
		if got, _ := passed(100, "/hello/you", from("127.0.0.1:1")); got != 50 {
			t.Errorf("this machine: %d passed, want 50", got)
		}
		time.Sleep(time.Second)
		if got, _ := passed(10, "/hello/you"); got != 2 {
			t.Errorf("a second later: %d passed, want 2", got)
		}
	})
}

func TestLimiterIsBounded(t *testing.T) {
	l := NewLimiter(100)
	once := Limit{PerSecond: 0.001, Burst: 1}
	for i := range 1000 {
		if l.Take(fmt.Sprint(i), once) != 0 {
			t.Fatalf("key %d had to wait for its first event", i)
		}
		if i > 0 && l.Take("busy", once) == 0 && i > 1 {
			t.Fatalf("a key in use was forgotten after %d others", i)
		}
	}
	if l.Len() != 100 {
		t.Errorf("remembers %d keys, want 100", l.Len())
	}
}

func TestLimiterIsSafeAndFair(t *testing.T) {
	l := NewLimiter(0)
	pace := Limit{PerSecond: 0.001, Burst: 50}
	var passed atomic.Int64
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			for range 10 {
				if l.Take("one", pace) == 0 {
					passed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if got := passed.Load(); got != 50 {
		t.Errorf("%d passed, want 50", got)
	}
}

func BenchmarkServe(b *testing.B) {
	s, err := New(Options{Handler: routesOf(), Loopback: Limit{PerSecond: 1e9, Burst: 1e9}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		ask(s, "GET", "/hello/you", "", from("127.0.0.1:1"))
	}
}
