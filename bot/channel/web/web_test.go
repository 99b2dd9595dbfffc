package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wegwijs/bot"
	"wegwijs/bot/channel"
	"wegwijs/bot/phrase"
	"wegwijs/knowledge/catalogue"
	"wegwijs/locales"
)

// words are the shipped messages: New fails when one of the pages' is missing.
func words(t testing.TB) *phrase.Book {
	t.Helper()
	b, err := phrase.Open(locales.Files())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func open(t testing.TB, b channel.Answerer) *Handler {
	t.Helper()
	h, err := New(Options{Bot: b, Words: words(t), PublicURL: "https://wegwijs.example/"})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// A browser keeps cookies and follows no redirect by itself.
type browser struct {
	t       testing.TB
	h       http.Handler
	cookies map[string]string
	header  http.Header
}

func newBrowser(t testing.TB, h http.Handler) *browser {
	return &browser{t: t, h: h, cookies: map[string]string{}, header: http.Header{}}
}

func (b *browser) do(r *http.Request) (*http.Response, string) {
	b.t.Helper()
	for name, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: v})
	}
	for k, vs := range b.header {
		r.Header[k] = vs
	}
	w := httptest.NewRecorder()
	b.h.ServeHTTP(w, r)
	res := w.Result()
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c.Value
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res, string(body)
}

func (b *browser) get(path string) (*http.Response, string) {
	b.t.Helper()
	return b.do(httptest.NewRequest("GET", path, nil))
}

func (b *browser) post(pairs ...string) (*http.Response, string) {
	b.t.Helper()
	f := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", "/", strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func status(t testing.TB, res *http.Response, want int) {
	t.Helper()
	if res.StatusCode != want {
		t.Fatalf("got status %d, want %d", res.StatusCode, want)
	}
}

