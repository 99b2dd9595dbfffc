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

// apply is our file with the staged offers in it. It fills the report.
func (in *intake) apply(prune bool) *Data {
	after := *in.data
	after.Institutions, after.Courses = nil, nil
	groups := map[int]map[string][]*staged{} // course to institution to its offers in the list
	for _, s := range in.staged {
		if groups[s.course] == nil {
			groups[s.course] = map[string][]*staged{}
		}
		groups[s.course][s.inst.ID] = append(groups[s.course][s.inst.ID], s)
	}
	used := map[string]bool{}
	ids := map[string]bool{}
	for _, k := range in.courses {
		for _, o := range k.Offers {
			ids[o.ID] = true
		}
	}
	for i := range in.courses {
		k := in.courses[i].Course
		k.Offers = in.offers(&in.courses[i], groups[i], ids, used, prune)
		if in.courses[i].row != "" {
			if len(k.Offers) == 0 {
				continue // nobody is left to give it
			}
			in.report.New = append(in.report.New, Item{"course", k.ID, k.Title.NL, in.courses[i].row})
		}
		after.Courses = append(after.Courses, k)
	}
	for _, x := range in.data.Institutions {
		after.Institutions = append(after.Institutions, in.insts[x.ID].Institution)
	}
	for _, s := range in.staged {
		if x := s.inst; !x.known && used[x.ID] {
			used[x.ID] = false // once
			after.Institutions = append(after.Institutions, x.Institution)
			in.report.New = append(in.report.New, Item{"institution", x.ID, strings.TrimSpace(x.Name + ", " + x.Commune), x.row})
		}
	}
	if n := len(in.report.Gone); n > 10 && n*2 > in.inScope {
		in.suspicions.add("many gone", "", fmt.Sprintf("%d of our %d offers are not in the list: is it whole?", n, in.inScope))
	}
	return &after
}

// tooManyGone is the guard against half a list.
func (in *intake) tooManyGone(prune bool) bool {
	n := len(in.report.Gone)
	return prune && n > 10 && n*2 > in.inScope
}

// offers are a course's offers after the list.
func (in *intake) offers(k *course, list map[string][]*staged, ids, used map[string]bool, prune bool) []catalogue.Offer {
	pair := in.pair(k, list)
	var out []catalogue.Offer
	for i := range k.Offers {
		o := k.Offers[i]
		inScope := in.m.Scope == "provider" || in.named[o.Institution]
		if inScope {
			in.inScope++
		}
		s := pair[i]
		if s == nil {
			if inScope {
				in.report.Gone = append(in.report.Gone, Item{Kind: "offer", ID: o.ID, Name: in.title(k, o)})
			}
			if !inScope || !prune {
				out = append(out, o)
			}
			continue
		}
		out = append(out, in.renew(k, o, s))
	}
	var fresh []*staged
	for _, group := range list {
		for _, s := range group {
			if !s.skip && !slices.Contains(pair, s) {
				fresh = append(fresh, s)
			}
		}
	}
	order := map[*staged]int{}
	for i, s := range in.staged {
		order[s] = i
	}
	slices.SortFunc(fresh, func(a, b *staged) int { return order[a] - order[b] })
	for _, s := range fresh {
		o := in.newOffer(k, s, ids)
		used[s.inst.ID] = true
		out = append(out, o)
		in.report.New = append(in.report.New, Item{"offer", o.ID, in.title(k, o), s.row})
	}
	return out
}

// pair finds for each offer of ours the one in the list: at the same place, or
// the only one that is left on both sides.
func (in *intake) pair(k *course, list map[string][]*staged) []*staged {
	pair := make([]*staged, len(k.Offers))
	for id, group := range list {
		left := slices.Clone(group)
		take := func(fits func(o catalogue.Offer, s *staged) bool) {
			for i, o := range k.Offers {
				if pair[i] != nil || o.Institution != id {
					continue
				}
				if j := slices.IndexFunc(left, func(s *staged) bool { return fits(o, s) }); j >= 0 {
					pair[i] = left[j]
					left = slices.Delete(left, j, j+1)
				}
			}
		}
		take(func(o catalogue.Offer, s *staged) bool { return in.samePlace(o, s) && fold(o.Campus) == fold(s.campus) })
		take(in.samePlace)
		ours := 0
		for i, o := range k.Offers {
			if pair[i] == nil && o.Institution == id {
				ours++
			}
		}
		if ours == 1 && len(left) == 1 {
			take(func(catalogue.Offer, *staged) bool { return true })
		}
	}
	return pair
}

// home is where an offer is given: its own address, or its institution's.
func (in *intake) home(o catalogue.Offer) (street, postcode, commune, url string) {
	street, postcode, commune, url = o.Street, o.Postcode, o.Commune, o.URL
	if x := in.insts[o.Institution]; x != nil {
		if postcode == "" && commune == "" {
			postcode, commune = x.Postcode, x.Commune
			if street == "" {
				street = x.Street
			}
		}
		if url == "" {
			url = x.URL
		}
	}
	return street, postcode, commune, url
}

// samePlace reports whether the list says nothing else than we do.
func (in *intake) samePlace(o catalogue.Offer, s *staged) bool {
	street, postcode, commune, _ := in.home(o)
	switch {
	case s.postcode == "" && s.commune == "":
		return true
	case s.postcode != "" && postcode != "" && s.postcode != postcode:
		return false
	case s.commune != commune:
		return false
	}
	return s.street == "" || street == "" || fold(s.street) == fold(street)
}

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

// title names an offer for people.
func (in *intake) title(k *course, o catalogue.Offer) string {
	name := o.Institution
	if x := in.insts[o.Institution]; x != nil {
		name = x.Name
	}
	_, postcode, commune, _ := in.home(o)
	return strings.TrimSuffix(k.Title.NL+", "+name+", "+strings.TrimSpace(postcode+" "+commune), ", ")
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
