//go:build unix

package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"wegwijs/bot"
	"wegwijs/knowledge/catalogue"
)

// testShares is what every engine promises of links. Each house is an empty database.
func testShares(t *testing.T, newHouse func(t *testing.T) house) {
	ctx := context.Background()
	start := func(t *testing.T) (*DB, *clock, house) {
		h, c := newHouse(t), newClock()
		return h.open(t, Options{now: c.now}), c, h
	}
	// put makes a link of who's, in a turn of its own.
	put := func(t *testing.T, db *DB, who bot.Visitor, ends time.Time, courses ...string) string {
		t.Helper()
		_, v, err := db.Recall(ctx, who)
		s := &bot.Share{Code: rand.Text(), Lang: catalogue.FR, Courses: courses, Ends: ends}
		if err = errors.Join(err, db.Remember(ctx, who, bot.Turn{State: state(1), Version: v, Share: s})); err != nil {
			t.Fatal(err)
		}
		return s.Code
	}
	works := func(t *testing.T, db *DB, code string, want bool) {
		t.Helper()
		if _, ok, err := db.Shared(ctx, code); ok != want || err != nil {
			t.Errorf("Shared = %v, %v; want %v, nil", ok, err, want)
		}
	}
	month := 30 * 24 * time.Hour

	t.Run("a list comes back under its code, until its end", func(t *testing.T) {
		db, c, _ := start(t)
		code := put(t, db, "v", c.now().Add(month), "so-hout-2", "ho-x")
		got, ok, err := db.Shared(ctx, code)
		want := bot.Share{Code: code, Lang: "fr", Courses: []string{"so-hout-2", "ho-x"}, Ends: c.now().Add(month)}
		if err != nil || !ok || !got.Ends.Equal(want.Ends) {
			t.Fatalf("Shared = %+v, %v, %v; want %+v", got, ok, err, want)
		}
		got.Ends = want.Ends
		if !reflect.DeepEqual(got, want) {
			t.Errorf("Shared = %+v; want %+v", got, want)
		}
		c.advance(month - time.Second)
		works(t, db, code, true)
		c.advance(time.Second)
		works(t, db, code, false)
	})

	t.Run("the sweep erases a link that has ended, and no other", func(t *testing.T) {
		db, c, h := start(t)
		put(t, db, "v", c.now().Add(time.Hour), "a")
		stays := put(t, db, "w", c.now().Add(month), "b")
		c.advance(2 * time.Hour)
		if n, err := db.Sweep(ctx, month); n != 0 || err != nil {
			t.Fatalf("Sweep = %d, %v; want 0 visitors", n, err)
		}
		if got := rows(h.dump(t, db)); got != 3 { // two sessions, one link
			t.Errorf("%d rows are left; want 3", got)
		}
		works(t, db, stays, true)
	})

	t.Run("its maker ends his links, and nobody else's", func(t *testing.T) {
		db, c, _ := start(t)
		end := c.now().Add(month)
		mine, mine2, other := put(t, db, "v", end, "a"), put(t, db, "v", end, "b"), put(t, db, "w", end, "c")
		_, v, _ := db.Recall(ctx, "v")
		if err := db.Remember(ctx, "v", bot.Turn{State: state(2), Version: v, Unshare: true}); err != nil {
			t.Fatal(err)
		}
		works(t, db, mine, false)
		works(t, db, mine2, false)
		works(t, db, other, true)
	})

	t.Run("forgetting ends all links of the visitor", func(t *testing.T) {
		db, c, h := start(t)
		end := c.now().Add(month)
		mine, other := put(t, db, "v", end, "a"), put(t, db, "w", end, "c")
		if err := db.Forget(ctx, "v"); err != nil {
			t.Fatal(err)
		}
		works(t, db, mine, false)
		works(t, db, other, true)
		if got := rows(h.dump(t, db)); got != 2 { // the other's session and link
			t.Errorf("%d rows are left; want 2", got)
		}
	})

	t.Run("the oldest link goes when there are too many", func(t *testing.T) {
		db, c, _ := start(t)
		var codes []string
		for i := range maxShares + 2 {
			codes = append(codes, put(t, db, "v", c.now().Add(month), fmt.Sprint("course-", i)))
			c.advance(time.Second)
		}
		for i, code := range codes {
			works(t, db, code, i >= 2)
		}
	})

	t.Run("a turn that is refused leaves no link", func(t *testing.T) {
		db, c, h := start(t)
		put(t, db, "v", c.now().Add(month), "a")
		before := rows(h.dump(t, db))
		s := &bot.Share{Code: rand.Text(), Courses: []string{"b"}, Ends: c.now().Add(month)}
		if err := db.Remember(ctx, "v", bot.Turn{State: state(2), Version: 3, Share: s, Unshare: true}); !errors.Is(err, bot.ErrStale) {
			t.Fatalf("Remember = %v; want ErrStale", err)
		}
		works(t, db, s.Code, false)
		if got := rows(h.dump(t, db)); got != before {
			t.Errorf("%d rows; want %d, as before", got, before)
		}
	})

	t.Run("the tables hold neither the code nor the courses", func(t *testing.T) {
		db, c, h := start(t)
		code := put(t, db, "v", c.now().Add(month), "so-canary-2")
		dump, err := hex.DecodeString(string(bytes.Join(bytes.Fields(bytes.ToLower(h.dump(t, db))), nil)))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{code, "canary"} {
			if bytes.Contains(dump, []byte(s)) {
				t.Errorf("the tables hold %q", s)
			}
		}
	})
}

