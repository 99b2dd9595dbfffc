// Package api is the JSON API of the public contract: questions, the
// conversation and the catalogue for other programs. It translates between
// HTTP and the bot, checks all input strictly and answers every error as a
// problem (RFC 9457). It knows no channel and decides nothing about studies.
package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"wegwijs/bot"
	"wegwijs/internal/serve"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/pathway"
	"wegwijs/knowledge/search"
)

// A Bot is what the API needs of the conversation and of what it knows.
// *bot.Bot is one. Every method is safe for concurrent use.
type Bot interface {
	// Answer returns bot.ErrInput for an update that cannot be read, and
	// bot.ErrStale when others kept being faster.
	Answer(context.Context, bot.Update) (bot.Reply, error)
	Ask(context.Context, bot.Question) bot.Answers
	SearchCourses(ctx context.Context, words string, f search.Filter, l catalogue.Lang) (search.Result, error)
	Knowledge() *bot.Knowledge
	View(l catalogue.Lang, near string) bot.View
	// Pathways returns a *bot.NoMatch for a text that names nothing.
	Pathways(ctx context.Context, from, to string, track catalogue.Track, l catalogue.Lang) (pathway.AnswerView, error)
}

// Options configures New. Bot and Known are required.
type Options struct {
	Bot Bot
	// Known reports whether anything is kept of a visitor.
	Known func(context.Context, bot.Visitor) (bool, error)
	Log   *slog.Logger // nil discards
}

// api is the handler.
type api struct {
	Options
}

// route is one line of the contract.
type route struct {
	method, path string
	serve        http.HandlerFunc
}

func (a *api) routes() []route {
	return []route{
		{"POST", "/api/v1/ask", a.ask},
		{"POST", "/api/v1/chat", a.chat},
		{"GET", "/api/v1/courses", a.courses},
		{"GET", "/api/v1/courses/{id}", a.course},
		{"GET", "/api/v1/pathways", a.pathways},
		{"GET", "/api/v1/initiatives", a.initiatives},
		{"GET", "/api/v1/catalogue.csv", a.csv},
		{"GET", "/openapi.json", a.openapi},
	}
}

// New returns the handler of /api/ and /openapi.json. Limits, security headers
// and the log of requests are those of package serve, which goes around it.
func New(o Options) (http.Handler, error) {
	if o.Bot == nil || o.Known == nil {
		return nil, errors.New("api: Bot and Known are required")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &api{o}
	mux := http.NewServeMux()
	for _, r := range a.routes() {
		mux.HandleFunc(r.method+" "+r.path, r.serve)
	}
	return serve.Routes(mux), nil
}

// write answers with v as compact JSON.
func (a *api) write(w http.ResponseWriter, v any) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // "R&D" is for programs, not for a page
	if err := e.Encode(v); err != nil {
		a.Log.Error("encode an answer", "err", err)
		serve.Problem{Detail: "something of ours is broken"}.Write(w)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	_, _ = w.Write(b.Bytes()) // a client that is gone needs no answer
}

// fail answers with the problem that err is, or becomes. The operator reads
// the error, the client only that it is not his fault.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	var p serve.Problem
	switch {
	case errors.As(err, &p):
	case errors.Is(err, bot.ErrStale):
		p = serve.Problem{Status: http.StatusConflict, Type: "conversation-moved-on", Detail: "other messages of this session came in between; send this one again"}
	case r.Context().Err() != nil: // the client is gone
		p = serve.Problem{Status: http.StatusServiceUnavailable}
	default:
		a.Log.Error("answer", "route", r.Pattern, "err", err)
		p = serve.Problem{Status: http.StatusServiceUnavailable, Detail: "something of ours does not work now; try again in a moment", After: retryAfter}
	}
	p.Write(w)
}