func has(t testing.TB, body string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestAFormIsAnsweredByARedirectThatShowsTheReply(t *testing.T) {
	f := newFake()
	b := newBrowser(t, open(t, f))
	res, body := b.get("/")
	status(t, res, 200)
	has(t, body, "Dag! Ik ben Wegwijs.", "Voor wie zoek je?", `name="choice" value="1:1:role:pupil"`, `lang="nl"`)

	res, _ = b.post("message_id", "m1", "choice", "1:1:role:pupil", "language", "nl")
	status(t, res, http.StatusSeeOther)
	to := res.Header.Get("Location")
	res, body = b.get(to)
	status(t, res, 200)
	has(t, body, "In welk jaar zit je nu?")
	turns := f.turns
	if _, again := b.get(to); !strings.Contains(again, "In welk jaar zit je nu?") || f.turns != turns {
		t.Errorf("reloading the page acted: %d turns, want %d", f.turns, turns)
	}
}

func TestAWholeConversationWorksWithoutAScript(t *testing.T) {
	b := newBrowser(t, open(t, newFake()))
	b.get("/")
	steps := [][]string{
		{"choice", "1:1:role:pupil"},
		{"text", "ik zit in het tweede"},
		{"choice", "1:3:interest:ict", "choice", "1:3:interest:wood"},
		{"lat", "50.85", "lon", "4.33"},
		{"only", "1:5:skip:", "choice", "1:5:interest:ict"},
	}
	var body string
	for _, step := range steps {
		res, _ := b.post(append(step, "message_id", newKey())...)
		status(t, res, http.StatusSeeOther)
		_, body = b.get(res.Header.Get("Location"))
	}
	has(t, body, "Elektrotechnieken", "Don Bosco Technisch Instituut", "op 1,4 km", "op ongeveer 3 km", "€ 1.240",
		"Een plaats kennen we niet", "Dit is een oud gegeven", "2de graad (3de en 4de jaar)", `lang="nl">Technologische wetenschappen`,
		`value="save:so-elektrotechnieken-2"`, `value="details:so-elektrotechnieken-2"`, `value="pathway:so-elektrotechnieken-2"`,
		">elektroclubvoorleerkrachten.be<", "gegevens van 2023", "zonder datum")
	res, body := b.get("/")
	status(t, res, 200)
	has(t, body, "Elektrotechnieken")
}

func TestTheSameFormSentTwiceIsOneTurn(t *testing.T) {
	f := newFake()
	b := newBrowser(t, open(t, f))
	b.get("/")
	before := f.turns
	first, _ := b.post("message_id", "same", "choice", "1:1:role:pupil")
	second, _ := b.post("message_id", "same", "choice", "1:1:role:pupil")
	if got := f.turns - before; got != 1 {
		t.Errorf("got %d turns, want 1", got)
	}
	if first.Header.Get("Location") != second.Header.Get("Location") {
		t.Error("the two answers lead to different pages")
	}
	b.post("message_id", "same", "choice", "save:so-hout-2")
	if got := f.turns - before; got != 2 {
		t.Errorf("another button of the same page: got %d turns, want 2", got)
	}
}

func TestACookieThatIsNotOursBeginsANewConversation(t *testing.T) {
	f := newFake()
	h := open(t, f)
	b := newBrowser(t, h)
	b.get("/")
	b.post("message_id", "a", "choice", "1:1:role:pupil")
	mine := b.cookies[cookieName]
	for _, bad := range []string{"", "short", mine[:25], mine + "A", strings.ToLower(mine), mine[:25] + "!", "../../../etc/passwd"} {
		other := newBrowser(t, h)
		other.cookies[cookieName] = bad
		_, body := other.get("/")
		has(t, body, "Dag! Ik ben Wegwijs.")
		if got := other.cookies[cookieName]; !codeLike(got) || got == mine {
			t.Errorf("cookie %q: got the session %q", bad, got)
		}
	}
	_, body := b.get("/")
	has(t, body, "In welk jaar zit je nu?")
}

func TestTheCookieIsForTheBrowserAlone(t *testing.T) {
	h, err := New(Options{Bot: newFake(), Words: words(t), Secure: true})
	if err != nil {
		t.Fatal(err)
	}
	res, _ := newBrowser(t, h).get("/")
	c := res.Cookies()[0]
	if c.Name != "wegwijs" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 0 || !codeLike(c.Value) {
		t.Errorf("got the cookie %v", c)
	}
	if res.Header.Get("Cache-Control") != "no-store" {
		t.Error("a conversation may be cached")
	}
}

func TestTheFirstLanguageIsThatOfTheBrowser(t *testing.T) {
	for header, want := range map[string]string{
		"":                            "nl",
		"fr-BE,fr;q=0.9,en;q=0.8":     "fr",
		"en-GB":                       "en",
		"de-DE,en;q=0.5":              "en",
		"ar":                          "nl",
		"nl;q=0.1, fr;q=0.9":          "fr",
		"garbage;;;=":                 "nl",
		strings.Repeat("fr,", 10_000): "fr",
		strings.Repeat("x", 10_000):   "nl",
	} {
		b := newBrowser(t, open(t, newFake()))
		b.header.Set("Accept-Language", header)
		res, body := b.get("/")
		if got := res.Header.Get("Content-Language"); got != want {
			t.Errorf("Accept-Language %.30q: got %s, want %s", header, got, want)
		}
		has(t, body, `<html lang="`+want+`"`)
	}
}

func TestALanguageButtonSwitches(t *testing.T) {
	b := newBrowser(t, open(t, newFake()))
	b.get("/")
	_, body := b.get("/?l=fr")
	has(t, body, `<html lang="fr"`, "Pour qui cherches-tu ?", "Envoyer")
	_, body = b.get("/")
	has(t, body, `<html lang="fr"`)
	_, body = b.get("/?l=xx")
	has(t, body, `<html lang="fr"`)
}

func TestBadFormsAreRefusedKindly(t *testing.T) {
	for name, c := range map[string]struct {
		form []string
		want int
		says string
	}{
		"unknown choice":        {[]string{"choice", "nonsense"}, 400, "Die keuze ken ik niet."},
		"empty choice":          {[]string{"choice", ""}, 400, "Die keuze ken ik niet."},
		"long choice":           {[]string{"choice", strings.Repeat("a", 300)}, 400, "Die keuze ken ik niet."},
		"many choices":          {slices.Repeat([]string{"choice", "ict"}, 40), 400, "Die keuze ken ik niet."},
		"text and choice":       {[]string{"text", "dag", "choice", "back"}, 400, "Dat bericht kan ik niet lezen."},
		"a place that is none":  {[]string{"lat", "NaN", "lon", "4"}, 400, "Ik vind je locatie niet."},
		"a place off the earth": {[]string{"lat", "91", "lon", "4"}, 400, "Ik vind je locatie niet."},
		"half a place":          {[]string{"lat", "50"}, 400, "Ik vind je locatie niet."},
		"a long text":           {[]string{"text", strings.Repeat("😀", 2001)}, 422, "Hou hem korter dan 2000 tekens."},
		"a huge text":           {[]string{"text", strings.Repeat("a", 2<<20)}, 413, "Dat bericht is te groot."},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBrowser(t, open(t, newFake()))
			b.get("/")
			b.post("message_id", "x", "choice", "1:1:role:pupil")
			res, body := b.post(append(c.form, "message_id", "y")...)
			status(t, res, c.want)
			has(t, body, c.says, "In welk jaar zit je nu?", "<!doctype html>")
			b.header.Set("Accept", Fragment)
			res, body = b.post(append(c.form, "message_id", "z")...)
			status(t, res, c.want)
			has(t, body, c.says, `<section class="turn"`)
			if strings.Contains(body, "<html") {
				t.Error("a fragment is a whole page")
			}
		})
	}
}

