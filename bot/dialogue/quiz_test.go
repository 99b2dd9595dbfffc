package dialogue

import (
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wegwijs/knowledge/catalogue"
)

// answered is a state of the quiz in which item i has the mark pick(i).
func answered(p *Part, pick func(i int) byte) QuizState {
	var q QuizState
	for i := range p.Items {
		q.Ans += p.Items[i].ID + string(pick(i))
	}
	return q
}

func TestEveryFieldCanComeFirst(t *testing.T) {
	p := shipped(t).Quiz.Part("interest")
	for _, f := range catalogue.Fields {
		q := answered(p, func(i int) byte {
			a, b := p.Items[i].First[string(f)] > 0, p.Items[i].Second[string(f)] > 0
			switch {
			case a && b:
				return '2'
			case a:
				return 'a'
			case b:
				return 'b'
			}
			return '0'
		})
		if got := p.Result(q); len(got) == 0 || got[0] != string(f) {
			t.Errorf("the choices of %s give %v", f, got)
		}
	}
}

// maxFavour is how much more often one field may come first than another when
// the answers are random.
const maxFavour = 3

func TestNoFieldIsFavoured(t *testing.T) {
	p := shipped(t).Quiz.Part("interest")
	fair := func(name string, n int, pick func(round, i int) byte) {
		count := map[string]int{}
		for round := range n {
			if vs := p.Result(answered(p, func(i int) byte { return pick(round, i) })); len(vs) > 0 {
				count[vs[0]]++
			}
		}
		least, most := n, 0
		for _, f := range catalogue.Fields {
			least, most = min(least, count[string(f)]), max(most, count[string(f)])
		}
		if least == 0 || most > maxFavour*least {
			t.Errorf("%s: first between %d and %d times: %v", name, least, most, count)
		}
		t.Logf("%s: a field is first %d to %d times", name, least, most)
	}
	fair("all patterns of a and b", 1<<len(p.Items), func(round, i int) byte { return "ab"[round>>i&1] })
	rng := rand.New(rand.NewPCG(1, 2))
	fair("random answers", 50_000, func(int, int) byte { return "ab20"[rng.IntN(4)] })
}

func TestSameAnswersGiveTheSameResult(t *testing.T) {
	p := shipped(t).Quiz.Part("interest")
	rapid.Check(t, func(t *rapid.T) {
		q := answered(p, func(int) byte { return rapid.SampledFrom([]byte("ab20-")).Draw(t, "mark") })
		want := p.Result(q)
		if len(want) > 3 {
			t.Fatalf("%d fields, want at most 3", len(want))
		}
		var pairs []string
		for i := 0; i < len(q.Ans); i += 2 {
			pairs = append(pairs, q.Ans[i:i+2])
		}
		shuffled := QuizState{Ans: strings.Join(rapid.Permutation(pairs).Draw(t, "order"), "")}
		if got := p.Result(shuffled); !slices.Equal(got, want) {
			t.Fatalf("%q gives %v, in another order %v", q.Ans, want, got)
		}
		for _, v := range want {
			if len(p.because(q, v)) == 0 {
				t.Fatalf("%q: no answer of the visitor stands for %q", q.Ans, v)
			}
		}
	})
}

// atInterest is a pupil at the question about interests.
func atInterest(t interface{ Fatal(...any) }, tr *Tree) State {
	s := turn(tr, State{}, Input{Start: true, Lang: catalogue.NL}).State
	for _, v := range []string{"pupil", "grade2", "dubbel"} {
		s = turn(tr, s, Input{Press: &Press{Name: tr.Open(s), Values: []string{v}}}).State
	}
	if tr.Open(s) != "interest" {
		t.Fatal("not at the question about interests but at", tr.Open(s))
	}
	return s
}

