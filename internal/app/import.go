package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/mattn/go-isatty"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
	"wegwijs/seeds"
	"wegwijs/seeds/intake"
)

type catalogueImportCmd struct {
	Files   []string `arg:"" help:"CSV or JSON files of one source; together they are its whole list."`
	Mapping string   `help:"How to read the columns: a YAML file, or one of so-offers, ho-register, vdab-courses, cvo-offers. Found by the columns when left out." placeholder:"FILE"`
	Into    string   `help:"Folder of seeds to write; --seeds when left out." placeholder:"DIR"`
	AsOf    string   `name:"as-of" help:"Year that the list speaks of, when its rows do not say: 2026-2027." placeholder:"YEAR"`
	DryRun  bool     `help:"Say what would change, and write nothing."`
	Prune   bool     `help:"Remove the offers that the list no longer has."`
	JSON    bool     `name:"json" help:"Print the report as JSON."`
}

// Run takes lists into a folder of seeds, all or nothing.
func (c *catalogueImportCmd) Run(sh *shell) error {
	into := c.Into
	if into == "" {
		into = sh.cli.Seeds
	}
	if into == "" {
		return &usageError{errors.New("import: say which folder to write, with --into DIR or WEGWIJS_SEEDS; the catalogue inside the program cannot be written. " +
			"Make a folder with: wegwijs catalogue export --format yaml --into DIR")}
	}
	if c.AsOf != "" && !catalogue.ValidAsOf(c.AsOf) {
		return &usageError{fmt.Errorf("--as-of %q: write 2026-2027, 2026, 2026-11 or 2026-11-24", c.AsOf)}
	}
	o := intake.Options{Folder: into, Files: c.Files, Mapping: c.Mapping, AsOf: c.AsOf, DryRun: c.DryRun, Prune: c.Prune}
	if !c.JSON {
		o.Progress = progress(sh.err)
	}
	r, err := intake.Run(sh.ctx, o)
	if r == nil {
		return err
	}
	if c.JSON {
		return errors.Join(writeJSON(sh.out, r), err)
	}
	printReport(sh.out, r, err)
	return err
}

// progress shows how far a file is read: a bar on a terminal, else a line for
// each quarter of a large file.
func progress(w io.Writer) func(file string, read, total int64, rows int) {
	const large = 8 << 20 // bytes; a smaller file is read at once
	f, ok := w.(*os.File)
	bar := ok && isatty.IsTerminal(f.Fd())
	var last time.Time
	quarter := int64(0)
	return func(file string, read, total int64, rows int) {
		switch {
		case total < large:
		case bar && read >= total:
			fmt.Fprintf(w, "\r\x1b[K")
		case bar && time.Since(last) > 100*time.Millisecond:
			last = time.Now()
			done := int(read * 30 / total)
			fmt.Fprintf(w, "\r%s [%s%s] %3d %%  %d rows", file, strings.Repeat("#", done), strings.Repeat(".", 30-done), read*100/total, rows)
		case !bar && read*4/total > quarter:
			quarter = read * 4 / total
			fmt.Fprintf(w, "%s: %d %%, %d rows\n", file, quarter*25, rows)
		}
		if read >= total {
			quarter = 0
		}
	}
}

// maxSuspicious is how many rows of a kind are shown on a screen.
const maxSuspicious = 40

// printReport shows an import for people; failed is why nothing was written.
func printReport(w io.Writer, r *intake.Report, failed error) {
	for _, f := range r.Files {
		fmt.Fprintf(w, "%s: %s, %d rows, read as %s\n", f.Name, f.Format, f.Rows, r.Mapping)
	}
	printChanges(w, r.New, r.Changed)
	if len(r.Gone) > 0 {
		title := "gone (kept; --prune removes them)"
		if r.Pruned {
			title = "gone"
		}
		printItems(w, title, "-", r.Gone)
	}
	if len(r.Suspicious) > 0 {
		fmt.Fprintln(w, "\nsuspicious (look at these)")
	}
	kind, lines := "", 0
	for i, s := range r.Suspicious {
		if s.Kind != kind {
			kind, lines = s.Kind, 0
			left := ""
			switch {
			case slices.Contains(intake.SuspicionKinds, kind+"+"):
				left = ": taken in all the same"
			case slices.Contains(intake.SuspicionKinds, kind) && kind != "many gone":
				left = ": left as it was"
			}
			fmt.Fprintf(w, "  %s%s\n", kind, left)
		}
		if lines++; lines > maxSuspicious {
			if last := i+1 == len(r.Suspicious) || r.Suspicious[i+1].Kind != kind; last {
				fmt.Fprintf(w, "    … and %d more; --json has them\n", lines-maxSuspicious)
			}
			continue
		}
		times := ""
		if s.Rows > 1 {
			times = fmt.Sprintf(" (%d rows)", s.Rows)
		}
		fmt.Fprintf(w, "    ? %s  %s%s\n", s.Row, s.What, times)
	}
	fmt.Fprintf(w, "\n%d new, %d changed, %d the same, %d gone, %d suspicious, %d rows passed over\n",
		len(r.New), len(r.Changed), r.Same, len(r.Gone), len(r.Suspicious), r.PassedOver)
	switch {
	case failed != nil:
	case len(r.Written) > 0:
		fmt.Fprintf(w, "written: %s\n", strings.Join(r.Written, ", "))
	case len(r.New)+len(r.Changed) == 0 && !r.Pruned:
		fmt.Fprintln(w, "no change")
	default:
		fmt.Fprintln(w, "dry run: nothing is written")
	}
}

