package app

import (
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"wegwijs": Main}) }

func TestProgram(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"freeport": freePort, "waitready": waitReady},
	})
}

// freePort sets a variable to an address on this machine that nobody listens on.
func freePort(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], l.Addr().String())
	ts.Check(l.Close())
}

// waitReady waits until the program in the background answers there.
func waitReady(ts *testscript.TestScript, _ bool, args []string) {
	for range 3000 {
		resp, err := http.Get("http://" + args[0] + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s does not get ready", args[0])
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
