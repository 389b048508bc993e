package duckdb

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/planner"
)

// blame names the Parquet file that a failure of DuckDB's comes from: some of
// its texts name none, and none names a URI. Other failures stay as they are.
func (e *Engine) blame(ctx context.Context, files []planner.File, err error) error {
	var failed *engine.Error
	if len(files) == 0 || !errors.As(err, &failed) || failed.Name != nameInternal && failed.Name != nameBadData {
		return err
	}
	for _, f := range files {
		if strings.Contains(failed.Message, f.Path) {
			return &engine.Error{Name: nameBadData, Message: strings.ReplaceAll(failed.Message, f.Path, f.URI)}
		}
	}
	for _, f := range files {
		damage, err := e.damage(ctx, f)
		if err != nil {
			return err
		}
		if damage != "" {
			return &engine.Error{Name: nameBadData, Message: fmt.Sprintf("Parquet file %s is damaged: %s", f.URI, plainMessage(damage))}
		}
	}
	return err
}

// damage reads a whole Parquet file and tells what DuckDB says of it, "" for a
// good one.
func (e *Engine) damage(ctx context.Context, f planner.File) (string, error) {
	path, err := exactPath(f.Path)
	if err != nil {
		return "", err
	}
	s, err := e.startStatement(ctx, "SELECT count(hash(COLUMNS(*))) FROM read_parquet("+quote(path)+", hive_partitioning = false)")
	if err == nil {
		_, err = s.next(ctx)
		err = errors.Join(err, s.close())
	}
	var said *errDuckDB
	if errors.As(err, &said) {
		return said.message, nil
	}
	return "", err
}
