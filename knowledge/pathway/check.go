package pathway

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"wegwijs/knowledge/catalogue"
)

func (r *reader) bad(at place, field, format string, args ...any) {
	r.faults = append(r.faults, at.file.At(at.path+field)+": "+fmt.Sprintf(format, args...))
}

// check says what is wrong with one rule as far as it can be seen from the rule
// alone.
func (r *reader) check(u *Rule, at place) {
	if _, twice := r.places[u.ID]; twice || !idForm.MatchString(u.ID) {
		r.bad(at, ".id", "id %q: use letters, digits and single hyphens, and each id once", u.ID)
	}
	if !u.Title.Complete() {
		r.bad(at, ".title", "nl, fr and en are all needed")
	}
	r.text(at, ".text", u.Text)
	r.questions(u, at)
	for _, l := range catalogue.Langs {
		if len(u.Keywords.In(l)) == 0 {
			r.bad(at, ".keywords", "no search words in %s", l)
		}
	}
	r.source(at, u.Source, u.AsOf, u.URL)
	for i, d := range u.Disagree {
		sub := place{at.file, fmt.Sprintf("%s.disagrees[%d]", at.path, i)}
		r.text(sub, ".text", d.Text)
		r.source(sub, d.Source, d.AsOf, d.URL)
	}
	for field, y := range map[string]string{".valid_from": u.ValidFrom, ".valid_until": u.ValidUntil} {
		if y != "" && !schoolYear.MatchString(y) {
			r.bad(at, field, "%q is not a school year such as 2025-2026", y)
		}
	}
	r.kind(u, at)
}

// kind checks that the rule does one thing and that its verdict says which.
func (r *reader) kind(u *Rule, at place) {
	opens, refuses := len(u.Opens) > 0, len(u.NotDirectly) > 0
	switch {
	case opens && refuses:
		r.bad(at, ".opens", "%s opens and refuses at once: write two rules", u.ID)
	case opens && u.Verdict != Direct && u.Verdict != Via:
		r.bad(at, ".verdict", "verdict %q: a rule that opens is direct or via", u.Verdict)
	case refuses && u.Verdict != NoBut && u.Verdict != Unknown:
		r.bad(at, ".verdict", "verdict %q: a rule with not_directly is no-but or unknown", u.Verdict)
	case !slices.Contains([]Verdict{Direct, Via, NoBut, Unknown}, u.Verdict):
		r.bad(at, ".verdict", "verdict %q is not one of direct, via, no-but and unknown", u.Verdict)
	}
	if refuses && len(u.Bridge) == 0 {
		r.bad(at, ".bridge", "bridge is missing: say how it can be reached, never a bare no")
	}
	if u.Verdict == NoBut && !startsWithBut(u.Text) {
		r.bad(at, ".text", "begin with \"Niet rechtstreeks, maar\", \"Pas directement, mais\" and \"Not directly, but\"")
	}
	if (opens || refuses) && len(u.Needs.From) == 0 {
		r.bad(at, ".needs", "needs.from is missing: for whom does this hold?")
	}
	n := u.Needs
	if n.GraduatedUntil != 0 && n.GraduatedUntil < n.GraduatedFrom {
		r.bad(at, ".needs.graduated_until", "ends before it begins")
	}
}

func startsWithBut(t catalogue.Text) bool {
	return strings.HasPrefix(t.NL, "Niet rechtstreeks, maar") && strings.HasPrefix(t.FR, "Pas directement, mais") &&
		strings.HasPrefix(t.EN, "Not directly, but")
}

// text wants all three languages, few and short sentences.
func (r *reader) text(at place, field string, t catalogue.Text) {
	for _, l := range catalogue.Langs {
		s := t.In(l)
		if strings.TrimSpace(s) == "" {
			r.bad(at, field, "%s is missing: nl, fr and en are all needed", l)
			continue
		}
		n := 0
		for _, sentence := range sentenceEnd.Split(s, -1) {
			words := len(strings.Fields(sentence))
			if words > 0 {
				n++
			}
			if words > maxSentence {
				r.bad(at, field+"."+string(l), "a sentence of %d words, at most %d: %q", words, maxSentence, sentence)
			}
		}
		if n > maxSentences {
			r.bad(at, field+"."+string(l), "%d sentences, at most %d", n, maxSentences)
		}
	}
}

// questions wants a few per language, each under one rule only.
func (r *reader) questions(u *Rule, at place) {
	for _, l := range catalogue.Langs {
		list := u.Ask.In(l)
		if len(list) < minAsk || len(list) > maxAsk {
			r.bad(at, ".ask."+string(l), "%d questions in %s: write %d to %d", len(list), l, minAsk, maxAsk)
		}
		for i, q := range list {
			key := fold(q)
			if other, taken := r.asked[key]; taken || key == "" {
				r.bad(at, fmt.Sprintf(".ask.%s[%d]", l, i), "%q is asked by %s too: one question, one rule", q, other)
			}
			r.asked[key] = u.ID
		}
	}
}

// fold makes questions comparable: small letters and digits, single spaces.
func fold(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}), " ")
}

func (r *reader) source(at place, source, asOf, url string) {
	if strings.TrimSpace(source) == "" {
		r.bad(at, ".source", "source is missing: a rule without a source stays out")
	}
	if !catalogue.ValidAsOf(asOf) {
		r.bad(at, ".as_of", "as_of %q: write 2025-2026, 2025, 2025-11, 2025-11-24 or undated", asOf)
	}
	if url != "" && !catalogue.ValidURL(url) {
		r.bad(at, ".url", "%q is not an http or https address", url)
	}
}

// references checks that rules name standings and rules that exist.
func (r *reader) references(p *Paths) {
	for i := range p.Rules {
		u := &p.Rules[i]
		at := r.places[u.ID]
		known := func(field string, ids []string) {
			for j, id := range ids {
				if _, ok := p.standing[id]; !ok {
					r.bad(at, fmt.Sprintf("%s[%d]", field, j), "%q is not a standing: see %s/%s", id, folder, steps)
				}
			}
		}
		known(".needs.from", u.Needs.From)
		known(".opens", u.Opens)
		known(".not_directly", u.NotDirectly)
		known(".adds_to.standings", u.AddsTo.Standings)
		for j, id := range u.Bridge {
			b, ok := p.Rule(id)
			if !ok || len(b.NotDirectly) > 0 {
				r.bad(at, fmt.Sprintf(".bridge[%d]", j), "%q is not a rule that leads somewhere", id)
			}
		}
	}
}

// contradictions finds a rule that opens at once what another says is not.
func (r *reader) contradictions(p *Paths) {
	for i := range p.Rules {
		no := &p.Rules[i]
		if no.Verdict != NoBut {
			continue
		}
		for j := range p.Rules {
			yes := &p.Rules[j]
			if yes.Verdict == Direct && meet(no.Needs.From, yes.Needs.From) && meet(no.NotDirectly, yes.Opens) &&
				overlap(no.Needs, yes.Needs) && yes.ValidUntil == "" {
				r.bad(r.places[no.ID], ".not_directly", "%s opens at once what %s says is not: mend one of them", yes.ID, no.ID)
			}
		}
	}
}

// meet reports whether two lists share an entry.
func meet[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(v T) bool { return slices.Contains(b, v) })
}

// overlap reports whether some year of graduation falls under both.
func overlap(a, b Needs) bool {
	return (a.GraduatedUntil == 0 || b.GraduatedFrom <= a.GraduatedUntil) && (b.GraduatedUntil == 0 || a.GraduatedFrom <= b.GraduatedUntil)
}
