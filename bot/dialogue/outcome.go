package dialogue

import "wegwijs/knowledge/catalogue"

// An Input is one thing that happened. Exactly one of its parts is set, save
// that Tell and Aside may come together: a sentence can answer and ask.
type Input struct {
	Start bool           // the visitor opened the conversation
	Lang  catalogue.Lang // with Start: the language to begin in
	Press *Press
	Tell  []Told // certain answers in a sentence, in the order of the text
	// Focus goes with Tell: course ids that the words of an interest point to.
	Focus   []string
	Command string // a verb of the contract: back, restart, skip, why, help, more, …
	// Arg goes with Command: a course id for details, save, unsave; a language
	// for lang; a slot for change.
	Arg   []string
	Aside bool     // the bot answered a question of the visitor's own
	Miss  bool     // nothing was understood
	Maybe []string // with Miss: values of the open slot that may have been meant
	Alarm bool     // words of distress: the tree stops until it is asked to go on
	Found *Found   // what the search that Step asked for has found
}

// Told is one answer that a sentence held.
type Told struct {
	Slot   string
	Values []string
}

// Found is the result of a search.
type Found struct {
	Total  int // courses that fit
	Inside int // of those, courses with a known place within reach
	// Anywhere is how many would fit without any limit of reach.
	Anywhere int
	Shown    []string
}

// An Outcome is all that one turn asks of the outside world.
type Outcome struct {
	State State  // to remember
	Say   []Line // to phrase and send, in order; never empty unless Silent or Find is set
	Find  *Find  // run this search, then Step again with Found
	// Silent is true for a press that was already handled: answer nothing new.
	Silent bool
	// Do names what the shell must do besides: forget, export, handover, …
	Do string
	// Arg goes with Do.
	Arg []string
}

// A Find is one search.
type Find struct {
	Profile catalogue.Profile
	Levels  []catalogue.Level  // none means all
	Prefer  []string           // course ids that go before others
	First   catalogue.Provider // before others that fit equally well; "" is none
	Offset  int
	Limit   int
}

// A Line is one message: an id of the message catalogue and its arguments.
// Language, voice and markup are added at the edge.
type Line struct {
	ID string
	// Voice is the role of the reader. A message may exist in another form for
	// a parent ("Where is your child now?").
	Voice   catalogue.Role
	Notes   []Label        // said below it, each on a line of its own
	Kind    string         // as a message's: "quiz", "" is ordinary
	Args    map[string]any // a Label, Labels, string, int or float64
	Choices []Choice
	Ask     *Ask     // set when the line puts a question
	Courses []string // course ids to show below the line, in this order
}

// A Label is the id of a message to be used inside another one.
type Label string

// Labels are several, to be joined as the language joins a list.
type Labels []Label

// A Choice is one button under a line.
type Choice struct {
	ID    string // as the public contract names it: "grade2", "more", "save:so-hout-2"
	Label Label
	Token string // what a channel sends back
	On    bool   // a value that is chosen now
	// Count is how many courses would be left; -1 means it was not counted.
	Count int
}

// An Ask describes the question that a line puts.
type Ask struct {
	Slot     string
	Multiple bool
	Location bool // a position may be shared instead
}
