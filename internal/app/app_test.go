package app

import (
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"wegwijs": Main}) }

func TestProgram(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"waitfile": waitFile},
	})
}

// waitFile waits until a file exists: the sign that a program in the
// background has got that far.
func waitFile(ts *testscript.TestScript, _ bool, args []string) {
	for range 3000 {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s does not appear", args[0])
}

func TestFormulaCellsAreInert(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "Hout": "Hout", "=1+1": "'=1+1", " +cmd": "' +cmd", "\t@x": "'\t@x", "\u00a0-2": "'\u00a0-2", "a=b": "a=b",
	} {
		if got := inert(cell); got != want {
			t.Errorf("inert(%q) = %q, want %q", cell, got, want)
		}
	}
}
