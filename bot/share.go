package bot

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"wegwijs/knowledge/catalogue"
	"wegwijs/knowledge/search"
)

// Shares finds the lists behind links. It is safe for concurrent use. A Memory
// that keeps Turn.Share and minds Turn.Unshare is its other half: making and
// ending a link is part of a turn, so that a repeated update makes no second one.
type Shares interface {
	// Shared returns the list behind the code. ok is false for a code that was
	// never given, has ended, or was taken back by its maker.
	Shared(ctx context.Context, code string) (s Share, ok bool, err error)
}

// A Share is a list of courses that anyone with its link can read. It holds
// nothing about its maker: no answers and no place.
type Share struct {
	Code    string         `json:"-"` // 26 letters and digits, 130 bits of chance; the whole of the right to read
	Lang    catalogue.Lang `json:"lang"`
	Courses []string       `json:"courses"` // ids, in the maker's order; at least one
	Ends    time.Time      `json:"ends"`
}

// shareFor is how long a link works.
const shareFor = 30 * 24 * time.Hour

// share makes a link to the shortlist, or to the courses on the screen when
// nothing was saved. With "stop" it ends all links of this visitor.
func (t *talk) share(arg []string) error {
	if t.b.shares == nil {
		t.tell("say.share.none", nil, "saved", "results")
		return nil
	}
	if len(arg) > 0 {
		if arg[0] != "stop" || len(arg) > 1 {
			return fmt.Errorf("share takes nothing, or stop, as in share:stop: %w", ErrInput)
		}
		t.unshare = true
		t.tell("share.stopped", nil, "saved", "results")
		return nil
	}
	ids := t.state.Saved
	if len(ids) == 0 {
		ids = t.state.View.Shown
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, ok := t.k.Catalogue.Course(id); return !ok })
	if len(ids) == 0 {
		t.tell("share.empty", nil, "results")
		return nil
	}
	s := &Share{Code: rand.Text(), Lang: t.state.Lang, Courses: ids, Ends: t.b.now().Add(shareFor)}
	t.shared = s
	m := t.tell("share.made", map[string]any{"Count": len(ids), "Until": Day(s.Ends)}, "share:stop", "results")
	m.Kind = "share"
	m.Link = &Link{URL: t.b.publicURL + "/s/" + s.Code, Print: t.b.publicURL + "/print/" + s.Code, Until: s.Ends.UTC().Format(time.DateOnly)}
	return nil
}

// Day writes a day as it is written in Belgium in every language: 24/12/2026.
func Day(t time.Time) string { return t.UTC().Format("02/01/2006") }

// A Shortlist is a shared list as its reader sees it.
type Shortlist struct {
	Lang    catalogue.Lang
	Courses []Course // without distances: the maker's place is not in the link
	Desks   []Desk   // who can help with these courses, best first; at most four
	Ends    time.Time
}

// A Desk is whom to call.
type Desk struct {
	Name  string
	For   []string // roles, in words
	Phone string   // "" is unknown
	URL   string
}

// Shared is the list behind a code, in language l, or in its maker's when l is
// "". ok is false when there is none, or when none of its courses exists any more.
func (b *Bot) Shared(ctx context.Context, code string, l catalogue.Lang) (list Shortlist, ok bool, err error) {
	if b.shares == nil {
		return Shortlist{}, false, nil
	}
	s, ok, err := b.shares.Shared(ctx, code)
	if err != nil || !ok {
		return Shortlist{}, false, err
	}
	if l == "" {
		l = s.Lang
	}
	k := b.Knowledge()
	res := k.Courses.Find(search.Filter{IDs: s.Courses, Limit: len(s.Courses)})
	slices.SortStableFunc(res.Courses, func(x, y search.Found) int {
		return slices.Index(s.Courses, x.Course.ID) - slices.Index(s.Courses, y.Course.ID)
	})
	list = Shortlist{Lang: l, Ends: s.Ends}
	v := b.View(l, "")
	work := 0 // courses for who looks for work or has some
	for _, f := range res.Courses {
		c := v.Course(f)
		if c.Provider != "SO" && c.Provider != "HO" {
			work++
		}
		list.Courses = append(list.Courses, c)
	}
	first := "guidance"
	if work*2 > len(list.Courses) {
		first = "work"
	}
	list.Desks = b.whom(k, l, first)
	return list, len(list.Courses) > 0, nil
}

// whom are desks of a kind that can be called, and one that is there for
// everybody in the reader's language.
func (b *Bot) whom(k *Knowledge, l catalogue.Lang, kind string) (desks []Desk) {
	const called = 3
	all := -1
	show := func(i int) Desk {
		d := &k.Library.Desks[i]
		out := Desk{Name: d.Name, Phone: d.Phone, URL: d.URL}
		for _, r := range d.Roles {
			if r != "counsellor" { // they know their way
				role, _, _ := strings.Cut(b.words.Say(l, "value.role."+string(r), nil), ",") // "adult, studying or not"
				out.For = append(out.For, role)
			}
		}
		return out
	}
	for i := range k.Library.Desks {
		d := &k.Library.Desks[i]
		if d.Kind == kind && d.Phone != "" && len(desks) < called {
			desks = append(desks, show(i))
		}
		if d.Kind == "guidance" && len(d.Stages) == 0 && d.URL != "" && len(d.Roles) == len(catalogue.Roles) && slices.Contains(d.Langs, l) &&
			(all < 0 || slices.Contains(d.Langs, catalogue.NL)) {
			all = i
		}
	}
	if all >= 0 {
		desks = append(desks, show(all))
	}
	return desks
}
