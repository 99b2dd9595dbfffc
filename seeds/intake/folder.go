package intake

import (
	"fmt"
	"io/fs"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
	"wegwijs/seeds"
)

// Data is one provider's file as it stands there: nothing inherited, nothing
// sorted.
type Data struct {
	Format       int                     `yaml:"format"`
	Provider     catalogue.Provider      `yaml:"provider"`
	Conditions   []catalogue.Condition   `yaml:"conditions"`
	Institutions []catalogue.Institution `yaml:"institutions"`
	Courses      []catalogue.Course      `yaml:"courses"`
}

// A Folder is a folder of seeds without faults, as read.
type Folder struct {
	Data      map[catalogue.Provider]*Data
	Raw       map[string][]byte    // by file name, the gazetteer too
	Catalogue *catalogue.Catalogue // the same, completed

	fsys fs.FS
}

// ReadFolder reads a folder of seeds. Its error lists the faults with
// file:line:column and wraps seeds.ErrData.
func ReadFolder(fsys fs.FS) (*Folder, error) {
	f := &Folder{Data: map[catalogue.Provider]*Data{}, Raw: map[string][]byte{}, fsys: fsys}
	var err error
	if f.Catalogue, err = seeds.Load(fsys); err != nil {
		return nil, err
	}
	for _, p := range catalogue.Providers {
		name := seeds.Files[p]
		if f.Raw[name], err = fs.ReadFile(fsys, name); err != nil {
			return nil, err
		}
		f.Data[p] = &Data{}
		if _, err := strictyaml.Parse(name, f.Raw[name], f.Data[p]); err != nil {
			return nil, err
		}
	}
	if f.Raw[gazetteer], err = fs.ReadFile(fsys, gazetteer); err != nil {
		return nil, err
	}
	return f, nil
}

// gazetteer is the file of communes.
const gazetteer = "places.yaml"

func (f *Folder) name(p catalogue.Provider) string { return seeds.Files[p] }

// check reads the folder as it would be with another text in one file.
func (f *Folder) check(name string, text []byte) error {
	with := map[string][]byte{}
	for n, raw := range f.Raw {
		with[n] = raw
	}
	with[name] = text
	if _, err := seeds.Load(files(with)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Export is the folder in our own layout, file by file. Loading it gives the
// same catalogue.
func (f *Folder) Export() map[string][]byte {
	out := map[string][]byte{gazetteer: f.Raw[gazetteer]}
	for _, p := range catalogue.Providers {
		out[f.name(p)] = encode(f.Data[p], opening(f.Raw[f.name(p)]))
	}
	return out
}
