package search

import (
	"os"
	"testing"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/library"
	"wegwijs/seeds"
)

// shippedSynonyms are those of the repository.
func shippedSynonyms(t testing.TB) *Synonyms {
	t.Helper()
	syn, err := ReadSynonyms(os.DirFS("../synonyms"))
	if err != nil {
		t.Fatal(err)
	}
	return syn
}

// shipped are the courses, communes, articles and terms of the repository.
func shipped(t testing.TB) (*catalogue.Catalogue, []Doc) {
	t.Helper()
	c, err := seeds.Load(seeds.Embedded())
	if err != nil {
		t.Skipf("the catalogue cannot be read: %v", err)
	}
	docs := append(CourseDocs(c), PlaceDocs(c)...)
	each(t, "../articles", func(id string, f *library.Article) {
		d := Doc{Kind: ArticleKind, ID: id, Title: f.Title, Words: f.Keywords, Ask: f.Ask}
		for _, s := range f.Body {
			d.Body.NL += s.Text.NL + " "
			d.Body.FR += s.Text.FR + " "
			d.Body.EN += s.Text.EN + " "
		}
		docs = append(docs, d)
	})
	each(t, "../terms", func(id string, f *library.Term) {
		docs = append(docs, Doc{
			Kind: TermKind, ID: id, Title: f.Name,
			Also: append(append(append([]string(nil), f.Also.NL...), f.Also.FR...), f.Also.EN...), Body: f.Text,
		})
	})
	return c, docs
}

func each[T any](t testing.TB, dir string, use func(id string, v *T)) {
	t.Helper()
	fsys := os.DirFS(dir)
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		id, ok := cutYAML(f.Name())
		if !ok {
			continue
		}
		v := new(T)
		if _, err := strictyaml.Read(fsys, f.Name(), v); err != nil {
			t.Logf("left out: %v", err)
			continue
		}
		use(id, v)
	}
}

func cutYAML(name string) (string, bool) {
	const end = ".yaml"
	if len(name) <= len(end) || name[len(name)-len(end):] != end {
		return "", false
	}
	return name[:len(name)-len(end)], true
}

func TestShippedSynonymsAreSound(t *testing.T) {
	syn := shippedSynonyms(t)
	if len(syn.Groups) < 380 {
		t.Errorf("%d groups, want at least 380", len(syn.Groups))
	}
	for _, f := range catalogue.Fields {
		if got := syn.Fields(string(f)); len(got) == 0 {
			found := false
			for _, g := range syn.Groups {
				found = found || g.ID == string(f)
			}
			if !found {
				t.Errorf("no group bears the name of field %s", f)
			}
		}
	}
	for word, want := range map[string]catalogue.Field{
		"computers": "ict", "hacker": "ict", "auto's": "vehicles", "bagnole": "vehicles", "loodgieter": "hvac", "plombier": "hvac",
		"Zonnepanelen": "electricity", "maçon": "construction", "welder": "mechanics-metal", "schrijnwerkers": "wood",
		"drones": "electronics-automation", "boats": "maritime", "photographe": "audiovisual-stage", "wiskunde": "maths-science",
	} {
		if got := syn.Fields(word); len(got) == 0 || got[0] != want {
			t.Errorf("Fields(%q) = %v, want %s first", word, got, want)
		}
	}
	if got := syn.Fields("kapper"); got != nil {
		t.Errorf("Fields(kapper) = %v, want none", got)
	}
}
