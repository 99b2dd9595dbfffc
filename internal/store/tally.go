package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"modernc.org/sqlite"

	"wegwijs/bot"
)

// A Cell is one line of the tally: how often something was counted. It knows
// nobody, yet a small number may be one person: whoever shows it hides those.
type Cell struct {
	bot.Count
	Times int
}

// Tally sums what was counted on the day of since and later.
func (d *DB) Tally(ctx context.Context, since time.Time) ([]Cell, error) {
	cells, err := d.engine.tally(ctx, dayOf(since))
	return cells, wrap("tally", err)
}

// ReadTally is Tally for a program that keeps no conversations: it needs no
// secret, writes nothing, and works beside the process that owns the database.
func ReadTally(ctx context.Context, dsn string, since time.Time) (cells []Cell, err error) {
	scheme, path, _ := strings.Cut(dsn, ":")
	switch scheme {
	case "file":
		cells, err = readLite(ctx, path, dayOf(since))
	case "postgres", "postgresql":
		cells, err = readPostgres(ctx, dsn, dayOf(since))
	default:
		err = errors.New(`unknown kind of database; write "file:wegwijs.db" or "postgres://…" (WEGWIJS_DATABASE)`)
	}
	return cells, wrap("tally", err)
}

func readLite(ctx context.Context, path, since string) ([]Cell, error) {
	if path == ":memory:" {
		return nil, errors.New("a database in memory cannot be read by another process")
	}
	path, err := filePath(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s does not exist yet; wegwijs serve makes it, or set WEGWIJS_DATABASE to another file", path)
	}
	at := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path)}
	db, err := pool(at, url.Values{"_pragma": {"busy_timeout(5000)", "query_only(1)"}}, 1)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	cells, err := liteTally(ctx, db, since)
	if e, ok := errors.AsType[*sqlite.Error](err); ok && strings.Contains(e.Error(), "no such table") {
		return nil, fmt.Errorf("%s has no tally yet; the first start of wegwijs serve makes it", path)
	}
	return cells, (&lite{name: path}).explain(err)
}

func liteTally(ctx context.Context, db *sql.DB, since string) (cells []Cell, err error) {
	rows, err := db.QueryContext(ctx, sqlTally, since)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Cell
		if err := rows.Scan(&c.Kind, &c.Field, &c.Finality, &c.Commune, &c.Language, &c.Times); err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	return cells, rows.Err()
}

func readPostgres(ctx context.Context, dsn, since string) ([]Cell, error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		// The error itself may repeat the password.
		return nil, errors.New("the PostgreSQL database cannot be reached; is the server running, and the address in WEGWIJS_DATABASE right?")
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return pgCells(ctx, conn, since)
}

// pgCells reads the tally from a pool or a connection.
func pgCells(ctx context.Context, db interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}, since string,
) ([]Cell, error) {
	rows, err := db.Query(ctx, pgTally, since)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Cell, err error) {
		err = row.Scan(&c.Kind, &c.Field, &c.Finality, &c.Commune, &c.Language, &c.Times)
		return c, err
	})
}

// ordered sorts counts, so that two turns that add to the same lines do not
// wait for each other for ever.
func ordered(counts []bot.Count) []bot.Count {
	counts = slices.Clone(counts)
	slices.SortFunc(counts, func(a, b bot.Count) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Finality, b.Finality),
			strings.Compare(a.Commune, b.Commune), cmp.Compare(a.Language, b.Language))
	})
	return counts
}
