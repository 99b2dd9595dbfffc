//go:build unix

package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wegwijs/bot"
	"wegwijs/bot/dialogue"
	"wegwijs/knowledge/catalogue"
)

// secret keys the stores of all tests.
var secret = []byte("a secret for tests only")

func TestMain(m *testing.M) {
	if dsn := os.Getenv("WEGWIJS_TEST_CHILD"); dsn != "" {
		child(dsn)
	}
	code := m.Run()
	stopPostgres()
	os.Exit(code)
}

// A clock is a time that tests move.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(c.at.Load(), 0) }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d / time.Second)) }
func newClock() *clock                   { c := &clock{}; c.at.Store(1_800_000_000); return c }
func state(turn int) dialogue.State      { return dialogue.State{V: 1, Turn: turn} }
func visitorOf(n int) bot.Visitor        { return bot.Visitor(fmt.Sprintf("visitor-%d", n)) }
func canary(s string) dialogue.State     { return dialogue.State{V: 1, Saved: []string{s}} }

// A house is a database that can be opened more than once, one after the other.
type house struct {
	open func(t *testing.T, o Options) *DB
	// spoil overwrites every stored state.
	spoil func(t *testing.T, db *DB, state []byte)
	// dump is all rows that belong to somebody, one a line, in hexadecimal.
	dump func(t *testing.T, db *DB) []byte
}

// rows counts the lines of a dump.
func rows(dump []byte) int { return len(bytes.Fields(dump)) }

