package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"wegwijs/knowledge/catalogue"
)

// many are n documents made of the shipped courses with a word of their own.
func many(t testing.TB, n int) []Doc {
	_, docs := shipped(t)
	courses := slices.DeleteFunc(slices.Clone(docs), func(d Doc) bool { return d.Kind != CourseKind })
	out := make([]Doc, n)
	for i := range out {
		out[i] = courses[i%len(courses)]
		out[i].ID = fmt.Sprintf("%s-%d", out[i].ID, i)
		out[i].Also = append(slices.Clone(out[i].Also), fmt.Sprintf("school%d", i/len(courses)))
	}
	return out
}

var benchQueries = map[string][]string{
	"exact":    {"elektriciteit", "lassen", "programmeren", "podiumtechnieken"},
	"typo":     {"elektrisiteit", "lasesn", "progameren", "podiumtechneken"},
	"compound": {"elektriciteitsopleiding", "lascursus", "programmeercursus", "houtbewerkersopleiding"},
	"several":  {"graduaat programmeren avond", "zoek école elektriciteit", "auto spuiten en uitdeuken"},
	"nonsense": {"xqzv blorf", "manchester united"},
}

func BenchmarkFind(b *testing.B) {
	for _, n := range []int{0, 1000, 5000} {
		_, docs := shipped(b) // n=0: as they are
		if n > 0 {
			docs = many(b, n)
		}
		x, err := Open(docs, shippedSynonyms(b))
		if err != nil {
			b.Fatal(err)
		}
		for _, class := range []string{"exact", "typo", "compound", "several", "nonsense"} {
			b.Run(fmt.Sprintf("n=%d/class=%s", n, class), func(b *testing.B) {
				b.ReportAllocs()
				var took []time.Duration
				for i := 0; b.Loop(); i++ {
					q := benchQueries[class]
					start := time.Now()
					if _, err := x.Find(b.Context(), Query{Text: q[i%len(q)]}); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(start))
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-us")
				b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-us")
			})
		}
		x.Close()
	}
}

func BenchmarkOpen(b *testing.B) {
	_, docs := shipped(b)
	syn := shippedSynonyms(b)
	b.Logf("%d documents", len(docs))
	for b.Loop() {
		x, err := Open(docs, syn)
		if err != nil {
			b.Fatal(err)
		}
		x.Close()
	}
}

func shippedVocabulary(t testing.TB) *Vocabulary {
	_, docs := shipped(t)
	x, err := Open(docs, shippedSynonyms(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x.Vocabulary()
}

func BenchmarkCorrect(b *testing.B) {
	v := shippedVocabulary(b)
	for _, word := range []string{"lasesn", "elektrisiteit", "elektrisitijt", "xqzvvprtk"} {
		b.Run(fmt.Sprintf("words=%d/%s", v.Len(), word), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				v.Correct(word)
			}
		})
	}
}

func BenchmarkCourses(b *testing.B) {
	c, _ := shipped(b)
	s := NewCourses(c)
	f := Filter{Near: "1080", Reach: "brussels", Interest: []catalogue.Field{"electricity", "ict"}, Limit: 5}
	b.Run("find", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.Find(f)
		}
	})
	b.Run("count", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.Count(f)
		}
	})
}

