package perfdata

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"wegwijs/bot"
	"wegwijs/knowledge/search"
)

// hostile are n texts that nobody types by accident.
func hostile(n int) []string {
	r := rand.New(rand.NewPCG(seed, 7))
	letters := func(from string, n int) string {
		all := []rune(from)
		var b strings.Builder
		for range n {
			b.WriteRune(all[r.IntN(len(all))])
		}
		return b.String()
	}
	real := strings.Fields("elektriciteit lassen auto hout informatica soudure welding netwerk chemie bouw molenbeek brussel opleiding niet geen zonder avond gratis")
	kinds := []func() string{
		func() string { return letters("abcdefghijklmnopqrstuvwxyz", 10_000) },
		func() string { return letters("*?~^:+-!|&(){}[]\"\\/ az", 300) },
		func() string { return letters("(.*)+[a-z]{1,9}|^$\\d\\w ", 400) },
		func() string { // 700 words, some of them ours
			words := make([]string, 700)
			for i := range words {
				if words[i] = real[r.IntN(len(real))]; r.IntN(2) == 0 {
					words[i] = slip(r, slip(r, words[i]))
				}
			}
			return strings.Join(words, " ")
		},
		func() string { return "e" + strings.Repeat("\u0301\u0327\u0489", 1_000+r.IntN(1_000)) },
		func() string { return "\u202e" + letters("אבגדהوزحطي ", 500) + "\u202c lassen" },
		func() string { return letters("😂🔧⚡👨‍👩‍👧‍👦🇧🇪", 500) },
		func() string {
			return strings.Join(strings.Split(real[r.IntN(len(real))], ""), strings.Repeat("\u200b\u200d\ufeff", 1+r.IntN(50)))
		},
		func() string { // compounds as long as they are mended, each misspelt
			words := make([]string, 12)
			for i := range words {
				words[i] = slip(r, slip(r, real[r.IntN(6)]+real[r.IntN(6)]+real[r.IntN(6)]))
			}
			return strings.Join(words, " ")
		},
		func() string { return letters("\x00\xff\xfe\xc0\x80aeiou ", 1_000) },
		func() string { return strings.Repeat(real[r.IntN(len(real))]+" AND ", 100) },
		func() string { return letters("ﷺ㎞½ⅷＡｂｃＤ", 2_000) }, // each grows when it is normalised
	}
	out := make([]string, n)
	for i := range out {
		out[i] = kinds[i%len(kinds)]()
	}
	return out
}

// A hostile query costs no more than this, in bytes, and leaves nothing behind.
// The dearest has forty words and is searched for once a word.
const (
	maxCost  = 4 << 20
	maxGrown = 4 << 20 // for all: the measure itself is not exact
	maxTime  = 50 * time.Millisecond
)

func TestHostileQueriesAreBounded(t *testing.T) {
	s := serving(t, worldOf(t, 1000))
	texts := hostile(1000)
	for _, way := range []struct {
		name string
		find func(text string) (int, error)
	}{
		{"search", func(text string) (int, error) {
			hits, err := s.index.Find(t.Context(), search.Query{Text: text, Words: strings.Fields(text)})
			return len(hits), err
		}},
		{"ask", func(text string) (int, error) {
			return len(s.bot.Ask(t.Context(), bot.Question{Text: text}).Answers), nil
		}},
	} {
		t.Run(way.name, func(t *testing.T) {
			for _, text := range texts { // so that what is kept once is kept
				if _, err := way.find(text); err != nil {
					t.Fatalf("%.40q: %v", text, err)
				}
			}
			kept := heap()
			var dearest uint64
			var which string
			var took []time.Duration
			var m runtime.MemStats
			for _, text := range texts {
				runtime.ReadMemStats(&m)
				before, start := m.TotalAlloc, time.Now()
				n, err := way.find(text)
				took = append(took, time.Since(start))
				if err != nil || n > 10 {
					t.Errorf("%.40q: %d answers, %v; want at most 10 and no error", text, n, err)
				}
				if runtime.ReadMemStats(&m); m.TotalAlloc-before > dearest {
					dearest, which = m.TotalAlloc-before, text
				}
			}
			if dearest > maxCost {
				t.Errorf("%.40q (%d bytes) allocates %d bytes, want at most %d", which, len(which), dearest, maxCost)
			}
			if grown := heap() - kept; grown > maxGrown {
				t.Errorf("1,000 queries leave %d bytes behind, want at most %d", grown, maxGrown)
			}
			slices.Sort(took)
			said := fmt.Sprintf("p50 %v, p99 %v, slowest %v, dearest %d kB", took[500], took[990], took[999], dearest>>10)
			if took[990] > maxTime && os.Getenv("WEGWIJS_PERF") != "" {
				t.Errorf("%s; want p99 at most %v", said, maxTime)
			}
			t.Log(said)
		})
	}
}

func FuzzAsk(f *testing.F) {
	for _, text := range hostile(24) {
		f.Add(text)
	}
	for _, text := range []string{"lassen in molenbeek", "c koi l'alternance", "geen wiskunde!", ""} {
		f.Add(text)
	}
	s := serving(f, worldOf(f, 700))
	f.Fuzz(func(t *testing.T, text string) {
		out := s.bot.Ask(t.Context(), bot.Question{Text: text})
		if len(out.Answers) > 10 || out.Reply == "" || out.Kind == "" {
			t.Errorf("%q: %d answers, kind %q, reply %q; want at most 10 and both filled", text, len(out.Answers), out.Kind, out.Reply)
		}
	})
}
