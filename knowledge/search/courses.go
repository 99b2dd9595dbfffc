package search

import (
	"cmp"
	"math"
	"slices"

	"wegwijs/knowledge/catalogue"
)

// Courses filters and orders the courses of a catalogue by their facts. It
// never changes and is safe for concurrent use.
type Courses struct {
	c      *catalogue.Catalogue
	rows   []row          // by course, as in the catalogue
	number map[string]int // course id to row
}

// row is what filters and order need of one course.
type row struct {
	course *catalogue.Course
	title  string // folded Dutch title
	spots  []spot // by offer
}

// spot is where an offer is.
type spot struct {
	commune  string // Dutch name; "" is unknown
	region   catalogue.Region
	known    bool // the commune or point is known
	point    bool // lat and lon are known
	lat, lon float64
}

// NewCourses reads the columns of c.
func NewCourses(c *catalogue.Catalogue) *Courses {
	s := &Courses{c: c, rows: make([]row, len(c.Courses)), number: map[string]int{}}
	for i := range c.Courses {
		k := &c.Courses[i]
		s.number[k.ID] = i
		r := row{course: k, title: Fold(k.Title.NL)}
		for j := range k.Offers {
			o := &k.Offers[j]
			p := spot{commune: o.Commune}
			if m, ok := c.CommuneOf(o.Postcode, o.Commune); ok {
				p.commune, p.region, p.known = m.Name.NL, m.Region, true
			}
			if o.Lat != nil && o.Lon != nil {
				p.lat, p.lon, p.point, p.known = *o.Lat, *o.Lon, true, true
			}
			r.spots = append(r.spots, p)
		}
		s.rows[i] = r
	}
	return s
}

// A Filter says which courses are wanted. The zero Filter wants all. Lists mean
// any of; an unknown fact never fits a list.
type Filter struct {
	Providers []catalogue.Provider
	Fields    []catalogue.Field
	Finality  []catalogue.Finality
	Levels    []catalogue.Level
	Form      []catalogue.Form
	// Commune is a Dutch name or a postcode; the course must be given in that
	// municipality. Postcode is one part of it.
	Commune  string
	Postcode string
	// Near is the postcode that distances are measured from; Lat and Lon, when
	// set, are a point in degrees that goes before it. A postcode that is not in
	// the gazetteer is no place.
	Near     string
	Lat, Lon *float64
	// RadiusKm is the furthest distance from there; 0 is no limit.
	RadiusKm float64
	// Reach is how far the learner can travel: to the commune of Near, Brussels,
	// Brussels and the rim, or anywhere. "" is anywhere.
	Reach catalogue.Reach
	// IDs limits the courses to these, the most relevant first. Nil means all;
	// empty means none.
	IDs []string
	// Interest are the fields the learner likes; they order and do not filter.
	Interest []catalogue.Field
	// Prefer are course ids that go before others, whatever their order here.
	Prefer []string
	// First is a provider whose courses come before others that fit equally
	// well and have a known place too; "" is none.
	First catalogue.Provider
	// Limit is the most courses returned: 0 means 10, negative all.
	Limit  int
	Offset int
}

// A Result is one page of courses and the counts over all of them.
type Result struct {
	Total   int // before Limit and Offset
	Inside  int // of Total, courses with an offer that fits the place and form
	Courses []Found
	// Facets counts the courses by provider, field, finality, level, form and
	// commune (Dutch name). A course counts once for each value it has.
	Facets map[string]map[string]int
}

// A Found is one course that fits.
type Found struct {
	Course *catalogue.Course
	// Offers are all its offers: those that fit first, nearest first.
	Offers []At
	// Inside is true when an offer fits the place and form that were asked. It
	// is false for a course that is only listed because its place is unknown.
	Inside bool
	// Matched are the chosen interests that it belongs to, in their order.
	Matched []catalogue.Field
	// Toward are those that it leads to in the next grade.
	Toward []catalogue.Field
	// Preferred is true for one of Filter.Prefer.
	Preferred bool
}

// An At is an offer and how far it is.
type At struct {
	*catalogue.Offer
	// DistanceKm is the distance as the crow flies, rounded to 0.1; nil when the
	// place of the offer or of the learner is unknown.
	DistanceKm *float64
	// Inside is true when this offer fits the place and form that were asked.
	Inside bool
}

// front is how many results a visitor sees first; they show variety.
const front = 5

// from is where the learner is.
type from struct {
	commune  string
	lat, lon float64
	point    bool
}

func (s *Courses) from(f *Filter) (p from) {
	if f.Lat != nil && f.Lon != nil {
		p = from{lat: *f.Lat, lon: *f.Lon, point: true}
		if m, _ := s.c.Near(p.lat, p.lon); m != nil {
			p.commune = m.Name.NL
		}
		return p
	}
	if m, ok := s.c.CommuneOf(f.Near, f.Near); ok {
		return from{commune: m.Name.NL, lat: m.Lat, lon: m.Lon, point: true}
	}
	return p
}

// Count is the Total of Find, without the rest.
func (s *Courses) Count(f Filter) int {
	n := 0
	from := s.from(&f)
	commune := s.communeName(f.Commune)
	for _, i := range s.wanted(&f) {
		if fits, _ := s.fits(&s.rows[i], &f, from, commune); fits {
			n++
		}
	}
	return n
}

// Find returns the courses that fit, always in the same order: more of the
// chosen interests first, after those that are preferred; then what IDs put first; then a known place before an
// unknown one; then nearer; then by title and id. Courses without a name of
// their own come last. Without an asked finality and IDs the finalities take
// turns, and the first five show two of them and every chosen interest, when
// they exist. School and finality never decide the order.
func (s *Courses) Find(f Filter) Result {
	from := s.from(&f)
	commune := s.communeName(f.Commune)
	var all []candidate
	r := Result{Facets: map[string]map[string]int{}}
	for rank, i := range s.wanted(&f) {
		row := &s.rows[i]
		fits, inside := s.fits(row, &f, from, commune)
		if !fits {
			continue
		}
		c := candidate{row: row, inside: inside, preferred: slices.Contains(f.Prefer, row.course.ID), first: f.First != "" && row.course.Provider == f.First, interests: 2*overlap(f.Interest, row.course.Fields) + overlap(f.Interest, row.course.Toward), km: math.Inf(1)}
		if f.IDs != nil {
			c.rank = rank
		}
		for j := range row.spots {
			if row.spots[j].known {
				c.placed = true
			}
			if inside && !s.offerFits(row, j, &f, from, commune) {
				continue
			}
			if km, ok := distance(from, &row.spots[j]); ok {
				c.km = min(c.km, km)
			}
		}
		all = append(all, c)
		if inside {
			r.Inside++
		}
		r.count(row)
	}
	slices.SortFunc(all, compare)
	if len(f.Finality) == 0 && f.IDs == nil {
		takeTurns(all)
		showTwo(all)
	}
	showInterests(all, f.Interest)

	r.Total = len(all)
	limit := f.Limit
	switch {
	case limit == 0:
		limit = 10
	case limit < 0:
		limit = len(all)
	}
	offset := min(max(f.Offset, 0), len(all))
	for _, c := range all[offset:min(len(all), offset+limit)] {
		r.Courses = append(r.Courses, s.found(c, &f, from, commune))
	}
	return r
}

// candidate is a course that fits, with what its place in the order depends on.
type candidate struct {
	row       *row
	interests int // two for each chosen interest that it belongs to, one for each that it leads to
	rank      int
	inside    bool
	placed    bool
	preferred bool
	first     bool // of the provider that goes before equal ones
	km        float64
}

func compare(a, b candidate) int {
	return cmp.Or(
		less(a.row.course.Unnamed, b.row.course.Unnamed),
		less(!a.preferred, !b.preferred),
		-cmp.Compare(a.interests, b.interests),
		cmp.Compare(a.rank, b.rank),
		less(!a.inside, !b.inside),
		less(!a.placed, !b.placed),
		less(!a.first, !b.first),
		cmp.Compare(a.km, b.km),
		cmp.Compare(a.row.title, b.row.title),
		cmp.Compare(a.row.course.ID, b.row.course.ID))
}

// less orders false before true.
func less(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// takeTurns lets the finalities alternate among courses that are equal but for
// their distance.
func takeTurns(all []candidate) {
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && level(all[i], all[j]) {
			j++
		}
		alternate(all[i:j])
		i = j
	}
}

func level(a, b candidate) bool {
	return a.row.course.Unnamed == b.row.course.Unnamed && a.preferred == b.preferred && a.first == b.first && a.interests == b.interests && a.inside == b.inside && a.placed == b.placed
}

