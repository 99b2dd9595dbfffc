// Package intake carries the yearly official lists (CSV and JSON) into a
// folder of seeds, shows what two folders differ in, and writes the seeds'
// YAML. It adds, changes and removes offers and institutions; it never makes
// up a course, and it writes a folder wholly or not at all.
package intake

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"wegwijs/knowledge/catalogue"
)

// Options says what to take in and where to. Folder and Files are required.
type Options struct {
	Folder  string   // folder of seeds: so.yaml, ho.yaml, …, places.yaml
	Files   []string // lists of one source; together they are that source's whole list
	Mapping string   // a mapping's file, or the name of a shipped one; "" finds it by the column names
	AsOf    string   // date of the rows that carry none: "2026-2027"; "" is the mapping's
	DryRun  bool     // report only
	Prune   bool     // remove the offers that are gone

	// Progress is told how far a file is read, in bytes. Nil is nobody.
	Progress func(file string, read, total int64, rows int)
}

// ErrRows is returned for lists with rows that cannot be read. Nothing was
// written; the error lists the rows as file:row:column.
var ErrRows = errors.New("nothing was written")

// A Report is what a list would change, or changed, in the catalogue.
type Report struct {
	Mapping    string             `json:"mapping"`
	Provider   catalogue.Provider `json:"provider"`
	Files      []FileReport       `json:"files"`
	New        []Item             `json:"new"`
	Changed    []Change           `json:"changed"`
	Gone       []Item             `json:"gone"`
	Suspicious []Suspicion        `json:"suspicious"`
	Same       int                `json:"same"`        // offers that the list confirms word for word
	PassedOver int                `json:"passed_over"` // rows that the mapping leaves out on purpose
	DryRun     bool               `json:"dry_run"`
	Pruned     bool               `json:"pruned"`  // the gone offers are, or would be, removed
	Written    []string           `json:"written"` // files; none when nothing changed
}

// A FileReport says how one list was read.
type FileReport struct {
	Name   string `json:"name"`
	Format string `json:"format"` // "CSV with ; in Windows-1252", "JSON"
	Rows   int    `json:"rows"`
}

// An Item is a course, an offer or an institution that comes or goes.
type Item struct {
	Kind string `json:"kind"` // "course", "offer", "institution", "condition" or "commune"
	ID   string `json:"id"`
	Name string `json:"name"`          // for people: title, school
	Row  string `json:"row,omitempty"` // "file:row"; "" when no list is involved
}

// A Change is an item with the fields that differ.
type Change struct {
	Item
	Fields []FieldChange `json:"fields"`
}

// A FieldChange is one field before and after. Empty is unknown.
type FieldChange struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// A Suspicion is what a person should look at. Alike ones are told once, with
// the first row and the number of rows.
type Suspicion struct {
	Kind string `json:"kind"` // one of SuspicionKinds
	Row  string `json:"row"`  // "file:row" of the first one
	What string `json:"what"`
	Rows int    `json:"rows"`
}

// SuspicionKinds, in the order in which they are printed. A row of a kind
// marked + is taken in all the same; the others leave the catalogue as it was.
var SuspicionKinds = []string{
	"unknown direction", "unknown commune", "price jump", "duplicate row", "rows that disagree", "missing name",
	"older than ours", "many gone", "note of the old source+", "institution differs+", "unusable address+", "formula+",
}

const (
	// maxStaged bounds the memory of one import, in offers. The files that it
	// would fill are far larger than what a seeds file may be.
	maxStaged     = 20_000
	maxSuspicions = 1_000 // different ones that are kept
	maxFaults     = 20    // rows that are told before reading stops
)

