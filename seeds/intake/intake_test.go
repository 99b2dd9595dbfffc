package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/encoding/charmap"

	"wegwijs/internal/strictyaml"
	"wegwijs/knowledge/catalogue"
	"wegwijs/seeds"
)

// seedsCopy is a folder with the seeds of the made-up town.
func seedsCopy(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/seeds")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// list writes a list to a file of its own.
func list(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func run(t testing.TB, o Options) *Report {
	t.Helper()
	r, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// texts are the files of a folder, to see that none changes.
func texts(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(data)
	}
	return out
}

func itemIDs(items []Item) string {
	var ids []string
	for _, i := range items {
		ids = append(ids, i.Kind+" "+i.ID)
	}
	slices.Sort(ids)
	return strings.Join(ids, ", ")
}

func changedIDs(changes []Change) string {
	var items []Item
	for _, c := range changes {
		items = append(items, c.Item)
	}
	return itemIDs(items)
}

func kinds(r *Report) string {
	var out []string
	for _, s := range r.Suspicious {
		out = append(out, s.Kind)
	}
	return strings.Join(out, ", ")
}

func TestEverySampleIsTakenInAndThenSaysNoChange(t *testing.T) {
	for _, tt := range []struct {
		file, asOf       string
		mapping, format  string
		fresh, changed   string
		gone, suspicious string
		passed           int
	}{
		{
			file: "so-offers.csv", mapping: "so-offers", format: "CSV with ; in UTF-8",
			fresh:   "institution so-000033, offer so-000011-elektrotechnieken-2, offer so-000033-elektrotechnieken-duaal-3",
			changed: "offer so-000011-hout-3", gone: "offer so-000022-hout-3",
			suspicious: "unknown direction, unknown commune, duplicate row, note of the old source, formula", passed: 1,
		},
		{
			file: "so-offers.json", mapping: "so-offers", format: "JSON",
			changed: "offer so-000011-hout-3, offer so-000022-hout-3", suspicious: "note of the old source",
		},
		{
			file: "so-offers.jsonl", mapping: "so-offers", format: "JSON",
			changed: "offer so-000011-hout-3, offer so-000022-hout-3", suspicious: "note of the old source",
		},
		{file: "ho-register.csv", mapping: "ho-register", format: "CSV with , in UTF-8", changed: "offer ho-ehb-toegepaste-informatica", passed: 1},
		{
			file: "vdab-courses.csv", asOf: "2026-2027", mapping: "vdab-courses", format: "CSV with ; in Windows-1252",
			fresh: "offer vdab-brussel-lasser-brussel", changed: "offer vdab-brussel-lasser",
		},
		{
			file: "cvo-offers.txt", mapping: "cvo-offers", format: "CSV with tabs in UTF-8",
			fresh: "institution cvo-000055, offer cvo-000055-elektricien",
		},
	} {
		t.Run(tt.file, func(t *testing.T) {
			dir := seedsCopy(t)
			o := Options{Folder: dir, Files: []string{filepath.Join("testdata", tt.file)}, AsOf: tt.asOf}
			before := texts(t, dir)

			dry := o
			dry.DryRun = true
			run(t, dry)
			if !reflect.DeepEqual(texts(t, dir), before) {
				t.Fatal("a dry run wrote something")
			}

			r := run(t, o)
			if r.Mapping != tt.mapping || r.Files[0].Format != tt.format {
				t.Errorf("read as %s, %s; want %s, %s", r.Mapping, r.Files[0].Format, tt.mapping, tt.format)
			}
			for _, x := range []struct{ what, got, want string }{
				{"new", itemIDs(r.New), tt.fresh},
				{"changed", changedIDs(r.Changed), tt.changed},
				{"gone", itemIDs(r.Gone), tt.gone},
				{"suspicious", kinds(r), tt.suspicious},
				{"passed over", fmt.Sprint(r.PassedOver), fmt.Sprint(tt.passed)},
				{"written", strings.Join(r.Written, ", "), seeds.Files[r.Provider]},
			} {
				if x.got != x.want {
					t.Errorf("%s: got %s, want %s", x.what, x.got, x.want)
				}
			}
			after := texts(t, dir)
			if len(after) != len(before) {
				t.Errorf("got files %v, want no other than before", reflect.ValueOf(after).MapKeys())
			}
			if _, err := seeds.Load(os.DirFS(dir)); err != nil {
				t.Errorf("what was written has faults:\n%v", err)
			}

			again := run(t, o)
			if len(again.New)+len(again.Changed)+len(again.Written) > 0 {
				t.Errorf("second time: got new %s, changed %s, written %v", itemIDs(again.New), changedIDs(again.Changed), again.Written)
			}
			if !reflect.DeepEqual(texts(t, dir), after) {
				t.Error("the second import of the same list touched the files")
			}
		})
	}
}

func TestOnlyTheLinesOfAChangedOfferChange(t *testing.T) {
	dir := seedsCopy(t)
	before := texts(t, dir)["so.yaml"]
	run(t, Options{Folder: dir, Files: []string{"testdata/so-offers.csv"}})
	after := texts(t, dir)["so.yaml"]
	for line := range strings.Lines(before) {
		inOffer := slices.Contains([]string{"source: page   # seen in 2021", "as_of: undated", "confidence: medium"}, strings.TrimSpace(line)) ||
			strings.Contains(line, "note: {nl: De pagina")
		if !inOffer && !strings.Contains(after, line) {
			t.Errorf("lost the line %q", line)
		}
	}
	if !strings.Contains(after, "  # Two courses of the same name, in two finalities.\n  - id: so-elektrotechnieken-2") {
		t.Error("a comment left its place")
	}
}

// header and noord are the smallest list of school offers.
const header = "Schooljaar;Instellingsnummer;Naam instelling;Straat;Postcode;Gemeente;Naam studierichting;Graad;Finaliteit;Leervorm\n"

const noord = "2026-2027;11;Voorbeeldschool Noord;Noordstraat 1;1080;Sint-Jans-Molenbeek;Hout;3;A;gewoon\n"

func TestEverySeparatorEncodingAndLineEndGivesTheSame(t *testing.T) {
	text := header + strings.Replace(noord, "Voorbeeldschool Noord", "Café Élan", 1)
	latin, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	want := ""
	for name, in := range map[string]string{
		"semicolons": text, "commas": strings.ReplaceAll(text, ";", ","), "tabs": strings.ReplaceAll(text, ";", "\t"),
		"mark": "\ufeff" + text, "Windows line ends": strings.ReplaceAll(text, "\n", "\r\n"), "Windows-1252": latin,
		"Windows-1252 and line ends": strings.ReplaceAll(latin, "\n", "\r\n"), "sep line": "sep=;\r\n" + text,
		"no last line end": strings.TrimSuffix(text, "\n"), "empty rows of Excel": text + ";;;;;;;;;\n\n;;;;;;;;;\n",
		"all quoted":    `"` + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSuffix(text, "\n"), ";", `";"`), "\n", "\"\n\"") + "\"\n",
		"other columns": "Nr;" + strings.Replace(text, "\n2026", "\n1;2026", 1),
	} {
		t.Run(name, func(t *testing.T) {
			dir := seedsCopy(t)
			r := run(t, Options{Folder: dir, Files: []string{list(t, "l.csv", in)}})
			if len(r.Changed) != 1 {
				t.Fatalf("got changed %s, want one offer", changedIDs(r.Changed))
			}
			if got := texts(t, dir)["so.yaml"]; want == "" {
				want = got
			} else if got != want {
				t.Errorf("another result:\n%s", got)
			}
			if !slices.ContainsFunc(r.Suspicious, func(s Suspicion) bool { return strings.Contains(s.What, `"Café Élan" here`) }) {
				t.Errorf("got %+v, want the name with its accents", r.Suspicious)
			}
		})
	}
}

