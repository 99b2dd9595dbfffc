package intake

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold is the form in which two names are the same: small letters without
// accents, every other sign a space, single spaces.
func fold(s string) string {
	var b strings.Builder
	gap := false
	put := func(r rune) {
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(unicode.ToLower(r))
	}
	if ascii(s) {
		for i := range len(s) {
			if c := rune(s[i]); unicode.IsLetter(c) || unicode.IsDigit(c) {
				put(c)
			} else {
				gap = true
			}
		}
		return b.String()
	}
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			put(r)
		default:
			gap = true
		}
	}
	return b.String()
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// slug turns a name into a piece of an id: small letters, digits, hyphens.
func slug(s string) string {
	var b strings.Builder
	for _, r := range fold(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ':
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// clean makes a cell one line of plain text: no control characters, nothing
// that reorders text, single spaces. A formula stays the text that it is.
func clean(s string) string {
	if plain(s) {
		return s
	}
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)), " ")
}

// plain reports whether clean would change nothing: the usual case.
func plain(s string) bool {
	space := true // at the start
	for i := range len(s) {
		c := s[i]
		if c < 0x20 || c >= 0x7f || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return s == "" || !space
}

// formula reports whether a spreadsheet would compute the cell.
func formula(cell string) bool {
	if strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") {
		return true
	}
	s := strings.TrimLeft(cell, " \u00a0\t\r\n")
	return s != "" && strings.ContainsRune("=+-@", rune(s[0]))
}
