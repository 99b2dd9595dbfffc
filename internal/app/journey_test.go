package app

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"wegwijs/bot/channel/web/webtest"
)

// start runs the whole program on a free port and returns its address.
func start(t *testing.T, flags ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var out screen
	done := make(chan error, 1)
	args := append([]string{"serve", "--addr", "127.0.0.1:0", "--database", "file:" + t.TempDir() + "/wegwijs.db"}, flags...)
	go func() { done <- run(ctx, args, func(string) string { return "" }, strings.NewReader(""), &out, &out) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	address := regexp.MustCompile(`http://localhost:\d+`)
	for range 3000 {
		if at := address.FindString(out.String()); at != "" {
			return strings.Replace(at, "localhost", "127.0.0.1", 1)
		}
		select {
		case err := <-done:
			done <- nil
			t.Fatalf("serve: %v\n%s", err, out.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatalf("serve says no address:\n%s", out.String())
	return ""
}

func TestJourneyInTheBrowser(t *testing.T) {
	base := start(t)
	for _, j := range []struct {
		name string
		o    webtest.Options
		talk func(p *webtest.Page)
	}{
		{"a pupil on a phone by buttons and text, in Dutch", webtest.Options{Width: 360, Height: 740, Phone: true}, func(p *webtest.Page) {
			p.Press("Leerling")
			p.See("In welk jaar zit je")
			p.Say("ik zit in het 4de, hou van auto's en woon in Molenbeek")
			p.See("Wat wil je na het 6de jaar")
			p.Press("Sla over")
			p.See("Hoe ver mag het zijn")
			p.Press("In heel Brussel")
			p.See("Autotechnieken")
			p.See("Sint-Pieters-Woluwe")
			p.Shot("phone-results")
		}},
		{"a father without a script, in French", webtest.Options{Width: 1280, Height: 800, NoScript: true, Lang: "fr"}, func(p *webtest.Page) {
			p.Press("Parent")
			p.See("En quelle année est ton enfant")
			p.Say("ma fille est en 6e secondaire, double finalité, elle aime la chimie, on habite à Laeken")
			p.See("Jusqu'où peut-on chercher")
			p.Press("Aussi plus loin")
			p.See("Chimie")
			p.Shot("noscript-results")
		}},
		{"a jobseeker in the dark, in English, at a kiosk's size", webtest.Options{Width: 1920, Height: 1080, Dark: true, Lang: "en"}, func(p *webtest.Page) {
			p.Say("I am a jobseeker, I want to learn welding near Schaerbeek")
			p.See("Welder")
			p.Shot("kiosk-dark-results")
		}},
	} {
		t.Run(j.name, func(t *testing.T) {
			p := webtest.Open(t, base, j.o)
			p.Visit("/")
			j.talk(p)
			p.Fits()
		})
	}
}

func TestOperations(t *testing.T) {
	base := start(t)
	for path, want := range map[string]int{
		"/healthz": 200, "/readyz": 200, "/metrics": 200, "/openapi.json": 200, "/privacy": 200, "/nowhere": 404, "/api/v1/nowhere": 404,
	} {
		resp, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s answers %d, want %d", path, resp.StatusCode, want)
		}
		if resp.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s lacks its security headers", path)
		}
	}
}