func TestAnEmptyFormShowsThePlace(t *testing.T) {
	b := newBrowser(t, open(t, newFake()))
	b.get("/")
	res, _ := b.post("message_id", "x", "text", "  ")
	status(t, res, 303)
}

func TestOtherBodiesAreNotRead(t *testing.T) {
	b := newBrowser(t, open(t, newFake()))
	r := httptest.NewRequest("POST", "/", strings.NewReader(`{"text":"dag"}`))
	r.Header.Set("Content-Type", "application/json")
	res, _ := b.do(r)
	status(t, res, 415)
	r = httptest.NewRequest("POST", "/", strings.NewReader("text=%zz"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, _ = b.do(r)
	status(t, res, 400)
	res, _ = b.do(httptest.NewRequest("PUT", "/", nil))
	status(t, res, 405)
}

func TestWhenTheBotFailsTheVisitorIsToldAndKeepsTheText(t *testing.T) {
	f := newFake()
	b := newBrowser(t, open(t, f))
	b.get("/")
	f.fail = errors.New("disk full")
	for _, get := range []bool{true, false} {
		res, body := b.post("message_id", "x", "text", "mijn vraag")
		if get {
			res, body = b.get("/")
		} else {
			has(t, body, `value="mijn vraag"`)
		}
		status(t, res, 503)
		has(t, body, "Er ging iets mis bij ons.")
		if strings.Contains(body, "disk full") {
			t.Error("the visitor reads the operator's error")
		}
	}
	f.fail = bot.ErrStale
	res, _ := b.post("message_id", "x", "text", "mijn vraag")
	status(t, res, 409)
}

func TestForgettingAlsoDropsTheCode(t *testing.T) {
	f := newFake()
	b := newBrowser(t, open(t, f))
	b.get("/")
	old := b.cookies[cookieName]
	res, _ := b.post("message_id", "x", "choice", "forget")
	status(t, res, 303)
	if b.cookies[cookieName] == old {
		t.Error("the code of an erased conversation goes on")
	}
	_, body := b.get(res.Header.Get("Location"))
	has(t, body, "Alles is gewist.", "Dag! Ik ben Wegwijs.")
	if _, ok := f.talks[visitorOf(old)]; ok {
		t.Error("the bot still knows the visitor")
	}
}

func TestTheFragmentIsTheTurnAlone(t *testing.T) {
	b := newBrowser(t, open(t, newFake()))
	b.get("/")
	b.header.Set("Accept", Fragment)
	res, body := b.post("message_id", "x", "choice", "1:1:role:pupil", "language", "nl")
	status(t, res, 200)
	if !strings.HasPrefix(strings.TrimSpace(body), "<section") || !strings.HasSuffix(strings.TrimSpace(body), "</section>") {
		t.Errorf("got %.80s", body)
	}
	has(t, res.Header.Get("Content-Location"), "/?k=")
	has(t, strings.Join(res.Header.Values("Vary"), ","), "Accept", "Cookie")
}

func TestAQuestionWithSeveralAnswersHasBoxesAndTheRestButtons(t *testing.T) {
	b := newBrowser(t, open(t, newFake()))
	b.get("/")
	b.header.Set("Accept", Fragment)
	b.post("message_id", "1", "choice", "1:1:role:pupil")
	_, body := b.post("message_id", "2", "choice", "1:1:stage:grade1")
	has(t, body, `type="checkbox" name="choice" value="1:3:interest:ict"`, `name="only" value="1:3:skip:"`, `name="only" value="1:3:interest:quiz"`, "Kies deze")
	_, body = b.post("message_id", "3", "choice", "1:1:interest:ict")
	has(t, body, `class="locate"`, "Gebruik mijn locatie", "hidden")
}

func TestACrisisShowsHelpAndNoCourses(t *testing.T) {
	r := bot.Reply{Language: "nl", Messages: []bot.Message{
		{Kind: "crisis", Text: "Je bent niet alleen. Bel 1813.", Courses: courses(), Answers: []bot.Answer{{Title: "Hulp", Course: &courses()[0]}}},
		{Text: "Wil je verder?", Courses: courses()},
	}}
	_, body := newBrowser(t, open(t, says(r))).get("/")
	has(t, body, `<a href="tel:1813">1813</a>`, "turn calm")
	if strings.Contains(body, `class="card"`) {
		t.Error("a crisis shows courses")
	}
}

func TestTheExportCanBeReadAndStored(t *testing.T) {
	b := newBrowser(t, open(t, newFake()))
	b.get("/")
	b.header.Set("Accept", Fragment)
	_, body := b.post("message_id", "x", "choice", "export")
	has(t, body, "&#34;place&#34;: &#34;1080&#34;", `href="data:application/json;base64,`, `download="wegwijs.json"`)
}

func TestAnotherLanguageIsOfferedInThatLanguage(t *testing.T) {
	b := newBrowser(t, open(t, newFake()))
	b.get("/")
	b.header.Set("Accept", Fragment)
	_, body := b.post("message_id", "x", "text", "bonjour, je cherche")
	has(t, body, `lang="fr"`, "Tu veux continuer en français ?", `value="lang:fr"`)
}

func TestPrivacyInThreeLanguages(t *testing.T) {
	b := newBrowser(t, open(t, newFake()))
	for l, want := range map[string]string{"nl": "30 dagen", "fr": "30 jours", "en": "30 days"} {
		res, body := b.get("/privacy?l=" + l)
		status(t, res, 200)
		has(t, body, want, `<html lang="`+l+`"`, `value="export"`, `value="forget"`)
	}
	if len(b.cookies) != 0 {
		t.Error("reading the privacy page sets a cookie")
	}
	res, _ := b.get("/nowhere")
	status(t, res, 404)
}

func TestAssetsMayBeKeptForEver(t *testing.T) {
	h := open(t, newFake())
	b := newBrowser(t, h)
	total := 0
	_, page := b.get("/")
	total += len(page)
	for name, kind := range map[string]string{"app.css": "text/css", "app.js": "text/javascript", "icon.svg": "image/svg+xml"} {
		has(t, page, h.assets.root+name)
		res, body := b.get(h.assets.root + name)
		status(t, res, 200)
		has(t, res.Header.Get("Content-Type"), kind)
		has(t, res.Header.Get("Cache-Control"), "immutable")
		total += len(body)
		if name == "app.js" && len(body) >= 8<<10 {
			t.Errorf("the script has %d bytes, the limit is 8 kB", len(body))
		}
	}
	if total > 60_000 {
		t.Errorf("the first page has %d bytes, the limit is 60 kB", total)
	}
	for _, path := range []string{"/static/000000000000/app.css", h.assets.root + "nothing.js", "/static/"} {
		res, _ := b.get(path)
		status(t, res, 404)
	}
}

func TestThePageNeedsNothingThatTheSecurityHeadersForbid(t *testing.T) {
	b := newBrowser(t, open(t, newFake()))
	_, page := b.get("/")
	_, privacy := b.get("/privacy")
	for _, bad := range []*regexp.Regexp{
		regexp.MustCompile(`<style`), regexp.MustCompile(`\sstyle=`), regexp.MustCompile(`\son[a-z]+=`),
		regexp.MustCompile(`<script[^>]*>[^<]`), regexp.MustCompile(`(?:src|href|action)="(?:https?:)?//[^"]*"[^>]*(?:stylesheet|script)`),
	} {
		if m := bad.FindString(page + privacy); m != "" {
			t.Errorf("the page has %q", m)
		}
	}
}

// hostile are strings that must stay text wherever they stand.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `javascript:alert(1)`,
	`</p></section></main><script src=//evil.example></script>`, `<svg/onload=alert(1)>`, `{{.Key}}`, `&lt;b&gt;`, `<!--`, `]]>`,
	"https://evil.example/\"onclick=alert(1)", `https://a.example/<script>alert(1)</script>`, `data:text/html,<script>alert(1)</script>`,
	"\u202egnp.exe", "a\x00b", `</template><script>alert(1)</script>`, `<a href="javascript:alert(1)">x</a>`, `<base href=//evil.example>`,
	"jav\tascript:alert(1)", "vbscript:x", "<input autofocus onfocus=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>",
}

// fill puts s in every string of a value.
func fill(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Pointer:
		if v.Type().Elem() == reflect.TypeFor[bot.Course]() && !v.IsNil() {
			return // filled already
		}
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), s)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), s)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), s)
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(3)
	case reflect.Float64:
		v.SetFloat(1.5)
	}
}

