package api

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"wegwijs/bot"
	"wegwijs/internal/serve"
	"wegwijs/knowledge/catalogue"
)

// ask answers POST /api/v1/ask: one free question, outside any conversation.
func (a *api) ask(w http.ResponseWriter, r *http.Request) {
	var (
		q    bot.Question
		lang string
	)
	err := decode(w, r, map[string]any{
		"id": &q.ID, "text": &q.Text, "language": &lang, "near": &q.Near, "explain": &q.Explain,
	})
	if err == nil {
		q.Lang, err = language(lang)
	}
	switch {
	case err != nil:
	case utf8.RuneCountInString(q.ID) > maxWord:
		err = badField("bad-field", "id", "it may have %d characters", maxWord)
	case strings.TrimSpace(q.Text) == "":
		err = badField("bad-field", "text", "write a question")
	case q.Near != "" && !catalogue.ValidPostcode(q.Near):
		err = badField("bad-field", "near", "write a Belgian postcode, such as 1080")
	default:
		err = textFits(q.Text)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	out := a.Bot.Ask(r.Context(), q)
	if out.Answers == nil {
		out.Answers = []bot.Answer{}
	}
	a.write(w, out)
}

// language reads the field language: "" and "auto" are no preference.
func language(s string) (catalogue.Lang, error) {
	if s == "" || s == "auto" {
		return "", nil
	}
	if l, ok := catalogue.ParseLang(s); ok {
		return l, nil
	}
	return "", badField("bad-field", "language", "write one of auto, nl, fr, en")
}

// textFits refuses a text that is too long to be one message.
func textFits(text string) error {
	if utf8.RuneCountInString(text) <= maxText {
		return nil
	}
	return serve.Problem{
		Status: http.StatusUnprocessableEntity, Type: "text-too-long", Title: "Text too long", Field: "text", Limit: maxText,
		Detail: "a text may have 2000 characters; say it in fewer words",
	}
}
