package understand

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// labelled reads a file of lines with n labels before the text. Lines that
// begin with # are comments.
func labelled(t testing.TB, name string, n int) [][]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows [][]string
	for s := bufio.NewScanner(f); s.Scan(); {
		line := strings.TrimSpace(s.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.SplitN(line, " ", n+1)
		if len(row) != n+1 {
			t.Fatalf("%s: %q: too short", name, line)
		}
		rows = append(rows, row)
	}
	return rows
}

// TestSafety enforces the two figures of distress: at least 98 % is seen, and
// at most 2 % of the other texts is taken for it.
func TestSafety(t *testing.T) {
	r := reader(t)
	rows := labelled(t, "testdata/safety.txt", 2)
	if len(rows) < 250 {
		t.Errorf("got %d texts, want 250 or more", len(rows))
	}
	var crises, seen, others, false_, wrong int
	for _, row := range rows {
		want, text := row[0], row[2]
		got := r.Read(text).Alarm
		if want == "crisis" {
			crises++
			if got == Crisis {
				seen++
			} else {
				t.Logf("missed: %s %q is %q", row[1], text, got)
			}
			continue
		}
		others++
		switch {
		case got == Crisis:
			false_++
			t.Logf("false alarm: %s %q", row[1], text)
		case want == "none" && got != NoAlarm, want == "abuse" && got != Abuse:
			wrong++
			t.Logf("other: %s %q is %q, want %s", row[1], text, got, want)
		}
	}
	recall, alarms := 100*float64(seen)/float64(crises), 100*float64(false_)/float64(others)
	t.Logf("recall %.1f %% of %d, false alarms %.1f %% of %d, other faults %d", recall, crises, alarms, others, wrong)
	if recall < 98 || alarms > 2 || 100*wrong > 2*others {
		t.Errorf("recall %.1f %%, false alarms %.1f %%, other faults %d: want 98 or more, 2 or less, %d or less", recall, alarms, wrong, others/50)
	}
}
