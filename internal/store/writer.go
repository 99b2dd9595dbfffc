package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// maxBatch is the most turns that share one commit. More would make the first
// of them wait longer than a sync of the disk saves.
const maxBatch = 128

// A writer is the one connection that writes to an SQLite file. Turns that
// arrive while the disk syncs are written together, under the next sync.
type writer struct {
	conn *sql.Conn
	stmt map[string]*sql.Stmt
	jobs chan *job
	done chan struct{} // closed when the last job is finished

	mu     sync.RWMutex // held for reading while a job is handed in
	closed bool

	failed atomic.Pointer[error] // why the last commit failed; nil once one succeeds
}

// A job is one piece of work for the writer, all or nothing.
type job struct {
	do    func(w *writer) error
	wipe  bool        // leave no trace of what was erased in the files
	taken atomic.Bool // by the writer, or by a caller who gave up
	err   error
	done  chan struct{}
}

// newWriter takes db's only connection and prepares the statements on it.
func newWriter(ctx context.Context, db *sql.DB, queries ...string) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{conn: conn, stmt: map[string]*sql.Stmt{}, jobs: make(chan *job, maxBatch), done: make(chan struct{})}
	for _, q := range queries {
		if w.stmt[q], err = conn.PrepareContext(ctx, q); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	go w.run()
	return w, nil
}

// write runs do inside a transaction and waits until it is on the disk. An
// error of ctx means that do did not run: a job that has begun is waited for,
// so that nobody takes a stored turn for a lost one.
func (w *writer) write(ctx context.Context, wipe bool, do func(w *writer) error) error {
	j := &job{do: do, wipe: wipe, done: make(chan struct{})}
	if err := w.hand(ctx, j); err != nil {
		return err
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		<-j.done
	}
	return j.err
}

func (w *writer) hand(ctx context.Context, j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return errClosed
	}
	select {
	case w.jobs <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close finishes the jobs that were handed in.
func (w *writer) close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	close(w.jobs)
	w.mu.Unlock()
	<-w.done
	for _, s := range w.stmt {
		s.Close()
	}
	return w.conn.Close()
}

func (w *writer) run() {
	defer close(w.done)
	batch := make([]*job, 0, maxBatch)
	for j := range w.jobs {
		batch = append(batch[:0], j)
	more:
		for len(batch) < maxBatch {
			select {
			case j, ok := <-w.jobs:
				if !ok {
					break more
				}
				batch = append(batch, j)
			default:
				break more
			}
		}
		w.commit(batch)
	}
}

// commit writes the jobs in one transaction. A job that fails takes back its
// own work only; a transaction that fails fails them all.
func (w *writer) commit(batch []*job) {
	var live []*job
	for _, j := range batch {
		if j.taken.CompareAndSwap(false, true) {
			live = append(live, j)
		}
	}
	if len(live) == 0 {
		return
	}
	err := w.transact(live)
	if err != nil {
		w.failed.Store(&err)
	} else {
		w.failed.Store(nil)
	}
	wipe := false
	for _, j := range live {
		if err != nil {
			j.err = err
		}
		wipe = wipe || j.wipe && j.err == nil
	}
	if wipe {
		if err := w.wipe(); err != nil {
			for _, j := range live {
				if j.wipe && j.err == nil {
					j.err = err
				}
			}
		}
	}
	for _, j := range live {
		close(j.done)
	}
}

func (w *writer) transact(jobs []*job) error {
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := w.each(jobs)
	if err == nil {
		err = w.exec("COMMIT")
	}
	if err != nil {
		// SQLite may have rolled back by itself already, on a full disk say.
		_ = w.exec("ROLLBACK")
	}
	return err
}

func (w *writer) each(jobs []*job) error {
	for _, j := range jobs {
		if err := w.exec("SAVEPOINT job"); err != nil {
			return err
		}
		if j.err = j.do(w); j.err != nil {
			if err := w.exec("ROLLBACK TO job"); err != nil {
				return errors.Join(j.err, err) // no transaction is left to go on in
			}
		}
		if err := w.exec("RELEASE job"); err != nil {
			return err
		}
	}
	return nil
}

// wipe moves the log into the file and empties it. Erased rows are zeroes in
// the file by then (secure_delete); their old pages live on in the log only.
func (w *writer) wipe() error {
	for wait := time.Millisecond; ; wait *= 2 {
		var busy, log, moved int
		err := w.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved)
		if err == nil && busy == 0 {
			return nil
		}
		if wait > time.Second { // a reader has held on for two seconds
			return errors.Join(errTraces, err)
		}
		time.Sleep(wait)
	}
}

// errTraces is half a success: asking again finishes the other half.
var errTraces = errors.New("the rows are erased, but a long read keeps their old pages in the -wal file; forget again")

// exec runs one of the prepared statements, or q itself, and is never cut
// short: a cancelled caller must not end a transaction that others share.
func (w *writer) exec(q string, args ...any) error {
	_, err := w.count(q, args...)
	return err
}

// count is exec that returns the number of rows it changed.
func (w *writer) count(q string, args ...any) (int64, error) {
	var res sql.Result
	var err error
	if s := w.stmt[q]; s != nil {
		res, err = s.ExecContext(context.Background(), args...)
	} else {
		res, err = w.conn.ExecContext(context.Background(), q, args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
