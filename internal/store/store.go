// Package store is bot.Memory in SQL: one SQLite file for one process, or one
// PostgreSQL database for several. It keeps a visitor's state, the replies to
// repeat and the lists behind links, sealed and under keyed hashes, so that the
// tables alone tell nothing and open no conversation. Beside these it keeps a
// tally that knows nobody. It knows nothing of channels.
package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"wegwijs/bot"
	"wegwijs/bot/dialogue"
)

// Options configures Open. Secret is required.
type Options struct {
	// Secret keys the hashes and seals, 16 bytes or more. Under another secret
	// the store seems empty.
	Secret []byte

	now    func() time.Time // nil is the clock; tests move it
	unsafe bool             // SQLite without a sync per commit, to measure what that costs
}

// stateSeal is the place that states are sealed for.
var stateSeal = []byte("state")

// seenFor is how long an update's reply is kept to be repeated. Channels
// deliver an update again for 24 hours at most; the rest is for their outages.
const seenFor = 72 * time.Hour

// A DB keeps conversations. It is safe for concurrent use.
type DB struct {
	engine engine
	hide   *hider
	now    func() time.Time
	close  func() error // the engine's, once
}

var (
	_ bot.Memory = (*DB)(nil)
	_ bot.Shares = (*DB)(nil)
)

// An engine is one kind of database. Every visitor and key that it gets is a
// hash already. Times are unix seconds.
type engine interface {
	// recall returns version 0 for a visitor who is not there.
	recall(ctx context.Context, visitor []byte) (version int64, state []byte, err error)
	seen(ctx context.Context, visitor, key []byte) (reply []byte, ok bool, err error)
	// remember stores the whole turn or nothing: bot.ErrSeen, bot.ErrStale.
	remember(ctx context.Context, t turn) error
	forget(ctx context.Context, visitor []byte) error
	// sweep erases what was last touched before the given times, and links that
	// ended by now. It returns how many sessions it erased.
	sweep(ctx context.Context, idleBefore, seenBefore, now int64) (int, error)
	// shared returns the list of a link that ends after now.
	shared(ctx context.Context, code []byte, now int64) (list []byte, ok bool, err error)
	tally(ctx context.Context, since string) ([]Cell, error)
	ping(ctx context.Context) error
	close() error
}

// A turn is a bot.Turn as the tables hold it.
type turn struct {
	visitor []byte
	key     []byte // nil when the client sent none
	reply   []byte // sealed
	state   []byte // sealed JSON
	was, is int64  // version before (0: none) and after
	at      int64  // unix seconds

	unshare bool
	share   *share
	counts  []bot.Count
	day     string // of the counts
}

// The SQL that both engines share; PostgreSQL writes ?1 as $1.
const (
	sqlRecall  = `SELECT version, state FROM session WHERE visitor = ?1`
	sqlSeen    = `SELECT reply FROM seen WHERE visitor = ?1 AND key = ?2`
	sqlSee     = `INSERT INTO seen (visitor, key, reply, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING`
	sqlBegin   = `INSERT INTO session (visitor, version, state, updated) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING`
	sqlMove    = `UPDATE session SET version = ?2, state = ?3, updated = ?4 WHERE visitor = ?1 AND version = ?5`
	sqlForget  = `DELETE FROM session WHERE visitor = ?1`
	sqlUnsee   = `DELETE FROM seen WHERE visitor = ?1`
	sqlIdle    = `SELECT visitor FROM session WHERE updated < ?1`
	sqlErase   = `DELETE FROM session WHERE visitor = ?1 AND updated < ?2`
	sqlOldSeen = `DELETE FROM seen WHERE at < ?1`

	sqlShare   = `INSERT INTO share (code, owner, list, made, ends) VALUES (?1, ?2, ?3, ?4, ?5)`
	sqlShared  = `SELECT list FROM share WHERE code = ?1 AND ends > ?2`
	sqlUnshare = `DELETE FROM share WHERE owner = ?1`
	sqlFewer   = `DELETE FROM share WHERE owner = ?1 AND code NOT IN (SELECT code FROM share WHERE owner = ?1 ORDER BY made DESC, code LIMIT ?2)`
	sqlEnded   = `DELETE FROM share WHERE ends <= ?1`
	sqlCount   = `INSERT INTO tally (day, kind, field, finality, commune, language, count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)
		ON CONFLICT (day, kind, field, finality, commune, language) DO UPDATE SET count = tally.count + 1`
	sqlTally = `SELECT kind, field, finality, commune, language, CAST(sum(count) AS bigint) FROM tally WHERE day >= ?1
		GROUP BY kind, field, finality, commune, language ORDER BY kind, field, finality, commune, language`
)

