package serve

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// problemType stands before the name of every kind of problem of our own.
const problemType = "urn:wegwijs:problem:"

// A Problem is an error as a client sees it: RFC 9457, application/problem+json.
// Its texts are for programmers, in English, and hold nothing that a visitor
// wrote and nothing of our insides.
type Problem struct {
	Type   string // short name of the kind, such as "text-too-long"; "" is no more than Status says
	Title  string // the kind in words; "" takes the name of Status
	Status int    // HTTP status; 0 means 500
	Detail string // what is wrong this time and what to do; may be empty
	Field  string // the JSON field, parameter or header at fault; "" is none
	Limit  int    // the limit that was passed; 0 is none
	// After is when it may help to try again: a Retry-After in whole seconds, at
	// least one. 0 sends none, except that 429 and 503 always have one.
	After time.Duration
}

// Error makes a Problem an error, for the code on the way to Write.
func (p Problem) Error() string {
	p = p.filled()
	if p.Detail == "" {
		return p.Title
	}
	return fmt.Sprintf("%s: %s", p.Title, p.Detail)
}

func (p Problem) filled() Problem {
	if p.Status == 0 {
		p.Status = http.StatusInternalServerError
	}
	if p.Title == "" {
		p.Title = http.StatusText(p.Status)
	}
	if p.After == 0 && (p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable) {
		p.After = time.Second
	}
	return p
}

// Write answers a request with the problem, in place of what the handler may
// have prepared. It adds the id of the request, so that the client can name it.
func (p Problem) Write(w http.ResponseWriter) {
	p = p.head(w)
	kind := "about:blank"
	if p.Type != "" {
		kind = problemType + p.Type
	}
	body, err := json.Marshal(struct {
		Type      string `json:"type"`
		Title     string `json:"title"`
		Status    int    `json:"status"`
		Detail    string `json:"detail,omitempty"`
		Field     string `json:"field,omitempty"`
		Limit     int    `json:"limit,omitempty"`
		RequestID string `json:"request_id,omitempty"`
	}{kind, p.Title, p.Status, p.Detail, p.Field, p.Limit, w.Header().Get(requestID)})
	if err != nil { // strings and numbers only: it cannot
		body = []byte(`{"type":"about:blank"}`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	// A client that is gone needs no answer.
	_, _ = w.Write(body)
}

// head prepares the headers of a problem and fills what it leaves open.
func (p Problem) head(w http.ResponseWriter) Problem {
	p = p.filled()
	h := w.Header()
	for _, k := range []string{"Content-Length", "Content-Encoding", "Content-Disposition", "Etag", "Last-Modified"} {
		h.Del(k)
	}
	h.Set("Cache-Control", "no-store")
	if p.After > 0 {
		h.Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(p.After.Seconds())))))
	}
	return p
}

// Routes answers as mux does, with a Problem where mux has no route: 404, or
// 405 with Allow. OPTIONS on a known path answers 204 with Allow.
func Routes(mux *http.ServeMux) http.Handler { return routes(mux, nil) }

func routes(mux *http.ServeMux, tell func(http.ResponseWriter, *http.Request, Problem)) http.Handler {
	if tell == nil {
		tell = func(w http.ResponseWriter, _ *http.Request, p Problem) { p.Write(w) }
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		// The mux says only in its own plain answer what is the matter.
		a := answer{header: http.Header{}}
		h.ServeHTTP(&a, r)
		allow := a.header.Get("Allow")
		switch {
		case a.status == http.StatusMethodNotAllowed && r.Method == http.MethodOptions:
			w.Header().Set("Allow", allow+", OPTIONS")
			w.WriteHeader(http.StatusNoContent)
		case a.status == http.StatusMethodNotAllowed:
			w.Header().Set("Allow", allow+", OPTIONS")
			tell(w, r, Problem{Status: a.status, Detail: "allowed here: " + allow})
		case a.status == http.StatusNotFound:
			tell(w, r, Problem{Status: a.status, Detail: "there is nothing at this address"})
		default: // a redirect to the clean path
			h.ServeHTTP(w, r)
		}
	})
}

// answer keeps the head of an answer and drops its body.
type answer struct {
	header http.Header
	status int
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(b []byte) (int, error) { return len(b), nil }
func (a *answer) WriteHeader(status int)      { a.status = status }
