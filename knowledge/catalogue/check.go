package catalogue

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A Problem is one fault in the data, at a place that can be looked up.
type Problem struct {
	// Path names the place inside its file, from its provider's file down:
	// "$.courses[12].offers[0].form".
	Path string
	// What is wrong and what to do, in one sentence.
	What string
}

var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// CheckCourse lists what is wrong with one course as far as it can be seen
// from the course alone. path is where it stands in its file.
func CheckCourse(c *Course, path string) []Problem {
	var ps []Problem
	bad := func(field, format string, args ...any) {
		ps = append(ps, Problem{path + field, fmt.Sprintf(format, args...)})
	}
	if !idForm.MatchString(c.ID) {
		bad(".id", "id %q: use small letters, digits and single hyphens", c.ID)
	}
	if !strings.HasPrefix(c.ID, strings.ToLower(string(c.Provider))+"-") {
		bad(".id", "id %q: begin with %q", c.ID, strings.ToLower(string(c.Provider))+"-")
	}
	switch {
	case c.Level == "" && !c.Unnamed:
		bad(".level", "a level is missing; only an unnamed course may lack one")
	case c.Level != "" && !slices.Contains(Levels, c.Level):
		bad(".level", "level %q is not one of %v", c.Level, Levels)
	}
	if c.Finality != "" && !slices.Contains(Finalities, c.Finality) {
		bad(".finality", "finality %q is not one of %v", c.Finality, Finalities)
	}
	if len(c.Fields) == 0 && !c.Unnamed {
		bad(".fields", "at least one field is needed, or nobody finds the course")
	}
	for i, f := range c.Fields {
		if !slices.Contains(Fields, f) {
			bad(fmt.Sprintf(".fields[%d]", i), "field %q is not one of %v", f, Fields)
		}
	}
	for _, t := range []struct {
		field string
		text  Text
	}{{".title", c.Title}, {".summary", c.Summary}} {
		if !t.text.Complete() {
			bad(t.field, "nl, fr and en are all needed")
		}
	}
	for _, l := range Langs {
		if len(c.Keywords.In(l)) == 0 && !c.Unnamed {
			bad(".keywords", "no search words in %s", l)
		}
	}
	for i, to := range c.LeadsTo {
		if to == c.ID {
			bad(fmt.Sprintf(".leads_to[%d]", i), "leads to itself")
		}
	}
	ps = append(ps, checkSource(path, c.Source, c.AsOf, c.Confidence)...)
	for i := range c.Offers {
		ps = append(ps, checkOffer(&c.Offers[i], fmt.Sprintf("%s.offers[%d]", path, i))...)
	}
	return ps
}

func checkOffer(o *Offer, path string) []Problem {
	var ps []Problem
	bad := func(field, format string, args ...any) {
		ps = append(ps, Problem{path + field, fmt.Sprintf(format, args...)})
	}
	if !idForm.MatchString(o.ID) {
		bad(".id", "id %q: use small letters, digits and single hyphens", o.ID)
	}
	if o.Institution == "" {
		bad(".institution", "who gives it is missing")
	}
	if o.Postcode != "" && !ValidPostcode(o.Postcode) {
		bad(".postcode", "postcode %q is not four digits", o.Postcode)
	}
	for i, f := range o.Form {
		if !slices.Contains(Forms, f) {
			bad(fmt.Sprintf(".form[%d]", i), "form %q is not one of %v", f, Forms)
		}
	}
	if o.PriceEUR != nil && (*o.PriceEUR < 0 || *o.PriceEUR > 100_000) {
		bad(".price_eur", "%v euro is not a price", *o.PriceEUR)
	}
	if (o.Lat == nil) != (o.Lon == nil) {
		bad(".lat", "lat and lon come together")
	}
	if o.URL != "" && !ValidURL(o.URL) {
		bad(".url", "%q is not an http or https address", o.URL)
	}
	return append(ps, checkSource(path, o.Source, o.AsOf, o.Confidence)...)
}