func TestHostileQueriesStayFast(t *testing.T) {
	x, err := Open(many(t, 1000), shippedSynonyms(t))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	parts := []string{
		strings.Repeat("a", 10_000), strings.Repeat("elektriciteit ", 500), "title:x* ~2 AND (OR NOT", strings.Repeat("e\u0301", 3000),
		strings.Repeat("\u202e\u200b", 500), `"+-&|!(){}[]^~*?:\/`, strings.Repeat("elektrisitijtsoplijding", 9), "\x00\xff\xfe", strings.Repeat("lasautohoutbouw", 3),
		strings.Repeat("zq", 20), "😂😂😂", strings.Repeat("schoolopleidingcursus", 2), "of de het een", "a b c d e f g h i j k l m n",
	}
	var took []time.Duration
	for i := range 1000 {
		text := parts[i%len(parts)] + " " + parts[(i/len(parts)+i)%len(parts)]
		start := time.Now()
		if _, err := x.Find(t.Context(), Query{Text: text, Words: strings.Fields(text), Limit: 1 << 30}); err != nil {
			t.Fatalf("%.40q: %v", text, err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	if p99 := took[990]; p99 > 50*time.Millisecond {
		t.Errorf("the slowest of 100 hostile queries takes %v, want at most 50ms", p99)
	} else {
		t.Logf("hostile queries: median %v, p99 %v", took[500], p99)
	}
}

func TestFindStopsWithItsContext(t *testing.T) {
	x, err := Open(small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Find(ctx, Query{Text: "lassen"}); err == nil {
		t.Error("a cancelled search gives no error")
	}
}

func TestCostInAllocations(t *testing.T) {
	x, err := Open(small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	q := Query{Words: []string{"elektriciteit"}, Kinds: []Kind{CourseKind}}
	if n := testing.AllocsPerRun(100, func() { x.Find(t.Context(), q) }); n > 250 {
		t.Errorf("a query of one word allocates %v times, want at most 250", n)
	}
	if n := testing.AllocsPerRun(100, func() { x.Vocabulary().Correct("elektricitijt") }); n > 8 {
		t.Errorf("correcting a word allocates %v times, want at most 8", n)
	}
}

func smallVocabulary(t testing.TB) *Vocabulary {
	syn, err := ReadSynonyms(fstest.MapFS{"stop.yaml": {Data: []byte("format: 1\ntails: {nl: [opleiding, cursus, school]}\ncommon: {nl: [kapper]}\n")}})
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]int{}
	for _, w := range []string{"elektriciteit", "lassen", "auto", "herstellen", "hout", "houtbewerker", "programmeren", "computers", "netwerk", "kabel", "kappen", "auteur"} {
		words[w] = 1
	}
	return NewVocabulary(words, syn)
}

func TestCorrectMendsTypingErrors(t *testing.T) {
	v := smallVocabulary(t)
	for word, want := range map[string]string{
		"elektriciteit": "", "elektrciteit": "elektriciteit", "elektrisiteit": "elektriciteit", "eelktrisiteit": "elektriciteit",
		"lasesn": "lassen", "lasen": "lassen", "computrs": "computers", "komputers": "computers", "kapper": "", "las": "", "huot": "hout",
		"zzzzzzzz": "", "": "", "c++": "", "pan": "",
	} {
		got := ""
		if c := v.Correct(word); len(c) > 0 {
			got = c[0].Word
		}
		if got != want {
			t.Errorf("Correct(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestSplitTakesCompoundsApart(t *testing.T) {
	v := smallVocabulary(t)
	for word, want := range map[string]string{
		"elektriciteitsopleiding": "elektriciteit", "lascursus": "lassen", "autoherstelschool": "auto herstellen",
		"houtbewerkersopleiding": "houtbewerker", "programmeercursus": "programmeren", "netwerkkabel": "netwerk kabel",
		"netwerkfreak": "netwerk", "hout": "", "houtx": "", "opleiding": "", "xyzopleiding": "", "": "",
	} {
		if got := strings.Join(v.Split(word), " "); got != want {
			t.Errorf("Split(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestStemBringsFormsTogether(t *testing.T) {
	for _, forms := range [][]string{
		{"wetenschap", "wetenschappen"},
		{"programmeren", "programmeur", "programmation", "programming", "programmer"},
		{"elektronica", "electronique", "electronics", "elektronische"},
		{"techniek", "technieken", "technique", "techniques", "technisch"},
		{"lassen", "lasser", "lassers"},
		{"machine", "machines"},
		{"boom", "bomen"},
		{"huis", "huizen"},
		{"school", "scholen"},
		{"mecanique", "mechanica"},
		{"soudeur", "soudage", "souder"},
		{"wood", "woods"},
		{"fotografie", "photographie", "photography"},
	} {
		for _, f := range forms[1:] {
			if Stem(f) != Stem(forms[0]) {
				t.Errorf("Stem(%q) = %q and Stem(%q) = %q, want the same", forms[0], Stem(forms[0]), f, Stem(f))
			}
		}
	}
	for _, apart := range [][2]string{{"laser", "lassen"}, {"informatica", "informatie"}, {"glas", "glad"}, {"hout", "houden"}} {
		if Stem(apart[0]) == Stem(apart[1]) {
			t.Errorf("%q and %q share the stem %q", apart[0], apart[1], Stem(apart[0]))
		}
	}
}

// A distance by the book, to check the quick ones against.
func edits(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			c := 1
			if a[i-1] == b[j-1] {
				c = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+c)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func FuzzCorrect(f *testing.F) {
	v := smallVocabulary(f)
	for _, s := range []string{"elektrisiteit", "lasesn", "a", "", "kapper", "houtbewerkersopleiding", "\xff", "c++"} {
		f.Add(s, "lassen")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, c := range v.Correct(a) {
			if d := edits(a, c.Word); d > 2 {
				t.Fatalf("Correct(%q) offers %q, %d edits away", a, c.Word, d)
			}
		}
		if len(a) > maxWord || len(b) > maxWord || !letters(a) || !letters(b) {
			return
		}
		d := edits(a, b)
		if got := within1(a, b); got != (d <= 1) {
			t.Fatalf("within1(%q, %q) = %v, but they are %d edits apart", a, b, got, d)
		}
		if got := within2(a, b); got != (d <= 2) {
			t.Fatalf("within2(%q, %q) = %v, but they are %d edits apart", a, b, got, d)
		}
	})
}

func FuzzSplit(f *testing.F) {
	v := smallVocabulary(f)
	for _, s := range []string{"lascursus", "autoherstelschool", "houthouthouthouthouthouthout", "", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range v.Split(s) {
			if !v.Known(w) {
				t.Fatalf("Split(%q) gives %q, which is not known", s, w)
			}
		}
	})
}

func FuzzFind(f *testing.F) {
	x, err := Open(small(), nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"elektriciteit", "c koi l'alternance", "b-attest attest b", "\xff\x00", "lasautoschool", "+-:*~"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		hits, err := x.Find(t.Context(), Query{Text: s})
		if err != nil {
			t.Fatal(err)
		}
		for i, h := range hits {
			if h.Score <= 0 || h.Score > 1 || h.Matched > h.Words && !h.Exact {
				t.Fatalf("%q: %+v", s, h)
			}
			if i > 0 && h.Score > hits[i-1].Score {
				t.Fatalf("%q: hits are not in order", s)
			}
		}
	})
}