// Run takes the files in. The report is whole even when the error says that
// it could not be written. Errors: ErrRows, seeds.ErrData, and what the
// file system says.
func Run(ctx context.Context, o Options) (*Report, error) {
	root, err := os.OpenRoot(o.Folder)
	if err != nil {
		return nil, fmt.Errorf("seeds folder: %w; make one with: wegwijs catalogue export --format yaml --into DIR", err)
	}
	defer root.Close()
	folder, err := ReadFolder(root.FS())
	if err != nil {
		return nil, err
	}
	var in *intake
	for _, name := range o.Files {
		if in, err = readFile(ctx, o, folder, in, name); err != nil {
			return nil, err
		}
	}
	if in == nil {
		return nil, errors.New("no file to take in")
	}
	if err := in.faults.err(); err != nil {
		return nil, err
	}
	after := in.apply(o.Prune)
	r := in.report
	r.DryRun, r.Pruned = o.DryRun, o.Prune && len(r.Gone) > 0
	r.Suspicious = in.suspicions.list()
	name := folder.name(in.m.Provider)
	before := folder.Data[in.m.Provider]
	if same(before, after) {
		return r, nil
	}
	if in.tooManyGone(o.Prune) {
		return r, fmt.Errorf("--prune would remove %d of %d offers: is the list whole? If so, remove them by hand in %s", len(r.Gone), in.inScope, name)
	}
	text := rewrite(folder.Raw[name], before, after)
	if err := folder.check(name, text); err != nil {
		return r, fmt.Errorf("the catalogue would have faults, so nothing was written:\n%w", err)
	}
	if o.DryRun {
		return r, nil
	}
	if err := replace(root, map[string]change{name: {old: folder.Raw[name], new: text}}); err != nil {
		return r, err
	}
	r.Written = []string{name}
	return r, nil
}

// readFile reads one list into in, which it makes for the first one.
func readFile(ctx context.Context, o Options, folder *Folder, in *intake, name string) (*intake, error) {
	src, err := open(name)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	rows, err := src.rows()
	if err != nil {
		return nil, err
	}
	if in == nil {
		m, err := chooseMapping(o.Mapping, rows.columns())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", src.name, err)
		}
		if in, err = newIntake(folder, m, o.AsOf); err != nil {
			return nil, err
		}
	}
	where, err := in.m.locate(rows.columns())
	if err != nil {
		return nil, fmt.Errorf("%s:1: %w", src.name, err)
	}
	in.source = src.name
	n := 0
	for {
		if n%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if o.Progress != nil {
				o.Progress(src.name, min(src.read(), src.size-1), src.size, n) // the end is told below
			}
		}
		row, err := rows.next()
		if err == errEnd {
			break
		}
		if err != nil {
			in.faults.add(err.Error())
			if !rows.goesOn() || in.faults.full() {
				break
			}
			continue
		}
		n++
		if len(rows.columns()) != len(where) {
			where = in.m.columns(rows.columns())
		}
		in.take(row, where)
		if in.faults.full() {
			break
		}
		if len(in.staged) > maxStaged {
			return nil, fmt.Errorf("%s:%d: more than %d offers, which no seeds file holds: narrow the list with only: in the mapping", src.name, row.n, maxStaged)
		}
	}
	if o.Progress != nil {
		o.Progress(src.name, src.size, src.size, n)
	}
	in.report.Files = append(in.report.Files, FileReport{Name: src.name, Format: src.format(), Rows: n})
	return in, nil
}

// faults are rows that cannot be read.
type faults struct{ list []string }

func (f *faults) add(s string) {
	if len(f.list) <= maxFaults {
		f.list = append(f.list, s)
	}
}

func (f *faults) full() bool { return len(f.list) > maxFaults }

func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	list := f.list
	if f.full() {
		list = append(slices.Clone(list[:maxFaults]), "and more; reading stopped here")
	}
	return fmt.Errorf("%s\n%w", strings.Join(list, "\n"), ErrRows)
}

// suspicions collects what a person should look at, in bounded space.
type suspicions struct {
	at   map[string]int
	all  []Suspicion
	more int
}

func (s *suspicions) add(kind, row, what string) {
	if s.at == nil {
		s.at = map[string]int{}
	}
	key := kind + "\x00" + what
	if i, ok := s.at[key]; ok {
		s.all[i].Rows++
		return
	}
	if len(s.all) == maxSuspicions {
		s.more++
		return
	}
	s.at[key] = len(s.all)
	s.all = append(s.all, Suspicion{kind, row, what, 1})
}

// list is in the order of SuspicionKinds, then of the rows.
func (s *suspicions) list() []Suspicion {
	out := []Suspicion{}
	for _, kind := range SuspicionKinds {
		kind = strings.TrimSuffix(kind, "+")
		for _, x := range s.all {
			if x.Kind == kind {
				out = append(out, x)
			}
		}
	}
	if s.more > 0 {
		out = append(out, Suspicion{"more", "", fmt.Sprintf("only the first %d are listed", maxSuspicions), s.more})
	}
	return out
}
