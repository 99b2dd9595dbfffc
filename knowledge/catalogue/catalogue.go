// Package catalogue describes what can be studied: courses, who gives them
// and where. It holds values and their checks only: no files, no network, no
// clock of its own.
package catalogue

import (
	"slices"
	"sort"
)

// A Lang is a language the visitor reads: NL, FR or EN.
type Lang string

// The three languages of the project, in the order they are always listed.
const (
	NL Lang = "nl"
	FR Lang = "fr"
	EN Lang = "en"
)

// Langs lists every language, Dutch first: it is the language of the courses.
var Langs = []Lang{NL, FR, EN}

// ParseLang reads a language id; ok is false for anything but nl, fr and en.
func ParseLang(s string) (l Lang, ok bool) {
	l = Lang(s)
	return l, slices.Contains(Langs, l)
}

// A Text says the same thing in the three languages. The zero Text says nothing.
type Text struct {
	NL string `yaml:"nl" json:"nl"`
	FR string `yaml:"fr" json:"fr"`
	EN string `yaml:"en" json:"en"`
}

// In returns the text in language l; Dutch for any other value.
func (t Text) In(l Lang) string {
	switch l {
	case FR:
		return t.FR
	case EN:
		return t.EN
	}
	return t.NL
}

// Complete reports whether all three languages say something.
func (t Text) Complete() bool { return t.NL != "" && t.FR != "" && t.EN != "" }

// Words are search words in the three languages: everyday words, jobs and
// hobbies that should find a thing, without order.
type Words struct {
	NL []string `yaml:"nl"`
	FR []string `yaml:"fr"`
	EN []string `yaml:"en"`
}

// In returns the words of language l; Dutch for any other value.
func (w Words) In(l Lang) []string {
	switch l {
	case FR:
		return w.FR
	case EN:
		return w.EN
	}
	return w.NL
}

// A Course is what can be studied: a study direction, a programme or a
// training, as its provider names it. Where it can be followed is in Offers;
// none means that no place is known to us, not that none exists.
type Course struct {
	ID       string   `yaml:"id"`       // stable over re-imports: "so-technologische-wetenschappen-2"
	Provider Provider `yaml:"-"`        // from the file it stands in
	Level    Level    `yaml:"level"`    // "" only for an Unnamed course
	Finality Finality `yaml:"finality"` // "" if it has none (higher education) or the source does not say
	Fields   []Field  `yaml:"fields"`   // at least one, the closest first
	Title    Text     `yaml:"title"`    // NL is the official title; FR and EN are our translation
	Former   []string `yaml:"former"`   // earlier official Dutch titles
	Summary  Text     `yaml:"summary"`  // one to three short sentences, B1
	Keywords Words    `yaml:"keywords"` // words that should find it
	// Admission lists ids of Conditions: what a learner needs to start.
	Admission []string `yaml:"admission"`
	// LeadsTo lists what it opens: course ids, or outcome ids (see Outcomes).
	LeadsTo []string `yaml:"leads_to"`
	// Toward are the fields of the directions of the next grade that it leads
	// to, beside its own: electricity leads to networks. Filled by New.
	Toward []Field  `yaml:"-"`
	Jobs   []string `yaml:"jobs"` // ids of shortage jobs that it prepares for; "" fields mean none known
	// Dual is true when part of it is learned at a workplace under contract.
	Dual bool `yaml:"dual"`
	// Unnamed is true when the source names a domain or a group of courses but
	// not the direction itself. It is shown as such, never as a direction.
	Unnamed    bool       `yaml:"unnamed"`
	Note       Text       `yaml:"note"`       // what a reader must know to trust it; may be empty
	Source     string     `yaml:"source"`     // document or page it was read from; never empty
	AsOf       string     `yaml:"as_of"`      // see AsOf in fresh.go
	Confidence Confidence `yaml:"confidence"` // how sure the collector was
	Offers     []Offer    `yaml:"offers"`
}