func TestABrokenRowIsNamedAndNothingIsWritten(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"cut off", header + noord + "2026-2027;11;School\n", "l.csv:3:3: "},
		{"too many cells", header + noord + strings.TrimSuffix(noord, "\n") + ";x;y\n", "l.csv:3:11: "},
		{"stray quote", header + noord + "2026-2027;11;Sch\"ool;;;;;;;\n", "l.csv:3: at character 17: "},
		{"open quote", header + noord + "2026-2027;11;\"School;;;;;;;\n", "l.csv:3: at character "},
		{"unknown level", header + strings.Replace(noord, ";3;", ";4;", 1), `l.csv:2:8: level "4": `},
		{"unknown finality", header + strings.Replace(noord, ";A;", ";X;", 1), `l.csv:2:9: finality "X": `},
		{"unknown form", header + strings.Replace(noord, "gewoon", "zwevend", 1), `l.csv:2:10: form "zwevend": `},
		{"unreadable year", header + strings.Replace(noord, "2026-2027", "2026-2029", 1), `l.csv:2:1: as_of "2026-2029": `},
		{
			"after a cell of two lines and an empty line",
			header + strings.Replace(noord, "Noordstraat 1", "\"Noord\nstraat\"", 1) + "\n" + strings.Replace(noord, ";3;", ";4;", 1),
			`l.csv:4:8: level "4": `,
		},
		{"not UTF-8 in UTF-8", header + strings.Replace(noord, "Noord", "Café Élan", 1) + strings.Replace(noord, "Noord", "Caf\xe9", 1), "l.csv: line 3: not UTF-8"},
		{"JSON cut off", `[{"Instellingsnummer":"11","Naam studierichting":"Hout","Graad":3},{"Instell`, "l.csv:2: "},
		{"JSON in JSON", `[{"Instellingsnummer":{"a":1},"Naam studierichting":"Hout","Graad":3}]`, "l.csv:1: Instellingsnummer: an object inside an object"},
		{"no such columns", "a;b\n1;2\n", "do not tell which list this is"},
		{"no date", strings.ReplaceAll(header+noord, "Schooljaar", "Iets"), "add --as-of"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := seedsCopy(t)
			before := texts(t, dir)
			_, err := Run(context.Background(), Options{Folder: dir, Files: []string{list(t, "l.csv", tt.text)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want %q in it", err, tt.want)
			}
			if !reflect.DeepEqual(texts(t, dir), before) {
				t.Error("something was written")
			}
		})
	}
}

