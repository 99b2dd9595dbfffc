package intake

import (
	"io/fs"
	"reflect"
	"strings"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
)

// A Diff is what two folders of seeds differ in, by id.
type Diff struct {
	New     []Item   `json:"new"`
	Changed []Change `json:"changed"`
	Gone    []Item   `json:"gone"`
}

// Empty reports whether the two say the same.
func (d *Diff) Empty() bool { return len(d.New)+len(d.Changed)+len(d.Gone) == 0 }

// Compare tells what fresh has that old has not, and the other way round. Both
// must be without faults.
func Compare(old, fresh fs.FS) (*Diff, error) {
	a, err := ReadFolder(old)
	if err != nil {
		return nil, err
	}
	b, err := ReadFolder(fresh)
	if err != nil {
		return nil, err
	}
	d := &Diff{New: []Item{}, Changed: []Change{}, Gone: []Item{}}
	for _, p := range catalogue.Providers {
		x, y := a.Data[p], b.Data[p]
		compare(d, "condition", x.Conditions, y.Conditions, func(c catalogue.Condition) Item { return Item{ID: c.ID, Name: c.Text.NL} })
		compare(d, "institution", x.Institutions, y.Institutions, func(i catalogue.Institution) Item { return Item{ID: i.ID, Name: i.Name} })
		compare(d, "course", bareCourses(x), bareCourses(y), func(k catalogue.Course) Item { return Item{ID: k.ID, Name: k.Title.NL} })
		compare(d, "offer", offers(x), offers(y), func(o titled) Item { return Item{ID: o.ID, Name: o.title} })
	}
	m, err := a.communes()
	if err != nil {
		return nil, err
	}
	n, err := b.communes()
	if err != nil {
		return nil, err
	}
	compare(d, "commune", m, n, func(c catalogue.Commune) Item { return Item{ID: c.Name.NL, Name: c.Name.NL} })
	return d, nil
}

// communes are the gazetteer as it stands in the file.
func (f *Folder) communes() ([]catalogue.Commune, error) {
	var g struct {
		Format   int                 `yaml:"format"`
		Source   string              `yaml:"source"`
		AsOf     string              `yaml:"as_of"`
		Communes []catalogue.Commune `yaml:"communes"`
	}
	_, err := strictyaml.Parse(gazetteer, f.Raw[gazetteer], &g)
	return g.Communes, err
}

// titled is an offer with the name of its course.
type titled struct {
	catalogue.Offer
	title string
}

func offers(d *Data) []titled {
	name := map[string]string{}
	for _, x := range d.Institutions {
		name[x.ID] = x.Name
	}
	var out []titled
	for _, k := range d.Courses {
		for _, o := range k.Offers {
			out = append(out, titled{o, k.Title.NL + ", " + name[o.Institution]})
		}
	}
	return out
}

func bareCourses(d *Data) []catalogue.Course {
	out := append([]catalogue.Course(nil), d.Courses...)
	for i := range out {
		out[i].Offers = nil
	}
	return out
}

func compare[T any](d *Diff, kind string, old, fresh []T, name func(T) Item) {
	at := map[string]int{}
	for i := range old {
		at[name(old[i]).ID] = i
	}
	kept := map[string]bool{}
	for _, v := range fresh {
		it := name(v)
		it.Kind = kind
		kept[it.ID] = true
		i, was := at[it.ID]
		if !was {
			d.New = append(d.New, it)
			continue
		}
		if f := changes(old[i], v); len(f) > 0 {
			d.Changed = append(d.Changed, Change{it, f})
		}
	}
	for _, v := range old {
		if it := name(v); !kept[it.ID] {
			it.Kind = kind
			d.Gone = append(d.Gone, it)
		}
	}
}

// changes lists the fields in which two things of one type differ, in the
// order of the type; a text counts per language.
func changes[T any](old, fresh T) []FieldChange {
	a, b := map[string]string{}, map[string]string{}
	var order []string
	flat(reflect.ValueOf(old), "", a, &order)
	flat(reflect.ValueOf(fresh), "", b, &order)
	var out []FieldChange
	seen := map[string]bool{}
	for _, name := range order {
		if !seen[name] && a[name] != b[name] {
			out = append(out, FieldChange{name, a[name], b[name]})
		}
		seen[name] = true
	}
	return out
}

func flat(v reflect.Value, path string, into map[string]string, order *[]string) {
	for i := range v.NumField() {
		t, f := v.Type().Field(i), v.Field(i)
		if t.Anonymous {
			flat(f, path, into, order)
			continue
		}
		name, ok := tag(t)
		if !ok {
			continue
		}
		at := strings.TrimPrefix(path+"."+name, ".")
		switch {
		case f.Kind() == reflect.Struct:
			flat(f, at, into, order)
			continue
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct:
			var parts []string
			for j := range f.Len() {
				parts = append(parts, strings.Join(strings.Fields(itemText(f.Index(j).Interface(), "")), " "))
			}
			into[at] = strings.Join(parts, "; ")
		case empty(f):
		case f.Kind() == reflect.String:
			into[at] = f.String()
		case f.Kind() == reflect.Slice:
			parts := make([]string, f.Len())
			for j := range parts {
				parts[j] = f.Index(j).String()
			}
			into[at] = strings.Join(parts, ", ")
		default:
			into[at] = value(f)
		}
		*order = append(*order, at)
	}
}
