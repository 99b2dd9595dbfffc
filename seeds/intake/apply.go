package intake

import (
	"fmt"
	"slices"
	"strings"

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

// title names an offer for people.
func (in *intake) title(k *course, o catalogue.Offer) string {
	name := o.Institution
	if x := in.insts[o.Institution]; x != nil {
		name = x.Name
	}
	_, postcode, commune, _ := in.home(o)
	return strings.TrimSuffix(k.Title.NL+", "+name+", "+strings.TrimSpace(postcode+" "+commune), ", ")
}