func checkSource(path, source, asOf string, c Confidence) []Problem {
	var ps []Problem
	if strings.TrimSpace(source) == "" {
		ps = append(ps, Problem{path + ".source", "a fact without a source stays out"})
	}
	if !ValidAsOf(asOf) {
		ps = append(ps, Problem{path + ".as_of", fmt.Sprintf("as_of %q: write 2025-2026, 2025, 2025-11, 2025-11-24 or undated", asOf)})
	}
	if !slices.Contains(Confidences, c) {
		ps = append(ps, Problem{path + ".confidence", fmt.Sprintf("confidence %q is not one of %v", c, Confidences)})
	}
	return ps
}

// ValidPostcode reports whether s is a Belgian postcode: four digits, 1000 or more.
func ValidPostcode(s string) bool {
	if len(s) != 4 || s[0] == '0' {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// ValidURL reports whether s is an absolute http or https address.
func ValidURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Check lists what is wrong with the catalogue as a whole: double ids and
// references to what does not exist. Each Path names the thing by its id.
func (c *Catalogue) Check() []Problem {
	var ps []Problem
	bad := func(path, format string, args ...any) {
		ps = append(ps, Problem{path, fmt.Sprintf(format, args...)})
	}
	seen := map[string]bool{}
	once := func(kind, id string) {
		if seen[kind+id] {
			bad(id, "%s id used twice", kind)
		}
		seen[kind+id] = true
	}
	for i := range c.Institutions {
		in := &c.Institutions[i]
		once("institution", in.ID)
		if in.Name == "" || in.Source == "" || !ValidAsOf(in.AsOf) {
			bad(in.ID, "an institution needs a name, a source and an as_of such as 2025-2026")
		}
		if in.Commune != "" || in.Postcode != "" {
			if _, ok := c.CommuneOf(in.Postcode, in.Commune); !ok {
				bad(in.ID, "commune %q (%s) is not in the gazetteer", in.Commune, in.Postcode)
			}
		}
	}
	for i := range c.Conditions {
		d := &c.Conditions[i]
		once("condition", d.ID)
		if !d.Text.Complete() || d.Source == "" || !ValidAsOf(d.AsOf) {
			bad(d.ID, "a condition needs nl, fr, en, a source and an as_of such as 2025-2026")
		}
	}
	for i := range c.Communes {
		m := &c.Communes[i]
		if !m.Name.Complete() || !slices.Contains(Regions, m.Region) || len(m.Parts) == 0 {
			bad(m.Name.NL, "a commune needs a name in nl, fr and en, a region of %v and a postcode", Regions)
		}
		for _, p := range m.Parts {
			once("postcode", p.Postcode)
			if !ValidPostcode(p.Postcode) {
				bad(m.Name.NL, "postcode %q is not four digits", p.Postcode)
			}
		}
	}
	condition := func(at, id string) {
		if _, ok := c.Condition(id); id != "" && !ok {
			bad(at, "condition %q is not listed under conditions", id)
		}
	}
	for i := range c.Courses {
		k := &c.Courses[i]
		once("course", k.ID)
		for _, id := range k.Admission {
			condition(k.ID, id)
		}
		for _, to := range k.LeadsTo {
			if _, ok := c.Course(to); !ok && !slices.Contains(Outcomes, to) {
				bad(k.ID, "leads to %q, which is neither a course nor one of %v", to, Outcomes)
			}
		}
		for j := range k.Offers {
			o := &k.Offers[j]
			once("offer", o.ID)
			condition(o.ID, o.PriceNote)
			for _, id := range o.Admission {
				condition(o.ID, id)
			}
			if _, ok := c.Institution(o.Institution); !ok {
				bad(o.ID, "institution %q is not listed under institutions", o.Institution)
			}
			if o.Commune != "" || o.Postcode != "" {
				if _, ok := c.CommuneOf(o.Postcode, o.Commune); !ok {
					bad(o.ID, "commune %q (%s) is not in the gazetteer", o.Commune, o.Postcode)
				}
			}
		}
	}
	return ps
}