// Open opens the database that dsn names, and brings its tables up to date:
//
//	file:wegwijs.db         an SQLite file, made if it is not there
//	file::memory:           SQLite in memory, gone at Close
//	postgres://user@host/db PostgreSQL
//
// An SQLite file belongs to one process at a time. A database that a newer
// wegwijs has written is refused. Close the DB when done.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	if len(o.Secret) < 16 {
		return nil, fmt.Errorf("store: the secret is %d bytes long; it must be 16 or more (WEGWIJS_SECRET)", len(o.Secret))
	}
	db := &DB{hide: newHider(o.Secret), now: o.now}
	if db.now == nil {
		db.now = time.Now
	}
	var err error
	scheme, rest, _ := strings.Cut(dsn, ":")
	switch scheme {
	case "file":
		db.engine, err = openSQLite(ctx, rest, o.unsafe)
	case "postgres", "postgresql":
		db.engine, err = openPostgres(ctx, dsn)
	default:
		// The rest is not repeated: it may hold a password.
		err = errors.New(`unknown kind of database; write "file:wegwijs.db" or "postgres://…" (WEGWIJS_DATABASE)`)
	}
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	db.close = sync.OnceValue(db.engine.close)
	return db, nil
}

// Close ends the DB after the turns that were already handed in.
// Closing it again does nothing.
func (d *DB) Close() error { return d.close() }

// Ping returns nil if the database answers and, as far as is known, still
// takes writes.
func (d *DB) Ping(ctx context.Context) error { return wrap("ping", d.engine.ping(ctx)) }

// Recall implements bot.Memory. Versions are opaque: they grow by one per turn
// from a random start, so that a turn from before a Forget never fits what
// came after it.
func (d *DB) Recall(ctx context.Context, who bot.Visitor) (s dialogue.State, version int64, err error) {
	version, state, err := d.engine.recall(ctx, d.hide.visitor(who))
	if err != nil {
		return dialogue.State{}, 0, wrap("recall", err)
	}
	if version == 0 {
		return dialogue.State{}, 0, nil
	}
	plain, err := d.hide.open(who, stateSeal, state)
	if err == nil {
		err = json.Unmarshal(plain, &s)
	}
	if err != nil {
		return dialogue.State{}, 0, fmt.Errorf("store: recall: a session row does not hold a state; "+
			`the command "forget" or the retention sweep erases it: %w`, err)
	}
	return s, version, nil
}

// Seen implements bot.Memory. Replies are kept for 72 hours, or until Sweep
// is called after that.
func (d *DB) Seen(ctx context.Context, who bot.Visitor, key string) (reply []byte, ok bool, err error) {
	hash := d.hide.key(who, key)
	sealed, ok, err := d.engine.seen(ctx, d.hide.visitor(who), hash)
	if err != nil || !ok {
		return nil, false, wrap("seen", err)
	}
	if reply, err = d.hide.open(who, hash, sealed); err != nil {
		return nil, false, fmt.Errorf("store: seen: a stored reply cannot be read: %w", err)
	}
	return reply, true, nil
}

// Remember implements bot.Memory. On SQLite, an error of ctx means that nothing
// was stored: once the turn is being written, Remember waits for the end of it.
func (d *DB) Remember(ctx context.Context, who bot.Visitor, t bot.Turn) error {
	state, err := json.Marshal(t.State)
	if err != nil {
		return wrap("remember", err)
	}
	row := turn{visitor: d.hide.visitor(who), state: d.hide.seal(who, stateSeal, state), was: t.Version, is: t.Version + 1, at: d.now().Unix()}
	if t.Version == 0 {
		row.is = firstVersion()
	}
	row.unshare, row.counts, row.day = t.Unshare, ordered(t.Counts), dayOf(d.now())
	if t.Share != nil {
		if row.share, err = d.seal(*t.Share); err != nil {
			return wrap("remember", err)
		}
	}
	if t.Key != "" {
		row.key = d.hide.key(who, t.Key)
		row.reply = d.hide.seal(who, row.key, t.Reply)
	}
	return wrap("remember", d.engine.remember(ctx, row))
}

// Forget implements bot.Memory. When it returns, SQLite has overwritten the
// rows with zeroes and emptied its log; PostgreSQL does so at its next vacuum.
// Copies elsewhere, in backups say, stay sealed.
func (d *DB) Forget(ctx context.Context, who bot.Visitor) error {
	return wrap("forget", d.engine.forget(ctx, d.hide.visitor(who)))
}

// Sweep erases every visitor who has been silent for longer than idle, and
// replies older than 72 hours. Links end by themselves, and are erased then. It
// returns how many visitors it erased.
func (d *DB) Sweep(ctx context.Context, idle time.Duration) (int, error) {
	now := d.now()
	n, err := d.engine.sweep(ctx, now.Add(-idle).Unix(), now.Add(-seenFor).Unix(), now.Unix())
	return n, wrap("sweep", err)
}

// errClosed is what a DB says after Close.
var errClosed = errors.New("the store is closed")

// wrap names the operation in an error, except in those that callers compare.
func wrap(op string, err error) error {
	if err == nil || err == bot.ErrSeen || err == bot.ErrStale {
		return err
	}
	return fmt.Errorf("store: %s: %w", op, err)
}
