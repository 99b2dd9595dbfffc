package web

import (
	"crypto/rand"
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
)

// cookieName is the only cookie. Its value is a code that cannot be guessed and
// says nothing; it ends with the browser, as computers at school are shared.
const cookieName = "wegwijs"

// codeLen is the length of crypto/rand.Text: 26 characters, 130 bits.
const codeLen = 26

// visitor reads who is asking. known is false when the cookie is missing or is
// not one of ours; the visitor is then a new one.
func visitor(r *http.Request) (code string, known bool) {
	c, err := r.Cookie(cookieName)
	if err != nil || !codeLike(c.Value) {
		return rand.Text(), false
	}
	return c.Value, true
}

// codeLike reports whether s has the form of crypto/rand.Text.
func codeLike(s string) bool {
	return len(s) == codeLen && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

func visitorOf(code string) bot.Visitor { return bot.Visitor("web-" + code) }

func (h *Handler) setCookie(w http.ResponseWriter, code string) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: code, Path: "/", HttpOnly: true, Secure: h.secure, SameSite: http.SameSiteLaxMode,
	})
}

// maxAcceptLanguage in bytes: real browsers send less than 100.
const maxAcceptLanguage = 256

var matcher = language.NewMatcher([]language.Tag{language.Dutch, language.French, language.English})

// firstLang is the language to begin in: that of the browser, Dutch when it
// prefers none of ours.
func firstLang(r *http.Request) catalogue.Lang {
	header := r.Header.Get("Accept-Language")
	if len(header) > maxAcceptLanguage {
		header = header[:maxAcceptLanguage]
		header = header[:strings.LastIndexByte(header, ',')+1]
	}
	tags, _, err := language.ParseAcceptLanguage(strings.TrimSuffix(header, ","))
	if err != nil || len(tags) == 0 {
		return catalogue.NL
	}
	_, at, _ := matcher.Match(tags...)
	return catalogue.Langs[at]
}