// testMemory is what every engine promises. Each h is an empty database.
func testMemory(t *testing.T, newHouse func(t *testing.T) house) {
	ctx := context.Background()
	start := func(t *testing.T) (*DB, *clock, house) {
		h, c := newHouse(t), newClock()
		return h.open(t, Options{now: c.now}), c, h
	}
	remember := func(t *testing.T, db *DB, who bot.Visitor, turn bot.Turn) {
		t.Helper()
		if err := db.Remember(ctx, who, turn); err != nil {
			t.Fatalf("Remember(%s): %v", who, err)
		}
	}
	recall := func(t *testing.T, db *DB, who bot.Visitor) (dialogue.State, int64) {
		t.Helper()
		s, v, err := db.Recall(ctx, who)
		if err != nil {
			t.Fatalf("Recall(%s): %v", who, err)
		}
		return s, v
	}

	t.Run("a new visitor has the zero state and version 0", func(t *testing.T) {
		db, _, _ := start(t)
		if s, v := recall(t, db, "new"); v != 0 || !reflect.DeepEqual(s, dialogue.State{}) {
			t.Errorf("Recall = %+v, %d; want the zero State, 0", s, v)
		}
		if _, ok, err := db.Seen(ctx, "new", "k"); ok || err != nil {
			t.Errorf("Seen = %v, %v; want false, nil", ok, err)
		}
		if err := db.Forget(ctx, "new"); err != nil {
			t.Errorf("Forget of an unknown visitor: %v", err)
		}
		if err := db.Ping(ctx); err != nil {
			t.Errorf("Ping: %v", err)
		}
	})

	t.Run("a state comes back as it was, with any text and id", func(t *testing.T) {
		db, _, _ := start(t)
		for _, who := range []bot.Visitor{"telegram:1", "", "a\x00b", "a\x00", "\xff\xfe", bot.Visitor(strings.Repeat("é", 5000)), "'; DROP TABLE session; --"} {
			want := dialogue.State{
				V: 1, Tree: "h", Lang: catalogue.Lang("fr"), Turn: 7, Paused: 1,
				Ans:   []dialogue.Answer{{Slot: "interest", Values: []string{"ict", "\x00 ' \" \\ 🛠️ \u2028"}, Turn: 3, Told: true}, {Slot: "place", Skip: true}},
				Asked: dialogue.Asked{Slot: "reach", Turn: 6, Misses: 2},
				View:  dialogue.View{Page: 1, Relaxed: []string{"reach"}, Shown: []string{"a", "b"}}, Saved: []string{string(who[:0]) + "so-x"},
			}
			reply := []byte("{\"text\":\"\x00\xff 🛠️\"}")
			remember(t, db, who, bot.Turn{State: want, Key: "k" + string(who), Reply: reply})
			got, v := recall(t, db, who)
			if v == 0 || !reflect.DeepEqual(got, want) {
				t.Errorf("Recall(%.20q) = %+v, %d; want %+v", who, got, v, want)
			}
			if got, ok, err := db.Seen(ctx, who, "k"+string(who)); err != nil || !ok || !bytes.Equal(got, reply) {
				t.Errorf("Seen(%.20q) = %q, %v, %v; want %q", who, got, ok, err, reply)
			}
		}
	})

	t.Run("of 50 writers exactly one wins each version", func(t *testing.T) {
		db, _, _ := start(t)
		const writers, rounds = 50, 5
		for round := range rounds {
			_, v := recall(t, db, "v")
			var won atomic.Int64
			var wg sync.WaitGroup
			for i := range writers {
				wg.Go(func() {
					err := db.Remember(ctx, "v", bot.Turn{State: state(round*writers + i), Version: v, Key: fmt.Sprint(round, i), Reply: []byte("r")})
					switch {
					case err == nil:
						won.Add(1)
					case !errors.Is(err, bot.ErrStale):
						t.Errorf("Remember: %v; want nil or ErrStale", err)
					}
				})
			}
			wg.Wait()
			if won.Load() != 1 {
				t.Errorf("round %d: %d writers won; want 1", round, won.Load())
			}
			s, after := recall(t, db, "v")
			if v != 0 && after != v+1 {
				t.Errorf("round %d: version %d after %d; want one more", round, after, v)
			}
			kept := 0
			for i := range writers {
				if _, ok, _ := db.Seen(ctx, "v", fmt.Sprint(round, i)); ok {
					kept++
					if s.Turn != round*writers+i {
						t.Errorf("round %d: key %d is kept, but the state is of turn %d", round, i, s.Turn)
					}
				}
			}
			if kept != 1 {
				t.Errorf("round %d: %d keys kept; want the winner's alone", round, kept)
			}
		}
	})

	t.Run("of 50 equal keys one is applied and its reply is repeated", func(t *testing.T) {
		db, _, _ := start(t)
		var won atomic.Int64
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				err := db.Remember(ctx, "v", bot.Turn{State: state(i), Key: "same", Reply: fmt.Append(nil, i)})
				switch {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, bot.ErrSeen):
					t.Errorf("Remember: %v; want nil or ErrSeen", err)
				}
			})
		}
		wg.Wait()
		s, v := recall(t, db, "v")
		reply, ok, err := db.Seen(ctx, "v", "same")
		if won.Load() != 1 || !ok || err != nil || string(reply) != fmt.Sprint(s.Turn) {
			t.Errorf("%d won, reply %q %v %v, state of %d; want one winner and its own reply", won.Load(), reply, ok, err, s.Turn)
		}
		if err := db.Remember(ctx, "v", bot.Turn{State: state(99), Version: v, Key: "same"}); !errors.Is(err, bot.ErrSeen) {
			t.Errorf("the key again with the right version: %v; want ErrSeen", err)
		}
		if err := db.Remember(ctx, "v", bot.Turn{State: state(99), Version: v + 9, Key: "same"}); !errors.Is(err, bot.ErrSeen) {
			t.Errorf("the key again with a wrong version: %v; want ErrSeen", err)
		}
		if err := db.Remember(ctx, "w", bot.Turn{State: state(1), Key: "same"}); err != nil {
			t.Errorf("the key of another visitor: %v; want nil", err)
		}
	})

	t.Run("turns without a key are never doubles", func(t *testing.T) {
		db, _, _ := start(t)
		for i := range 3 {
			_, v := recall(t, db, "v")
			remember(t, db, "v", bot.Turn{State: state(i), Version: v})
		}
		if err := db.Remember(ctx, "v", bot.Turn{State: state(9)}); !errors.Is(err, bot.ErrStale) {
			t.Errorf("version 0 for a known visitor: %v; want ErrStale", err)
		}
		if err := db.Remember(ctx, "nobody", bot.Turn{State: state(9), Version: 5}); !errors.Is(err, bot.ErrStale) {
			t.Errorf("version 5 for an unknown visitor: %v; want ErrStale", err)
		}
	})

	t.Run("forgetting leaves nothing, and no way back for an old turn", func(t *testing.T) {
		db, _, h := start(t)
		remember(t, db, "v", bot.Turn{State: canary("canary"), Key: "k", Reply: []byte("canary")})
		remember(t, db, "w", bot.Turn{State: state(1), Key: "k", Reply: []byte("kept")})
		_, old := recall(t, db, "v")
		if err := db.Forget(ctx, "v"); err != nil {
			t.Fatal(err)
		}
		if s, v := recall(t, db, "v"); v != 0 || s.Saved != nil {
			t.Errorf("Recall after Forget = %+v, %d; want zero", s, v)
		}
		if _, ok, _ := db.Seen(ctx, "v", "k"); ok {
			t.Error("Seen after Forget = true")
		}
		if n := rows(h.dump(t, db)); n != 2 {
			t.Errorf("%d rows are left; want the other visitor's 2", n)
		}
		if reply, ok, _ := db.Seen(ctx, "w", "k"); !ok || string(reply) != "kept" {
			t.Error("Forget touched another visitor")
		}
		remember(t, db, "v", bot.Turn{State: state(1)})
		if err := db.Remember(ctx, "v", bot.Turn{State: canary("canary"), Version: old}); !errors.Is(err, bot.ErrStale) {
			t.Errorf("a turn from before Forget: %v; want ErrStale", err)
		}
	})

	t.Run("the sweep erases the idle and keeps the others", func(t *testing.T) {
		db, c, h := start(t)
		const idle = 450 // more than two steps of the sweep
		var wg sync.WaitGroup
		for i := range idle {
			wg.Go(func() { remember(t, db, visitorOf(i), bot.Turn{State: canary("canary"), Key: "k"}) })
		}
		remember(t, db, "busy", bot.Turn{State: state(1), Key: "old", Reply: []byte("old")})
		wg.Wait()
		c.advance(80 * time.Hour)
		_, v := recall(t, db, "busy")
		remember(t, db, "busy", bot.Turn{State: state(2), Version: v, Key: "new", Reply: []byte("new")})
		c.advance(10 * time.Minute)
		if n, err := db.Sweep(ctx, 100*time.Hour); n != 0 || err != nil {
			t.Errorf("Sweep(100 h) = %d, %v; want 0", n, err)
		}
		if _, ok, _ := db.Seen(ctx, "busy", "old"); ok {
			t.Error("a key of 80 hours is still kept; want 72 at most")
		}
		if _, ok, _ := db.Seen(ctx, "busy", "new"); !ok {
			t.Error("a key of 10 minutes is gone; want it kept")
		}
		if n, err := db.Sweep(ctx, 24*time.Hour); n != idle || err != nil {
			t.Errorf("Sweep(24 h) = %d, %v; want %d", n, err, idle)
		}
		if s, _ := recall(t, db, "busy"); s.Turn != 2 {
			t.Errorf("the busy visitor has turn %d; want 2", s.Turn)
		}
		if n := rows(h.dump(t, db)); n != 2 {
			t.Errorf("%d rows are left; want the busy visitor's 2", n)
		}
		if n, err := db.Sweep(ctx, 5*time.Minute); n != 1 || err != nil {
			t.Errorf("Sweep(5 min) = %d, %v; want 1", n, err)
		}
		if _, ok, _ := db.Seen(ctx, "busy", "new"); ok {
			t.Error("a swept visitor's key is still kept")
		}
	})

	t.Run("a restart keeps all, another secret finds nothing", func(t *testing.T) {
		db, c, h := start(t)
		remember(t, db, "v", bot.Turn{State: state(5), Key: "k", Reply: []byte("r")})
		_, v := recall(t, db, "v")
		db.Close()
		db = h.open(t, Options{now: c.now})
		if s, after := recall(t, db, "v"); s.Turn != 5 || after != v {
			t.Errorf("after a restart: turn %d, version %d; want 5, %d", s.Turn, after, v)
		}
		if reply, ok, err := db.Seen(ctx, "v", "k"); !ok || err != nil || string(reply) != "r" {
			t.Errorf("after a restart: Seen = %q, %v, %v", reply, ok, err)
		}
		db.Close()
		db = h.open(t, Options{now: c.now, Secret: []byte("another secret than that")})
		if _, v := recall(t, db, "v"); v != 0 {
			t.Errorf("under another secret: version %d; want 0", v)
		}
	})

	t.Run("the tables alone open no conversation", func(t *testing.T) {
		db, _, h := start(t)
		remember(t, db, "guess-me-not", bot.Turn{State: canary("so-technologische"), Key: "u:12345678", Reply: []byte(`{"session":"guess-me-not"}`)})
		for _, s := range []string{"guess-me-not", "u:12345678", "so-technologische"} {
			if dump := h.dump(t, db); rows(dump) != 2 || bytes.Contains(dump, fmt.Appendf(nil, "%X", s)) {
				t.Errorf("the tables hold %q, or not 2 rows", s)
			}
		}
	})

	t.Run("a garbage state is an error that says what to do", func(t *testing.T) {
		db, _, h := start(t)
		remember(t, db, "guess-me-not", bot.Turn{State: state(1)})
		for _, garbage := range [][]byte{
			nil,
			[]byte(`["secret words"]`),
			db.hide.seal("guess-me-not", stateSeal, []byte(`["secret words"]`)),
			db.hide.seal("guess-me-not", stateSeal, []byte(`{"turn":"secret words"}`)),
			db.hide.seal("guess-me-not", stateSeal, []byte("secret words")),
			db.hide.seal("another", stateSeal, []byte(`{}`)),
			db.hide.seal("guess-me-not", []byte("another place"), []byte(`{}`)),
		} {
			h.spoil(t, db, append([]byte{}, garbage...))
			_, _, err := db.Recall(ctx, "guess-me-not")
			if err == nil || !strings.Contains(err.Error(), "does not hold a state") || !strings.Contains(err.Error(), "forget") {
				t.Errorf("Recall of %q = %v; want what, and what to do", garbage, err)
			}
			for _, private := range []string{"guess-me-not", "secret words"} {
				if err != nil && strings.Contains(err.Error(), private) {
					t.Errorf("the error repeats %q: %v", private, err)
				}
			}
		}
		if err := db.Forget(ctx, "guess-me-not"); err != nil {
			t.Fatal(err)
		}
		if _, v := recall(t, db, "guess-me-not"); v != 0 {
			t.Errorf("after Forget: version %d; want 0", v)
		}
	})

	t.Run("1,000 visitors at once do not meet", func(t *testing.T) {
		db, _, _ := start(t)
		var wg sync.WaitGroup
		slots := make(chan struct{}, 64)
		for i := range 1000 {
			wg.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				who := visitorOf(i)
				for turn := range 3 {
					s, v, err := db.Recall(ctx, who)
					if err != nil || s.Turn != i*turn {
						t.Errorf("visitor %d, turn %d: state of %d, %v", i, turn, s.Turn, err)
					}
					if err := db.Remember(ctx, who, bot.Turn{State: state(i * (turn + 1)), Version: v, Key: fmt.Sprint(turn), Reply: fmt.Append(nil, i, turn)}); err != nil {
						t.Errorf("visitor %d, turn %d: %v", i, turn, err)
					}
				}
				if reply, _, err := db.Seen(ctx, who, "1"); err != nil || string(reply) != fmt.Sprint(i, 1) {
					t.Errorf("visitor %d: reply %q, %v", i, reply, err)
				}
			})
		}
		wg.Wait()
	})

	t.Run("a cancelled turn is stored or is not, and says which", func(t *testing.T) {
		db, _, _ := start(t)
		var wg sync.WaitGroup
		for i := range 300 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(ctx, time.Duration(i)*20*time.Microsecond)
				defer cancel()
				who := visitorOf(i)
				err := db.Remember(ctx, who, bot.Turn{State: state(1)})
				_, v := recall(t, db, who)
				if err == nil && v == 0 {
					t.Errorf("visitor %d: acknowledged and not stored", i)
				}
				if _, onFile := db.engine.(*lite); onFile && err != nil && v != 0 {
					t.Errorf("visitor %d: %v, but stored", i, err)
				}
				if err != nil && !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("visitor %d: %v; want a deadline", i, err)
				}
			})
		}
		wg.Wait()
	})

	t.Run("after Close every call is an error and none hangs", func(t *testing.T) {
		db, _, _ := start(t)
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() {
				for n := 0; db.Remember(ctx, visitorOf(i*1000+n), bot.Turn{State: state(1)}) == nil; n++ {
				}
			})
		}
		time.Sleep(20 * time.Millisecond)
		if err := db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		wg.Wait()
		if db.Ping(ctx) == nil || db.Forget(ctx, "v") == nil {
			t.Error("Ping or Forget after Close = nil")
		}
		if err := db.Close(); err != nil {
			t.Errorf("Close again: %v", err)
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct{ name, dsn, secret, says string }{
		{"a short secret", "file::memory:", "short", "16 or more"},
		{"an unknown kind", "mysql://root:hunter2@db/x", string(secret), "unknown kind of database"},
		{"an empty name", "", string(secret), "unknown kind of database"},
		{"a file without a name", "file:", string(secret), "is no file name"},
		{"parameters", "file:x.db?mode=ro", string(secret), "without parameters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, err := Open(context.Background(), c.dsn, Options{Secret: []byte(c.secret)})
			if err == nil {
				db.Close()
				t.Fatal("Open = nil; want an error")
			}
			if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("Open: %v; want %q and no password", err, c.says)
			}
		})
	}
}
