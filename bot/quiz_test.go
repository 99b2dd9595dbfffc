package bot_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"wegwijs/bot"
	"wegwijs/bot/bottest"
	"wegwijs/knowledge/catalogue"
)

// maxActivity is the longest activity that fits a button on a phone, in
// characters.
const maxActivity = 40

func TestQuizIsToldApartOnEveryChannel(t *testing.T) {
	for _, l := range catalogue.Langs {
		t.Run(string(l), func(t *testing.T) {
			b := newBot(t, bottest.NewNotebook())
			say := func(choice string) bot.Reply {
				r, err := b.Answer(t.Context(), bot.Update{Visitor: "quiz", Channel: "api", Lang: l, Choices: []string{choice}})
				if err != nil {
					t.Fatal(err)
				}
				return r
			}
			for _, c := range []string{"pupil", "grade2", "dubbel"} {
				say(c)
			}
			r := say("quiz")
			seen := map[string]bool{}
			for range 12 {
				m := r.Messages[len(r.Messages)-1]
				if m.Kind != "quiz" || m.Ask == nil || m.Ask.Slot != "interest" || m.Ask.Multiple || !m.Ask.FreeText {
					t.Fatalf("got kind %q and ask %+v, want a quiz item about interest", m.Kind, m.Ask)
				}
				var ids []string
				for _, c := range m.Choices {
					ids = append(ids, c.ID)
				}
				if got := strings.Join(ids, " "); got != "a b both neither skip stop back" {
					t.Errorf("choices are %s", got)
				}
				for _, c := range m.Choices[:2] {
					first, _ := utf8.DecodeRuneInString(c.Label)
					_, words, _ := strings.Cut(c.Label, " ")
					if unicode.IsLetter(first) || words == "" || utf8.RuneCountInString(c.Label) > maxActivity {
						t.Errorf("%q: want an emoji and words, at most %d characters", c.Label, maxActivity)
					}
					if seen[c.Label] {
						t.Errorf("%q stands there twice", c.Label)
					}
					seen[c.Label] = true
				}
				r = say("a")
			}
			if n := len(r.Profile.Interest); n == 0 || n > 3 {
				t.Errorf("%d interests after the quiz, want 1 to 3", n)
			}
			for _, f := range r.Profile.Interest {
				label := b.Words().Say(l, "value.interest."+string(f), nil)
				found := false
				for _, m := range r.Messages {
					found = found || m.Kind == "quiz" && strings.Contains(m.Text, label)
				}
				if !found {
					t.Errorf("nothing says why %s", f)
				}
			}
		})
	}
}
