package lake

import (
	"context"

	ice "github.com/apache/iceberg-go"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/ast"
)

// Places of the columns that say what a row of a Modify's source does.
const (
	pathColumn     = iota // of the row that goes; NULL for none
	positionColumn        // likewise
	addColumn             // whether there is a row to add
	firstValue
)

// modify removes and adds rows in one snapshot.
func (l *Lake) modify(m *analyzer.Modify, operation iceberg.Operation, id string) *Change {
	view := m.State.(*iceberg.View)
	return &Change{Source: m.Source, Rows: true, Apply: func(ctx context.Context, rows engine.Rows, seal func() error) (n int64, err error) {
		w, err := l.newRowWriter(ctx, view, id)
		if err != nil {
			return 0, err
		}
		defer func() {
			if iceberg.NotDone(err) {
				w.files.Abort(ctx)
			}
		}()
		err = read(ctx, rows, func(row []any) error {
			n++
			return w.row(ctx, row)
		})
		if err == nil {
			err = w.files.Finish(ctx)
		}
		if err == nil {
			err = seal()
		}
		if err != nil {
			return 0, err
		}
		if n == 0 { // nothing changes: there is no snapshot
			return 0, nil
		}
		change := iceberg.Change{Operation: operation, Data: w.files.Data, Deletes: w.files.Deletes, Summary: map[string]string{queryID: id}}
		return n, l.tables.Commit(context.WithoutCancel(ctx), view.Table, change)
	}}
}

// rowWriter takes the rows of a Modify's source.
type rowWriter struct {
	files  *iceberg.Writer
	byPath map[string]ice.DataFile
	gone   map[string]map[int64]bool
}

func (l *Lake) newRowWriter(ctx context.Context, v *iceberg.View, id string) (*rowWriter, error) {
	plan, err := l.tables.Plan(ctx, v, nil)
	if err != nil {
		return nil, err
	}
	w := &rowWriter{byPath: map[string]ice.DataFile{}, gone: map[string]map[int64]bool{}}
	for _, d := range plan.Data {
		w.byPath[d.Entry.FilePath()] = d.Entry
	}
	w.files, err = l.tables.NewWriter(v.Table, id, l.tempDir)
	return w, err
}

func (w *rowWriter) row(ctx context.Context, row []any) error {
	if path, ok := row[pathColumn].(string); ok {
		if err := w.remove(path, row[positionColumn].(int64)); err != nil {
			return err
		}
	}
	if add, _ := row[addColumn].(bool); add {
		return w.files.Add(ctx, row[firstValue:])
	}
	return nil
}

// remove notes that a row goes. One row goes once: MERGE must not match it
// twice.
func (w *rowWriter) remove(path string, position int64) error {
	of := w.gone[path]
	if of == nil {
		of = map[int64]bool{}
		w.gone[path] = of
	}
	if of[position] {
		return &engine.Error{Name: "MERGE_TARGET_ROW_MULTIPLE_MATCHES", Message: "One MERGE target table row matched more than one source row"}
	}
	of[position] = true
	f, ok := w.byPath[path]
	if !ok {
		return &engine.Error{Name: "GENERIC_INTERNAL_ERROR", Message: "a row lies in " + path + ", which is not a file of the table"}
	}
	w.files.Remove(f, position)
	return nil
}

// prepareModify is the change of a checked statement on rows.
func (l *Lake) prepareModify(ctx context.Context, stmt ast.Statement, m *analyzer.Modify, id string) (*Change, error) {
	if v := m.State.(*iceberg.View); v.Table.Metadata.FormatVersion < 2 {
		return nil, &ast.Error{Name: "NOT_SUPPORTED", Message: "Iceberg table updates require at least format version 2"}
	}
	switch stmt.(type) {
	case *ast.Delete:
		return l.modify(m, iceberg.Delete, id), nil
	case *ast.Update, *ast.Merge:
		return l.modify(m, iceberg.Overwrite, id), nil
	case *ast.Optimize:
		return l.optimize(ctx, m, id)
	case *ast.Vacuum:
		return l.vacuum(m), nil
	}
	return nil, ast.Errorf("NOT_SUPPORTED", stmt.Pos(), "this statement is not supported")
}
