package lake

import (
	"context"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// queryID is the property of a snapshot's summary that says which statement made
// it, by Trino's name.
const queryID = "trino_query_id"

// insert appends the rows of a query.
func (l *Lake) insert(ctx context.Context, w *analyzer.Write, id string) (*Change, error) {
	view, err := l.tables.Load(ctx, w.Target)
	if err != nil {
		return nil, err
	}
	return &Change{Source: w.Source, Rows: true, Apply: func(ctx context.Context, rows engine.Rows, seal func() error) (int64, error) {
		return l.written(ctx, view, id, rows, seal, func(ctx context.Context, files *iceberg.Writer) error {
			return l.tables.Commit(ctx, view, appended(files, id))
		})
	}}, nil
}

func appended(files *iceberg.Writer, id string) iceberg.Change {
	return iceberg.Change{Operation: iceberg.Append, Data: files.Data, Anywhere: true, Summary: map[string]string{queryID: id}}
}

// written writes rows into files of a table and has them committed; what was
// written is removed where that fails.
func (l *Lake) written(ctx context.Context, t *iceberg.Table, id string, rows engine.Rows, seal func() error, commit func(context.Context, *iceberg.Writer) error) (n int64, err error) {
	files, err := l.tables.NewWriter(t, id, l.tempDir)
	if err != nil {
		return 0, err
	}
	defer func() {
		if iceberg.NotDone(err) {
			files.Abort(ctx)
		}
	}()
	if rows != nil {
		err = read(ctx, rows, func(row []any) error {
			n++
			return files.Add(ctx, row)
		})
	}
	if err == nil {
		err = files.Finish(ctx)
	}
	if err == nil {
		err = seal()
	}
	if err != nil {
		return 0, err
	}
	return n, commit(context.WithoutCancel(ctx), files)
}
