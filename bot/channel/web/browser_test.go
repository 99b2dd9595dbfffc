package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"wegwijs/bot/channel/web/webtest"
)

// guarded adds the headers that the server sets, so that the journeys prove
// that the pages need no more.
func guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		h.ServeHTTP(w, r)
	})
}

func serveFake(t *testing.T) (base string, f *fake) {
	t.Helper()
	f = newFake()
	s := httptest.NewServer(guarded(open(t, f)))
	t.Cleanup(s.Close)
	return s.URL, f
}

type device struct {
	name          string
	width, height int64
	phone         bool
}

var devices = []device{{"phone", 360, 740, true}, {"laptop", 1280, 800, false}, {"desk", 1920, 1080, false}}

// TestJourney is one conversation from greeting to forgetting, on every device,
// in the light and the dark, with and without a script.
func TestJourney(t *testing.T) {
	for _, d := range devices {
		for _, dark := range []bool{false, true} {
			for _, noScript := range []bool{false, true} {
				o := webtest.Options{Width: d.width, Height: d.height, Phone: d.phone, Dark: dark, NoScript: noScript}
				name := d.name + map[bool]string{false: "-light", true: "-dark"}[dark] + map[bool]string{false: "", true: "-noscript"}[noScript]
				t.Run(name, func(t *testing.T) {
					base, _ := serveFake(t)
					journey(t, webtest.Open(t, base, o), name)
				})
			}
		}
	}
}

func journey(t *testing.T, p *webtest.Page, name string) {
	n := 0
	look := func(what string) {
		t.Helper()
		p.Fits()
		n++
		p.Shot(fmt.Sprintf("%s-%02d-%s", name, n, what))
	}
	p.Visit("/")
	p.See("Dag! Ik ben Wegwijs.")
	look("hello")
	p.Press("Voor mezelf, ik zit op school")
	p.See("In welk jaar zit je nu?")
	p.Press("3de of 4de middelbaar")
	p.See("Wat vind je leuk?")
	p.Press("⚡ Elektriciteit")
	p.Press("🤖 Elektronica en robots")
	look("several")
	p.Press("Kies deze")
	p.See("Waar woon je?")
	look("place")
	p.Say("1080")
	p.See("Hoe ver mag het zijn?")
	p.Press("Heel Brussel")
	p.See("Ik vond 12 richtingen")
	look("results")
	p.Whole(fmt.Sprintf("%s-%02d-whole", name, n))
	p.Press("Nog 1 plaats")
	p.See("GO! atheneum Anderlecht")
	p.Press("Meer info over Elektrotechnieken")
	p.See("Wat je nodig hebt")
	look("details")
	p.Press("Bewaar: Elektrotechnieken")
	p.See("Er staat nu 1 opleiding op je lijst.")
	p.Press("Naar de resultaten")
	p.See("Vergelijk")
	p.Press("Vergelijk")
	p.See("Dichtste plaats")
	look("compare")
	p.Say("wat is dubbele finaliteit, kan ze nog naar de universiteit")
	p.See("Wat is dubbele finaliteit?")
	look("answer")
	p.Say("bonjour je cherche une école")
	p.See("Tu veux continuer en français ?")
	look("offer")
	p.Say("boeit niet ik wil er niet meer zijn")
	p.See("Je staat er niet alleen voor.")
	look("crisis")
	p.Press("Privacy")
	p.See("Je privacy")
	look("privacy")
	p.Press("Toon mijn gegevens")
	p.See(`"place": "1080"`)
	look("export")
	p.Press("Wis alles")
	p.See("Wil je alles wissen?")
	look("sure")
	p.Press("Wis alles")
	p.See("Alles is gewist.")
	look("forgotten")
}

func TestEveryPageIsAccessible(t *testing.T) {
	for _, lang := range []string{"nl", "fr", "en"} {
		for _, dark := range []bool{false, true} {
			for _, d := range devices[:2] {
				t.Run(fmt.Sprint(lang, " dark ", dark, " ", d.name), func(t *testing.T) {
					base, _ := serveFake(t)
					p := webtest.Open(t, base, webtest.Options{Lang: lang, Dark: dark, Width: d.width, Height: d.height, Phone: d.phone})
					p.Visit("/")
					p.See("Wegwijs")
					p.Axe()
					for _, say := range []string{"a", "b", "c", "d", "e", "wat is dubbele finaliteit", "bonjour", "ik wil er niet meer zijn"} {
						p.Say(say)
					}
					p.See("Je staat er niet alleen voor.")
					p.Axe()
					p.Fits()
					p.Visit("/privacy?l=" + lang)
					p.Axe()
					p.Fits()
					p.Shot("privacy-" + lang + "-" + d.name)
				})
			}
		}
	}
}

