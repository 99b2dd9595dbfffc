package understand

import (
	"slices"
	"strings"

	"wegwijs/knowledge/catalogue"
)

// allCommands are the commands that commands.yaml must have words for.
var allCommands = []Command{
	Back, Restart, Help, Skip, Why, More, Saved, Compare, Share, Handover, Export, Forget, Stop, Yes, No, Hello, Thanks,
	Bye, Bot, LangPrefix + "nl", LangPrefix + "fr", LangPrefix + "en",
}

// commands recognises a text that is one command and nothing else.
type commands struct {
	table table
	plain []plainCommand // the patterns without signs, for slips over the whole text
}

type plainCommand struct {
	text string
	id   Command
}

func (c *commands) build(b *builder, f *commandFile) {
	for _, id := range sortedKeys(f.Commands) {
		if !slices.Contains(allCommands, id) {
			b.fault("commands.yaml: no command %q", id)
		}
	}
	c.table.clash = func(x, y int) bool { return true }
	for i, id := range allCommands {
		w, ok := f.Commands[id]
		if !ok || len(w.NL) == 0 || len(w.FR) == 0 || len(w.EN) == 0 {
			b.fault("commands.yaml: %s needs words in nl, fr and en", id)
		}
		b.all(&c.table, "commands.yaml: "+string(id), w, i, true)
		for _, l := range catalogue.Langs {
			for _, s := range w.In(l) {
				if text := strings.Join(fold(s), " "); !strings.ContainsAny(s, "|*?~#_<") && len(text) >= minSlip {
					c.plain = append(c.plain, plainCommand{text, id})
				}
			}
		}
	}
}

// commandOf returns the command that the whole text is; politeness around it
// does not count.
func (r *Reader) commandOf(toks []token) Command {
	if len(toks) == 0 || len(toks) > maxCommand {
		return NoCommand
	}
	if c := r.wholeCommand(toks); c != NoCommand {
		return c
	}
	if kept := r.withoutPolite(toks); len(kept) > 0 && len(kept) < len(toks) {
		if c := r.wholeCommand(kept); c != NoCommand {
			return c
		}
	}
	return r.smallTalk(toks)
}

// maxCommand is the longest text, in words, that is read as a command.
const maxCommand = 14

// maxTalk is the longest text, in words, that is taken apart as small talk.
const maxTalk = 9

// smallTalk reads texts that are several pieces of small talk after each other,
// "super, thank you, have a nice day": the first piece that thanks, greets or
// leaves counts.
func (r *Reader) smallTalk(toks []token) Command {
	if len(toks) < 2 || len(toks) > maxTalk {
		return NoCommand
	}
	starts := func(c Command) bool { return c == Hello || c == Thanks || c == Bye || c == Bot }
	for n := len(toks) - 1; n > 0; n-- {
		first := r.exactCommand(toks[:n])
		if !starts(first) {
			continue
		}
		if next := r.exactCommand(toks[n:]); starts(next) || n < len(toks)-1 && r.smallTalk(toks[n:]) != NoCommand {
			return first
		}
	}
	return NoCommand
}

// exactCommand is wholeCommand without slips over the whole text.
func (r *Reader) exactCommand(toks []token) Command {
	for _, h := range r.commands.table.find(toks) {
		return allCommands[h.p.row]
	}
	return NoCommand
}

func (r *Reader) wholeCommand(toks []token) Command {
	// A slip must not beat a word that is rightly spelled: the pattern whose
	// words are all met as written goes first.
	best, fixes := NoCommand, 99
	for _, h := range r.commands.table.find(toks) {
		n := 0
		for i := h.from; i < h.to; i++ {
			if len(toks[i].fixes) > 0 {
				n++
			}
		}
		if n < fixes {
			best, fixes = allCommands[h.p.row], n
		}
	}
	if best != NoCommand {
		return best
	}
	var sb strings.Builder
	for i := range toks {
		if i > 0 {
			sb.WriteByte(' ')
		}
		sb.WriteString(toks[i].word)
	}
	text := sb.String()
	if len(text) < minSlip || len(text) > 60 {
		return NoCommand
	}
	strange := false
	for i := range toks {
		strange = strange || !r.known[toks[i].word] && !r.knows(toks[i].word)
	}
	if !strange {
		return NoCommand
	}
	limit := 1
	if len(text) >= 9 {
		limit = 2
	}
	for _, p := range r.commands.plain {
		d := edits(text, p.text, limit)
		if d > limit || d == 2 && len(p.text) < 9 {
			continue
		}
		if d < limit+1 && (best == NoCommand || d < limit) {
			best = p.id
			if d == 1 {
				break
			}
		}
	}
	return best
}

// withoutPolite returns the tokens that no politeness covers.
func (r *Reader) withoutPolite(toks []token) []token {
	covered := make([]bool, len(toks))
	for _, h := range r.polite.find(toks) {
		for i := h.from; i < h.to; i++ {
			covered[i] = true
		}
	}
	var kept []token
	for i := range toks {
		if !covered[i] {
			kept = append(kept, toks[i])
		}
	}
	return kept
}
