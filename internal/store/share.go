package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"wegwijs/bot"
)

// maxShares is how many links of one visitor work at a time; the oldest goes
// when there is one more.
const maxShares = 5

// shareSeal is the place that lists are sealed for, under their code.
var shareSeal = []byte("share")

// A share is a bot.Share as the table holds it.
type share struct {
	code, list []byte // hashed, sealed
	made, ends int64  // unix seconds
}

func (d *DB) seal(s bot.Share) (*share, error) {
	list, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return &share{
		code: d.hide.code(s.Code), list: d.hide.seal(bot.Visitor(s.Code), shareSeal, list),
		made: d.now().Unix(), ends: s.Ends.Unix(),
	}, nil
}

// Shared implements bot.Shares.
func (d *DB) Shared(ctx context.Context, code string) (s bot.Share, ok bool, err error) {
	sealed, ok, err := d.engine.shared(ctx, d.hide.code(code), d.now().Unix())
	if err != nil || !ok {
		return bot.Share{}, false, wrap("shared", err)
	}
	list, err := d.hide.open(bot.Visitor(code), shareSeal, sealed)
	if err == nil {
		err = json.Unmarshal(list, &s)
	}
	if err != nil {
		return bot.Share{}, false, fmt.Errorf("store: shared: a link's row does not hold a list: %w", err)
	}
	s.Code = code
	return s, true, nil
}

// rest writes what a turn leaves behind beside the session and the reply.
func (t turn) rest(exec func(q string, args ...any) error) error {
	if t.unshare {
		if err := exec(sqlUnshare, t.visitor); err != nil {
			return err
		}
	}
	if s := t.share; s != nil {
		if err := exec(sqlShare, s.code, t.visitor, s.list, s.made, s.ends); err != nil {
			return err
		}
		if err := exec(sqlFewer, t.visitor, maxShares); err != nil {
			return err
		}
	}
	for _, c := range t.counts {
		if err := exec(sqlCount, t.day, c.Kind, string(c.Field), string(c.Finality), c.Commune, string(c.Language)); err != nil {
			return err
		}
	}
	return nil
}

// dayOf is a day of the tally.
func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }
