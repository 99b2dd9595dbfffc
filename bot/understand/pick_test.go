package understand

import (
	"slices"
	"strings"
	"testing"
)

func TestPick(t *testing.T) {
	stages := []Option{
		{"grade1", []string{"1e of 2e middelbaar", "1re ou 2e secondaire", "Year 1 or 2 of secondary"}},
		{"grade2", []string{"3e of 4e middelbaar", "3e ou 4e secondaire", "Year 3 or 4 of secondary"}},
		{"working", []string{"Ik werk", "Je travaille", "I work"}},
		{"jobseeker", []string{"Ik zoek werk", "Je cherche un emploi", "I am looking for work", "werkzoekend"}},
	}
	fields := []Option{
		{"ict", []string{"Computers en ICT", "Informatique", "Computers and ICT", "informatica"}},
		{"electricity", []string{"Elektriciteit", "Électricité", "Electricity"}},
		{"electronics-automation", []string{"Elektronica en automatisering", "Électronique et automatisation", "Electronics and automation", "elektronica"}},
		{"wood", []string{"Hout", "Bois", "Wood"}},
	}
	for _, tt := range []struct {
		text    string
		choices []Option
		several bool
		ids     string
		maybe   string
	}{
		{"2", stages, false, "grade2", ""},
		{"de tweede", stages, false, "grade2", ""},
		{"la première", stages, false, "grade1", ""},
		{"the last one", stages, false, "jobseeker", ""},
		{"nummer 3", stages, false, "working", ""},
		{"9", stages, false, "", ""},
		{"ik zoek werk", stages, false, "jobseeker", ""},
		{"JE TRAVAILLE", stages, false, "working", ""},
		{"werkz", stages, false, "jobseeker", ""},
		{"werkzoekent", stages, false, "jobseeker", ""},
		{"electricité", fields, false, "electricity", ""},
		{"elektr", fields, false, "", "electricity electronics-automation"},
		{"elektricitiet", fields, false, "electricity", ""},
		{"elektroncia", fields, false, "electronics-automation", ""},
		{"hout", fields, false, "wood", ""},
		{"geen hout", fields, false, "", ""},
		{"ik denk informatica", fields, false, "ict", ""},
		{"1 en 3", fields, true, "ict electronics-automation", ""},
		{"1 3", fields, true, "ict electronics-automation", ""},
		{"informatica, hout", fields, true, "ict wood", ""},
		{"bois et électricité", fields, true, "wood electricity", ""},
		{"Computers en ICT", fields, true, "ict", ""},
		{"", fields, false, "", ""},
		{"banaan", fields, false, "", ""},
	} {
		ids, maybe := reader(t).Pick(tt.text, tt.choices, tt.several)
		if !slices.Equal(ids, strings.Fields(tt.ids)) || !slices.Equal(maybe, strings.Fields(tt.maybe)) {
			t.Errorf("%q: got %v, maybe %v; want %q, maybe %q", tt.text, ids, maybe, tt.ids, tt.maybe)
		}
	}
}
