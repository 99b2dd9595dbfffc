package bot

import (
	"context"
	"errors"

	"wegwijs/bot/dialogue"
)

// A Memory keeps where each visitor stands. Every method is safe for
// concurrent use.
type Memory interface {
	// Recall returns the visitor's state and its version. A visitor who is not
	// known has version 0 and the zero State.
	Recall(ctx context.Context, who Visitor) (s dialogue.State, version int64, err error)

	// Seen returns the reply that was stored under the key, and false when the
	// key is new.
	Seen(ctx context.Context, who Visitor, key string) (reply []byte, ok bool, err error)

	// Remember stores a whole turn in one transaction, if the stored version is
	// still the turn's. It returns ErrStale if another machine was faster, and
	// ErrSeen if the turn's key was stored meanwhile.
	Remember(ctx context.Context, who Visitor, turn Turn) error

	// Forget erases everything that is kept of the visitor.
	Forget(ctx context.Context, who Visitor) error
}

// A Turn is what one update leaves behind.
type Turn struct {
	State   dialogue.State
	Version int64  // that was recalled
	Key     string // "" when the client sent none
	Reply   []byte // to repeat when the same key comes again

	Unshare bool    // end every link that the visitor made before this turn
	Share   *Share  // a link to keep; nil is none
	Counts  []Count // one is added to each
}

// The two ways in which a turn can come too late.
var (
	ErrStale = errors.New("bot: the conversation moved on in the meantime")
	ErrSeen  = errors.New("bot: this update was handled before")
)
