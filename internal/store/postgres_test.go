//go:build unix

package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"wegwijs/bot"
)

// A server is a PostgreSQL of the tests' own, in a temporary folder, reached
// through a socket there.
type server struct {
	dir   string
	bin   string // folder of initdb and postgres
	as    *syscall.SysProcAttr
	life  io.Closer // closed, or gone with this process, the server stops
	done  chan error
	bases atomic.Int64
}

// shared is the server of all tests but those that stop it.
var shared struct {
	once sync.Once
	s    *server
	err  error
}

func stopPostgres() {
	if shared.s != nil {
		shared.s.remove()
	}
}

// sharedServer starts the server when it is first asked for. A machine without
// PostgreSQL fails the test: a promise that nobody tested is none.
func sharedServer(t *testing.T) *server {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: no PostgreSQL is started")
	}
	shared.once.Do(func() { shared.s, shared.err = newServer() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.s
}

func newServer() (_ *server, err error) {
	s := &server{}
	if s.bin, err = postgresBin(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "wegwijs-pg"); err != nil {
		return nil, err
	}
	if os.Getuid() == 0 { // PostgreSQL refuses to run as root
		who, err := user.Lookup("postgres")
		if err != nil {
			if who, err = user.Lookup("nobody"); err != nil {
				return nil, err
			}
		}
		uid, _ := strconv.Atoi(who.Uid)
		gid, _ := strconv.Atoi(who.Gid)
		s.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		if err := os.Chown(s.dir, uid, gid); err != nil {
			return nil, err
		}
	}
	initdb := exec.Command(filepath.Join(s.bin, "initdb"), "-D", s.data(), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = s.dir, s.as
	if out, err := initdb.CombinedOutput(); err != nil {
		os.RemoveAll(s.dir)
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return s, s.start()
}

func postgresBin() (string, error) {
	if dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin"); len(dirs) > 0 {
		return dirs[len(dirs)-1], nil
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	return "", errors.New("no PostgreSQL server on this machine; install it with: apt-get install postgresql (or test with -short)")
}

func (s *server) data() string { return filepath.Join(s.dir, "data") }

func (s *server) start() error {
	// The shell ends the server when its input ends: also when this process is killed.
	cmd := exec.Command("/bin/sh", "-c", `"$@" & server=$!; read line; kill -INT $server; wait $server`, "sh",
		filepath.Join(s.bin, "postgres"), "-D", s.data(), "-k", s.dir, "-p", "5432", "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=32MB")
	cmd.Dir, cmd.SysProcAttr = s.dir, s.as
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if s.life, err = cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.done = make(chan error, 1)
	go func() { s.done <- cmd.Wait() }()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if err = s.run("SELECT 1"); err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			said, _ := os.ReadFile(log.Name())
			return fmt.Errorf("PostgreSQL did not start: %w\n%s", err, said)
		}
	}
}

func (s *server) stop() {
	s.life.Close()
	<-s.done
}

func (s *server) remove() {
	s.stop()
	os.RemoveAll(s.dir)
}

func (s *server) dsn(user, base string) string {
	return (&url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + base, RawQuery: url.Values{"host": {s.dir}}.Encode()}).String()
}

// run runs sql as the superuser.
func (s *server) run(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, s.dsn("postgres", "postgres"))
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, sql)
	return err
}

