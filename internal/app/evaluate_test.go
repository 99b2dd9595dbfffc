package app

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// The shipped labelled questions are answered as well as knowledge/evaluation
// promises: the same as `wegwijs evaluate`.
func TestEvaluateFloors(t *testing.T) {
	if testing.Short() {
		t.Skip("asks more than a thousand questions")
	}
	var out bytes.Buffer
	sh := &shell{ctx: t.Context(), out: &out, cli: &cli{}, log: slog.New(slog.DiscardHandler)}
	if err := (&evaluateCmd{}).Run(sh); err != nil {
		t.Error(err)
	}
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, " all ") || strings.Contains(line, "held out") || strings.HasPrefix(line, "within") {
			t.Log(strings.TrimSpace(line))
		}
	}
}
