// Package channel is the contract between the conversation and the places
// where people talk: what an adapter gets, and what it must do with a reply.
// The adapters stand beside it, one folder each, and never import each other.
package channel

import (
	"context"

	"wegwijs/bot"
)

// An Answerer is the conversation, as an adapter sees it.
type Answerer interface {
	// Answer turns an update into a reply; see bot.Bot.
	Answer(ctx context.Context, u bot.Update) (bot.Reply, error)
	// Sorry is the reply when Answer failed.
	Sorry(u bot.Update) bot.Reply
}