// Shortage reports whether the course prepares for a job on a shortage list.
func (c *Course) Shortage() bool { return len(c.Jobs) > 0 }

// An Offer is where, when and how a course is given by one institution.
type Offer struct {
	ID          string   `yaml:"id"`
	Institution string   `yaml:"institution"` // id of an Institution
	Campus      string   `yaml:"campus"`
	Street      string   `yaml:"street"`   // "" takes the institution's
	Postcode    string   `yaml:"postcode"` // "" takes the institution's; "" there too is unknown
	Commune     string   `yaml:"commune"`  // Dutch name; "" takes the institution's
	Lat         *float64 `yaml:"lat"`      // degrees; nil is unknown
	Lon         *float64 `yaml:"lon"`      // degrees; nil is unknown
	Form        []Form   `yaml:"form"`
	Duration    Text     `yaml:"duration"`  // "2 jaar"; empty is unknown
	PriceEUR    *float64 `yaml:"price_eur"` // whole course, euro; nil is unknown, 0 is free
	// PriceNote and Admission are ids of Conditions.
	PriceNote        string     `yaml:"price_note"`
	Admission        []string   `yaml:"admission"`         // on top of the course's
	TeachingLanguage string     `yaml:"teaching_language"` // "nl", "en", "nl/fr"; "" is unknown
	Start            Text       `yaml:"start"`             // when it begins; empty is unknown
	Note             Text       `yaml:"note"`
	URL              string     `yaml:"url"`
	Source           string     `yaml:"source"`
	AsOf             string     `yaml:"as_of"`
	Confidence       Confidence `yaml:"confidence"`

	// Exact is false when Lat and Lon are only the middle of the commune.
	// Filled by New.
	Exact bool `yaml:"-"`
}

// An Institution is a school, college, centre or company that gives courses.
// Being listed does not make a school a STEM school.
type Institution struct {
	ID       string   `yaml:"id"`
	Name     string   `yaml:"name"`
	Network  string   `yaml:"network"` // school network, Dutch; "" outside secondary education
	Street   string   `yaml:"street"`
	Postcode string   `yaml:"postcode"`
	Commune  string   `yaml:"commune"` // Dutch name, as in the gazetteer
	Lat      *float64 `yaml:"lat"`
	Lon      *float64 `yaml:"lon"`
	URL      string   `yaml:"url"`
	Note     Text     `yaml:"note"`
	Source   string   `yaml:"source"`
	AsOf     string   `yaml:"as_of"`

	Provider Provider `yaml:"-"` // from the file it stands in
}

// A Condition is a sentence about admission or price that many courses share.
type Condition struct {
	ID     string `yaml:"id"`
	Text   Text   `yaml:"text"`
	Source string `yaml:"source"`
	AsOf   string `yaml:"as_of"`
}

// A Commune is one municipality of the gazetteer.
type Commune struct {
	Name   Text    `yaml:"name"`
	Region Region  `yaml:"region"`
	Lat    float64 `yaml:"lat"` // middle of the commune, degrees
	Lon    float64 `yaml:"lon"`
	// Parts are its postcodes, the main one first.
	Parts []Part `yaml:"parts"`
	// Aliases are other spellings of the commune's own name, and typing errors
	// that are often seen.
	Aliases []string `yaml:"aliases"`
}

// A Part is one postcode of a commune with the names people use for it.
type Part struct {
	Postcode string   `yaml:"postcode"`
	Names    []string `yaml:"names"` // sub-municipality names, Dutch and French; none for the main part
	// Around are neighbourhoods, stations and campuses inside it.
	Around []string `yaml:"around"`
}

// A Catalogue is everything that can be studied and where. It is built once by
// New, never changes after that, and is safe for concurrent use.
type Catalogue struct {
	Courses      []Course // by id
	Institutions []Institution
	Conditions   []Condition
	Communes     []Commune

	course      map[string]int
	institution map[string]int
	condition   map[string]int
	postcode    map[string]int // to Communes
}

