package search

import "wegwijs/knowledge/catalogue"

// A Lexicon is the index's words, lent to who reads texts. All words are folded.
type Lexicon struct{ x *Index }

// Lexicon returns the words of the index.
func (x *Index) Lexicon() Lexicon { return Lexicon{x} }

// Fields returns the fields that a word or phrase names, the closest first.
func (l Lexicon) Fields(phrase string) []catalogue.Field { return l.x.syn.Fields(phrase) }

// Known reports whether the word is one of the index, rightly spelled.
func (l Lexicon) Known(word string) bool { return l.x.vocab.Known(word) }

// Correct returns the one known word that the word is a slip of; ok is false
// when there is none, or two that are equally near.
func (l Lexicon) Correct(word string) (known string, ok bool) {
	c := l.x.vocab.Correct(word)
	if len(c) == 0 || len(c) > 1 && c[1].Edits == c[0].Edits {
		return "", false
	}
	return c[0].Word, true
}
