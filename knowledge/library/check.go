package library

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wegwijs/knowledge/catalogue"
)

const (
	maxTitle    = 70 // characters: a title fits on one button or heading
	maxBody     = 5  // statements of an article
	maxSentence = 25 // words: longer is not read by a pupil on a phone
)

// DeskKinds are what a desk can be.
var DeskKinds = []string{"guidance", "work", "school", "helpline", "french"}

// Listers are who publishes a list of shortage jobs.
var Listers = []string{"VDAB", "Actiris"}

var (
	idForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	yearForm = regexp.MustCompile(`^(20\d\d|undated)$`)
	// sentenceEnd closes a sentence when white space or the end follows.
	sentenceEnd = regexp.MustCompile(`[.!?…](\s+|$)`)
)

// A checker collects the problems of one entry. Every path it is given starts
// below base.
type checker struct {
	base     string // "$" or "$.jobs[3]"
	problems []catalogue.Problem
}

func (c *checker) bad(path, format string, args ...any) {
	c.problems = append(c.problems, catalogue.Problem{Path: c.base + path, What: fmt.Sprintf(format, args...)})
}

func (c *checker) id(id string) {
	if !idForm.MatchString(id) {
		c.bad(".id", "id %q: use small letters, digits and single hyphens", id)
	}
}

// text wants all three languages and short sentences.
func (c *checker) text(path string, t catalogue.Text) {
	for _, l := range catalogue.Langs {
		s := t.In(l)
		if strings.TrimSpace(s) == "" {
			c.bad(path, "%s is missing: nl, fr and en are all needed", l)
			continue
		}
		if n, long := longest(s); n > maxSentence {
			c.bad(fmt.Sprintf("%s.%s", path, l), "a sentence of %d words, at most %d: %q", n, maxSentence, long)
		}
	}
}

// maybe is text for a text that may be left out as a whole.
func (c *checker) maybe(path string, t catalogue.Text) {
	if t != (catalogue.Text{}) {
		c.text(path, t)
	}
}

func (c *checker) words(path string, w catalogue.Words) {
	for _, l := range catalogue.Langs {
		if len(w.In(l)) == 0 {
			c.bad(path, "none in %s", l)
		}
		for i, s := range w.In(l) {
			if strings.TrimSpace(s) == "" {
				c.bad(fmt.Sprintf("%s.%s[%d]", path, l, i), "says nothing")
			}
		}
	}
}

func (c *checker) source(path, source, asOf string) {
	if strings.TrimSpace(source) == "" {
		c.bad(path+".source", "source is missing: a fact without a source stays out")
	}
	if !catalogue.ValidAsOf(asOf) {
		c.bad(path+".as_of", "as_of %q: write 2025-2026, 2025, 2025-11, 2025-11-24 or undated", asOf)
	}
}

func (c *checker) url(path, url string) {
	if url != "" && !catalogue.ValidURL(url) {
		c.bad(path, "%q is not an http or https address", url)
	}
}

func (c *checker) postcode(code string) {
	if code != "" && !catalogue.ValidPostcode(code) {
		c.bad(".postcode", "postcode %q is not four digits", code)
	}
}

// among wants every value to be one of the known ones.
func among[T ~string](c *checker, path string, values, known []T) {
	for i, v := range values {
		if !slices.Contains(known, v) {
			c.bad(fmt.Sprintf("%s[%d]", path, i), "%q is not one of %v", v, known)
		}
	}
}

func checkArticle(a *Article) []catalogue.Problem {
	c := checker{base: "$"}
	c.id(a.ID)
	if !slices.Contains(Topics, a.Topic) {
		c.bad(".topic", "topic %q is not one of %v", a.Topic, Topics)
	}
	among(&c, ".for", a.For, catalogue.Roles)
	among(&c, ".fields", a.Fields, catalogue.Fields)
	c.text(".title", a.Title)
	for _, l := range catalogue.Langs {
		if n := utf8.RuneCountInString(a.Title.In(l)); n > maxTitle {
			c.bad(fmt.Sprintf(".title.%s", l), "title of %d characters, at most %d", n, maxTitle)
		}
	}
	if len(a.Body) == 0 || len(a.Body) > maxBody {
		c.bad(".body", "%d statements: give 1 to %d", len(a.Body), maxBody)
	}
	for i := range a.Body {
		s, path := &a.Body[i], fmt.Sprintf(".body[%d]", i)
		c.text(path+".text", s.Text)
		c.source(path, s.Source, s.AsOf)
		c.url(path+".url", s.URL)
	}
	c.words(".ask", a.Ask)
	c.words(".keywords", a.Keywords)
	return c.problems
}

func checkTerm(t *Term) []catalogue.Problem {
	c := checker{base: "$"}
	c.id(t.ID)
	c.text(".name", t.Name)
	c.text(".text", t.Text)
	c.source("", t.Source, t.AsOf)
	return c.problems
}

func checkInitiative(i *Initiative, path string) []catalogue.Problem {
	c := checker{base: path}
	c.id(i.ID)
	if i.Name == "" {
		c.bad(".name", "name is missing")
	}
	if !slices.Contains(InitiativeKinds, i.Kind) {
		c.bad(".kind", "kind %q is not one of %v", i.Kind, InitiativeKinds)
	}
	among(&c, ".for", i.For, catalogue.Roles)
	among(&c, ".fields", i.Fields, catalogue.Fields)
	c.postcode(i.Postcode)
	c.url(".url", i.URL)
	c.text(".text", i.Text)
	c.maybe(".note", i.Note)
	c.source("", i.Source, i.AsOf)
	return c.problems
}

