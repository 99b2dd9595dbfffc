package web

import (
	"encoding/base64"
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
)

// A view is all that a page shows.
type view struct {
	Reply     bot.Reply
	Key       string // message id of the forms
	Note      string // message id of what went wrong, "" when nothing did
	Text      string // what was typed and is to be mended
	Days      int    // how long an idle visitor is remembered
	Static    string // folder of the style and the script
	Canonical string
	Turn      turn
	List      *list // what a link shows; nil on other pages
	Private   bool  // no search engine may keep the page
}

// MaxText is how much may be typed, in characters.
func (view) MaxText() int { return maxText }

// A turn is one reply as it stands in the conversation.
type turn struct {
	bot.Reply
	Key      string
	Note     string
	MaxText  int
	Messages []message
	SavedIDs string // separated by spaces, for the script
	// Fresh is true when the turn puts a question or a list, so that the
	// buttons of earlier questions have had their time.
	Fresh bool
	Calm  bool // a crisis: nothing but the words and the help
}

// A message is one bubble.
type message struct {
	bot.Message
	Key     string
	Singles []bot.Choice // one press is an answer
	Ticks   []bot.Choice // several together are
	Cards   []card
	Table   []bot.Course // courses side by side
	Share   *share
}

// A card is one course on the page.
type card struct {
	bot.Course
	Key   string
	Full  bool // shown alone, with all that is known
	Bare  bool // without buttons: the reader has no conversation here
	Saved bool
	First []offer
	Rest  []offer
	// InShortage is true when the reasons do not tell already that its jobs
	// are short of people.
	InShortage bool
}

// An offer is one place on a card.
type offer struct {
	bot.Offer
	Full bool
}

// Offers in sight before the rest is folded away.
const (
	offersInList = 1
	offersAlone  = 6
)

// quick are the choices that stand below every page: they are not repeated in
// the conversation.
var quick = []string{"back", "restart", "help", "forget"}

// newTurn lays out a reply. origin is the address of these pages, for links
// that leave them.
func newTurn(r bot.Reply, key, note, origin string) turn {
	t := turn{Reply: r, Key: key, Note: note, MaxText: maxText, SavedIDs: strings.Join(r.Saved, " ")}
	if _, ok := catalogue.ParseLang(string(r.Offer)); !ok {
		t.Offer = ""
	}
	t.Calm = slices.ContainsFunc(r.Messages, func(m bot.Message) bool { return m.Kind == "crisis" })
	t.Fresh = t.Calm // earlier questions can wait
	for _, m := range r.Messages {
		out := message{Message: m, Key: key}
		t.Fresh = t.Fresh || m.Ask != nil || m.Kind == "results"
		out.split()
		out.Share = newShare(m.Link, origin)
		if !t.Calm {
			out.courses(r.Saved)
		}
		t.Messages = append(t.Messages, out)
	}
	return t
}

// split sorts the choices of a question that takes several answers: its values
// are ticked, and whatever else it offers (skip, why, the quiz) acts alone.
func (m *message) split() {
	own := ""
	if len(m.Courses) == 1 { // the card has these buttons
		own = m.Courses[0].ID
	}
	for _, c := range m.Choices {
		switch {
		case slices.Contains(quick, c.ID):
		case own != "" && (c.ID == "save:"+own || c.ID == "unsave:"+own || c.ID == "pathway:"+own):
		case m.Ask != nil && m.Ask.Multiple && c.ID != "quiz" && answers(c, m.Ask.Slot):
			m.Ticks = append(m.Ticks, c)
		default:
			m.Singles = append(m.Singles, c)
		}
	}
}

// answers reports whether the choice is a value of the slot: its token says so.
func answers(c bot.Choice, slot string) bool {
	parts := strings.SplitN(c.Token, ":", 4)
	if len(parts) < 4 {
		return !strings.Contains(c.ID, ":") && c.ID != "skip" && c.ID != "why"
	}
	return parts[2] == slot
}

func (m *message) courses(saved []string) {
	if m.Kind == "compare" && len(m.Courses) > 1 {
		m.Table = m.Courses
		return
	}
	for _, c := range m.Courses {
		m.Cards = append(m.Cards, newCard(c, m.Key, m.Kind == "details", saved))
	}
}

func newCard(c bot.Course, key string, full bool, saved []string) card {
	n := offersInList
	if full {
		n = offersAlone
	}
	offers := make([]offer, 0, len(c.Offers))
	for _, o := range c.Offers {
		offers = append(offers, offer{o, full})
	}
	n = min(n, len(offers))
	told := slices.ContainsFunc(c.Why, func(w bot.Why) bool { return w.Code == "shortage" })
	return card{
		Course: c, Key: key, Full: full, Saved: slices.Contains(saved, c.ID),
		First: offers[:n], Rest: offers[n:], InShortage: c.Shortage && !told,
	}
}

// Words are those of the bubble: none when the first answer says the same.
func (m message) Words() string {
	if len(m.Answers) > 0 && m.Answers[0].Text == m.Text {
		return ""
	}
	return m.Text
}

// Reasons are why the course is shown. That no place is known is said where
// the places would be.
func (c card) Reasons() []bot.Why {
	return slices.DeleteFunc(slices.Clone(c.Why), func(w bot.Why) bool { return w.Code == "noplace" && len(c.Offers) == 0 })
}

// Value is what the button of a choice sends.
func (message) Value(c bot.Choice) string {
	if c.Token != "" {
		return c.Token
	}
	return c.ID
}

// AnswerCard is the course of an answer as a card, nil when it has none.
func (t turn) AnswerCard(a bot.Answer) *card {
	if a.Course == nil || t.Calm {
		return nil
	}
	c := newCard(*a.Course, t.Key, false, t.Saved)
	return &c
}

// JSON is what is kept of the visitor, to read.
func (t turn) JSON() string {
	b, err := json.MarshalIndent(t.Export, "", "  ")
	if err != nil { // only strings and numbers: cannot happen
		return ""
	}
	return string(b)
}

// File is the same as a link that a browser stores as a file. It is safe as an
// address: base64 of our own making.
func (t turn) File() template.URL {
	return template.URL("data:application/json;base64," + base64.StdEncoding.EncodeToString([]byte(t.JSON()))) //nolint:gosec // see above
}
