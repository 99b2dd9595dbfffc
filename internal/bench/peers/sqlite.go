//go:build unix

package main

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite"

	"wegwijs/internal/perfdata"
)

// openSQLite indexes rows with FTS5, the title at twice the weight. FTS5 mends
// no words.
func openSQLite(temp string, rows []perfdata.Row) ([]engine, func(), error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(temp, "fts5.db"))
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(1)
	stop := func() { db.Close() }
	start := time.Now()
	err = func() error {
		if _, err := db.Exec(`CREATE VIRTUAL TABLE course USING fts5(title, words, content='', tokenize='unicode61')`); err != nil {
			return err
		}
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		defer tx.Rollback()
		for i, r := range rows {
			if _, err := tx.Exec(`INSERT INTO course(rowid, title, words) VALUES (?, ?, ?)`, i+1, r.Title, r.Words); err != nil {
				return err
			}
		}
		return tx.Commit()
	}()
	var version string
	var size int64
	var query *sql.Stmt
	if err == nil {
		err = errors.Join(
			db.QueryRow(`SELECT sqlite_version()`).Scan(&version),
			db.QueryRow(`SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`).Scan(&size))
	}
	if err == nil {
		query, err = db.Prepare(`SELECT rowid FROM course WHERE course MATCH ? ORDER BY bm25(course, 2, 1), rowid LIMIT 10`)
	}
	if err != nil {
		stop()
		return nil, nil, fmt.Errorf("SQLite: %w", err)
	}
	ask := func(words []string, with string) (int, error) {
		quoted := make([]string, len(words))
		for i, w := range words {
			quoted[i] = `"` + w + `"`
		}
		rows, err := query.Query(strings.Join(quoted, with))
		if err != nil {
			return -1, err
		}
		return firstRow(rows)
	}
	return []engine{{"SQLite " + version + " FTS5 (pure Go)", time.Since(start), size, func(words []string) (int, error) {
		found, err := ask(words, " AND ")
		if err == nil && found < 0 && len(words) > 1 {
			found, err = ask(words, " OR ")
		}
		return found, err
	}}}, stop, nil
}

// firstRow reads all rows, as a caller would, and returns the first id less 1.
func firstRow(rows interface {
	Next() bool
	Scan(...any) error
	Err() error
},
) (int, error) {
	if c, ok := rows.(*sql.Rows); ok {
		defer c.Close()
	}
	found := -1
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return -1, err
		}
		if found < 0 {
			found = id - 1
		}
	}
	return found, rows.Err()
}
