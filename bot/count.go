package bot

import (
	"slices"

	"wegwijs/bot/dialogue"
	"wegwijs/knowledge/catalogue"
)

// A Count is one thing to add one to in the tally. It says what was lacking
// where, and nothing of who asked.
type Count struct {
	Kind     string // "blind": no place within the reach that was asked for
	Field    catalogue.Field
	Finality catalogue.Finality
	Commune  string // its main postcode
	Language catalogue.Lang
}

// Blind is the kind of a Count for a place that the offer lacks.
const Blind = "blind"

// maxCounted bounds what one conversation can count, so that no script fills
// the tally from one.
const maxCounted = 20

// blind counts that there is no place for these fields within reach of the
// postcode: each field and commune once in a conversation, however often the
// list is looked at.
func (t *talk) blind(fields []catalogue.Field, finality catalogue.Finality, postcode string) {
	m, ok := t.k.Catalogue.Postcode(postcode)
	if !ok {
		return
	}
	if len(fields) == 0 {
		fields = []catalogue.Field{""}
	}
	for _, f := range fields {
		c := Count{Kind: Blind, Field: f, Finality: finality, Commune: m.Parts[0].Postcode, Language: t.state.Lang}
		key := string(f) + "@" + c.Commune
		if slices.Contains(t.counted, key) || len(t.counted) >= maxCounted {
			continue
		}
		t.counted = append(slices.Clip(t.counted), key)
		t.counts = append(t.counts, c)
	}
}

// blindList counts a list without a place within the reach that was asked for.
// first is the first search of the turn: later ones are already loosened.
func (t *talk) blindList(first dialogue.Find, found dialogue.Found) {
	p := first.Profile
	if found.Inside > 0 || p.Postcode == "" || first.Offset > 0 {
		return
	}
	t.blind(p.Interest, p.Finality, p.Postcode)
}

// blindAside counts a question that named a commune where none of the courses
// that answer it has a place.
func (t *talk) blindAside(out Answers, told []dialogue.Told, near string) {
	var fields []catalogue.Field
	named := false
	for _, w := range told {
		switch w.Slot {
		case "place":
			named = true
		case "interest":
			for _, v := range w.Values {
				fields = append(fields, catalogue.Field(v))
			}
		}
	}
	here, ok := t.k.Catalogue.Postcode(near)
	if out.Kind != "courses" || !named || !ok {
		return
	}
	for _, a := range out.Answers {
		if a.Course == nil {
			continue
		}
		if len(fields) == 0 {
			fields = a.Course.Fields[:min(1, len(a.Course.Fields))]
		}
		for _, o := range a.Course.Offers {
			if m, ok := t.k.Catalogue.CommuneOf(o.Postcode, o.Commune); ok && m == here {
				return
			}
		}
	}
	t.blind(fields, t.k.Tree.Profile(t.state).Finality, near)
}
