package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the tables up to date with migrations/<folder>. A database
// with a newer schema is left as it is: an older program would spoil it.
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, folder string, opts ...goose.ProviderOption) error {
	files, err := fs.Sub(migrations, "migrations/"+folder)
	if err != nil {
		return err
	}
	opts = append(opts, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	p, err := goose.NewProvider(dialect, db, files, opts...)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if err := notNewer(ctx, p); err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	// Another process may have migrated further while this one waited.
	return notNewer(ctx, p)
}

func notNewer(ctx context.Context, p *goose.Provider) error {
	// GetVersions makes its table when there is none: asking changes nothing
	// that an older program reads.
	has, knows, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("schema version: %w", err)
	}
	if has > knows {
		return fmt.Errorf("its tables are of version %d, and this wegwijs knows up to %d; "+
			"start the newer wegwijs, or restore the backup from before the upgrade", has, knows)
	}
	return nil
}
