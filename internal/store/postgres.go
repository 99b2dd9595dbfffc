package store

import (
	"context"
	"errors"
)

// openPostgres is not there yet.
func openPostgres(context.Context, string) (engine, error) {
	return nil, errors.New("this build has no PostgreSQL yet; use file:wegwijs.db")
}
