// Package perfdata makes catalogues of any size and labelled queries for them,
// so that speed and quality are measured on the same things everywhere. Its
// data is the shipped catalogue, then courses made of its words and of words
// made of syllables; the same size always gives the same data.
//
// Generated queries compare engines. They say nothing about how people ask:
// the labelled questions in knowledge/evaluation do.
package perfdata

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// seed makes every run the same.
const seed = 20260901

// A subject is what a generated course is about, one invented word a language.
type subject struct{ nl, fr, en, also string }

// A maker hands out random parts of courses.
type maker struct {
	r     *rand.Rand
	stems map[string]bool // taken, also by the shipped words
}

var (
	onsets = strings.Fields("b br d dr f fl g gr h k kl kr l m n p pl pr r s sl sp st t tr v w z")
	vowels = strings.Fields("a e i o u aa ee ie oe oo ui")
	codas  = strings.Fields("l m n r k p t s nd rk lt")
)

// word invents a word of 3 or 4 syllables whose stem is not taken.
func (m *maker) word(end string) string {
	for {
		var b strings.Builder
		for range 2 + m.r.IntN(2) {
			b.WriteString(onsets[m.r.IntN(len(onsets))])
			b.WriteString(vowels[m.r.IntN(len(vowels))])
		}
		b.WriteString(codas[m.r.IntN(len(codas))])
		b.WriteString(end)
		w := b.String()
		if s := search.Stem(w); !m.stems[s] {
			m.stems[s] = true
			return w
		}
	}
}

// Subjects is how many invented subjects a catalogue of n courses has: a larger
// catalogue repeats more.
func Subjects(n int) int { return int(10 * math.Sqrt(float64(n))) }

// Catalogue is the shipped catalogue, cut or filled up to n courses. Generated
// courses have ids that begin with "gen-", a title made of a shipped one and an
// invented subject, and offers at invented schools in communes that exist.
func Catalogue(shipped *catalogue.Catalogue, n int) *catalogue.Catalogue {
	m := maker{r: rand.New(rand.NewPCG(seed, uint64(n))), stems: map[string]bool{}}
	var bases []*catalogue.Course
	courses := make([]catalogue.Course, 0, n)
	for i := range shipped.Courses {
		c := &shipped.Courses[i]
		for w := range Words(c) {
			m.stems[search.Stem(w)] = true
		}
		if !c.Unnamed {
			bases = append(bases, c)
		}
		if len(courses) < n {
			courses = append(courses, *c)
		}
	}
	institutions := slices.Clone(shipped.Institutions)
	schools := make([]string, 20+n/50)
	for i := range schools {
		in := &shipped.Communes[m.r.IntN(len(shipped.Communes))]
		schools[i] = fmt.Sprintf("gen-school-%d", i)
		institutions = append(institutions, catalogue.Institution{
			ID: schools[i], Name: []string{"Atheneum ", "Campus ", "Centrum "}[i%3] + in.Name.NL,
			Postcode: mainPostcode(in), Commune: in.Name.NL, Source: "generated", AsOf: "undated",
		})
	}
	subjects := make([]subject, Subjects(n))
	for i := range subjects {
		subjects[i] = subject{m.word(""), m.word("ique"), m.word("ry"), m.word("")}
	}
	for i := len(courses); i < n; i++ {
		base := bases[m.r.IntN(len(bases))]
		// Squared, so that some subjects are common and most are rare.
		f := m.r.Float64()
		s := subjects[int(f*f*float64(len(subjects)))]
		c := catalogue.Course{
			ID: fmt.Sprintf("gen-%06d", i), Provider: base.Provider, Level: base.Level, Finality: base.Finality,
			Fields: base.Fields, Summary: base.Summary, Dual: base.Dual, Source: "generated", AsOf: "undated",
			Title: catalogue.Text{
				NL: base.Title.NL + " " + s.nl, FR: base.Title.FR + " " + s.fr, EN: base.Title.EN + " " + s.en,
			},
			Keywords: catalogue.Words{
				NL: append(m.some(base.Keywords.NL), s.also), FR: m.some(base.Keywords.FR), EN: m.some(base.Keywords.EN),
			},
		}
		for j := range 1 + m.r.IntN(3) {
			c.Offers = append(c.Offers, catalogue.Offer{
				ID: fmt.Sprintf("%s-%d", c.ID, j), Institution: schools[m.r.IntN(len(schools))],
				Form: []catalogue.Form{catalogue.Forms[m.r.IntN(len(catalogue.Forms))]}, Source: "generated", AsOf: "undated",
			})
		}
		courses = append(courses, c)
	}
	return catalogue.New(courses, institutions, shipped.Conditions, shipped.Communes)
}

// some are two of the words.
func (m *maker) some(words []string) []string {
	if len(words) <= 2 {
		return slices.Clone(words)
	}
	i := m.r.IntN(len(words) - 1)
	return slices.Clone(words[i : i+2])
}

func mainPostcode(c *catalogue.Commune) string {
	if len(c.Parts) == 0 {
		return ""
	}
	return c.Parts[0].Postcode
}

// Words are the folded words of a course's names and search words, in the three
// languages: what every engine of the comparison indexes, beside its schools.
func Words(c *catalogue.Course) map[string]bool {
	words := map[string]bool{}
	add := func(s string) {
		for _, w := range search.Tokens(s) {
			words[w] = true
		}
	}
	for _, l := range catalogue.Langs {
		add(c.Title.In(l))
		for _, s := range c.Keywords.In(l) {
			add(s)
		}
	}
	for _, s := range c.Former {
		add(s)
	}
	return words
}

// A Row is a course as plain folded text, for engines that know no courses.
type Row struct {
	Title string `json:"title"` // three languages and former names
	Words string `json:"words"` // search words, schools and facts
}

// Rows are the courses of c in its order, with the same text that our own index
// gets, but for synonyms and descriptions.
func Rows(c *catalogue.Catalogue) []Row {
	docs := search.CourseDocs(c)
	rows := make([]Row, len(docs))
	for i := range docs {
		d := &docs[i]
		title := append([]string{d.Title.NL, d.Title.FR, d.Title.EN}, d.Also...)
		words := slices.Concat(d.Words.NL, d.Words.FR, d.Words.EN, d.Extra)
		rows[i] = Row{search.Fold(strings.Join(title, " ")), search.Fold(strings.Join(words, " "))}
	}
	return rows
}
