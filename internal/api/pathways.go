package api

import (
	"errors"
	"net/http"

	"wegwijs/bot"
	"wegwijs/internal/serve"
	"wegwijs/knowledge/catalogue"
)

// Pathways is the JSON of GET /api/v1/pathways: the ways from one course to
// another.
type Pathways struct {
	Direct bool      `json:"direct"` // one opens the other by itself
	Paths  []Pathway `json:"paths"`  // none is known when it is empty
}

// A Pathway is one way.
type Pathway struct {
	Steps []bot.Course `json:"steps"` // from the first course to the last
	Rules []Rule       `json:"rules"` // what must be met on the way
	Years *float64     `json:"years"` // of study in all; nil is unknown
}

// A Rule is one rule of the education system.
type Rule struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	Source string `json:"source"`
	AsOf   string `json:"as_of,omitempty"`
}

// A NoMatch says that a text names no course.
type NoMatch struct {
	Field string // "from" or "to"
}

func (n *NoMatch) Error() string { return n.Field + " matches no course" }

// pathways answers GET /api/v1/pathways. Both ends are an id or a text.
func (a *api) pathways(w http.ResponseWriter, r *http.Request) {
	p := parse(r.URL.RawQuery, "from", "to", "track", "lang")
	from, to, lang := p.one("from"), p.one("to"), p.lang()
	tracks := list(p, "track", catalogue.Tracks)
	for _, end := range []struct{ name, value string }{{"from", from}, {"to", to}} {
		if end.value == "" {
			p.bad(end.name, "write the id or the name of a course")
		}
	}
	if len(tracks) > 1 {
		p.bad("track", "give one")
	}
	switch {
	case p.err != nil:
		a.fail(w, r, p.err)
		return
	case a.Pathways == nil:
		a.fail(w, r, serve.Problem{Status: http.StatusNotImplemented, Detail: "this program knows no pathways yet"})
		return
	}
	var track catalogue.Track
	if len(tracks) == 1 {
		track = tracks[0]
	}
	out, err := a.Pathways(r.Context(), from, to, track, lang)
	var none *NoMatch
	if errors.As(err, &none) {
		err = serve.Problem{Status: http.StatusUnprocessableEntity, Type: "no-match", Field: none.Field, Detail: "this matches no course; use an id from /api/v1/courses or other words"}
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	out.Paths = some(out.Paths)
	for i := range out.Paths {
		out.Paths[i].Steps, out.Paths[i].Rules = some(out.Paths[i].Steps), some(out.Paths[i].Rules)
	}
	a.write(w, out)
}