// base makes an empty database and returns its address.
func (s *server) base(t *testing.T) string {
	t.Helper()
	name := fmt.Sprint("test", s.bases.Add(1))
	if err := s.run("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	return s.dsn("postgres", name)
}

func TestPostgres(t *testing.T) {
	s := sharedServer(t)
	newHouse := func(t *testing.T) house {
		dsn := s.base(t)
		return house{
			open: func(t *testing.T, o Options) *DB { return openTest(t, dsn, o) },
			spoil: func(t *testing.T, db *DB, state []byte) {
				if _, err := db.engine.(*postgres).pool.Exec(t.Context(), "UPDATE session SET state = $1", state); err != nil {
					t.Fatal(err)
				}
			},
			dump: func(t *testing.T, db *DB) []byte {
				var all string
				if err := db.engine.(*postgres).pool.QueryRow(t.Context(), `SELECT coalesce(upper(string_agg(line, chr(10))), '') FROM (
					SELECT encode(visitor, 'hex') || encode(state, 'hex') AS line FROM session
					UNION ALL SELECT encode(visitor, 'hex') || encode(key, 'hex') || encode(reply, 'hex') FROM seen
					UNION ALL SELECT encode(code, 'hex') || encode(owner, 'hex') || encode(list, 'hex') FROM share) rows`).Scan(&all); err != nil {
					t.Fatal(err)
				}
				return []byte(all)
			},
		}
	}
	testMemory(t, newHouse)
	testShares(t, newHouse)
	testTally(t, newHouse)
}

func TestPostgresReplicasStartTogether(t *testing.T) {
	s := sharedServer(t)
	for range 5 {
		dsn := s.base(t)
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				db, err := Open(t.Context(), dsn, Options{Secret: secret})
				if err != nil {
					t.Errorf("replica %d: %v", i, err)
					return
				}
				defer db.Close()
				if err := db.Remember(t.Context(), visitorOf(i), bot.Turn{State: state(1)}); err != nil {
					t.Errorf("replica %d: %v", i, err)
				}
			})
		}
		wg.Wait()
	}
}

func TestPostgresRefuses(t *testing.T) {
	s := sharedServer(t)
	if err := s.run("CREATE ROLE guest LOGIN"); err != nil {
		t.Fatal(err)
	}
	newer := s.base(t)
	db := openTest(t, newer, Options{})
	if _, err := db.engine.(*postgres).pool.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, dsn string
		says      []string
	}{
		{"a newer schema", newer, []string{"version 99", "knows up to 2", "newer wegwijs", "backup"}},
		{"a missing database", s.dsn("postgres", "nowhere"), []string{`"nowhere"`, "does not exist", "createdb"}},
		{"a user without rights", strings.Replace(s.base(t), "postgres@", "guest@", 1), []string{"GRANT CREATE"}},
		{"an unreadable address", "postgres://u:hunter2@host:port/x", []string{"cannot be read", "WEGWIJS_DATABASE"}},
		{"nobody there", "postgres://u:hunter2@127.0.0.1:1/x?connect_timeout=1", []string{"cannot be reached", "127.0.0.1:1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, err := Open(t.Context(), c.dsn, Options{Secret: secret})
			if err == nil {
				db.Close()
				t.Fatal("Open = nil; want an error")
			}
			for _, says := range c.says {
				if !strings.Contains(err.Error(), says) {
					t.Errorf("Open: %v; want it to say %q", err, says)
				}
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("Open: %v; it repeats the password", err)
			}
		})
	}
}

// takeTurns runs 2 replicas and 8 visitors, half of them without keys, while
// fault does harm, and checks that every turn was applied exactly once.
func takeTurns(t *testing.T, dsn string, fault func()) {
	ctx := t.Context()
	replicas := []*DB{openTest(t, dsn, Options{}), openTest(t, dsn, Options{})}
	stop := make(chan struct{})
	var slowest atomic.Int64
	turns := make([]int, 8)
	var wg sync.WaitGroup
	for i := range turns {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				start := time.Now()
				db := replicas[rand.IntN(2)]
				s, v, err := db.Recall(ctx, visitorOf(i))
				if err != nil || s.Turn != turns[i] {
					t.Errorf("visitor %d: at turn %d, %v; want %d", i, s.Turn, err, turns[i])
					return
				}
				turn := bot.Turn{State: state(s.Turn + 1), Version: v}
				if i%2 == 0 {
					turn.Key, turn.Reply = fmt.Sprint(s.Turn+1), fmt.Append(nil, s.Turn+1)
				}
				if err := db.Remember(ctx, visitorOf(i), turn); err != nil {
					t.Errorf("visitor %d: %v", i, err)
					return
				}
				turns[i]++
				slowest.Store(max(slowest.Load(), int64(time.Since(start))))
			}
		})
	}
	fault()
	close(stop)
	wg.Wait()
	total := 0
	for i, want := range turns {
		total += want
		s, _, err := replicas[0].Recall(ctx, visitorOf(i))
		if err != nil || s.Turn != want {
			t.Errorf("visitor %d: turn %d, %v; want %d", i, s.Turn, err, want)
		}
		for n := 1; n <= want && i%2 == 0; n++ {
			if reply, ok, err := replicas[1].Seen(ctx, visitorOf(i), fmt.Sprint(n)); !ok || string(reply) != fmt.Sprint(n) {
				t.Errorf("visitor %d, turn %d: reply %q, %v, %v", i, n, reply, ok, err)
			}
		}
	}
	t.Logf("%d turns, the slowest took %v", total, time.Duration(slowest.Load()))
}

