package app

import (
	"cmp"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"wegwijs/bot"
	"wegwijs/bot/channel/web/webtest"
	"wegwijs/knowledge"
	"wegwijs/knowledge/catalogue"
	"wegwijs/seeds"
)

// The maker shares on a phone; the reader opens the link in another browser,
// in another language, and goes on with the list as his own.
func TestShareInTheBrowser(t *testing.T) {
	base := start(t)
	maker := webtest.Open(t, base, webtest.Options{Width: 360, Height: 740, Phone: true})
	maker.Visit("/")
	maker.Say("podiumtechnieken in evere")
	maker.See("podiumtechnieken")
	maker.Press("Bewaar")
	maker.See("Er staat nu 1 opleiding op je lijst")
	maker.Press("Mijn lijst")
	maker.See("Dit is je lijst")
	maker.Press("Deel mijn lijst")
	maker.See("Dit is de link naar je lijst")
	maker.Fits()
	maker.Shot("share-phone")
	link := maker.Value(`document.querySelector(".link .address a").href`)
	if !regexp.MustCompile("^" + base + "/s/[A-Z2-7]{26}$").MatchString(link) {
		t.Fatalf("the link is %q", link)
	}
	if label := maker.Value(`document.querySelector(".link svg").getAttribute("aria-label")`); !strings.Contains(label, "QR") {
		t.Errorf("the code reads %q to who does not see it", label)
	}
	path := strings.TrimPrefix(link, base)
	title := maker.Value(`document.querySelector(".saved .card .official, .saved .card h2").textContent`)

	for _, o := range []webtest.Options{
		{Lang: "fr"}, {Lang: "en", Width: 360, Height: 740, Phone: true, Dark: true}, {Lang: "fr", NoScript: true, Width: 1920, Height: 1080},
	} {
		reader := webtest.Open(t, base, o)
		reader.Visit(path)
		reader.See(map[string]string{"fr": "Elle compte 1 formation", "en": "It has 1 course"}[o.Lang])
		reader.See(title)
		reader.SeeNot("1140")
		reader.Fits()
		if !o.NoScript { // axe is a script
			reader.Axe()
		}
		reader.Whole("shared-" + o.Lang + "-" + strconv.FormatInt(o.Width, 10))
		reader.Press(map[string]string{"fr": "Commencer ta conversation", "en": "Start your own conversation"}[o.Lang])
		reader.See(map[string]string{"fr": "Voici ta liste, avec 1 formation", "en": "This is your list, with 1 course"}[o.Lang])
		reader.See(title)
		reader.SeeNot("1140")
		reader.Fits()
	}

	maker.Press("Stop met delen")
	maker.See("De links naar je lijst werken niet meer")
	late := webtest.Open(t, base, webtest.Options{Errors: 1})
	late.Visit(path)
	late.See("Deze lijst is er niet")
	late.Axe()
	late.Shot("share-gone")
}

// visitor is a browser without a window.
type visitor struct {
	t    *testing.T
	base string
	http.Client
}

func newVisitor(t *testing.T, base string) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, base, http.Client{Jar: jar}}
}

func (v *visitor) choose(choice string) string {
	v.t.Helper()
	return v.read(v.PostForm(v.base+"/", url.Values{"choice": {choice}}))
}

func (v *visitor) read(resp *http.Response, err error) string {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, resp.Body); err != nil || resp.StatusCode != 200 {
		v.t.Fatalf("%s: %v", resp.Status, err)
	}
	return b.String()
}

var pathOfLink = regexp.MustCompile(`/s/([A-Z2-7]{26})`)

// shareOf saves courses and returns the code of a link to them.
func shareOf(t *testing.T, base string, ids []string) string {
	t.Helper()
	v := newVisitor(t, base)
	for _, id := range ids {
		v.choose("save:" + id)
	}
	m := pathOfLink.FindStringSubmatch(v.choose("share"))
	if m == nil {
		t.Fatal("no link")
	}
	return m[1]
}

// tallest are the courses of the catalogue, those that take most room on paper
// first, as the browser lays them out in the longest of the languages, on a
// sheet of so many: fewer courses are shown with more of each.
func tallest(t *testing.T, base string, many int) []string {
	t.Helper()
	k, err := bot.Learn(seeds.Embedded(), knowledge.Files())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range k.Catalogue.Courses {
		ids = append(ids, c.ID)
	}
	p := webtest.Open(t, base, webtest.Options{Lang: "fr"})
	height := map[string]float64{}
	for batch := range slices.Chunk(ids[:len(ids)/many*many], many) {
		p.Visit("/print/" + shareOf(t, base, batch))
		heights := p.Value(`[...document.querySelectorAll("ol > li")].map(e => e.getBoundingClientRect().height).join(" ")`)
		for i, h := range strings.Fields(heights) {
			if height[batch[i]], err = strconv.ParseFloat(h, 64); err != nil {
				t.Fatal(err)
			}
		}
	}
	slices.SortStableFunc(ids, func(a, b string) int { return cmp.Compare(height[b], height[a]) })
	return ids
}

func TestThePaperIsOneSheet(t *testing.T) {
	base := start(t)
	few, many := tallest(t, base, 3), tallest(t, base, 5)
	for _, l := range catalogue.Langs {
		for _, n := range []int{1, 2, 3, 4, 5, 8} {
			name := string(l) + "-" + strconv.Itoa(n)
			tall := many
			if n <= 3 {
				tall = few
			}
			t.Run(name, func(t *testing.T) {
				p := webtest.Open(t, base, webtest.Options{Lang: string(l), Width: 1280, Height: 800})
				p.Visit("/print/" + shareOf(t, base, tall[:n]))
				if got := p.Value(`String(document.querySelectorAll("ol > li").length)`); got != strconv.Itoa(min(n, 5)) {
					t.Errorf("%s courses on the sheet; want %d", got, min(n, 5))
				}
				p.Fits()
				p.Axe()
				p.Shot("print-" + name)
				pdf, sheets := p.PDF()
				if sheets != 1 {
					t.Errorf("%d sheets; want 1", sheets)
				}
				if dir := os.Getenv("WEGWIJS_SHOTS"); dir != "" {
					if err := os.WriteFile(filepath.Join(dir, "print-"+name+".pdf"), pdf, 0o644); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	t.Run("a phone can read it too", func(t *testing.T) {
		p := webtest.Open(t, base, webtest.Options{Lang: "fr", Width: 360, Height: 740, Phone: true})
		p.Visit("/print/" + shareOf(t, base, many[:5]))
		p.Fits()
		p.Shot("print-phone")
	})
}
