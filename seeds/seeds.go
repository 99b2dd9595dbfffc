// Package seeds reads the catalogue that ships with the program: one file per
// provider and the gazetteer. SOURCES.md beside it says where the facts come
// from. It reads and checks; it never repairs.
package seeds

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
)

//go:embed *.yaml
var shipped embed.FS

// Embedded is the catalogue inside the binary.
func Embedded() fs.FS { return shipped }

// ErrData is returned by Load for files that must not be served.
var ErrData = errors.New("seeds: unusable data")

// file is one provider's file.
type file struct {
	Format       int                     `yaml:"format"`
	Provider     catalogue.Provider      `yaml:"provider"`
	Conditions   []catalogue.Condition   `yaml:"conditions"`
	Institutions []catalogue.Institution `yaml:"institutions"`
	Courses      []catalogue.Course      `yaml:"courses"`
}

// gazetteer is places.yaml.
type gazetteer struct {
	Format   int                 `yaml:"format"`
	Source   string              `yaml:"source"`
	AsOf     string              `yaml:"as_of"`
	Communes []catalogue.Commune `yaml:"communes"`
}

// Files names the file of each provider. The gazetteer is places.yaml.
var Files = map[catalogue.Provider]string{
	"SO": "so.yaml", "HO": "ho.yaml", "VDAB": "vdab.yaml", "Syntra": "syntra.yaml", "CVO": "cvo.yaml",
}

// Load reads all files of fsys. On faults it returns one error that lists them
// all, each as file:line:col: what to mend; it wraps ErrData.
func Load(fsys fs.FS) (*catalogue.Catalogue, error) {
	var (
		courses      []catalogue.Course
		institutions []catalogue.Institution
		conditions   []catalogue.Condition
		faults       []string
		where        = map[string]string{} // id to file, for faults of the whole
	)
	fault := func(at, what string) { faults = append(faults, at+": "+what) }
	for _, p := range catalogue.Providers {
		var d file
		f, err := strictyaml.Read(fsys, Files[p], &d)
		if err != nil {
			faults = append(faults, err.Error())
			continue
		}
		if d.Format != 1 || d.Provider != p {
			fault(f.At("$.format"), fmt.Sprintf("begin with format: 1 and provider: %s", p))
		}
		for i := range d.Courses {
			c := &d.Courses[i]
			c.Provider = p
			path := fmt.Sprintf("$.courses[%d]", i)
			where[c.ID] = Files[p]
			for _, o := range c.Offers {
				where[o.ID] = Files[p]
			}
			for _, e := range catalogue.CheckCourse(c, path) {
				fault(f.At(e.Path), fmt.Sprintf("%s: %s", c.ID, e.What))
			}
		}
		for i := range d.Institutions {
			d.Institutions[i].Provider = p
			where[d.Institutions[i].ID] = Files[p]
		}
		for i := range d.Conditions {
			where[d.Conditions[i].ID] = Files[p]
		}
		courses = append(courses, d.Courses...)
		institutions = append(institutions, d.Institutions...)
		conditions = append(conditions, d.Conditions...)
	}
	var g gazetteer
	if f, err := strictyaml.Read(fsys, "places.yaml", &g); err != nil {
		faults = append(faults, err.Error())
	} else if g.Format != 1 || g.Source == "" || !catalogue.ValidAsOf(g.AsOf) {
		fault(f.At("$.format"), "begin with format: 1, source and as_of")
	}
	if len(faults) > 0 {
		return nil, faultError(faults)
	}
	c := catalogue.New(courses, institutions, conditions, g.Communes)
	for _, e := range c.Check() {
		file := where[e.Path]
		if file == "" {
			file = "places.yaml"
		}
		fault(file, fmt.Sprintf("%s: %s", e.Path, e.What))
	}
	if len(faults) > 0 {
		return nil, faultError(faults)
	}
	return c, nil
}

func faultError(faults []string) error {
	sort.Strings(faults)
	return fmt.Errorf("%s\n%w: %d to mend", strings.Join(faults, "\n"), ErrData, len(faults))
}