// tapItem draws an answer to the item on the screen.
func tapItem(t *rapid.T, tr *Tree, s State) Input {
	id, choices, _ := tr.QuizItem(s)
	c := rapid.SampledFrom(append(slices.Clone(choices), "skip")).Draw(t, "choice")
	if c == "skip" {
		return Input{Command: "skip"}
	}
	return Input{Press: &Press{Turn: s.Turn, Name: "quiz", Values: []string{id, c}}}
}

func TestQuizTakesTwelveTapsAndEachCanBeUndone(t *testing.T) {
	tr := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		s := atInterest(t, tr)
		out := turn(tr, s, Input{Press: &Press{Turn: s.Turn, Name: "quiz"}})
		s = out.State
		taps := 0
		for {
			if _, _, ok := tr.QuizItem(s); !ok {
				break
			}
			before := s
			out = turn(tr, s, tapItem(t, tr, s))
			s = through(t, out.State)
			taps++
			if len(s.Quiz.Ans) >= 40 {
				t.Fatalf("the answers take %d bytes", len(s.Quiz.Ans))
			}
			undone := turn(tr, s, Input{Command: "back"}).State
			if undone.Quiz.On != before.Quiz.On || undone.Quiz.Ans != before.Quiz.Ans || !reflect.DeepEqual(undone.Ans, before.Ans) {
				t.Fatalf("after back %+v, want %+v", undone.Quiz, before.Quiz)
			}
		}
		if taps > maxItems {
			t.Fatalf("%d taps, more than %d", taps, maxItems)
		}
		p := tr.Quiz.Part("interest")
		want := p.Result(s.Quiz)
		var got []string
		for _, f := range tr.Profile(s).Interest {
			got = append(got, string(f))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("interests are %v, want the result %v", got, want)
		}
		if kind := out.Say[0].Kind; kind != quizKind {
			t.Fatalf("the result has kind %q", kind)
		}
		if len(want) > 0 && tr.Open(s) != "place" || len(want) == 0 && tr.Open(s) != "interest" {
			t.Fatalf("with result %v the conversation is at %q", want, tr.Open(s))
		}
	})
}

func TestQuizStaysWhereItIs(t *testing.T) {
	tr := shipped(t)
	s := atInterest(t, tr)
	s = turn(tr, s, Input{Command: "quiz"}).State
	id, _, _ := tr.QuizItem(s)
	old := s.Turn
	s = turn(tr, s, Input{Press: &Press{Turn: old, Name: "quiz", Values: []string{id, "a"}}}).State
	second, _, _ := tr.QuizItem(s)

	t.Run("an aside brings the item back", func(t *testing.T) {
		out := turn(tr, s, Input{Aside: true})
		if now, _, _ := tr.QuizItem(out.State); now != second || out.Say[0].Kind != quizKind || out.Say[0].Ask.Slot != "interest" {
			t.Errorf("got item %q and %+v, want item %q", now, out.Say[0], second)
		}
	})
	t.Run("a question about a field is no answer", func(t *testing.T) {
		out := turn(tr, s, Input{Tell: []Told{{"interest", []string{"wood"}}}, Aside: true})
		if now, _, _ := tr.QuizItem(out.State); now != second {
			t.Errorf("got item %q, want %q", now, second)
		}
	})
	t.Run("a commune told in the middle is kept", func(t *testing.T) {
		out := turn(tr, s, Input{Tell: []Told{{"place", []string{"1080"}}}})
		if now, _, _ := tr.QuizItem(out.State); now != second || tr.Profile(out.State).Postcode != "1080" {
			t.Errorf("got item %q and %+v, want item %q", now, tr.Profile(out.State), second)
		}
	})
	t.Run("a double click changes nothing", func(t *testing.T) {
		if out := turn(tr, s, Input{Press: &Press{Turn: old, Name: "quiz", Values: []string{id, "a"}}}); !out.Silent {
			t.Errorf("said %v, want silence", out.Say)
		}
	})
	t.Run("another button of an old item corrects it", func(t *testing.T) {
		out := turn(tr, s, Input{Press: &Press{Turn: old, Name: "quiz", Values: []string{id, "b"}}})
		if mark, _ := out.State.Quiz.mark(id); mark != 'b' {
			t.Errorf("the answer is %q, want b", mark)
		}
	})
	t.Run("distress stops it and keeps the answers", func(t *testing.T) {
		out := turn(tr, s, Input{Alarm: true})
		if out.State.Quiz.On != "" || out.State.Quiz.Ans != s.Quiz.Ans {
			t.Errorf("got %+v, want the quiz stopped", out.State.Quiz)
		}
	})
	t.Run("stopped, it is taken up where it was", func(t *testing.T) {
		stopped := turn(tr, s, Input{Press: &Press{Name: "quiz", Values: []string{"stop"}}}).State
		again := turn(tr, stopped, Input{Command: "quiz"}).State
		if now, _, _ := tr.QuizItem(again); now != second {
			t.Errorf("got item %q, want %q", now, second)
		}
	})
	t.Run("an item that is gone leaves the others", func(t *testing.T) {
		next, quiz := *tr, *tr.Quiz
		quiz.Parts = slices.Clone(quiz.Parts)
		quiz.Parts[0].Items = quiz.Parts[0].Items[1:]
		next.Quiz, next.Hash = &quiz, "newer"
		out := turn(&next, s, Input{Aside: true})
		if now, _, _ := next.QuizItem(out.State); now != second {
			t.Errorf("got item %q, want %q", now, second)
		}
	})
	t.Run("a bot without the quiz asks the question itself", func(t *testing.T) {
		next := *tr
		next.Quiz, next.Hash = nil, "newer"
		if out := turn(&next, s, Input{Aside: true}); out.Say[0].ID != "ask.interest" {
			t.Errorf("said %q, want ask.interest", out.Say[0].ID)
		}
	})
}

