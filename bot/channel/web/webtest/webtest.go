// Package webtest drives the pages in a real Chromium, as a visitor would: by
// what is written on the buttons, with the mouse and the keyboard. It works
// against any address, the test server of the web channel as well as the whole
// program. A page that writes an error to the console, asks another host for
// anything, or is wider than its window fails the test.
package webtest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Options describes the visitor's device. The zero Options is a desk of
// 1280x800 in the light, with scripts, whose browser speaks Dutch.
type Options struct {
	Width, Height int64  // pixels; 0 is 1280x800
	Phone         bool   // touch, and a phone's way of laying out
	Dark          bool   // the visitor prefers dark
	NoScript      bool   // JavaScript is off
	Forced        bool   // forced colours
	Lang          string // Accept-Language; "" is nl
	Errors        int    // failed requests that the test provokes, which the console reports
}

// A Page is one browser with one open page.
type Page struct {
	t    testing.TB
	ctx  context.Context
	base string

	mu     sync.Mutex
	faults []string
	failed int // requests that failed
}

// names of the program, in the order in which they are tried.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell"}

// patience is how long a page may take to show what a test waits for.
const patience = 15 * time.Second

// Open starts a browser. base is the address of the program, without a slash
// at its end. The test is skipped with -short, and fails when there is no
// browser.
func Open(t testing.TB, base string, o Options) *Page {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	program := ""
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			program = found
			break
		}
	}
	if program == "" {
		t.Fatalf("no browser found (%s): install one, for example with `apt-get install chromium`, or test with -short", strings.Join(names, ", "))
	}
	if o.Width == 0 {
		o.Width, o.Height = 1280, 800
	}
	if o.Lang == "" {
		o.Lang = "nl"
	}
	ctx, cancel := chromedp.NewContext(t.Context(), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(program), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("accept-lang", o.Lang), chromedp.Flag("hide-scrollbars", false),
	))
	p := &Page{t: t, ctx: ctx, base: base}
	t.Cleanup(func() {
		cancel()
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, f := range p.faults {
			t.Errorf("browser: %s", f)
		}
		if p.failed != o.Errors {
			t.Errorf("browser: %d failed requests, want %d", p.failed, o.Errors)
		}
	})
	scheme := "light"
	if o.Dark {
		scheme = "dark"
	}
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	if o.Forced {
		features = append(features, &emulation.MediaFeature{Name: "forced-colors", Value: "active"})
	}
	var opts []chromedp.EmulateViewportOption
	if o.Phone {
		opts = append(opts, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	// The first action opens the tab, so that there is something to listen to.
	p.must(chromedp.Do(ctx, chromedp.EmulateViewport(o.Width, o.Height, opts...)))
	p.must(chromedp.Listen(ctx, p.hear))
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
	p.must(err)
	if o.NoScript {
		_, err = chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		p.must(err)
	}
	return p
}

// hear keeps what must not happen. It runs in the loop of the tab.
func (p *Page) hear(ev any) {
	fault := ""
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if u := ev.Request.URL; !strings.HasPrefix(u, p.base+"/") && !strings.HasPrefix(u, "data:") && u != "about:blank" {
			fault = "asks for " + u
		}
	case *runtime.EventExceptionThrown:
		fault = ev.ExceptionDetails.Text
		if ev.ExceptionDetails.Exception != nil {
			fault += ": " + ev.ExceptionDetails.Exception.Description
		}
	case *log.EventEntryAdded:
		if ev.Entry.Source == "network" && strings.HasPrefix(ev.Entry.Text, "Failed to load resource") {
			p.mu.Lock()
			p.failed++
			p.mu.Unlock()
			return
		}
		if ev.Entry.Level == "error" || ev.Entry.Level == "warning" {
			fault = ev.Entry.Text + " " + ev.Entry.URL
		}
	}
	if fault != "" {
		p.mu.Lock()
		p.faults = append(p.faults, fault)
		p.mu.Unlock()
	}
}

func (p *Page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("browser: %v", err)
	}
}

// Visit opens a path of the program.
func (p *Page) Visit(path string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.Navigate(p.base+path)))
}

// find is JavaScript for the last thing that can be pressed and reads so.
const find = `(label => {
	const all = [...document.querySelectorAll("button, summary, a, label.tick")].filter(e =>
		e.checkVisibility() && e.textContent.replace(/\s+/g, " ").trim().startsWith(label));
	const e = all.at(-1);
	if (!e) return null;
	e.scrollIntoView({block: "center", behavior: "instant"});
	const r = e.getBoundingClientRect();
	const x = r.left + r.width / 2, y = r.top + r.height / 2;
	const top = document.elementFromPoint(x, y);
	return {x, y, covered: !(e === top || e.contains(top))};
})(%s)`

// Press clicks the last visible button, link or box that begins with label.
func (p *Page) Press(label string) {
	p.t.Helper()
	type spot struct {
		X       float64 `json:"x"`
		Y       float64 `json:"y"`
		Covered bool    `json:"covered"`
	}
	p.idle()
	var at *spot
	p.until(func() bool {
		var err error
		at, err = chromedp.Run(p.ctx, chromedp.Evaluate[*spot](fmt.Sprintf(find, quote(label))))
		return err == nil && at != nil && !at.Covered
	}, func() string { return fmt.Sprintf("nothing to press that reads %q (or it is covered: %+v)", label, at) })
	p.must(chromedp.Do(p.ctx, chromedp.MouseClickXY(at.X, at.Y)))
}

