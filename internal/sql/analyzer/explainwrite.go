package analyzer

import (
	"slices"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// RowsColumn is the one column of the result of a statement that writes.
var RowsColumn = Column{Name: "rows", Type: types.BigIntType}

// TableWriter stands in a plan for the writing of its input's rows. It yields
// their number. No tree that runs has one.
type TableWriter struct {
	Target string // db.table, or the location of UNLOAD
	Names  []string
	Input  Relation
	Out    []*Symbol
}

// Output implements Relation.
func (r *TableWriter) Output() []*Symbol { return r.Out }

func (r *TableWriter) assignments() []string {
	out := slices.Clone(r.Names)
	for i, s := range r.Input.Output() {
		if text := symbolText(s); i < len(out) && text != out[i] {
			out[i] += " := " + text
		}
	}
	return out
}

// writing analyzes a statement that writes for EXPLAIN and DESCRIBE.
func (a *analyzer) writing(stmt ast.Statement) (*Analysis, error) {
	w, err := a.write(stmt)
	if err != nil {
		return nil, err
	}
	rows := a.symbol(RowsColumn.Name, RowsColumn.Type)
	out := &Analysis{Columns: []Column{RowsColumn}, Output: []*Symbol{rows}}
	if w.Exists {
		out.Root = &Values{Rows: [][]Expr{{&Literal{Value: int64(0), Typ: RowsColumn.Type}}}, Out: out.Output}
		return out, nil
	}
	writer := &TableWriter{Target: w.Database + "." + w.Table, Input: w.Source.Root, Out: out.Output}
	if w.Kind == UnloadTo {
		writer.Target = w.Location
	}
	for _, c := range w.Columns {
		writer.Names = append(writer.Names, c.Name)
	}
	out.Root, out.Scans = writer, w.Source.Scans
	return out, nil
}
