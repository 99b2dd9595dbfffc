package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"wegwijs/knowledge/catalogue"
	"wegwijs/seeds"
)

// A screen is what a running command writes, to be read meanwhile.
type screen struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(b)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}

// wait returns the first match, or fails.
func (s *screen) wait(t *testing.T, what string, n int) string {
	t.Helper()
	form := regexp.MustCompile(what)
	for range 18_000 { // the race detector makes a reload slow
		if m := form.FindAllString(s.String(), -1); len(m) >= n {
			return m[n-1]
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%q does not appear %d times in:\n%.4000s", what, n, s)
	return ""
}

// tell sends JSON and reads the answer into out.
func tell(url, path, body string, out any) error {
	r, err := http.Post(url+path, "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: status %d", path, r.StatusCode)
	}
	return json.NewDecoder(r.Body).Decode(out)
}

// knows asks whether the running service has a course.
func knows(t *testing.T, url, id string) bool {
	t.Helper()
	r, err := http.Get(url + "/api/v1/courses/" + id)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	return r.StatusCode == http.StatusOK
}

// newCourse is a course that the shipped seeds do not have.
const newCourse = `
  - id: syntra-proef-%d
    level: training
    fields: [wood]
    title: {nl: Proefcursus %[1]d, fr: Cours d'essai %[1]d, en: Trial course %[1]d}
    summary: {nl: Je proeft., fr: Tu essaies., en: You try.}
    keywords: {nl: [proefcursus], fr: [essai], en: [trial]}
    leads_to: [work]
    source: page
    as_of: "2026"
    confidence: high
`

func TestReloadUnderTrafficLosesNoTurn(t *testing.T) {
	if testing.Short() {
		t.Skip("holds conversations for some seconds")
	}
	const reloads, visitors = 10, 8
	// A signal that comes before the service listens for it would end the test.
	ignored := make(chan os.Signal, 1)
	signal.Notify(ignored, syscall.SIGHUP)
	defer signal.Stop(ignored)

	dir := t.TempDir()
	folder := filepath.Join(dir, "seeds")
	if err := os.CopyFS(folder, seeds.Embedded()); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"WEGWIJS_SEEDS": folder, "WEGWIJS_ADDR": "127.0.0.1:0", "WEGWIJS_DATABASE": "file:" + filepath.Join(dir, "t.db"),
	}
	var out screen
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"serve"}, func(k string) string { return env[k] }, strings.NewReader(""), &out, &out)
	}()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	}()
	url := out.wait(t, `http://localhost:\d+`, 1)

	var turns, asked atomic.Int64
	var traffic sync.WaitGroup
	quiet := make(chan struct{})
	said := []string{"", "ik zit in het 4de", "hout", "1080", "terug", "wat is okan", "help", "ik hou van auto's"}
	for v := range visitors {
		traffic.Go(func() {
			var reply struct {
				Session  string `json:"session"`
				Turn     int    `json:"turn"`
				Messages []any  `json:"messages"`
			}
			for turn := 1; ; turn++ {
				select {
				case <-quiet:
					return
				default:
				}
				before := reply.Session
				body := fmt.Sprintf(`{"session":%q,"text":%q}`, before, said[(turn+v)%len(said)])
				if err := tell(url, "/api/v1/chat", body, &reply); err != nil {
					t.Errorf("visitor %d, turn %d: %v", v, turn, err)
					return
				}
				if reply.Turn != turn || before != "" && reply.Session != before || len(reply.Messages) == 0 {
					t.Errorf("visitor %d: got turn %d of %q with %d messages, want turn %d of %q", v, reply.Turn, reply.Session, len(reply.Messages), turn, before)
					return
				}
				turns.Add(1)
				var answer struct {
					Reply string `json:"reply"`
				}
				if err := tell(url, "/api/v1/ask", `{"text":"lassen in molenbeek","language":"nl"}`, &answer); err != nil || answer.Reply == "" {
					t.Errorf("visitor %d: ask: %q, %v", v, answer.Reply, err)
					return
				}
				asked.Add(1)
				time.Sleep(25 * time.Millisecond) // leaves time for the reloads on a small machine
			}
		})
	}

	hup := func() {
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(folder, "syntra.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= reloads; n++ {
		id := fmt.Sprintf("syntra-proef-%d", n)
		if knows(t, url, id) {
			t.Fatalf("%s is known before it exists", id)
		}
		text = append(text, fmt.Sprintf(newCourse, n)...)
		put(t, path, text)
		hup()
		out.wait(t, `"msg":"reloaded"`, n)
		if !knows(t, url, id) {
			t.Errorf("%s is not known after the reload", id)
		}
	}
	// A field that does not exist.
	broken := strings.Replace(string(text), "id: syntra-proef-10\n    level: training", "id: syntra-proef-10\n    levle: training", 1)
	put(t, path, []byte(broken))
	hup()
	line := 1 + strings.Count(broken[:strings.Index(broken, "levle")], "\n")
	out.wait(t, fmt.Sprintf(`the old knowledge stays","err":"syntra.yaml:%d:5: `, line), 1)
	if !knows(t, url, "syntra-proef-10") {
		t.Error("broken seeds took the old knowledge away")
	}
	// Mended, it goes on.
	put(t, path, append(text, fmt.Sprintf(newCourse, 99)...))
	hup()
	out.wait(t, `"msg":"reloaded"`, reloads+1)
	if !knows(t, url, "syntra-proef-99") {
		t.Error("the mended seeds are not known")
	}
	close(quiet)
	traffic.Wait()
	t.Logf("%d turns and %d questions during %d reloads", turns.Load(), asked.Load(), reloads+2)
	if turns.Load() < visitors*reloads {
		t.Errorf("got %d turns: too little traffic to prove anything", turns.Load())
	}
}

// put replaces a file at once, as the import does.
func put(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path+".new", text, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func TestTheToldLimitsAreThoseOfStale(t *testing.T) {
	for kind, n := range months {
		end := time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
		if isStale(kind, end) || !isStale(kind, end.AddDate(0, 0, 1)) {
			t.Errorf("kind %d: the limit is not %d months", kind, n)
		}
	}
}

func isStale(k catalogue.Kind, on time.Time) bool { return catalogue.Stale(k, "2025", on) }
