package bot

import (
	"wegwijs/knowledge/catalogue"
)

// An Update is one thing a visitor did, the same for every channel. At most
// one of Text, Choices and Location is set; none of them opens a conversation.
type Update struct {
	Visitor  Visitor
	Channel  string         // "web", "api", "console", "telegram", "slack"; for statistics only
	Key      string         // the client's own id of this update; the same key is applied once. "" is never a double
	Lang     catalogue.Lang // "" is no preference; on a first update the language to begin in
	Switch   bool           // Lang was chosen by the visitor and wins over the one in use
	Text     string
	Choices  []string // ids or tokens of choices; several answer one question together
	Location *Point
}

// A Visitor names a conversation. It is opaque and cannot be guessed.
type Visitor string

// A Point is a position in degrees. It becomes a commune and is then forgotten.
type Point struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// A Reply is what one update is answered with. Its JSON is that of the public
// contract for /api/v1/chat.
type Reply struct {
	Session  Visitor        `json:"session"`
	Language catalogue.Lang `json:"language"`
	Turn     int            `json:"turn"`
	Messages []Message      `json:"messages"`
	Profile  Profile        `json:"profile"`
	Relaxed  []string       `json:"relaxed"`
	Done     bool           `json:"done"`
	// Saved are the course ids on the shortlist.
	Saved []string `json:"saved,omitempty"`
	// Offer is another language that the visitor seems to write in.
	Offer catalogue.Lang `json:"offer_language,omitempty"`
	// Export is the visitor's own data, after the command export.
	Export *Export `json:"export,omitempty"`
	// Forgotten is true once nothing of the visitor is kept any more.
	Forgotten bool `json:"forgotten,omitempty"`
}

// A Message is one bubble: words, and what belongs to them.
type Message struct {
	Text    string   `json:"text"`
	Courses []Course `json:"courses,omitempty"`
	Answers []Answer `json:"answers,omitempty"`
	Choices []Choice `json:"choices,omitempty"`
	Ask     *Ask     `json:"ask,omitempty"`
	// Kind marks messages that a channel shows in another way: "crisis",
	// "aside", "results", "compare", "quiz", "share". "" is an ordinary bubble.
	Kind string `json:"kind,omitempty"`
	// Link is where the shortlist can be read by others.
	Link *Link `json:"link,omitempty"`
}

// A Link opens a shared list. The addresses are whole when the bot knows its
// own, else they begin with the path.
type Link struct {
	URL   string `json:"url"`
	Print string `json:"print"` // the same list on one sheet
	Until string `json:"until"` // day on which it ends: "2026-12-24"
}

// A Choice is one button.
type Choice struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Token string `json:"token"`
	On    bool   `json:"on,omitempty"`
	Count *int   `json:"count,omitempty"` // courses left if chosen; nil was not counted
}

// An Ask describes the open question.
type Ask struct {
	Slot     string `json:"slot"`
	Multiple bool   `json:"multiple"`
	FreeText bool   `json:"free_text"` // always true: every question can be answered in words
	Location bool   `json:"location"`
}

// A Profile is what the visitor has told, by the slots of the contract.
type Profile struct {
	Role     catalogue.Role     `json:"role,omitempty"`
	Stage    catalogue.Stage    `json:"stage,omitempty"`
	Track    catalogue.Track    `json:"track,omitempty"`
	Finality catalogue.Finality `json:"finality,omitempty"`
	Interest []catalogue.Field  `json:"interest,omitempty"`
	Place    string             `json:"place,omitempty"`
	Reach    catalogue.Reach    `json:"reach,omitempty"`
	Form     []catalogue.Form   `json:"form,omitempty"`
}

// An Answer is one thing found for a free question.
type Answer struct {
	Kind   string  `json:"kind"`
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Text   string  `json:"text,omitempty"`
	URL    string  `json:"url,omitempty"`
	Source string  `json:"source,omitempty"`
	AsOf   string  `json:"as_of,omitempty"`
	Score  float64 `json:"score"` // 0 to 1
	Course *Course `json:"course,omitempty"`
	Stale  bool    `json:"stale,omitempty"`
	// Why explains the ranking; filled only when it was asked for.
	Why string `json:"why,omitempty"`
}

// A Course is a course as a visitor sees it: in one language, with distances
// from where he lives and the reasons why it is shown. Its JSON is that of the
// public contract.
type Course struct {
	ID           string               `json:"id"`
	Provider     catalogue.Provider   `json:"provider"`
	Level        catalogue.Level      `json:"level,omitempty"`
	Finality     catalogue.Finality   `json:"finality,omitempty"`
	Title        string               `json:"title"`
	TitleNL      string               `json:"title_nl"`
	FormerTitles []string             `json:"former_titles,omitempty"`
	Summary      string               `json:"summary"`
	Fields       []catalogue.Field    `json:"fields"`
	Admission    []string             `json:"admission,omitempty"`
	LeadsTo      []string             `json:"leads_to,omitempty"`
	Doors        string               `json:"doors,omitempty"` // what stays open after it, in words
	Shortage     bool                 `json:"shortage"`
	Dual         bool                 `json:"dual,omitempty"`
	Unnamed      bool                 `json:"unnamed,omitempty"`
	Note         string               `json:"note,omitempty"`
	Source       string               `json:"source"`
	AsOf         string               `json:"as_of"`
	Confidence   catalogue.Confidence `json:"confidence"`
	Stale        bool                 `json:"stale"`
	Offers       []Offer              `json:"offers"`
	Why          []Why                `json:"why,omitempty"`
}

// An Offer is where a course can be followed; nearest first.
type Offer struct {
	ID               string               `json:"id"`
	Institution      string               `json:"institution"`
	Campus           string               `json:"campus,omitempty"`
	Street           string               `json:"street,omitempty"`
	Postcode         string               `json:"postcode,omitempty"`
	Commune          string               `json:"commune,omitempty"`
	Lat              *float64             `json:"lat"`
	Lon              *float64             `json:"lon"`
	Approximate      bool                 `json:"approximate,omitempty"` // lat and lon are the middle of the commune
	DistanceKm       *float64             `json:"distance_km"`
	Form             []catalogue.Form     `json:"form"`
	Duration         string               `json:"duration,omitempty"`
	PriceEUR         *float64             `json:"price_eur"`
	PriceNote        string               `json:"price_note,omitempty"`
	Admission        []string             `json:"admission,omitempty"`
	TeachingLanguage string               `json:"teaching_language,omitempty"`
	Start            string               `json:"start,omitempty"`
	Note             string               `json:"note,omitempty"`
	URL              string               `json:"url,omitempty"`
	Source           string               `json:"source"`
	AsOf             string               `json:"as_of"`
	Confidence       catalogue.Confidence `json:"confidence"`
	Stale            bool                 `json:"stale"`
}

// A Why is one reason why a course is shown.
type Why struct {
	Code string `json:"code"` // "interest", "distance", "stage", "finality", "form", "noplace", "search"
	Text string `json:"text"`
}

// An Export is everything that is kept of a visitor.
type Export struct {
	Language catalogue.Lang `json:"language"`
	Profile  Profile        `json:"profile"`
	Answers  []Given        `json:"answers"`
	Saved    []string       `json:"saved"`
	Counted  []string       `json:"counted,omitempty"` // what was added to the anonymous tally: field@commune
}

// A Given is one answer of the log.
type Given struct {
	Slot    string   `json:"slot"`
	Values  []string `json:"values,omitempty"`
	Skipped bool     `json:"skipped,omitempty"`
	Turn    int      `json:"turn"`
}
