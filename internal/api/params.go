package api

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// params reads the query of a URL strictly and keeps the first mistake. An
// empty parameter is the same as none.
type params struct {
	values url.Values
	err    error
}

// parse reads a query that may have these parameters.
func parse(query string, known ...string) *params {
	v, err := url.ParseQuery(query)
	p := &params{values: v}
	if err != nil {
		p.bad("", "the query of the address cannot be read; encode special characters")
		return p
	}
	var unknown []string
	for name := range v {
		if !slices.Contains(known, name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		p.err = badField("unknown-parameter", slices.Min(unknown), "there is no such parameter; known are %s", strings.Join(known, ", "))
	}
	return p
}

func (p *params) bad(name, format string, args ...any) {
	if p.err == nil {
		p.err = badField("bad-parameter", name, format, args...)
	}
}

// one is the value of a parameter that may stand there once.
func (p *params) one(name string) string {
	all := slices.DeleteFunc(slices.Clone(p.values[name]), func(s string) bool { return s == "" })
	if len(all) == 0 {
		return ""
	}
	if len(all) > 1 {
		p.bad(name, "give it once")
	}
	if utf8.RuneCountInString(all[0]) > maxWord || !utf8.ValidString(all[0]) {
		p.bad(name, "at most %d characters, in UTF-8", maxWord)
	}
	return all[0]
}

// list is the values of a parameter that may be repeated or hold a comma list.
// Each must be one of known.
func list[T ~string](p *params, name string, known []T) (out []T) {
	for _, s := range p.values[name] {
		for v := range strings.SplitSeq(s, ",") {
			v := T(strings.TrimSpace(v))
			switch {
			case v == "" || slices.Contains(out, v):
			case !slices.Contains(known, v):
				p.bad(name, "write one or more of %s", join(known, ", "))
				return nil
			default:
				out = append(out, v)
			}
		}
	}
	return out
}

func join[T ~string](vs []T, with string) string {
	parts := make([]string, len(vs))
	for i, v := range vs {
		parts[i] = string(v)
	}
	return strings.Join(parts, with)
}

// whole is a whole number between low and high.
func (p *params) whole(name string, otherwise, low, high int) int {
	s := p.one(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < low || n > high {
		p.bad(name, "write a whole number from %d to %d", low, high)
		return otherwise
	}
	return n
}

// maxRadius is the largest radius_km. Belgium is less wide.
const maxRadius = 500

// radius is a distance in km; 0 is none.
func (p *params) radius(name string) float64 {
	s := p.one(name)
	if s == "" {
		return 0
	}
	km, err := strconv.ParseFloat(s, 64)
	if err != nil || !(km > 0 && km <= maxRadius) { // not a number is not above 0
		p.bad(name, "write kilometres above 0, at most %d", maxRadius)
		return 0
	}
	return km
}

// lang is the language of the answer, Dutch when none is asked for.
func (p *params) lang() catalogue.Lang {
	s := p.one("lang")
	if s == "" {
		return catalogue.NL
	}
	l, ok := catalogue.ParseLang(s)
	if !ok {
		p.bad("lang", "write one of nl, fr, en")
	}
	return l
}

// postcode is a postcode, in the right form.
func (p *params) postcode(name string) string {
	s := p.one(name)
	if s != "" && !catalogue.ValidPostcode(s) {
		p.bad(name, "write a Belgian postcode, such as 1080")
	}
	return s
}

// near is a postcode that distances can be measured from.
func (p *params) near(c *catalogue.Catalogue) string {
	s := p.postcode("near")
	if _, ok := c.Postcode(s); s != "" && !ok {
		p.bad("near", "this postcode is not in our list of places in and around Brussels")
	}
	return s
}

// commune is the Dutch name of a commune that is given by its postcode or by
// its name in any of the languages.
func (p *params) commune(c *catalogue.Catalogue) string {
	s := p.one("commune")
	if s == "" {
		return ""
	}
	if m, ok := c.CommuneOf(s, s); ok {
		return m.Name.NL
	}
	folded := search.Fold(s)
	for i := range c.Communes {
		m := &c.Communes[i]
		names := append([]string{m.Name.NL, m.Name.FR, m.Name.EN}, m.Aliases...)
		if slices.ContainsFunc(names, func(n string) bool { return search.Fold(n) == folded }) {
			return m.Name.NL
		}
	}
	p.bad("commune", "this is not the name or postcode of a commune that we know")
	return ""
}
