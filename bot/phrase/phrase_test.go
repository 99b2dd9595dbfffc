package phrase

import (
	"testing"

	"wegwijs/knowledge/catalogue"
	"wegwijs/locales"
)

func TestANumberChoosesThePlural(t *testing.T) {
	b, err := Open(locales.Files())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		l    catalogue.Lang
		n    int
		want string
	}{
		{"nl", 0, "0 plaatsen"},
		{"nl", 1, "1 plaats"},
		{"nl", 2, "2 plaatsen"},
		{"fr", 0, "0 lieu"},
		{"fr", 1, "1 lieu"},
		{"fr", 2, "2 lieux"},
		{"fr", 1_000, "1000 lieux"},
		{"en", 0, "0 places"},
		{"en", 1, "1 place"},
		{"en", 2, "2 places"},
	} {
		if got := b.Say(c.l, "ui.offers", map[string]any{"Count": c.n}); got != c.want {
			t.Errorf("%s %d: got %q, want %q", c.l, c.n, got, c.want)
		}
	}
}
