package serve

import (
	"context"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

func isOperation(path string) bool {
	return path == "/healthz" || path == "/readyz" || path == "/metrics"
}

// operations answers what the operator asks. These routes stand before the
// limits: a busy server is alive, and must be able to say so.
func (s *Server) operations(w http.ResponseWriter, r *http.Request) (mine bool) {
	if !isOperation(r.URL.Path) {
		return false
	}
	switch {
	case r.URL.Path == "/metrics" && !s.mayMeasure(r):
		// Who may not read it need not know that it exists.
		Problem{Status: http.StatusNotFound, Detail: "there is nothing at this address"}.Write(w)
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		w.WriteHeader(http.StatusNoContent)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		Problem{Status: http.StatusMethodNotAllowed, Detail: "allowed here: GET, HEAD"}.Write(w)
	case r.URL.Path == "/metrics":
		w.Header().Set("Cache-Control", "no-store")
		s.metrics.page.ServeHTTP(w, r)
	case r.URL.Path == "/readyz" && s.draining.Load():
		Problem{Status: http.StatusServiceUnavailable, Type: "stopping", Detail: "stopping", After: 5 * time.Second}.Write(w)
	case r.URL.Path == "/readyz" && s.isReady(r.Context()) != nil:
		Problem{Status: http.StatusServiceUnavailable, Type: "not-ready", Detail: "not ready; the log says why", After: 5 * time.Second}.Write(w)
	default:
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n"))
	}
	return true
}

// mayMeasure reports whether a request may read the metrics. A proxy on this
// machine makes all the world look like this machine, so a request that was
// handed on counts as coming from where our own proxies say, or else from afar.
func (s *Server) mayMeasure(r *http.Request) bool {
	peer := address(r.RemoteAddr)
	if forwarded(r) {
		if !within(s.o.Proxies, peer) {
			return false
		}
		peer = client(r, s.o.Proxies)
		return within(s.o.MetricsAllow, peer)
	}
	return peer.IsLoopback() || within(s.o.MetricsAllow, peer)
}

// isReady asks Ready, at most once a second: anybody can ask for /readyz, and
// the store has better things to do.
func (s *Server) isReady(ctx context.Context) error {
	if s.o.Ready == nil {
		return nil
	}
	s.ready.Lock()
	defer s.ready.Unlock()
	if !s.ready.at.IsZero() && time.Since(s.ready.at) < readyEvery {
		return s.ready.err
	}
	// The answer is for everybody who waits, also when this client hangs up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTimeout)
	defer cancel()
	before := s.ready.err
	s.ready.err = s.o.Ready(ctx)
	s.ready.at = time.Now()
	switch {
	case s.ready.err != nil && before == nil:
		s.log.Warn("not ready", "err", s.ready.err)
	case s.ready.err == nil && before != nil:
		s.log.Info("ready again")
	}
	return s.ready.err
}

// stack is where a panic happened, without the frames of recovering from it.
func stack() string {
	lines := strings.Split(string(debug.Stack()), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "panic(") && i+2 < len(lines) {
			return strings.Join(lines[i+2:min(len(lines), i+22)], "\n")
		}
	}
	return strings.Join(lines, "\n")
}
