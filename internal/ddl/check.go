package ddl

import (
	"context"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/hive"
)

// Check refuses what Athena refuses before it makes a query execution: DESCRIBE
// and SHOW COLUMNS of what does not exist. That error is an *Error of kind
// EntityNotFound.
func (e *Executor) Check(ctx context.Context, statement hive.Statement, c Context) error {
	r := e.run(ctx, c)
	var err error
	switch s := statement.(type) {
	case *hive.Describe:
		_, err = r.shown(s.Table)
	case *hive.ShowColumns:
		_, err = r.shown(s.Table)
	}
	return err
}

// DescribesView reports whether the statement is DESCRIBE of a view, which is
// another statement to Athena than DESCRIBE of a table.
func (e *Executor) DescribesView(ctx context.Context, statement hive.Statement, c Context) bool {
	s, ok := statement.(*hive.Describe)
	if !ok || s.Column != "" {
		return false
	}
	t, err := e.run(ctx, c).shown(s.Table)
	return err == nil && t.Type == catalog.VirtualView
}
