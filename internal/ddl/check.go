package ddl

import (
	"context"

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
