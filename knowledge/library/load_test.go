package library

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"wegwijs/knowledge"
	"wegwijs/knowledge/catalogue"
)

// shipped loads the knowledge inside the binary once for all tests.
var shipped = sync.OnceValues(func() (*Library, error) { return Load(knowledge.Files()) })

func TestShippedDataLoads(t *testing.T) {
	l, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"articles", len(l.Articles), 40},
		{"terms", len(l.Terms), 74},
		{"initiatives", len(l.Initiatives), 50},
		{"jobs", len(l.Jobs), 150},
		{"desks", len(l.Desks), 30},
	} {
		if c.got < c.want {
			t.Errorf("%s: got %d, want %d or more", c.what, c.got, c.want)
		}
	}
}

// In distress a visitor must find a number in the language of the
// conversation, at any hour.
func TestHelpLinesInEveryLanguage(t *testing.T) {
	l, err := shipped()
	if err != nil {
		t.Skip("the shipped data does not load: see TestShippedDataLoads")
	}
	for _, lang := range catalogue.Langs {
		found := slices.ContainsFunc(l.Desks, func(d Desk) bool {
			return d.Kind == "helpline" && slices.Contains(d.Langs, lang) && d.ID != "112" &&
				d.Phone != "" && strings.Contains(d.Hours.NL, "ag en nacht")
		})
		if !found {
			t.Errorf("no help line in %s that answers day and night", lang)
		}
	}
	for id, phone := range map[string]string{
		"112": "112", "awel": "102", "tele-onthaal": "106", "zelfmoordlijn": "1813", "tele-accueil": "107",
		"ecoute-enfants": "103", "centre-prevention-suicide": "0800 32 123", "community-help-service": "02 648 40 14",
	} {
		d, ok := l.Desk(id)
		if !ok {
			t.Errorf("desk %s is missing", id)
			continue
		}
		if d.Phone != phone {
			t.Errorf("%s: got phone %q, want %q", id, d.Phone, phone)
		}
	}
}

func TestEverydayNamesAreKeywordsOfJobs(t *testing.T) {
	l, err := shipped()
	if err != nil {
		t.Skip("the shipped data does not load: see TestShippedDataLoads")
	}
	for _, c := range []struct {
		lang catalogue.Lang
		word string
		job  string
	}{
		{catalogue.NL, "loodgieter", "plumber"},
		{catalogue.FR, "plombier", "plumber"},
		{catalogue.EN, "plumber", "building-services-fitter"},
		{catalogue.NL, "automecanicien", "car-mechanic"},
		{catalogue.FR, "chauffagiste", "heating-technician"},
		{catalogue.EN, "game tester", "software-tester"},
	} {
		j, ok := l.Job(c.job)
		if !ok {
			t.Errorf("job %s is missing", c.job)
			continue
		}
		if !slices.Contains(j.Keywords.In(c.lang), c.word) {
			t.Errorf("%s: %q is not among %v", c.job, c.word, j.Keywords.In(c.lang))
		}
	}
}

const (
	goodArticle = `topic: finality
for: [pupil]
title: {nl: Wat is dubbel?, fr: "C'est quoi, double ?", en: What is double?}
body:
  - text: {nl: Je kan werken of verder studeren., fr: Tu peux travailler ou étudier., en: You can work or study on.}
    source: leerwinkel.brussels
    as_of: undated
ask:
  nl: [wat is dubbele finaliteit]
  fr: [c'est quoi double finalité]
  en: [what is double finality]
keywords: {nl: [dubbel], fr: [double], en: [double]}
see: [graad]
`
	goodTerm = `name: {nl: graad, fr: degré, en: grade}
also: {nl: [graden]}
text: {nl: Twee schooljaren., fr: Deux années., en: Two school years.}
source: onderwijsinbrussel.be
as_of: 2019-2020
`
	goodInitiatives = `format: 1
initiatives:
  - id: fablab
    name: Fablab
    kind: makerspace
    text: {nl: Maak iets., fr: Fabrique quelque chose., en: Make something.}
    source: report
    as_of: "2023"
`
	goodJobs = `format: 1
jobs:
  - id: welder
    name: {nl: Lasser, fr: Soudeur, en: Welder}
    keywords: {nl: [lassen], fr: [souder], en: [welding]}
    fields: [mechanics-metal]
    lists:
      - {by: VDAB, year: "2026", source: VDAB}
`
	goodDesks = `format: 1
desks:
  - id: awel
    name: Awel
    kind: helpline
    langs: [nl]
    phone: "102"
    text: {nl: Praat met iemand., fr: Parle à quelqu'un., en: Talk to someone.}
    source: vrt.be
    as_of: "2020"
`
)

// good is a small library without faults.
func good() fstest.MapFS {
	return fstest.MapFS{
		"articles/double.yaml":  {Data: []byte(goodArticle)},
		"articles/README.md":    {Data: []byte("Articles.")},
		"terms/graad.yaml":      {Data: []byte(goodTerm)},
		"terms/attest.yaml":     {Data: []byte(strings.ReplaceAll(goodTerm, "graad", "attest"))},
		initiativesFile:         {Data: []byte(goodInitiatives)},
		jobsFile:                {Data: []byte(goodJobs)},
		desksFile:               {Data: []byte(goodDesks)},
		"tree/not-our-business": {Data: []byte("?")},
	}
}

func TestLoadSortsAndLooksUp(t *testing.T) {
	l, err := Load(good())
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Terms[0].ID + " " + l.Terms[1].ID; got != "attest graad" {
		t.Errorf("terms: got %s, want attest graad", got)
	}
	a, ok := l.Article("double")
	if !ok || a.Title.FR != "C'est quoi, double ?" {
		t.Errorf("article double: got %+v, %v", a, ok)
	}
	if i, ok := l.Initiative("fablab"); !ok || i.Kind != "makerspace" {
		t.Errorf("initiative fablab: got %+v, %v", i, ok)
	}
	if j, ok := l.Job("welder"); !ok || j.Lists[0].By != "VDAB" {
		t.Errorf("job welder: got %+v, %v", j, ok)
	}
	if d, ok := l.Desk("awel"); !ok || d.Phone != "102" {
		t.Errorf("desk awel: got %+v, %v", d, ok)
	}
	if term, ok := l.Term("nothing"); ok {
		t.Errorf("term nothing: got %+v, want none", term)
	}
}

func TestLoadNamesEveryFault(t *testing.T) {
	long := strings.Repeat("woord ", 26) + "einde."
	for _, c := range []struct {
		name     string
		file     string
		old, new string // "" for old replaces the whole file
		want     string // at and what, a regular expression
	}{
		{"an unknown key", "articles/double.yaml", "topic:", "colour: red\ntopic:", `articles/double\.yaml:1:1: unknown field "colour"`},
		{"a wrong type", jobsFile, "fields: [mechanics-metal]", "fields: 3", `jobs/jobs\.yaml:6:\d+: `},
		{"an unknown topic", "articles/double.yaml", "topic: finality", "topic: weather", `articles/double\.yaml:1:8: topic "weather" is not one of`},
		{"an unknown role", "articles/double.yaml", "[pupil]", "[teacher]", `articles/double\.yaml:2:7: "teacher" is not one of`},
		{"an unknown field", jobsFile, "mechanics-metal", "metal", `jobs/jobs\.yaml:6:14: "metal" is not one of`},
		{"an unknown kind of initiative", initiativesFile, "makerspace", "party", `initiatives/initiatives\.yaml:5:11: kind "party"`},
		{"an unknown kind of desk", desksFile, "kind: helpline", "kind: bench", `desks/desks\.yaml:5:11: kind "bench"`},
		{"an unknown language", desksFile, "[nl]", "[de]", `desks/desks\.yaml:6:13: "de" is not one of`},
		{"a language that is missing", "terms/graad.yaml", ", en: Two school years.", "", `terms/graad\.yaml:3:\d+: en is missing`},
		{"a title that is too long", "articles/double.yaml", "en: What is double?", "en: " + strings.Repeat("a", 71), `articles/double\.yaml:3:\d+: title of 71 characters, at most 70`},
		{"a sentence that is too long", "articles/double.yaml", "Je kan werken of verder studeren.", long, `articles/double\.yaml:5:\d+: a sentence of 27 words, at most 25`},
		{"no statement", "articles/double.yaml", goodArticle[strings.Index(goodArticle, "body:"):strings.Index(goodArticle, "ask:")], "body: []\n", `articles/double\.yaml:4:\d+: 0 statements`},
		{"a statement without a source", "articles/double.yaml", "    source: leerwinkel.brussels\n", "", `articles/double\.yaml:\d+:\d+: source is missing`},
		{"a date that is none", "terms/graad.yaml", "2019-2020", "lately", `terms/graad\.yaml:5:8: as_of "lately"`},
		{"questions missing in a language", "articles/double.yaml", "  fr: [c'est quoi double finalité]\n", "", `articles/double\.yaml:\d+:\d+: none in fr`},
		{"a reference to nothing", "articles/double.yaml", "[graad]", "[graad, moon]", `articles/double\.yaml:13:14: "moon" is neither an article nor a term`},
		{"an article that refers to itself", "articles/double.yaml", "[graad]", "[double]", `articles/double\.yaml:13:7: the article refers to itself`},
		{"the id of a term for an article", "articles/graad.yaml", "", goodArticle, `articles/graad\.yaml.*: a term is called "graad" too`},
		{"a question that two articles claim", "articles/other.yaml", "", goodArticle, `articles/other\.yaml:9:8: question "wat is dubbele finaliteit" is asked in double too`},
		{"the same question in capitals", "articles/double.yaml", "[wat is dubbele finaliteit]", "[graad?, Graad ??]", `articles/double\.yaml:9:16: question "Graad \?\?" stands here twice`},
		{"a file that would not be read", "terms/graden.yml", "", goodTerm, `terms/graden\.yml: is not read`},
		{"a name that is no id", "terms/De Graad.yaml", "", goodTerm, `terms/De Graad\.yaml.*: id "De Graad"`},
		{"a file without its format", jobsFile, "format: 1\n", "", `jobs/jobs\.yaml.*: begin with format: 1`},
		{"an id twice", desksFile, "", goodDesks + strings.TrimPrefix(goodDesks, "format: 1\ndesks:\n"), `desks/desks\.yaml:11:\d+: id "awel" is used twice`},
		{"a job on no list", jobsFile, `      - {by: VDAB, year: "2026", source: VDAB}` + "\n", "", `jobs/jobs\.yaml:\d+:\d+: name the list`},
		{"a list of nobody", jobsFile, "by: VDAB", "by: Me", `jobs/jobs\.yaml:8:\d+: by "Me" is not one of`},
		{"a year that is none", jobsFile, `"2026"`, `"26"`, `jobs/jobs\.yaml:8:\d+: year "26"`},
		{"a desk that cannot be reached", desksFile, "    phone: \"102\"\n", "", `desks/desks\.yaml:\d+:\d+: no way to reach awel`},
		{"an address that is none", desksFile, `phone: "102"`, "url: awel", `desks/desks\.yaml:7:10: "awel" is not an http`},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := good()
			data := c.new
			if c.old != "" {
				before := string(fsys[c.file].Data)
				data = strings.Replace(before, c.old, c.new, 1)
				if data == before {
					t.Fatalf("%q is not in %s", c.old, c.file)
				}
			}
			fsys[c.file] = &fstest.MapFile{Data: []byte(data)}
			l, err := Load(fsys)
			if !errors.Is(err, ErrData) {
				t.Fatalf("got %v and error %v, want ErrData", l, err)
			}
			if !regexp.MustCompile(`(?m)^` + c.want).MatchString(err.Error()) {
				t.Errorf("got\n%v\nwant a line that begins with %s", err, c.want)
			}
		})
	}
}

func TestLoadListsAllFaultsAtOnce(t *testing.T) {
	fsys := good()
	delete(fsys, jobsFile)
	fsys["terms/graad.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(goodTerm, "2019-2020", "never", 1))}
	fsys["articles/double.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(goodArticle, "finality", "weather", 1))}
	_, err := Load(fsys)
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range []string{jobsFile + ": ", "terms/graad.yaml:5:8: ", "articles/double.yaml:1:8: ", "3 to mend"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got\n%v\nwant %q in it", err, want)
		}
	}
}

func TestLongestSentence(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		words            int
	}{
		{"the longest of three", "Een. Twee drie vier. Vijf zes.", "Twee drie vier.", 3},
		{"a French question mark is no word", "Tu viens ?", "Tu viens ?", 2},
		{"a number with a dot is one word", "Bel van 8.30 tot 16.30 uur.", "Bel van 8.30 tot 16.30 uur.", 6},
		{"nothing", "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if n, s := longest(c.text); n != c.words || s != c.want {
				t.Errorf("got %d %q, want %d %q", n, s, c.words, c.want)
			}
		})
	}
}

func TestFilesHoldEveryFolder(t *testing.T) {
	for _, dir := range []string{"articles", "terms", "initiatives", "jobs", "desks", "tree", "rules", "synonyms"} {
		entries, err := fs.ReadDir(knowledge.Files(), dir)
		if err != nil || len(entries) == 0 {
			t.Errorf("%s: got %d entries and error %v", dir, len(entries), err)
		}
	}
}