// says is a bot that has one reply for everything.
type says bot.Reply

func (s says) Answer(context.Context, bot.Update) (bot.Reply, error) { return bot.Reply(s), nil }
func (s says) Sorry(bot.Update) bot.Reply                            { return bot.Reply(s) }

var (
	tag    = regexp.MustCompile(`<[a-zA-Z!/][^>]*>`)
	attrOn = regexp.MustCompile(`(?i)\s(on[a-z]+|style|srcdoc|formaction)\s*=`)
	scheme = regexp.MustCompile(`(?i)(?:href|src|action)="\s*([a-z]+):`)
)

func TestEveryFieldOfAReplyStaysText(t *testing.T) {
	for _, kind := range []string{"", "crisis", "compare", "details", "results"} {
		plain := tagsOf(t, kind, "x")
		for _, s := range hostile {
			for _, found := range tagsOf(t, kind, s) {
				name := strings.Fields(strings.Trim(found, "<>/"))[0]
				if !slices.ContainsFunc(plain, func(p string) bool { return strings.Fields(strings.Trim(p, "<>/"))[0] == name }) && name != "a" {
					t.Errorf("%q in a %q reply makes the tag %s", s, kind, found)
				}
				// An address inside quotes may hold anything; look outside them.
				bare := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(found, `""`)
				if m := attrOn.FindString(bare); m != "" {
					t.Errorf("%q in a %q reply makes the attribute %q in %s", s, kind, m, found)
				}
				if m := scheme.FindStringSubmatch(found); m != nil && !slices.Contains([]string{"http", "https", "tel", "data"}, strings.ToLower(m[1])) {
					t.Errorf("%q in a %q reply makes the address %s", s, kind, found)
				}
				if strings.Contains(found, `href="data:`) && !strings.Contains(found, `href="data:application/json;base64,`) {
					t.Errorf("%q in a %q reply makes the address %s", s, kind, found)
				}
			}
		}
	}
}

