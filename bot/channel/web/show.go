package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
)

// show is the chat: where this visitor stands, or a greeting.
//
// After a form was sent, k is the key of its update: the bot repeats its reply
// under the same key, so that nothing needs to be kept here. l switches the
// language; f greets after everything was erased.
func (h *Handler) show(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	code, known := visitor(r)
	u := bot.Update{Visitor: visitorOf(code), Channel: "web", Lang: firstLang(r)}
	v := view{Key: newKey()}
	if l, ok := catalogue.ParseLang(q.Get("l")); ok {
		u.Lang, u.Switch = l, true
	}
	key := q.Get("k")
	switch {
	case q.Has("f"):
		v.Note = "ui.forgotten"
	case !known:
		if key != "" {
			v.Note = "ui.cookie"
		}
	case codeLike(key) && !u.Switch:
		u.Key, u.Choices = key, []string{"results"}
	default:
		u.Choices = []string{"results"}
	}
	if !known {
		h.setCookie(w, code)
	}
	if r.Method == http.MethodHead { // nobody is there to greet
		noStore(w)
		return
	}
	status := http.StatusOK
	reply, err := h.bot.Answer(r.Context(), u)
	if err != nil {
		reply, status = h.sorry(u, err), http.StatusServiceUnavailable
	}
	v.Reply = reply
	h.write(w, r, status, "chat", v)
}

// place is where the visitor stands, for a page that begins with an error.
func (h *Handler) place(ctx context.Context, u bot.Update) bot.Reply {
	at := bot.Update{Visitor: u.Visitor, Channel: u.Channel, Lang: u.Lang, Choices: []string{"results"}}
	reply, err := h.bot.Answer(ctx, at)
	if err != nil {
		return h.sorry(at, err)
	}
	return reply
}

// sorry is the reply when the bot failed. The operator reads the error here.
func (h *Handler) sorry(u bot.Update, err error) bot.Reply {
	if !errors.Is(err, context.Canceled) {
		h.log.Error("answer", "channel", "web", "err", err)
	}
	return h.bot.Sorry(u)
}

func (h *Handler) privacy(w http.ResponseWriter, r *http.Request) {
	h.plain(w, r, http.StatusOK, "privacy")
}

func (h *Handler) missing(w http.ResponseWriter, r *http.Request) {
	h.plain(w, r, http.StatusNotFound, "missing")
}

// plain writes a page that the bot has no part in.
func (h *Handler) plain(w http.ResponseWriter, r *http.Request, status int, name string) {
	l := firstLang(r)
	if chosen, ok := catalogue.ParseLang(r.URL.Query().Get("l")); ok {
		l = chosen
	}
	h.write(w, r, status, name, view{Reply: bot.Reply{Language: l}, Key: newKey(), Days: h.days})
}

// write sends a page, or the turn alone when name is "turn".
func (h *Handler) write(w http.ResponseWriter, r *http.Request, status int, name string, v view) {
	l, ok := catalogue.ParseLang(string(v.Reply.Language))
	if !ok {
		l = catalogue.NL
	}
	v.Reply.Language = l
	v.Static, v.Canonical = h.assets.root, h.canonical
	v.Turn = newTurn(v.Reply, v.Key, v.Note, h.origin(r))
	var page bytes.Buffer
	if err := h.pages[l].ExecuteTemplate(&page, name, v); err != nil {
		h.log.Error("page", "channel", "web", "page", name, "err", err)
		http.Error(w, h.words.Say(l, "ui.failed", nil), http.StatusInternalServerError)
		return
	}
	noStore(w)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", string(l))
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // the visitor is gone: nothing to do about it
}

// noStore keeps a conversation out of every cache: computers are shared.
func noStore(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept, Accept-Language, Cookie")
}
