package api

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"wegwijs/bot"
	"wegwijs/knowledge/search"
)

// columns of the catalogue as a table. They are part of the public surface:
// new ones come last.
var columns = []string{
	"course_id", "provider", "level", "finality", "title", "title_nl", "fields", "shortage", "dual", "course_source", "course_as_of",
	"offer_id", "institution", "campus", "street", "postcode", "commune", "lat", "lon", "approximate", "form", "duration",
	"price_eur", "price_note", "teaching_language", "start", "url", "source", "as_of", "confidence", "stale",
}

// csv answers GET /api/v1/catalogue.csv: one row per offer. A course that has
// no known offer has one row too, without the columns of an offer, because it
// does exist.
func (a *api) csv(w http.ResponseWriter, r *http.Request) {
	p := parse(r.URL.RawQuery, "lang")
	lang := p.lang()
	if p.err != nil {
		a.fail(w, r, p.err)
		return
	}
	v := a.Bot.View(lang, "")
	res := a.Bot.Knowledge().Courses.Find(search.Filter{Limit: -1})
	slices.SortFunc(res.Courses, func(x, y search.Found) int { return strings.Compare(x.Course.ID, y.Course.ID) })

	var b bytes.Buffer
	b.WriteString("\ufeff") // without it a spreadsheet takes the file for Windows-1252
	t := csv.NewWriter(&b)
	t.Comma, t.UseCRLF = ';', true                     // what a Belgian spreadsheet opens with a double click
	row := func(cells []string) { _ = t.Write(cells) } // a Buffer takes everything
	row(columns)
	for _, found := range res.Courses {
		c := v.Course(found)
		head := []string{
			c.ID, string(c.Provider), string(c.Level), string(c.Finality), inert(c.Title), inert(c.TitleNL), join(c.Fields, " "),
			strconv.FormatBool(c.Shortage), strconv.FormatBool(c.Dual), inert(c.Source), inert(c.AsOf),
		}
		if len(c.Offers) == 0 {
			row(append(head, make([]string, len(columns)-len(head))...))
		}
		for i := range c.Offers {
			row(append(slices.Clone(head), offerCells(&c.Offers[i])...))
		}
	}
	t.Flush()

	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", `attachment; filename="wegwijs-catalogue.csv"`)
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(b.Bytes())
}

func offerCells(o *bot.Offer) []string {
	return []string{
		o.ID, inert(o.Institution), inert(o.Campus), inert(o.Street), o.Postcode, inert(o.Commune), number(o.Lat), number(o.Lon),
		strconv.FormatBool(o.Approximate), join(o.Form, " "), inert(o.Duration),
		number(o.PriceEUR), inert(o.PriceNote), inert(o.TeachingLanguage), inert(o.Start), inert(o.URL), inert(o.Source), inert(o.AsOf),
		string(o.Confidence), strconv.FormatBool(o.Stale),
	}
}

// inert keeps a spreadsheet from running a cell: a text that begins like a
// formula gets an apostrophe, and stays on one line so that no line of it can.
// Source: OWASP, CSV Injection.
func inert(cell string) string {
	cell = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r): // also what reorders the text
			return -1
		}
		return r
	}, cell)
	cell = strings.TrimSpace(cell)
	if cell != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}

// number writes a number as a Belgian spreadsheet reads it, with a comma; a
// point would become a date. Nil is empty: unknown is never a guess.
func number(f *float64) string {
	if f == nil {
		return ""
	}
	return strings.Replace(strconv.FormatFloat(*f, 'f', -1, 64), ".", ",", 1)
}