func tagsOf(t *testing.T, kind, s string) []string {
	t.Helper()
	var r bot.Reply
	fill(reflect.ValueOf(&r).Elem(), s)
	for i := range r.Messages {
		r.Messages[i].Kind = kind
	}
	r.Forgotten = false
	b := newBrowser(t, open(t, says(r)))
	_, body := b.get("/")
	if !strings.Contains(body, `</html>`) {
		t.Fatalf("%q breaks the page", s)
	}
	start := strings.Index(body, `<section class="turn`)
	return tag.FindAllString(body[start:strings.LastIndex(body, "</section>")], -1)
}

func TestWhatIsTypedStaysTextInTheBox(t *testing.T) {
	for _, s := range hostile {
		b := newBrowser(t, open(t, newFake()))
		b.get("/")
		res, body := b.post("message_id", "x", "text", s+strings.Repeat("a", 2001))
		status(t, res, 422)
		if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") {
			t.Errorf("%q is live in the page", s)
		}
	}
}

func TestNewNamesEveryMissingWord(t *testing.T) {
	empty, err := phrase.Open(os.DirFS("testdata/lacking"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = New(Options{Bot: newFake(), Words: empty})
	if err == nil {
		t.Fatal("got no error")
	}
	has(t, err.Error(), "ui.send", "ui.level.grade2", "ui.form.avond")
	if _, err := New(Options{}); err == nil {
		t.Error("no Bot and no Words: got no error")
	}
}

func TestAnAnswerIsNotSaidTwice(t *testing.T) {
	r := bot.Reply{Language: "nl", Messages: []bot.Message{{Text: double, Answers: []bot.Answer{{Kind: "article", Title: "Wat?", Text: double, Source: "Ons", AsOf: "2026"}}}}}
	_, body := newBrowser(t, open(t, says(r))).get("/")
	if n := strings.Count(body, "Toegang is niet hetzelfde"); n != 1 {
		t.Errorf("the answer stands %d times on the page, want once", n)
	}
}

func TestNumbersAreLinkedInHelpTextsAlone(t *testing.T) {
	for _, c := range []struct {
		text  string
		calls string // the numbers, separated by commas
	}{
		{"Bel 1813 of 0800 32 123.", "1813,080032123"},
		{"Awel (102) · 116 000 · https://x.example/107", "102,116000"},
		{"In 2021 kwamen er 1070 mensen naar 1080 Molenbeek.", ""},
	} {
		var got []string
		for _, p := range calls(c.text) {
			if p.Tel != "" {
				got = append(got, p.Tel)
			}
		}
		if strings.Join(got, ",") != c.calls {
			t.Errorf("%q: got %v, want %s", c.text, got, c.calls)
		}
		for _, p := range pieces(c.text) {
			if p.Tel != "" {
				t.Errorf("%q: pieces links the number %s", c.text, p.Tel)
			}
		}
	}
}

func TestAmountsAreWrittenAsTheLanguageDoes(t *testing.T) {
	for _, c := range []struct {
		l    catalogue.Lang
		v    float64
		want string
	}{
		{"nl", 1240, "1.240"},
		{"fr", 1240, "1\u00a0240"},
		{"en", 1240, "1,240"},
		{"nl", 1092.1, "1.092,10"},
		{"en", 13.5, "13.50"},
		{"nl", 999.999, "1.000"},
		{"nl", 1234567, "1.234.567"},
	} {
		if got := amount(c.l, c.v); got != c.want {
			t.Errorf("%s %v: got %q, want %q", c.l, c.v, got, c.want)
		}
	}
}

func FuzzForm(f *testing.F) {
	h := open(f, newFake())
	f.Add("text=dag&message_id=a")
	f.Add("choice=1%3A1%3Arole%3Apupil&choice=x&language=fr")
	f.Add("lat=50&lon=4&only=skip")
	f.Add("%zz;&&==")
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if !slices.Contains([]int{303, 400, 413, 422}, w.Code) {
			t.Errorf("%q: got status %d", body, w.Code)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	r := bot.Reply{Language: "nl", Messages: []bot.Message{{Kind: "results", Text: "Ik vond er 3.", Courses: courses()}}}
	h := open(b, says(r))
	b.ReportAllocs()
	for b.Loop() {
		req := httptest.NewRequest("POST", "/", strings.NewReader("text=dag&message_id=a"))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Accept", Fragment)
		h.ServeHTTP(httptest.NewRecorder(), req)
	}
}