func checkJob(j *Job, path string) []catalogue.Problem {
	c := checker{base: path}
	c.id(j.ID)
	c.text(".name", j.Name)
	c.words(".keywords", j.Keywords)
	if len(j.Fields) == 0 {
		c.bad(".fields", "at least one field is needed, or nobody finds the job")
	}
	among(&c, ".fields", j.Fields, catalogue.Fields)
	if len(j.Lists) == 0 {
		c.bad(".lists", "name the list that the job is on")
	}
	seen := map[string]bool{}
	for i, l := range j.Lists {
		at := fmt.Sprintf(".lists[%d]", i)
		if !slices.Contains(Listers, l.By) {
			c.bad(at+".by", "by %q is not one of %v", l.By, Listers)
		}
		if !yearForm.MatchString(l.Year) {
			c.bad(at+".year", "year %q: write 2026 or undated", l.Year)
		}
		if l.Source == "" {
			c.bad(at+".source", "source is missing: a fact without a source stays out")
		}
		if seen[l.By+l.Year] {
			c.bad(at, "the list of %s %s is named twice", l.By, l.Year)
		}
		seen[l.By+l.Year] = true
	}
	return c.problems
}

func checkDesk(d *Desk, path string) []catalogue.Problem {
	c := checker{base: path}
	c.id(d.ID)
	if d.Name == "" {
		c.bad(".name", "name is missing")
	}
	if !slices.Contains(DeskKinds, d.Kind) {
		c.bad(".kind", "kind %q is not one of %v", d.Kind, DeskKinds)
	}
	if len(d.Langs) == 0 {
		c.bad(".langs", "say in which languages it helps")
	}
	among(&c, ".langs", d.Langs, catalogue.Langs)
	among(&c, ".roles", d.Roles, catalogue.Roles)
	among(&c, ".stages", d.Stages, catalogue.Stages)
	c.postcode(d.Postcode)
	c.url(".chat", d.Chat)
	c.url(".url", d.URL)
	if d.Phone+d.Email+d.Chat+d.URL+d.Street == "" {
		c.bad("", "no way to reach %s: give phone, email, chat, url or street", d.ID)
	}
	c.maybe(".hours", d.Hours)
	c.text(".text", d.Text)
	c.maybe(".note", d.Note)
	c.source("", d.Source, d.AsOf)
	return c.problems
}

// checkOnce lists the ids that stand twice in the list of that name.
func checkOnce[T any](list string, entries []T, id func(*T) string) []catalogue.Problem {
	var problems []catalogue.Problem
	seen := map[string]bool{}
	for i := range entries {
		k := id(&entries[i])
		if seen[k] {
			problems = append(problems, catalogue.Problem{Path: entry(list, i) + ".id", What: fmt.Sprintf("id %q is used twice", k)})
		}
		seen[k] = true
	}
	return problems
}

// checkArticles lists, by article id, what can only be seen from all articles
// and terms together: a reference to nothing, an id that an article shares
// with a term, a question that more than one article claims.
func (l *Library) checkArticles() map[string][]catalogue.Problem {
	found := map[string][]catalogue.Problem{}
	asked := map[string]string{} // question to the article that has it
	for i := range l.Articles {
		a := &l.Articles[i]
		c := checker{base: "$"}
		if _, ok := l.Term(a.ID); ok {
			c.bad("", "a term is called %q too: rename one, so that see: is clear", a.ID)
		}
		for j, id := range a.See {
			_, article := l.Article(id)
			_, term := l.Term(id)
			switch {
			case id == a.ID:
				c.bad(fmt.Sprintf(".see[%d]", j), "the article refers to itself")
			case !article && !term:
				c.bad(fmt.Sprintf(".see[%d]", j), "%q is neither an article nor a term", id)
			}
		}
		for _, lang := range catalogue.Langs {
			here := map[string]bool{}
			for j, s := range a.Ask.In(lang) {
				q, path := question(s), fmt.Sprintf(".ask.%s[%d]", lang, j)
				switch other, taken := asked[q]; {
				case here[q]:
					c.bad(path, "question %q stands here twice", s)
				case taken && other != a.ID:
					c.bad(path, "question %q is asked in %s too: it belongs to one article", s, other)
				}
				here[q], asked[q] = true, a.ID
			}
		}
		if len(c.problems) > 0 {
			found[a.ID] = c.problems
		}
	}
	return found
}

// question is the form in which two questions are the same: small letters,
// single spaces, no mark at the end.
func question(s string) string {
	return strings.Join(strings.Fields(strings.TrimRight(strings.ToLower(s), " ?!.…")), " ")
}

// longest returns the longest sentence of s and its number of words. A word
// has a letter or a digit: the French " ?" is none.
func longest(s string) (words int, sentence string) {
	for start := 0; start < len(s); {
		end := len(s)
		if m := sentenceEnd.FindStringIndex(s[start:]); m != nil {
			end = start + m[1]
		}
		n := 0
		for _, w := range strings.Fields(s[start:end]) {
			if strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
				n++
			}
		}
		if n > words {
			words, sentence = n, strings.TrimSpace(s[start:end])
		}
		start = end
	}
	return words, sentence
}