// alternate lets the finalities take turns, each in its own order; who has the
// first course begins.
func alternate(all []candidate) {
	queues := map[catalogue.Finality][]candidate{}
	var turns []catalogue.Finality
	for _, c := range all {
		f := c.row.course.Finality
		if queues[f] == nil {
			turns = append(turns, f)
		}
		queues[f] = append(queues[f], c)
	}
	if len(turns) < 2 {
		return
	}
	for i := 0; i < len(all); {
		for _, f := range turns {
			if len(queues[f]) > 0 {
				all[i], queues[f] = queues[f][0], queues[f][1:]
				i++
			}
		}
	}
}

// showTwo makes sure that the front shows two finalities.
func showTwo(all []candidate) {
	if len(all) <= front {
		return
	}
	seen := map[catalogue.Finality]bool{}
	for _, c := range all[:front] {
		if f := c.row.course.Finality; f != "" {
			seen[f] = true
		}
	}
	if len(seen) >= 2 {
		return
	}
	for i := front; i < len(all); i++ {
		if f := all[i].row.course.Finality; f != "" && !seen[f] && !all[i].row.course.Unnamed {
			seen[f] = true
			raise(all, i, front-1)
			if len(seen) >= 2 {
				return
			}
			i = front - 1
		}
	}
}

// showInterests makes sure that the front shows each chosen interest that has a
// course, as far as it has room.
func showInterests(all []candidate, interest []catalogue.Field) {
	if len(all) <= front || len(interest) < 2 {
		return
	}
	for _, f := range interest {
		has := func(c candidate) bool { return slices.Contains(c.row.course.Fields, f) }
		if slices.ContainsFunc(all[:front], has) {
			continue
		}
		i := slices.IndexFunc(all, has)
		if i < 0 {
			continue
		}
		// The last of the front whose going leaves its interests and finality shown.
		for at := front - 1; at >= 0; at-- {
			if spare(all[:front], at, interest) {
				c := all[at]
				all[at] = all[i]
				// What gives way stays next in line.
				copy(all[front+1:i+1], all[front:i])
				all[front] = c
				break
			}
		}
	}
}

// spare reports whether the front shows as much without the course at place at.
func spare(all []candidate, at int, interest []catalogue.Field) bool {
	mine := all[at].row.course
	finality := mine.Finality == ""
	missing := map[catalogue.Field]bool{}
	for _, f := range interest {
		if slices.Contains(mine.Fields, f) {
			missing[f] = true
		}
	}
	for i, c := range all {
		if i == at {
			continue
		}
		finality = finality || c.row.course.Finality == mine.Finality
		for _, f := range c.row.course.Fields {
			delete(missing, f)
		}
	}
	return finality && len(missing) == 0
}

// raise moves the course at i up to place to.
func raise(all []candidate, i, to int) {
	c := all[i]
	copy(all[to+1:i+1], all[to:i])
	all[to] = c
}

// wanted are the rows to look at, in the order of relevance when there is one.
func (s *Courses) wanted(f *Filter) []int {
	var rows []int
	if f.IDs == nil {
		rows = make([]int, len(s.rows))
		for i := range rows {
			rows[i] = i
		}
		return rows
	}
	for _, id := range f.IDs {
		if i, ok := s.number[id]; ok && !slices.Contains(rows, i) {
			rows = append(rows, i)
		}
	}
	return rows
}

// communeName is the Dutch name of a commune given by name or postcode.
func (s *Courses) communeName(commune string) string {
	if m, ok := s.c.CommuneOf(commune, commune); ok {
		return m.Name.NL
	}
	return commune
}

// fits reports whether a course fits, and whether one of its offers does. A
// course whose places are all unknown fits a reach, but no commune.
func (s *Courses) fits(r *row, f *Filter, p from, commune string) (fits, inside bool) {
	k := r.course
	if len(f.Providers) > 0 && !slices.Contains(f.Providers, k.Provider) ||
		len(f.Levels) > 0 && !slices.Contains(f.Levels, k.Level) ||
		len(f.Finality) > 0 && !slices.Contains(f.Finality, k.Finality) ||
		len(f.Fields) > 0 && overlap(f.Fields, k.Fields)+overlap(f.Fields, k.Toward) == 0 {
		return false, false
	}
	for j := range r.spots {
		if s.offerFits(r, j, f, p, commune) {
			return true, true
		}
	}
	if commune != "" || f.Postcode != "" {
		return false, false
	}
	if len(r.spots) == 0 {
		return len(f.Form) == 0 || k.Dual && slices.Contains(f.Form, "duaal"), false
	}
	for j := range r.spots {
		if !r.spots[j].known && s.formFits(k, &k.Offers[j], f) {
			return true, false
		}
	}
	return false, false
}

