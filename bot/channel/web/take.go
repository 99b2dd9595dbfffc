package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
)

// Limits of a form. A real one is a few hundred bytes.
const (
	maxForm    = 64 << 10 // bytes
	maxText    = 2000     // characters; the longest question that is still read as one
	maxChoices = 32
	maxChoice  = 256 // bytes; a choice id holds at most a few course ids
)

// Fragment is the type that the script asks for: the turn alone, to append.
const Fragment = "text/html-fragment"

// A refusal is a form that is not passed on, with the words for the visitor.
type refusal struct {
	status int
	note   string // message id
	text   string // what was typed, to be mended
}

// take handles the form: one update, then a redirect to the page that shows
// the reply, so that reloading never sends the form again.
func (h *Handler) take(w http.ResponseWriter, r *http.Request) {
	code, known := visitor(r)
	u := bot.Update{Visitor: visitorOf(code), Channel: "web", Lang: firstLang(r)}
	bad := readForm(w, r, &u)
	if !known {
		h.setCookie(w, code)
	}
	if bad != nil {
		h.refuse(w, r, u, *bad)
		return
	}
	if u.Text == "" && u.Choices == nil && u.Location == nil { // sent with nothing in it
		u.Choices = []string{"results"}
	}
	reply, err := h.bot.Answer(r.Context(), u)
	switch {
	case errors.Is(err, bot.ErrInput):
		h.refuse(w, r, u, refusal{http.StatusBadRequest, "ui.error.choice", ""})
		return
	case errors.Is(err, bot.ErrStale), errors.Is(err, bot.ErrSeen):
		h.refuse(w, r, u, refusal{http.StatusConflict, "ui.error.moved", u.Text})
		return
	case err != nil:
		h.answer(w, r, http.StatusServiceUnavailable, view{Reply: h.sorry(u, err), Key: newKey(), Text: u.Text})
		return
	}
	if reply.Forgotten {
		// Even the code of the erased conversation is not used again.
		h.setCookie(w, rand.Text())
	}
	if wantsFragment(r) {
		// Where the whole page with this reply is, when its language changed.
		w.Header().Set("Content-Location", "/?k="+u.Key)
		h.write(w, r, http.StatusOK, "turn", view{Reply: reply, Key: newKey()})
		return
	}
	noStore(w)
	to := "/?k=" + u.Key
	if reply.Forgotten {
		to = "/?f=1"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// refuse says what is wrong with the form and shows where the visitor is.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, u bot.Update, bad refusal) {
	h.answer(w, r, bad.status, view{Reply: h.place(r.Context(), u), Key: newKey(), Note: bad.note, Text: bad.text})
}

// answer writes a reply that is not redirected to.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, status int, v view) {
	if wantsFragment(r) {
		h.write(w, r, status, "turn", v)
		return
	}
	h.write(w, r, status, "chat", v)
}

func wantsFragment(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), Fragment)
}

// readForm fills the update from the form. The language comes first, so that
// a refusal is in the visitor's own.
func readForm(w http.ResponseWriter, r *http.Request, u *bot.Update) *refusal {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return &refusal{http.StatusUnsupportedMediaType, "ui.error.form", ""}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return &refusal{http.StatusRequestEntityTooLarge, "ui.error.big", ""}
		}
		return &refusal{http.StatusBadRequest, "ui.error.form", ""}
	}
	f := r.PostForm
	if l, ok := catalogue.ParseLang(f.Get("language")); ok {
		u.Lang = l
	}
	u.Text = strings.TrimSpace(strings.ToValidUTF8(f.Get("text"), "�"))
	if utf8.RuneCountInString(u.Text) > maxText {
		return &refusal{http.StatusUnprocessableEntity, "ui.error.long", u.Text}
	}
	u.Choices = f["choice"]
	if only := f.Get("only"); only != "" { // a button beside checkboxes: it counts alone
		u.Choices = []string{only}
	}
	if len(u.Choices) > maxChoices {
		return &refusal{http.StatusBadRequest, "ui.error.choice", ""}
	}
	for _, c := range u.Choices {
		if c == "" || len(c) > maxChoice {
			return &refusal{http.StatusBadRequest, "ui.error.choice", ""}
		}
	}
	if f.Has("lat") || f.Has("lon") {
		lat, ok1 := degrees(f.Get("lat"), 90)
		lon, ok2 := degrees(f.Get("lon"), 180)
		if !ok1 || !ok2 {
			return &refusal{http.StatusBadRequest, "ui.locate.failed", ""}
		}
		u.Location = &bot.Point{Lat: lat, Lon: lon}
	}
	if n := count(u.Text != "", len(u.Choices) > 0, u.Location != nil); n > 1 {
		return &refusal{http.StatusBadRequest, "ui.error.form", ""}
	}
	u.Key = keyOf(f.Get("message_id"), f.Get("lat"), f.Get("lon"), u.Text, u.Choices)
	return nil
}

func degrees(s string, limit float64) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && math.Abs(v) <= limit // false for NaN
}

func count(facts ...bool) (n int) {
	for _, f := range facts {
		if f {
			n++
		}
	}
	return n
}

// newKey is the hidden message id of the forms of one page.
func newKey() string { return rand.Text() }

// keyOf is the key of an update: the page's message id together with what was
// sent. The same form sent twice is one update; another button of the same
// page, pressed after the browser's back button, is another.
func keyOf(id, lat, lon, text string, choices []string) string {
	if id == "" || len(id) > 64 {
		return newKey()
	}
	sum := sha256.New()
	for _, part := range append([]string{id, lat, lon, text}, choices...) {
		sum.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return base32.StdEncoding.EncodeToString(sum.Sum(nil))[:codeLen]
}
