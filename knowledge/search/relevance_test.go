package search

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"

	"wegwijs/knowledge/catalogue"
)

// expectation is one query of testdata/relevance.txt.
type expectation struct {
	section, lang, query string
	first                []string // any of these comes first; empty expects nothing
	also                 []string // within the first five
}

func expectations(t testing.TB) (all []expectation) {
	t.Helper()
	f, err := os.Open("testdata/relevance.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	section := ""
	for s := bufio.NewScanner(f); s.Scan(); {
		line := s.Text()
		switch {
		case strings.TrimSpace(line) == "":
		case line[0] == '#':
			section = strings.TrimPrefix(line, "# ")
		case line[0] != ' ':
			head, query, ok := strings.Cut(line, ": ")
			lang, _, _ := strings.Cut(head, " ")
			if _, known := catalogue.ParseLang(lang); !ok || !known {
				t.Fatalf("relevance.txt: %q: begin with a language and a colon", line)
			}
			all = append(all, expectation{section: section, lang: lang, query: query})
		case len(all) == 0:
			t.Fatalf("relevance.txt: %q stands under no query", line)
		default:
			e := &all[len(all)-1]
			ids := strings.Split(strings.TrimSpace(line), " or ")
			if ids[0] == "nothing" {
				continue
			}
			if e.first == nil {
				e.first = ids
			} else {
				e.also = append(e.also, ids...)
			}
		}
	}
	return all
}

func TestRelevance(t *testing.T) {
	_, docs := shipped(t)
	x, err := Open(docs, shippedSynonyms(t))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	kind := map[string]Kind{}
	for _, d := range docs {
		kind[d.ID] = d.Kind
	}
	all := expectations(t)
	if len(all) < 120 {
		t.Errorf("%d queries, want at least 120", len(all))
	}
	asked, right := map[string]int{}, map[string]int{}
	for _, e := range all {
		q := Query{Text: e.query, Lang: catalogue.Lang(e.lang), Limit: 5}
		if len(e.first) > 0 {
			k, known := kind[e.first[0]]
			if !known {
				t.Errorf("%s: %s is not among the documents", e.query, e.first[0])
				continue
			}
			q.Kinds = []Kind{k}
			if k != CourseKind {
				q.Kinds = []Kind{ArticleKind, TermKind}
			}
		}
		hits, err := x.Find(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		asked[e.section]++
		ids := make([]string, len(hits))
		for i, h := range hits {
			ids[i] = h.ID
		}
		switch {
		case len(e.first) == 0 && len(hits) > 0 && hits[0].Score >= Maybe:
			t.Errorf("%s: %q finds %s (%.2f), want nothing", e.lang, e.query, hits[0].ID, hits[0].Score)
			continue
		case len(e.first) > 0 && (len(hits) == 0 || !slices.Contains(e.first, ids[0])):
			t.Errorf("%s: %q finds %v, want %v first", e.lang, e.query, ids, e.first)
			continue
		}
		for _, id := range e.also {
			if !slices.Contains(ids, id) {
				t.Errorf("%s: %q finds %v, want %s among them", e.lang, e.query, ids, id)
			}
		}
		right[e.section]++
	}
	for s, n := range asked {
		t.Logf("%-20s %3d of %3d right at the first place", s, right[s], n)
	}
}

// Words are misspelt at random; the document must still come first. The share
// that may be lost is in the project's quality figures.
func TestTypingErrorsLoseLittle(t *testing.T) {
	_, docs := shipped(t)
	x, err := Open(docs, shippedSynonyms(t))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	seed := uint32(1)
	random := func(n int) int {
		seed = seed*1664525 + 1013904223
		return int(seed>>8) % n
	}
	slip := func(w string) string {
		b := []byte(w)
		i := 1 + random(len(b)-2)
		switch random(4) {
		case 0:
			return string(append(b[:i:i], b[i+1:]...))
		case 1:
			return string(b[:i]) + string('a'+rune(random(26))) + string(b[i:])
		case 2:
			b[i], b[i+1] = b[i+1], b[i]
		default:
			b[i] = 'a' + byte(random(26))
		}
		return string(b)
	}
	total, kept := 0, 0
	for i := range docs {
		if docs[i].Kind != CourseKind {
			continue
		}
		for _, w := range x.content(docs[i].Title.NL) {
			if len(w) < 6 || !letters(w) || len(x.content(docs[i].Title.NL)) > 2 {
				continue
			}
			before, err := x.Find(t.Context(), Query{Words: []string{w}, Kinds: []Kind{CourseKind}})
			if err != nil || len(before) == 0 {
				t.Fatalf("%q finds nothing: %v", w, err)
			}
			after, err := x.Find(t.Context(), Query{Words: []string{slip(w)}, Kinds: []Kind{CourseKind}})
			if err != nil {
				t.Fatal(err)
			}
			total++
			best := func(h Hit) bool { return h.ID == before[0].ID }
			if slices.ContainsFunc(after[:min(3, len(after))], best) {
				kept++
			}
		}
	}
	if share := float64(kept) / float64(total); share < 0.97 {
		t.Errorf("after one slip %d of %d keep their first course (%.3f), want 0.97", kept, total, share)
	} else {
		t.Logf("after one slip %d of %d keep their first course (%.3f)", kept, total, share)
	}
}

// Compounds end in words that no list of ours holds.
func TestCompoundsWithUnknownEnds(t *testing.T) {
	_, docs := shipped(t)
	x, err := Open(docs, shippedSynonyms(t))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	ends := []string{"atelier", "project", "kennis", "freak", "dinges"}
	total, kept := 0, 0
	for i := range docs {
		if docs[i].Kind != CourseKind {
			continue
		}
		for j, w := range docs[i].Words.NL {
			w = Fold(w)
			if len(w) < 5 || !letters(w) || x.empty(w) || x.syn.common[w] {
				continue
			}
			compound := w + ends[(i+j)%len(ends)]
			if x.vocab.Known(compound) {
				continue
			}
			before, err := x.Find(t.Context(), Query{Words: []string{w}, Kinds: []Kind{CourseKind}})
			if err != nil || len(before) == 0 {
				t.Fatalf("%q finds nothing: %v", w, err)
			}
			after, err := x.Find(t.Context(), Query{Words: []string{compound}, Kinds: []Kind{CourseKind}})
			if err != nil {
				t.Fatal(err)
			}
			total++
			if slices.ContainsFunc(after[:min(3, len(after))], func(h Hit) bool { return h.ID == before[0].ID }) {
				kept++
			} else {
				t.Logf("%s: %v", compound, after[:min(1, len(after))])
			}
		}
	}
	if share := float64(kept) / float64(total); share < 0.97 {
		t.Errorf("%d of %d compounds find what their head finds (%.3f), want 0.97", kept, total, share)
	} else {
		t.Logf("%d of %d compounds find what their head finds (%.3f)", kept, total, share)
	}
}

func TestFindIsDeterministic(t *testing.T) {
	_, docs := shipped(t)
	syn := shippedSynonyms(t)
	a, err := Open(docs, syn)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := Open(docs, syn)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, e := range expectations(t) {
		q := Query{Text: e.query, Limit: 50}
		one, _ := a.Find(t.Context(), q)
		two, _ := b.Find(t.Context(), q)
		if !slices.EqualFunc(one, two, func(x, y Hit) bool { return x.ID == y.ID && x.Score == y.Score && x.Why == y.Why }) {
			t.Errorf("%q: two indexes of the same documents differ:\n%v\n%v", e.query, one[:min(3, len(one))], two[:min(3, len(two))])
		}
	}
}