func TestAdviceOnFinality(t *testing.T) {
	tr := shipped(t)
	p := tr.Quiz.Part("finality")
	seen := map[string]bool{}
	for n := range 27 {
		q := answered(p, func(i int) byte { return "yn-"[n/[]int{1, 3, 9}[i]%3] })
		vs := p.Result(q)
		if len(vs) > 2 {
			t.Errorf("%s gives %v, want at most two", q.Ans, vs)
		}
		if len(vs) == 1 {
			seen[vs[0]] = true
		}
	}
	if len(seen) != len(catalogue.Finalities) {
		t.Errorf("only %v are ever advised alone", seen)
	}
	s := turn(tr, State{}, Input{Start: true, Lang: catalogue.NL}).State
	for _, v := range []string{"pupil", "grade2"} {
		s = turn(tr, s, Input{Press: &Press{Name: tr.Open(s), Values: []string{v}}}).State
	}
	out := turn(tr, s, Input{Command: "unsure"})
	for range p.Items {
		id, _, _ := tr.QuizItem(out.State)
		out = turn(tr, out.State, Input{Press: &Press{Name: "quiz", Values: []string{id, "yes"}}})
	}
	line := out.Say[len(out.Say)-1]
	if line.ID != "finality.advice" || out.State.Ans[len(out.State.Ans)-1].Slot == "finality" {
		t.Errorf("got %q and answers %v, want advice and no answer", line.ID, out.State.Ans)
	}
	var ids []string
	for _, c := range line.Choices {
		ids = append(ids, c.ID)
	}
	if want := []string{"doorstroom", "dubbel", "arbeidsmarkt", "skip"}; len(ids) < 4 || !slices.Equal(ids[:4], want) {
		t.Errorf("the choices are %v, want %v first", ids, want)
	}
}

// maxTaps is the most taps to the first list for who takes the small questions
// about finality. Source: the brief of the quiz.
const maxTaps = 12

func TestAdviceKeepsTheListNear(t *testing.T) {
	tr := shipped(t)
	proof, _ := tr.Prove()
	taps := proof.Questions + 1 + len(tr.Quiz.Part("finality").Items) // the button, and the small questions
	if taps > maxTaps {
		t.Errorf("%d taps to the first list, more than %d", taps, maxTaps)
	}
}

