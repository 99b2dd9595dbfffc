package understand

import "sort"

// Words of this length are mended, in letters: shorter ones have too many
// neighbours, longer ones are no words.
const (
	minSlip = 5
	maxSlip = 24
)

// slips finds the known words one edit away from a word: a letter too many or
// too few, a wrong one, or two swapped.
type slips struct {
	by map[string][]string // a word with one letter less, or itself, to words
}

func newSlips(words map[string]bool) *slips {
	s := &slips{by: make(map[string][]string, 8*len(words))}
	all := make([]string, 0, len(words))
	for w := range words {
		if len(w) >= minSlip && len(w) <= maxSlip {
			all = append(all, w)
		}
	}
	sort.Strings(all)
	for _, w := range all {
		s.by[w] = append(s.by[w], w)
		for i := range len(w) {
			if i > 0 && w[i] == w[i-1] {
				continue // the same word again
			}
			k := w[:i] + w[i+1:]
			s.by[k] = append(s.by[k], w)
		}
	}
	return s
}

// fix returns the known words within one edit, at most three; none when the
// word is too short to tell.
func (s *slips) fix(w string) []string {
	if len(w) < minSlip || len(w) > maxSlip {
		return nil
	}
	var out []string
	take := func(k string) {
	next:
		for _, c := range s.by[k] {
			if len(out) == 3 {
				return
			}
			for _, o := range out {
				if o == c {
					continue next
				}
			}
			if edits(w, c, 1) <= 1 {
				out = append(out, c)
			}
		}
	}
	take(w)
	var buf [maxSlip]byte
	for i := range len(w) {
		k := append(append(buf[:0], w[:i]...), w[i+1:]...)
		if _, ok := s.by[string(k)]; ok {
			take(string(k))
		}
	}
	return out
}

// edits counts the edits between two folded words, a swap of neighbours as one;
// anything above limit is limit+1.
func edits(a, b string, limit int) int {
	if a == b {
		return 0
	}
	if len(a)-len(b) > limit || len(b)-len(a) > limit || len(a) > 64 || len(b) > 64 {
		return limit + 1
	}
	var rows [3][65]int
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		low := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			now[j] = d
			low = min(low, d)
		}
		if low > limit {
			return limit + 1
		}
		before, last, now = last, now, before
	}
	return min(last[len(b)], limit+1)
}
