package dialogue

import (
	"strconv"
	"strings"
)

// maxToken is the longest button token, in bytes. Source: Telegram's limit for
// callback_data, the tightest of all channels (core.telegram.org/bots/api).
const maxToken = 64

// A Press is a button that was pressed: what the button's token says. It is
// input from outside; Step looks everything up before it believes it.
type Press struct {
	Turn   int    // of the question that it stood under; 0 is unknown
	Name   string // a slot, or a verb such as "save"
	Values []string
}

// Token writes a press so that every channel can carry it: "1:3:stage:grade2".
func (p Press) Token() string {
	return "1:" + strconv.Itoa(p.Turn) + ":" + p.Name + ":" + strings.Join(p.Values, ",")
}

// ParseToken reads a token. ok is false for anything that Token does not write.
func ParseToken(s string) (p Press, ok bool) {
	parts := strings.Split(s, ":")
	if len(s) > maxToken || len(parts) < 4 || parts[0] != "1" || !idLike(parts[2]) {
		return Press{}, false
	}
	turn, err := strconv.Atoi(parts[1])
	if err != nil || turn < 0 || parts[1] != strconv.Itoa(turn) {
		return Press{}, false
	}
	p = Press{Turn: turn, Name: parts[2]}
	if rest := strings.Join(parts[3:], ":"); rest != "" {
		p.Values = strings.Split(rest, ",")
	}
	for _, v := range p.Values {
		if !idLike(v) {
			return Press{}, false
		}
	}
	return p, true
}

// ParseChoice reads a bare choice id such as "grade2", "lang:fr" or
// "save:so-hout-2", as it stands in the public contract. ok is false for
// anything that is no id.
func ParseChoice(s string) (p Press, ok bool) {
	name, rest, _ := strings.Cut(s, ":")
	p.Name = name
	if rest != "" {
		p.Values = strings.Split(rest, ",")
	}
	for _, v := range append(p.Values, name) {
		if !idLike(v) {
			return Press{}, false
		}
	}
	return p, len(s) <= 4*maxToken
}

// idLike reports whether s is made of the characters that ids are made of.
func idLike(s string) bool {
	if s == "" {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	})
}
