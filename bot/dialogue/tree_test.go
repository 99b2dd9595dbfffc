package dialogue

import (
	"os"
	"testing"
)

// shipped is the tree that the program serves.
func shipped(t testing.TB) *Tree {
	t.Helper()
	data, err := os.ReadFile("../../knowledge/tree/studiekeuze.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Parse("studiekeuze.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	if data, err = os.ReadFile("../../knowledge/quiz/quiz.yaml"); err != nil {
		t.Fatal(err)
	}
	if tree.Quiz, err = ParseQuiz("quiz.yaml", data); err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestShippedTreeIsProved(t *testing.T) {
	proof, faults := shipped(t).Prove()
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if proof.Questions > maxQuestions || proof.Paths < 100 {
		t.Errorf("got %+v, want at most %d questions and every path walked", proof, maxQuestions)
	}
	t.Logf("%d states, %d paths, at most %d questions", proof.States, proof.Paths, proof.Questions)
}
