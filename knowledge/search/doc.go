// Package search finds things by words: courses, articles, terms and the rest
// of what the bot knows, in Dutch, French and English at once. It mends typing
// errors and Dutch compounds against its own words before it asks the index,
// and it says how well a hit explains the query, so that a caller can refrain
// from answering. Courses also filters and orders courses by their facts.
//
// It refuses to guess meaning: places, negations, commands and intentions are
// for package understand. It ranks by fit and distance, never by school or
// finality, and it keeps no query.
package search
