package bot_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"time"

	"wegwijs/bot"
	"wegwijs/bot/bottest"
	"wegwijs/knowledge"
	"wegwijs/knowledge/catalogue"
)

// labelled are the texts and languages of the labelled questions.
func labelled(t testing.TB) (qs []bot.Question) {
	t.Helper()
	names, err := fs.Glob(knowledge.Files(), "evaluation/*.jsonl")
	if err != nil || len(names) == 0 {
		t.Fatalf("no labelled questions: %v", err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(knowledge.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
			var q struct{ Text, Language, Near string }
			if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
				t.Fatal(err)
			}
			l, _ := catalogue.ParseLang(q.Language)
			qs = append(qs, bot.Question{Text: q.Text, Lang: l, Near: q.Near})
		}
	}
	return qs
}

// BenchmarkAsk answers the labelled questions in turn, without HTTP. Besides the
// mean it reports the time that half, and 99 in 100, of them stay below.
func BenchmarkAsk(b *testing.B) {
	qs := labelled(b)
	w := newBot(b, bottest.NewNotebook())
	took := make([]time.Duration, 0, b.N)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		begin := time.Now()
		w.Ask(b.Context(), qs[i%len(qs)])
		took = append(took, time.Since(begin))
	}
	for _, p := range []float64{0.5, 0.99} {
		b.ReportMetric(float64(quantile(took, p).Microseconds()), fmt.Sprintf("p%.0f-µs", 100*p))
	}
}

// quantile is the duration that the share p of them stays below.
func quantile(d []time.Duration, p float64) time.Duration {
	sorted := slices.Sorted(slices.Values(d))
	return sorted[int(p*float64(len(sorted)-1))]
}