func TestTheKeyboardAloneIsEnough(t *testing.T) {
	base, _ := serveFake(t)
	p := webtest.Open(t, base, webtest.Options{})
	p.Visit("/")
	p.See("Voor wie zoek je?")
	focused := func(want string) bool {
		return p.Is(`(document.activeElement?.textContent ?? "").replace(/\s+/g, " ").trim().startsWith("` + want + `")`)
	}
	for range 15 {
		if focused("Voor mijn kind") {
			break
		}
		p.Keys("\t")
	}
	if !focused("Voor mijn kind") {
		t.Fatal("Tab does not reach the second answer")
	}
	if !p.Is(`getComputedStyle(document.activeElement).outlineStyle !== "none" && parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2`) {
		t.Error("the focus cannot be seen")
	}
	p.Shot("keyboard-focus")
	p.Keys("\r")
	p.See("In welk jaar zit je nu?")
	if !p.Is(`document.activeElement.matches(".turn") && document.activeElement.textContent.includes("In welk jaar")`) {
		t.Error("the focus is not at the new question")
	}
	p.Keys("\t\r") // the first answer below it
	p.See("Wat vind je leuk?")
	p.Keys("\t ") // tick the first box
	if !p.Is(`document.activeElement.checked`) {
		t.Error("Space does not tick the box")
	}
	p.Say("ict")
	p.See("Waar woon je?")
	if !p.Is(`document.activeElement.id === "text" && document.activeElement.value === ""`) {
		t.Error("after typing, the focus or the text is not where it should be")
	}
}

func TestOfflineKeepsTheText(t *testing.T) {
	base, f := serveFake(t)
	p := webtest.Open(t, base, webtest.Options{Width: 360, Height: 740, Phone: true, Errors: 1})
	p.Visit("/")
	p.See("Voor wie zoek je?")
	before := f.turns
	p.Offline(true)
	p.See("Je bent offline.")
	p.Say("mijn lange vraag")
	p.See("Je bent offline.")
	if !p.Is(`document.querySelector("#text").value === "mijn lange vraag"`) {
		t.Error("the text is gone")
	}
	p.Shot("offline")
	p.Offline(false)
	p.Keys("\r")
	p.See("In welk jaar zit je nu?")
	if got := f.turns - before; got != 1 {
		t.Errorf("got %d turns, want 1", got)
	}
}

func TestADoublePressIsOneTurn(t *testing.T) {
	base, f := serveFake(t)
	p := webtest.Open(t, base, webtest.Options{})
	p.Visit("/")
	p.See("Voor wie zoek je?")
	before := f.turns
	p.Is(`[...document.querySelectorAll("button")].find(b => b.textContent.includes("mijn kind")).click(), [...document.querySelectorAll("button")].find(b => b.textContent.includes("mijn kind")).click(), true`)
	p.See("In welk jaar zit je nu?")
	if got := f.turns - before; got != 1 {
		t.Errorf("got %d turns, want 1", got)
	}
	if p.Is(`performance.getEntriesByType("navigation")[0].type === "reload" || document.querySelectorAll(".turn").length !== 2`) {
		t.Error("the page was loaded again")
	}
}

func TestTheScriptSwitchesThePageWhenTheLanguageChanges(t *testing.T) {
	base, _ := serveFake(t)
	p := webtest.Open(t, base, webtest.Options{})
	p.Visit("/")
	p.Say("bonjour je cherche")
	p.See("Tu veux continuer en français ?")
	p.Press("Oui, en français")
	p.See("Envoyer")
	p.See("En quelle année es-tu ?")
	if !p.Is(`document.documentElement.lang === "fr" && location.search === ""`) {
		t.Error("the page is not in French")
	}
}

func TestMarkupThatIsTypedStaysText(t *testing.T) {
	base, _ := serveFake(t)
	p := webtest.Open(t, base, webtest.Options{})
	p.Visit("/")
	for _, s := range hostile {
		p.Say(strings.Map(func(r rune) rune {
			if r < ' ' || r == '\u202e' {
				return ' '
			}
			return r
		}, s))
	}
	p.See("<svg/onload=alert(1)>")
	if p.Is(`document.querySelector(".own script, .own img, .own svg, .own a, .own iframe")`) {
		t.Error("what was typed is live")
	}
}

func TestZoomedFourTimesAndForcedColours(t *testing.T) {
	base, _ := serveFake(t)
	p := webtest.Open(t, base, webtest.Options{Width: 320, Height: 200})
	p.Visit("/")
	p.See("Voor wie zoek je?")
	p.Fits()
	p.Whole("zoom-400")
	p = webtest.Open(t, base, webtest.Options{Forced: true})
	p.Visit("/")
	p.See("Voor wie zoek je?")
	p.Shot("forced-colours")
}
