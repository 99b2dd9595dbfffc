package understand

import (
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strconv"
	"strings"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// The word lists, one file each. Staff edit them; README.md beside them says
// how. Every list is split by language, because the lists also teach the
// reader which language a word belongs to.
type (
	classFile struct {
		Format  int                 `yaml:"format"`
		Classes map[string][]string `yaml:"classes"` // <name> in a pattern
		Numbers map[int][]string    `yaml:"numbers"` // 12: [twaalf, douze, twelve]
		Years   map[int][]string    `yaml:"years"`   // 3: [3de, derde, troisième, third]
	}
	chatFile struct {
		Format int               `yaml:"format"`
		NL     map[string]string `yaml:"nl"` // chat spelling to what it stands for
		FR     map[string]string `yaml:"fr"`
		EN     map[string]string `yaml:"en"`
		// Only are chat spellings that mean something else in another language.
		Only struct {
			NL map[string]string `yaml:"nl"`
			FR map[string]string `yaml:"fr"`
			EN map[string]string `yaml:"en"`
		} `yaml:"only"`
	}
	commandFile struct {
		Format   int                         `yaml:"format"`
		Commands map[Command]catalogue.Words `yaml:"commands"`
	}
	slotFile struct {
		Format int       `yaml:"format"`
		Slots  []slotRow `yaml:"slots"`
		// Years are slots whose value hangs on the <year> in the pattern.
		Years []yearRow `yaml:"years"`
		// Ages are the patterns, each with one number, that say an age.
		Ages  catalogue.Words `yaml:"ages"`
		Fewer catalogue.Words `yaml:"none"` // no slot may be read in these
	}
	slotRow struct {
		Slot  string          `yaml:"slot"`
		Value string          `yaml:"value"`
		Sure  catalogue.Words `yaml:"sure"`
		Maybe catalogue.Words `yaml:"maybe"`
	}
	yearRow struct {
		Slot   string          `yaml:"slot"`
		Values map[int]string  `yaml:"values"`
		Sure   catalogue.Words `yaml:"sure"`
		Maybe  catalogue.Words `yaml:"maybe"`
	}
	interestFile struct {
		Format int                                 `yaml:"format"`
		Fields map[catalogue.Field]catalogue.Words `yaml:"fields"`
	}
	placeFile struct {
		Format int `yaml:"format"`
		// Before are the words that make what follows a place.
		Before catalogue.Words `yaml:"before"`
		// Doubtful are names that also are common words: only a place after Before.
		Doubtful []string `yaml:"doubtful"`
		// Never are names of the gazetteer that are not read as places.
		Never []string `yaml:"never"`
		// Also are names that the gazetteer lacks, by postcode.
		Also map[string][]string `yaml:"also"`
	}
	alarmFile struct {
		Format int               `yaml:"format"`
		Emoji  map[string]string `yaml:"emoji"` // to the word that patterns use
		// Laugh and Study make a Soft pattern a figure of speech.
		Groups   map[string][]string `yaml:"groups"`
		Near     [][]string          `yaml:"near"` // rows of groups that are danger near each other
		Laugh    catalogue.Words     `yaml:"laugh"`
		Study    catalogue.Words     `yaml:"study"`
		Crisis   catalogue.Words     `yaml:"crisis"`
		Soft     catalogue.Words     `yaml:"soft"`
		Figure   catalogue.Words     `yaml:"figure"`
		Harmless catalogue.Words     `yaml:"harmless"`
		Abuse    catalogue.Words     `yaml:"abuse"`
	}
	intentFile struct {
		Format    int                        `yaml:"format"`
		Questions catalogue.Words            `yaml:"questions"` // patterns that begin a question
		Intents   map[Intent]catalogue.Words `yaml:"intents"`   // a trailing "!" counts double
	}
	stopFile struct {
		Format int             `yaml:"format"`
		Stop   catalogue.Words `yaml:"stop"`   // words that say nothing to search for
		Polite catalogue.Words `yaml:"polite"` // patterns of politeness
		Self   catalogue.Words `yaml:"self"`   // patterns of saying who one is
		Not    struct {
			Before  catalogue.Words `yaml:"before"`  // "geen": what follows is not wanted
			After   catalogue.Words `yaml:"after"`   // "haat ik": what comes before is not wanted
			Neutral catalogue.Words `yaml:"neutral"` // "pourquoi pas": no negation
			Join    catalogue.Words `yaml:"join"`    // "of": the negation goes on
			End     catalogue.Words `yaml:"end"`     // "maar": it ends here
		} `yaml:"not"`
	}
	languageFile struct {
		Format int `yaml:"format"`
		// Words are common words; Sentences are short texts as visitors write them.
		Words     catalogue.Words `yaml:"words"`
		Sentences catalogue.Words `yaml:"sentences"`
	}
)

// lists are all word lists as they were read.
type lists struct {
	class    classFile
	chat     chatFile
	command  commandFile
	slot     slotFile
	interest interestFile
	place    placeFile
	alarm    alarmFile
	intent   intentFile
	outside  intentFile
	stop     stopFile
	language languageFile
}

func readLists(fsys fs.FS) (*lists, error) {
	l := &lists{}
	for _, f := range []struct {
		name   string
		into   any
		format *int
	}{
		{"classes.yaml", &l.class, &l.class.Format},
		{"chat.yaml", &l.chat, &l.chat.Format},
		{"commands.yaml", &l.command, &l.command.Format},
		{"slots.yaml", &l.slot, &l.slot.Format},
		{"interests.yaml", &l.interest, &l.interest.Format},
		{"places.yaml", &l.place, &l.place.Format},
		{"alarms.yaml", &l.alarm, &l.alarm.Format},
		{"intents.yaml", &l.intent, &l.intent.Format},
		{"outside.yaml", &l.outside, &l.outside.Format},
		{"stop.yaml", &l.stop, &l.stop.Format},
		{"language.yaml", &l.language, &l.language.Format},
	} {
		if _, err := strictyaml.Read(fsys, f.name, f.into); err != nil {
			return nil, err
		}
		if *f.format != 1 {
			return nil, fmt.Errorf("%s: begin with format: 1", f.name)
		}
	}
	return l, nil
}

// A builder turns the lists into tables and gathers what is wrong with them.
type builder struct {
	faults  []string
	classes map[string][]string
	taught  map[catalogue.Lang][]string // words of the patterns, for the language reader
}

func (b *builder) fault(format string, args ...any) {
	b.faults = append(b.faults, fmt.Sprintf(format, args...))
}

// all adds every pattern of the words to the table and checks that none stands
// there twice.
func (b *builder) all(t *table, where string, w catalogue.Words, row int, anchor bool) {
	for _, l := range catalogue.Langs {
		for _, s := range w.In(l) {
			b.one(t, where, l, s, row, anchor)
		}
	}
}

func (b *builder) one(t *table, where string, l catalogue.Lang, s string, row int, anchor bool) {
	p, err := parsePattern(s, b.classes)
	if err != nil {
		b.fault("%s: %v", where, err)
		return
	}
	p.row, p.anchor = row, anchor
	for _, old := range t.all {
		if old.row != row && old.source == s && t.clash != nil && t.clash(old.row, row) {
			b.fault("%s: %q stands there twice with different meanings", where, s)
			break
		}
	}
	t.add(p)
	for _, e := range p.elems {
		if !strings.Contains(s, "<") {
			b.taught[l] = append(b.taught[l], e.words...)
		}
	}
}

// class is a class of classes.yaml as a set.
func (b *builder) class(name string) map[string]bool {
	m := map[string]bool{}
	for _, w := range b.classes[name] {
		m[w] = true
	}
	if len(m) == 0 {
		b.fault("classes.yaml: class %s is missing", name)
	}
	return m
}

// set folds the words of all languages into one set.
func (b *builder) set(w catalogue.Words) map[string]bool {
	m := map[string]bool{}
	for _, l := range catalogue.Langs {
		for _, s := range w.In(l) {
			m[search.Fold(s)] = true
			b.taught[l] = append(b.taught[l], strings.Fields(search.Fold(s))...)
		}
	}
	return m
}

// valueOK reports whether the contract knows the value of the slot.
func valueOK(slot, value string) bool {
	switch slot {
	case "role":
		return slices.Contains(catalogue.Roles, catalogue.Role(value))
	case "stage":
		return slices.Contains(catalogue.Stages, catalogue.Stage(value))
	case "track":
		return slices.Contains(catalogue.Tracks, catalogue.Track(value))
	case "finality":
		return slices.Contains(catalogue.Finalities, catalogue.Finality(value))
	case "interest":
		return slices.Contains(catalogue.Fields, catalogue.Field(value))
	case "reach":
		return slices.Contains(catalogue.Reaches, catalogue.Reach(value))
	case "form":
		return slices.Contains(catalogue.Forms, catalogue.Form(value))
	case "language":
		_, ok := catalogue.ParseLang(value)
		return ok
	case "free":
		return value == "yes"
	}
	return false
}

// expand writes the <year> patterns out for one year.
func expand(w catalogue.Words, year int) catalogue.Words {
	class := "<year" + strconv.Itoa(year) + ">"
	to := func(in []string) []string {
		var out []string
		for _, s := range in {
			out = append(out, strings.ReplaceAll(s, "<year>", class))
		}
		return out
	}
	return catalogue.Words{NL: to(w.NL), FR: to(w.FR), EN: to(w.EN)}
}

// sortedKeys keeps the reading of a map the same each time.
func sortedKeys[K ~string | ~int, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}
