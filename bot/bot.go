package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"wegwijs/bot/dialogue"
	"wegwijs/bot/phrase"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// Options configures a Bot. Knowledge, Words and Memory are required.
type Options struct {
	Knowledge *Knowledge
	Words     *phrase.Book
	Memory    Memory
	Shares    Shares           // the lists behind links; nil is no sharing
	PublicURL string           // the address that visitors type, for links; "" makes them begin with the path
	Now       func() time.Time // the day on which facts are fresh or stale; nil is the clock
	Log       *slog.Logger     // nil discards
}

// A Bot answers. It is safe for concurrent use.
type Bot struct {
	knowledge atomic.Pointer[Knowledge]
	words     *phrase.Book
	memory    Memory
	shares    Shares
	publicURL string
	now       func() time.Time
	log       *slog.Logger
}

// New returns a Bot. It fails when the message files lack something that the
// tree can say.
func New(o Options) (*Bot, error) {
	if o.Knowledge == nil || o.Words == nil || o.Memory == nil {
		return nil, errors.New("bot: Knowledge, Words and Memory are required")
	}
	b := &Bot{
		words: o.Words, memory: o.Memory, shares: o.Shares, publicURL: strings.TrimSuffix(o.PublicURL, "/"), now: o.Now, log: o.Log,
	}
	if b.now == nil {
		b.now = time.Now
	}
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	return b, b.Teach(o.Knowledge)
}

// Knowledge is what the bot knows now.
func (b *Bot) Knowledge() *Knowledge { return b.knowledge.Load() }

// Teach replaces all that the bot knows. Turns under way finish on the old. It
// refuses a tree for which there are no words, and then changes nothing.
func (b *Bot) Teach(k *Knowledge) error {
	for _, id := range k.Tree.Messages() {
		if !b.words.Has(id) {
			return fmt.Errorf("bot: the message files lack %q, which the tree says", id)
		}
	}
	b.knowledge.Store(k)
	return nil
}

// Words are the bot's sentences.
func (b *Bot) Words() *phrase.Book { return b.words }

// ErrInput is returned by Answer for an update that cannot be read: the caller
// made a mistake, and the conversation is as it was.
var ErrInput = errors.New("bot: unreadable update")

// maxTries is how often a turn starts again because another machine was
// faster. Each loss means that somebody else's turn was stored.
const maxTries = 8

// Answer turns an update into a reply and remembers the turn. The same Key
// gives the same reply and changes nothing. Errors are ErrInput or those of
// the memory; Sorry has the words for the visitor.
func (b *Bot) Answer(ctx context.Context, u Update) (Reply, error) {
	var err error
	for range maxTries {
		var r Reply
		if r, err = b.turn(ctx, u); !errors.Is(err, ErrStale) && !errors.Is(err, ErrSeen) {
			return r, err
		}
	}
	return Reply{}, err
}

// Sorry is the reply when something of ours is broken. It promises nothing.
func (b *Bot) Sorry(u Update) Reply {
	l := u.Lang
	if l == "" {
		l = catalogue.NL
	}
	return Reply{Session: u.Visitor, Language: l, Messages: []Message{{Text: b.words.Say(l, "say.sorry", nil)}}}
}

func (b *Bot) turn(ctx context.Context, u Update) (Reply, error) {
	if u.Key != "" {
		old, ok, err := b.memory.Seen(ctx, u.Visitor, u.Key)
		if err != nil {
			return Reply{}, fmt.Errorf("seen: %w", err)
		}
		if ok {
			var r Reply
			err := json.Unmarshal(old, &r)
			return r, err
		}
	}
	state, version, err := b.memory.Recall(ctx, u.Visitor)
	if err != nil {
		return Reply{}, fmt.Errorf("recall: %w", err)
	}
	t := b.newTalk(state, u)
	if err := t.run(u); err != nil {
		return Reply{}, err
	}
	if t.silent {
		return t.reply, nil
	}
	stored, err := json.Marshal(t.reply)
	if err != nil {
		return Reply{}, fmt.Errorf("encode the reply: %w", err)
	}
	if t.reply.Forgotten {
		if err := b.memory.Forget(ctx, u.Visitor); err != nil {
			return Reply{}, fmt.Errorf("forget: %w", err)
		}
		return t.reply, nil
	}
	err = b.memory.Remember(ctx, u.Visitor, Turn{
		State: t.state, Version: version, Key: u.Key, Reply: stored, Unshare: t.unshare, Share: t.shared, Counts: t.counts,
	})
	if err != nil {
		return Reply{}, fmt.Errorf("remember: %w", err)
	}
	return t.reply, nil
}