// New builds the catalogue, sorts the courses by id and fills what an offer
// inherits from its institution. It does not judge: see Check.
func New(courses []Course, institutions []Institution, conditions []Condition, communes []Commune) *Catalogue {
	c := &Catalogue{
		Courses: courses, Institutions: institutions, Conditions: conditions, Communes: communes,
		course: map[string]int{}, institution: map[string]int{}, condition: map[string]int{}, postcode: map[string]int{},
	}
	sort.SliceStable(c.Courses, func(i, j int) bool { return c.Courses[i].ID < c.Courses[j].ID })
	for i := range c.Communes {
		for _, p := range c.Communes[i].Parts {
			c.postcode[p.Postcode] = i
		}
	}
	for i := range c.Institutions {
		c.institution[c.Institutions[i].ID] = i
	}
	for i := range c.Conditions {
		c.condition[c.Conditions[i].ID] = i
	}
	for i := range c.Courses {
		c.course[c.Courses[i].ID] = i
		for j := range c.Courses[i].Offers {
			c.complete(&c.Courses[i].Offers[j])
		}
	}
	for i := range c.Courses {
		c.lookAhead(&c.Courses[i])
	}
	return c
}

// lookAhead fills Toward of a course of the first or second grade.
func (c *Catalogue) lookAhead(k *Course) {
	if k.Level != "grade1" && k.Level != "grade2" {
		return
	}
	for _, id := range k.LeadsTo {
		next, ok := c.Course(id)
		if !ok {
			continue
		}
		for _, f := range next.Fields {
			if !slices.Contains(k.Fields, f) && !slices.Contains(k.Toward, f) {
				k.Toward = append(k.Toward, f)
			}
		}
	}
}

// complete fills an offer's empty address from its institution, and its
// coordinates from the institution or else the middle of the commune.
func (c *Catalogue) complete(o *Offer) {
	in, _ := c.Institution(o.Institution)
	ownAddress := o.Postcode != "" || o.Commune != ""
	if !ownAddress && in != nil {
		o.Postcode, o.Commune = in.Postcode, in.Commune
		if o.Street == "" {
			o.Street = in.Street
		}
	}
	if o.URL == "" && in != nil {
		o.URL = in.URL
	}
	o.Exact = o.Lat != nil && o.Lon != nil
	if !o.Exact && !ownAddress && in != nil && in.Lat != nil && in.Lon != nil {
		o.Lat, o.Lon, o.Exact = in.Lat, in.Lon, true
	}
	if o.Exact {
		return
	}
	if m, ok := c.CommuneOf(o.Postcode, o.Commune); ok {
		lat, lon := m.Lat, m.Lon
		o.Lat, o.Lon = &lat, &lon
	}
}

// Course returns the course with that id.
func (c *Catalogue) Course(id string) (*Course, bool) {
	i, ok := c.course[id]
	if !ok {
		return nil, false
	}
	return &c.Courses[i], true
}

// Institution returns the institution with that id.
func (c *Catalogue) Institution(id string) (*Institution, bool) {
	i, ok := c.institution[id]
	if !ok {
		return nil, false
	}
	return &c.Institutions[i], true
}

// Condition returns the condition with that id.
func (c *Catalogue) Condition(id string) (*Condition, bool) {
	i, ok := c.condition[id]
	if !ok {
		return nil, false
	}
	return &c.Conditions[i], true
}

// Postcode returns the commune that has that postcode.
func (c *Catalogue) Postcode(code string) (*Commune, bool) {
	i, ok := c.postcode[code]
	if !ok {
		return nil, false
	}
	return &c.Communes[i], true
}

// CommuneOf finds a commune by postcode, or else by its Dutch name.
func (c *Catalogue) CommuneOf(postcode, name string) (*Commune, bool) {
	if m, ok := c.Postcode(postcode); ok {
		return m, true
	}
	for i := range c.Communes {
		if name != "" && c.Communes[i].Name.NL == name {
			return &c.Communes[i], true
		}
	}
	return nil, false
}
