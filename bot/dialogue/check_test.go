package dialogue

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

func TestCheckNamesEachFault(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/check.txtar")
	if err != nil {
		t.Fatal(err)
	}
	placed := regexp.MustCompile(`(?m)^tree\.yaml(:\d+:\d+)?: `)
	for _, f := range ar.Files {
		t.Run(f.Name, func(t *testing.T) {
			tree, err := Parse("tree.yaml", f.Data)
			if strings.Contains(f.Name, "good") {
				if err != nil || tree == nil {
					t.Errorf("got %v, want a tree without faults", err)
				}
				return
			}
			code := f.Name[:4]
			if err == nil || !strings.Contains(err.Error(), code) {
				t.Fatalf("got %v, want %s", err, code)
			}
			if !placed.MatchString(err.Error()) {
				t.Errorf("%v does not say where", err)
			}
		})
	}
}
