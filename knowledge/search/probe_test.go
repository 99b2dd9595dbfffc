package search

import (
	"bufio"
	"fmt"
	"os"
	"testing"
	"time"
)

func TestProbe(t *testing.T) {
	p := os.Getenv("PROBE")
	if p == "" {
		t.Skip()
	}
	_, docs := shipped(t)
	t0 := time.Now()
	x, err := Open(docs, shippedSynonyms(t))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(len(docs), x.vocab.Len(), time.Since(t0))
	f, _ := os.Open(p)
	s := bufio.NewScanner(f)
	for s.Scan() {
		q := Query{Text: s.Text(), Limit: 4}
		hits, _ := x.Find(t.Context(), q)
		fmt.Printf("== %s\n", s.Text())
		for _, h := range hits {
			fmt.Printf("     %.3f %s %d/%d %s %v\n", h.Score, h.ID, h.Matched, h.Words, h.Why, h.Corrected)
		}
	}
}
