package search

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFoldMakesTextsComparable(t *testing.T) {
	for in, want := range map[string]string{
		"":                             "",
		"  ":                           "",
		"Électricité":                  "electricite",
		"L'école d’Électro-mécanique!": "l ecole d electro mecanique",
		"auto's":                       "auto s",
		"'s avonds":                    "s avonds",
		"ĳzer en IJzer":                "ijzer en ijzer",
		"gros œuvre, CŒUR":             "gros oeuvre coeur",
		"C++ / C# / F# / .NET":         "c++ c# f# dotnet",
		"ASP.NET":                      "asp net",
		"ik zoek. net":                 "ik zoek net",
		"1+1=2 #stem":                  "1 1 2 stem",
		"3D-printen, 7de jaar":         "3d printen 7de jaar",
		"E-bike en T-shirts":           "ebike en tshirts",
		"y a-t-il":                     "y a t il",
		"m²":                           "m2",
		"ｗｏｏｄ":                         "wood",
		"la\u200bs\u202esen\u00ad":     "lassen",
		"e\u0301lectricite":            "electricite",
		"tab\tregel\nnul\x00einde":     "tab regel nul einde",
		"computers 😂👨‍👩‍👧 ja":          "computers ja",
		"\xff\xfelas":                  "las",
		"мир":                          "мир",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldedTextCostsNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { Fold("ik zoek iets met elektriciteit in de buurt") }); n > 0 {
		t.Errorf("folding a folded text allocates %v times, want 0", n)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "C++ .net e-bike", "L’Éco\u0301le", "a-e-b t-t-t", "\xff", "ĳ ﷺ", "c++x c#y .net.net", strings.Repeat("a\u0301", 50)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Fold(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Fold(%q) = %q is no valid text", s, got)
		}
		if again := Fold(got); again != got {
			t.Fatalf("Fold(%q) = %q, and again %q", s, got, again)
		}
		if strings.Contains(got, "  ") || strings.TrimSpace(got) != got {
			t.Fatalf("Fold(%q) = %q has loose spaces", s, got)
		}
	})
}
