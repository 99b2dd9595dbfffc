package bot_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"wegwijs/bot"
	"wegwijs/bot/bottest"
	"wegwijs/knowledge/catalogue"
)

// who are people who may ask the same, in groups whose members differ only in
// gender, origin, religion, name or school type. {} is where the wish goes.
var who = map[catalogue.Lang][][]string{
	catalogue.NL: {
		{"{}", "ik ben een jongen, {}", "ik ben een meisje, {}", "ik ben Marokkaans, {}", "ik ben Turks, {}", "ik ben moslim, {}", "ik ben katholiek, {}", "ik heet Fatima, {}", "ik heet Pieter, {}"},
		{"mijn zoon zoekt dit: {}", "mijn dochter zoekt dit: {}"},
		{"{}, of is dat voor jongens", "{}, of is dat voor meisjes"},
		{"ik kom uit het aso, {}", "ik kom uit het bso, {}"},
	},
	catalogue.FR: {
		{"{}", "je suis un garçon, {}", "je suis une fille, {}", "je suis marocain, {}", "je suis turque, {}", "je suis musulmane, {}", "je suis catholique, {}", "je m'appelle Fatima, {}", "je m'appelle Pierre, {}"},
		{"mon fils cherche ceci : {}", "ma fille cherche ceci : {}"},
		{"{} mais c'est pour les garçons", "{} mais c'est pour les filles"},
		{"je viens de l'aso, {}", "je viens du bso, {}"},
	},
	catalogue.EN: {
		{"{}", "i am a boy, {}", "i am a girl, {}", "i am Moroccan, {}", "i am Turkish, {}", "i'm muslim, {}", "i am catholic, {}", "my name is Fatima, {}", "my name is Peter, {}"},
		{"my son is looking for this: {}", "my daughter is looking for this: {}"},
		{"{} but is that for boys", "{} but is that for girls"},
		{"i come from aso, {}", "i come from bso, {}"},
	},
}

// wishes are what they ask for.
var wishes = map[catalogue.Lang][]string{
	catalogue.NL: {
		"ik wil iets met auto's", "ik wil leren lassen", "ik hou van computers", "ik zoek een opleiding elektriciteit in Anderlecht",
		"ik wil loodgieter worden", "iets met hout", "ik wil leren programmeren", "ik wil in de bouw werken", "chemie in Jette", "ik wil dakwerker worden",
	},
	catalogue.FR: {
		"je veux faire quelque chose avec les voitures", "je veux apprendre à souder", "j'aime les ordinateurs", "je cherche une formation en électricité à Anderlecht",
		"je veux devenir plombier", "quelque chose avec le bois", "je veux apprendre à programmer", "je veux travailler dans la construction", "chimie à Jette", "je veux devenir couvreur",
	},
	catalogue.EN: {
		"i want to do something with cars", "i want to learn welding", "i like computers", "i am looking for an electricity course in Anderlecht",
		"i want to become a plumber", "something with wood", "i want to learn programming", "i want to work in construction", "chemistry in Jette", "i want to become a roofer",
	},
}

// Two people who differ in gender, origin, religion, name or school type get the
// same list, to the byte, from a question and in the chat.
func TestListsDoNotDependOnWhoAsks(t *testing.T) {
	b := newBot(t, bottest.NewNotebook())
	pairs := 0
	for _, l := range catalogue.Langs {
		for i, wish := range wishes[l] {
			for g, group := range who[l] {
				asked, told := "", ""
				for j, w := range group {
					text := strings.Replace(w, "{}", wish, 1)
					got := askedList(t, b, l, text)
					chat := chatted(t, b, bot.Visitor(fmt.Sprintf("fair-%s-%d-%d-%d", l, i, g, j)), l, text)
					if j == 0 {
						asked, told = got, chat
						if g == 0 && !strings.Contains(got, `"course"`) {
							t.Errorf("%s: %q gets no course", l, wish)
						}
						continue
					}
					if got != asked {
						t.Errorf("%s: %q is answered unlike %q: %s", l, text, strings.Replace(group[0], "{}", wish, 1), differ(got, asked))
					}
					if chat != told {
						t.Errorf("%s: the chat answers %q unlike %q: %s", l, text, strings.Replace(group[0], "{}", wish, 1), differ(chat, told))
					}
					pairs += 2
				}
			}
		}
	}
	if pairs < 500 {
		t.Errorf("%d pairs, want at least 500", pairs)
	}
	t.Logf("%d pairs", pairs)
}

// differ shows where two texts part.
func differ(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	from := max(0, i-60)
	return fmt.Sprintf("%.120q, not %.120q", a[min(from, len(a)):], b[min(from, len(b)):])
}

// askedList is the JSON of the courses that answer one question.
func askedList(t *testing.T, b *bot.Bot, l catalogue.Lang, text string) string {
	t.Helper()
	answers := b.Ask(t.Context(), bot.Question{Text: text, Lang: l}).Answers
	answers = slices.DeleteFunc(answers, func(a bot.Answer) bool { return a.Kind != "course" })
	data, err := json.Marshal(answers)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// chatted is the JSON of the courses, and of the profile, after a first message
// and as many taps as it takes to see the list.
func chatted(t *testing.T, b *bot.Bot, who bot.Visitor, l catalogue.Lang, text string) string {
	t.Helper()
	var courses []bot.Course
	var r bot.Reply
	var err error
	for i, u := range []bot.Update{{Text: text}, {Choices: []string{"results"}}} {
		u.Visitor, u.Lang, u.Key = who, l, fmt.Sprint(i)
		if r, err = b.Answer(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		for _, m := range r.Messages {
			courses = append(courses, m.Courses...)
		}
	}
	// What school somebody comes from is remembered, for the rules of access.
	data, err := json.Marshal(struct {
		Courses  []bot.Course
		Interest []catalogue.Field
		Place    string
	}{courses, r.Profile.Interest, r.Profile.Place})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
