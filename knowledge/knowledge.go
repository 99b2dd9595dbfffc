// Package knowledge holds what the bot knows as data: articles, terms,
// initiatives, jobs and desks, the conversation tree, rules and synonyms. It
// embeds the folders and does nothing else; the packages below read them.
package knowledge

import (
	"embed"
	"io/fs"
)

//go:embed articles desks evaluation initiatives jobs quiz rules synonyms terms tree words
var shipped embed.FS

// Files is the knowledge inside the binary: its root holds the folders
// articles, terms, initiatives, jobs, desks, tree, rules and synonyms.
func Files() fs.FS { return shipped }
