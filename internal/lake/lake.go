package lake

import (
	"context"
	"errors"
	"io"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
)

// Lake prepares statements that change Iceberg tables. It is safe for
// concurrent use.
type Lake struct {
	catalog *catalog.Store
	tables  *iceberg.Tables
	tempDir string
}

// New returns the statements on the Iceberg tables of a catalog. Files lie in
// tempDir until they are objects; "" is the system's.
func New(c *catalog.Store, t *iceberg.Tables, tempDir string) *Lake {
	return &Lake{catalog: c, tables: t, tempDir: tempDir}
}

// Changes says whether a statement may be one that Prepare knows.
func Changes(stmt ast.Statement) bool {
	switch stmt.(type) {
	case *ast.Insert, *ast.CreateTableAs:
		return true
	}
	return analyzer.Modifies(stmt)
}

// Change is a checked statement: run Source and give its rows to Apply.
type Change struct {
	Source *analyzer.Analysis // nil: there is nothing to read
	// Apply takes the rows (nil without a Source), commits, and returns how many
	// rows changed. On an error nothing of the statement is visible. seal is called
	// before the commit, which an error of it prevents.
	Apply func(ctx context.Context, rows engine.Rows, seal func() error) (int64, error)
	// Rows says whether the statement counts the rows that it changes.
	Rows bool
}

// Prepare checks a statement; id names its files. It returns nil for a statement
// that changes no Iceberg table. Errors of the text are *analyzer.Error.
func (l *Lake) Prepare(ctx context.Context, stmt ast.Statement, o analyzer.Options, id string) (*Change, error) {
	o.Versions = l
	if analyzer.Modifies(stmt) {
		m, err := analyzer.AnalyzeModify(ctx, stmt, o)
		if err != nil {
			return nil, err
		}
		return l.prepareModify(ctx, stmt, m, id)
	}
	switch s := stmt.(type) {
	case *ast.Insert, *ast.CreateTableAs:
		w, err := analyzer.AnalyzeWrite(ctx, s, o)
		if err != nil {
			return nil, err
		}
		return l.Write(ctx, w, id)
	}
	return nil, nil
}

// Write is the change of a checked INSERT or CREATE TABLE AS; nil where it is
// of no Iceberg table.
func (l *Lake) Write(ctx context.Context, w *analyzer.Write, id string) (*Change, error) {
	switch {
	case w.Kind == analyzer.InsertInto && iceberg.Is(w.Target):
		return l.insert(ctx, w, id)
	case w.Kind == analyzer.CreateTableAs && !w.Exists && isIceberg(w.Properties):
		return l.createTableAs(w, id)
	}
	return nil, nil
}

// read gives each row to fn.
func read(ctx context.Context, rows engine.Rows, fn func(row []any) error) error {
	for {
		row, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := fn(row); err != nil {
			return err
		}
	}
}
