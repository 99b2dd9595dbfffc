package search

import (
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// The fields of the index. They hold stems of folded words, so that the
// analyser only cuts at spaces. The three languages share a field: a word that
// Dutch and English have in common must not count twice. What stands in a title
// is told apart in our own columns, when the candidates are scored.
const (
	fieldPlain = "plain" // all words, with synonyms
	fieldBody  = "body"  // the description
	fieldKind  = "kind"  // the kind, as a filter
)

// indexMapping is static: nothing is stored, no term vectors, no doc values,
// no field of all fields. Facts are kept in our own columns.
func indexMapping() *mapping.IndexMappingImpl {
	m := bleve.NewIndexMapping()
	m.ScoringModel = index.BM25Scoring
	// The error is of a name that exists or a missing part; both are fixed here.
	_ = m.AddCustomAnalyzer("folded", map[string]any{"type": custom.Name, "tokenizer": whitespace.Name})
	m.DefaultAnalyzer = "folded"
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	d := bleve.NewDocumentStaticMapping()
	for _, name := range []string{fieldPlain, fieldBody, fieldKind} {
		f := bleve.NewTextFieldMapping()
		f.Analyzer = "folded"
		f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = false, false, false, false
		d.AddFieldMappingsAt(name, f)
	}
	m.DefaultMapping = d
	return m
}