func printItems(w io.Writer, title, sign string, items []intake.Item) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", title)
	for _, i := range items {
		row := ""
		if i.Row != "" {
			row = "  (" + i.Row + ")"
		}
		fmt.Fprintf(w, "  %s %s %s  %s%s\n", sign, i.Kind, i.ID, short(i.Name), row)
	}
}

func printChanges(w io.Writer, fresh []intake.Item, changed []intake.Change) {
	printItems(w, "new", "+", fresh)
	if len(changed) > 0 {
		fmt.Fprintln(w, "\nchanged")
	}
	for _, c := range changed {
		row := ""
		if c.Row != "" {
			row = "  (" + c.Row + ")"
		}
		fmt.Fprintf(w, "  ~ %s %s  %s%s\n", c.Kind, c.ID, short(c.Name), row)
		for _, f := range c.Fields {
			fmt.Fprintf(w, "      %s: %s -> %s\n", f.Field, orUnknown(f.Old), orUnknown(f.New))
		}
	}
}

// short keeps a name on one line of a terminal.
func short(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}

func orUnknown(s string) string {
	if s == "" {
		return "(nothing)"
	}
	return s
}

type catalogueDiffCmd struct {
	Old  string `arg:"" help:"Folder of seeds, or: embedded."`
	New  string `arg:"" help:"Folder of seeds, or: embedded."`
	JSON bool   `name:"json" help:"Print as JSON."`
}

// Run tells what two catalogues differ in.
func (c *catalogueDiffCmd) Run(sh *shell) error {
	d, err := intake.Compare(seedFolder(c.Old), seedFolder(c.New))
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(sh.out, d)
	}
	if d.Empty() {
		fmt.Fprintln(sh.out, "no change")
		return nil
	}
	printChanges(sh.out, d.New, d.Changed)
	printItems(sh.out, "gone", "-", d.Gone)
	fmt.Fprintf(sh.out, "\n%d new, %d changed, %d gone\n", len(d.New), len(d.Changed), len(d.Gone))
	return nil
}

func seedFolder(name string) fs.FS {
	if name == "embedded" {
		return seeds.Embedded()
	}
	return folder(name, seeds.Embedded())
}

type catalogueExportCmd struct {
	Format string `enum:"csv,json,yaml" default:"csv" help:"csv: one row per offer; json: as the API gives it; yaml: the seeds themselves."`
	Lang   string `enum:"nl,fr,en" default:"nl" help:"Language of the words in csv and json."`
	Into   string `help:"With yaml: folder to make, ready for WEGWIJS_SEEDS." placeholder:"DIR"`
}

// Run prints the whole catalogue.
func (c *catalogueExportCmd) Run(sh *shell) error {
	if c.Format == "yaml" {
		return c.seeds(sh)
	}
	if c.Into != "" {
		return &usageError{errors.New("--into is for --format yaml")}
	}
	b, err := sh.newBot(nowhere{})
	if err != nil {
		return err
	}
	lang, _ := catalogue.ParseLang(c.Lang)
	res := b.Knowledge().Courses.Find(search.Filter{Limit: -1})
	list := courseList{Total: res.Total, Courses: []bot.Course{}, Facets: res.Facets}
	slices.SortFunc(res.Courses, func(x, y search.Found) int { return strings.Compare(x.Course.ID, y.Course.ID) })
	v := b.View(lang, "")
	for _, f := range res.Courses {
		list.Courses = append(list.Courses, v.Course(f))
	}
	if c.Format == "json" {
		return writeJSON(sh.out, list)
	}
	return writeCSV(sh.out, list.Courses)
}

func (c *catalogueExportCmd) seeds(sh *shell) error {
	f, err := intake.ReadFolder(sh.seedFiles())
	if err != nil {
		return err
	}
	texts := f.Export()
	if c.Into != "" {
		if err := intake.WriteFolder(c.Into, texts); err != nil {
			return err
		}
		fmt.Fprintf(sh.out, "%s: %d files; use it with WEGWIJS_SEEDS=%s\n", c.Into, len(texts), c.Into)
		return nil
	}
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if _, err := fmt.Fprintf(sh.out, "--- # %s\n%s", name, texts[name]); err != nil {
			return err
		}
	}
	return nil
}
