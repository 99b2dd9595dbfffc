//go:build unix

// Command peers finds courses with our search and with what one would install
// instead, on the same generated courses and queries, in one run, and prints a
// table in Markdown. `make peers` runs it. It needs PostgreSQL and Node; a peer
// that cannot start is left out with the reason.
//
// All engines get the same folded words without the small ones, which helps the
// peers, and the same titles, search words and schools. None gets descriptions.
// Each is asked for documents with all words, then, when there are none, for
// documents with any. Only our engine has synonyms.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"wegwijs/internal/perfdata"
	"wegwijs/knowledge"
	"wegwijs/knowledge/search"
	"wegwijs/seeds"
)

// An engine finds the first of at most 10 rows that hold the words; -1 is none.
type engine struct {
	name  string
	build time.Duration
	bytes int64 // memory, or disk when it keeps its index there
	find  func(words []string) (int, error)
}

// A result is what one engine did.
type result struct {
	name  string
	build time.Duration
	bytes int64
	took  []time.Duration
	first []int // by query
}

func main() {
	n := flag.Int("n", 5000, "number of courses")
	count := flag.Int("queries", 100, "queries of each class")
	rounds := flag.Int("rounds", 5, "times that every query is asked")
	folder := flag.String("node", "internal/bench/peers", "folder with minisearch.mjs and node_modules")
	flag.Parse()
	if err := run(*n, *count, *rounds, *folder); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func run(n, count, rounds int, folder string) error {
	shipped, err := seeds.Load(seeds.Embedded())
	if err != nil {
		return err
	}
	words, err := fs.Sub(knowledge.Files(), "synonyms")
	if err != nil {
		return err
	}
	syn, err := search.ReadSynonyms(words)
	if err != nil {
		return err
	}
	c := perfdata.Catalogue(shipped, n)
	rows := perfdata.Rows(c)
	queries := perfdata.Queries(c, syn, count)
	labels := perfdata.NewLabels(c)

	temp, err := os.MkdirTemp("", "wegwijs-peers")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)

	var engines []engine
	before, start := heap(), time.Now()
	floor := perfdata.NewFloor(rows, syn)
	engines = append(engines, engine{"floor (yardstick)", time.Since(start), heap() - before, func(words []string) (int, error) {
		return first(floor.Find(words, 10)), nil
	}})
	docs := search.CourseDocs(c)
	before, start = heap(), time.Now()
	index, err := search.Open(docs, syn)
	if err != nil {
		return err
	}
	defer index.Close()
	engines = append(engines, engine{"**Wegwijs**", time.Since(start), heap() - before, func(words []string) (int, error) {
		hits, err := index.Find(context.Background(), search.Query{Words: words})
		if len(hits) == 0 || hits[0].Score < search.Maybe {
			return -1, err
		}
		return hits[0].Doc, nil
	}})
	for _, open := range []func(string, []perfdata.Row) ([]engine, func(), error){openSQLite, openPostgres} {
		more, stop, err := open(temp, rows)
		if err != nil {
			fmt.Fprintln(os.Stderr, "peers: left out:", err)
			continue
		}
		defer stop()
		engines = append(engines, more...)
	}

	results := make([]result, len(engines))
	for i, e := range engines {
		results[i] = result{name: e.name, build: e.build, bytes: e.bytes, first: make([]int, len(queries))}
	}
	// In turn within each round: what else the machine does hits all alike.
	for round := range rounds + 1 {
		for i, e := range engines {
			for j := range queries {
				start := time.Now()
				found, err := e.find(queries[j].Words)
				if err != nil {
					return fmt.Errorf("%s: %q: %w", e.name, queries[j].Text, err)
				}
				if results[i].first[j] = found; round > 0 { // the first round warms
					results[i].took = append(results[i].took, time.Since(start))
				}
			}
		}
	}
	more, err := miniSearch(temp, folder, rows, queries, rounds)
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers: left out:", err)
	}
	print(n, append(results, more...), queries, labels)
	return nil
}

func first(found []int) int {
	if len(found) == 0 {
		return -1
	}
	return found[0]
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// miniSearch runs the Node program, which measures itself.
func miniSearch(temp, folder string, rows []perfdata.Row, queries []perfdata.Query, rounds int) (out []result, err error) {
	var in struct {
		Rows    []perfdata.Row `json:"rows"`
		Queries []string       `json:"queries"`
		Rounds  int            `json:"rounds"`
	}
	in.Rows, in.Rounds = rows, rounds
	for i := range queries {
		in.Queries = append(in.Queries, strings.Join(queries[i].Words, " "))
	}
	data, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(temp, "minisearch.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		return nil, errors.New("MiniSearch is not installed; run npm install in " + folder)
	}
	cmd := exec.Command("node", "--expose-gc", filepath.Join(folder, "minisearch.mjs"), file)
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("MiniSearch: %w", err)
	}
	for line := range strings.Lines(string(said)) {
		var r struct {
			Name, Version string
			Build         float64 // milliseconds
			Bytes         int64
			Took          []float64 // microseconds
			First         []int
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return nil, fmt.Errorf("MiniSearch: %w", err)
		}
		took := make([]time.Duration, len(r.Took))
		for i, us := range r.Took {
			took[i] = time.Duration(us * 1e3)
		}
		name := strings.Replace(r.Name, "MiniSearch", "MiniSearch "+r.Version, 1)
		out = append(out, result{name, time.Duration(r.Build * 1e6), r.Bytes, took, r.First})
	}
	return out, nil
}

func print(n int, results []result, queries []perfdata.Query, labels *perfdata.Labels) {
	fmt.Printf("%d courses, %d queries, %s, %d threads\n\n", n, len(queries), runtime.Version(), runtime.GOMAXPROCS(0))
	fmt.Printf("| engine | build s | MB | p50 µs | p99 µs | queries/s | %s |\n", strings.Join(perfdata.Classes, " | "))
	fmt.Printf("|---|--:|--:|--:|--:|--:|%s\n", strings.Repeat("--:|", len(perfdata.Classes)))
	for _, r := range results {
		var sum time.Duration
		for _, d := range r.took {
			sum += d
		}
		slices.Sort(r.took)
		right, asked := map[string]int{}, map[string]int{}
		for i := range queries {
			asked[queries[i].Class]++
			if labels.RightRow(&queries[i], r.first[i]) {
				right[queries[i].Class]++
			}
		}
		fmt.Printf("| %s | %.2f | %.0f | %.0f | %.0f | %.0f |", r.name, r.build.Seconds(), float64(r.bytes)/1e6,
			micros(r.took[len(r.took)/2]), micros(r.took[len(r.took)*99/100]), float64(len(r.took))/sum.Seconds())
		for _, class := range perfdata.Classes {
			fmt.Printf(" %.2f |", float64(right[class])/float64(asked[class]))
		}
		fmt.Println()
	}
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }
