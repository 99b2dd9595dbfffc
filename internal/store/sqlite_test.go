//go:build unix

package store

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"wegwijs/bot"
)

func openTest(t testing.TB, dsn string, o Options) *DB {
	t.Helper()
	if o.Secret == nil {
		o.Secret = secret
	}
	db, err := Open(context.Background(), dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// query returns every row's first column, as text.
func query(t testing.TB, db *DB, sql string) string {
	t.Helper()
	rows, err := db.engine.(*lite).read.Query(sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

// alter runs sql past the store.
func alter(t *testing.T, db *DB, sql string, args ...any) {
	t.Helper()
	if err := db.engine.(*lite).w.write(context.Background(), false, func(w *writer) error { return w.exec(sql, args...) }); err != nil {
		t.Fatal(err)
	}
}

func liteHouse(dsn string) house {
	return house{
		open:  func(t *testing.T, o Options) *DB { return openTest(t, dsn, o) },
		spoil: func(t *testing.T, db *DB, state []byte) { alter(t, db, "UPDATE session SET state = ?1", state) },
		dump: func(t *testing.T, db *DB) []byte {
			return []byte(query(t, db, "SELECT hex(visitor) || hex(state) FROM session UNION ALL SELECT hex(visitor) || hex(key) || hex(reply) FROM seen UNION ALL SELECT hex(code) || hex(owner) || hex(list) FROM share"))
		},
	}
}

func TestSQLite(t *testing.T) {
	newHouse := func(t *testing.T) house { return liteHouse("file:" + filepath.Join(t.TempDir(), "weg wijs#100%.db")) }
	testMemory(t, newHouse)
	testShares(t, newHouse)
	testTally(t, newHouse)
}

func TestSQLiteInMemory(t *testing.T) {
	for name, run := range map[string]func(*testing.T){
		"two databases do not meet": func(t *testing.T) {
			a, b := openTest(t, "file::memory:", Options{}), openTest(t, "file::memory:", Options{})
			if err := a.Remember(t.Context(), "v", bot.Turn{State: state(1)}); err != nil {
				t.Fatal(err)
			}
			if _, v, err := b.Recall(t.Context(), "v"); v != 0 || err != nil {
				t.Errorf("the other database: version %d, %v; want 0", v, err)
			}
		},
		"cancelled reads and many writers lose nothing": func(t *testing.T) {
			db := openTest(t, "file::memory:", Options{})
			var wg sync.WaitGroup
			for i := range 200 {
				wg.Go(func() {
					if err := db.Remember(t.Context(), visitorOf(i), bot.Turn{State: state(i), Key: "k"}); err != nil {
						t.Error(err)
					}
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(300))*time.Microsecond)
					defer cancel()
					_, _, _ = db.Recall(ctx, visitorOf(i))
				})
			}
			wg.Wait()
			for i := range 200 {
				if s, _, err := db.Recall(t.Context(), visitorOf(i)); err != nil || s.Turn != i {
					t.Errorf("visitor %d: turn %d, %v", i, s.Turn, err)
				}
			}
		},
	} {
		t.Run(name, run)
	}
}

func TestSQLiteSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.db")
	db := openTest(t, "file:"+path, Options{})
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "busy_timeout": "5000"} {
		var got string
		if err := db.engine.(*lite).w.conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("PRAGMA %s = %q, %v; want %q", pragma, got, err, want)
		}
	}
	if _, err := db.engine.(*lite).read.Exec("DELETE FROM session"); err == nil {
		t.Error("a reader may write; want query_only")
	}
	if got := query(t, db, "SELECT group_concat(name) FROM (SELECT m.name || '.' || c.name AS name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name IN ('session', 'seen') ORDER BY m.name DESC, c.cid)"); got != "session.visitor,session.version,session.state,session.updated,seen.visitor,seen.key,seen.reply,seen.at" {
		t.Errorf("columns: %s; want no other than designed", got)
	}
	for _, name := range []string{path, path + "-wal", path + ".lock"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want -rw-------", filepath.Base(name), info.Mode(), err)
		}
	}
}

// raw is all bytes of all files in dir.
func raw(t *testing.T, dir string) (all []byte) {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

// TestForgetEmptiesTheFiles looks for the sealed rows themselves, so that it
// finds bytes whether or not anybody could open them.
func TestForgetEmptiesTheFiles(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	c := newClock()
	db := openTest(t, "file:"+filepath.Join(dir, "w.db"), Options{now: c.now})
	long := strings.Repeat("long enough to overflow its page ", 400)
	kept := map[bot.Visitor][][]byte{}
	for _, who := range []bot.Visitor{"v", "swept", "stays"} {
		if err := db.Remember(ctx, who, bot.Turn{State: canary(long), Key: "k", Reply: []byte(long)}); err != nil {
			t.Fatal(err)
		}
		visitor := db.hide.visitor(who)
		_, state, err := db.engine.recall(ctx, visitor)
		if err != nil {
			t.Fatal(err)
		}
		reply, _, err := db.engine.seen(ctx, visitor, db.hide.key(who, "k"))
		if err != nil {
			t.Fatal(err)
		}
		kept[who] = [][]byte{visitor, state[:200], state[len(state)-200:], reply[:200], reply[len(reply)-200:]}
	}
	in := func(who bot.Visitor) (n int) {
		all := raw(t, dir)
		for _, part := range kept[who] {
			if bytes.Contains(all, part) {
				n++
			}
		}
		return n
	}
	if n := in("v"); n != 5 {
		t.Fatalf("%d of 5 parts are in the files before Forget: this test would prove nothing", n)
	}
	if err := db.Forget(ctx, "v"); err != nil {
		t.Fatal(err)
	}
	if n := in("v"); n != 0 {
		t.Errorf("%d of 5 parts are still in the files after Forget", n)
	}
	c.advance(time.Hour)
	if err := db.Remember(ctx, "stays", bot.Turn{Version: version(t, db, "stays"), State: canary(long)}); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Sweep(ctx, time.Minute); n != 1 || err != nil {
		t.Fatalf("Sweep = %d, %v; want 1", n, err)
	}
	if n := in("swept"); n != 0 {
		t.Errorf("%d of 5 parts are still in the files after Sweep", n)
	}
}

func version(t *testing.T, db *DB, who bot.Visitor) int64 {
	t.Helper()
	_, v, err := db.Recall(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestFilesHoldNoWords makes pages split and merge while visitors come, go and
// are read: SQLite then leaves copies of moved rows in unused parts of pages,
// which no deletion reaches. They must be sealed like all else.
func TestFilesHoldNoWords(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	db := openTest(t, "file:"+filepath.Join(dir, "w.db"), Options{})
	const visitors = 300
	for turn := range 3 {
		var wg sync.WaitGroup
		for i := range visitors {
			wg.Go(func() {
				_, v, err := db.Recall(ctx, visitorOf(i))
				if err != nil {
					t.Error(err)
				}
				long := strings.Repeat("canary", 5+(i*turn)%400)
				if err := db.Remember(ctx, visitorOf(i), bot.Turn{State: canary(long), Version: v, Key: fmt.Sprint("canary", turn), Reply: []byte(long)}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	if bytes.Contains(raw(t, dir), []byte("canary")) {
		t.Error("the canary is in the files before Forget")
	}
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					_, _, _ = db.Recall(ctx, visitorOf(rand.IntN(visitors)))
				}
			}
		})
	}
	for _, i := range rand.Perm(visitors)[:visitors/2] {
		if err := db.Forget(ctx, visitorOf(i)); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(filepath.Join(dir, "w.db-wal")); err != nil || info.Size() != 0 {
			t.Fatalf("the log holds %d bytes after Forget, %v; want 0", info.Size(), err)
		}
	}
	close(stop)
	readers.Wait()
	if bytes.Contains(raw(t, dir), []byte("canary")) {
		t.Error("the canary is in the files after Forget")
	}
	if got := query(t, db, "PRAGMA integrity_check"); got != "ok" {
		t.Errorf("integrity_check: %s", got)
	}
}

func TestSQLiteRefuses(t *testing.T) {
	write := func(t *testing.T, path, content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		lay  func(t *testing.T, dir string) (path string)
		says []string
	}{
		{"a folder", func(t *testing.T, dir string) string { return dir }, []string{"is a folder", "file:"}},
		{"a missing folder", func(t *testing.T, dir string) string { return dir + "/no/w.db" }, []string{"does not exist", "make it"}},
		{"a file as folder", func(t *testing.T, dir string) string {
			write(t, dir+"/x", "")
			return dir + "/x/w.db"
		}, []string{"is not a folder"}},
		{"a text file", func(t *testing.T, dir string) string {
			write(t, dir+"/w.db", strings.Repeat("not a database\n", 100))
			return dir + "/w.db"
		}, []string{"w.db", "is damaged or no SQLite database", "backup"}},
		{"a truncated database", func(t *testing.T, dir string) string {
			openTest(t, "file:"+dir+"/w.db", Options{}).Close()
			if err := os.Truncate(dir+"/w.db", 5000); err != nil {
				t.Fatal(err)
			}
			return dir + "/w.db"
		}, []string{"w.db", "is damaged", "backup"}},
		{"a newer schema", func(t *testing.T, dir string) string {
			db := openTest(t, "file:"+dir+"/w.db", Options{})
			alter(t, db, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
			db.Close()
			return dir + "/w.db"
		}, []string{"w.db", "version 99", "knows up to 2", "newer wegwijs", "backup"}},
		{"a second opening", func(t *testing.T, dir string) string {
			openTest(t, "file:"+dir+"/w.db", Options{})
			return dir + "/w.db"
		}, []string{"in use by another wegwijs process", "WEGWIJS_DATABASE"}},
		{"a second opening under another name", func(t *testing.T, dir string) string {
			openTest(t, "file:"+dir+"/w.db", Options{})
			if err := os.Symlink(dir+"/w.db", dir+"/other.db"); err != nil {
				t.Fatal(err)
			}
			return dir + "/other.db"
		}, []string{"in use by another wegwijs process"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, err := Open(t.Context(), "file:"+c.lay(t, t.TempDir()), Options{Secret: secret})
			if err == nil {
				db.Close()
				t.Fatal("Open = nil; want an error")
			}
			for _, says := range c.says {
				if !strings.Contains(err.Error(), says) {
					t.Errorf("Open: %v; want it to say %q", err, says)
				}
			}
		})
	}
	t.Run("the refused newer database is unchanged and free again", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "w.db")
		db := openTest(t, "file:"+path, Options{})
		if err := db.Remember(t.Context(), "v", bot.Turn{State: state(4)}); err != nil {
			t.Fatal(err)
		}
		alter(t, db, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
		db.Close()
		before, _ := os.ReadFile(path)
		for range 2 {
			if _, err := Open(t.Context(), "file:"+path, Options{Secret: secret}); err == nil || !strings.Contains(err.Error(), "version 99") {
				t.Fatalf("Open: %v", err)
			}
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Error("the file changed")
		}
	})
}

// TestSQLiteWithoutRights needs a user with fewer rights than root, so that it
// runs in a child.
func TestSQLiteWithoutRights(t *testing.T) {
	dir := openDir(t)
	shut, free := filepath.Join(dir, "shut"), filepath.Join(dir, "free")
	for _, d := range []string{shut, free} {
		if err := os.Mkdir(d, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(free+"/w.db", nil, 0o444); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(shut, 0o555); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{shut + "/w.db": shut + " cannot be written", free + "/w.db": "w.db cannot be written"} {
		cmd := childCommand(t, dir, "file:"+path)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), says) || !strings.Contains(string(out), "WEGWIJS_DATABASE") {
			t.Errorf("%s: %v, %q; want it to say %q", path, err, out, says)
		}
	}
}

// openDir is a temporary folder that every user can enter.
func openDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "wegwijs-store")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// childCommand is this test program as a child that never is root; see child.
func childCommand(t *testing.T, dir, dsn string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	if os.Getuid() == 0 {
		// The test program lies where root alone can enter.
		program, err := os.ReadFile(self)
		if err != nil {
			t.Fatal(err)
		}
		cmd.Path = filepath.Join(dir, "child")
		if err := os.WriteFile(cmd.Path, program, 0o755); err != nil {
			t.Fatal(err)
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	cmd.Env = append(os.Environ(), "WEGWIJS_TEST_CHILD="+dsn)
	return cmd
}

// TestSQLiteFull stands for a full disk: SQLite meets both with the same error,
// which may end a transaction that other turns share.
func TestSQLiteFull(t *testing.T) {
	ctx := t.Context()
	db := openTest(t, "file:"+filepath.Join(t.TempDir(), "w.db"), Options{})
	if err := db.Remember(ctx, "before", bot.Turn{State: state(1)}); err != nil {
		t.Fatal(err)
	}
	alter(t, db, "PRAGMA max_page_count = 1") // SQLite takes its present size for less
	long := []byte(strings.Repeat("x", 100_000))
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			err := db.Remember(ctx, visitorOf(i), bot.Turn{State: state(1), Key: "k", Reply: long})
			if err == nil || !strings.Contains(err.Error(), "the disk is full; make room") {
				t.Errorf("visitor %d: %v; want a full disk", i, err)
			}
		})
	}
	wg.Wait()
	if _, v, err := db.Recall(ctx, "before"); v == 0 || err != nil {
		t.Errorf("while full: version %d, %v; want reads to go on", v, err)
	}
	alter(t, db, "PRAGMA max_page_count = 1000000")
	for i := range 20 {
		if _, v, err := db.Recall(ctx, visitorOf(i)); v != 0 || err != nil {
			t.Errorf("visitor %d: version %d, %v; want nothing stored", i, v, err)
		}
		if err := db.Remember(ctx, visitorOf(i), bot.Turn{State: state(1), Key: "k", Reply: long}); err != nil {
			t.Errorf("visitor %d with room again: %v", i, err)
		}
	}
	if err := db.Ping(ctx); err != nil {
		t.Errorf("Ping with room again: %v", err)
	}
	if got := query(t, db, "PRAGMA integrity_check"); got != "ok" {
		t.Errorf("integrity_check: %s", got)
	}
}
