// Package bottest holds what tests of the conversation share. It is for tests
// only: nothing here outlives the process.
package bottest

import (
	"context"
	"encoding/json"
	"sync"

	"wegwijs/bot"
	"wegwijs/bot/dialogue"
)

// A Notebook is a memory that keeps every state as JSON, as a store does, so
// that remembering is tested with every turn. It is safe for concurrent use.
type Notebook struct {
	mu     sync.Mutex
	states map[bot.Visitor][]byte
	at     map[bot.Visitor]int64
	seen   map[string][]byte
}

// NewNotebook returns an empty Notebook.
func NewNotebook() *Notebook {
	return &Notebook{states: map[bot.Visitor][]byte{}, at: map[bot.Visitor]int64{}, seen: map[string][]byte{}}
}

var _ bot.Memory = (*Notebook)(nil)

// Recall implements bot.Memory.
func (n *Notebook) Recall(_ context.Context, who bot.Visitor) (s dialogue.State, version int64, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if data, ok := n.states[who]; ok {
		err = json.Unmarshal(data, &s)
	}
	return s, n.at[who], err
}

// Seen implements bot.Memory.
func (n *Notebook) Seen(_ context.Context, who bot.Visitor, key string) ([]byte, bool, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	reply, ok := n.seen[string(who)+"/"+key]
	return reply, ok, nil
}

// Remember implements bot.Memory.
func (n *Notebook) Remember(_ context.Context, who bot.Visitor, t bot.Turn) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.at[who] != t.Version {
		return bot.ErrStale
	}
	data, err := json.Marshal(t.State)
	if err != nil {
		return err
	}
	n.states[who], n.at[who] = data, t.Version+1
	if t.Key != "" {
		n.seen[string(who)+"/"+t.Key] = t.Reply
	}
	return nil
}

// Forget implements bot.Memory.
func (n *Notebook) Forget(_ context.Context, who bot.Visitor) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.states, who)
	delete(n.at, who)
	return nil
}
