package perfdata

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sizes are the catalogues that are measured: WEGWIJS_BENCH_SIZES="1000 5000", or all
// four. The largest takes a minute or two to build.
func sizes(tb testing.TB) (out []int) {
	list := os.Getenv("WEGWIJS_BENCH_SIZES")
	if list == "" {
		list = "1000 5000 20000 100000"
	}
	for s := range strings.FieldsSeq(list) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			tb.Fatalf("WEGWIJS_BENCH_SIZES: %q is no number of courses", s)
		}
		out = append(out, n)
	}
	return out
}

// BenchmarkSearch measures three ways to find a course: the floor engine, our
// index, and a whole free question with its answer. right-% is the share of
// first courses that are right.
func BenchmarkSearch(b *testing.B) {
	for _, way := range ways {
		b.Run(way.name, func(b *testing.B) {
			for _, n := range sizes(b) {
				b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
					w := worldOf(b, n)
					for _, class := range Classes {
						b.Run("class="+class, func(b *testing.B) { benchClass(b, w, way, w.of(class)) })
					}
				})
			}
		})
	}
}

func benchClass(b *testing.B, w *world, way way, queries []*Query) {
	right := 0
	for _, q := range queries {
		id, err := way.find(w, q)
		if err != nil {
			b.Fatal(err)
		}
		if w.labels.Right(q, id) {
			right++
		}
	}
	var took []time.Duration
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if _, err := way.find(w, queries[i%len(queries)]); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(micros(at(took, 0.5)), "p50-us")
	b.ReportMetric(micros(at(took, 0.99)), "p99-us")
	b.ReportMetric(100*float64(right)/float64(len(queries)), "right-%")
}

// BenchmarkSpell mends one word of each kind.
func BenchmarkSpell(b *testing.B) {
	for _, n := range sizes(b) {
		w := worldOf(b, n)
		v := w.index.Vocabulary()
		for _, class := range []string{"typo1", "typo2", "compound", "nonsense"} {
			b.Run(fmt.Sprintf("words=%d/%s", v.Len(), class), func(b *testing.B) {
				queries := w.of(class)
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					q := queries[i%len(queries)]
					word := q.Words[len(q.Words)-1]
					if class == "compound" {
						v.Split(word)
					} else {
						v.Correct(word)
					}
				}
			})
		}
	}
}

// BenchmarkBuild builds the index once a size; more often would only repeat it.
func BenchmarkBuild(b *testing.B) {
	for _, n := range sizes(b) {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			w := worldOf(b, n)
			for b.Loop() {
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(w.built.Seconds()*1e3/float64(n), "ms/course")
			b.ReportMetric(float64(w.heap)/1e6, "heap-MB")
		})
	}
}

// at is the value below which a share of the sorted times lies.
func at(sorted []time.Duration, share float64) time.Duration {
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }
