package pathway

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"wegwijs/knowledge/catalogue"
	"wegwijs/seeds"
)

// shipped is the graph that ships with the program.
var shipped = sync.OnceValues(func() (*Paths, error) {
	c, err := seeds.Load(seeds.Embedded())
	if err != nil {
		return nil, err
	}
	return Load(os.DirFS(".."), c)
})

func ship(t testing.TB) *Paths {
	t.Helper()
	p, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func ruleIDs(a Answer) (ids []string) {
	for _, r := range a.Rules {
		ids = append(ids, r.ID)
	}
	return ids
}

// way is a path in short: the standings it visits and its length.
func way(p Path) string {
	var s []string
	for _, step := range p.Steps {
		s = append(s, step.Standing)
	}
	if !p.Known {
		return fmt.Sprintf("%s = %v+", strings.Join(s, " > "), p.Years)
	}
	return fmt.Sprintf("%s = %v", strings.Join(s, " > "), p.Years)
}

func ways(a Answer) (list []string) {
	for _, p := range a.Paths {
		list = append(list, way(p))
	}
	return list
}

// The fifteen cells of table 2 of the report: what a diploma of each finality
// opens directly.
func TestEveryCellOfTable2IsAnsweredByItsRule(t *testing.T) {
	const graduaat, prof, acad = "graduaat", "bachelor-prof", "bachelor-acad"
	cells := []struct {
		finality catalogue.Track
		to       catalogue.Level
		direct   bool
		rule     string
	}{
		{"arbeidsmarkt", "year7", true, "arbeidsmarkt-work"},
		{"arbeidsmarkt", "work", true, "arbeidsmarkt-work"},
		{"arbeidsmarkt", graduaat, true, "arbeidsmarkt-graduaat"},
		{"arbeidsmarkt", acad, false, "arbeidsmarkt-bachelor"},
		{"arbeidsmarkt", prof, false, "arbeidsmarkt-bachelor"},
		{"dubbel", "year7", true, "dubbel-work"},
		{"dubbel", "work", true, "dubbel-work"},
		{"dubbel", graduaat, true, "dubbel-graduaat"},
		{"dubbel", acad, true, "dubbel-bachelor"},
		{"dubbel", prof, true, "dubbel-bachelor"},
		{"doorstroom", "year7", true, "doorstroom-work"},
		{"doorstroom", "work", true, "doorstroom-work"},
		{"doorstroom", graduaat, true, "doorstroom-graduaat"},
		{"doorstroom", acad, true, "doorstroom-bachelor"},
		{"doorstroom", prof, true, "doorstroom-bachelor"},
	}
	p := ship(t)
	for _, c := range cells {
		t.Run(fmt.Sprintf("%s to %s", c.finality, c.to), func(t *testing.T) {
			a := p.Find(Query{From: Start{Stage: "grade3", Track: c.finality}, To: Goal{Levels: []catalogue.Level{c.to}}, Graduated: 2027, Year: 2027})
			if a.Direct != c.direct {
				t.Errorf("got direct %v, want %v", a.Direct, c.direct)
			}
			if !slices.Contains(ruleIDs(a), c.rule) {
				t.Fatalf("got rules %v, want %s among them", ruleIDs(a), c.rule)
			}
			if r, _ := p.Rule(c.rule); r.Source == "" || r.AsOf == "" {
				t.Errorf("rule %s has no source or date", c.rule)
			}
			if !c.direct && (a.Verdict != NoBut || len(a.Paths) == 0) {
				t.Errorf("got %s with %d paths, want no-but with a bridge", a.Verdict, len(a.Paths))
			}
		})
	}
}

func TestBridgesByCohort(t *testing.T) {
	bachelor := Goal{CourseID: "ho-toegepaste-informatica"}
	arbeidsmarkt := Start{Stage: "grade3", Track: "arbeidsmarkt"}
	both := []string{"year7-prep > bachelor-prof = 4", "graduaat > bachelor-prof = 2+"}
	tests := []struct {
		name      string
		from      Start
		to        Goal
		graduated int
		year      int
		verdict   Verdict
		ask       string
		rules     []string // among those of the answer
		ways      []string // all, in order; nil does not look
	}{
		{name: "a labour-market diploma of 2026", from: arbeidsmarkt, to: bachelor, graduated: 2026, verdict: NoBut, rules: []string{"arbeidsmarkt-bachelor", "arbeidsmarkt-year7-prep", "arbeidsmarkt-graduaat", "graduaat-bachelor"}, ways: both},
		{name: "the same as a course", from: Start{CourseID: "so-elektrische-installaties-3"}, to: bachelor, graduated: 2027, verdict: NoBut, rules: []string{"arbeidsmarkt-bachelor"}, ways: both},
		{name: "June 2025, on which sources differ", from: arbeidsmarkt, to: bachelor, graduated: 2025, verdict: NoBut, rules: []string{"arbeidsmarkt-bachelor", "arbeidsmarkt-2025"}, ways: both},
		{name: "year 6 bso of 2023, three years ago", from: arbeidsmarkt, to: Goal{Levels: []catalogue.Level{"graduaat"}}, graduated: 2023, year: 2026, verdict: Direct, rules: []string{"bso6-graduaat"}},
		{name: "year 6 bso of 2024, two years ago", from: arbeidsmarkt, to: Goal{Levels: []catalogue.Level{"graduaat"}}, graduated: 2024, year: 2026, verdict: Via, rules: []string{"graduaat-test"}},
		{name: "year 6 bso of 2023 to a bachelor", from: arbeidsmarkt, to: bachelor, graduated: 2023, year: 2026, verdict: NoBut, rules: []string{"bso6-bachelor", "bso6-graduaat", "graduaat-test", "second-chance", "bachelor-test"}},
		{name: "the old 7th year bso of 2024", from: Start{Stage: "year7", Track: "arbeidsmarkt"}, to: bachelor, graduated: 2024, verdict: Direct, rules: []string{"bso7-until-2025"}, ways: []string{"bachelor-prof = 3"}},
		{name: "the old 7th year bso of 2025", from: Start{Stage: "year7", Track: "arbeidsmarkt"}, to: bachelor, graduated: 2025, verdict: Direct, rules: []string{"bso7-until-2025"}},
		{name: "a 7th year of 2027, which kind?", from: Start{Stage: "year7", Track: "arbeidsmarkt"}, to: bachelor, graduated: 2027, verdict: Depends, ask: AskYear7, rules: []string{"year7-prep-next", "year7-special-bachelor"}},
		{name: "after the preparatory year", from: Start{CourseID: "so-voorbereiding-hoger-onderwijs-7"}, to: bachelor, verdict: Direct, rules: []string{"year7-prep-next"}},
		{name: "after a specialisation year", from: Start{CourseID: "so-dakwerker-duaal-7"}, to: Goal{CourseID: "ho-bouw"}, verdict: Unknown, rules: []string{"year7-special-bachelor", "arbeidsmarkt-year7-prep"}, ways: both},
		{name: "an old tso diploma", from: Start{Stage: "diploma", Track: "dubbel"}, to: bachelor, graduated: 2015, verdict: Direct, rules: []string{"old-diploma"}},
		{name: "an old diploma of unknown track", from: Start{Stage: "diploma"}, to: bachelor, graduated: 2010, verdict: Direct, rules: []string{"old-diploma"}},
		{name: "a diploma of unknown track and year", from: Start{Stage: "diploma"}, to: bachelor, verdict: Depends, ask: AskTrack, rules: []string{"doorstroom-bachelor", "dubbel-bachelor", "arbeidsmarkt-bachelor"}},
		{name: "dubbel, whatever the year", from: Start{Stage: "grade3", Track: "dubbel"}, to: bachelor, verdict: Direct, rules: []string{"dubbel-bachelor"}, ways: []string{"bachelor-prof = 3"}},
		{name: "nobody asked the year", from: arbeidsmarkt, to: bachelor, verdict: NoBut, ask: AskGraduated, rules: []string{"arbeidsmarkt-bachelor", "bso6-bachelor"}},
		{name: "no diploma", from: Start{Standing: "no-diploma"}, to: bachelor, verdict: Via, rules: []string{"bachelor-test", "graduaat-test", "second-chance", "exam-board"}},
		{name: "no diploma to a graduaat", from: Start{Stage: "left"}, to: Goal{Levels: []catalogue.Level{"graduaat"}, Fields: []catalogue.Field{"ict"}}, verdict: Via, rules: []string{"graduaat-test"}},
		{name: "French-Community diploma", from: Start{Standing: "french-diploma"}, to: bachelor, verdict: Via, rules: []string{"french-diploma"}},
		{name: "foreign diploma", from: Start{Standing: "foreign-diploma"}, to: bachelor, verdict: Via, rules: []string{"foreign-diploma"}},
		{name: "professional bachelor to master", from: Start{CourseID: "ho-toegepaste-informatica"}, to: Goal{Levels: []catalogue.Level{"master"}}, verdict: NoBut, rules: []string{"bachelor-prof-master", "bachelor-bridging", "bridging-master"}},
		{name: "academic bachelor to master", from: Start{CourseID: "ho-ingenieurswetenschappen"}, to: Goal{CourseID: "ho-civil-engineering"}, verdict: Direct, rules: []string{"academic-master"}, ways: []string{"master = 2"}},
		{name: "1B to dubbel", from: Start{Stage: "grade1", Track: "1B"}, to: Goal{CourseID: "so-elektrotechnieken-2"}, verdict: Via, rules: []string{"after-1b"}, ways: []string{"1A > 2A > grade2-dubbel = 4"}},
		{name: "2B to dubbel, of which no rule was found", from: Start{Stage: "grade1", Track: "2B"}, to: Goal{CourseID: "so-elektrotechnieken-2"}, verdict: Unknown, rules: []string{"grade2-other-from-2b"}},
		{name: "2B to a bachelor", from: Start{Stage: "grade1", Track: "2B"}, to: bachelor, verdict: Via, rules: []string{"grade2-from-2b"}, ways: []string{"grade2-arbeidsmarkt > grade3-arbeidsmarkt > year7-prep > bachelor-prof = 8", "grade2-arbeidsmarkt > grade3-arbeidsmarkt > graduaat > bachelor-prof = 6+"}},
		{name: "4 arbeidsmarkt to 5 dubbel", from: Start{CourseID: "so-elektriciteit-2"}, to: Goal{CourseID: "so-elektrotechnieken-3"}, verdict: Unknown, rules: []string{"grade3-from-arbeidsmarkt"}},
		{name: "another direction in year 6", from: Start{CourseID: "so-elektrotechnieken-3"}, to: Goal{CourseID: "so-bouwtechnieken-3"}, verdict: NoBut, rules: []string{"grade3-change"}},
		{name: "OKAN to a direction", from: Start{Stage: "okan"}, to: Goal{CourseID: "so-elektriciteit-2"}, verdict: Via, rules: []string{"okan-next"}},
		{name: "primary school without certificate", from: Start{Stage: "primary", Track: "1B"}, to: Goal{CourseID: "so-elektriciteit-2"}, verdict: Via, rules: []string{"enter-1b"}},
	}
	p := ship(t)
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			a := p.Find(Query{From: c.from, To: c.to, Graduated: c.graduated, Year: c.year})
			if a.Verdict != c.verdict || a.Direct != (c.verdict == Direct) || a.Ask != c.ask {
				t.Errorf("got %s, direct %v, ask %q; want %s, ask %q", a.Verdict, a.Direct, a.Ask, c.verdict, c.ask)
			}
			for _, id := range c.rules {
				if !slices.Contains(ruleIDs(a), id) {
					t.Errorf("rule %s is missing in %v", id, ruleIDs(a))
				}
			}
			if c.ways != nil && !slices.Equal(ways(a), c.ways) {
				t.Errorf("got ways %q, want %q", ways(a), c.ways)
			}
			labelled := slices.ContainsFunc(a.Paths, func(p Path) bool { return p.When.NL != "" })
			if labelled != (c.ask != "") && len(a.Paths) > 0 {
				t.Errorf("paths labelled %v, asks %q", labelled, c.ask)
			}
		})
	}
}

func TestBothBridgesNameTheirCoursesAndWords(t *testing.T) {
	a := ship(t).Find(Query{From: Start{CourseID: "so-elektrische-installaties-3"}, To: Goal{CourseID: "ho-toegepaste-informatica"}, Graduated: 2027})
	if a.Rules[0].ID != "arbeidsmarkt-bachelor" {
		t.Errorf("got %s first, want the rule that says \"not directly, but\"", a.Rules[0].ID)
	}
	if got := a.Paths[0].Steps[0].CourseID; got != "so-voorbereiding-hoger-onderwijs-7" {
		t.Errorf("got %q for the preparatory year", got)
	}
	graduaat := a.Paths[1].Steps[0]
	if graduaat.CourseID != "ho-programmeren" || !slices.Contains(graduaat.Also, "ho-systeem-en-netwerkbeheer") {
		t.Errorf("got graduaat %q, also %v", graduaat.CourseID, graduaat.Also)
	}
	for _, p := range a.Paths {
		if !slices.Contains(p.Rules, "dutch-b2") {
			t.Errorf("a way to a Dutch bachelor does not say B2: %v", p.Rules)
		}
	}
	r, _ := ship(t).Rule("graduaat-bachelor")
	for l, words := range map[catalogue.Lang]string{catalogue.NL: "hoeveel er dan nog rest", catalogue.FR: "ce qu'il reste", catalogue.EN: "how much remains"} {
		if !strings.Contains(r.Text.In(l), words) {
			t.Errorf("%s does not say to ask: %q", l, r.Text.In(l))
		}
	}
}

func TestForwardShowsEveryOpenDoor(t *testing.T) {
	tests := []struct {
		from Start
		want []string
	}{
		{Start{Stage: "grade3", Track: "arbeidsmarkt"}, []string{"year7-prep", "year7-special", "graduaat", "work"}},
		{Start{Stage: "grade3", Track: "dubbel"}, []string{"year7-science", "year7-special", "graduaat", "bachelor-prof", "bachelor-acad", "work"}},
		{Start{Stage: "grade3", Track: "doorstroom"}, []string{"year7-science", "year7-special", "graduaat", "bachelor-prof", "bachelor-acad", "work"}},
		{Start{Stage: "grade1", Track: "1B"}, []string{"1A", "2B"}},
		{Start{Stage: "left"}, []string{"graduaat-vdab", "graduaat", "bachelor-prof", "bachelor-acad", "second-chance", "exam-board", "basic-education", "module-cvo", "training-vdab", "training-syntra"}},
	}
	for _, c := range tests {
		a := ship(t).Find(Query{From: c.from, Graduated: 2027})
		var got []string
		for _, p := range a.Paths {
			got = append(got, p.Steps[0].Standing)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("after %+v: got %v, want %v", c.from, got, c.want)
		}
	}
	a := ship(t).Find(Query{From: Start{CourseID: "so-elektriciteit-2"}})
	if got := a.Paths[0].Steps[0]; got.CourseID != "so-elektrische-installaties-3" || len(got.Also) < 5 {
		t.Errorf("after elektriciteit: got %+v", got)
	}
}

func TestBackwardFromAJob(t *testing.T) {
	p := ship(t)
	electrician := Goal{Fields: []catalogue.Field{"electricity"}}
	a := p.Find(Query{To: electrician})
	if a.Ask != AskStage || len(a.Paths) < 4 || len(a.Paths) > maxPaths {
		t.Errorf("from nowhere: ask %q, ways %q", a.Ask, ways(a))
	}
	a = p.Find(Query{From: Start{Stage: "jobseeker"}, To: electrician})
	if !slices.ContainsFunc(a.Paths, func(p Path) bool { return p.Steps[0].Standing == "training-vdab" }) {
		t.Errorf("a jobseeker gets no VDAB training: %q", ways(a))
	}
	a = p.Find(Query{From: Start{Stage: "grade1", Track: "2B"}, To: electrician})
	if want := []string{"grade2-arbeidsmarkt > grade3-arbeidsmarkt = 4"}; !slices.Equal(ways(a)[:1], want) {
		t.Errorf("got %q, want %q first", ways(a), want)
	}
	if got := a.Paths[0].Steps[0].CourseID; got != "so-elektriciteit-2" {
		t.Errorf("got %s, want so-elektriciteit-2 as the first step", got)
	}
}

// replay walks a path by the rules alone, without the graph.
func replay(p *Paths, starts []string, q Query, path Path) error {
	at := starts
	for i, s := range path.Steps {
		opened := false
		for _, id := range s.Rules {
			r, ok := p.Rule(id)
			if !ok {
				return fmt.Errorf("step %d names rule %q, which does not exist", i, id)
			}
			if !slices.Contains(r.Opens, s.Standing) || !meet(r.Needs.From, at) {
				continue
			}
			year := 2100 // a learner who gets further finishes after the reform
			if i == 0 {
				year = q.Graduated
			}
			if year != 0 && (year < r.Needs.GraduatedFrom || r.Needs.GraduatedUntil != 0 && year > r.Needs.GraduatedUntil) {
				return fmt.Errorf("step %d uses %s, not for June %d", i, id, year)
			}
			if r.ValidUntil != "" && q.Year == 0 || i > 0 && r.FirstOnly || i < len(path.Steps)-1 && r.Ends {
				return fmt.Errorf("step %d uses %s, which does not hold there", i, id)
			}
			opened = true
		}
		if !opened {
			return fmt.Errorf("step %d, %s %s, is opened by no rule of %v from %v", i, s.Standing, s.CourseID, s.Rules, at)
		}
		if s.CourseID != "" {
			c, ok := p.catalogue.Course(s.CourseID)
			if !ok || c.Unnamed {
				return fmt.Errorf("step %d is course %q", i, s.CourseID)
			}
			if !slices.ContainsFunc(p.of[c.ID], func(x int) bool { return p.Standings[x].ID == s.Standing }) {
				return fmt.Errorf("step %d: %s is no %s", i, c.ID, s.Standing)
			}
		}
		at = []string{s.Standing}
	}
	return nil
}

func TestNoPathBetweenAnyTwoCoursesBreaksARule(t *testing.T) {
	p := ship(t)
	courses := p.catalogue.Courses
	pairs := 0
	for _, graduated := range []int{0, 2020, 2024, 2025, 2027} {
		for i := range courses {
			for j := range courses {
				// All pairs without a year and for the newest, a fifth of them for the rest.
				if graduated != 0 && graduated != 2027 && (i*7+j)%5 != 0 {
					continue
				}
				q := Query{From: Start{CourseID: courses[i].ID}, To: Goal{CourseID: courses[j].ID}, Graduated: graduated}
				a := p.Find(q)
				pairs++
				if len(a.Paths) > maxPaths && i != j {
					t.Fatalf("%s to %s: %d paths", courses[i].ID, courses[j].ID, len(a.Paths))
				}
				at, _ := p.branches(q.From, graduated)
				if len(at) > 0 && len(a.Rules) == 0 {
					t.Fatalf("%s to %s: no rule says why", courses[i].ID, courses[j].ID)
				}
				var starts []string
				for _, s := range at {
					starts = append(starts, p.Standings[s].ID)
				}
				for _, path := range a.Paths {
					if err := replay(p, starts, q, path); err != nil {
						t.Fatalf("%s to %s, June %d: %v", courses[i].ID, courses[j].ID, graduated, err)
					}
					if last := path.Steps[len(path.Steps)-1].CourseID; i != j && last != courses[j].ID {
						t.Fatalf("%s to %s ends at %q", courses[i].ID, courses[j].ID, last)
					}
				}
			}
		}
	}
	if pairs < 2*len(courses)*len(courses) {
		t.Errorf("only %d pairs were tried", pairs)
	}
}

func TestEveryStageAndTrackGetsAnAnswerWithARule(t *testing.T) {
	p := ship(t)
	goals := []Goal{{}, {Fields: []catalogue.Field{"ict"}}}
	for _, l := range append(slices.Clone(catalogue.Levels), "work") {
		goals = append(goals, Goal{Levels: []catalogue.Level{l}})
	}
	for _, stage := range append(slices.Clone(catalogue.Stages), "") {
		for _, track := range append(slices.Clone(catalogue.Tracks), "") {
			for _, graduated := range []int{0, 2020, 2025, 2028} {
				for _, g := range goals {
					q := Query{From: Start{Stage: stage, Track: track}, To: g, Graduated: graduated, Year: 2026}
					a := p.Find(q)
					if len(a.Rules) == 0 {
						t.Fatalf("%+v: no rule", q)
					}
					at, _ := p.branches(q.From, graduated)
					var starts []string
					for _, s := range at {
						starts = append(starts, p.Standings[s].ID)
					}
					for _, path := range a.Paths {
						if err := replay(p, starts, q, path); err != nil {
							t.Fatalf("%+v: %v", q, err)
						}
					}
					if a.Verdict == NoBut && len(a.Paths) == 0 && len(a.Rules) < 2 {
						t.Errorf("%+v: a bare no", q)
					}
				}
			}
		}
	}
}

// What a course says it leads to must be a way that the rules know.
func TestWhatCoursesLeadToIsAWay(t *testing.T) {
	p := ship(t)
	for i := range p.catalogue.Courses {
		c := &p.catalogue.Courses[i]
		if len(p.of[c.ID]) == 0 {
			continue
		}
		for _, to := range c.LeadsTo {
			g := Goal{CourseID: to}
			if _, ok := p.catalogue.Course(to); !ok {
				g = Goal{Levels: []catalogue.Level{catalogue.Level(to)}}
			}
			if c.Level == "grade2" && to == "work" {
				continue // a job is possible at any time; no rule speaks of it
			}
			if a := p.Find(Query{From: Start{CourseID: c.ID}, To: g, Graduated: 2027}); len(a.Paths) == 0 {
				t.Errorf("%s leads to %s, but no rule opens a way (%s, %v)", c.ID, to, a.Verdict, ruleIDs(a))
			}
		}
	}
}

func TestTheSameQueryGivesTheSameAnswer(t *testing.T) {
	p := ship(t)
	c, err := seeds.Load(seeds.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	again, err := Load(os.DirFS(".."), c)
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.catalogue.Courses {
		q := Query{From: Start{CourseID: p.catalogue.Courses[i].ID}, To: Goal{Levels: []catalogue.Level{"bachelor-prof", "bachelor-acad", "master"}, Fields: []catalogue.Field{"ict", "engineering"}}}
		one, err := json.Marshal(p.Find(q).View(catalogue.FR, nil))
		if err != nil {
			t.Fatal(err)
		}
		two, _ := json.Marshal(again.Find(q).View(catalogue.FR, nil))
		if string(one) != string(two) {
			t.Fatalf("two answers to %+v:\n%s\n%s", q, one, two)
		}
	}
}

func TestAnUnknownStartOrGoalIsNoCrash(t *testing.T) {
	p := ship(t)
	if a := p.Find(Query{From: Start{CourseID: "so-nothing"}, To: Goal{CourseID: "ho-bouw"}}); a.Verdict != Unknown || a.Direct || len(a.Paths) > 0 {
		t.Errorf("got %+v", a)
	}
	a := p.Find(Query{From: Start{CourseID: "so-elektriciteit-2"}, To: Goal{CourseID: "ho-nothing"}})
	if a.Verdict != Unknown || len(a.Paths) > 0 || !slices.Contains(ruleIDs(a), "ask-guidance") {
		t.Errorf("got %s %v", a.Verdict, ruleIDs(a))
	}
}

// Words that rank, and a no without a but, have no place in a rule.
var unkind = regexp.MustCompile(`(?i)\b(lagere|hogere finaliteit|lower|inférieure?s?|waterval|gezakt|zakken|alleen maar|slechts|seulement|only|simplement|best|beste|meilleure?s?)\b`)

func TestRulesSpeakPlainly(t *testing.T) {
	p := ship(t)
	if len(p.Rules) < 60 {
		t.Errorf("got %d rules, want those of the whole system", len(p.Rules))
	}
	words, sentences := map[catalogue.Lang]int{}, map[catalogue.Lang]int{}
	for i := range p.Rules {
		r := &p.Rules[i]
		for _, l := range catalogue.Langs {
			if hit := unkind.FindString(r.Title.In(l) + " " + r.Text.In(l)); hit != "" {
				t.Errorf("%s says %q in %s", r.ID, hit, l)
			}
			for _, s := range sentenceEnd.Split(r.Text.In(l), -1) {
				if n := len(strings.Fields(s)); n > 0 {
					words[l] += n
					sentences[l]++
				}
			}
		}
	}
	for _, l := range catalogue.Langs {
		if mean := float64(words[l]) / float64(sentences[l]); mean > 12 {
			t.Errorf("%s: %.1f words a sentence, at most 12", l, mean)
		}
	}
}

func TestView(t *testing.T) {
	a := ship(t).Find(Query{From: Start{CourseID: "so-elektrische-installaties-3"}, To: Goal{CourseID: "ho-toegepaste-informatica"}})
	data, err := json.Marshal(a.View(catalogue.EN, func(id string) any {
		return map[string]any{"id": id, "title": "T", "offers": []int{1}}
	}))
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Direct bool
		Ask    string
		Paths  []struct {
			When  string
			Years *float64
			Least float64 `json:"years_at_least"`
			Steps []struct {
				ID, Title, Standing string
				Offers              []int
				Years               *float64
			}
			Rules []struct {
				ID, Text, Source string
				AsOf             string `json:"as_of"`
			}
		}
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if v.Direct || v.Ask != AskGraduated || len(v.Paths) != maxPaths || v.Paths[0].When == "" {
		t.Errorf("got %s", data)
	}
	if y := v.Paths[0].Years; y == nil || *y != 4 {
		t.Errorf("got years %v, want 4", y)
	}
	if v.Paths[1].Years != nil || v.Paths[1].Least != 2 || v.Paths[1].Steps[1].Years != nil {
		t.Errorf("got %+v, want unknown years and at least 2", v.Paths[1])
	}
	if s := v.Paths[0].Steps[0]; s.ID != "so-voorbereiding-hoger-onderwijs-7" || s.Title != "T" || len(s.Offers) != 1 || s.Standing != "year7-prep" {
		t.Errorf("got step %+v, want the course's own object", s)
	}
	if strings.Count(string(data), `"id":"so-voorbereiding-hoger-onderwijs-7"`) < 1 || strings.Contains(string(data), "null,null") {
		t.Errorf("got %s", data)
	}
	for _, r := range v.Paths[0].Rules {
		if r.ID == "" || r.Text == "" || r.Source == "" || r.AsOf == "" {
			t.Errorf("got rule %+v", r)
		}
	}
	plain, _ := json.Marshal(a.View(catalogue.NL, nil).Paths[0].Steps[1])
	var keys map[string]any
	if err := json.Unmarshal(plain, &keys); err != nil || keys["id"] != "ho-toegepaste-informatica" || keys["title"] == "" {
		t.Errorf("got %s, %v", plain, err)
	}
}

// good is one rule and two standings that load.
var good = map[string]string{
	"rules/standings.yaml": `format: 1
standings:
  - id: a
    name: {nl: a, fr: a, en: a}
  - id: b
    name: {nl: b, fr: b, en: b}
    years: 1
`,
	"rules/r.yaml": `format: 1
rules:
  - id: a-to-b
    title: {nl: t, fr: t, en: t}
    text: {nl: "Ja.", fr: "Oui.", en: "Yes."}
    ask:
      nl: [een, twee, drie, vier]
      fr: [un, deux, trois, quatre]
      en: [one, two, three, four]
    keywords: {nl: [k], fr: [k], en: [k]}
    needs: {from: [a]}
    opens: [b]
    verdict: direct
    source: s
    as_of: "2025"
`,
}

func load(files map[string]string) error {
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	_, err := Load(fsys, catalogue.New(nil, nil, nil, nil))
	return err
}

func TestFaultsNameTheirPlace(t *testing.T) {
	if err := load(good); err != nil {
		t.Fatalf("the fixture itself does not load: %v", err)
	}
	no := `
  - id: a-not-b
    title: {nl: t, fr: t, en: t}
    text: {nl: "Niet rechtstreeks, maar via c.", fr: "Pas directement, mais via c.", en: "Not directly, but via c."}
    ask:
      nl: [vijf, zes, zeven, acht]
      fr: [cinq, six, sept, huit]
      en: [five, 6, 7, eight]
    keywords: {nl: [k], fr: [k], en: [k]}
    needs: {from: [a]}
    not_directly: [b]
    bridge: [a-to-b]
    verdict: no-but
    source: s
    as_of: "2025"
`
	tests := []struct {
		name, file, old, new string
		want                 string
	}{
		{"an unknown key", "rules/r.yaml", "verdict: direct", "verdict: direct\n    colour: red", "rules/r.yaml:14:5"},
		{"no source", "rules/r.yaml", "source: s", `source: ""`, "rules/r.yaml:14:13: source is missing"},
		{"a date nobody can read", "rules/r.yaml", `as_of: "2025"`, `as_of: "last year"`, "rules/r.yaml:15:12: as_of"},
		{"a language is missing", "rules/r.yaml", `fr: "Oui.", `, "", "rules/r.yaml:5:"},
		{"a long sentence", "rules/r.yaml", `"Oui."`, `"` + strings.Repeat("oui ", 21) + `."`, "rules/r.yaml:5:27: a sentence of 21 words"},
		{"too few questions", "rules/r.yaml", "[een, twee, drie, vier]", "[een, twee, drie]", "rules/r.yaml:7:11: 3 questions in nl"},
		{"the same question twice", "rules/r.yaml", "[un, deux, trois, quatre]", "[un, deux, trois, Een!]", `rules/r.yaml:8:29: "Een!" is asked by a-to-b too`},
		{"an unknown verdict", "rules/r.yaml", "verdict: direct", "verdict: maybe", "rules/r.yaml:13:14: verdict"},
		{"an unknown standing", "rules/r.yaml", "opens: [b]", "opens: [c]", `rules/r.yaml:12:13: "c" is not a standing`},
		{"for whom is missing", "rules/r.yaml", "needs: {from: [a]}", "needs: {}", "rules/r.yaml:11:12: needs.from is missing"},
		{"a school year that is none", "rules/r.yaml", "verdict: direct", "verdict: direct\n    valid_from: \"2025\"", `rules/r.yaml:14:17: "2025" is not a school year`},
		{"a format from the future", "rules/r.yaml", "format: 1", "format: 2", "rules/r.yaml:1:9: begin with format: 1"},
		{"a bare no", "rules/r.yaml", "opens: [b]\n    verdict: direct", "not_directly: [b]\n    verdict: unknown", "bridge is missing"},
		{"a contradiction", "rules/r.yaml", "    as_of: \"2025\"\n", "    as_of: \"2025\"\n" + no[1:], "rules/r.yaml:25:19: a-to-b opens at once what a-not-b says is not"},
		{"an id twice", "rules/standings.yaml", "id: b", "id: a", `rules/standings.yaml:5:9: id "a"`},
		{"a level that is none", "rules/standings.yaml", "years: 1", "years: 1\n    match: {level: grade9}", `rules/standings.yaml:8:20: level "grade9"`},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			files := maps.Clone(good)
			files[c.file] = strings.Replace(files[c.file], c.old, c.new, 1)
			if files[c.file] == good[c.file] {
				t.Fatal("the fixture was not changed")
			}
			err := load(files)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	files := maps.Clone(good)
	files["rules/more.yml"] = "format: 1"
	if err := load(files); !errors.Is(err, ErrData) || !strings.Contains(err.Error(), "rules/more.yml: is not read") {
		t.Errorf("a file that is not read: got %v", err)
	}
}

func TestARuleThatHasEndedHoldsForItsTime(t *testing.T) {
	p := ship(t)
	from := Start{Standing: "bso6-certificate"}
	opens := func(year int) bool {
		a := p.Find(Query{From: from, Graduated: 2023, Year: year})
		return slices.ContainsFunc(a.Paths, func(p Path) bool { return p.Steps[0].Standing == "bso7-diploma" })
	}
	if !opens(2024) || opens(2026) || opens(0) {
		t.Errorf("the old 7th year: in 2024 %v, in 2026 %v, unknown %v; want true, false, false", opens(2024), opens(2026), opens(0))
	}
}

func TestYearsComeFromOffersThatAgree(t *testing.T) {
	offer := func(d string) catalogue.Offer { return catalogue.Offer{Duration: catalogue.Text{NL: d}} }
	tests := []struct {
		offers []catalogue.Offer
		want   float64
		ok     bool
	}{
		{[]catalogue.Offer{offer("2 jaar"), offer(""), offer("2 jaar")}, 2, true},
		{[]catalogue.Offer{offer("2 jaar"), offer("3 jaar")}, 0, false},
		{[]catalogue.Offer{offer("ongeveer 9 maanden")}, 0, false},
		{[]catalogue.Offer{offer("4 dagen")}, 0, false},
		{nil, 0, false},
	}
	for _, c := range tests {
		if y, ok := years(&catalogue.Course{Offers: c.offers}); y != c.want || ok != c.ok {
			t.Errorf("%v: got %v %v, want %v %v", c.offers, y, ok, c.want, c.ok)
		}
	}
}

func TestFindChangesNothing(t *testing.T) {
	p := ship(t)
	before := slices.Clone(p.Rules)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for i := range p.catalogue.Courses {
				p.Find(Query{From: Start{CourseID: p.catalogue.Courses[i].ID}, To: Goal{CourseID: "ho-toegepaste-informatica"}})
			}
		})
	}
	wait.Wait()
	if !reflect.DeepEqual(before, p.Rules) {
		t.Error("asking changed a rule")
	}
}

func BenchmarkFind(b *testing.B) {
	p := ship(b)
	q := Query{From: Start{Stage: "grade1", Track: "2A"}, To: Goal{CourseID: "ho-toegepaste-informatica"}}
	for b.Loop() {
		p.Find(q)
	}
}

func TestIdsAreReadAsStartAndGoal(t *testing.T) {
	p := ship(t)
	starts := []struct {
		id    string
		track catalogue.Track
		want  Start
		ok    bool
	}{
		{"so-elektriciteit-2", "", Start{CourseID: "so-elektriciteit-2"}, true},
		{"grade3", "arbeidsmarkt", Start{Stage: "grade3", Track: "arbeidsmarkt"}, true},
		{"graduaat", "", Start{Level: "graduaat"}, true},
		{"dubbel", "", Start{Track: "dubbel"}, true},
		{"", "1B", Start{Track: "1B"}, true},
		{"french-diploma", "", Start{Standing: "french-diploma"}, true},
		{"", "", Start{}, false},
		{"elektricien", "", Start{}, false},
	}
	for _, c := range starts {
		s, ok := p.StartOf(c.id, c.track)
		if s != c.want || ok != c.ok {
			t.Errorf("%q %q: got %+v %v", c.id, c.track, s, ok)
		}
		if ok && p.Find(Query{From: s}).Rules == nil {
			t.Errorf("%q %q: no rule", c.id, c.track)
		}
	}
	for id, want := range map[string]Goal{
		"ho-bouw":  {CourseID: "ho-bouw"},
		"bachelor": {Levels: []catalogue.Level{"bachelor-prof", "bachelor-acad"}},
		"work":     {Levels: []catalogue.Level{"work"}},
		"ict":      {Fields: []catalogue.Field{"ict"}},
	} {
		if g, ok := p.GoalOf(id); !ok || !reflect.DeepEqual(g, want) {
			t.Errorf("%q: got %+v %v", id, g, ok)
		}
	}
	if _, ok := p.GoalOf("president"); ok {
		t.Error("president is no goal that we know")
	}
}