func (s *Courses) formFits(k *catalogue.Course, o *catalogue.Offer, f *Filter) bool {
	return len(f.Form) == 0 || overlap(f.Form, o.Form) > 0 || k.Dual && slices.Contains(f.Form, "duaal")
}

// offerFits reports whether offer j is given where and how it was asked. An
// offer of unknown place is within no reach.
func (s *Courses) offerFits(r *row, j int, f *Filter, p from, commune string) bool {
	o, at := &r.course.Offers[j], &r.spots[j]
	if !s.formFits(r.course, o, f) ||
		commune != "" && at.commune != commune ||
		f.Postcode != "" && o.Postcode != f.Postcode {
		return false
	}
	switch f.Reach {
	case "commune":
		if p.commune != "" && at.commune != p.commune {
			return false
		}
	case "brussels":
		if at.region != catalogue.Brussels {
			return false
		}
	case "around":
		if at.region != catalogue.Brussels && at.region != catalogue.Rim {
			return false
		}
	}
	if f.RadiusKm > 0 && p.point {
		km, ok := distance(p, at)
		return ok && km <= f.RadiusKm
	}
	return true
}

// distance is in km; ok is false when either place is unknown.
func distance(p from, at *spot) (km float64, ok bool) {
	if !p.point || !at.point {
		return 0, false
	}
	return catalogue.Km(p.lat, p.lon, at.lat, at.lon), true
}

func (s *Courses) found(c candidate, f *Filter, p from, commune string) Found {
	k := c.row.course
	out := Found{Course: k, Inside: c.inside, Preferred: c.preferred, Offers: make([]At, len(k.Offers))}
	for _, i := range f.Interest {
		if slices.Contains(k.Fields, i) {
			out.Matched = append(out.Matched, i)
		}
		if slices.Contains(k.Toward, i) {
			out.Toward = append(out.Toward, i)
		}
	}
	for j := range k.Offers {
		at := At{Offer: &k.Offers[j], Inside: s.offerFits(c.row, j, f, p, commune)}
		if km, ok := distance(p, &c.row.spots[j]); ok {
			km = math.Round(km*10) / 10
			at.DistanceKm = &km
		}
		out.Offers[j] = at
	}
	slices.SortStableFunc(out.Offers, func(a, b At) int {
		return cmp.Or(less(!a.Inside, !b.Inside), less(a.DistanceKm == nil, b.DistanceKm == nil), cmp.Compare(km(a), km(b)))
	})
	return out
}

func km(a At) float64 {
	if a.DistanceKm == nil {
		return 0
	}
	return *a.DistanceKm
}

// count adds a course to the facets.
func (r *Result) count(row *row) {
	add := func(facet, value string) {
		if value == "" {
			return
		}
		if r.Facets[facet] == nil {
			r.Facets[facet] = map[string]int{}
		}
		r.Facets[facet][value]++
	}
	k := row.course
	add("provider", string(k.Provider))
	add("finality", string(k.Finality))
	add("level", string(k.Level))
	for _, f := range k.Fields {
		add("field", string(f))
	}
	var forms []catalogue.Form
	if k.Dual {
		forms = append(forms, "duaal")
	}
	var communes []string
	for j := range k.Offers {
		for _, f := range k.Offers[j].Form {
			if !slices.Contains(forms, f) {
				forms = append(forms, f)
			}
		}
		if m := row.spots[j].commune; !slices.Contains(communes, m) {
			communes = append(communes, m)
		}
	}
	for _, f := range forms {
		add("form", string(f))
	}
	for _, m := range communes {
		add("commune", m)
	}
}

// overlap is how many of a are in b.
func overlap[T comparable](a, b []T) (n int) {
	for _, v := range a {
		if slices.Contains(b, v) {
			n++
		}
	}
	return n
}
