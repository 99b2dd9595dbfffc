package search

import (
	"cmp"
	"slices"
	"testing"

	"wegwijs/knowledge/catalogue"
)

// Each question of the articles is left out in turn and asked. The others of its
// article must still find it: then an unseen way of asking will, too. The
// weights in ask.go were chosen by this share.
func TestQuestionsFindTheirArticleWithoutThemselves(t *testing.T) {
	_, docs := shipped(t)
	x, err := Open(docs, shippedSynonyms(t))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	s := &scratch{likeness: make([]float32, len(docs)), about: make([]float32, len(docs))}
	// The questions were added in this order: see newAsks.
	n, asked, first, third := 0, 0, 0, 0
	for i := range docs {
		d := &docs[i]
		own := len(d.Ask.NL)+len(d.Ask.FR)+len(d.Ask.EN) > 0
		for l, lang := range catalogue.Langs {
			if own || d.Kind == TermKind {
				n++ // the title
			}
			for _, text := range d.Ask.In(lang) {
				n++
				s.skip = n
				x.asks.like(stemAll(bind(Tokens(text))), rarity(len(docs), 1), l, s)
				found := slices.DeleteFunc(slices.Clone(s.liked), func(d int32) bool { return docs[d].Kind != ArticleKind })
				slices.SortFunc(found, func(a, b int32) int {
					return cmp.Or(cmp.Compare(s.likeness[b], s.likeness[a]), cmp.Compare(a, b))
				})
				asked++
				switch at := slices.Index(found, int32(i)); {
				case at == 0:
					first, third = first+1, third+1
				case at > 0 && at < 3:
					third++
				}
				for _, d := range s.liked {
					s.likeness[d] = 0
				}
				s.liked = s.liked[:0]
			}
			if d.Kind == TermKind {
				n += len(d.Words.In(lang))
			}
		}
	}
	if n != len(x.asks.doc) {
		t.Fatalf("%d questions counted, the index holds %d: the order has changed", n, len(x.asks.doc))
	}
	share := func(n int) float64 { return float64(n) / float64(asked) }
	t.Logf("%d questions: %.3f at the first place, %.3f in the first three", asked, share(first), share(third))
	if share(first) < 0.76 || share(third) < 0.89 {
		t.Errorf("%.3f at the first place and %.3f in the first three, want 0.76 and 0.89", share(first), share(third))
	}
}
