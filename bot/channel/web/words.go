package web

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"wegwijs/bot"
	"wegwijs/bot/phrase"
	"wegwijs/knowledge/catalogue"
)

//go:embed templates
var templates embed.FS

// openPages reads the templates once for each language, so that a page says
// {{t "ui.send"}} and no more.
func openPages(words *phrase.Book) (map[catalogue.Lang]*template.Template, error) {
	pages := map[catalogue.Lang]*template.Template{}
	for _, l := range catalogue.Langs {
		p, err := template.New("").Funcs(funcs(words, l)).ParseFS(templates, "templates/*.html")
		if err != nil {
			return nil, fmt.Errorf("web: %w", err)
		}
		pages[l] = p
	}
	return pages, nil
}

// funcs are the words of one language, and the ways of writing numbers in it.
func funcs(words *phrase.Book, l catalogue.Lang) template.FuncMap {
	say := func(id string, args map[string]any) string { return words.Say(l, id, args) }
	return template.FuncMap{
		"t":     func(id string) string { return say(id, nil) },
		"count": func(id string, n int) string { return say(id, map[string]any{"Count": n}) },
		"in":    func(other catalogue.Lang, id string) string { return words.Say(other, id, nil) },
		"langs": func() []catalogue.Lang { return catalogue.Langs },
		"name": func(kind string, value any) string { // "" for a value without a name
			id := fmt.Sprintf("ui.%s.%v", kind, value)
			if !words.Has(id) {
				return ""
			}
			return say(id, nil)
		},
		"names": func(forms []catalogue.Form) string {
			parts := make([]string, 0, len(forms))
			for _, f := range forms {
				parts = append(parts, say("ui.form."+string(f), nil))
			}
			return strings.Join(parts, ", ")
		},
		"km": func(km float64, about bool) string {
			id := "ui.km"
			if about {
				id, km = "ui.km.about", math.Round(km*2)/2
			}
			return say(id, map[string]any{"Km": km})
		},
		"asof": func(s string) string {
			if s == "" || s == "undated" {
				return say("ui.undated", nil)
			}
			return say("ui.asof", map[string]any{"AsOf": s})
		},
		"euro": func(v float64) string {
			if v == 0 {
				return say("ui.price.free", nil)
			}
			return say("ui.price.euro", map[string]any{"Euro": amount(l, v)})
		},
		"has": func(text, part string) bool {
			return part != "" && strings.Contains(text, strings.TrimSuffix(part, "/"))
		},
		"upper":  func(l catalogue.Lang) string { return strings.ToUpper(string(l)) },
		"pieces": pieces,
		"calls":  calls,
		"day":    func(id, key string, t time.Time) string { return say(id, map[string]any{key: bot.Day(t)}) },
		"short":  short,
		"sub":    func(a, b int) int { return a - b },
		"asks":   func() []string { return []string{"print.ask.start", "print.ask.need", "print.ask.cost"} },
		"site":   func(s string) string { return link(s).Text },
		"join":   func(parts []string) string { return strings.Join(parts, ", ") },
		"web":    web,
	}
}

// amount writes euros as the language does: 1.240, 1 240, 1,240; with cents
// only when there are some.
func amount(l catalogue.Lang, v float64) string {
	group, point := ".", ","
	switch l {
	case catalogue.FR:
		group = "\u00a0"
	case catalogue.EN:
		group, point = ",", "."
	}
	cents := int64(math.Round(v * 100))
	digits := strconv.FormatInt(cents/100, 10)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + group + digits[at:]
	}
	if cents%100 != 0 {
		digits += fmt.Sprintf("%s%02d", point, cents%100)
	}
	return digits
}

// A piece is text, or a link to a page or a telephone number.
type piece struct {
	Text string
	URL  string // "" for text
	Tel  string // "" for text
}

var (
	address = regexp.MustCompile(`https?://[^\s<>"';,()]+[^\s<>"';,().!?:]`)
	// helpLine is a number of a Belgian help line, as the help texts write them.
	helpLine = regexp.MustCompile(`\b(?:0800 ?\d\d ?\d\d\d|116 ?000|1813|1712|10[0-9]|112)\b`)
)

// pieces finds the addresses in a text. They show as the name of their site:
// the whole address is for machines.
func pieces(s string) []piece { return cut(s, address, link) }

// calls also finds the numbers of help lines, so that a telephone can ring
// them. It is for help texts alone: elsewhere 107 is a number of things.
func calls(s string) []piece {
	var ps []piece
	for _, p := range pieces(s) {
		if p.URL != "" {
			ps = append(ps, p)
			continue
		}
		ps = append(ps, cut(p.Text, helpLine, func(found string) piece {
			return piece{Text: found, Tel: strings.ReplaceAll(found, " ", "")}
		})...)
	}
	return ps
}

func link(found string) piece {
	u := web(found)
	if u == nil {
		return piece{Text: found}
	}
	return piece{Text: strings.TrimPrefix(u.Hostname(), "www."), URL: found}
}

func cut(s string, what *regexp.Regexp, as func(string) piece) []piece {
	var ps []piece
	at := 0
	for _, m := range what.FindAllStringIndex(s, -1) {
		if m[0] > at {
			ps = append(ps, piece{Text: s[at:m[0]]})
		}
		ps = append(ps, as(s[m[0]:m[1]]))
		at = m[1]
	}
	if at < len(s) {
		ps = append(ps, piece{Text: s[at:]})
	}
	return ps
}

// web reads an address of the world wide web; nil for every other kind.
func web(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" {
		return nil
	}
	return u
}

// used finds the message ids that a source names.
var used = regexp.MustCompile(`"((?:ui|share|print)\.[a-z0-9.-]*[a-z0-9])"`)

// lacking lists the messages that the pages need and the book does not have.
func lacking(words *phrase.Book) []string {
	need := []string{
		"ui.forgotten", "ui.cookie", "ui.error.form", "ui.error.choice", "ui.error.big", "ui.error.moved",
		"ui.error.long", "ui.locate.failed", "ui.failed", "ui.km", "ui.km.about", "ui.asof", "ui.undated",
		"ui.price.free", "ui.price.euro",
	}
	files, _ := fs.Glob(templates, "templates/*.html") // the pattern is right
	for _, name := range files {
		source, _ := templates.ReadFile(name) // embedded
		for _, m := range used.FindAllSubmatch(source, -1) {
			need = append(need, string(m[1]))
		}
	}
	for _, v := range catalogue.Levels {
		need = append(need, "ui.level."+string(v))
	}
	for _, v := range catalogue.Finalities {
		need = append(need, "ui.finality."+string(v))
	}
	for _, v := range catalogue.Providers {
		need = append(need, "ui.provider."+string(v))
	}
	for _, v := range catalogue.Forms {
		need = append(need, "ui.form."+string(v))
	}
	for _, v := range catalogue.Langs {
		need = append(need, "ui.language."+string(v), "ui.teaching."+string(v))
	}
	slices.Sort(need)
	return slices.DeleteFunc(slices.Compact(need), words.Has)
}
