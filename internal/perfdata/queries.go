package perfdata

import (
	"math/rand/v2"
	"slices"
	"strings"

	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// Classes of queries, in the order in which they are printed.
var Classes = []string{"exact", "typo1", "typo2", "compound", "cross", "multi", "nonsense"}

// A Query is what is asked, and what a right answer holds.
type Query struct {
	Class string
	Text  string   // as typed
	Words []string // the folded words of Text that say something
	Want  []string // stems that the first course must hold; none expects no course
}

// A Labels decides whether an answer is right.
type Labels struct {
	id    map[string]int
	stems []map[string]bool // by course
}

// NewLabels reads what each course of c holds.
func NewLabels(c *catalogue.Catalogue) *Labels {
	l := &Labels{id: map[string]int{}, stems: make([]map[string]bool, len(c.Courses))}
	rows := Rows(c)
	for i := range c.Courses {
		l.id[c.Courses[i].ID] = i
		l.stems[i] = map[string]bool{}
		for _, w := range strings.Fields(rows[i].Title + " " + rows[i].Words) {
			l.stems[i][search.Stem(w)] = true
		}
		for j := range c.Courses[i].Offers {
			for _, w := range search.Tokens(c.Courses[i].Offers[j].Commune) {
				l.stems[i][search.Stem(w)] = true
			}
		}
	}
	return l
}

// Right reports whether the course is a right first answer; id "" is no answer.
func (l *Labels) Right(q *Query, id string) bool {
	i, ok := l.id[id]
	return ok && l.RightRow(q, i) || !ok && l.RightRow(q, -1)
}

// RightRow is Right for the place of a course in its catalogue; -1 is no answer.
func (l *Labels) RightRow(q *Query, i int) bool {
	if len(q.Want) == 0 || i < 0 {
		return len(q.Want) == 0 && i < 0
	}
	for _, s := range q.Want {
		if !l.stems[i][s] {
			return false
		}
	}
	return true
}

// How a query begins, by language. The words after it carry the meaning.
var openings = map[catalogue.Lang][]string{
	catalogue.NL: {"", "", "ik zoek een opleiding ", "cursus "},
	catalogue.FR: {"", "", "je cherche une formation en ", "cours de "},
	catalogue.EN: {"", "", "i am looking for a course in ", "training "},
}

// tails end a compound; those of the second half are in no list of ours.
var tails = []string{"opleiding", "cursus", "school", "richting", "reeks", "bootcamp", "avonden", "expert"}

// Queries are count queries of each class about the courses of c.
func Queries(c *catalogue.Catalogue, syn *search.Synonyms, count int) []Query {
	r := rand.New(rand.NewPCG(seed, uint64(len(c.Courses))+1))
	known := map[string]bool{}
	for i := range c.Courses {
		for w := range Words(&c.Courses[i]) {
			known[w] = true
		}
	}
	var all []Query
	for _, class := range Classes {
		for n := 0; n < count; {
			q := Query{Class: class}
			course := &c.Courses[r.IntN(len(c.Courses))]
			lang := catalogue.NL
			if class == "cross" {
				lang = catalogue.Langs[1+r.IntN(2)]
			}
			w := pick(r, course, lang, syn)
			typed := w
			switch class {
			case "typo1":
				typed = slip(r, w)
			case "typo2":
				typed = slip(r, slip(r, w))
			case "compound":
				typed = w + []string{"", "s"}[r.IntN(2)] + tails[r.IntN(len(tails))]
			case "multi":
				if town := town(c, course); town != "" && w != "" {
					q.Want = append(q.Want, stems(town)...)
					typed += " " + town
				} else {
					w = ""
				}
			case "nonsense":
				w, typed = "-", nonsense(r)
			}
			if w == "" || len(w) < least[class] || strange[class] && (typed == w || known[typed]) {
				continue
			}
			if class != "nonsense" {
				q.Want = append(q.Want, search.Stem(w))
				o := openings[lang]
				q.Text = o[r.IntN(len(o))]
			}
			q.Text += typed
			for _, t := range search.Tokens(q.Text) {
				if !syn.Stop(t) {
					q.Words = append(q.Words, t)
				}
			}
			all = append(all, q)
			n++
		}
	}
	return all
}

// least is the shortest word asked in a class: shorter ones cannot be told from
// other words once they are misspelt.
var least = map[string]int{"exact": 4, "typo1": 5, "typo2": 10, "compound": 5, "cross": 4, "multi": 4}

// strange classes are typed as no known word.
var strange = map[string]bool{"typo1": true, "typo2": true, "compound": true, "nonsense": true}

// pick is a word of the course's title that says something: of a generated
// course the invented one half of the time. "" when it has none.
func pick(r *rand.Rand, c *catalogue.Course, l catalogue.Lang, syn *search.Synonyms) string {
	words := slices.DeleteFunc(search.Tokens(c.Title.In(l)), func(w string) bool {
		return len(w) < 4 || syn.Stop(w) || strings.ContainsAny(w, "0123456789+#")
	})
	if len(words) == 0 {
		return ""
	}
	if strings.HasPrefix(c.ID, "gen-") && r.IntN(2) == 0 {
		return words[len(words)-1]
	}
	return words[r.IntN(len(words))]
}

// town is the commune of a school of the course, when the school is named after
// it in one word.
func town(c *catalogue.Catalogue, k *catalogue.Course) string {
	for i := range k.Offers {
		in, ok := c.Institution(k.Offers[i].Institution)
		if !ok || !strings.HasPrefix(in.ID, "gen-") {
			continue
		}
		if t := search.Tokens(in.Commune); len(t) == 1 {
			return t[0]
		}
	}
	return ""
}

func stems(words ...string) []string {
	for i, w := range words {
		words[i] = search.Stem(w)
	}
	return words
}

// beside are keys that lie next to each other on an azerty keyboard.
const beside = "azertyuiop qsdfghjklm wxcvbn"

// slip makes one typing error: a letter left out, doubled, swapped or taken for
// its neighbour. One in twenty
// hits the first letter, as in collections of real errors.
func slip(r *rand.Rand, w string) string {
	if len(w) < 4 {
		return w
	}
	i := 1 + r.IntN(len(w)-2)
	if r.IntN(20) == 0 {
		i = 0
	}
	switch r.IntN(4) {
	case 0:
		return w[:i] + w[i+1:]
	case 1:
		return w[:i] + w[i:i+1] + w[i:]
	case 2:
		return w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:]
	}
	k := strings.IndexByte(beside, w[i])
	if k <= 0 || beside[k-1] == ' ' {
		k += 2
	}
	return w[:i] + beside[k-1:k] + w[i+1:]
}

// nonsense is one or two heaps of letters that resemble no word.
func nonsense(r *rand.Rand) string {
	heap := func() string {
		b := make([]byte, 7+r.IntN(5))
		for i := range b {
			b[i] = "bcdfghjklmnpqrstvwxz"[r.IntN(20)]
		}
		return string(b)
	}
	if r.IntN(2) == 0 {
		return heap()
	}
	return heap() + " " + heap()
}