// Nobody finds a list by trying: 100,000 codes of the right form find none of
// a thousand lists.
func TestGuessedCodesFindNothing(t *testing.T) {
	db := openTest(t, "file::memory:", Options{})
	for i := range 200 {
		who := visitorOf(i)
		for j := range maxShares {
			_, v, err := db.Recall(t.Context(), who)
			s := &bot.Share{Code: rand.Text(), Courses: []string{"a"}, Ends: time.Now().Add(time.Hour)}
			if err = errors.Join(err, db.Remember(t.Context(), who, bot.Turn{State: state(j), Version: v, Share: s})); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := query(t, db, "SELECT count(*) FROM share"); n != "1000" {
		t.Fatalf("%s lists; want 1000", n)
	}
	tries := 100_000
	if testing.Short() {
		tries = 5_000
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range tries / 4 {
				if _, ok, err := db.Shared(context.Background(), rand.Text()); ok || err != nil {
					t.Errorf("a guessed code: %v, %v", ok, err)
				}
			}
		})
	}
	wg.Wait()
}

// testTally is what every engine promises of the tally.
func testTally(t *testing.T, newHouse func(t *testing.T) house) {
	ctx := context.Background()
	dutch := bot.Count{Kind: bot.Blind, Field: "wood", Finality: "dubbel", Commune: "1140", Language: "nl"}
	french := bot.Count{Kind: bot.Blind, Field: "ict", Commune: "1080", Language: "fr"}

	t.Run("counts are summed over days, from a day on", func(t *testing.T) {
		h, c := newHouse(t), newClock()
		db := h.open(t, Options{now: c.now})
		first := c.now()
		for i := range 4 {
			turn := bot.Turn{State: state(i), Counts: []bot.Count{french, dutch}}
			if i == 3 {
				c.advance(24 * time.Hour)
				turn.Counts = turn.Counts[1:]
			}
			if err := db.Remember(ctx, visitorOf(i), turn); err != nil {
				t.Fatal(err)
			}
		}
		for _, w := range []struct {
			since time.Time
			want  []Cell
		}{
			{first, []Cell{{french, 3}, {dutch, 4}}},
			{c.now(), []Cell{{dutch, 1}}},
			{c.now().Add(48 * time.Hour), nil},
		} {
			if got, err := db.Tally(ctx, w.since); err != nil || len(got) != len(w.want) || len(got) > 0 && !reflect.DeepEqual(got, w.want) {
				t.Errorf("Tally = %v, %v; want %v", got, err, w.want)
			}
		}
	})

	t.Run("a turn that is refused counts nothing, and a repeated key counts once", func(t *testing.T) {
		h, c := newHouse(t), newClock()
		db := h.open(t, Options{now: c.now})
		turn := bot.Turn{State: state(1), Key: "k", Counts: []bot.Count{dutch}}
		for i, want := range []error{nil, bot.ErrSeen} {
			if err := db.Remember(ctx, "v", turn); !errors.Is(err, want) {
				t.Fatalf("Remember %d = %v; want %v", i, err, want)
			}
		}
		if err := db.Remember(ctx, "v", bot.Turn{State: state(2), Version: 1, Counts: []bot.Count{dutch}}); !errors.Is(err, bot.ErrStale) {
			t.Fatalf("Remember = %v; want ErrStale", err)
		}
		if got, err := db.Tally(ctx, c.now()); err != nil || !reflect.DeepEqual(got, []Cell{{dutch, 1}}) {
			t.Errorf("Tally = %v, %v; want one", got, err)
		}
	})

	t.Run("forgetting and the sweep leave the tally, for it is nobody's", func(t *testing.T) {
		h, c := newHouse(t), newClock()
		db := h.open(t, Options{now: c.now})
		if err := db.Remember(ctx, "v", bot.Turn{State: state(1), Counts: []bot.Count{dutch}}); err != nil {
			t.Fatal(err)
		}
		if err := db.Forget(ctx, "v"); err != nil {
			t.Fatal(err)
		}
		if got, err := db.Tally(ctx, c.now()); err != nil || len(got) != 1 {
			t.Errorf("Tally = %v, %v; want one cell", got, err)
		}
	})

	t.Run("fifty at once lose no count", func(t *testing.T) {
		h, c := newHouse(t), newClock()
		db := h.open(t, Options{now: c.now})
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				counts := []bot.Count{dutch, french}
				if i%2 == 0 {
					counts = []bot.Count{french, dutch}
				}
				if err := db.Remember(ctx, visitorOf(i), bot.Turn{State: state(1), Counts: counts}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got, err := db.Tally(ctx, c.now()); err != nil || !reflect.DeepEqual(got, []Cell{{french, 50}, {dutch, 50}}) {
			t.Errorf("Tally = %v, %v; want 50 each", got, err)
		}
	})
}

// The columns are all that a count can say: no visitor, no text, no hour.
func TestTheTallyKnowsNobody(t *testing.T) {
	db := openTest(t, "file::memory:", Options{})
	if got, want := query(t, db, "SELECT name FROM pragma_table_info('tally') ORDER BY cid"), "day\nkind\nfield\nfinality\ncommune\nlanguage\ncount"; got != want {
		t.Errorf("tally has the columns %q; want %q", got, want)
	}
}

func TestReadTallyBesideTheOwner(t *testing.T) {
	dsn := "file:" + filepath.Join(t.TempDir(), "w.db")
	if _, err := ReadTally(t.Context(), dsn, time.Time{}); err == nil || !strings.Contains(err.Error(), "does not exist yet") {
		t.Errorf("ReadTally without a file: %v", err)
	}
	db := openTest(t, dsn, Options{})
	want := bot.Count{Kind: bot.Blind, Field: "wood", Commune: "1140", Language: "nl"}
	if err := db.Remember(t.Context(), "v", bot.Turn{State: state(1), Counts: []bot.Count{want}}); err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"while the owner runs", "after it has stopped"} {
		if got, err := ReadTally(t.Context(), dsn, time.Time{}); err != nil || !reflect.DeepEqual(got, []Cell{{want, 1}}) {
			t.Errorf("%s: ReadTally = %v, %v", when, got, err)
		}
		db.Close()
	}
}

func TestPostgresReadTally(t *testing.T) {
	dsn := sharedServer(t).base(t)
	db := openTest(t, dsn, Options{})
	want := bot.Count{Kind: bot.Blind, Field: "wood", Commune: "1140", Language: "nl"}
	if err := db.Remember(t.Context(), "v", bot.Turn{State: state(1), Counts: []bot.Count{want}}); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadTally(t.Context(), dsn, time.Time{}); err != nil || !reflect.DeepEqual(got, []Cell{{want, 1}}) {
		t.Errorf("ReadTally = %v, %v", got, err)
	}
	if _, err := ReadTally(t.Context(), "postgres://u:hunter2@127.0.0.1:1/x", time.Time{}); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("ReadTally without a server: %v; want an error without the password", err)
	}
}
