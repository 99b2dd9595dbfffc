package perfdata

import (
	"context"
	"errors"
	"io/fs"
	"runtime"
	"sync"
	"testing"
	"time"

	"wegwijs/bot"
	"wegwijs/bot/dialogue"
	"wegwijs/bot/phrase"
	"wegwijs/bot/understand"
	"wegwijs/knowledge"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/library"
	"wegwijs/knowledge/search"
	"wegwijs/locales"
	"wegwijs/seeds"
)

// A world is everything that is measured at one size.
type world struct {
	catalogue *catalogue.Catalogue
	queries   []Query
	labels    *Labels
	floor     *Floor
	index     *search.Index // courses only, like the engines it is compared with
	courses   *search.Courses
	service   func() (*service, error)
	built     time.Duration // of the index
	heap      int64         // bytes that the index and its documents keep
}

// A service answers free questions: the courses with all else that the bot
// knows. It is built when first asked for, since it takes as long as the rest.
type service struct {
	index *search.Index
	bot   *bot.Bot
}

// worlds are built when first asked for and kept, so that all that is compared
// runs in one process on the same data.
var worlds sync.Map // int to func() *world

func worldOf(tb testing.TB, n int) *world {
	tb.Helper()
	build, _ := worlds.LoadOrStore(n, sync.OnceValues(func() (*world, error) { return newWorld(n) }))
	w, err := build.(func() (*world, error))()
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

func newWorld(n int) (*world, error) {
	shipped, err := seeds.Load(seeds.Embedded())
	if err != nil {
		return nil, err
	}
	files := knowledge.Files()
	sub := func(dir string) fs.FS {
		f, _ := fs.Sub(files, dir) // its only error is a name that is no path
		return f
	}
	syn, err := search.ReadSynonyms(sub("synonyms"))
	if err != nil {
		return nil, err
	}
	lib, err := library.Load(files)
	if err != nil {
		return nil, err
	}
	tree, err := fs.ReadFile(files, "tree/studiekeuze.yaml")
	if err != nil {
		return nil, err
	}
	w := &world{catalogue: Catalogue(shipped, n)}
	w.queries = Queries(w.catalogue, syn, 100)
	w.labels = NewLabels(w.catalogue)
	w.floor = NewFloor(Rows(w.catalogue), syn)
	w.courses = search.NewCourses(w.catalogue)

	before := heap()
	start := time.Now()
	if w.index, err = search.Open(search.CourseDocs(w.catalogue), syn); err != nil {
		return nil, err
	}
	w.built = time.Since(start)
	w.heap = heap() - before
	w.service = sync.OnceValues(func() (*service, error) {
		s := &service{}
		var err error
		if s.index, err = search.Open(docs(w.catalogue, lib), syn); err != nil {
			return nil, err
		}
		k := &bot.Knowledge{Catalogue: w.catalogue, Library: lib, Courses: w.courses, Index: s.index}
		if k.Tree, err = dialogue.Parse("studiekeuze.yaml", tree); err != nil {
			return nil, err
		}
		if k.Reader, err = understand.New(sub("words"), w.catalogue, s.index.Lexicon()); err != nil {
			return nil, err
		}
		words, err := phrase.Open(locales.Files())
		if err != nil {
			return nil, err
		}
		s.bot, err = bot.New(bot.Options{Knowledge: k, Words: words, Memory: nothing{}})
		return s, err
	})
	return w, nil
}

// serving is the service of w.
func serving(tb testing.TB, w *world) *service {
	tb.Helper()
	s, err := w.service()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// docs are the courses of c and all else that can be found by words.
func docs(c *catalogue.Catalogue, lib *library.Library) []search.Doc {
	docs := append(search.CourseDocs(c), search.PlaceDocs(c)...)
	for i := range lib.Articles {
		a := &lib.Articles[i]
		docs = append(docs, search.Doc{Kind: search.ArticleKind, ID: a.ID, Title: a.Title, Words: a.Keywords, Ask: a.Ask})
	}
	for i := range lib.Terms {
		t := &lib.Terms[i]
		docs = append(docs, search.Doc{Kind: search.TermKind, ID: t.ID, Title: t.Name, Words: t.Also, Body: t.Text})
	}
	for i := range lib.Jobs {
		j := &lib.Jobs[i]
		docs = append(docs, search.Doc{Kind: search.JobKind, ID: j.ID, Title: j.Name, Words: j.Keywords, Fields: j.Fields})
	}
	return docs
}

// heap is the memory in use, after all that is not needed was given back.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// of are the queries of one class.
func (w *world) of(class string) (out []*Query) {
	for i := range w.queries {
		if w.queries[i].Class == class {
			out = append(out, &w.queries[i])
		}
	}
	return out
}

// Three ways to answer a query. Each returns the first course, or "".

func (w *world) byFloor(q *Query) (string, error) {
	if found := w.floor.Find(q.Words, 10); len(found) > 0 {
		return w.catalogue.Courses[found[0]].ID, nil
	}
	return "", nil
}

func (w *world) byIndex(q *Query) (string, error) {
	hits, err := w.index.Find(context.Background(), search.Query{Words: q.Words})
	if len(hits) == 0 || hits[0].Score < search.Maybe {
		return "", err
	}
	return hits[0].ID, err
}

func (w *world) byAsk(q *Query) (string, error) {
	s, err := w.service()
	if err != nil {
		return "", err
	}
	out := s.bot.Ask(context.Background(), bot.Question{Text: q.Text})
	for i := range out.Answers {
		if out.Answers[i].Kind == "course" {
			return out.Answers[i].ID, nil
		}
	}
	return "", nil
}

type way struct {
	name string
	find func(w *world, q *Query) (string, error)
}

var ways = []way{{"floor", (*world).byFloor}, {"bleve", (*world).byIndex}, {"ask", (*world).byAsk}}

// nothing is a memory that is never asked: free questions are not remembered.
type nothing struct{}

var errNothing = errors.New("no memory here")

func (nothing) Recall(context.Context, bot.Visitor) (dialogue.State, int64, error) {
	return dialogue.State{}, 0, errNothing
}

func (nothing) Seen(context.Context, bot.Visitor, string) ([]byte, bool, error) {
	return nil, false, errNothing
}
func (nothing) Remember(context.Context, bot.Visitor, bot.Turn) error { return errNothing }
func (nothing) Forget(context.Context, bot.Visitor) error             { return errNothing }