func TestAllBrokenRowsAreNamedAtOnce(t *testing.T) {
	text := header + strings.Repeat(strings.Replace(noord, ";3;", ";4;", 1)+noord, 30)
	_, err := Run(context.Background(), Options{Folder: seedsCopy(t), Files: []string{list(t, "l.csv", text)}})
	if !errors.Is(err, ErrRows) {
		t.Fatalf("got error %v, want ErrRows", err)
	}
	for _, want := range []string{"l.csv:2:8:", "l.csv:4:8:", "l.csv:40:8:", "and more"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}

func TestWhatIsSuspiciousIsToldAndLeft(t *testing.T) {
	vdab := "Opleiding;Postcode;Gemeente;Lesmoment;Prijs;Datum\n"
	for _, tt := range []struct {
		name, text string
		kinds      string
		what       string
		changed    int
	}{
		{"price jump up", vdab + "Lasser;1000;Brussel;overdag;151;2026-09-01\n", "price jump", "100 euro becomes 151", 0},
		{"price jump down", vdab + "Lasser;1000;Brussel;overdag;gratis;2026-09-01\n", "price jump", "100 euro becomes 0", 0},
		{"half is no jump", vdab + "Lasser;1000;Brussel;overdag;150;2026-09-01\n", "", "", 1},
		{"older", vdab + "Lasser;1000;Brussel;overdag;100;2024-09-01\n", "older than ours", "vdab-brussel-lasser is of 2025, the row of 2024-09-01", 0},
		{"postcode of another commune", vdab + "Lasser;1080;Brussel;overdag;100;2026-09-01\n", "unknown commune", "postcode 1080 is Sint-Jans-Molenbeek", 0},
		{"no title", vdab + ";1000;Brussel;overdag;100;2026-09-01\n", "missing name", "names no study direction", 0},
		{"unknown direction", vdab + strings.Repeat("Kapper;1000;Brussel;overdag;100;2026-09-01\n", 3), "unknown direction", `"Kapper" (training) is not in the catalogue`, 0},
		{"rows that disagree", vdab + "Lasser;1000;Brussel;overdag;120;2026-09-01\nLasser;1000;Brussel;avond;130;2026-09-01\n", "rows that disagree", `price_eur is "120" in row 2 and "130" here`, 1},
		{"same row twice", vdab + strings.Repeat("Lasser;1000;Brussel;overdag;120;2026-09-01\n", 2), "duplicate row", "the same as row 2", 1},
		{"earlier name", header + strings.Replace(noord, "Hout;", "Houtbewerking;", 1), "unknown direction", "earlier name of so-hout-3", 0},
		{"another grade", header + strings.Replace(noord, ";3;", ";2;", 1), "unknown direction", "the catalogue has it as so-hout-3", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, Options{Folder: seedsCopy(t), Files: []string{list(t, "l.csv", tt.text)}})
			if kinds(r) != tt.kinds || tt.what != "" && !strings.Contains(r.Suspicious[0].What, tt.what) {
				t.Errorf("got %+v, want %s: %s", r.Suspicious, tt.kinds, tt.what)
			}
			if len(r.Changed) != tt.changed || len(r.New) > 0 {
				t.Errorf("got new %s, changed %s; want %d changed", itemIDs(r.New), changedIDs(r.Changed), tt.changed)
			}
		})
	}
}

