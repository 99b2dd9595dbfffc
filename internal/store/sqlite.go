package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"wegwijs/bot"
)

// A lite is a DB in an SQLite file: one writer, a few readers, one process.
type lite struct {
	name  string   // what errors call it
	lock  *os.File // nil in memory
	write *sql.DB  // one connection, the writer's
	read  *sql.DB
	w     *writer
}

// memories numbers the databases in memory, so that each has its own.
var memories atomic.Int64

func openSQLite(ctx context.Context, path string, unsafe bool) (_ *lite, err error) {
	l := &lite{name: path}
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	var write, read url.Values
	var at url.URL
	if path == ":memory:" {
		// memdb is the kind that several connections of one process share.
		at = url.URL{Scheme: "file", OmitHost: true, Path: fmt.Sprintf("/wegwijs-%d", memories.Add(1))}
		write = url.Values{"vfs": {"memdb"}, "_pragma": {"busy_timeout(5000)", "foreign_keys(1)", "secure_delete(1)"}}
		read = write
	} else {
		if l.name, err = filePath(path); err != nil {
			return nil, err
		}
		if l.lock, err = claim(l.name); err != nil {
			return nil, err
		}
		at = url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(l.name)}
		sync := "synchronous(FULL)"
		if unsafe {
			sync = "synchronous(NORMAL)"
		}
		write = url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", sync, "foreign_keys(1)", "secure_delete(1)"}}
		read = url.Values{"_pragma": {"busy_timeout(5000)", "query_only(1)"}}
	}
	write.Set("_txlock", "immediate")
	if l.write, err = pool(at, write, 1); err != nil {
		return nil, err
	}
	if err := migrate(ctx, l.write, goose.DialectSQLite3, "sqlite"); err != nil {
		return nil, l.explain(err)
	}
	if l.read, err = pool(at, read, max(2, min(runtime.GOMAXPROCS(0), 8))); err != nil {
		return nil, err
	}
	if l.w, err = newWriter(ctx, l.write, sqlSee, sqlBegin, sqlMove, sqlForget, sqlUnsee, sqlErase, sqlCount); err != nil {
		return nil, l.explain(err)
	}
	return l, nil
}

