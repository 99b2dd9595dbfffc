package seeds_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"wegwijs/knowledge/catalogue"
	"wegwijs/seeds"
)

// embedded loads the catalogue that ships with the program.
func embedded(t *testing.T) *catalogue.Catalogue {
	t.Helper()
	c, err := seeds.Load(seeds.Embedded())
	if err != nil {
		t.Fatalf("the shipped catalogue has faults:\n%v", err)
	}
	return c
}

func TestEveryProviderKeepsItsCourses(t *testing.T) {
	got := map[catalogue.Provider]int{}
	for _, k := range embedded(t).Courses {
		got[k.Provider]++
	}
	// What was collected in November 2026. Fewer means that a course was lost,
	// or that it was taken out on purpose: then lower the number here.
	want := map[catalogue.Provider]int{"SO": 110, "HO": 58, "VDAB": 32, "Syntra": 5, "CVO": 13}
	for _, p := range catalogue.Providers {
		if got[p] < want[p] {
			t.Errorf("%s: got %d courses, want at least %d", p, got[p], want[p])
		}
	}
}

func TestEveryCourseReadsWellInThreeLanguages(t *testing.T) {
	for _, k := range embedded(t).Courses {
		for name, text := range map[string]catalogue.Text{"note": k.Note, "title": k.Title, "summary": k.Summary} {
			if text != (catalogue.Text{}) && !text.Complete() {
				t.Errorf("%s: %s lacks a language", k.ID, name)
			}
		}
		for _, o := range k.Offers {
			for name, text := range map[string]catalogue.Text{"note": o.Note, "duration": o.Duration, "start": o.Start} {
				if text != (catalogue.Text{}) && !text.Complete() {
					t.Errorf("%s: %s lacks a language", o.ID, name)
				}
			}
		}
	}
}

func TestEveryBrusselsCommuneIsThere(t *testing.T) {
	c := embedded(t)
	main := map[string]string{
		"1000": "Brussel", "1030": "Schaarbeek", "1040": "Etterbeek", "1050": "Elsene", "1060": "Sint-Gillis",
		"1070": "Anderlecht", "1080": "Sint-Jans-Molenbeek", "1081": "Koekelberg", "1082": "Sint-Agatha-Berchem",
		"1083": "Ganshoren", "1090": "Jette", "1140": "Evere", "1150": "Sint-Pieters-Woluwe", "1160": "Oudergem",
		"1170": "Watermaal-Bosvoorde", "1180": "Ukkel", "1190": "Vorst", "1200": "Sint-Lambrechts-Woluwe",
		"1210": "Sint-Joost-ten-Node",
	}
	for code, name := range main {
		m, ok := c.Postcode(code)
		if !ok || m.Name.NL != name || m.Region != catalogue.Brussels {
			t.Errorf("postcode %s: got %+v, want %s in Brussels", code, m, name)
			continue
		}
		if m.Parts[0].Postcode != code {
			t.Errorf("%s: main part has postcode %s, want %s", name, m.Parts[0].Postcode, code)
		}
	}
	var brussels int
	for _, m := range c.Communes {
		if m.Region == catalogue.Brussels {
			brussels++
		}
	}
	if brussels != len(main) {
		t.Errorf("got %d communes in Brussels, want %d", brussels, len(main))
	}
}

func TestAPostcodeTellsThePartOfACommune(t *testing.T) {
	c := embedded(t)
	for code, want := range map[string]struct{ commune, part string }{
		"1020": {"Brussel", "Laken"}, "1120": {"Brussel", "Neder-Over-Heembeek"}, "1130": {"Brussel", "Haren"},
		"1502": {"Halle", "Lembeek"}, "1652": {"Beersel", "Alsemberg"}, "1702": {"Dilbeek", "Groot-Bijgaarden"},
	} {
		m, ok := c.Postcode(code)
		if !ok || m.Name.NL != want.commune {
			t.Errorf("postcode %s: got %+v, want %s", code, m, want.commune)
			continue
		}
		i := slices.IndexFunc(m.Parts, func(p catalogue.Part) bool { return p.Postcode == code })
		if !slices.Contains(m.Parts[i].Names, want.part) {
			t.Errorf("postcode %s: got names %v, want %s", code, m.Parts[i].Names, want.part)
		}
	}
}

