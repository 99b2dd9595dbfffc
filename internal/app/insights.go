package app

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"text/tabwriter"
	"time"

	"wegwijs/internal/store"
	"wegwijs/knowledge/catalogue"
)

// minShown is the smallest number that is shown: fewer may be one person.
const minShown = 10

// anyOf stands for values that were merged.
const anyOf = "other"

type insightsCmd struct {
	Database string `default:"file:wegwijs.db" help:"SQLite file, or postgres://… for several machines."`
	Since    string `help:"First month to count: 2026-09. All months when left out." placeholder:"MONTH"`
	JSON     bool   `name:"json" help:"Print JSON." xor:"format"`
	CSV      bool   `name:"csv" help:"Print CSV." xor:"format"`
}

// An insight is one line of the report: at least minShown times.
type insight struct {
	Kind     string `json:"kind"`
	Field    string `json:"field"`
	Commune  string `json:"commune"`
	Finality string `json:"finality"`
	Language string `json:"language"`
	Times    int    `json:"times"`
}

// Run prints what the offer lacks. It reads the database beside a running service.
func (c *insightsCmd) Run(sh *shell) error {
	var since time.Time
	if c.Since != "" {
		var err error
		// Whole months: two reports that differ by one day would tell of that day.
		if since, err = time.Parse("2006-01", c.Since); err != nil {
			return &usageError{fmt.Errorf("--since %q: write a month, such as 2026-09", c.Since)}
		}
	}
	k, err := sh.learn()
	if err != nil {
		return err
	}
	cells, err := store.ReadTally(sh.ctx, c.Database, since)
	if err != nil {
		return err
	}
	rows := merge(cells)
	for i := range rows {
		if m, ok := k.Catalogue.Postcode(rows[i].Commune); ok {
			rows[i].Commune += " " + m.Name.NL
		}
	}
	switch {
	case c.JSON:
		e := json.NewEncoder(sh.out)
		e.SetIndent("", "  ")
		return e.Encode(map[string]any{"since": c.Since, "at_least": minShown, "rows": rows})
	case c.CSV:
		w := csv.NewWriter(sh.out)
		_ = w.Write([]string{"kind", "field", "commune", "finality", "language", "times"}) // Error tells at the end
		for _, r := range rows {
			_ = w.Write([]string{r.Kind, r.Field, inert(r.Commune), r.Finality, r.Language, strconv.Itoa(r.Times)})
		}
		w.Flush()
		return w.Error()
	}
	if len(rows) == 0 {
		fmt.Fprintf(sh.out, "nothing was counted %d times yet; smaller numbers are not shown\n", minShown)
		return nil
	}
	w := tabwriter.NewWriter(sh.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KIND\tFIELD\tCOMMUNE\tFINALITY\tLANGUAGE\tTIMES")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\n", r.Kind, r.Field, r.Commune, r.Finality, r.Language, r.Times)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(sh.out, "\n\"blind\": no place within the reach that was asked for. Numbers under %d are merged into %q, or left out.\n", minShown, anyOf)
	return nil
}

// merge makes lines of at least minShown. What is smaller is merged with its
// like, step by step: over languages, finalities, communes and fields. The
// lines never overlap, and what stays too small at the end is left out with no
// total beside it, so that no subtraction brings it back.
func merge(cells []store.Cell) []insight {
	rows := []insight{}
	left := make([]insight, len(cells))
	for i, c := range cells {
		left[i] = insight{c.Kind, named(c.Field), c.Commune, named(c.Finality), string(c.Language), c.Times}
	}
	steps := []func(*insight){
		func(*insight) {},
		func(r *insight) { r.Language = anyOf },
		func(r *insight) { r.Finality = anyOf },
		func(r *insight) { r.Commune = anyOf },
		func(r *insight) { r.Field = anyOf },
	}
	for _, coarser := range steps {
		var order []insight // the lines without their numbers, in the order of the tally
		sum := map[insight]int{}
		for _, r := range left {
			n := r.Times
			r.Times = 0
			coarser(&r)
			if _, ok := sum[r]; !ok {
				order = append(order, r)
			}
			sum[r] += n
		}
		left = left[:0:0]
		for _, r := range order {
			n := sum[r]
			r.Times = n
			if n >= minShown {
				rows = append(rows, r)
			} else {
				left = append(left, r)
			}
		}
	}
	return rows
}

// named says "any" for what was not asked for.
func named[T catalogue.Field | catalogue.Finality](v T) string {
	if v == "" {
		return "any"
	}
	return string(v)
}
