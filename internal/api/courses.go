package api

import (
	"net/http"

	"wegwijs/bot"
	"wegwijs/internal/serve"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// Courses on one page.
const (
	defaultLimit = 20
	maxLimit     = 100
	maxOffset    = 1_000_000
)

// Courses is the JSON of GET /api/v1/courses.
type Courses struct {
	Total   int          `json:"total"` // before limit and offset
	Courses []bot.Course `json:"courses"`
	// Facets counts all courses found, by provider, field, finality, level, form
	// and commune. A course counts once for each value that it has.
	Facets map[string]map[string]int `json:"facets"`
}

var facets = []string{"provider", "field", "finality", "level", "form", "commune"}

// courses answers GET /api/v1/courses: the catalogue by words and by facts.
func (a *api) courses(w http.ResponseWriter, r *http.Request) {
	p := parse(r.URL.RawQuery, "q", "provider", "field", "finality", "level", "form", "commune", "postcode", "near", "radius_km", "lang", "limit", "offset")
	c := a.Bot.Knowledge().Catalogue
	lang, words := p.lang(), p.one("q")
	f := search.Filter{
		Providers: list(p, "provider", catalogue.Providers),
		Fields:    list(p, "field", catalogue.Fields),
		Finality:  list(p, "finality", catalogue.Finalities),
		Levels:    list(p, "level", catalogue.Levels),
		Form:      list(p, "form", catalogue.Forms),
		Commune:   p.commune(c),
		Postcode:  p.postcode("postcode"),
		Near:      p.near(c),
		RadiusKm:  p.radius("radius_km"),
		Limit:     p.whole("limit", defaultLimit, 1, maxLimit),
		Offset:    p.whole("offset", 0, 0, maxOffset),
	}
	if f.RadiusKm > 0 && f.Near == "" {
		p.bad("radius_km", "say with near from where it is measured")
	}
	if p.err != nil {
		a.fail(w, r, p.err)
		return
	}
	res, err := a.Bot.SearchCourses(r.Context(), words, f, lang)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	out := Courses{Total: res.Total, Courses: make([]bot.Course, 0, len(res.Courses)), Facets: map[string]map[string]int{}}
	for _, name := range facets {
		out.Facets[name] = res.Facets[name]
		if out.Facets[name] == nil {
			out.Facets[name] = map[string]int{}
		}
	}
	v := a.Bot.View(lang, f.Near)
	for _, found := range res.Courses {
		out.Courses = append(out.Courses, v.Course(found))
	}
	a.write(w, out)
}

// course answers GET /api/v1/courses/{id}.
func (a *api) course(w http.ResponseWriter, r *http.Request) {
	p := parse(r.URL.RawQuery, "near", "lang")
	k := a.Bot.Knowledge()
	lang, near := p.lang(), p.near(k.Catalogue)
	if p.err != nil {
		a.fail(w, r, p.err)
		return
	}
	res := k.Courses.Find(search.Filter{IDs: []string{r.PathValue("id")}, Near: near, Limit: 1})
	if len(res.Courses) == 0 {
		a.fail(w, r, serve.Problem{Status: http.StatusNotFound, Type: "course-unknown", Field: "id", Detail: "there is no course with this id; it may have been renamed"})
		return
	}
	a.write(w, a.Bot.View(lang, near).Course(res.Courses[0]))
}
