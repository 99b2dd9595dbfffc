package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"wegwijs/bot"
)

// post sends JSON and returns the status and the body.
func post(t *testing.T, url, body string) (int, []byte) {
	t.Helper()
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, data
}

// talk holds a conversation over the API: "/x" is the choice x, anything else text.
func talk(t *testing.T, base, lang string, lines ...string) bot.Reply {
	t.Helper()
	var r bot.Reply
	for _, line := range lines {
		q := map[string]any{"session": r.Session, "text": line}
		if c, ok := strings.CutPrefix(line, "/"); ok {
			q = map[string]any{"session": r.Session, "choice": c}
		}
		if r.Session == "" {
			q["language"] = lang
		}
		body, _ := json.Marshal(q)
		status, data := post(t, base+"/api/v1/chat", string(body))
		if status != 200 {
			t.Fatalf("%q answers %d: %s", line, status, data)
		}
		r = bot.Reply{}
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestEveryWayOfTalkingEndsInCoursesThatFit(t *testing.T) {
	base := start(t)
	ways := []struct {
		way   string
		lines map[string][]string
	}{
		{"by buttons only", map[string][]string{
			"nl": {"/pupil", "/grade2", "/skip", "/vehicles", "/skip"},
			"fr": {"/pupil", "/grade2", "/skip", "/vehicles", "/skip"},
			"en": {"/pupil", "/grade2", "/skip", "/vehicles", "/skip"},
		}},
		{"by text only", map[string][]string{
			"nl": {"ik ben leerling", "4de middelbaar", "maakt niet uit", "auto's", "Molenbeek", "heel brussel"},
			"fr": {"je suis élève", "4e secondaire", "je ne sais pas", "les voitures", "Molenbeek", "tout Bruxelles"},
			"en": {"I'm a pupil", "fourth year", "I don't know", "cars", "Molenbeek", "all of Brussels"},
		}},
		{"by one long sentence", map[string][]string{
			"nl": {"ik zit in het 4de, hou van auto's en woon in Molenbeek"},
			"fr": {"je suis en 4e secondaire, j'aime les voitures et j'habite à Molenbeek"},
			"en": {"I am in the fourth year of secondary school, I love cars and I live in Molenbeek"},
		}},
	}
	for _, w := range ways {
		for lang, lines := range w.lines {
			t.Run(w.way+" in "+lang, func(t *testing.T) {
				r := talk(t, base, lang, lines...)
				var courses []bot.Course
				for _, m := range r.Messages {
					courses = append(courses, m.Courses...)
				}
				if !r.Done || len(courses) == 0 || len(courses) > 5 {
					t.Fatalf("done %v with %d courses after %q: %+v", r.Done, len(courses), lines, r.Profile)
				}
				if string(r.Language) != lang || r.Profile.Stage != "grade2" {
					t.Errorf("language %s, profile %+v", r.Language, r.Profile)
				}
				finalities := map[string]bool{}
				for _, c := range courses {
					finalities[string(c.Finality)] = true
					if c.Level != "grade3" || !strings.Contains(fmt.Sprint(c.Fields), "vehicles") {
						t.Errorf("%s (%s %v) does not fit", c.ID, c.Level, c.Fields)
					}
					if len(c.Why) == 0 || c.Source == "" || c.AsOf == "" || c.Title == "" || c.Summary == "" {
						t.Errorf("%s lacks why, source, as_of, title or summary", c.ID)
					}
				}
				if len(finalities) < 2 {
					t.Errorf("only %v shows, though nobody chose", finalities)
				}
			})
		}
	}
}

func TestBadInputLosesNothing(t *testing.T) {
	base := start(t)
	r := talk(t, base, "nl", "/pupil", "/grade2")
	session := string(r.Session)
	for name, bad := range map[string]struct {
		body   string
		status int
	}{
		"an unknown choice":   {`{"session":"` + session + `","choice":"grade9"}`, 400},
		"broken JSON":         {`{"session":"` + session + `","text":`, 400},
		"a wrong type":        {`{"session":"` + session + `","text":7}`, 400},
		"two things at once":  {`{"session":"` + session + `","text":"a","choice":"grade1"}`, 400},
		"two megabytes":       {`{"session":"` + session + `","text":"` + strings.Repeat("x", 2<<20) + `"}`, 413},
		"4,000 emoji":         {`{"session":"` + session + `","text":"` + strings.Repeat("🛠", 4000) + `"}`, 422},
		"an unknown session":  {`{"session":"nobody","text":"hallo"}`, 404},
		"a place off the map": {`{"session":"` + session + `","location":{"lat":900,"lon":4}}`, 400},
	} {
		t.Run(name, func(t *testing.T) {
			status, data := post(t, base+"/api/v1/chat", bad.body)
			var p struct {
				Type, Title, Detail string
				Status              int
			}
			if err := json.Unmarshal(data, &p); err != nil || status != bad.status || p.Status != bad.status || p.Title == "" {
				t.Errorf("answers %d %.200s, want a problem of %d", status, data, bad.status)
			}
		})
	}
	status, data := post(t, base+"/api/v1/chat", `{"session":"`+session+`","choice":"dubbel","message_id":"m1"}`)
	if status != 200 {
		t.Fatalf("the session is gone: %d %s", status, data)
	}
	status, again := post(t, base+"/api/v1/chat", `{"session":"`+session+`","choice":"dubbel","message_id":"m1"}`)
	if status != 200 || !bytes.Equal(data, again) {
		t.Errorf("the same message_id answered otherwise:\n%s\n%s", data, again)
	}
}

func TestImageHoldsWhatItSays(t *testing.T) {
	file, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"CGO_ENABLED=0 go build", "distroless/static-debian12:nonroot", `ENTRYPOINT ["/wegwijs"]`, "--chown=65532:65532"} {
		if !strings.Contains(string(file), line) {
			t.Errorf("Dockerfile lacks %q", line)
		}
	}
	if testing.Short() {
		t.Skip("builds the binary")
	}
	binary := t.TempDir() + "/wegwijs"
	build := exec.Command("go", "build", "-trimpath", "-o", binary, "../..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// A static binary needs nothing of the system: it runs in an empty one.
	run := exec.Command(binary, "version")
	run.Env = nil
	if out, err := run.CombinedOutput(); err != nil || !strings.Contains(string(out), "wegwijs") {
		t.Errorf("%v: %s", err, out)
	}
	if out, err := exec.Command("go", "version", "-m", binary).CombinedOutput(); err != nil || !strings.Contains(string(out), "CGO_ENABLED=0") {
		t.Errorf("the binary needs C: %s", out)
	}
}
