//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"wegwijs/internal/perfdata"
)

// schema is what a PostgreSQL user sets up: full text with a GIN index, and the
// words on their own with trigrams, to mend those that are not known.
const schema = `
CREATE EXTENSION pg_trgm;
CREATE TABLE course (id int PRIMARY KEY, title text, words text,
	text tsvector GENERATED ALWAYS AS (setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', words), 'B')) STORED);
CREATE TABLE word (word text PRIMARY KEY)`

const indexes = `
INSERT INTO word SELECT word FROM ts_stat('SELECT text FROM course');
CREATE INDEX ON course USING gin (text);
CREATE INDEX ON word USING gin (word gin_trgm_ops);
ANALYZE`

// openPostgres starts a server in temp that ends with this process.
func openPostgres(temp string, rows []perfdata.Row) (_ []engine, _ func(), err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("PostgreSQL: %w", err)
		}
	}()
	dir := filepath.Join(temp, "pg")
	db, stop, err := startPostgres(temp, dir)
	if err != nil {
		return nil, nil, err
	}
	ctx := context.Background()
	start := time.Now()
	if _, err = db.Exec(ctx, schema); err == nil {
		_, err = db.CopyFrom(ctx, pgx.Identifier{"course"}, []string{"id", "title", "words"}, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
			return []any{i + 1, rows[i].Title, rows[i].Words}, nil
		}))
	}
	if err == nil {
		_, err = db.Exec(ctx, indexes)
	}
	build := time.Since(start)
	var size int64
	var version string
	if err == nil {
		err = errors.Join(
			db.QueryRow(ctx, `SELECT pg_total_relation_size('course') + pg_total_relation_size('word')`).Scan(&size),
			db.QueryRow(ctx, `SHOW server_version`).Scan(&version))
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	version, _, _ = strings.Cut(version, " ")
	ask := func(words []string, with string) (int, error) {
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = "'" + strings.ReplaceAll(w, "'", "''") + "'"
		}
		rows, err := db.Query(ctx, `SELECT id FROM course, to_tsquery('simple', $1) AS q WHERE text @@ q ORDER BY ts_rank(text, q) DESC, id LIMIT 10`, strings.Join(quoted, with))
		if err != nil {
			return -1, err
		}
		defer rows.Close()
		return firstRow(rows)
	}
	find := func(words []string) (int, error) {
		if len(words) == 0 {
			return -1, nil
		}
		found, err := ask(words, " & ")
		if err == nil && found < 0 && len(words) > 1 {
			found, err = ask(words, " | ")
		}
		return found, err
	}
	mend := func(words []string) (int, error) {
		better := make([]string, len(words))
		for i, w := range words {
			err := db.QueryRow(ctx, `SELECT coalesce((SELECT word FROM word WHERE word = $1),
				(SELECT word FROM word WHERE word % $1 ORDER BY similarity(word, $1) DESC, word LIMIT 1), $1)`, w).Scan(&better[i])
			if err != nil {
				return -1, err
			}
		}
		return find(better)
	}
	return []engine{
		{"PostgreSQL " + version + " FTS", build, size, find},
		{"PostgreSQL " + version + " pg_trgm, then FTS", build, size, mend},
	}, stop, nil
}

func startPostgres(temp, dir string) (*pgx.Conn, func(), error) {
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(bins) == 0 {
		return nil, nil, errors.New("no server on this machine; apt-get install postgresql")
	}
	bin := bins[len(bins)-1]
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, nil, err
	}
	as, err := otherThanRoot(temp, dir)
	if err != nil {
		return nil, nil, err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", dir, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = dir, as
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	// The shell ends the server when its input ends: also when this process is killed.
	cmd := exec.Command("/bin/sh", "-c", `"$@" & server=$!; read line; kill -INT $server; wait $server`, "sh",
		filepath.Join(bin, "postgres"), "-D", dir, "-k", dir, "-c", "listen_addresses=", "-c", "shared_buffers=256MB")
	cmd.Dir, cmd.SysProcAttr = dir, as
	var life io.Closer
	if life, err = cmd.StdinPipe(); err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	end := func() { life.Close(); _ = cmd.Wait() }
	dsn := (&url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres", RawQuery: url.Values{"host": {dir}}.Encode()}).String()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		db, err := pgx.Connect(context.Background(), dsn)
		if err == nil {
			return db, func() { db.Close(context.Background()); end() }, nil
		}
		if time.Now().After(deadline) {
			end()
			return nil, nil, err
		}
	}
}

// otherThanRoot hands dir to a user that PostgreSQL agrees to run as; nil is
// the user who runs this.
func otherThanRoot(temp, dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		if who, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, _ := strconv.Atoi(who.Uid)
	gid, _ := strconv.Atoi(who.Gid)
	if err := os.Chmod(temp, 0o711); err != nil { // it must reach its folder
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, os.Chown(dir, uid, gid)
}
