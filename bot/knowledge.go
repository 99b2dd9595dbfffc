package bot

import (
	"errors"
	"fmt"
	"io/fs"

	"wegwijs/bot/dialogue"
	"wegwijs/bot/understand"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/library"
	"wegwijs/knowledge/pathway"
	"wegwijs/knowledge/search"
	"wegwijs/seeds"
)

// Knowledge is everything that the bot knows, built together so that a reload
// swaps all of it at once. It never changes and is safe for concurrent use.
type Knowledge struct {
	Tree      *dialogue.Tree
	Catalogue *catalogue.Catalogue
	Library   *library.Library
	Courses   *search.Courses
	Index     *search.Index
	Reader    *understand.Reader
	Paths     *pathway.Paths

	titles []title // courses by their folded titles, the longest first
}

// treeFile is the conversation inside the knowledge folder.
const treeFile = "tree/studiekeuze.yaml"

// quizFile holds the quizzes inside the knowledge folder.
const quizFile = "quiz/quiz.yaml"

// readQuiz reads the quizzes; a folder without them is a bot without them.
func readQuiz(knowledge fs.FS) (*dialogue.Quiz, error) {
	data, err := fs.ReadFile(knowledge, quizFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return dialogue.ParseQuiz(quizFile, data)
}

// Learn reads and checks the catalogue and the knowledge folder and builds the
// index. Its error lists every fault with file and line.
func Learn(seedFiles, knowledge fs.FS) (*Knowledge, error) {
	var (
		k    Knowledge
		errs []error
		err  error
	)
	note := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	k.Catalogue, err = seeds.Load(seedFiles)
	note(err)
	k.Library, err = library.Load(knowledge)
	note(err)
	data, err := fs.ReadFile(knowledge, treeFile)
	if err == nil {
		k.Tree, err = dialogue.Parse(treeFile, data)
	}
	note(err)
	quiz, err := readQuiz(knowledge)
	note(err)
	words, err := fs.Sub(knowledge, "synonyms")
	note(err)
	synonyms, err := search.ReadSynonyms(words)
	note(err)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	k.Tree.Quiz = quiz
	if k.Paths, err = pathway.Load(knowledge, k.Catalogue); err != nil {
		return nil, err
	}
	k.linkJobs()
	k.Courses = search.NewCourses(k.Catalogue)
	if k.Index, err = search.Open(k.docs(), synonyms); err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	words, err = fs.Sub(knowledge, "words")
	if err != nil {
		return nil, err
	}
	if k.Reader, err = understand.New(words, k.Catalogue, k.Index.Lexicon()); err != nil {
		return nil, err
	}
	k.titles = foldTitles(k.Catalogue)
	return &k, nil
}

// linkJobs marks courses that prepare for a shortage job: one whose name is a
// search word or part of the outcome of the course. It reads Dutch only, the
// language of the official lists.
func (k *Knowledge) linkJobs() {
	byName := map[string]string{}
	for i := range k.Library.Jobs {
		j := &k.Library.Jobs[i]
		byName[search.Fold(j.Name.NL)] = j.ID
		for _, w := range j.Keywords.NL {
			byName[search.Fold(w)] = j.ID
		}
	}
	for i := range k.Catalogue.Courses {
		c := &k.Catalogue.Courses[i]
		if len(c.Jobs) > 0 {
			continue
		}
		for _, w := range append([]string{c.Title.NL}, c.Keywords.NL...) {
			id, ok := byName[search.Fold(w)]
			if ok && k.sharesField(id, c.Fields) {
				c.Jobs = append(c.Jobs, id)
			}
		}
	}
}

// sharesField reports whether the job belongs to one of the fields.
func (k *Knowledge) sharesField(job string, fields []catalogue.Field) bool {
	j, ok := k.Library.Job(job)
	if !ok {
		return false
	}
	for _, a := range j.Fields {
		for _, b := range fields {
			if a == b {
				return true
			}
		}
	}
	return false
}

// docs are all things that can be found by words.
func (k *Knowledge) docs() []search.Doc {
	docs := append(search.CourseDocs(k.Catalogue), search.PlaceDocs(k.Catalogue)...)
	for i := range k.Library.Articles {
		a := &k.Library.Articles[i]
		d := search.Doc{Kind: search.ArticleKind, ID: a.ID, Title: a.Title, Words: a.Keywords, Ask: a.Ask}
		for _, s := range a.Body {
			d.Body.NL += s.Text.NL + " "
			d.Body.FR += s.Text.FR + " "
			d.Body.EN += s.Text.EN + " "
		}
		docs = append(docs, d)
	}
	for i := range k.Library.Terms {
		t := &k.Library.Terms[i]
		docs = append(docs, search.Doc{Kind: search.TermKind, ID: t.ID, Title: t.Name, Words: t.Also, Body: t.Text})
	}
	for i := range k.Paths.Rules {
		r := &k.Paths.Rules[i]
		docs = append(docs, search.Doc{Kind: search.RuleKind, ID: r.ID, Title: r.Title, Words: r.Keywords, Ask: r.Ask, Body: r.Text})
	}
	for i := range k.Library.Initiatives {
		n := &k.Library.Initiatives[i]
		if n.Gone {
			continue
		}
		name := catalogue.Text{NL: n.Name, FR: n.Name, EN: n.Name}
		docs = append(docs, search.Doc{Kind: search.InitiativeKind, ID: n.ID, Title: name, Body: n.Text, Fields: n.Fields, Extra: []string{n.Commune}})
	}
	for i := range k.Library.Jobs {
		j := &k.Library.Jobs[i]
		docs = append(docs, search.Doc{Kind: search.JobKind, ID: j.ID, Title: j.Name, Words: j.Keywords, Fields: j.Fields})
	}
	return docs
}
