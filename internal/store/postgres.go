package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"wegwijs/bot"
)

// patience is how long a call goes on trying while the server restarts or
// another one takes over.
const patience = 5 * time.Second

// maxConns is the size of the pool unless dsn says pool_max_conns: three
// processes stay far below the 100 connections that a server allows as a rule.
const maxConns = 10

// A postgres is a DB that several processes share.
type postgres struct {
	name string // what errors call it, without the password
	pool *pgxpool.Pool
}

func openPostgres(ctx context.Context, dsn string) (*postgres, error) {
	conf, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		// The error itself may repeat the password.
		return nil, errors.New("the address of the database cannot be read; write postgres://user:password@host:5432/name (WEGWIJS_DATABASE)")
	}
	c := conf.ConnConfig
	p := &postgres{name: fmt.Sprintf("PostgreSQL database %q on %s", c.Database, net.JoinHostPort(c.Host, fmt.Sprint(c.Port)))}
	if !strings.Contains(dsn, "pool_max_conns") {
		conf.MaxConns = maxConns
	}
	conf.MaxConnLifetime = 30 * time.Minute // so that a new primary is found by name
	conf.MaxConnLifetimeJitter = 5 * time.Minute
	if c.ValidateConnect == nil {
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "wegwijs"
	}
	if err := p.retry(ctx, func() error { return p.migrate(ctx, c) }); err != nil {
		return nil, p.explain(err)
	}
	// A visitor does not wait longer than this; migrations may.
	conf.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "SET statement_timeout = '2s'")
		return err
	}
	if p.pool, err = pgxpool.NewWithConfig(ctx, conf); err != nil {
		return nil, p.explain(err)
	}
	return p, nil
}

// migrate waits while another process migrates.
func (p *postgres) migrate(ctx context.Context, c *pgx.ConnConfig) error {
	db := stdlib.OpenDB(*c)
	defer db.Close()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300), lock.WithUnlockTimeout(1, 5))
	if err != nil {
		return err
	}
	return migrate(ctx, db, goose.DialectPostgres, "postgres", goose.WithSessionLocker(locker))
}

// dollar turns the shared SQL into PostgreSQL's.
func dollar(sql string) string { return strings.ReplaceAll(sql, "?", "$") }

var (
	pgRecall = dollar(sqlRecall)
	pgSeen   = dollar(sqlSeen)
	pgSee    = dollar(sqlSee)
	pgBegin  = dollar(sqlBegin)
	pgMove   = dollar(sqlMove)
	pgForget = dollar(sqlForget)
	pgUnsee  = dollar(sqlUnsee)

	pgShared  = dollar(sqlShared)
	pgUnshare = dollar(sqlUnshare)
	pgEnded   = dollar(sqlEnded)
	pgTally   = dollar(sqlTally)
)

func (p *postgres) recall(ctx context.Context, visitor []byte) (version int64, state []byte, err error) {
	err = p.retry(ctx, func() error {
		err := p.pool.QueryRow(ctx, pgRecall, visitor).Scan(&version, &state)
		if errors.Is(err, pgx.ErrNoRows) {
			version, state = 0, nil
			return nil
		}
		return err
	})
	return version, state, p.explain(err)
}

func (p *postgres) seen(ctx context.Context, visitor, key []byte) (reply []byte, ok bool, err error) {
	err = p.retry(ctx, func() error {
		err := p.pool.QueryRow(ctx, pgSeen, visitor, key).Scan(&reply)
		ok = err == nil
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return reply, ok, p.explain(err)
}

func (p *postgres) remember(ctx context.Context, t turn) error {
	again := false
	err := p.retry(ctx, func() error {
		err := p.rememberOnce(ctx, t)
		if again && (errors.Is(err, bot.ErrSeen) || errors.Is(err, bot.ErrStale)) {
			// The connection may have broken after the server committed: what
			// stands in the way is then this very turn.
			if own, lookErr := p.own(ctx, t); own || lookErr != nil {
				return lookErr
			}
		}
		again = true
		return err
	})
	return p.explain(err)
}

func (p *postgres) rememberOnce(ctx context.Context, t turn) error {
	return pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		// Every transaction that takes both locks takes the key's first.
		if t.key != nil {
			if done, err := tx.Exec(ctx, pgSee, t.visitor, t.key, t.reply, t.at); err != nil {
				return err
			} else if done.RowsAffected() == 0 {
				return bot.ErrSeen
			}
		}
		var done pgconn.CommandTag
		var err error
		if t.was == 0 {
			done, err = tx.Exec(ctx, pgBegin, t.visitor, t.is, t.state, t.at)
		} else {
			done, err = tx.Exec(ctx, pgMove, t.visitor, t.is, t.state, t.at, t.was)
		}
		if err == nil && done.RowsAffected() == 0 {
			err = bot.ErrStale
		}
		if err != nil {
			return err
		}
		return t.rest(func(q string, args ...any) error {
			_, err := tx.Exec(ctx, dollar(q), args...)
			return err
		})
	})
}

// own says whether t itself is stored. No two seals are alike, so that equal
// bytes come from this call.
func (p *postgres) own(ctx context.Context, t turn) (bool, error) {
	if t.key != nil {
		var reply []byte
		err := p.pool.QueryRow(ctx, pgSeen, t.visitor, t.key).Scan(&reply)
		if errors.Is(err, pgx.ErrNoRows) {
			return false, nil
		}
		return bytes.Equal(reply, t.reply), err
	}
	var version int64
	var state []byte
	err := p.pool.QueryRow(ctx, pgRecall, t.visitor).Scan(&version, &state)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return bytes.Equal(state, t.state), err
}