func TestFormsOfOneOfferAreJoined(t *testing.T) {
	dir := seedsCopy(t)
	run(t, Options{Folder: dir, Files: []string{"testdata/ho-register.csv"}})
	c, err := seeds.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	k, _ := c.Course("ho-toegepaste-informatica")
	if len(k.Offers) != 1 || !slices.Equal(k.Offers[0].Form, []catalogue.Form{"dag", "werktraject"}) || k.Offers[0].Duration.FR != "3 ans" {
		t.Errorf("got %+v", k.Offers)
	}
}

func TestACourseIsAddedOnlyWithAllThatItNeeds(t *testing.T) {
	head := "Instellingsnummer;Naam instelling;Postcode;Gemeente;Naam studierichting;Graad;Schooljaar"
	mapping := list(t, "own.yaml", `format: 1
name: own
provider: SO
source: own list
scope: institutions
columns:
  institution_number: [Instellingsnummer]
  institution_name: [Naam instelling]
  postcode: [Postcode]
  commune: [Gemeente]
  title: [Naam studierichting]
  level: [Graad]
  as_of: [Schooljaar]
  title_fr: [fr]
  title_en: [en]
  summary_nl: [s nl]
  summary_fr: [s fr]
  summary_en: [s en]
  keywords_nl: [k nl]
  keywords_fr: [k fr]
  keywords_en: [k en]
  fields: [velden]
`)
	row := "11;Voorbeeldschool Noord;1080;Molenbeek;Fietsherstel;grade3;2026-2027"
	dir := seedsCopy(t)
	full := head + ";fr;en;s nl;s fr;s en;k nl;k fr;k en;velden\n" + row +
		";Réparation de vélos;Bicycle repair;Je herstelt fietsen.;Tu répares des vélos.;You repair bicycles.;fiets, band;vélo;bike;vehicles\n"
	o := Options{Folder: dir, Mapping: mapping, Files: []string{list(t, "full.csv", full)}}
	r := run(t, o)
	if got, want := itemIDs(r.New), "course so-fietsherstel-3, offer so-000011-fietsherstel-3"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if r := run(t, o); len(r.Written) > 0 {
		t.Errorf("second time: got %v written", r.Written)
	}
	r = run(t, Options{Folder: seedsCopy(t), Mapping: mapping, Files: []string{list(t, "bare.csv", head+"\n"+row+"\n")}})
	if len(r.New) > 0 || kinds(r) != "unknown direction" {
		t.Errorf("got new %s, suspicious %s; want nothing made up", itemIDs(r.New), kinds(r))
	}
}

func TestPruneRemovesWhatIsGoneAndNothingElse(t *testing.T) {
	dir := seedsCopy(t)
	o := Options{Folder: dir, Files: []string{list(t, "l.csv", header+noord)}, Prune: true}
	r := run(t, o)
	if got := itemIDs(r.Gone); got != "offer so-000022-hout-3" || !r.Pruned {
		t.Errorf("got gone %s, pruned %v", got, r.Pruned)
	}
	text := texts(t, dir)["so.yaml"]
	if strings.Contains(text, "so-000022-hout-3") || !strings.Contains(text, "so-000022\n") {
		t.Errorf("want the offer removed and its school kept:\n%s", text)
	}
	if r := run(t, o); len(r.Gone)+len(r.Written) > 0 {
		t.Errorf("second time: got gone %v, written %v", r.Gone, r.Written)
	}
}

func TestPruneRefusesHalfAList(t *testing.T) {
	dir := seedsCopy(t)
	var all strings.Builder
	all.WriteString(header)
	for i := range 30 {
		fmt.Fprintf(&all, "2026-2027;%d;School %d;Straat %d;1080;Molenbeek;Hout;3;A;gewoon\n", 500+i, i, i)
	}
	run(t, Options{Folder: dir, Files: []string{list(t, "all.csv", all.String())}})
	before := texts(t, dir)
	_, err := Run(context.Background(), Options{Folder: dir, Files: []string{list(t, "l.csv", header+noord)}, Prune: true})
	if err == nil || !strings.Contains(err.Error(), "would remove 31 of 32 offers") {
		t.Errorf("got error %v", err)
	}
	if !reflect.DeepEqual(texts(t, dir), before) {
		t.Error("something was written")
	}
}

func TestWindowsLineEndsOfASeedsFileStay(t *testing.T) {
	dir := seedsCopy(t)
	path := filepath.Join(dir, "so.yaml")
	data, _ := os.ReadFile(path)
	if err := os.WriteFile(path, bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, Options{Folder: dir, Files: []string{"testdata/so-offers.csv"}})
	text := texts(t, dir)["so.yaml"]
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Error("line ends are mixed")
	}
	if r := run(t, Options{Folder: dir, Files: []string{"testdata/so-offers.csv"}}); len(r.Written) > 0 {
		t.Errorf("second time: got %v written", r.Written)
	}
}

