package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"wegwijs/bot"
	"wegwijs/bot/channel/web"
	"wegwijs/internal/api"
	"wegwijs/internal/serve"
	"wegwijs/internal/store"
)

type serveCmd struct {
	Addr         string         `default:":8080" help:"Address to listen on."`
	PublicURL    string         `name:"public-url" help:"Address that visitors type, such as https://wegwijs.example." placeholder:"URL"`
	Database     string         `default:"file:wegwijs.db" help:"SQLite file, or postgres://… for several machines."`
	Secret       string         `help:"Keys the pseudonyms of visitors. Made and kept beside the SQLite file when left out." placeholder:"TEXT"`
	Retention    string         `default:"30d" help:"Forget visitors who were silent this long: 30d, 12h."`
	Proxies      []netip.Prefix `help:"Networks of our own reverse proxies, such as 10.0.0.0/8." placeholder:"CIDR"`
	MetricsAllow []netip.Prefix `help:"Networks that may read /metrics, beside this machine." placeholder:"CIDR"`
}

// Run serves until it is told to stop.
func (c *serveCmd) Run(sh *shell) error {
	retention, err := duration(c.Retention)
	if err != nil {
		return &usageError{fmt.Errorf("--retention: %w", err)}
	}
	secret, err := c.secret()
	if err != nil {
		return err
	}
	db, err := store.Open(sh.ctx, c.Database, store.Options{Secret: secret})
	if err != nil {
		return err
	}
	defer db.Close()
	b, err := sh.openBot(bot.Options{Memory: db, Shares: db, PublicURL: c.PublicURL})
	if err != nil {
		return err
	}
	handler, err := c.handler(sh, b, db, retention)
	if err != nil {
		return err
	}
	// From here on a SIGHUP reloads; before, it would end the program.
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	ctx, stop := context.WithCancel(sh.ctx)
	var background sync.WaitGroup
	background.Go(func() { sweep(ctx, sh, db, retention) })
	background.Go(func() { reload(ctx, sh, b, hup) })
	err = serve.Run(ctx, serve.Options{
		Addr: c.Addr, Handler: handler, Ready: db.Ping, Log: sh.log, PublicURL: c.PublicURL,
		Proxies: c.Proxies, MetricsAllow: c.MetricsAllow, Free: []string{"/static/"},
		Listening: func(a net.Addr) {
			fmt.Fprintf(sh.err, "wegwijs answers on %s (%d courses); stop with Ctrl-C\n", local(a), len(b.Knowledge().Catalogue.Courses))
		},
	})
	stop()
	background.Wait()
	return err
}

// handler puts the page and the API on one address.
func (c *serveCmd) handler(sh *shell, b *bot.Bot, db *store.DB, retention time.Duration) (http.Handler, error) {
	page, err := web.New(web.Options{
		Bot: b, Words: b.Words(), Lists: b, Secure: strings.HasPrefix(c.PublicURL, "https://"), PublicURL: c.PublicURL, Retention: retention, Log: sh.log,
	})
	if err != nil {
		return nil, err
	}
	known := func(ctx context.Context, who bot.Visitor) (bool, error) {
		_, version, err := db.Recall(ctx, who)
		return version > 0, err
	}
	mux := http.NewServeMux()
	jsonAPI, err := api.New(api.Options{Bot: b, Known: known, Log: sh.log})
	if err != nil {
		return nil, err
	}
	mux.Handle("/api/", jsonAPI)
	mux.Handle("/openapi.json", jsonAPI)
	mux.Handle("/", page)
	return mux, nil
}

// local is the address to type on this machine.
func local(a net.Addr) string {
	_, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	return "http://localhost:" + port
}

// duration reads "30d" besides what Go reads.
func duration(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 || n > 3650 {
			return 0, fmt.Errorf("%q: write a number of days, such as 30d", s)
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < time.Minute {
		return 0, fmt.Errorf("%q: write 30d or 12h", s)
	}
	return d, nil
}

// minSecret is the shortest secret that is accepted, in bytes.
const minSecret = 16

// secret is the configured one, or the one kept beside the SQLite file, made
// at the first start. Several machines on PostgreSQL must share one.
func (c *serveCmd) secret() ([]byte, error) {
	if c.Secret != "" {
		if len(c.Secret) < minSecret {
			return nil, &usageError{fmt.Errorf("WEGWIJS_SECRET has %d characters; use %d or more", len(c.Secret), minSecret)}
		}
		return []byte(c.Secret), nil
	}
	path, ok := strings.CutPrefix(c.Database, "file:")
	if !ok {
		return nil, &usageError{errors.New("WEGWIJS_SECRET is needed with PostgreSQL, the same on every machine")}
	}
	path, _, _ = strings.Cut(path, "?")
	if path == ":memory:" {
		return []byte(rand.Text()), nil
	}
	path = filepath.Clean(path) + ".secret"
	data, err := os.ReadFile(path)
	if err == nil && len(data) >= minSecret {
		return data, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("secret: %w", err)
	}
	data = []byte(rand.Text() + rand.Text())
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return nil, fmt.Errorf("secret: %w; make the folder writable or set WEGWIJS_SECRET", err)
	}
	return data, nil
}

// sweepEvery is how often idle visitors are forgotten.
const sweepEvery = time.Hour

func sweep(ctx context.Context, sh *shell, db *store.DB, retention time.Duration) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		n, err := db.Sweep(ctx, retention)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			sh.log.Error("forget idle visitors", "err", err)
		case n > 0:
			sh.log.Info("forgot idle visitors", "count", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// reload reads all knowledge again on SIGHUP. A fault in it changes nothing:
// the old knowledge goes on, and the log says what to mend.
func reload(ctx context.Context, sh *shell, b *bot.Bot, hup <-chan os.Signal) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
			k, err := sh.learn()
			if err == nil {
				err = b.Teach(k)
			}
			if err != nil {
				sh.log.Error("reload: the old knowledge stays", "err", err)
				continue
			}
			sh.log.Info("reloaded", "courses", len(k.Catalogue.Courses), "articles", len(k.Library.Articles))
		}
	}
}