// idle waits until no answer is under way.
func (p *Page) idle() {
	p.t.Helper()
	p.until(func() bool {
		return p.Is(`document.readyState === "complete" && !document.querySelector("[aria-busy]")`)
	}, func() string { return "is still busy" })
}

// Say types in the box and presses Enter.
func (p *Page) Say(text string) {
	p.t.Helper()
	p.idle()
	p.must(chromedp.Do(p.ctx, chromedp.Focus(chromedp.ID("text")), chromedp.KeyEvent(text), chromedp.KeyEvent("\r")))
}

// Keys types keys wherever the focus is: "\t" is Tab, "\r" Enter.
func (p *Page) Keys(keys string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.KeyEvent(keys)))
}

// See waits until the page reads text.
func (p *Page) See(text string) {
	p.t.Helper()
	p.until(func() bool {
		return p.Is(fmt.Sprintf(`(document.querySelector("body")?.innerText ?? "").includes(%s)`, quote(text)))
	}, func() string { return fmt.Sprintf("does not read %q, but:\n%s", text, p.Text()) })
}

// SeeNot fails when the page reads text.
func (p *Page) SeeNot(text string) {
	p.t.Helper()
	if strings.Contains(p.Text(), text) {
		p.t.Errorf("the page reads %q", text)
	}
}

// Text is what the page reads.
func (p *Page) Text() string {
	s, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`document.body.innerText`)) // "" while a page loads
	return s
}

// Is evaluates a condition in the page; false while a page loads.
func (p *Page) Is(condition string) bool {
	ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+condition+")"))
	return err == nil && ok
}

// Offline cuts the connection, or restores it.
func (p *Page) Offline(off bool) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
	if err == nil {
		_, err = chromedp.Call(p.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}},
		})
	}
	p.must(err)
}

func (p *Page) until(ok func() bool, otherwise func() string) {
	p.t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(40 * time.Millisecond) {
		if time.Now().After(end) || p.ctx.Err() != nil {
			p.t.Fatalf("browser: %s", otherwise())
		}
	}
}

// Value evaluates JavaScript that gives a text.
func (p *Page) Value(js string) string {
	p.t.Helper()
	s, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](js))
	p.must(err)
	return s
}

// PDF prints the page as its own rules for paper say, without the pictures and
// colours that a browser leaves out, and counts the sheets.
func (p *Page) PDF() (pdf []byte, sheets int) {
	p.t.Helper()
	own := true
	r, err := chromedp.Call(p.ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &own})
	p.must(err)
	return r.Data, len(sheet.FindAll(r.Data, -1))
}

// sheet is how each page of a PDF begins. Source: ISO 32000-1, 7.7.3.3.
var sheet = regexp.MustCompile(`/Type\s*/Page[^s]`)

// fits is JavaScript for what does not fit: the width of the page, and things
// to press that are too small for a finger.
const fits = `(() => {
	const bad = [];
	const d = document.documentElement;
	if (d.scrollWidth > innerWidth) {
		const wide = [...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && !e.closest(".scroll, pre") && e.getBoundingClientRect().right > innerWidth + 1);
		bad.push("the page is " + d.scrollWidth + " wide in a window of " + innerWidth + ": " + wide.slice(0, 3).map(e => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 40)));
	}
	for (const e of document.querySelectorAll("button, summary, .button, .tick, nav a, .brand, .private, .out, input[type=text]")) {
		const r = e.getBoundingClientRect();
		if (e.checkVisibility() && r.width && (r.height < 43.9 || r.width < 43.9)) bad.push("small: " + e.tagName + " " + e.textContent.trim().slice(0, 30) + " " + r.width + "x" + r.height);
	}
	return bad;
})()`

// Fits fails when something is wider than the window or too small to press.
func (p *Page) Fits() {
	p.t.Helper()
	bad, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](fits))
	p.must(err)
	for _, b := range bad {
		p.t.Errorf("browser: %s", b)
	}
}

// Shot writes what the window shows to WEGWIJS_SHOTS, or nowhere when that is
// not set. The name tells the page, its size and its colours.
func (p *Page) Shot(name string) {
	p.t.Helper()
	p.shot(name, chromedp.CaptureScreenshot())
}

// Whole is Shot of the page from top to bottom.
func (p *Page) Whole(name string) {
	p.t.Helper()
	p.shot(name, chromedp.FullScreenshot(100))
}

func (p *Page) shot(name string, take chromedp.Action[[]byte]) {
	p.t.Helper()
	dir := os.Getenv("WEGWIJS_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, take)
	p.must(err)
	p.must(os.MkdirAll(dir, 0o755))
	p.must(os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
}

// Axe runs axe-core over the page and fails for every violation of WCAG 2.2 A
// and AA and of its best practices. WEGWIJS_AXE names its axe.min.js; without
// it nothing is checked, and Axe says so.
func (p *Page) Axe() {
	p.t.Helper()
	file := os.Getenv("WEGWIJS_AXE")
	if file == "" {
		p.t.Log("WEGWIJS_AXE is not set: accessibility is not checked by axe-core")
		return
	}
	source, err := os.ReadFile(file)
	p.must(err)
	_, err = chromedp.Run(p.ctx, chromedp.Evaluate[bool](string(source)+";true"))
	p.must(err)
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
		.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target + " " + n.failureSummary)))`, chromedp.EvalAwaitPromise))
	p.must(err)
	slices.Sort(found)
	for _, f := range slices.Compact(found) {
		p.t.Errorf("axe: %s", f)
	}
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string always encodes
	return string(b)
}
