package intake

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	largeList = 100 << 20 // bytes
	maxMemory = 256 << 20 // bytes that an import of it may take
)

// TestAHundredMegabytesFitInBoundedMemory runs the import in a process of its
// own, so that what is measured is what the system gave it.
func TestAHundredMegabytesFitInBoundedMemory(t *testing.T) {
	if path := os.Getenv("INTAKE_LARGE"); path != "" {
		importLarge(t, path)
		return
	}
	if testing.Short() {
		t.Skip("reads 100 MB, several times")
	}
	if runtime.GOOS != "linux" {
		t.Skip("reads the peak of memory as Linux tells it")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, want string
		write      func(w *bufio.Writer) // until the file is large
	}{
		{"rows of a whole country", "taken in", func(w *bufio.Writer) {
			w.WriteString(header)
			for i := range 900_000 {
				switch {
				case i%1000 == 0: // ours
					fmt.Fprintf(w, "2026-2027;%06d;\"School \"\"%d\"\"\";Straat %d;1080;Sint-Jans-Molenbeek;Hout;3;Arbeidsmarktfinaliteit;gewoon\r\n", i, i, i)
				case i%3 == 0: // ours, elsewhere
					fmt.Fprintf(w, "2026-2027;%06d;Een school met een lange naam %d;Straat van de school %d;9000;Gent;Hout;3;Arbeidsmarktfinaliteit;gewoon\r\n", i, i, i)
				default: // not ours, each with a name of its own
					fmt.Fprintf(w, "2026-2027;%06d;Een school met een lange naam %d;Straat van de school %d;9000;Gent;Richting %d;3;Arbeidsmarktfinaliteit;gewoon\r\n", i, i, i, i)
				}
			}
		}},
		{"one row without end", "row of more than", func(w *bufio.Writer) {
			w.WriteString(header + "2026-2027;11;\"")
			for range largeList / 16 {
				w.WriteString("fifteen letters\n")
			}
		}},
		{"every row broken", "and more", func(w *bufio.Writer) {
			w.WriteString(header)
			for range largeList / 16 {
				w.WriteString("fifteen;letters\n")
			}
		}},
		{"JSON lines", "taken in", func(w *bufio.Writer) {
			for i := range 600_000 {
				fmt.Fprintf(w, `{"Schooljaar":"2026-2027","Instellingsnummer":"%06d","Naam instelling":"Een school met een lange naam %d","Postcode":9000,"Gemeente":"Gent","Naam studierichting":"Richting %d","Graad":3}`+"\n", i, i, i)
			}
		}},
		{"JSON array without end", "row of more than", func(w *bufio.Writer) {
			w.WriteString(`[{"Instellingsnummer":[`)
			for range largeList / 16 {
				w.WriteString(`"fifteen char",` + "\n")
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "large.csv")
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			w := bufio.NewWriterSize(f, 1<<20)
			tt.write(w)
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			info, _ := f.Stat()
			f.Close()
			if info.Size() < largeList*95/100 {
				t.Fatalf("the list has %d MB, want 100", info.Size()>>20)
			}
			cmd := exec.Command(exe, "-test.run=^TestAHundredMegabytesFitInBoundedMemory$", "-test.v")
			cmd.Env = append(os.Environ(), "INTAKE_LARGE="+path)
			start := time.Now()
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%.2000s", err, out)
			}
			if !strings.Contains(string(out), tt.want) {
				t.Errorf("got %.2000s, want %q", out, tt.want)
			}
			peak := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
			t.Logf("%d MB in %.1f s, at most %d MB of memory: %s", info.Size()>>20, time.Since(start).Seconds(), peak>>20, lastLine(string(out)))
			if peak > maxMemory {
				t.Errorf("took %d MB of memory, want at most %d", peak>>20, maxMemory>>20)
			}
		})
	}
}

func lastLine(out string) string {
	for line := range strings.Lines(out) {
		if _, rest, ok := strings.Cut(line, "result: "); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// importLarge is the other process.
func importLarge(t *testing.T, path string) {
	start := time.Now()
	r, err := Run(context.Background(), Options{Folder: seedsCopy(t), Files: []string{path}, Mapping: "so-offers", AsOf: "2026-2027"})
	if err != nil {
		t.Logf("result: %.3000v", err)
		return
	}
	n := r.Files[0].Rows
	t.Logf("result: taken in, %d rows, %.0f rows/s, %d new, %d suspicious", n, float64(n)/time.Since(start).Seconds(), len(r.New), len(r.Suspicious))
}
