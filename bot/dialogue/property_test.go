package dialogue

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"wegwijs/knowledge/catalogue"
)

// through sends a state through JSON, as every store does between two turns.
func through(t interface{ Fatal(...any) }, s State) State {
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back State
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

// turn steps and answers every search with a list that fits.
func turn(tr *Tree, s State, in Input) Outcome {
	out := tr.Step(s, in)
	for out.Find != nil {
		say := out.Say
		out = tr.Step(out.State, Input{Found: &Found{Total: 7, Inside: 3, Anywhere: 7, Shown: []string{"so-hout-2", "so-bouw-2"}}})
		out.Say = append(say, out.Say...)
	}
	return out
}

// anyInput draws something that a visitor may do.
func anyInput(t *rapid.T, tr *Tree, s State) Input {
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		return Input{Command: rapid.SampledFrom(Verbs).Draw(t, "verb"), Arg: rapid.SliceOfN(rapid.SampledFrom([]string{"fr", "so-hout-2", "interest", "zz"}), 0, 2).Draw(t, "arg")}
	case 1:
		return Input{Miss: true, Maybe: rapid.SliceOfN(rapid.SampledFrom([]string{"grade2", "ict", "x"}), 0, 2).Draw(t, "maybe")}
	case 2:
		var told []Told
		for range rapid.IntRange(1, 3).Draw(t, "told") {
			slot := rapid.SampledFrom(tr.Slots).Draw(t, "slot")
			told = append(told, Told{slot.Name, []string{anyValue(t, slot)}})
		}
		return Input{Tell: told}
	case 3:
		slot := rapid.SampledFrom(tr.Slots).Draw(t, "slot")
		return Input{Press: &Press{Turn: rapid.IntRange(0, s.Turn+1).Draw(t, "turn"), Name: slot.Name, Values: []string{anyValue(t, slot)}}}
	case 4:
		return Input{Press: &Press{Turn: rapid.IntRange(0, s.Turn+1).Draw(t, "turn"), Name: rapid.SampledFrom(append([]string{"zz"}, Verbs...)).Draw(t, "verb")}}
	case 5:
		return Input{Aside: true}
	case 6:
		id := rapid.SampledFrom([]string{"A", "B", "1", "2", "stop", "Z"}).Draw(t, "item")
		if now, _, ok := tr.QuizItem(s); ok {
			id = now
		}
		values := []string{id, rapid.SampledFrom([]string{"a", "both", "neither", "yes", "no", "zz"}).Draw(t, "choice")}
		return Input{Press: &Press{Turn: rapid.IntRange(0, s.Turn+1).Draw(t, "turn"), Name: "quiz", Values: values[:rapid.IntRange(0, 2).Draw(t, "values")]}}
	}
	return answer(t, tr, s)
}

func anyValue(t *rapid.T, slot Slot) string {
	if slot.Type == Place {
		return rapid.SampledFrom([]string{"1080", "1000", "1500", "12", "x"}).Draw(t, "place")
	}
	return rapid.SampledFrom(append([]string{"nonsense"}, slot.Values...)).Draw(t, "value")
}

// answer draws a right answer to the open question, or a skip.
func answer(t *rapid.T, tr *Tree, s State) Input {
	open := tr.Open(s)
	slot, ok := tr.Slot(open)
	if !ok || rapid.IntRange(0, 5).Draw(t, "skip") == 0 {
		return Input{Command: "skip"}
	}
	v := "1080"
	if slot.Type != Place {
		v = rapid.SampledFrom(slot.Values).Draw(t, "answer")
	}
	return Input{Press: &Press{Turn: s.Asked.Turn, Name: open, Values: []string{v}}}
}

