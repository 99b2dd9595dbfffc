//go:build unix

package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wegwijs/bot"
)

// childWriters is how many visitors the child serves at once.
const childWriters = 8

// child is what this program does when a test runs it as a victim: it takes
// turns for ever and writes "visitor turn" once a turn is remembered.
func child(dsn string) {
	ctx := context.Background()
	db, err := Open(ctx, dsn, Options{Secret: secret})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var out sync.Mutex
	for i := range childWriters {
		go func() {
			for {
				s, v, err := db.Recall(ctx, visitorOf(i))
				if err == nil {
					s.V, s.Turn = 1, s.Turn+1
					err = db.Remember(ctx, visitorOf(i), bot.Turn{State: s, Version: v, Key: fmt.Sprint(s.Turn), Reply: fmt.Append(nil, s.Turn)})
				}
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				// No next turn before this one is written out: the test counts on it.
				out.Lock()
				fmt.Fprintf(os.Stdout, "%d %d\n", i, s.Turn)
				out.Unlock()
			}
		}()
	}
	select {}
}

func TestKillLosesNoTurn(t *testing.T) {
	kills := 20
	if testing.Short() {
		kills = 3
	}
	dsn := "file:" + filepath.Join(t.TempDir(), "w.db")
	acked := make([]int, childWriters)
	total := 0
	for kill := range kills {
		n, err := killedChild(dsn, acked, time.Duration(1+rand.IntN(150))*time.Millisecond)
		if err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		total += n

		// The lock must be free at once, and every acknowledged turn there.
		db := openTest(t, dsn, Options{})
		for i, want := range acked {
			s, _, err := db.Recall(t.Context(), visitorOf(i))
			if err != nil || s.Turn < want {
				t.Fatalf("kill %d: visitor %d is at turn %d, %v; %d was acknowledged", kill, i, s.Turn, err, want)
			}
			if s.Turn > want+1 {
				t.Errorf("kill %d: visitor %d is at turn %d; at most one turn can be under way after %d", kill, i, s.Turn, want)
			}
			for _, turn := range []int{max(1, want-1), s.Turn} {
				if reply, ok, err := db.Seen(t.Context(), visitorOf(i), fmt.Sprint(turn)); s.Turn > 0 && (!ok || string(reply) != fmt.Sprint(turn)) {
					t.Fatalf("kill %d: visitor %d, turn %d: reply %q, %v, %v", kill, i, turn, reply, ok, err)
				}
			}
			acked[i] = s.Turn
		}
		if got := query(t, db, "PRAGMA integrity_check"); got != "ok" {
			t.Fatalf("kill %d: integrity_check: %s", kill, got)
		}
		db.Close()
	}
	if total < kills*childWriters {
		t.Errorf("only %d turns in %d lives: the kills came too early to prove anything", total, kills)
	}
	t.Logf("%d turns acknowledged in %d lives", total, kills)
}

// killedChild runs the child, kills it some time after its first
// acknowledgement and notes the last turn of each visitor in acked.
func killedChild(dsn string, acked []int, after time.Duration) (n int, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "WEGWIJS_TEST_CHILD="+dsn)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if n == 0 {
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
		var i, turn int
		if _, err := fmt.Sscan(lines.Text(), &i, &turn); err != nil {
			break // the line that the kill cut off
		}
		acked[i] = max(acked[i], turn)
		n++
	}
	cmd.Wait()
	if n == 0 || complaint.Len() > 0 {
		return n, errors.New("the child failed: " + complaint.String())
	}
	return n, nil
}