func TestPostgresTerminatedBackends(t *testing.T) {
	s := sharedServer(t)
	takeTurns(t, s.base(t), func() {
		for range 50 {
			time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
			if err := s.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wegwijs'"); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestPostgresRestarts(t *testing.T) {
	sharedServer(t)
	s, err := newServer() // one of its own: the others go on
	if err != nil {
		t.Fatal(err)
	}
	defer s.remove()
	takeTurns(t, s.base(t), func() {
		for range 3 {
			time.Sleep(200 * time.Millisecond)
			s.stop()
			if err := s.start(); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(500 * time.Millisecond)
	})
}

// TestPostgresLostAnswer breaks the connection after the server committed and
// before it could say so: the turn must count as stored, and once.
func TestPostgresLostAnswer(t *testing.T) {
	s := sharedServer(t)
	base, err := url.Parse(s.base(t))
	if err != nil {
		t.Fatal(err)
	}
	var armed atomic.Bool
	base.Host, base.RawQuery = cutAfterCommit(t, filepath.Join(s.dir, ".s.PGSQL.5432"), &armed), "sslmode=disable"
	db := openTest(t, base.String(), Options{})
	for n := range 10 {
		prior, v, err := db.Recall(t.Context(), "v")
		if err != nil || prior.Turn != n {
			t.Fatalf("turn %d, %v; want %d", prior.Turn, err, n)
		}
		turn := bot.Turn{State: state(n + 1), Version: v}
		if n%2 == 0 {
			turn.Key, turn.Reply = fmt.Sprint(n), []byte("r")
		}
		armed.Store(true)
		if err := db.Remember(t.Context(), "v", turn); err != nil {
			t.Errorf("turn %d: %v; want nil, since it was stored", n, err)
		}
		if armed.Load() {
			t.Fatal("no connection was broken: this test proves nothing")
		}
		turn.Version = v
		if err := db.Remember(t.Context(), "v", turn); !errors.Is(err, bot.ErrStale) && !errors.Is(err, bot.ErrSeen) {
			t.Errorf("turn %d a second time: %v; want ErrSeen or ErrStale", n, err)
		}
	}
}

// cutAfterCommit forwards to the socket, and when armed drops the connection
// that commits next, once the server has done so. It returns its address.
func cutAfterCommit(t *testing.T, socket string, armed *atomic.Bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("unix", socket)
			if err != nil {
				client.Close()
				continue
			}
			var cut atomic.Bool
			go func() {
				defer client.Close()
				buf := make([]byte, 64<<10)
				for {
					n, err := server.Read(buf)
					if err != nil || cut.Load() {
						return
					}
					if _, err := client.Write(buf[:n]); err != nil {
						return
					}
				}
			}()
			go func() {
				defer server.Close()
				buf := make([]byte, 64<<10)
				for {
					n, err := client.Read(buf)
					if err != nil {
						return
					}
					if bytes.Contains(bytes.ToLower(buf[:n]), []byte("commit\x00")) && armed.CompareAndSwap(true, false) {
						cut.Store(true)
					}
					if _, err := server.Write(buf[:n]); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String()
}