func TestStepIsTotalAndDeterministic(t *testing.T) {
	tr := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		var s State
		for range rapid.IntRange(1, 25).Draw(t, "turns") {
			in := anyInput(t, tr, s)
			out := turn(tr, s, in)
			if again := turn(tr, through(t, s), in); !reflect.DeepEqual(out.Say, again.Say) {
				t.Fatalf("the same state and input said %v, then %v", out.Say, again.Say)
			}
			if len(out.Say) == 0 && !out.Silent && out.Do == "" && !in.Alarm {
				t.Fatalf("nothing was said after %+v", in)
			}
			if out.Silent && !reflect.DeepEqual(out.State, s) {
				t.Fatalf("a silent press changed the state")
			}
			for _, line := range out.Say {
				for _, c := range line.Choices {
					if p, ok := ParseToken(c.Token); !ok || len(c.Token) > maxToken || p.Turn != out.State.Turn {
						t.Fatalf("choice %q has token %q", c.ID, c.Token)
					}
				}
			}
			s = through(t, out.State)
		}
		data, _ := json.Marshal(s)
		if len(data) > 16<<10 {
			t.Fatalf("a state of %d bytes", len(data))
		}
	})
}

func TestBackUndoesAnAnswer(t *testing.T) {
	tr := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		var s State
		s = turn(tr, s, Input{Start: true, Lang: catalogue.NL}).State
		for tr.Place(s) != "" {
			before := s
			s = turn(tr, s, answer(t, tr, s)).State
			undone := turn(tr, through(t, s), Input{Command: "back"}).State
			if !reflect.DeepEqual(undone.Ans, before.Ans) && len(undone.Ans)+len(before.Ans) > 0 {
				t.Fatalf("after back the answers are %v, want %v", undone.Ans, before.Ans)
			}
			if got, want := tr.Place(undone), tr.Place(before); got != want {
				t.Fatalf("back leads to %q, want %q", got, want)
			}
		}
	})
}

func TestLanguageNeverMovesTheVisitor(t *testing.T) {
	tr := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		var s State
		for range rapid.IntRange(0, 10).Draw(t, "turns") {
			s = turn(tr, s, anyInput(t, tr, s)).State
		}
		switched := turn(tr, s, Input{Command: "lang", Arg: []string{"fr"}}).State
		if tr.Place(switched) != tr.Place(s) || !reflect.DeepEqual(switched.Ans, s.Ans) {
			t.Fatalf("switching the language moved from %q to %q", tr.Place(s), tr.Place(switched))
		}
	})
}

func TestEveryWalkEndsInResults(t *testing.T) {
	tr := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		s := turn(tr, State{}, Input{Start: true, Lang: catalogue.NL}).State
		for n := 0; tr.Place(s) != ""; n++ {
			if n >= maxQuestions {
				t.Fatalf("still asking %q after %d answers", tr.Place(s), n)
			}
			s = turn(tr, s, answer(t, tr, s)).State
		}
	})
}

func TestAnswersSurviveANewTree(t *testing.T) {
	tr := shipped(t)
	next := *tr
	next.Hash = "newer"
	rapid.Check(t, func(t *rapid.T) {
		s := turn(tr, State{}, Input{Start: true, Lang: catalogue.NL}).State
		for range rapid.IntRange(0, 7).Draw(t, "turns") {
			s = turn(tr, s, answer(t, tr, s)).State
		}
		up := turn(&next, s, Input{Aside: true}).State
		if got, want := next.Profile(up), tr.Profile(s); !reflect.DeepEqual(got, want) {
			t.Fatalf("after the upgrade the profile is %+v, want %+v", got, want)
		}
	})
}

