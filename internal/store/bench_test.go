//go:build unix

package store

import (
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"wegwijs/bot"
	"wegwijs/bot/dialogue"
)

// usual is a state of ordinary size, about 1 KB, with a reply of 4 KB.
func usual(turn int) (dialogue.State, []byte) {
	s := dialogue.State{V: 1, Tree: "0123456789abcdef", Lang: "nl", Turn: turn}
	for _, slot := range []string{"role", "stage", "track", "finality", "interest", "place", "reach", "form"} {
		s.Ans = append(s.Ans, dialogue.Answer{Slot: slot, Values: []string{"electricity", "electronics-automation"}, Turn: turn})
	}
	for i := range 5 {
		s.View.Shown = append(s.View.Shown, fmt.Sprintf("so-technologische-wetenschappen-%d", i))
	}
	reply := make([]byte, 4096)
	for i := range reply {
		reply[i] = 'a' + byte(i%26)
	}
	return s, reply
}

func BenchmarkRemember(b *testing.B) {
	for _, c := range []struct {
		name     string
		unsafe   bool
		visitors int // at the same time; each waits for its answer
	}{
		{"sqlite-full", false, 1},
		{"sqlite-normal", true, 1},
		{"group8", false, 8},
		{"group128", false, 128},
	} {
		b.Run(c.name, func(b *testing.B) {
			db := openTest(b, "file:"+filepath.Join(b.TempDir(), "w.db"), Options{unsafe: c.unsafe})
			var left atomic.Int64
			left.Store(int64(b.N))
			done := make(chan error, c.visitors)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range c.visitors {
				go func() {
					var err error
					for n := 0; err == nil && left.Add(-1) >= 0; n++ {
						// Each visitor takes ten turns; a new one follows.
						who := visitorOf(i*1_000_000 + n/10)
						var v int64
						if _, v, err = db.Recall(b.Context(), who); err == nil {
							s, reply := usual(n)
							err = db.Remember(b.Context(), who, bot.Turn{State: s, Version: v, Key: fmt.Sprint(n), Reply: reply})
						}
					}
					done <- err
				}()
			}
			for range c.visitors {
				if err := <-done; err != nil {
					b.Fatal(err)
				}
			}
			rate := float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(rate, "turns/s")
			// The floor is that of the whole program's bar: 500 turns a second.
			if c.visitors == 128 && b.N > 1000 && rate < 500 {
				b.Errorf("%.0f turns/s; want 500 or more", rate)
			}
		})
	}
}

func BenchmarkRecall(b *testing.B) {
	db := openTest(b, "file:"+filepath.Join(b.TempDir(), "w.db"), Options{})
	const visitors = 1000
	for i := range visitors {
		s, reply := usual(i)
		if err := db.Remember(b.Context(), visitorOf(i), bot.Turn{State: s, Key: "k", Reply: reply}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for i := 0; p.Next(); i++ {
			if _, v, err := db.Recall(b.Context(), visitorOf(i%visitors)); v == 0 || err != nil {
				b.Errorf("Recall = %d, %v", v, err)
			}
		}
	})
	if rate := float64(b.N) / b.Elapsed().Seconds(); b.N > 1000 && rate < 5000 {
		b.Errorf("%.0f recalls/s; want 5,000 or more", rate)
	}
}
