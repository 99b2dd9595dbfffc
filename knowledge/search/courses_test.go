package search

import (
	"slices"
	"testing"

	"wegwijs/knowledge/catalogue"
)

// town is a catalogue of three communes and a few courses.
func town() *Courses {
	text := func(s string) catalogue.Text { return catalogue.Text{NL: s, FR: s, EN: s} }
	communes := []catalogue.Commune{
		{Name: text("Molenbeek"), Region: catalogue.Brussels, Lat: 50.855, Lon: 4.325, Parts: []catalogue.Part{{Postcode: "1080"}}},
		{Name: text("Evere"), Region: catalogue.Brussels, Lat: 50.872, Lon: 4.402, Parts: []catalogue.Part{{Postcode: "1140"}}},
		{Name: text("Halle"), Region: catalogue.Rim, Lat: 50.734, Lon: 4.237, Parts: []catalogue.Part{{Postcode: "1500"}}},
		{Name: text("Gent"), Region: catalogue.Beyond, Lat: 51.054, Lon: 3.725, Parts: []catalogue.Part{{Postcode: "9000"}}},
	}
	course := func(id, title string, f catalogue.Finality, fields []catalogue.Field, postcodes ...string) catalogue.Course {
		c := catalogue.Course{ID: id, Provider: "SO", Level: "grade2", Finality: f, Fields: fields, Title: text(title)}
		for _, p := range postcodes {
			o := catalogue.Offer{ID: id + "-" + p, Postcode: p, Form: []catalogue.Form{"voltijds"}}
			if p == "" {
				o.ID = id + "-somewhere"
			}
			c.Offers = append(c.Offers, o)
		}
		return c
	}
	ict, wood := []catalogue.Field{"ict"}, []catalogue.Field{"wood"}
	courses := []catalogue.Course{
		course("so-a", "Alfa", catalogue.Doorstroom, ict, "1080"),
		course("so-b", "Beta", catalogue.Doorstroom, ict, "1140"),
		course("so-c", "Gamma", catalogue.Doorstroom, ict, "1140", "1080"),
		course("so-d", "Delta", catalogue.Doorstroom, ict, "1500"),
		course("so-e", "Epsilon", catalogue.Doorstroom, ict, "9000"),
		course("so-f", "Zeta", catalogue.Dubbel, ict, "9000"),
		course("so-g", "Eta", catalogue.Arbeidsmarkt, ict),
		course("so-h", "Hout", catalogue.Doorstroom, wood, "9000"),
		course("so-i", "Beide", catalogue.Doorstroom, []catalogue.Field{"ict", "wood"}, "9000"),
		course("so-j", "Ergens", catalogue.Doorstroom, ict, ""),
	}
	courses[6].Dual = true
	unnamed := course("so-z", "Aaa", catalogue.Doorstroom, ict, "1080")
	unnamed.Unnamed = true
	return NewCourses(catalogue.New(append(courses, unnamed), nil, nil, communes))
}

func ids(r Result) (out []string) {
	for _, f := range r.Courses {
		out = append(out, f.Course.ID)
	}
	return out
}

func TestCoursesAreFilteredAndOrdered(t *testing.T) {
	s := town()
	doorstroom := []catalogue.Finality{catalogue.Doorstroom}
	for _, test := range []struct {
		name string
		f    Filter
		want []string
	}{
		{"nearest first, then unknown places, then without a name", Filter{Near: "1080", Finality: doorstroom, Fields: []catalogue.Field{"ict"}, Limit: -1}, []string{"so-a", "so-c", "so-b", "so-d", "so-i", "so-e", "so-j", "so-z"}},
		{"within the commune", Filter{Near: "1080", Reach: "commune", Finality: doorstroom}, []string{"so-a", "so-c", "so-j", "so-z"}},
		{"within Brussels", Filter{Near: "1080", Reach: "brussels", Finality: doorstroom}, []string{"so-a", "so-c", "so-b", "so-j", "so-z"}},
		{"with the rim", Filter{Near: "1080", Reach: "around", Finality: doorstroom}, []string{"so-a", "so-c", "so-b", "so-d", "so-j", "so-z"}},
		{"within a radius", Filter{Near: "1080", RadiusKm: 7, Finality: doorstroom}, []string{"so-a", "so-c", "so-b", "so-j", "so-z"}},
		{"in one commune, by its name", Filter{Commune: "Evere"}, []string{"so-b", "so-c"}},
		{"in one commune, by its postcode", Filter{Commune: "1140"}, []string{"so-b", "so-c"}},
		{"dual courses have the form", Filter{Form: []catalogue.Form{"duaal"}}, []string{"so-g"}},
		{"more interests first", Filter{Interest: []catalogue.Field{"wood", "ict"}, Finality: doorstroom, Limit: 3}, []string{"so-i", "so-a", "so-b"}},
		{"by relevance", Filter{IDs: []string{"so-f", "so-x", "so-a", "so-f"}}, []string{"so-f", "so-a"}},
		{"none of none", Filter{IDs: []string{}}, nil},
		{"the second page", Filter{Near: "1080", Finality: doorstroom, Reach: "around", Offset: 2, Limit: 2}, []string{"so-b", "so-d"}},
		{"beyond the end", Filter{Offset: 100}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := s.Find(test.f)
			if !slices.Equal(ids(got), test.want) {
				t.Errorf("got %v, want %v", ids(got), test.want)
			}
			if n := s.Count(test.f); n != got.Total {
				t.Errorf("Count is %d, Total %d", n, got.Total)
			}
		})
	}
}

