package bot

import (
	"strings"
	"time"

	"wegwijs/bot/phrase"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// A View turns courses into what a visitor sees of them, in one language, on
// one day. The zero Near is no place.
type View struct {
	Lang      catalogue.Lang
	Words     *phrase.Book
	Catalogue *catalogue.Catalogue
	Today     time.Time
	Near      string            // postcode from which distances were measured
	Interest  []catalogue.Field // what the visitor likes, for the reasons
	Profile   catalogue.Profile // for the other reasons
}

// View is how the bot's visitors of language l see courses now.
func (b *Bot) View(l catalogue.Lang, near string) View {
	return View{Lang: l, Words: b.words, Catalogue: b.Knowledge().Catalogue, Today: b.now(), Near: near}
}

// course shows one course of this turn's list.
func (t *talk) course(f search.Found) Course {
	p := t.k.Tree.Profile(t.state)
	v := t.b.View(t.state.Lang, p.Postcode)
	v.Interest, v.Profile = p.Interest, p
	return v.Course(f)
}

// Course shows one course with its reasons.
func (v View) Course(f search.Found) Course {
	c := f.Course
	out := Course{
		ID: c.ID, Provider: c.Provider, Level: c.Level, Finality: c.Finality,
		Title: c.Title.In(v.Lang), TitleNL: c.Title.NL, FormerTitles: c.Former, Summary: c.Summary.In(v.Lang),
		Fields: c.Fields, Admission: v.conditions(c.Admission), LeadsTo: c.LeadsTo, Doors: v.doors(c),
		Shortage: c.Shortage(), Dual: c.Dual, Unnamed: c.Unnamed, Note: c.Note.In(v.Lang),
		Source: c.Source, AsOf: c.AsOf, Confidence: c.Confidence,
		Stale:  catalogue.Stale(catalogue.RuleFact, c.AsOf, v.Today),
		Offers: []Offer{},
	}
	if out.Fields == nil {
		out.Fields = []catalogue.Field{}
	}
	for _, o := range f.Offers {
		out.Offers = append(out.Offers, v.offer(o))
	}
	out.Why = v.why(f)
	return out
}

func (v View) offer(a search.At) Offer {
	o := a.Offer
	name := o.Institution
	if in, ok := v.Catalogue.Institution(o.Institution); ok {
		name = in.Name
	}
	commune := o.Commune
	if m, ok := v.Catalogue.CommuneOf(o.Postcode, o.Commune); ok && v.Lang == catalogue.FR {
		commune = m.Name.FR
	}
	out := Offer{
		ID: o.ID, Institution: name, Campus: o.Campus, Street: o.Street, Postcode: o.Postcode, Commune: commune,
		Lat: o.Lat, Lon: o.Lon, Approximate: o.Lat != nil && !o.Exact, DistanceKm: a.DistanceKm,
		Form: o.Form, Duration: o.Duration.In(v.Lang), PriceEUR: o.PriceEUR, Admission: v.conditions(o.Admission),
		TeachingLanguage: o.TeachingLanguage, Start: o.Start.In(v.Lang), Note: o.Note.In(v.Lang), URL: o.URL,
		Source: o.Source, AsOf: o.AsOf, Confidence: o.Confidence,
		Stale: catalogue.Stale(catalogue.OfferFact, o.AsOf, v.Today),
	}
	if out.Form == nil {
		out.Form = []catalogue.Form{}
	}
	if d, ok := v.Catalogue.Condition(o.PriceNote); ok {
		out.PriceNote = d.Text.In(v.Lang)
	}
	// An old price is said with its date or not at all.
	if o.PriceEUR != nil && *o.PriceEUR > 0 && catalogue.Stale(catalogue.PriceFact, o.AsOf, v.Today) && out.PriceNote == "" {
		out.PriceNote = v.Words.Say(v.Lang, "course.oldprice", map[string]any{"AsOf": o.AsOf})
	}
	return out
}

// conditions are the words of conditions, by their ids.
func (v View) conditions(ids []string) []string {
	var words []string
	for _, id := range ids {
		if d, ok := v.Catalogue.Condition(id); ok {
			words = append(words, d.Text.In(v.Lang))
		}
	}
	return words
}

// doors says in one sentence what stays open after the course.
func (v View) doors(c *catalogue.Course) string {
	id := "doors." + string(c.Finality)
	if c.Finality == "" || c.Level == "year7" { // a 7th year opens what its level opens
		id = "doors." + string(c.Level)
	}
	if c.Level == "" || !v.Words.Has(id) {
		return ""
	}
	return v.Words.Say(v.Lang, id, nil)
}

// why quotes the visitor's own answers, and says how far it is.
func (v View) why(f search.Found) []Why {
	var why []Why
	add := func(code string, args map[string]any) {
		why = append(why, Why{code, v.Words.Say(v.Lang, "why."+code, args)})
	}
	if len(f.Matched) > 0 {
		add("interest", map[string]any{"Fields": v.fields(f.Matched)})
	}
	if f.Preferred {
		add("search", nil)
	}
	if len(f.Toward) > 0 {
		add("toward", map[string]any{"Fields": v.fields(f.Toward)})
	}
	if s := v.Profile.Stage; s != "" {
		add("stage", map[string]any{"Stage": v.Words.Say(v.Lang, "value.stage."+string(s), nil)})
	}
	if v.Profile.Finality != "" && v.Profile.Finality == f.Course.Finality {
		add("finality", map[string]any{"Finality": v.Words.Say(v.Lang, "value.finality."+string(f.Course.Finality), nil)})
	}
	switch {
	case len(f.Offers) == 0:
		add("noplace", nil)
	case f.Offers[0].DistanceKm != nil && v.Near != "":
		id := "distance"
		switch {
		case !f.Offers[0].Exact && *f.Offers[0].DistanceKm == 0:
			id = "distance.here" // only the commune is known, and it is the visitor's own
		case !f.Offers[0].Exact:
			id = "distance.about"
		}
		why = append(why, Why{"distance", v.Words.Say(v.Lang, "why."+id, map[string]any{
			"Km": *f.Offers[0].DistanceKm, "Place": placeName(v.Catalogue, v.Near, v.Lang),
		})})
	}
	if f.Course.Shortage() {
		add("shortage", nil)
	}
	return why
}

// fields are the names of fields, as a list.
func (v View) fields(fs []catalogue.Field) string {
	names := make([]string, len(fs))
	for i, f := range fs {
		names[i] = v.Words.Say(v.Lang, "value.interest."+string(f), nil)
	}
	return strings.Join(names, ", ")
}
