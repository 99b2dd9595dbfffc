package app

import (
	"crypto/rand"

	"wegwijs/bot/channel/console"
	"wegwijs/internal/store"
	"wegwijs/knowledge/catalogue"
)

type chatCmd struct {
	Lang string `enum:"nl,fr,en" default:"nl" help:"Language to begin in."`
}

// Run holds the conversation; nothing of it is kept.
func (c *chatCmd) Run(sh *shell) error {
	db, err := store.Open(sh.ctx, "file::memory:", store.Options{Secret: []byte(rand.Text())})
	if err != nil {
		return err
	}
	defer db.Close()
	b, err := sh.newBot(db)
	if err != nil {
		return err
	}
	lang, _ := catalogue.ParseLang(c.Lang)
	return console.Run(sh.ctx, console.Options{Bot: b, Words: b.Words(), In: sh.in, Out: sh.out, Lang: lang})
}
