package understand

import (
	"os"
	"slices"
	"sync"
	"testing"

	"wegwijs/seeds"
)

var shipped = sync.OnceValues(newShipped)

func newShipped() (*Reader, error) {
	c, err := seeds.Load(seeds.Embedded())
	if err != nil {
		return nil, err
	}
	return New(os.DirFS("../../knowledge/words"), c, nil)
}

// reader is the reader of the shipped word lists and gazetteer.
func reader(t testing.TB) *Reader {
	t.Helper()
	r, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReadKnowsAWholeSentence(t *testing.T) {
	m := reader(t).Read("ik zit in het 4de, hou van auto's en woon in Molenbeek")
	want := []Slot{{"stage", "grade2", "zit in het 4de"}, {"interest", "vehicles", "auto s"}, {"place", "1080", "molenbeek"}}
	if !slices.Equal(m.Slots, want) {
		t.Errorf("got %v, want %v", m.Slots, want)
	}
}
