package perfdata

import (
	"reflect"
	"testing"
)

func TestTheSameSizeGivesTheSameData(t *testing.T) {
	a, err := newWorld(700)
	if err != nil {
		t.Fatal(err)
	}
	defer a.index.Close()
	b, err := newWorld(700)
	if err != nil {
		t.Fatal(err)
	}
	defer b.index.Close()
	if !reflect.DeepEqual(a.catalogue.Courses, b.catalogue.Courses) {
		t.Error("two catalogues of 700 courses differ")
	}
	if !reflect.DeepEqual(a.queries, b.queries) {
		t.Error("their queries differ")
	}
	if n := len(a.catalogue.Courses); n != 700 {
		t.Errorf("%d courses, want 700", n)
	}
}

// The floor is a yardstick only while it finds what is asked.
func TestTheFloorFindsWhatIsAsked(t *testing.T) {
	w := worldOf(t, 1000)
	for _, class := range Classes {
		right, least := 0, 95
		if class == "typo2" {
			least = 70 // a word with two slips is often read as a compound first
		}
		queries := w.of(class)
		for _, q := range queries {
			id, err := w.byFloor(q)
			if err != nil {
				t.Fatal(err)
			}
			if w.labels.Right(q, id) {
				right++
			}
		}
		if right*100 < least*len(queries) {
			t.Errorf("%s: %d of %d are right, want %d%%", class, right, len(queries), least)
		}
	}
}
