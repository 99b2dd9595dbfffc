// Package library holds what the bot can explain: articles, terms,
// initiatives, shortage jobs and desks where people help. It reads and checks
// the data files of the knowledge folder; it answers nothing by itself.
package library

import "wegwijs/knowledge/catalogue"

// An Article answers one question that pupils, parents or counsellors ask. It
// is made of statements so that each has its own source and date.
type Article struct {
	ID    string           `yaml:"-"`     // the file's name without .yaml: "finality-dubbel"
	Topic string           `yaml:"topic"` // one of Topics
	For   []catalogue.Role `yaml:"for"`   // who asks it; none means everybody
	Title catalogue.Text   `yaml:"title"`
	// Body is read from top to bottom; the first statement answers by itself.
	Body []Statement `yaml:"body"`
	// Ask are questions as people type them; they find the article.
	Ask      catalogue.Words   `yaml:"ask"`
	Keywords catalogue.Words   `yaml:"keywords"`
	Fields   []catalogue.Field `yaml:"fields"` // when it is about some fields only
	See      []string          `yaml:"see"`    // ids of articles and terms to read next
}

// A Statement is one thing that is said, with where it comes from.
type Statement struct {
	Text   catalogue.Text `yaml:"text"`
	Source string         `yaml:"source"`
	AsOf   string         `yaml:"as_of"`
	URL    string         `yaml:"url"` // where the reader can look it up; "" if the source is no page
}

// Topics are the shelves of the library, in the order in which they are shown.
var Topics = []string{
	"structure", "finality", "certificates", "changing", "dual", "newcomers", "enrolment", "cost", "language",
	"higher", "adults", "jobs", "stem", "help", "practical", "about",
}

// A Term is a word of the education system and what it means.
type Term struct {
	ID     string          `yaml:"-"`    // the file's name without .yaml
	Name   catalogue.Text  `yaml:"name"` // NL is the official Dutch term
	Also   catalogue.Words `yaml:"also"` // abbreviations, plurals, old names
	Text   catalogue.Text  `yaml:"text"`
	Source string          `yaml:"source"`
	AsOf   string          `yaml:"as_of"`
}

// An Initiative is a place, event, site or organisation outside the schools
// where somebody can try out technology or get help with a choice.
type Initiative struct {
	ID       string            `yaml:"id"`
	Name     string            `yaml:"name"`
	Kind     string            `yaml:"kind"`     // one of InitiativeKinds
	For      []catalogue.Role  `yaml:"for"`      // none means everybody
	Ages     string            `yaml:"ages"`     // "8-18"; "" is unknown
	Fields   []catalogue.Field `yaml:"fields"`   // none means all
	Postcode string            `yaml:"postcode"` // "" is not at one place
	Commune  string            `yaml:"commune"`  // Dutch name; "" is not at one place
	URL      string            `yaml:"url"`
	Text     catalogue.Text    `yaml:"text"`
	Gone     bool              `yaml:"gone"` // known to have ended
	Note     catalogue.Text    `yaml:"note"`
	Source   string            `yaml:"source"`
	AsOf     string            `yaml:"as_of"`
}

// InitiativeKinds are what an initiative can be: something to do, to visit, to
// read or to ask.
var InitiativeKinds = []string{"tryout", "makerspace", "club", "event", "museum", "website", "guidance", "training", "campaign", "sector", "school-project", "role-models"}

// A Job is an occupation on a list of shortage jobs.
type Job struct {
	ID       string            `yaml:"id"`
	Name     catalogue.Text    `yaml:"name"`
	Keywords catalogue.Words   `yaml:"keywords"`
	Fields   []catalogue.Field `yaml:"fields"`
	Lists    []Listing         `yaml:"lists"` // at least one
}

// A Listing is one appearance of a job on an official list.
type Listing struct {
	By     string `yaml:"by"`   // "VDAB" (Flanders) or "Actiris" (Brussels)
	Year   string `yaml:"year"` // "2026"
	Source string `yaml:"source"`
}

// A Desk is where a person helps: an office or a help line.
type Desk struct {
	ID       string            `yaml:"id"`
	Name     string            `yaml:"name"`
	Kind     string            `yaml:"kind"`  // "guidance", "work", "school", "helpline", "french"
	Langs    []catalogue.Lang  `yaml:"langs"` // languages in which it helps
	Roles    []catalogue.Role  `yaml:"roles"`
	Stages   []catalogue.Stage `yaml:"stages"` // none means all
	Postcode string            `yaml:"postcode"`
	Commune  string            `yaml:"commune"`
	Street   string            `yaml:"street"`
	Phone    string            `yaml:"phone"`
	Email    string            `yaml:"email"`
	Chat     string            `yaml:"chat"` // address of its chat
	URL      string            `yaml:"url"`
	Hours    catalogue.Text    `yaml:"hours"` // empty is unknown
	Text     catalogue.Text    `yaml:"text"`  // for whom and for what
	Note     catalogue.Text    `yaml:"note"`
	Source   string            `yaml:"source"`
	AsOf     string            `yaml:"as_of"`
}
