package search

import (
	"wegwijs/knowledge/catalogue"
)

// A Kind is a kind of thing that can be found. Its ids are those of the public
// contract.
type Kind string

// The kinds.
const (
	CourseKind     Kind = "course"
	ArticleKind    Kind = "article"
	TermKind       Kind = "term"
	RuleKind       Kind = "rule"
	PathwayKind    Kind = "pathway"
	InitiativeKind Kind = "initiative"
	JobKind        Kind = "job"
	PlaceKind      Kind = "place"
)

// A Doc is one thing that can be found. ID is unique within its Kind; all else
// may be empty.
type Doc struct {
	Kind  Kind
	ID    string
	Title catalogue.Text
	// Also are other names, in any language: former titles, abbreviations. They
	// count as titles.
	Also []string
	// Words find the thing: everyday words, jobs, hobbies.
	Words catalogue.Words
	// Extra are facts that may be part of a query, in any language, such as its
	// institution, level or form. They count less than Words.
	Extra []string
	// Ask are questions as people type them, for which this is the answer.
	Ask catalogue.Words
	// Body is found only when nothing else is.
	Body catalogue.Text
	// Fields it belongs to: the names of a field find everything in it.
	Fields []catalogue.Field
}

// levelWords are how people call a level, in the three languages.
var levelWords = map[catalogue.Level][]string{
	"grade1":        {"eerste graad", "premier degré", "first grade"},
	"grade2":        {"tweede graad", "deuxième degré", "second grade", "derde middelbaar", "vierde middelbaar"},
	"grade3":        {"derde graad", "troisième degré", "third grade", "vijfde middelbaar", "zesde middelbaar"},
	"year7":         {"zevende jaar", "7de jaar", "septième année", "7e année", "seventh year", "7th year"},
	"graduaat":      {"graduaat", "graduaten", "graduat", "associate degree"},
	"bachelor-prof": {"professionele bachelor", "bachelier professionnel", "professional bachelor", "hogeschool"},
	"bachelor-acad": {"academische bachelor", "bachelier académique", "academic bachelor", "universiteit", "université", "university"},
	"bridging":      {"schakelprogramma", "passerelle", "bridging programme"},
	"banaba":        {"banaba", "bachelor na bachelor", "bachelier de spécialisation", "advanced bachelor"},
	"master":        {"master", "universiteit", "université", "university"},
}

// CourseDocs are the courses of c, in the order of c.Courses.
func CourseDocs(c *catalogue.Catalogue) []Doc {
	docs := make([]Doc, len(c.Courses))
	for i := range c.Courses {
		k := &c.Courses[i]
		extra := append([]string{string(k.Provider), string(k.Finality)}, levelWords[k.Level]...)
		if k.Dual {
			extra = append(extra, "duaal", "duaal leren", "alternance", "en alternance", "dual", "apprenticeship")
		}
		for j := range k.Offers {
			if in, ok := c.Institution(k.Offers[j].Institution); ok {
				extra = append(extra, in.Name)
			}
		}
		docs[i] = Doc{
			Kind: CourseKind, ID: k.ID, Title: k.Title, Also: k.Former, Words: k.Keywords,
			Extra: extra, Body: k.Summary, Fields: k.Fields,
		}
	}
	return docs
}

// PlaceDocs are the communes of c by their main postcode, with all the names
// that people use for them and their parts.
func PlaceDocs(c *catalogue.Catalogue) []Doc {
	var docs []Doc
	for i := range c.Communes {
		m := &c.Communes[i]
		if len(m.Parts) == 0 {
			continue
		}
		also := append([]string(nil), m.Aliases...)
		for _, p := range m.Parts {
			also = append(also, p.Postcode)
			also = append(also, p.Names...)
			also = append(also, p.Around...)
		}
		docs = append(docs, Doc{Kind: PlaceKind, ID: m.Parts[0].Postcode, Title: m.Name, Also: also})
	}
	return docs
}
