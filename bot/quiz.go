package bot

import (
	"slices"

	"wegwijs/bot/dialogue"
	"wegwijs/bot/understand"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// open is the slot that a typed answer would fill. An item of a quiz is no
// slot: what it takes for an answer is read by quiz alone.
func (t *talk) open() string {
	if _, _, quizzing := t.k.Tree.QuizItem(t.state); quizzing {
		return ""
	}
	return t.k.Tree.Open(t.state)
}

// pressQuiz reads a bare choice as an answer to the quiz item on the screen.
func (t *talk) pressQuiz(choice string) (dialogue.Press, bool) {
	id, choices, quizzing := t.k.Tree.QuizItem(t.state)
	switch {
	case quizzing && choice == "stop":
		return dialogue.Press{Name: "quiz", Values: []string{"stop"}}, true
	case quizzing && slices.Contains(choices, choice):
		return dialogue.Press{Name: "quiz", Values: []string{id, choice}}, true
	}
	return dialogue.Press{}, false
}

// quiz reads a text that starts a quiz, answers its item or says that the
// visitor does not know.
func (t *talk) quiz(text string, m understand.Meaning) (dialogue.Input, bool) {
	q := t.k.Tree.Quiz
	if q == nil {
		return dialogue.Input{}, false
	}
	id, choices, quizzing := t.k.Tree.QuizItem(t.state)
	switch {
	case quizzing && m.Command == understand.Stop:
		return quizPress("stop"), true
	case quizzing && saysOneOf(text, q.Words["unsure"]):
		return dialogue.Input{Command: "skip"}, true
	case quizzing:
		if c, ok := t.pickItem(id, choices, text, m); ok {
			return quizPress(id, c), true
		}
	case saysOneOf(text, q.Words["start"]):
		return dialogue.Input{Command: "quiz"}, true
	case q.Part(t.k.Tree.Open(t.state)) != nil && saysOneOf(text, q.Words["unsure"]):
		return dialogue.Input{Command: "unsure"}, true
	}
	return dialogue.Input{}, false
}

func quizPress(values ...string) dialogue.Input {
	return dialogue.Input{Press: &dialogue.Press{Name: "quiz", Values: values}}
}

// pickItem finds the choice that the text means: its own words as the whole
// text, a number, or the activity in any language.
func (t *talk) pickItem(id string, choices []string, text string, m understand.Meaning) (string, bool) {
	for _, c := range choices {
		if saysOneOf(text, t.k.Tree.Quiz.Words[c]) {
			return c, true
		}
	}
	switch {
	case m.Command == understand.Yes && choices[0] == "yes":
		return "yes", true
	case m.Command == understand.No && choices[0] == "yes":
		return "no", true
	case m.Command != understand.NoCommand, m.Question:
		return "", false
	}
	opts := make([]understand.Option, len(choices))
	for i, c := range choices {
		opts[i].ID = c
		for _, l := range catalogue.Langs {
			if message := "quiz." + id + "." + c; t.b.words.Has(message) {
				opts[i].Labels = append(opts[i].Labels, t.b.words.Say(l, message, nil))
			}
		}
	}
	if ids, _ := t.k.Reader.Pick(text, opts, false); len(ids) == 1 {
		return ids[0], true
	}
	return "", false
}

// saysOneOf reports whether the whole text is one of the phrases.
func saysOneOf(text string, phrases []string) bool {
	text = search.Fold(text)
	return slices.ContainsFunc(phrases, func(p string) bool { return search.Fold(p) == text })
}
