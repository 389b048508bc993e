package analyzer

import (
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// insert follows visitInsert of Trino's StatementAnalyzer: the query first, then
// the columns, then their types.
func (a *analyzer) insert(s *ast.Insert) (*Write, error) {
	w := &Write{Kind: InsertInto}
	var err error
	if w.Database, w.Table, err = a.qualify(&ast.Table{Position: s.Position, Name: s.Table.Name}); err != nil {
		return nil, err
	}
	table, missing := a.lookUp(s, w.Database, w.Table)
	if missing == nil && table.Type == virtualView {
		return nil, notSupported(s, "Inserting into views is not supported")
	}
	p, err := a.query(s.Query, &scope{})
	if err != nil {
		return nil, err
	}
	if missing != nil {
		return nil, missing
	}
	w.Target = table
	if w.Columns, err = a.tableColumns(s.Table, table); err != nil {
		return nil, err
	}
	into, err := w.insertColumns(s)
	if err != nil {
		return nil, err
	}
	rel, err := a.storing(s, w.Columns, into, p)
	if err != nil {
		return nil, err
	}
	return w, w.source(a, rel)
}

// tableColumns are the columns of a table, partition keys last.
func (a *analyzer) tableColumns(at ast.Node, table *catalog.Table) ([]Column, error) {
	if v, err := a.tableVersion(table, VersionPointer{}); err != nil || v != nil {
		if err != nil {
			return nil, err
		}
		return v.Columns, nil
	}
	var out []Column
	for _, c := range slices.Concat(table.Columns, table.PartitionKeys) {
		t, err := columnType(at, table, c)
		if err != nil {
			return nil, err
		}
		out = append(out, Column{Name: c.Name, Type: t})
	}
	return out, nil
}

// insertColumns are the places, among the table's, of the columns that an INSERT
// gives values for, in its order.
func (w *Write) insertColumns(s *ast.Insert) ([]int, error) {
	var into []int
	if s.Columns == nil {
		for i := range w.Columns {
			into = append(into, i)
		}
		return into, nil
	}
	for _, name := range s.Columns {
		lower := strings.ToLower(name.Value)
		i := slices.IndexFunc(w.Columns, func(c Column) bool { return c.Name == lower })
		switch {
		case i < 0:
			return nil, errorAt(s, "COLUMN_NOT_FOUND", "Insert column name does not exist in target table: %s", lower)
		case slices.Contains(into, i):
			return nil, errorAt(s, "DUPLICATE_COLUMN_NAME", "Insert column name is specified more than once: %s", lower)
		}
		into = append(into, i)
	}
	return into, nil
}

// storing projects a query to all columns of a table. into are the places of
// its own columns among them; the rest are NULL.
func (a *analyzer) storing(at ast.Node, columns []Column, into []int, p plan) (*Project, error) {
	var want, have []types.Type
	for _, i := range into {
		want = append(want, columns[i].Type)
	}
	have = p.types()
	if !storable(want, have) {
		return nil, typeMismatch(at, "Insert query has mismatched column types: Table: [%s], Query: [%s]", typeList(want), typeList(have))
	}
	rel := &Project{Input: p.rel, Exprs: make([]Expr, len(columns))}
	for i, c := range columns {
		rel.Exprs[i] = &Literal{Typ: c.Type}
		rel.Out = append(rel.Out, a.symbol(c.Name, c.Type))
	}
	for n, i := range into {
		e, err := a.store(p.fields[n].expr, columns[i].Type, at)
		if err != nil {
			return nil, err
		}
		rel.Exprs[i] = e
	}
	return rel, nil
}

// storable says whether values of the types have can be stored in columns of
// the types want (typesMatchForInsert): a common type is enough, but for nested
// types with varchar(n) or char(n) inside.
func storable(want, have []types.Type) bool {
	if len(want) != len(have) {
		return false
	}
	for i, w := range want {
		ok := types.CanCoerce(have[i], w)
		if !ok && !(w.Fields != nil && boundedText(w)) {
			_, ok = types.CommonSuperType(have[i], w)
		}
		if !ok {
			return false
		}
	}
	return true
}

// boundedText says whether a type is, or has inside, a text of bounded length.
func boundedText(t types.Type) bool {
	return t.Kind == types.Char || t.Kind == types.Varchar && t.Precision != types.UnboundedLength ||
		slices.ContainsFunc(t.Fields, func(f types.Field) bool { return boundedText(f.Type) })
}

func typeList(ts []types.Type) string {
	texts := make([]string, len(ts))
	for i, t := range ts {
		texts[i] = t.String()
	}
	return strings.Join(texts, ", ")
}

// store converts a value to the type of a column that it is stored in. The
// types have a common one.
func (a *analyzer) store(e Expr, to types.Type, at ast.Node) (Expr, error) {
	from := e.Type()
	if types.CanCoerce(from, to) {
		return a.coerce(e, to, at)
	}
	if !boundedText(to) || to.Fields != nil {
		return a.castTo(at, e, to, false)
	}
	fn, err := functions.StoreCast(from, to)
	if err != nil {
		return nil, a.fail(at, nil, err)
	}
	return &Cast{Arg: e, To: to, Fn: fn}, nil
}
