package api

import (
	"errors"
	"net/http"

	"wegwijs/bot"
	"wegwijs/internal/serve"
	"wegwijs/knowledge/catalogue"
)

// pathways answers GET /api/v1/pathways. Each end is an id or a text; one that
// is left out asks for all that the other opens, or all that leads to it.
func (a *api) pathways(w http.ResponseWriter, r *http.Request) {
	p := parse(r.URL.RawQuery, "from", "to", "track", "lang")
	from, to, lang := p.one("from"), p.one("to"), p.lang()
	tracks := list(p, "track", catalogue.Tracks)
	if from == "" && to == "" && len(tracks) == 0 {
		p.bad("from", "write from, to or both: the id or the name of a course, a level or a stage")
	}
	if len(tracks) > 1 {
		p.bad("track", "give one")
	}
	if p.err != nil {
		a.fail(w, r, p.err)
		return
	}
	var track catalogue.Track
	if len(tracks) == 1 {
		track = tracks[0]
	}
	out, err := a.Bot.Pathways(r.Context(), from, to, track, lang)
	var none *bot.NoMatch
	if errors.As(err, &none) {
		err = serve.Problem{Status: http.StatusUnprocessableEntity, Type: "no-match", Field: none.Field, Detail: "this matches no course, level or stage; use an id from /api/v1/courses or other words"}
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	out.Rules, out.Paths = some(out.Rules), some(out.Paths)
	a.write(w, out)
}
