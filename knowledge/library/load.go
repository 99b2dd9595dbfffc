package library

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
)

// ErrData is returned by Load for files that must not be served.
var ErrData = errors.New("library: unusable data")

// A Library is everything that can be explained. It is built once by New or
// Load, never changes after that, and is safe for concurrent use.
type Library struct {
	Articles    []Article // each list by id
	Terms       []Term
	Initiatives []Initiative
	Jobs        []Job
	Desks       []Desk

	article, term, initiative, job, desk map[string]int
}

// New builds a library and sorts each list by id. It does not judge: see Load.
func New(articles []Article, terms []Term, initiatives []Initiative, jobs []Job, desks []Desk) *Library {
	return &Library{
		Articles: articles, Terms: terms, Initiatives: initiatives, Jobs: jobs, Desks: desks,
		article:    index(articles, func(a *Article) string { return a.ID }),
		term:       index(terms, func(t *Term) string { return t.ID }),
		initiative: index(initiatives, func(i *Initiative) string { return i.ID }),
		job:        index(jobs, func(j *Job) string { return j.ID }),
		desk:       index(desks, func(d *Desk) string { return d.ID }),
	}
}

// index sorts the list by id and says where each id stands.
func index[T any](list []T, id func(*T) string) map[string]int {
	sort.SliceStable(list, func(i, j int) bool { return id(&list[i]) < id(&list[j]) })
	at := make(map[string]int, len(list))
	for i := range list {
		at[id(&list[i])] = i
	}
	return at
}

// find returns the entry with that id, as a pointer into the list.
func find[T any](list []T, at map[string]int, id string) (*T, bool) {
	i, ok := at[id]
	if !ok {
		return nil, false
	}
	return &list[i], true
}

// Article returns the article with that id.
func (l *Library) Article(id string) (*Article, bool) { return find(l.Articles, l.article, id) }

// Term returns the term with that id.
func (l *Library) Term(id string) (*Term, bool) { return find(l.Terms, l.term, id) }

// Initiative returns the initiative with that id.
func (l *Library) Initiative(id string) (*Initiative, bool) {
	return find(l.Initiatives, l.initiative, id)
}

// Job returns the job with that id.
func (l *Library) Job(id string) (*Job, bool) { return find(l.Jobs, l.job, id) }

// Desk returns the desk with that id.
func (l *Library) Desk(id string) (*Desk, bool) { return find(l.Desks, l.desk, id) }

// The files that hold a whole list.
const (
	initiativesFile = "initiatives/initiatives.yaml"
	jobsFile        = "jobs/jobs.yaml"
	desksFile       = "desks/desks.yaml"
)

// Load reads the knowledge folder at the root of fsys: one file per article
// and per term, and one file each for initiatives, jobs and desks. On faults it
// returns one error that lists them all, each as file:line:col: what to mend;
// it wraps ErrData.
func Load(fsys fs.FS) (*Library, error) {
	r := reader{fsys: fsys, files: map[string]*strictyaml.File{}}
	articles := folder(&r, "articles", func(a *Article, id string) { a.ID = id })
	terms := folder(&r, "terms", func(t *Term, id string) { t.ID = id })

	var initiatives struct {
		Format      int          `yaml:"format"`
		Initiatives []Initiative `yaml:"initiatives"`
	}
	r.list(initiativesFile, &initiatives, &initiatives.Format)
	var jobs struct {
		Format int   `yaml:"format"`
		Jobs   []Job `yaml:"jobs"`
	}
	r.list(jobsFile, &jobs, &jobs.Format)
	var desks struct {
		Format int    `yaml:"format"`
		Desks  []Desk `yaml:"desks"`
	}
	r.list(desksFile, &desks, &desks.Format)

	for i := range articles {
		r.report(articleFile(articles[i].ID), checkArticle(&articles[i]))
	}
	for i := range terms {
		r.report(termFile(terms[i].ID), checkTerm(&terms[i]))
	}
	for i := range initiatives.Initiatives {
		r.report(initiativesFile, checkInitiative(&initiatives.Initiatives[i], entry("initiatives", i)))
	}
	for i := range jobs.Jobs {
		r.report(jobsFile, checkJob(&jobs.Jobs[i], entry("jobs", i)))
	}
	for i := range desks.Desks {
		r.report(desksFile, checkDesk(&desks.Desks[i], entry("desks", i)))
	}
	r.report(initiativesFile, checkOnce("initiatives", initiatives.Initiatives, func(i *Initiative) string { return i.ID }))
	r.report(jobsFile, checkOnce("jobs", jobs.Jobs, func(j *Job) string { return j.ID }))
	r.report(desksFile, checkOnce("desks", desks.Desks, func(d *Desk) string { return d.ID }))

	l := New(articles, terms, initiatives.Initiatives, jobs.Jobs, desks.Desks)
	if !r.unread {
		// A file that could not be read would show up here as ids that do not
		// exist: its own fault says enough.
		for id, problems := range l.checkArticles() {
			r.report(articleFile(id), problems)
		}
	}
	if len(r.faults) > 0 {
		sort.Strings(r.faults)
		return nil, fmt.Errorf("%s\n%w: %d to mend", strings.Join(r.faults, "\n"), ErrData, len(r.faults))
	}
	return l, nil
}

func articleFile(id string) string { return "articles/" + id + ".yaml" }

func termFile(id string) string { return "terms/" + id + ".yaml" }

func entry(list string, i int) string { return fmt.Sprintf("$.%s[%d]", list, i) }

// A reader reads files one after the other and collects what is wrong.
type reader struct {
	fsys   fs.FS
	files  map[string]*strictyaml.File // by name, to say where a fault is
	faults []string
	unread bool // a file could not be decoded
}

// read decodes one file into v and reports whether that worked.
func (r *reader) read(name string, v any) bool {
	f, err := strictyaml.Read(r.fsys, name, v)
	if err != nil {
		r.faults, r.unread = append(r.faults, err.Error()), true
		return false
	}
	r.files[name] = f
	return true
}

// list reads a file that holds a whole list and begins with its format.
func (r *reader) list(name string, v any, format *int) {
	if r.read(name, v) && *format != 1 {
		r.report(name, []catalogue.Problem{{Path: "$.format", What: "begin with format: 1"}})
	}
}

// report adds problems of one file to the faults.
func (r *reader) report(name string, problems []catalogue.Problem) {
	for _, p := range problems {
		at := name
		if f := r.files[name]; f != nil {
			at = f.At(p.Path)
		}
		r.faults = append(r.faults, at+": "+p.What)
	}
}

// folder reads every .yaml file of dir, one entry each, and names it after its
// file. A README.md may stand beside them; any other file is a fault, because
// it would silently not be read.
func folder[T any](r *reader, dir string, name func(*T, string)) []T {
	entries, err := fs.ReadDir(r.fsys, dir)
	if err != nil {
		r.faults, r.unread = append(r.faults, fmt.Sprintf("%s: %v", dir, err)), true
		return nil
	}
	var list []T
	for _, e := range entries {
		file := path.Join(dir, e.Name())
		id, yes := strings.CutSuffix(e.Name(), ".yaml")
		if e.IsDir() || !yes {
			if e.Name() != "README.md" {
				r.faults = append(r.faults, file+": is not read; end its name in .yaml or move it")
			}
			continue
		}
		var v T
		if r.read(file, &v) {
			name(&v, id)
			list = append(list, v)
		}
	}
	return slices.Clip(list)
}
