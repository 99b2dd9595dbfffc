package api

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"wegwijs/bot"
	"wegwijs/internal/serve"
)

// visitorOf keeps the sessions of the API apart from the visitors of other
// channels: no session can name one of theirs.
func visitorOf(session string) bot.Visitor { return bot.Visitor("api-" + session) }

// sessionForm is what crypto/rand.Text writes: 130 bits in base32. What does
// not look so was never a session, and the store is not asked.
var sessionForm = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// chatRequest is the body of POST /api/v1/chat.
type chatRequest struct {
	session, text, choice, language, messageID string
	choices                                    []string
	location                                   *position
}

// chat answers POST /api/v1/chat: one turn of a conversation.
func (a *api) chat(w http.ResponseWriter, r *http.Request) {
	var c chatRequest
	err := decode(w, r, map[string]any{
		"session": &c.session, "text": &c.text, "choice": &c.choice, "choices": &c.choices,
		"location": &c.location, "language": &c.language, "message_id": &c.messageID,
	})
	var u bot.Update
	if err == nil {
		u, err = c.update()
	}
	if err == nil {
		err = a.session(r, &c)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	u.Visitor = visitorOf(c.session)
	reply, err := a.Bot.Answer(r.Context(), u)
	if err != nil {
		a.fail(w, r, c.unreadable(err))
		return
	}
	// A stored reply of the same message id comes back with its visitor.
	reply.Session = bot.Visitor(c.session)
	if reply.Messages == nil {
		reply.Messages = []bot.Message{}
	}
	if reply.Relaxed == nil {
		reply.Relaxed = []string{}
	}
	a.write(w, reply)
}

// session makes a new session, or checks that the given one is known: a
// guessed or forgotten one must not quietly begin another conversation.
func (a *api) session(r *http.Request, c *chatRequest) error {
	if c.session == "" {
		c.session = rand.Text()
		return nil
	}
	known := sessionForm.MatchString(c.session)
	if known {
		var err error
		if known, err = a.Known(r.Context(), visitorOf(c.session)); err != nil {
			return fmt.Errorf("known session: %w", err)
		}
	}
	if !known {
		return serve.Problem{
			Status: http.StatusNotFound, Type: "session-unknown", Field: "session",
			Detail: "this session is unknown or was forgotten; send an empty one to begin again",
		}
	}
	return nil
}

// update checks the request and turns it into an update, still without its
// visitor.
func (c *chatRequest) update() (u bot.Update, err error) {
	u = bot.Update{Channel: "api", Key: c.messageID}
	if u.Lang, err = language(c.language); err != nil {
		return u, err
	}
	u.Switch = u.Lang != ""
	if utf8.RuneCountInString(c.messageID) > maxWord {
		return u, badField("bad-field", "message_id", "it may have %d characters", maxWord)
	}
	var given []string
	if c.text != "" {
		given = append(given, "text")
		u.Text = c.text
	}
	if c.choice != "" {
		given = append(given, "choice")
		u.Choices = []string{c.choice}
	}
	if len(c.choices) > 0 {
		given = append(given, "choices")
		u.Choices = c.choices
	}
	if c.location != nil {
		given = append(given, "location")
	}
	if len(given) > 1 {
		return u, badField("bad-field", given[1], "send one of text, choice, choices and location, not %s", strings.Join(given, " and "))
	}
	switch {
	case len(c.choices) > maxValues:
		return u, badField("bad-field", "choices", "at most %d", maxValues)
	case c.location != nil:
		if u.Location, err = c.location.point(); err != nil {
			return u, err
		}
	}
	return u, textFits(c.text)
}

// point checks a position.
func (p *position) point() (*bot.Point, error) {
	for _, v := range []struct {
		name string
		at   *float64
		max  float64
	}{{"location.lat", p.lat, 90}, {"location.lon", p.lon, 180}} {
		if v.at == nil {
			return nil, badField("bad-field", v.name, "it is missing")
		}
		if *v.at < -v.max || *v.at > v.max {
			return nil, badField("bad-field", v.name, "write degrees between -%g and %g", v.max, v.max)
		}
	}
	return &bot.Point{Lat: *p.lat, Lon: *p.lon}, nil
}

// unreadable turns the bot's refusal of an update into a problem that names
// the field.
func (c *chatRequest) unreadable(err error) error {
	if !errors.Is(err, bot.ErrInput) {
		return err
	}
	name := "text"
	switch {
	case c.choice != "":
		name = "choice"
	case len(c.choices) > 0:
		name = "choices"
	case c.location != nil:
		name = "location"
	}
	return badField("bad-choice", name, "it cannot be read here; send the id or token of a choice that was shown, or a command")
}
