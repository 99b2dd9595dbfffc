// Package locales holds every sentence that the bot says, in Dutch, French and
// English. The files are those of go-i18n; phrase reads them.
package locales

import (
	"embed"
	"io/fs"
)

//go:embed active.*.toml
var files embed.FS

// Files are active.nl.toml, active.fr.toml and active.en.toml.
func Files() fs.FS { return files }
