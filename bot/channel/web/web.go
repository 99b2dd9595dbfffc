// Package web is the chat in a browser: plain pages and forms that work
// without JavaScript, and one small script that saves the page loads.
//
// It keeps nothing of a visitor. The conversation lives in the bot, under the
// value of a cookie; after a reload the page asks the bot where it stood.
// Security headers are set by whoever serves the handler; the pages need no
// more than script, style, image, connection and form action from 'self'.
package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"wegwijs/bot"
	"wegwijs/bot/channel"
	"wegwijs/bot/phrase"
	"wegwijs/knowledge/catalogue"
)

// Lists finds the courses behind a link; see bot.Bot.
type Lists interface {
	Shared(ctx context.Context, code string, l catalogue.Lang) (list bot.Shortlist, ok bool, err error)
}

// Options configures a Handler. Bot and Words are required.
type Options struct {
	Bot       channel.Answerer
	Words     *phrase.Book
	Lists     Lists            // what /s/ and /print/ show; nil has no lists
	Secure    bool             // the cookie is sent over https only
	PublicURL string           // where the page is found, for the canonical link; "" leaves it out
	Retention time.Duration    // how long the bot remembers an idle visitor, for the privacy page; 0 is 30 days
	Now       func() time.Time // the day on a printed sheet; nil is the clock
	Log       *slog.Logger     // nil discards
}

// A Handler serves "/", "/s/", "/print/", "/privacy" and "/static/". Every other path is a page
// that says so, in the visitor's language. It is safe for concurrent use.
type Handler struct {
	bot       channel.Answerer
	words     *phrase.Book
	lists     Lists
	secure    bool
	canonical string
	days      int
	now       func() time.Time
	log       *slog.Logger

	mux    *http.ServeMux
	assets assets
	pages  map[catalogue.Lang]*template.Template
}

// New returns a Handler. It fails when the message files lack a word that the
// pages need, and names all of them.
func New(o Options) (*Handler, error) {
	if o.Bot == nil || o.Words == nil {
		return nil, errors.New("web: Bot and Words are required")
	}
	h := &Handler{
		bot: o.Bot, words: o.Words, lists: o.Lists, secure: o.Secure, canonical: strings.TrimSuffix(o.PublicURL, "/"),
		days: max(1, int(o.Retention/(24*time.Hour))), log: o.Log,
	}
	if o.Retention == 0 {
		h.days = 30
	}
	if h.now = o.Now; h.now == nil {
		h.now = time.Now
	}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	if missing := lacking(o.Words); len(missing) > 0 {
		return nil, fmt.Errorf("web: the message files lack %s", strings.Join(missing, ", "))
	}
	var err error
	if h.assets, err = openAssets(); err != nil {
		return nil, err
	}
	if h.pages, err = openPages(o.Words); err != nil {
		return nil, err
	}
	h.mux = http.NewServeMux()
	h.mux.HandleFunc("GET /{$}", h.show)
	h.mux.HandleFunc("POST /{$}", h.take)
	h.mux.HandleFunc("GET /s/{code}", h.shared)
	h.mux.HandleFunc("POST /s/{code}", h.adopt)
	h.mux.HandleFunc("GET /print/{code}", h.printed)
	h.mux.HandleFunc("GET /privacy", h.privacy)
	h.mux.HandleFunc("GET /static/{hash}/{file}", h.assets.serve)
	h.mux.HandleFunc("GET /", h.missing)
	return h, nil
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }
