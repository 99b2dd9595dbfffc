package search

import (
	"testing"
	"testing/fstest"

	"wegwijs/knowledge/catalogue"
)

func small() []Doc {
	return []Doc{
		{Kind: CourseKind, ID: "so-elektriciteit-2", Title: catalogue.Text{NL: "Elektriciteit", FR: "Électricité", EN: "Electricity"}, Words: catalogue.Words{NL: []string{"elektricien", "stopcontacten", "zonnepanelen"}, FR: []string{"électricien", "prises"}, EN: []string{"electrician", "sockets"}}, Fields: []catalogue.Field{"electricity"}},
		{Kind: CourseKind, ID: "so-lassen-3", Title: catalogue.Text{NL: "Lassen-constructie", FR: "Soudage", EN: "Welding"}, Words: catalogue.Words{NL: []string{"lassen", "lasser", "metaal"}, FR: []string{"soudeur", "métal"}, EN: []string{"welder"}}, Fields: []catalogue.Field{"mechanics-metal"}},
		{Kind: CourseKind, ID: "ho-programmeren", Title: catalogue.Text{NL: "Programmeren", FR: "Programmation", EN: "Programming"}, Words: catalogue.Words{NL: []string{"coderen", "apps maken"}, FR: []string{"codage"}, EN: []string{"coding"}}, Extra: []string{"graduaat"}, Body: catalogue.Text{NL: "Je leert databanken ontwerpen."}, Fields: []catalogue.Field{"ict"}},
		{Kind: CourseKind, ID: "so-wewi-3", Title: catalogue.Text{NL: "Wetenschappen-wiskunde", FR: "Sciences-mathématiques", EN: "Sciences and mathematics"}, Fields: []catalogue.Field{"maths-science"}},
		{Kind: CourseKind, ID: "so-auto-3", Title: catalogue.Text{NL: "Autotechnieken", FR: "Techniques automobiles", EN: "Automotive techniques"}, Words: catalogue.Words{NL: []string{"auto", "garage", "auto herstellen"}}, Fields: []catalogue.Field{"vehicles"}},
		{Kind: ArticleKind, ID: "dual", Title: catalogue.Text{NL: "Wat is duaal leren?", FR: "C'est quoi l'alternance ?", EN: "What is dual learning?"}, Ask: catalogue.Words{NL: []string{"wat is duaal leren", "werken en leren tegelijk"}, FR: []string{"c'est quoi l'enseignement en alternance"}, EN: []string{"what is dual learning"}}},
		{Kind: ArticleKind, ID: "dual-pay", Title: catalogue.Text{NL: "Wat verdien je in duaal leren?", FR: "Combien gagnes-tu en alternance ?", EN: "What do you earn in dual learning?"}, Ask: catalogue.Words{NL: []string{"hoeveel verdien je met duaal leren"}, FR: []string{"salaire alternance"}, EN: []string{"how much do you earn in dual learning"}}},
	}
}

func TestFindOfTheFirstKind(t *testing.T) {
	syn, err := ReadSynonyms(fstest.MapFS{
		"stop.yaml": {Data: []byte("format: 1\nstop: {nl: [wat, is, de, met, je, hoeveel], fr: [c, l, en], en: [what, how]}\ntails: {nl: [opleiding, cursus, school]}\n")},
		"jobs.yaml": {Data: []byte("format: 1\ngroups:\n  - {id: printer, fields: [graphics-media], nl: [drukker, printmedia], fr: [imprimeur], en: [printing]}\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	x, err := Open(small(), syn)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for query, want := range map[string]string{
		"elektriciteit":                      "so-elektriciteit-2",
		"Électricité":                        "so-elektriciteit-2",
		"elektrisiteit":                      "so-elektriciteit-2",
		"elektriciteitsopleiding":            "so-elektriciteit-2",
		"lascursus":                          "so-lassen-3",
		"wetenschap":                         "so-wewi-3",
		"programmeur":                        "ho-programmeren",
		"programeren":                        "ho-programmeren",
		"databank":                           "ho-programmeren",
		"autoherstelschool":                  "so-auto-3",
		"wat is duaal leren":                 "dual",
		"wat is duael leren":                 "dual",
		"hoeveel verdien je duaal":           "dual-pay",
		"c koi l'enseignement en alternance": "dual",
		"xqzvv":                              "",
	} {
		hits, err := x.Find(t.Context(), Query{Text: query})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(hits) > 0 {
			got = hits[0].ID
			t.Logf("%s: %+v", query, hits[0])
		}
		if got != want {
			t.Errorf("%q finds %q, want %q (%+v)", query, got, want, hits)
		}
	}
}
