package app

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"wegwijs/bot"
	"wegwijs/bot/phrase"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

type coursesCmd struct {
	Text     []string `arg:"" optional:"" help:"Words to search for."`
	Provider []string `help:"SO, HO, VDAB, Syntra or CVO."`
	Field    []string `help:"Field, such as electricity."`
	Finality []string `help:"doorstroom, dubbel or arbeidsmarkt."`
	Level    []string `help:"Level, such as grade3 or graduaat."`
	Form     []string `help:"Form, such as avond or duaal."`
	Commune  string   `help:"Commune where it is given: Dutch name or postcode."`
	Near     string   `help:"Postcode to measure distances from." placeholder:"POSTCODE"`
	RadiusKm float64  `help:"Furthest distance from --near, in km."`
	Lang     string   `enum:"nl,fr,en" default:"nl" help:"Language of the words."`
	Limit    int      `default:"20" help:"Most courses to print; 0 prints all."`
	Offset   int      `help:"Courses to pass over."`
	JSON     bool     `name:"json" help:"Print as JSON, as the API gives it."`
	CSV      bool     `name:"csv" help:"Print one row per offer as CSV."`
}

// ids turns flag values into ids, refusing those that are not in the list.
func ids[T ~string](flag string, values []string, known []T) ([]T, error) {
	var out []T
	for _, v := range values {
		if !slices.Contains(known, T(v)) {
			return nil, &usageError{fmt.Errorf("--%s %q: write one of %v", flag, v, known)}
		}
		out = append(out, T(v))
	}
	return out, nil
}

// Run searches the catalogue.
func (c *coursesCmd) Run(sh *shell) error {
	filter, err := c.filter()
	if err != nil {
		return err
	}
	b, err := sh.newBot(nowhere{})
	if err != nil {
		return err
	}
	lang, _ := catalogue.ParseLang(c.Lang)
	res, err := b.SearchCourses(sh.ctx, strings.Join(c.Text, " "), filter, lang)
	if err != nil {
		return err
	}
	list := courseList{Total: res.Total, Courses: []bot.Course{}, Facets: res.Facets}
	v := b.View(lang, c.Near)
	for _, f := range res.Courses {
		list.Courses = append(list.Courses, v.Course(f))
	}
	switch {
	case c.JSON:
		return writeJSON(sh.out, list)
	case c.CSV:
		return writeCSV(sh.out, list.Courses)
	}
	fmt.Fprintln(sh.out, b.Words().Say(lang, "ask.courses", map[string]any{"Count": res.Total}))
	for _, k := range list.Courses {
		fmt.Fprintf(sh.out, "\n%s  (%s, %s %s)\n   %s\n", k.Title, k.ID, k.Level, k.Finality, k.Summary)
		printOffers(sh.out, k)
		fmt.Fprintf(sh.out, "   [%s, %s]\n", k.Source, k.AsOf)
	}
	return nil
}

// courseList is the JSON of /api/v1/courses.
type courseList struct {
	Total   int                       `json:"total"`
	Courses []bot.Course              `json:"courses"`
	Facets  map[string]map[string]int `json:"facets"`
}

func (c *coursesCmd) filter() (f search.Filter, err error) {
	if f.Providers, err = ids("provider", c.Provider, catalogue.Providers); err != nil {
		return f, err
	}
	if f.Fields, err = ids("field", c.Field, catalogue.Fields); err != nil {
		return f, err
	}
	if f.Finality, err = ids("finality", c.Finality, catalogue.Finalities); err != nil {
		return f, err
	}
	if f.Levels, err = ids("level", c.Level, catalogue.Levels); err != nil {
		return f, err
	}
	if f.Form, err = ids("form", c.Form, catalogue.Forms); err != nil {
		return f, err
	}
	if c.Near != "" && !catalogue.ValidPostcode(c.Near) {
		return f, &usageError{fmt.Errorf("--near %q: write a postcode of four digits", c.Near)}
	}
	if c.Limit < 0 || c.Offset < 0 || c.RadiusKm < 0 {
		return f, &usageError{fmt.Errorf("--limit, --offset and --radius-km cannot be below zero")}
	}
	f.Commune, f.Near, f.RadiusKm, f.Offset, f.Limit = c.Commune, c.Near, c.RadiusKm, c.Offset, c.Limit
	if c.Limit == 0 {
		f.Limit = -1
	}
	return f, nil
}

func printOffers(w io.Writer, k bot.Course) {
	for _, o := range k.Offers {
		at := strings.TrimSpace(o.Postcode + " " + o.Commune)
		if o.DistanceKm != nil {
			at += ", " + phrase.Number(catalogue.NL, *o.DistanceKm) + " km"
		}
		fmt.Fprintf(w, "   @ %s, %s (%s)\n", o.Institution, at, o.AsOf)
	}
}

// writeCSV prints one row per offer; a course without offers has one row.
func writeCSV(out io.Writer, courses []bot.Course) error {
	w := csv.NewWriter(out)
	row := func(cells ...string) {
		for i, c := range cells {
			cells[i] = inert(c)
		}
		_ = w.Write(cells) // Flush reports the error
	}
	row("course", "provider", "level", "finality", "title_nl", "title", "fields", "offer", "institution", "postcode", "commune",
		"distance_km", "form", "price_eur", "url", "source", "as_of", "confidence")
	for _, k := range courses {
		head := []string{k.ID, string(k.Provider), string(k.Level), string(k.Finality), k.TitleNL, k.Title, join(k.Fields)}
		if len(k.Offers) == 0 {
			row(append(head, "", "", "", "", "", "", "", "", k.Source, k.AsOf, string(k.Confidence))...)
		}
		for _, o := range k.Offers {
			row(append(slices.Clone(head), o.ID, o.Institution, o.Postcode, o.Commune, number(o.DistanceKm), join(o.Form),
				number(o.PriceEUR), o.URL, o.Source, o.AsOf, string(o.Confidence))...)
		}
	}
	w.Flush()
	return w.Error()
}

// inert keeps a spreadsheet from reading a cell as a formula.
func inert(cell string) string {
	s := strings.TrimLeft(cell, " \u00a0\n\r\t")
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") {
		return "'" + cell
	}
	return cell
}

func join[T ~string](vs []T) string {
	parts := make([]string, len(vs))
	for i, v := range vs {
		parts[i] = string(v)
	}
	return strings.Join(parts, " ")
}

func number(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}