func TestParseQuizNamesEachFault(t *testing.T) {
	data, err := os.ReadFile("../../knowledge/quiz/quiz.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ code, old, new string }{
		{"Q001", "format: 1", "form: 1"},
		{"Q002", "format: 1", "format: 2"},
		{"Q003", "slot: interest", "slot: hobby"},
		{"Q004", "most: 3", "most: 9"},
		{"Q005", "      - id: C", "      - {id: X, a: {ict: 1}, b: {ict: 1}}\n      - id: C"},
		{"Q006", "id: C", "id: cc"},
		{"Q006", "id: C", "id: B"},
		{"Q007", "a: {wood", "yes: {wood"},
		{"Q008", "a: {wood: 3, architecture-design: 2, painting-decoration: 1}", "a: {}"},
		{"Q009", "wood: 3", "woods: 3"},
		{"Q010", "wood: 3", "wood: 30"},
		{"Q011", "{electricity: 3,", "{"},
		{"Q012", "wood: 3", "wood: 2"},
		{"Q013", "both: {nl", "two: {nl"},
	} {
		text := string(data)
		if c.code == "Q011" { // every weight of a field
			text = strings.ReplaceAll(text, "maritime: 3, ", "")
			text = strings.NewReplacer(", maritime: 2", "", ", maritime: 1", "").Replace(text)
		} else {
			text = strings.Replace(text, c.old, c.new, 1)
		}
		if text == string(data) {
			t.Fatalf("%s: the fixture changes nothing", c.code)
		}
		_, err := ParseQuiz("quiz.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), c.code) {
			t.Errorf("%q to %q: got %v, want %s", c.old, c.new, err, c.code)
			continue
		}
		if !strings.Contains(err.Error(), "quiz.yaml:") {
			t.Errorf("%v does not say where", err)
		}
	}
}

func TestHelpIsNeverInTheWay(t *testing.T) {
	tr := shipped(t)
	unsure := Input{Command: "unsure"}
	start := turn(tr, State{}, Input{Start: true, Lang: catalogue.NL}).State
	for _, v := range []string{"pupil", "grade2"} {
		start = turn(tr, start, Input{Press: &Press{Name: tr.Open(start), Values: []string{v}}}).State
	}
	t.Run("who never knows reaches the list", func(t *testing.T) {
		s := start
		for n := 2; tr.Place(s) != ""; n++ {
			if n >= maxQuestions {
				t.Fatalf("still at %q after %d questions", tr.Place(s), n)
			}
			in := unsure
			if _, _, ok := tr.QuizItem(s); ok {
				in = Input{Command: "skip"} // as the shell reads it
			}
			s = turn(tr, s, in).State
		}
	})
	t.Run("a later answer passes the small questions", func(t *testing.T) {
		helped := turn(tr, start, unsure).State
		s := turn(tr, helped, Input{Tell: []Told{{"interest", []string{"vehicles"}}}}).State
		if got := tr.Place(s); got != "place" {
			t.Errorf("got to %q, want place", got)
		}
		back := turn(tr, s, Input{Command: "back"}).State
		if _, _, ok := tr.QuizItem(back); !ok {
			t.Errorf("back leads to %q, want the small question", tr.Open(back))
		}
	})
	t.Run("an earlier answer does not", func(t *testing.T) {
		s := turn(tr, turn(tr, start, unsure).State, Input{Tell: []Told{{"stage", []string{"primary"}}}}).State
		if _, _, ok := tr.QuizItem(s); !ok {
			t.Errorf("got to %q, want the small question", tr.Open(s))
		}
	})
	t.Run("a later answer passes the offer of the quiz", func(t *testing.T) {
		s := turn(tr, atInterest(t, tr), unsure).State
		if s = turn(tr, s, Input{Tell: []Told{{"place", []string{"1080"}}}}).State; tr.Place(s) != "reach" {
			t.Errorf("got to %q, want reach", tr.Place(s))
		}
	})
}
