package intake

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"wegwijs/knowledge/catalogue"
)

// read reads the cells that have a form: numbers, dates, lists.
func (in *intake) read(c *cells, s *staged) (err error) {
	if s.forms, err = in.forms(c); err != nil {
		return err
	}
	if s.price, err = in.number(c, fPrice, 0, 100_000); err != nil {
		return err
	}
	if s.lat, err = in.number(c, fLat, 49, 52); err != nil {
		return err
	}
	if s.lon, err = in.number(c, fLon, 2, 7); err != nil {
		return err
	}
	if s.lat == nil || s.lon == nil {
		s.lat, s.lon = nil, nil
	}
	for f, per := range map[field]float64{fYears: 1, fCredits: 60} {
		n, err := in.number(c, f, 0, 600)
		if err != nil {
			return err
		}
		// 90 credits are no whole number of years: then nothing is said.
		if n != nil && *n > 0 && *n == float64(int(*n/per))*per {
			s.years = int(*n / per)
		}
	}
	if c.v[fStart] != "" {
		if s.start, err = day(c.v[fStart]); err != nil {
			return in.bad(c, fStart, "write a day as 1/09/2026 or 2026-09-01")
		}
	}
	s.asOf = in.asOf
	if v := c.v[fAsOf]; v != "" {
		if s.asOf = asOf(v); !catalogue.ValidAsOf(s.asOf) || s.asOf == "undated" {
			return in.bad(c, fAsOf, "write a school year as 2026-2027, or a day")
		}
	}
	if s.asOf == "" {
		return fmt.Errorf("%s: the rows carry no date: add --as-of with the year that the list speaks of, such as 2026-2027", in.source)
	}
	if s.lang = c.v[fLanguage]; s.lang != "" && !language.MatchString(s.lang) {
		return in.bad(c, fLanguage, "write nl, fr, en or nl/fr, or translate it under values: in the mapping")
	}
	if u := c.v[fURL]; u != "" {
		if s.url = address(u); s.url == "" {
			in.suspicions.add("unusable address", in.row(c.n), fmt.Sprintf("%q is no web address; it is left out", u))
		}
	}
	return nil
}

var language = regexp.MustCompile(`^[a-z]{2}(/[a-z]{2})*$`)

// address completes a web address; "" when it is none.
func address(u string) string {
	if !strings.Contains(u, "://") && strings.Contains(u, ".") {
		u = "https://" + u
	}
	if strings.ContainsAny(u, " \"<>") || !catalogue.ValidURL(u) {
		return ""
	}
	return u
}

var formSplit = regexp.MustCompile(`\s*[;,/+|]\s*|\s+en\s+`)

func (in *intake) forms(c *cells) ([]catalogue.Form, error) {
	v := c.v[fForm]
	if v == "" {
		return nil, nil
	}
	var out []catalogue.Form
	parts := []string{v}
	if !slices.Contains(catalogue.Forms, catalogue.Form(v)) {
		parts = formSplit.Split(v, -1)
	}
	for _, part := range parts {
		if t, ok := in.m.values[fForm][fold(part)]; ok {
			part = t
		}
		for _, f := range strings.Fields(part) { // a translation may name several
			if !slices.Contains(catalogue.Forms, catalogue.Form(f)) {
				return nil, in.bad(c, fForm, "is none of %v: translate it under values: in the mapping", catalogue.Forms)
			}
			if !slices.Contains(out, catalogue.Form(f)) {
				out = append(out, catalogue.Form(f))
			}
		}
	}
	return out, nil
}

// thousands is a number in Belgian writing with points between thousands.
var thousands = regexp.MustCompile(`^\d{1,3}(\.\d{3})+$`)

// number reads "1.388,50", "1388.5", "€ 120" and "120 EUR".
func (in *intake) number(c *cells, f field, low, high float64) (*float64, error) {
	s := strings.ToLower(c.v[f])
	for _, unit := range []string{"€", "euro", "eur", " ", "\u00a0"} {
		s = strings.ReplaceAll(s, unit, "")
	}
	if s == "" {
		return nil, nil
	}
	comma, point := strings.LastIndex(s, ","), strings.LastIndex(s, ".")
	switch {
	case comma > point:
		s = strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1)
	case comma >= 0:
		s = strings.ReplaceAll(s, ",", "")
	case f == fPrice && thousands.MatchString(s):
		s = strings.ReplaceAll(s, ".", "")
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !(n >= low && n <= high) {
		return nil, in.bad(c, f, "is no number between %v and %v", low, high)
	}
	return &n, nil
}

var schoolYear = regexp.MustCompile(`^(\d{4})\s*[-/–]\s*(\d{2}|\d{4})$`)

// asOf reads "2026/2027", "2026-27", "1/09/2026" and what is one already.
func asOf(s string) string {
	if m := schoolYear.FindStringSubmatch(s); m != nil {
		from, _ := strconv.Atoi(m[1])
		to, _ := strconv.Atoi(m[1][:4-len(m[2])] + m[2])
		if to == from+1 {
			return fmt.Sprintf("%d-%d", from, to)
		}
		if len(m[2]) == 4 {
			return "" // no school year; 2026-11 is a month
		}
	}
	if d, err := day(s); err == nil {
		return d.Format(time.DateOnly)
	}
	return s
}

func day(s string) (time.Time, error) {
	s, _, _ = strings.Cut(s, "T")
	for _, form := range []string{time.DateOnly, "2/1/2006", "2-1-2006", "2.1.2006"} {
		if d, err := time.Parse(form, s); err == nil && d.Year() > 1990 && d.Year() < 2100 {
			return d, nil
		}
	}
	return time.Time{}, errors.New("no day")
}
