package web

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"rsc.io/qr"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
)

// maxPrinted is how many courses fit on one sheet.
const maxPrinted = 5

// maxRoomy is how many leave room for more than the facts.
const maxRoomy = 3

// A list is what a link shows: courses to read, and ways on from there.
type list struct {
	bot.Shortlist
	Cards []card
	Paper []bot.Course // those that fit on the sheet
	More  int          // those that do not
	Today time.Time
	share
}

// Roomy reports whether the sheet has room for summaries.
func (l list) Roomy() bool { return len(l.Paper) <= maxRoomy }

// Notes reports whether there is room to write, too.
func (l list) Notes() bool { return len(l.Paper) < maxRoomy }

// Places is how many places of a course fit: the others are behind the code.
func (l list) Places() int {
	if l.Roomy() {
		return 2
	}
	return 1
}

// A share is a link with its picture.
type share struct {
	URL   string
	Print string
	QR    code
}

// newShare makes addresses whole; nil for no link.
func newShare(l *bot.Link, origin string) *share {
	if l == nil {
		return nil
	}
	whole := func(s string) string {
		if strings.HasPrefix(s, "/") {
			return origin + s
		}
		return s
	}
	return &share{URL: whole(l.URL), Print: whole(l.Print), QR: newCode(whole(l.URL))}
}

// shared shows the courses behind a link. It sets no cookie: reading a list
// begins no conversation.
func (h *Handler) shared(w http.ResponseWriter, r *http.Request) { h.list(w, r, "shared") }

// printed is the same on one sheet of paper.
func (h *Handler) printed(w http.ResponseWriter, r *http.Request) { h.list(w, r, "printed") }

func (h *Handler) list(w http.ResponseWriter, r *http.Request, name string) {
	v, status := h.find(r)
	if status != http.StatusOK {
		name = map[int]string{http.StatusNotFound: "gone"}[status]
		if name == "" {
			name = "broken"
		}
	}
	private(w)
	h.write(w, r, status, name, v)
}

// find looks a code up. The status is 404 for a code without a list.
func (h *Handler) find(r *http.Request) (view, int) {
	l := readerLang(r)
	v := view{Reply: bot.Reply{Language: l}, Key: newKey(), Private: true}
	if l == "" {
		v.Reply.Language = catalogue.NL
	}
	code := r.PathValue("code")
	if h.lists == nil || !codeLike(code) {
		return v, http.StatusNotFound
	}
	found, ok, err := h.lists.Shared(r.Context(), code, l)
	switch {
	case err != nil:
		h.log.Error("shared list", "channel", "web", "err", err)
		return v, http.StatusServiceUnavailable
	case !ok:
		return v, http.StatusNotFound
	}
	v.Reply.Language = found.Lang
	out := &list{
		Shortlist: found, Today: h.now(),
		share: *newShare(&bot.Link{URL: "/s/" + code, Print: "/print/" + code}, h.origin(r)),
	}
	for _, c := range found.Courses {
		k := newCard(c, "", true, nil)
		k.Bare = true
		out.Cards = append(out.Cards, k)
	}
	out.Paper = found.Courses[:min(maxPrinted, len(found.Courses))]
	out.More = len(found.Courses) - len(out.Paper)
	v.List = out
	return v, http.StatusOK
}

// adopt begins a conversation with the courses of the list saved. It is always
// a new one: a counsellor who opens two pupils' lists must not mix them.
func (h *Handler) adopt(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	v, status := h.find(r)
	if status != http.StatusOK {
		h.list(w, r, "shared")
		return
	}
	who := rand.Text()
	u := bot.Update{Visitor: visitorOf(who), Channel: "web", Lang: v.List.Lang}
	for _, c := range v.List.Courses {
		u.Choices = append(u.Choices, "save:"+c.ID)
	}
	_, err := h.bot.Answer(r.Context(), u)
	if err == nil {
		u.Choices, u.Key = []string{"saved"}, newKey()
		_, err = h.bot.Answer(r.Context(), u)
	}
	private(w)
	if err != nil {
		h.write(w, r, http.StatusServiceUnavailable, "chat", view{Reply: h.sorry(u, err), Key: newKey()})
		return
	}
	h.setCookie(w, who)
	noStore(w)
	http.Redirect(w, r, "/?k="+u.Key, http.StatusSeeOther)
}

// private keeps a list out of search engines, and its code out of the logs of
// the sites that it links to.
func private(w http.ResponseWriter) {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	w.Header().Set("Referrer-Policy", "no-referrer")
}

// readerLang is the language that the reader chose or his browser asks for; ""
// is neither.
func readerLang(r *http.Request) catalogue.Lang {
	if l, ok := catalogue.ParseLang(r.URL.Query().Get("l")); ok {
		return l
	}
	if r.Header.Get("Accept-Language") == "" {
		return ""
	}
	return firstLang(r)
}

var hostLike = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]{1,5})?$|^\[[0-9A-Fa-f:]+\](:[0-9]{1,5})?$`)

// origin is the address of these pages: the configured one, else the one that
// this browser has typed.
func (h *Handler) origin(r *http.Request) string {
	switch {
	case h.canonical != "":
		return h.canonical
	case !hostLike.MatchString(r.Host):
		return ""
	case r.TLS != nil || h.secure:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// A code is a QR code as one path of black squares in a picture of Side by Side,
// with the white edge of four squares that readers need.
type code struct {
	Side int
	Path string
}

const quiet = 4

// newCode draws a text; the zero code when it is too long to be scanned.
func newCode(text string) code {
	q, err := qr.Encode(text, qr.M)
	if err != nil {
		return code{}
	}
	var p strings.Builder
	for y := range q.Size {
		for x := 0; x < q.Size; x++ {
			n := 0
			for q.Black(x+n, y) { // false past the edge
				n++
			}
			if n > 0 {
				fmt.Fprintf(&p, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, n, n)
				x += n
			}
		}
	}
	return code{Side: q.Size + 2*quiet, Path: p.String()}
}

// maxShort is how long a source may be on paper, in characters.
const maxShort = 60

// short is a source for paper: sites by their names, and no more than a line.
func short(source string) string {
	var b strings.Builder
	for _, p := range pieces(source) {
		b.WriteString(p.Text)
	}
	s := b.String()
	if utf8.RuneCountInString(s) <= maxShort {
		return s
	}
	s = string([]rune(s)[:maxShort])
	if at := strings.LastIndexAny(s, " ;,"); at > maxShort/2 {
		s = s[:at]
	}
	return strings.TrimRight(s, " ;,") + "…"
}