func TestWhatIsNoListIsRefused(t *testing.T) {
	dir := seedsCopy(t)
	for _, tt := range []struct{ name, text, want string }{
		{"zip", "PK\x03\x04aaaa", "zip archive or an Excel workbook"},
		{"gzip", "\x1f\x8b\x08aaaa", "gzip archive"},
		{"UTF-16", "\xff\xfea\x00;\x00", "UTF-16"},
		{"binary", "a;b\n\x00\x01", "binary data"},
		{"empty", "", "is empty"},
		{"white space", " \r\n\r\n", "is empty"},
		{"a million columns", strings.Repeat("a;", 1_000_000) + "\n", "row of more than"},
		{"six hundred columns", strings.Repeat("a;", 600) + "\n", "601 columns"},
		{"a row without end", header + noord + "\"" + strings.Repeat("x\n", 1<<20), "row of more than"},
		{"a million cells", header + noord + strings.Repeat("a;", 1_000_000) + "\n", "row of more than"},
		{"JSON without end", `[{"Instellingsnummer":"` + strings.Repeat("x", 2<<20), "row of more than"},
		{"JSON too deep", strings.Repeat("[", 100_000), "l.csv"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Run(context.Background(), Options{Folder: dir, Files: []string{list(t, "l.csv", tt.text)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %.300v, want %q in it", err, tt.want)
			}
			if err != nil && len(err.Error()) > 4000 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
		})
	}
	if _, err := Run(context.Background(), Options{Folder: dir, Files: []string{dir}}); err == nil || !strings.Contains(err.Error(), "not a plain file") {
		t.Errorf("a folder: got error %v", err)
	}
}

func TestExportOfTheShippedSeedsLoadsAsTheSame(t *testing.T) {
	want, err := seeds.Load(seeds.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	f, err := ReadFolder(seeds.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	texts := f.Export()
	got, err := seeds.Load(files(texts))
	if err != nil {
		t.Fatal(err)
	}
	for name, diff := range map[string]string{
		"courses":      cmp.Diff(want.Courses, got.Courses, cmpopts.EquateEmpty()),
		"institutions": cmp.Diff(want.Institutions, got.Institutions, cmpopts.EquateEmpty()),
		"conditions":   cmp.Diff(want.Conditions, got.Conditions, cmpopts.EquateEmpty()),
		"communes":     cmp.Diff(want.Communes, got.Communes, cmpopts.EquateEmpty()),
	} {
		if diff != "" {
			t.Errorf("%s differ:\n%s", name, diff)
		}
	}
	again, err := ReadFolder(files(texts))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again.Export(), texts) {
		t.Error("a second export gives other texts")
	}
}

func TestEveryTextSurvivesTheFile(t *testing.T) {
	for _, s := range []string{
		"Hout", "GO! atheneum", "a: b", "a #b", "# a", "- a", "* a", "x: *y", "x - *y", "&a", "!a", "%a", "@a", "`a", "=1+1", "+1", "'", `"`, `\`, "a\nb", "a\tb",
		"yes", "No", "null", "~", "1080", "012", "1e3", "0x1F", "2025-11-24", "", " a", "a ", "a  b", "{a}", "[a]", "a, b", "?a", "|", ">", "é", "L'été", "\u00a0a",
		"\u202ea", "\u2028", "\ufeffa", "😀", "\x7f", "\x01", "a:", "a: ", "---", "...", "<<", "TRUE", "on",
	} {
		in := Data{Format: 1, Provider: "SO", Institutions: []catalogue.Institution{{ID: "so-a", Name: s, Source: s + "x", AsOf: "2025"}}}
		in.Courses = []catalogue.Course{{ID: "so-b", Title: catalogue.Text{NL: s, FR: s, EN: s}, Former: []string{s, s + "y"}}}
		var got Data
		text := encode(&in, "")
		if _, err := strictyaml.Parse("t", text, &got); err != nil {
			t.Errorf("%q: %v\n%s", s, err, text)
			continue
		}
		if !same(&got, &in) || got.Institutions[0].Name != s || got.Courses[0].Former[1] != s+"y" {
			t.Errorf("%q became %q\n%s", s, got.Institutions[0].Name, text)
		}
	}
}

func TestEveryShippedMappingIsRead(t *testing.T) {
	f, err := ReadFolder(seeds.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Mappings() {
		m, err := readMapping(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if m.Name != name {
			t.Errorf("%s calls itself %s", name, m.Name)
		}
		d := f.Data[m.Provider]
		for _, id := range append([]string{m.New.PriceNote}, m.New.Admission...) {
			if id != "" && !hasCondition(d, id) {
				t.Errorf("%s: condition %s is not in the shipped seeds", name, id)
			}
		}
		for from, id := range m.Institutions {
			if !slices.ContainsFunc(d.Institutions, func(x catalogue.Institution) bool { return x.ID == id }) {
				t.Errorf("%s: %q is %s, which is not in the shipped seeds", name, from, id)
			}
		}
	}
}

func TestAMappingWithAFaultIsNamedByLine(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"format: 1\nprovider: X\n", `m.yaml:2:11: provider "X"`},
		{"format: 1\nprovider: SO\nsource: s\nscope: all\n", `m.yaml:4:8: scope "all"`},
		{"format: 1\nprovider: SO\nsource: s\nscope: provider\ncolumns: {tilte: [x]}\n", `"tilte" is no field`},
		{"format: 1\nprovider: SO\nsuorce: s\n", "m.yaml:3:1: "},
	} {
		_, err := readMapping(list(t, "m.yaml", tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got error %v, want %q in it", err, tt.want)
		}
	}
	if _, err := readMapping("nobody"); err == nil || !strings.Contains(err.Error(), "so-offers") {
		t.Errorf("got error %v, want the names of the mappings", err)
	}
}

func TestAFileThatSomebodyChangedMeanwhileIsLeft(t *testing.T) {
	dir := seedsCopy(t)
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	before := texts(t, dir)
	err = replace(root, map[string]change{
		"cvo.yaml": {old: []byte(before["cvo.yaml"]), new: []byte("a")},
		"so.yaml":  {old: []byte("another text"), new: []byte("b")},
	})
	if err == nil || !strings.Contains(err.Error(), "so.yaml: somebody else changed it") {
		t.Errorf("got error %v", err)
	}
	if !reflect.DeepEqual(texts(t, dir), before) {
		t.Error("something was written, or left behind")
	}
}

func TestCompareTellsWhatDiffers(t *testing.T) {
	dir := seedsCopy(t)
	path := filepath.Join(dir, "so.yaml")
	data, _ := os.ReadFile(path)
	data = bytes.Replace(data, []byte("nl: Hout,"), []byte("nl: Hout en bouw,"), 1)
	data = bytes.Replace(data, []byte("id: so-000022-hout-3"), []byte("id: so-000022-hout-bis"), 1)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	d, err := Compare(os.DirFS("testdata/seeds"), os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if itemIDs(d.New) != "offer so-000022-hout-bis" || itemIDs(d.Gone) != "offer so-000022-hout-3" || changedIDs(d.Changed) != "course so-hout-3" {
		t.Fatalf("got %+v", d)
	}
	if got, want := d.Changed[0].Fields, []FieldChange{{"title.nl", "Hout", "Hout en bouw"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	d, err = Compare(os.DirFS(dir), os.DirFS(dir))
	if err != nil || !d.Empty() {
		t.Errorf("got %+v, %v; want no difference", d, err)
	}
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(header + noord))
	f.Add([]byte("sep=,\n\"a\n"))
	f.Add([]byte(`[{"Instellingsnummer":11,"Naam studierichting":"Hout","Graad":3,"Schooljaar":"2026-27"}]`))
	f.Add([]byte("\xef\xbb\xbf" + header + strings.Replace(noord, "School", "=1+1\xff", 1)))
	for _, name := range []string{"so-offers.csv", "vdab-courses.csv", "cvo-offers.txt", "ho-register.csv"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	folder, err := ReadFolder(os.DirFS("testdata/seeds"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := list(t, "l.csv", string(data))
		for _, m := range Mappings() {
			// A fault is fine; a panic, or a text that does not say what was
			// meant, is not.
			in, err := readFile(context.Background(), Options{Mapping: m, AsOf: "2026-2027"}, folder, nil, path)
			if err != nil || in.faults.err() != nil {
				continue
			}
			before, after := folder.Data[in.m.Provider], in.apply(true)
			name := folder.name(in.m.Provider)
			var got Data
			if _, err := strictyaml.Parse(name, rewrite(folder.Raw[name], before, after), &got); err != nil || !same(&got, after) {
				t.Fatalf("%s: %v", m, err)
			}
		}
	})
}