func TestTheFrontShowsVariety(t *testing.T) {
	s := town()
	got := s.Find(Filter{Near: "1080", Limit: 5})
	seen := map[catalogue.Finality]bool{}
	for _, f := range got.Courses {
		seen[f.Course.Finality] = true
	}
	if len(seen) < 2 {
		t.Errorf("the first five %v show one finality", ids(got))
	}
	got = s.Find(Filter{Near: "1080", Reach: "brussels", Limit: 5, Fields: []catalogue.Field{"ict"}})
	if !slices.Contains(ids(got), "so-g") {
		t.Errorf("the first five %v leave out the only other finality", ids(got))
	}
	all := s.Find(Filter{Near: "1080", Limit: -1})
	if all.Total != 11 || len(all.Courses) != 11 {
		t.Errorf("%d of %d courses, want 11", len(all.Courses), all.Total)
	}
	once := map[string]bool{}
	for _, id := range ids(all) {
		if once[id] {
			t.Errorf("%s stands twice in %v", id, ids(all))
		}
		once[id] = true
	}
}

func TestEachChosenInterestIsShown(t *testing.T) {
	s := town()
	// Without the course of both, wood would stand behind seven others.
	got := s.Find(Filter{Near: "1080", Interest: []catalogue.Field{"ict", "wood"}, IDs: []string{"so-a", "so-b", "so-c", "so-d", "so-e", "so-f", "so-h"}, Limit: 5})
	if !slices.Contains(ids(got), "so-h") {
		t.Errorf("the first five %v show no wood", ids(got))
	}
}

func TestOffersComeNearestFirst(t *testing.T) {
	s := town()
	got := s.Find(Filter{Near: "1080", IDs: []string{"so-c"}, Reach: "commune"})
	o := got.Courses[0].Offers
	if len(o) != 2 || o[0].Postcode != "1080" || *o[0].DistanceKm != 0 || !o[0].Inside || o[1].Inside || *o[1].DistanceKm != 5.7 {
		t.Errorf("offers are %v and %v km", *o[0].DistanceKm, *o[1].DistanceKm)
	}
	if got.Facets["commune"]["Evere"] != 1 || got.Facets["finality"]["doorstroom"] != 1 || got.Facets["field"]["ict"] != 1 {
		t.Errorf("facets are %v", got.Facets)
	}
	unknown := s.Find(Filter{Near: "1080", IDs: []string{"so-g", "so-j"}, Reach: "commune", Limit: -1})
	if len(unknown.Courses) != 2 || unknown.Courses[0].Inside || unknown.Courses[1].Inside {
		t.Errorf("courses of unknown place: %v", unknown.Courses)
	}
}

func TestThePointGoesBeforeThePostcode(t *testing.T) {
	s := town()
	lat, lon := 51.05, 3.72
	got := s.Find(Filter{Near: "1080", Lat: &lat, Lon: &lon, Reach: "commune", Finality: []catalogue.Finality{catalogue.Dubbel}})
	if !slices.Equal(ids(got), []string{"so-f"}) {
		t.Errorf("near Gent: %v, want so-f", ids(got))
	}
}

func TestShippedCoursesShowTwoFinalities(t *testing.T) {
	c, _ := shipped(t)
	s := NewCourses(c)
	for _, field := range catalogue.Fields {
		f := Filter{Near: "1080", Levels: []catalogue.Level{"grade2"}, Fields: []catalogue.Field{field}, Interest: []catalogue.Field{field}, Limit: 5}
		all := f
		all.Limit = -1
		count := func(r Result) int {
			seen := map[catalogue.Finality]bool{}
			for _, k := range r.Courses {
				if !k.Course.Unnamed && k.Course.Finality != "" {
					seen[k.Course.Finality] = true
				}
			}
			return len(seen)
		}
		if have, shown := count(s.Find(all)), count(s.Find(f)); shown < min(2, have) {
			t.Errorf("%s: %d finalities exist, the first five show %d", field, have, shown)
		}
	}
}
