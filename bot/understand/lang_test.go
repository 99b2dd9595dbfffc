package understand

import (
	"testing"
)

// TestLanguage enforces the figures of language: at least 93 % right, and at
// most 2 % wrong while it seems sure.
func TestLanguage(t *testing.T) {
	r := reader(t)
	rows := labelled(t, "testdata/language.txt", 1)
	if len(rows) < 210 {
		t.Errorf("got %d texts, want 210 or more", len(rows))
	}
	right, sureWrong, sure := 0, 0, 0
	for _, row := range rows {
		m := r.Read(row[1])
		if m.Sure >= 0.8 {
			sure++
		}
		if string(m.Lang) == row[0] {
			right++
			continue
		}
		t.Logf("%q: got %s %.2f, want %s", row[1], m.Lang, m.Sure, row[0])
		if m.Sure >= 0.8 {
			sureWrong++
		}
	}
	n := float64(len(rows))
	t.Logf("right %.1f %%, sure and wrong %.1f %%, sure %.1f %% of %d", 100*float64(right)/n, 100*float64(sureWrong)/n, 100*float64(sure)/n, len(rows))
	if float64(right) < 0.93*n || float64(sureWrong) > 0.02*n {
		t.Errorf("right %d, sure and wrong %d of %d: want 93 %% or more, 2 %% or less", right, sureWrong, len(rows))
	}
}

func TestLanguageOfMixedTextsIsUnsure(t *testing.T) {
	r := reader(t)
	for _, text := range []string{"zoek école électricité", "ik cherche opleiding", "bonjour welke scholen"} {
		if m := r.Read(text); m.Sure >= 0.95 {
			t.Errorf("%q: got %s %.2f, want less sure", text, m.Lang, m.Sure)
		}
	}
}

func BenchmarkLang(b *testing.B) {
	r := reader(b)
	text := "wat kan ik studeren na vier"
	words := fold(text)
	b.ReportAllocs()
	for b.Loop() {
		r.language.read(text, words, r.places.words)
	}
}
