package locales_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"wegwijs/bot/dialogue"
	"wegwijs/bot/phrase"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
	"wegwijs/locales"
)

// An entry is one text of a message file; a plural has several on one line.
type entry struct {
	id, text string
	at       string // file:line
}

// read lists every text of a message file in the order of the file.
func read(t *testing.T, l catalogue.Lang) []entry {
	t.Helper()
	name := "active." + string(l) + ".toml"
	data, err := fs.ReadFile(locales.Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	var all []entry
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		var m map[string]any
		if err := toml.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%s:%d: %v", name, i+1, err)
		}
		for id, v := range m {
			at := fmt.Sprintf("%s:%d", name, i+1)
			switch v := v.(type) {
			case string:
				all = append(all, entry{id, v, at})
			case map[string]any:
				for _, form := range []string{"one", "many", "other"} {
					if s, ok := v[form].(string); ok {
						all = append(all, entry{id, s, at})
					}
				}
			default:
				t.Fatalf("%s: %q is neither a text nor a plural", at, id)
			}
		}
	}
	return all
}

func book(t *testing.T) *phrase.Book {
	t.Helper()
	b, err := phrase.Open(locales.Files())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func tree(t *testing.T) *dialogue.Tree {
	t.Helper()
	const name = "../knowledge/tree/studiekeuze.yaml"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := dialogue.Parse(name, data)
	if err != nil {
		t.Fatal(err)
	}
	const quiz = "../knowledge/quiz/quiz.yaml"
	if data, err = os.ReadFile(quiz); err != nil {
		t.Fatal(err)
	}
	if tr.Quiz, err = dialogue.ParseQuiz(quiz, data); err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestTheTreeHasItsWords(t *testing.T) {
	b := book(t)
	for _, id := range tree(t).Messages() {
		if !b.Has(id) {
			t.Errorf("%q, which the tree says, is missing", id)
		}
	}
}

// What the code puts behind a prefix must exist for every value that it can have.
func TestEveryValueHasItsWords(t *testing.T) {
	b := book(t)
	var want []string
	for _, f := range catalogue.Finalities {
		want = append(want, "doors."+string(f))
	}
	for _, l := range catalogue.Levels {
		if l != "grade2" && l != "grade3" { // these always have a finality
			want = append(want, "doors."+string(l))
		}
	}
	for _, o := range catalogue.Outcomes {
		want = append(want, "outcome."+o)
	}
	for _, s := range []string{"hello", "thanks", "bye", "bot"} {
		want = append(want, "talk."+s)
	}
	for _, id := range want {
		if !b.Has(id) {
			t.Errorf("%q is missing", id)
		}
	}
}

// A voice exists beside its plain message, and a parent's beside a counsellor's.
func TestVoicesComeTogether(t *testing.T) {
	b := book(t)
	for _, id := range b.IDs() {
		plain, ok := strings.CutSuffix(id, ".parent")
		if !ok || strings.HasPrefix(id, "value.") {
			continue
		}
		for _, other := range []string{plain, plain + ".counsellor"} {
			if !b.Has(other) {
				t.Errorf("%q exists, %q does not", id, other)
			}
		}
	}
}

// sources is the text of everything that can name a message.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, root := range []string{"../bot", "../internal"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
				return err
			}
			if ext := filepath.Ext(path); ext == ".go" || ext == ".html" || ext == ".js" {
				data, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				all.Write(data)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// named finds the ids that a source writes out in full.
var named = regexp.MustCompile(`"((?:say|ask|results|relax|why|course|talk|ui|share|print)\.[a-z0-9_.-]*[a-z0-9])"`)

func TestWhatIsSaidExists(t *testing.T) {
	b := book(t)
	for _, m := range named.FindAllStringSubmatch(sources(t), -1) {
		if !b.Has(m[1]) {
			t.Errorf("a source says %q, which is in no message file", m[1])
		}
	}
}

// dynamic are the beginnings of ids that the code completes with a value.
var dynamic = []string{
	"value.", "verb.", "relax.", "why.", "doors.", "outcome.", "talk.",
	"ui.level.", "ui.finality.", "ui.provider.", "ui.form.", "ui.kind.", "ui.language.", "ui.teaching.",
}

// ahead are messages that nothing says yet, each with the reason why it is kept.
var ahead = map[string]string{
	"ask.place.found": "a place found by name; ask.place is the question of the tree",
}

func TestNoMessageIsUnused(t *testing.T) {
	src := sources(t)
	said := tree(t).Messages()
	for _, e := range read(t, catalogue.NL) {
		id := strings.TrimSuffix(strings.TrimSuffix(e.id, ".parent"), ".counsellor")
		if slices.Contains(said, id) || strings.Contains(src, `"`+id+`"`) || ahead[id] != "" {
			continue
		}
		if !slices.ContainsFunc(dynamic, func(p string) bool { return strings.HasPrefix(id, p) }) {
			t.Errorf("%s: nothing says %q", e.at, e.id)
		}
	}
}

func TestFilesHaveOneOrder(t *testing.T) {
	ids := func(l catalogue.Lang) []string {
		var all []string
		for _, e := range read(t, l) {
			all = append(all, e.id)
		}
		return slices.Compact(all)
	}
	nl := ids(catalogue.NL)
	for _, l := range []catalogue.Lang{catalogue.FR, catalogue.EN} {
		if got := ids(l); !slices.Equal(got, nl) {
			for i := range min(len(got), len(nl)) {
				if got[i] != nl[i] {
					t.Errorf("active.%s.toml has %q where active.nl.toml has %q", l, got[i], nl[i])
					break
				}
			}
		}
	}
}

// The longest labels that fit a phone, in characters.
const (
	maxVerb  = 24
	maxValue = 40
)

func TestLabelsFit(t *testing.T) {
	for _, l := range catalogue.Langs {
		for _, e := range read(t, l) {
			limit := 0
			switch {
			case strings.HasPrefix(e.id, "verb."):
				limit = maxVerb
			case strings.HasPrefix(e.id, "value."):
				limit = maxValue
			}
			if n := utf8.RuneCountInString(e.text); limit > 0 && (n > limit || n == 0) {
				t.Errorf("%s: %q has %d characters, more than %d", e.at, e.text, n, limit)
			}
		}
	}
}

// A typed label must mean one value, in whatever language it is typed.
func TestLabelsOfASlotDiffer(t *testing.T) {
	b := book(t)
	for _, s := range tree(t).Slots {
		means := map[string]string{}
		for _, v := range s.Values {
			for _, l := range catalogue.Langs {
				label := b.Say(l, "value."+s.Name+"."+v, nil)
				f := search.Fold(label)
				if f == "" {
					t.Errorf("%s: label %q of %s:%s has no letters", l, label, s.Name, v)
				}
				if old, ok := means[f]; ok && old != v {
					t.Errorf("%s: %q is a label of %s:%s and of %s:%s", l, label, s.Name, old, s.Name, v)
				}
				means[f] = v
			}
		}
	}
}

// The limits of level B1, per language. Source: the project's quality figures.
const (
	maxMean      = 12.0
	maxWords     = 20
	maxSentences = 3
	maxRunes     = 320
)

// excused are messages that may break a limit of B1, each with the reason.
var excused = map[string]string{}

// banned are words that rank people, schools or choices, or that pity.
var banned = map[catalogue.Lang]*regexp.Regexp{
	catalogue.NL: regexp.MustCompile(`(?i)\b(zak(ken|t)?|waterval\w*|slechts|alleen maar|enkel maar|gebuisd|zwakke?re?|(lager|hoger|minder|beter)e? (finaliteit|richting|niveau|school)|afzakken)\b`),
	catalogue.FR: regexp.MustCompile(`(?i)\b(seulement|uniquement|rien que|échou\w*|rat(er|é)|cascade|voie de garage|relégation|(filière|finalité|école|niveau)s? (inférieure?|supérieure?|meilleure?)s?)\b`),
	catalogue.EN: regexp.MustCompile(`(?i)\b(only|merely|just a|fail(s|ed|ing)?|dropouts?|waterfall|second best|(lower|higher|better|worse) (finality|track|level|school)s?)\b`),
}

var (
	placeholder = regexp.MustCompile(`\{\{\.[A-Za-z]+\}\}`)
	sentenceEnd = regexp.MustCompile(`[.!?]+(?:[\s'"»)]+|$)|\n+`)
)

// sentences cuts a text into sentences of at least one word. A placeholder
// counts as one word.
func sentences(text string) []string {
	text = placeholder.ReplaceAllString(text, "Naam")
	var all []string
	for _, s := range sentenceEnd.Split(text, -1) {
		if words(s) > 0 {
			all = append(all, strings.TrimSpace(s))
		}
	}
	return all
}

func words(s string) int {
	n := 0
	for _, w := range strings.Fields(s) {
		if strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

func TestWordsAreB1(t *testing.T) {
	for _, l := range catalogue.Langs {
		total, count, passed, all := 0, 0, 0, 0
		for _, e := range read(t, l) {
			if m := banned[l].FindString(e.text); m != "" {
				t.Errorf("%s: %q in %q: say it without ranking or pity", e.at, m, e.text)
			}
			var faults []string
			ss := sentences(e.text)
			for _, s := range ss {
				n := words(s)
				if n > maxWords {
					faults = append(faults, fmt.Sprintf("%d words in %q, more than %d", n, s, maxWords))
				}
				if strings.ContainsAny(e.text[len(e.text)-1:], ".?!") {
					total, count = total+n, count+1 // labels are no sentences: they would flatter the mean
				}
			}
			if len(ss) > maxSentences {
				faults = append(faults, fmt.Sprintf("%d sentences, more than %d", len(ss), maxSentences))
			}
			if n := utf8.RuneCountInString(e.text); n > maxRunes {
				faults = append(faults, fmt.Sprintf("%d characters, more than %d", n, maxRunes))
			}
			all++
			if len(faults) == 0 {
				passed++
			} else if excused[e.id] == "" {
				t.Errorf("%s: %q: %s", e.at, e.id, strings.Join(faults, "; "))
			}
		}
		mean := float64(total) / float64(count)
		if mean > maxMean {
			t.Errorf("active.%s.toml: %.1f words in a sentence on average, more than %.0f", l, mean, maxMean)
		}
		t.Logf("%s: %d texts, %d within B1, %.1f words a sentence", l, all, passed, mean)
	}
}

func TestSentencesAreCut(t *testing.T) {
	for _, c := range []struct {
		text string
		want []int // words of each sentence
	}{
		{"Oké, ik stop. Wil je alles wissen?", []int{3, 4}},
		{"Tu veux continuer ? C'est toi : oui.", []int{3, 3}},
		{"Bel 112. Typ '2B' of 1.240 euro.", []int{2, 5}},
		{"Ik vond {{.Count}} opleidingen.\n{{.Summary}}", []int{4, 1}},
	} {
		var got []int
		for _, s := range sentences(c.text) {
			got = append(got, words(s))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: got %v words, want %v", c.text, got, c.want)
		}
	}
}