func TestAliasesAreNoPostcodesAndNoParts(t *testing.T) {
	for _, m := range embedded(t).Communes {
		for _, a := range m.Aliases {
			if strings.ContainsAny(a, "0123456789") {
				t.Errorf("%s: alias %q carries a postcode", m.Name.NL, a)
			}
			for _, p := range m.Parts {
				if slices.Contains(p.Names, a) {
					t.Errorf("%s: alias %q belongs to part %s", m.Name.NL, a, p.Postcode)
				}
			}
		}
	}
}

// A small catalogue without faults: one course at one school. The tests below
// break it in one place each.
const (
	good = `format: 1
provider: VDAB
conditions:
  - id: vdab-entry
    text: {nl: Voor iedereen., fr: Pour tous., en: For all.}
    source: page
    as_of: "2025"
institutions:
  - id: vdab-centre
    name: Centre
    postcode: "1080"
    commune: Sint-Jans-Molenbeek
    source: page
    as_of: "2025"
courses:
  - id: vdab-lasser
    level: training
    fields: [mechanics-metal]
    title: {nl: Lasser, fr: Soudeur, en: Welder}
    summary: {nl: Je last., fr: Tu soudes., en: You weld.}
    keywords: {nl: [lassen], fr: [souder], en: [welding]}
    admission: [vdab-entry]
    leads_to: [work]
    source: page
    as_of: "2025"
    confidence: high
    offers:
      - id: vdab-centre-lasser
        institution: vdab-centre
        form: [dag]
        source: page
        as_of: "2025"
        confidence: high
`
	places = `format: 1
source: list
as_of: "2026"
communes:
  - name: {nl: Sint-Jans-Molenbeek, fr: Molenbeek-Saint-Jean, en: Molenbeek-Saint-Jean}
    region: brussels
    lat: 50.85
    lon: 4.32
    parts:
      - postcode: "1080"
`
)

// folder is a folder of seeds with vdab as the file of VDAB and no courses of
// the other providers.
func folder(vdab string) fs.FS {
	f := fstest.MapFS{"places.yaml": {Data: []byte(places)}}
	for _, p := range catalogue.Providers {
		f[seeds.Files[p]] = &fstest.MapFile{Data: []byte("format: 1\nprovider: " + string(p) + "\n")}
	}
	f["vdab.yaml"] = &fstest.MapFile{Data: []byte(vdab)}
	return f
}

func TestLoadFillsAnOfferFromItsInstitution(t *testing.T) {
	c, err := seeds.Load(folder(good))
	if err != nil {
		t.Fatal(err)
	}
	k, ok := c.Course("vdab-lasser")
	if !ok || k.Provider != "VDAB" {
		t.Fatalf("got %+v, want a course of VDAB", k)
	}
	o := k.Offers[0]
	if o.Postcode != "1080" || o.Commune != "Sint-Jans-Molenbeek" || o.Lat == nil || *o.Lat != 50.85 || o.Exact {
		t.Errorf("got %+v, want the address of its institution and the middle of the commune", o)
	}
}

