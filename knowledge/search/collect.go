package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

// A collector runs queries on the one snapshot that an index ever has. It takes
// only documents and scores: what bleve prepares besides, for a page of results
// with ids, sort values and stored fields, costs more than the search.
type collector struct {
	reader index.IndexReader
	number []int32          // by bleve's number of a document: its place in docs
	stats  *bleve.BM25Stats // of the whole index, the same for every query
}

func (x *Index) newCollector() (c collector, err error) {
	advanced, err := x.bleve.Advanced()
	if err != nil {
		return c, err
	}
	if c.reader, err = advanced.Reader(); err != nil {
		return c, err
	}
	c.number = make([]int32, len(x.docs))
	for i := range x.docs {
		id, err := c.reader.InternalID(docID(i))
		if err != nil {
			return c, err
		}
		n := id.Value()
		if n >= uint64(len(c.number)) {
			return c, fmt.Errorf("document %d has number %d of %d", i, n, len(c.number))
		}
		c.number[n] = int32(i)
	}
	c.stats = &bleve.BM25Stats{DocCount: float64(len(x.docs)), FieldCardinality: map[string]int{}}
	if sizes, ok := c.reader.(index.BM25Reader); ok {
		for _, f := range []string{fieldPlain, fieldBody, fieldKind} {
			if c.stats.FieldCardinality[f], err = sizes.FieldCardinality(f); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}

// checkEvery is how many documents pass between looks at the context.
const checkEvery = 1024

// ask runs one query of the index and keeps the best of what q wants.
func (x *Index) ask(ctx context.Context, q Query, of query.Query) ([]rankedDoc, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithValue(ctx, bleve.GetScoringModelCallbackKey, bleve.GetScoringModelCallbackFn(bm25))
	ctx = context.WithValue(ctx, bleve.BM25StatsKey, x.collect.stats)
	s, err := of.Searcher(ctx, x.collect.reader, x.mapping, bleve.SearcherOptions{})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	c := &bleve.SearchContext{DocumentMatchPool: bleve.NewDocumentMatchPool(s.DocumentMatchPoolSize()+1, 0), IndexReader: x.collect.reader}
	best := top{size: max(candidates, min(q.Limit, maxLimit))}
	for seen := 1; ; seen++ {
		m, err := s.Next(c)
		if err != nil {
			return nil, err
		}
		if m == nil {
			return best.sorted(), nil
		}
		if d := int(x.collect.number[m.IndexInternalID.Value()]); q.wants(x, d) {
			best.add(rankedDoc{d, m.Score})
		}
		c.DocumentMatchPool.Put(m)
		if seen%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

func bm25() string { return index.BM25Scoring }

// top keeps the best documents: a heap with the worst one in front.
type top struct {
	docs []rankedDoc
	size int
}

func better(a, b rankedDoc) int {
	return cmp.Or(-cmp.Compare(a.score, b.score), cmp.Compare(a.doc, b.doc))
}

func (t *top) add(r rankedDoc) {
	if len(t.docs) < t.size {
		t.docs = append(t.docs, r)
		if len(t.docs) == t.size {
			for i := t.size / 2; i >= 0; i-- {
				t.down(i)
			}
		}
		return
	}
	if better(r, t.docs[0]) < 0 {
		t.docs[0] = r
		t.down(0)
	}
}

func (t *top) down(i int) {
	for {
		k := 2*i + 1
		if k >= len(t.docs) {
			return
		}
		if k+1 < len(t.docs) && better(t.docs[k], t.docs[k+1]) < 0 {
			k++
		}
		if better(t.docs[k], t.docs[i]) < 0 {
			return
		}
		t.docs[i], t.docs[k] = t.docs[k], t.docs[i]
		i = k
	}
}

func (t *top) sorted() []rankedDoc {
	slices.SortFunc(t.docs, better)
	return t.docs
}