func TestStalePresses(t *testing.T) {
	tr := shipped(t)
	start := turn(tr, State{}, Input{Start: true, Lang: catalogue.NL}).State
	press := func(s State, turnNo int, slot, value string) Outcome {
		return turn(tr, s, Input{Press: &Press{Turn: turnNo, Name: slot, Values: []string{value}}})
	}
	role := press(start, start.Turn, "role", "pupil").State
	stage := press(role, role.Turn, "stage", "grade2").State

	t.Run("the same button twice changes nothing", func(t *testing.T) {
		out := press(stage, role.Turn, "stage", "grade2")
		if !out.Silent || !reflect.DeepEqual(out.State, stage) {
			t.Errorf("got %+v, want a silent outcome", out)
		}
	})
	t.Run("another button of an old question corrects the answer", func(t *testing.T) {
		out := press(stage, role.Turn, "stage", "grade1")
		if out.State.answers(tr).slot["stage"].Values[0] != "grade1" || out.Say[0].ID != "say.changed" {
			t.Errorf("got %v and %q, want a correction to grade1", out.State.Ans, out.Say[0].ID)
		}
	})
	t.Run("a question that left the walk is said to be gone", func(t *testing.T) {
		out := press(stage, role.Turn, "track", "1A")
		if out.Say[0].ID != "say.gone" || !reflect.DeepEqual(out.State.Ans, stage.Ans) {
			t.Errorf("got %q and %v, want say.gone and the same answers", out.Say[0].ID, out.State.Ans)
		}
	})
	t.Run("an unknown value is said to be gone", func(t *testing.T) {
		if out := press(stage, stage.Turn, "stage", "grade9"); out.Say[0].ID != "say.gone" {
			t.Errorf("got %q, want say.gone", out.Say[0].ID)
		}
	})
	t.Run("a second press on back does not go back twice", func(t *testing.T) {
		once := turn(tr, stage, Input{Press: &Press{Turn: stage.Turn, Name: "back"}}).State
		if out := turn(tr, once, Input{Press: &Press{Turn: stage.Turn, Name: "back"}}); !out.Silent {
			t.Errorf("got %v, want silence", out.Say)
		}
	})
}

func TestMissLadderNeverRepeats(t *testing.T) {
	tr := shipped(t)
	s := turn(tr, State{}, Input{Start: true, Lang: catalogue.NL}).State
	var seen []string
	for range 3 {
		out := turn(tr, s, Input{Miss: true})
		id := out.Say[len(out.Say)-1].ID
		if slices.Contains(seen, id) {
			t.Errorf("said %q twice", id)
		}
		seen = append(seen, id)
		s = out.State
	}
	if want := []string{"ask.role.retry1", "ask.role.retry2", "say.stuck"}; !slices.Equal(seen, want) {
		t.Errorf("got %v, want %v", seen, want)
	}
}

func TestRelaxingIsSaidStepByStep(t *testing.T) {
	tr := shipped(t)
	s := State{Lang: catalogue.NL}
	out := tr.Step(s, Input{Tell: []Told{
		{"interest", []string{"vehicles"}}, {"stage", []string{"grade2"}}, {"place", []string{"1140"}}, {"reach", []string{"commune"}},
	}})
	var said []string
	for out.Find != nil {
		found := Found{Total: 2, Anywhere: 2, Shown: []string{"so-autotechnieken-3"}}
		if out.Find.Profile.Reach == "around" {
			found.Inside = 1
		}
		out = tr.Step(out.State, Input{Found: &found})
	}
	for _, line := range out.Say {
		said = append(said, line.ID)
	}
	want := []string{"relax.reach", "relax.reach", "results.courses.title", "results.courses.order"}
	if !slices.Equal(said, want) {
		t.Errorf("got %v, want %v", said, want)
	}
}

func FuzzParseToken(f *testing.F) {
	for _, s := range []string{"1:3:stage:grade2", "1:zz:stage:<script>", "", "1:3:save:so-hout-2", "1::", "1:0:x:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := ParseToken(s); ok && p.Token() != s {
			t.Errorf("%q parses but is written %q", s, p.Token())
		}
	})
}

func BenchmarkStep(b *testing.B) {
	tr := shipped(b)
	s := turn(tr, State{}, Input{Start: true, Lang: catalogue.NL}).State
	in := Input{Press: &Press{Turn: s.Turn, Name: "role", Values: []string{"pupil"}}}
	b.ReportAllocs()
	for b.Loop() {
		tr.Step(s, in)
	}
}