// pool opens n connections that stay open: in memory, the last one to close
// would take the database with it.
func pool(at url.URL, query url.Values, n int) (*sql.DB, error) {
	at.RawQuery = query.Encode()
	c, err := sqlite.NewConnector(at.String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// filePath returns the absolute path of the database, with links followed, so
// that one file has one lock under all its names.
func filePath(path string) (string, error) {
	if path == "" || strings.ContainsAny(path, "?\x00") {
		return "", fmt.Errorf("%q is no file name; write file:wegwijs.db, without parameters (WEGWIJS_DATABASE)", path)
	}
	// file:///var/lib/x.db and file:/var/lib/x.db are the same file.
	if rest, ok := strings.CutPrefix(path, "//"); ok && strings.HasPrefix(rest, "/") {
		path = rest
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return "", fmt.Errorf("%s is a folder; name a file in it: file:%s", path, filepath.Join(path, "wegwijs.db"))
	case err == nil:
		return filepath.EvalSymlinks(path)
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the folder %s does not exist; make it, or set WEGWIJS_DATABASE to another file", dir)
	} else if err == nil && !info.IsDir() {
		return "", fmt.Errorf("%s is not a folder; set WEGWIJS_DATABASE to another file", dir)
	}
	return path, nil
}

// claim locks the database for this process and makes the file, readable by
// its owner alone. The lock has a file of its own because SQLite loses its
// locks on a file when anybody in the process closes it.
func claim(path string) (_ *os.File, err error) {
	lock, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, unwritable(filepath.Dir(path), err)
	}
	defer func() {
		if err != nil {
			lock.Close()
		}
	}()
	if held, err := lockFile(lock); held {
		return nil, fmt.Errorf("%s is in use by another wegwijs process; stop it or set WEGWIJS_DATABASE to another file", path)
	} else if err != nil {
		return nil, fmt.Errorf("lock %s.lock (a network disk? use a local one, or PostgreSQL): %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, unwritable(path, err)
	}
	return lock, f.Close()
}

func unwritable(path string, err error) error {
	return fmt.Errorf("%s cannot be written; give this user the right to, or set WEGWIJS_DATABASE to another file: %w", path, err)
}

// explain says what the operator can do about an error of SQLite.
func (l *lite) explain(err error) error {
	var e *sqlite.Error
	if err == nil || !errors.As(err, &e) {
		if err == nil || err == bot.ErrSeen || err == bot.ErrStale || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return fmt.Errorf("%s: %w", l.name, err)
	}
	do := ""
	switch e.Code() & 0xff {
	case sqlitelib.SQLITE_NOTADB, sqlitelib.SQLITE_CORRUPT:
		do = " is damaged or no SQLite database; restore a backup, or move it away to start empty"
	case sqlitelib.SQLITE_FULL:
		do = ": the disk is full; make room, nothing else is needed"
	case sqlitelib.SQLITE_READONLY, sqlitelib.SQLITE_CANTOPEN, sqlitelib.SQLITE_PERM:
		do = " cannot be written; give this user the right to, in its folder too"
	case sqlitelib.SQLITE_BUSY:
		do = " is held by another program; end that"
	}
	return fmt.Errorf("%s%s: %w", l.name, do, err)
}

func (l *lite) recall(ctx context.Context, visitor []byte) (version int64, state []byte, err error) {
	err = l.read.QueryRowContext(ctx, sqlRecall, visitor).Scan(&version, &state)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	return version, state, l.explain(err)
}

func (l *lite) seen(ctx context.Context, visitor, key []byte) (reply []byte, ok bool, err error) {
	err = l.read.QueryRowContext(ctx, sqlSeen, visitor, key).Scan(&reply)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return reply, err == nil, l.explain(err)
}

func (l *lite) remember(ctx context.Context, t turn) error {
	return l.explain(l.w.write(ctx, t.unshare, func(w *writer) error {
		// The key comes first: a double is told apart from a race even when
		// the conversation moved on since.
		if t.key != nil {
			if n, err := w.count(sqlSee, t.visitor, t.key, t.reply, t.at); err != nil {
				return err
			} else if n == 0 {
				return bot.ErrSeen
			}
		}
		var n int64
		var err error
		if t.was == 0 {
			n, err = w.count(sqlBegin, t.visitor, t.is, t.state, t.at)
		} else {
			n, err = w.count(sqlMove, t.visitor, t.is, t.state, t.at, t.was)
		}
		if err == nil && n == 0 {
			err = bot.ErrStale
		}
		if err != nil {
			return err
		}
		return t.rest(func(q string, args ...any) error { return w.exec(q, args...) })
	}))
}

func (l *lite) forget(ctx context.Context, visitor []byte) error {
	return l.explain(l.w.write(ctx, true, func(w *writer) error {
		return errors.Join(w.exec(sqlForget, visitor), w.exec(sqlUnsee, visitor), w.exec(sqlUnshare, visitor))
	}))
}

// sweepStep is how many visitors are erased in one go, so that turns pass between.
const sweepStep = 200

func (l *lite) sweep(ctx context.Context, idleBefore, seenBefore, now int64) (int, error) {
	idle, err := l.idle(ctx, idleBefore)
	if err != nil {
		return 0, l.explain(err)
	}
	erased := 0
	for len(idle) > 0 {
		step := idle[:min(sweepStep, len(idle))]
		idle = idle[len(step):]
		n := 0
		err := l.w.write(ctx, false, func(w *writer) error {
			n = 0
			for _, visitor := range step {
				// A visitor who came back meanwhile stays.
				gone, err := w.count(sqlErase, visitor, idleBefore)
				if err == nil && gone > 0 {
					n++
					err = w.exec(sqlUnsee, visitor)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return erased, l.explain(err)
		}
		erased += n
	}
	// The last step wipes for all of them.
	return erased, l.explain(l.w.write(ctx, true, func(w *writer) error {
		return errors.Join(w.exec(sqlOldSeen, seenBefore), w.exec(sqlEnded, now))
	}))
}

func (l *lite) shared(ctx context.Context, code []byte, now int64) (list []byte, ok bool, err error) {
	err = l.read.QueryRowContext(ctx, sqlShared, code, now).Scan(&list)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return list, err == nil, l.explain(err)
}

func (l *lite) tally(ctx context.Context, since string) ([]Cell, error) {
	cells, err := liteTally(ctx, l.read, since)
	return cells, l.explain(err)
}

func (l *lite) idle(ctx context.Context, before int64) (visitors [][]byte, err error) {
	rows, err := l.read.QueryContext(ctx, sqlIdle, before)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v []byte
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		visitors = append(visitors, v)
	}
	return visitors, rows.Err()
}

func (l *lite) ping(ctx context.Context) error {
	var n int
	if err := l.read.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM session LIMIT 1)").Scan(&n); err != nil {
		return l.explain(err)
	}
	if l.w.failed.Load() == nil {
		return nil
	}
	// Nobody sends visitors to a service that is not ready, so that only a
	// write of its own finds out that the disk has room again.
	return l.explain(l.w.write(ctx, false, func(w *writer) error { return w.exec("PRAGMA user_version = 1") }))
}

func (l *lite) close() error {
	var errs []error
	if l.w != nil {
		errs = append(errs, l.w.close())
	}
	if l.read != nil {
		errs = append(errs, l.read.Close())
	}
	if l.write != nil {
		errs = append(errs, l.write.Close()) // last: it moves the log into the file
	}
	if l.lock != nil {
		errs = append(errs, l.lock.Close()) // the lock's file stays: removing it would race with the next process
	}
	return errors.Join(errs...)
}
