package api

import (
	"net/http"
	"slices"

	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/library"
)

// Initiatives is the JSON of GET /api/v1/initiatives.
type Initiatives struct {
	Total       int          `json:"total"`
	Initiatives []Initiative `json:"initiatives"`
}

// An Initiative is something to try out, visit, read or ask outside the
// schools, in one language.
type Initiative struct {
	ID       string            `json:"id"`
	Kind     string            `json:"kind"`
	Name     string            `json:"name"`
	Text     string            `json:"text"`
	Note     string            `json:"note,omitempty"`
	For      []catalogue.Role  `json:"for"`    // none means everybody
	Fields   []catalogue.Field `json:"fields"` // none means all
	Ages     string            `json:"ages,omitempty"`
	Postcode string            `json:"postcode,omitempty"`
	Commune  string            `json:"commune,omitempty"`
	URL      string            `json:"url,omitempty"`
	Source   string            `json:"source"`
	AsOf     string            `json:"as_of"`
	Stale    bool              `json:"stale"`
}

// initiatives answers GET /api/v1/initiatives. Those that ended are left out.
func (a *api) initiatives(w http.ResponseWriter, r *http.Request) {
	p := parse(r.URL.RawQuery, "field", "kind", "lang")
	lang := p.lang()
	fields := list(p, "field", catalogue.Fields)
	kinds := list(p, "kind", library.InitiativeKinds)
	if p.err != nil {
		a.fail(w, r, p.err)
		return
	}
	v := a.Bot.View(lang, "")
	out := Initiatives{Initiatives: []Initiative{}}
	all := a.Bot.Knowledge().Library.Initiatives
	for i := range all {
		n := &all[i]
		about := func(f catalogue.Field) bool { return slices.Contains(fields, f) }
		if n.Gone || len(kinds) > 0 && !slices.Contains(kinds, n.Kind) ||
			len(fields) > 0 && len(n.Fields) > 0 && !slices.ContainsFunc(n.Fields, about) {
			continue
		}
		commune := n.Commune
		if m, ok := v.Catalogue.CommuneOf(n.Postcode, n.Commune); ok {
			commune = m.Name.In(lang)
		}
		out.Initiatives = append(out.Initiatives, Initiative{
			ID: n.ID, Kind: n.Kind, Name: n.Name, Text: n.Text.In(lang), Note: n.Note.In(lang),
			For: some(n.For), Fields: some(n.Fields), Ages: n.Ages, Postcode: n.Postcode, Commune: commune,
			URL: n.URL, Source: n.Source, AsOf: n.AsOf, Stale: catalogue.Stale(catalogue.OfferFact, n.AsOf, v.Today),
		})
	}
	out.Total = len(out.Initiatives)
	a.write(w, out)
}

// some is never null in JSON.
func some[T any](vs []T) []T {
	if vs == nil {
		return []T{}
	}
	return vs
}