func TestFaultsNameFileLineAndField(t *testing.T) {
	for _, tt := range []struct {
		name     string
		old, new string   // what is broken in the good file, the first time it stands there
		want     []string // all stand in the error
	}{
		{"unknown key", "    level: training", "    levle: training", []string{"vdab.yaml:17:5: ", "levle"}},
		{"wrong type", "fields: [mechanics-metal]", "fields: {a: 1}", []string{"vdab.yaml:18:13: ", "sequence is expected"}},
		{"double key", "    leads_to: [work]", "    level: module", []string{"vdab.yaml:23:5: ", "level"}},
		{"unreadable YAML", "title: {nl: Lasser", "title: {nl: [Lasser", []string{"vdab.yaml:"}},
		{"course without a source", "leads_to: [work]\n    source: page", "leads_to: [work]", []string{"vdab.yaml:16:", "vdab-lasser: ", "source"}},
		{"offer without a source", "form: [dag]\n        source: page", "form: [dag]", []string{"vdab.yaml:", "vdab-lasser: ", "source"}},
		{"bad as_of of a course", "leads_to: [work]\n    source: page\n    as_of: \"2025\"", "leads_to: [work]\n    source: page\n    as_of: last year", []string{"vdab.yaml:25:12: ", "as_of \"last year\""}},
		{"bad as_of of an offer", "form: [dag]\n        source: page\n        as_of: \"2025\"", "form: [dag]\n        source: page\n        as_of: 25", []string{"vdab.yaml:32:16: ", "as_of \"25\""}},
		{"unknown field id", "fields: [mechanics-metal]", "fields: [wood, welding]", []string{"vdab.yaml:18:20: ", "field \"welding\""}},
		{"unknown level", "level: training", "level: cursus", []string{"vdab.yaml:17:12: ", "level \"cursus\""}},
		{"unknown form", "form: [dag]", "form: [night]", []string{"vdab.yaml:30:16: ", "form \"night\""}},
		{"id of another provider", "id: vdab-lasser", "id: ho-lasser", []string{"vdab.yaml:16:9: ", "\"vdab-\""}},
		{"language missing", "summary: {nl: Je last., fr: Tu soudes., en: You weld.}", "summary: {nl: Je last.}", []string{"vdab.yaml:20:", "fr and en"}},
		{"YAML alias", "title: {nl: Lasser", "former: *names\n    title: {nl: Lasser", []string{"vdab.yaml", "alias"}},
		{"wrong provider", "provider: VDAB", "provider: HO", []string{"vdab.yaml:1:", "provider: VDAB"}},
		{"wrong format", "format: 1", "format: 2", []string{"vdab.yaml:1:9: ", "format: 1"}},
		// These are seen only when all files are together: the file and the id
		// say where.
		{"double id", "courses:\n", "courses:\n" + strings.SplitAfter(good, "courses:\n")[1], []string{"vdab.yaml: vdab-lasser: ", "twice", "vdab-centre-lasser: "}},
		{"unknown institution", "institution: vdab-centre", "institution: vdab-nobody", []string{"vdab.yaml: vdab-centre-lasser: ", "institution \"vdab-nobody\""}},
		{"unknown condition", "admission: [vdab-entry]", "admission: [vdab-exit]", []string{"vdab.yaml: vdab-lasser: ", "condition \"vdab-exit\""}},
		{"leads to nothing known", "leads_to: [work]", "leads_to: [riches]", []string{"vdab.yaml: vdab-lasser: ", "\"riches\""}},
		{"commune outside the gazetteer", "    postcode: \"1080\"\n    commune: Sint-Jans-Molenbeek", "    commune: Molenbeek", []string{"vdab.yaml: vdab-centre: ", "\"Molenbeek\""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			broken := strings.Replace(good, tt.old, tt.new, 1)
			if broken == good {
				t.Fatal("the test breaks nothing")
			}
			_, err := seeds.Load(folder(broken))
			if !errors.Is(err, seeds.ErrData) {
				t.Fatalf("got error %v, want ErrData", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got error %q, want %q in it", err, want)
				}
			}
		})
	}
}

func TestAllFaultsAreReportedAtOnce(t *testing.T) {
	broken := strings.NewReplacer("[mechanics-metal]", "[welding]", "form: [dag]", "form: [night]").Replace(good)
	_, err := seeds.Load(folder(broken))
	if err == nil || !strings.Contains(err.Error(), "welding") || !strings.Contains(err.Error(), "night") || !strings.Contains(err.Error(), "2 to mend") {
		t.Errorf("got error %v, want both faults in it", err)
	}
}

func TestAMissingFileIsAFault(t *testing.T) {
	f := folder(good).(fstest.MapFS)
	delete(f, "places.yaml")
	if _, err := seeds.Load(f); !errors.Is(err, seeds.ErrData) || !strings.Contains(err.Error(), "places.yaml") {
		t.Errorf("got error %v, want ErrData that names places.yaml", err)
	}
}
