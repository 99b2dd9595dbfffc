package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxRunes and MaxWords bound what of a query reaches the index; the rest is
// left unread. Longer texts are stories, and understand reads those.
const (
	MaxRunes = 200
	MaxWords = 12
)

// maxWord is the longest word, in letters, that is corrected or split. The
// longest real words of our field stay below it.
const maxWord = 40

// Fold makes texts comparable: small letters, no accents, ligatures written
// out, and every run of anything but letters and digits one space, also
// apostrophes and hyphens ("l'école" is "l ecole", "auto's" is "auto s").
// Invisible characters vanish. Names that would suffer are kept whole: c++, c#,
// f#, .net (as "dotnet"), e-bike (as "ebike"), t-shirt, 3d, 7de.
//
// Folding twice is folding once. The cost grows with the text's length only.
// It is the only folding of the project: words that are compared went through it.
func Fold(s string) string {
	if folded(s) {
		return s
	}
	if !ascii(s) {
		s = norm.NFKD.String(strings.ToValidUTF8(s, " "))
	}
	out := make([]byte, 0, len(s))
	word := 0         // where in out the current word begins
	closed := false   // the current word may take no more letters: "c++"
	space := func() { // ends the current word
		if len(out) > 0 && out[len(out)-1] != ' ' {
			out = append(out, ' ')
		}
		word, closed = len(out), false
	}
	for i, size := 0, 0; i < len(s); i += size {
		var r rune
		r, size = rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		now := byte(0) // the word so far: its only letter, or 0 for none, 1 for more
		if n := len(out) - word; n == 1 {
			now = out[word]
		} else if n > 1 {
			now = 1
		}
		switch {
		case r == '+' && now == 'c' && strings.HasPrefix(s[i+1:], "+"):
			out, closed, size = append(out, "++"...), true, 2
		case (r == '#' || r == '♯') && (now == 'c' || now == 'f'):
			out, closed = append(out, '#'), true
		case r == '.' && now == 0 && dotnet(s[i+1:]):
			out, size = append(out, "dotnet"...), len(".net")
		case r == '-' && (now == 'e' || now == 't') && letterNext(s[i+1:]) && i > 0 && alone(s[:i-1]):
			// The letter belongs to the word: e-bike, t-shirt; but not in "va-t-il".
		case unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r):
			// An accent, or something invisible.
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if closed {
				space()
			}
			out = appendLower(out, r)
		default:
			space()
		}
	}
	return strings.TrimSuffix(string(out), " ")
}

// Tokens are the words of the folded text, in order. It does not limit their
// number: Find does.
func Tokens(s string) []string { return strings.Fields(Fold(s)) }

// bind joins a letter to the word it names, whatever their order: "attestation
// B", "b-attest" and "B certificate" all hold "battest". Otherwise the letter,
// which is all that counts, would be lost. It changes words.
func bind(words []string) []string {
	for i := 0; i+1 < len(words); i++ {
		a, b := words[i], words[i+1]
		if name := lettered[b]; name != "" && letter(a) {
			words[i] = a + name
		} else if name := lettered[a]; name != "" && letter(b) {
			words[i] = b + name
		} else {
			continue
		}
		words = append(words[:i+1], words[i+2:]...)
	}
	return words
}

func letter(w string) bool { return w == "a" || w == "b" || w == "c" }

var lettered = map[string]string{
	"attest": "attest", "attesten": "attest", "attestation": "attest", "attestations": "attest",
	"certificate": "attest", "certificates": "attest", "orienteringsattest": "attest",
	"stroom": "stroom", "stream": "stroom", "filiere": "stroom",
}

func appendLower(out []byte, r rune) []byte {
	switch r = unicode.ToLower(r); r {
	case 'œ':
		return append(out, "oe"...)
	case 'æ':
		return append(out, "ae"...)
	case 'ß':
		return append(out, "ss"...)
	case 'ø':
		return append(out, 'o')
	case 'ł':
		return append(out, 'l')
	case 'đ':
		return append(out, 'd')
	case 'ı':
		return append(out, 'i')
	}
	return utf8.AppendRune(out, r)
}

// folded reports whether s certainly is folded already: small ASCII letters
// and digits with single spaces between.
func folded(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		b := s[i]
		if (b < 'a' || b > 'z') && (b < '0' || b > '9') && (b != ' ' || last == ' ') {
			return false
		}
		last = b
	}
	return s == "" || last != ' '
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// dotnet reports whether s begins with the word "net".
func dotnet(s string) bool {
	return len(s) >= 3 && strings.EqualFold(s[:3], "net") && !letterNext(s[3:])
}

func letterNext(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// alone reports whether a letter after s begins a word, and not one that is
// tied to a word before by a hyphen.
func alone(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return s == "" || unicode.IsSpace(r)
}
