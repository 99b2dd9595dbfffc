// Package understand turns free text into meaning: a language, a command,
// answers to the bot's questions, a danger signal, and the words that are left
// to search for. It is pure: given its word lists, the same text always means
// the same. It never decides what to say; that is for dialogue and bot.
package understand

import (
	"cmp"
	"fmt"
	"strings"

	"wegwijs/knowledge/catalogue"
)

// A Meaning is all that one text says. The zero Meaning says nothing.
type Meaning struct {
	// Text is the folded text: lower case, no accents, single spaces.
	Text string
	// Plain is Text in ordinary spelling: chat spelling written out, slips of
	// known words mended. Whole questions are compared by it.
	Plain string
	// Lang is the language that the text seems to be in, "" when unknown.
	Lang catalogue.Lang
	// Sure is how sure Lang is, from 0 to 1. Below 0.8 nobody should act on it.
	Sure float64
	// Alarm is set before anything else is looked at.
	Alarm Alarm
	// Command is set when the whole text is one command.
	Command Command
	// Slots are the answers the text certainly holds, in the order of the text.
	Slots []Slot
	// Unsure are answers that the text may hold: "vorst" is a commune and frost.
	Unsure []Slot
	// Not are fields and finalities the visitor does not want: "geen wiskunde".
	Not []Slot
	// Intents are the kinds of question that the words point to, strongest first.
	Intents []Intent
	// Question is true when the text asks something, rather than answers.
	Question bool
	// Rest are the folded words that are left to search for, in order: no slots
	// of place, stage or form, no politeness, no stop words.
	Rest []string
	// Km is how far the learner wants to travel at most, in kilometres, when the
	// text says a figure; 0 when it does not.
	Km float64
	// Free is true when the text asks for something that costs nothing.
	Free bool
	// Cut is true when the text was longer than is read (200 characters, 40 words).
	Cut bool
}

// String writes the meaning in one line, for people who mend the word lists.
func (m Meaning) String() string {
	parts := []string{fmt.Sprintf("language %s (%.2f)", cmp.Or(string(m.Lang), "unknown"), m.Sure)}
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+" "+value)
		}
	}
	add("alarm", string(m.Alarm))
	add("command", string(m.Command))
	intents := make([]string, len(m.Intents))
	for i, in := range m.Intents {
		intents[i] = string(in)
	}
	add("asks for", strings.Join(intents, ", "))
	if m.Question {
		parts = append(parts, "a question")
	}
	for _, of := range []struct {
		name  string
		slots []Slot
	}{{"says", m.Slots}, {"may say", m.Unsure}, {"does not want", m.Not}} {
		said := make([]string, len(of.slots))
		for i, s := range of.slots {
			said[i] = fmt.Sprintf("%s=%s (%s)", s.Name, s.Value, s.Words)
		}
		add(of.name, strings.Join(said, ", "))
	}
	add("words", strings.Join(m.Rest, " "))
	if m.Plain != m.Text {
		add("read as", fmt.Sprintf("%q", m.Plain))
	}
	return strings.Join(parts, " · ")
}

// A Slot is one answer: the slot and value ids of the public contract.
type Slot struct {
	Name  string // "interest"
	Value string // "ict"
	// Words is the part of the folded text that says so.
	Words string
}

// An Alarm is a sign that a person needs care before courses.
type Alarm string

// The alarms, from the most to the least urgent.
const (
	NoAlarm Alarm = ""
	Crisis  Alarm = "crisis" // the writer may want to die, hurt himself, or is in danger or abused
	Figure  Alarm = "figure" // a figure of speech that sounds like it: a light check-in
	Abuse   Alarm = "abuse"  // an insult or a threat to the bot or to others
)

// A Command is one of the words that work everywhere.
type Command string

// The commands. Their ids are those of the public contract where it has one.
const (
	NoCommand  Command = ""
	Back       Command = "back"
	Restart    Command = "restart"
	Help       Command = "help"
	Skip       Command = "skip" // also "ik weet het niet", "maakt niet uit"
	Why        Command = "why"
	More       Command = "more"
	Saved      Command = "saved"
	Compare    Command = "compare"
	Share      Command = "share"
	Handover   Command = "handover" // wants a person
	Export     Command = "export"
	Forget     Command = "forget"
	Stop       Command = "stop"
	Yes        Command = "yes"
	No         Command = "no"
	Hello      Command = "hello"
	Thanks     Command = "thanks"
	Bye        Command = "bye"
	Bot        Command = "bot" // "ben je een robot?", "who are you"
	LangPrefix Command = "lang:"
)

// An Intent is a kind of question.
type Intent string

// The intents.
const (
	AskCourse    Intent = "course"    // what can I study
	AskPrice     Intent = "price"     // what does it cost, allowances
	AskAdmission Intent = "admission" // may I start, what do I need
	AskPath      Intent = "path"      // how do I become, what after, can I with … do …
	AskJobs      Intent = "jobs"      // chances on the labour market
	AskTerm      Intent = "term"      // what is …
	AskCompare   Intent = "compare"   // difference between … and …
	AskPlace     Intent = "place"     // where
	AskOpenDay   Intent = "openday"
	AskContact   Intent = "contact" // address, phone
	AskEnrol     Intent = "enrol"   // how and when to register
	AskTryout    Intent = "tryout"  // try something, workshop, camp
	AskPerson    Intent = "person"  // wants a person: Read makes it the command Handover
	OutFrench    Intent = "french"  // French-language schools
	OutDiploma   Intent = "diploma" // a foreign diploma
	OutField     Intent = "field"   // not science or technology: nurse, hairdresser, law
	OutOther     Intent = "other"   // weather, homework, football, "ignore your rules"
)
