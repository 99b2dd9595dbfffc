package intake

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"wegwijs/knowledge/catalogue"
)

// renew is an offer of ours with what the list says of it.
func (in *intake) renew(k *course, o catalogue.Offer, s *staged) catalogue.Offer {
	switch {
	case s.skip:
		return o
	case older(s.asOf, o.AsOf):
		in.suspicions.add("older than ours", s.row, fmt.Sprintf("%s is of %s, the row of %s", o.ID, o.AsOf, s.asOf))
		return o
	case jump(o.PriceEUR, s.price):
		in.suspicions.add("price jump", s.row, fmt.Sprintf("%s: %s euro becomes %s: if that is right, write it in by hand", o.ID, number(o.PriceEUR), number(s.price)))
		return o
	}
	n := in.fill(o, s)
	fields := changes(o, n)
	if len(fields) == 0 {
		in.report.Same++
		return o
	}
	if o.Source != n.Source && n.Note != (catalogue.Text{}) {
		in.suspicions.add("note of the old source", s.row, fmt.Sprintf("%s: its note was written for %q: does it still hold?", o.ID, o.Source))
	}
	in.report.Changed = append(in.report.Changed, Change{Item{"offer", o.ID, in.title(k, n), s.row}, fields})
	return n
}

// jump reports whether a price differs by more than half of what it was.
func jump(was, is *float64) bool {
	return was != nil && is != nil && *was != *is && math.Abs(*is-*was) > *was/2
}

func (in *intake) newOffer(k *course, s *staged, ids map[string]bool) catalogue.Offer {
	o := catalogue.Offer{Institution: s.inst.ID}
	if hasCondition(in.data, in.m.New.PriceNote) {
		o.PriceNote = in.m.New.PriceNote
	}
	for _, id := range in.m.New.Admission {
		if hasCondition(in.data, id) {
			o.Admission = append(o.Admission, id)
		}
	}
	o = in.fill(o, s)
	prefix := strings.ToLower(string(in.m.Provider)) + "-"
	id := s.inst.ID + "-" + strings.TrimPrefix(k.ID, prefix)
	for n, tail := 2, slug(s.commune); ids[id]; n++ {
		id = s.inst.ID + "-" + strings.TrimPrefix(k.ID, prefix)
		if n == 2 && tail != "" {
			id += "-" + tail
			continue
		}
		id += "-" + strconv.Itoa(n)
	}
	ids[id] = true
	o.ID = id
	return o
}

func hasCondition(d *Data, condition string) bool {
	return slices.ContainsFunc(d.Conditions, func(c catalogue.Condition) bool { return c.ID == condition && condition != "" })
}

// fill writes into an offer what the list says, and leaves the rest.
func (in *intake) fill(o catalogue.Offer, s *staged) catalogue.Offer {
	if s.campus != "" {
		o.Campus = s.campus
	}
	if !in.samePlace(o, s) || s.street != "" && onlyStreet(in.home(o)) == "" {
		if s.postcode != o.Postcode || s.commune != o.Commune {
			o.Lat, o.Lon = nil, nil // of the old address
		}
		o.Street, o.Postcode, o.Commune = s.street, s.postcode, s.commune
	}
	if s.lat != nil {
		o.Lat, o.Lon = s.lat, s.lon
	}
	if len(s.forms) > 0 && !sameSet(o.Form, s.forms) {
		o.Form = s.forms
	}
	if s.years > 0 {
		o.Duration = duration(s.years)
	}
	if s.price != nil {
		o.PriceEUR = s.price
	}
	if s.lang != "" {
		o.TeachingLanguage = s.lang
	}
	if !s.start.IsZero() {
		o.Start = start(s.start)
	}
	if _, _, _, url := in.home(o); s.url != "" && bareURL(s.url) != bareURL(url) {
		o.URL = s.url
	}
	o.Source, o.AsOf, o.Confidence = in.m.Source, s.asOf, "high"
	return o
}

func onlyStreet(street, _, _, _ string) string { return street }

func sameSet(a, b []catalogue.Form) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func duration(years int) catalogue.Text {
	n := strconv.Itoa(years)
	t := catalogue.Text{NL: n + " jaar", FR: n + " ans", EN: n + " years"}
	if years == 1 {
		t.FR, t.EN = "1 an", "1 year"
	}
	return t
}

var (
	monthsNL = [...]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"}
	monthsFR = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
)

// start is a day in words; the zero day says nothing.
func start(d time.Time) catalogue.Text {
	if d.IsZero() {
		return catalogue.Text{}
	}
	m := d.Month() - 1
	t := catalogue.Text{
		NL: fmt.Sprintf("%d %s %d", d.Day(), monthsNL[m], d.Year()),
		FR: fmt.Sprintf("%d %s %d", d.Day(), monthsFR[m], d.Year()),
		EN: d.Format("2 January 2006"),
	}
	if d.Day() == 1 {
		t.FR = "1er" + strings.TrimPrefix(t.FR, "1")
	}
	return t
}

func number(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}
