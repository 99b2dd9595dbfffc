package bot_test

import (
	"testing"

	"wegwijs/bot"
	"wegwijs/bot/bottest"
	"wegwijs/knowledge/catalogue"
)

// minOwn is the least share of their own questions that articles and rules
// answer at the first place. What stays is answered by a sibling.
const minOwn = 0.9

func TestArticlesAndRulesAnswerTheirOwnQuestions(t *testing.T) {
	b := newBot(t, bottest.NewNotebook())
	k := b.Knowledge()
	for _, l := range catalogue.Langs {
		asked, right := 0, 0
		try := func(kind, id string, questions []string) {
			for _, q := range questions {
				asked++
				a := b.Ask(t.Context(), bot.Question{Text: q, Lang: l})
				if len(a.Answers) > 0 && a.Answers[0].Kind == kind && a.Answers[0].ID == id {
					right++
				} else if testing.Verbose() && asked%9 == 0 {
					first := "nothing"
					if len(a.Answers) > 0 {
						first = a.Answers[0].Kind + ":" + a.Answers[0].ID
					}
					t.Logf("%s %q: %s %s, want %s:%s", l, q, a.Kind, first, kind, id)
				}
			}
		}
		for i := range k.Library.Articles {
			try("article", k.Library.Articles[i].ID, k.Library.Articles[i].Ask.In(l))
		}
		for i := range k.Paths.Rules {
			try("rule", k.Paths.Rules[i].ID, k.Paths.Rules[i].Ask.In(l))
		}
		share := float64(right) / float64(asked)
		t.Logf("%s: %d of %d, %.1f %%", l, right, asked, 100*share)
		if share < minOwn {
			t.Errorf("%s: %.3f of their own questions, want %.2f", l, share, minOwn)
		}
	}
}
