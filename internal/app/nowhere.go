package app

import (
	"context"

	"wegwijs/bot"
	"wegwijs/bot/dialogue"
)

// nowhere is the memory of commands that hold no conversation.
type nowhere struct{}

func (nowhere) Recall(context.Context, bot.Visitor) (dialogue.State, int64, error) {
	return dialogue.State{}, 0, nil
}

func (nowhere) Seen(context.Context, bot.Visitor, string) ([]byte, bool, error) {
	return nil, false, nil
}
func (nowhere) Remember(context.Context, bot.Visitor, bot.Turn) error { return nil }
func (nowhere) Forget(context.Context, bot.Visitor) error             { return nil }