func (p *postgres) forget(ctx context.Context, visitor []byte) error {
	return p.explain(p.retry(ctx, func() error {
		return pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
			// The session goes first: a turn that is under way then fails, and
			// takes its key with it.
			if _, err := tx.Exec(ctx, pgForget, visitor); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, pgUnsee, visitor); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, pgUnshare, visitor)
			return err
		})
	}))
}

// Both sweeps leave out what another process is erasing at the same time.
const (
	pgSweepIdle = `WITH idle AS (
		SELECT visitor FROM session WHERE updated < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
	), gone AS (
		DELETE FROM session USING idle WHERE session.visitor = idle.visitor RETURNING session.visitor
	), keys AS (
		DELETE FROM seen USING gone WHERE seen.visitor = gone.visitor
	)
	SELECT count(*) FROM gone`
	pgSweepSeen = `WITH old AS (
		SELECT visitor, key FROM seen WHERE at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
	)
	DELETE FROM seen USING old WHERE seen.visitor = old.visitor AND seen.key = old.key`
)

func (p *postgres) sweep(ctx context.Context, idleBefore, seenBefore, now int64) (erased int, err error) {
	for more := true; more; {
		err := p.retry(ctx, func() error {
			var n int
			err := p.pool.QueryRow(ctx, pgSweepIdle, idleBefore, sweepStep).Scan(&n)
			erased += n
			more = n > 0
			return err
		})
		if err != nil {
			return erased, p.explain(err)
		}
	}
	for more := true; more; {
		err := p.retry(ctx, func() error {
			done, err := p.pool.Exec(ctx, pgSweepSeen, seenBefore, sweepStep)
			more = done.RowsAffected() > 0
			return err
		})
		if err != nil {
			return erased, p.explain(err)
		}
	}
	return erased, p.explain(p.retry(ctx, func() error {
		_, err := p.pool.Exec(ctx, pgEnded, now)
		return err
	}))
}

func (p *postgres) shared(ctx context.Context, code []byte, now int64) (list []byte, ok bool, err error) {
	err = p.retry(ctx, func() error {
		err := p.pool.QueryRow(ctx, pgShared, code, now).Scan(&list)
		ok = err == nil
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return list, ok, p.explain(err)
}

func (p *postgres) tally(ctx context.Context, since string) (cells []Cell, err error) {
	err = p.retry(ctx, func() (err error) {
		cells, err = pgCells(ctx, p.pool, since)
		return err
	})
	return cells, p.explain(err)
}

func (p *postgres) ping(ctx context.Context) error {
	var readOnly bool
	err := p.retry(ctx, func() error {
		return p.pool.QueryRow(ctx, "SELECT pg_is_in_recovery() FROM (SELECT count(*) FROM (SELECT 1 FROM session LIMIT 1) s) c").Scan(&readOnly)
	})
	if err == nil && readOnly {
		err = errors.New("it is a standby and takes no writes")
	}
	return p.explain(err)
}

func (p *postgres) close() error {
	p.pool.Close()
	return nil
}

// retry runs do, a whole transaction, again while the server says that this may
// help. The caller's ctx can end it sooner.
func (p *postgres) retry(ctx context.Context, do func() error) error {
	start := time.Now()
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, 500*time.Millisecond) {
		err := do()
		if err == nil || !passing(err) || time.Since(start) > patience {
			return err
		}
		select {
		case <-time.After(wait/2 + rand.N(wait)):
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

// passing reports whether the same transaction may succeed a moment later.
// Source of the codes: postgresql.org/docs/15/errcodes-appendix.html
func passing(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var e *pgconn.PgError
	if errors.As(err, &e) {
		switch e.Code {
		case "40001", "40P01", // serialization failure, deadlock
			"57P01", "57P02", "57P03", // the server stops, crashed, starts
			"25006",          // a standby: the primary is changing
			"53300", "55P03": // too many connections, lock not available
			return true
		}
		return strings.HasPrefix(e.Code, "08") // connection
	}
	var network net.Error
	var connect *pgconn.ConnectError
	return errors.As(err, &network) || errors.As(err, &connect) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// explain says what the operator can do about an error of PostgreSQL.
func (p *postgres) explain(err error) error {
	if err == nil || errors.Is(err, bot.ErrSeen) || errors.Is(err, bot.ErrStale) {
		return err
	}
	do := ""
	var e *pgconn.PgError
	var connect *pgconn.ConnectError
	switch {
	case errors.As(err, &e) && e.Code == "3D000":
		do = " does not exist; make it with createdb"
	case errors.As(err, &e) && e.Code == "42501":
		do = " does not let this user make or change tables; GRANT CREATE ON SCHEMA public"
	case errors.As(err, &e) && strings.HasPrefix(e.Code, "28"):
		do = " refuses this user or password; see WEGWIJS_DATABASE and pg_hba.conf"
	case errors.As(err, &e) && e.Code == "53100":
		do = ": its disk is full; make room, nothing else is needed"
	case e == nil && errors.As(err, &connect):
		do = " cannot be reached; is the server running, and the address in WEGWIJS_DATABASE right?"
	}
	return fmt.Errorf("%s%s: %w", p.name, do, err)
}