// A talk is one turn while it is worked on.
type talk struct {
	b     *Bot
	k     *Knowledge
	state dialogue.State
	reply Reply
	// silent is true when the update was handled before and nothing changed.
	silent bool
	found  map[string]search.Found // courses of this turn's list, by id

	shared  *Share // a link made in this turn
	unshare bool
	counts  []Count  // for the tally
	counted []string // what this conversation counted, this turn included
}

func (b *Bot) newTalk(s dialogue.State, u Update) *talk {
	if s.Lang == "" || u.Switch && u.Lang != "" {
		s.Lang = u.Lang
	}
	if s.Lang == "" {
		s.Lang = catalogue.NL
	}
	return &talk{b: b, k: b.Knowledge(), state: s, reply: Reply{Session: u.Visitor}, found: map[string]search.Found{}, counted: s.Counted}
}

// run is the life of one update: read it, step, search as often as the tree
// asks, and phrase what is to be said.
func (t *talk) run(u Update) error {
	in, err := t.read(u)
	if err != nil {
		return err
	}
	out := t.k.Tree.Step(t.state, in)
	if out.Silent {
		// Nothing new: show again where the visitor is, and store nothing.
		t.silent = true
		out = t.k.Tree.Step(t.state, dialogue.Input{Command: "results"})
	}
	lines := out.Say
	for first := true; out.Find != nil; first = false {
		found := t.find(*out.Find)
		if first {
			t.blindList(*out.Find, found)
		}
		out = t.k.Tree.Step(out.State, dialogue.Input{Found: &found})
		lines = append(lines, out.Say...)
	}
	t.state = out.State
	for _, line := range lines {
		t.say(line)
	}
	if out.Do != "" {
		if err := t.do(out.Do, out.Arg); err != nil {
			return err
		}
	}
	t.state.Counted = t.counted
	t.finish()
	return nil
}

// finish fills what every reply tells.
func (t *talk) finish() {
	p := t.k.Tree.Profile(t.state)
	r := &t.reply
	r.Language, r.Turn, r.Saved = t.state.Lang, t.state.Turn, t.state.Saved
	r.Profile = Profile{
		Role: p.Role, Stage: p.Stage, Track: p.Track, Finality: p.Finality, Interest: p.Interest,
		Place: p.Postcode, Reach: p.Reach, Form: p.Form,
	}
	if !t.k.Tree.Answered(t.state, "reach") {
		r.Profile.Reach = "" // the search's own default is nothing the visitor told
	}
	r.Relaxed = slices.Clone(t.state.View.Relaxed)
	slices.Sort(r.Relaxed)
	r.Relaxed = slices.Compact(r.Relaxed)
	if r.Relaxed == nil {
		r.Relaxed = []string{}
	}
	r.Done = t.k.Tree.Place(t.state) == ""
}

// find runs one search of the tree.
func (t *talk) find(f dialogue.Find) dialogue.Found {
	filter := filterOf(f)
	res := t.k.Courses.Find(filter)
	found := dialogue.Found{Total: res.Total, Inside: res.Inside, Anywhere: res.Total}
	if res.Inside == 0 {
		filter.Reach = ""
		found.Anywhere = t.k.Courses.Count(filter)
	}
	for _, c := range res.Courses {
		t.found[c.Course.ID] = c
		found.Shown = append(found.Shown, c.Course.ID)
	}
	return found
}

// filterOf is the search that a profile asks for.
func filterOf(f dialogue.Find) search.Filter {
	p := f.Profile
	filter := search.Filter{
		Levels: f.Levels, Interest: p.Interest, Near: p.Postcode, Reach: p.Reach, Form: p.Form, First: f.First, Prefer: f.Prefer,
		Offset: f.Offset, Limit: f.Limit, Fields: p.Interest,
	}
	if p.Finality != "" {
		filter.Finality = []catalogue.Finality{p.Finality}
	}
	return filter
}
