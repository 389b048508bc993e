package analyzer

import (
	"context"
	"slices"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Modify is a checked DELETE, UPDATE, MERGE, OPTIMIZE or VACUUM of a table that
// keeps versions.
//
// The rows of Source say what changes: the file and the place in it of a row
// that goes (NULL for a row that is only added), whether there is a row to add,
// and that row, one value for each of Columns. DELETE has no such values, and
// VACUUM and OPTIMIZE have no Source.
type Modify struct {
	Source  *Analysis
	Target  *catalog.Table
	State   any        // of the version that Source reads
	Columns []Column   // of the table
	Filter  *TableScan // of OPTIMIZE: what its condition says of the table's columns
}

// Modifies says whether a statement is one for AnalyzeModify.
func Modifies(stmt ast.Statement) bool {
	switch stmt.(type) {
	case *ast.Delete, *ast.Update, *ast.Merge, *ast.Optimize, *ast.Vacuum:
		return true
	}
	return false
}

// AnalyzeModify checks a statement that changes rows. Errors are as of Analyze.
func AnalyzeModify(ctx context.Context, stmt ast.Statement, opts Options) (*Modify, error) {
	if n := countParameters(stmt); (n > 0 || opts.ExactParameters) && n != len(opts.Parameters) {
		return nil, wrongCount(stmt, n, len(opts.Parameters))
	}
	return newAnalyzer(ctx, opts).modify(stmt)
}

func (a *analyzer) modify(stmt ast.Statement) (*Modify, error) {
	switch s := stmt.(type) {
	case *ast.Delete:
		return a.deleteRows(s)
	case *ast.Update:
		return a.updateRows(s)
	case *ast.Merge:
		return a.mergeRows(s)
	case *ast.Optimize:
		return a.rewriteFiles(s)
	case *ast.Vacuum:
		m := &modification{a: a, Modify: &Modify{}}
		return m.Modify, m.target(s.Table, nil, "VACUUM of views is not supported")
	}
	return nil, notSupported(stmt, "%s is not supported", statementName(stmt))
}

// modification is a Modify in the making.
type modification struct {
	*Modify
	a              *analyzer
	rel            Relation
	fields         []field // of the table's columns, then hidden ones
	path, position *Symbol
}

// target finds the table and begins the query with reading it.
func (m *modification) target(t *ast.Table, alias *ast.Identifier, views string) error {
	database, name, err := m.a.qualify(t)
	if err != nil {
		return err
	}
	table, err := m.a.lookUp(t, database, name)
	if err != nil {
		return err
	}
	if table.Type == virtualView {
		return notSupported(t, "%s", views)
	}
	m.Target = table
	v, err := m.a.tableVersion(table, VersionPointer{})
	if err != nil {
		return err
	}
	if v == nil {
		return notSupported(nowhere{}, "Modifying Hive table rows is only supported for transactional tables")
	}
	m.State, m.Columns = v.State, v.Columns
	p, err := m.a.scan(t, table)
	if err != nil {
		return err
	}
	if err := m.addPlace(t, p.rel.(*Scan)); err != nil {
		return err
	}
	if alias != nil {
		p = p.as(alias.Value, nil)
	}
	m.rel, m.fields = p.rel, p.fields
	return nil
}

// addPlace has the scan give where each row lies.
func (m *modification) addPlace(at ast.Node, scan *Scan) error {
	ts := m.a.scans[scan.Index]
	i := slices.IndexFunc(ts.Columns, func(c ScanColumn) bool { return c.Name == PathColumn && c.OfFile })
	if i < 0 {
		return notSupported(at, "Changing rows of a table with a column named %s is not supported", PathColumn)
	}
	m.path = scan.Out[i]
	m.position = m.a.symbol(RowPositionColumn, types.BigIntType)
	ts.Columns = append(ts.Columns, ScanColumn{Name: RowPositionColumn, Type: types.BigIntType})
	scan.Out = append(scan.Out, m.position)
	return nil
}

// where keeps the rows that a WHERE clause keeps.
func (m *modification) where(e ast.Expression) error {
	if e == nil {
		return nil
	}
	cond, err := m.a.condition(e, &env{scope: &scope{outer: &scope{}, fields: m.fields}, clause: "WHERE clause", root: e}, "WHERE clause")
	if err == nil {
		m.rel = &Filter{Input: m.rel, Condition: cond}
	}
	return err
}

// finish projects to the source's columns.
func (m *modification) finish(add Expr, values []Expr) (*Modify, error) {
	exprs := append([]Expr{&Ref{m.path}, &Ref{m.position}, add}, values...)
	rel := &Project{Input: m.rel, Exprs: exprs}
	out := &Analysis{Root: rel}
	for _, e := range exprs {
		s := m.a.symbol("", e.Type())
		rel.Out = append(rel.Out, s)
		out.Columns = append(out.Columns, Column{Name: "", Type: e.Type()})
	}
	out.Output = rel.Out
	var err error
	out.Root, out.Scans, err = m.a.optimize(rel, rel.Out)
	m.Source = out
	return m.Modify, err
}

func truth(b bool) Expr { return &Literal{Value: b, Typ: types.BooleanType} }

// deleteRows follows visitDelete of Trino's StatementAnalyzer.
func (a *analyzer) deleteRows(s *ast.Delete) (*Modify, error) {
	m := &modification{a: a, Modify: &Modify{}}
	if err := m.target(s.Table, nil, "Deleting from views is not supported"); err != nil {
		return nil, err
	}
	if err := m.where(s.Where); err != nil {
		return nil, err
	}
	return m.finish(truth(false), nil)
}

// place is where a column stands in the table, or -1.
func (m *modification) place(name *ast.Identifier) int {
	lower := name.Lower()
	return slices.IndexFunc(m.Columns, func(c Column) bool { return c.Name == lower })
}

// updateRows follows visitUpdate of Trino's StatementAnalyzer.
func (a *analyzer) updateRows(s *ast.Update) (*Modify, error) {
	m := &modification{a: a, Modify: &Modify{}}
	if err := m.target(s.Table, nil, "Updating through views is not supported"); err != nil {
		return nil, err
	}
	var into []int
	var values []ast.Expression
	for _, x := range s.Assignments {
		i := m.place(x.Name)
		switch {
		case i < 0:
			return nil, errorAt(x.Name, "COLUMN_NOT_FOUND", "The UPDATE SET target column %s doesn't exist", x.Name.Value)
		case slices.Contains(into, i):
			return nil, errorAt(x.Name, "DUPLICATE_COLUMN_NAME", "The UPDATE SET target column %s is specified more than once", x.Name.Value)
		}
		into, values = append(into, i), append(values, x.Value)
	}
	if err := m.where(s.Where); err != nil {
		return nil, err
	}
	exprs, err := a.exprs(values, &env{scope: &scope{outer: &scope{}, fields: m.fields}, clause: "UPDATE"})
	if err != nil {
		return nil, err
	}
	want, have := m.types(into), typesOf(exprs)
	if !storable(want, have) {
		return nil, typeMismatch(s, "UPDATE table column types don't match SET expressions: Table: [%s], Expressions: [%s]", typeList(want), typeList(have))
	}
	row, err := m.row(s, into, exprs, false)
	if err != nil {
		return nil, err
	}
	return m.finish(truth(true), row)
}

func (m *modification) types(places []int) []types.Type {
	out := make([]types.Type, len(places))
	for n, i := range places {
		out[n] = m.Columns[i].Type
	}
	return out
}

func typesOf(es []Expr) []types.Type {
	out := make([]types.Type, len(es))
	for i, e := range es {
		out[i] = e.Type()
	}
	return out
}

// row is the new values of all columns: those of into, of the rest what the row
// had, or NULL for a new row.
func (m *modification) row(at ast.Node, into []int, values []Expr, fresh bool) ([]Expr, error) {
	out := make([]Expr, len(m.Columns))
	for i, c := range m.Columns {
		out[i] = m.fields[i].expr
		if fresh {
			out[i] = &Literal{Typ: c.Type}
		}
	}
	for n, i := range into {
		e, err := m.a.store(values[n], m.Columns[i].Type, at)
		if err != nil {
			return nil, err
		}
		out[i] = e
	}
	return out, nil
}

// rewriteFiles notes what the condition of OPTIMIZE says of the files.
func (a *analyzer) rewriteFiles(s *ast.Optimize) (*Modify, error) {
	m := &modification{a: a, Modify: &Modify{}}
	if err := m.target(s.Table, nil, "OPTIMIZE of views is not supported"); err != nil {
		return nil, err
	}
	if err := m.where(s.Where); err != nil {
		return nil, err
	}
	if _, err := m.finish(truth(true), nil); err != nil {
		return nil, err
	}
	for _, scan := range m.Source.Scans {
		if scan.Table == m.Target {
			m.Filter = scan
		}
	}
	m.Source = nil
	return m.Modify, nil
}

// merging is a MERGE in the making: over the joined rows of table and source.
type merging struct {
	*modification
	scope *scope
	tests []Expr   // when each case applies
	adds  []Expr   // whether each case adds a row
	rows  [][]Expr // the row that each case adds; nil for none
}

// mergeRows follows visitMerge of Trino's StatementAnalyzer and planMerge of its
// QueryPlanner.
func (a *analyzer) mergeRows(s *ast.Merge) (*Modify, error) {
	m := &modification{a: a, Modify: &Modify{}}
	if err := m.target(s.Table, s.Alias, "Merging into views is not supported"); err != nil {
		return nil, err
	}
	source, err := a.relation(s.Source, &scope{})
	if err != nil {
		return nil, err
	}
	joined := slices.Concat(m.fields, source.fields)
	g := &merging{modification: m, scope: &scope{outer: &scope{}, fields: joined}}
	on, err := g.condition(s.On, "The MERGE predicate")
	if err != nil {
		return nil, err
	}
	kind := InnerJoin
	for i, c := range s.Cases {
		if c.Action == ast.MergeInsert {
			kind = RightJoin
		}
		if err := g.add(s, i, c); err != nil {
			return nil, err
		}
	}
	m.rel = &Join{Kind: kind, Left: m.rel, Right: source.rel, On: on}
	return g.finish()
}

func (g *merging) env() *env { return &env{scope: g.scope, clause: "MERGE"} }

func (g *merging) condition(e ast.Expression, what string) (Expr, error) {
	return g.a.condition(e, g.env(), what)
}

// add analyzes a case.
func (g *merging) add(s *ast.Merge, number int, c *ast.MergeCase) error {
	insert := c.Action == ast.MergeInsert
	var into []int
	for _, name := range c.Columns {
		i := g.place(name)
		switch {
		case i < 0:
			return errorAt(s, "COLUMN_NOT_FOUND", "Merge column name does not exist in target table: %s", name.Lower())
		case slices.Contains(into, i):
			return errorAt(s, "DUPLICATE_COLUMN_NAME", "Merge column name is specified more than once: %s", name.Lower())
		}
		into = append(into, i)
	}
	if insert && c.Columns == nil {
		for i := range g.Columns {
			into = append(into, i)
		}
	}
	if len(into) != len(c.Values) {
		return errorAt(c, "SYNTAX_ERROR", "Number of merge columns (%d) isn't equal to number of expressions (%d)", len(into), len(c.Values))
	}
	matched := Expr(&Not{Arg: &IsNull{Arg: &Ref{g.path}}})
	if insert {
		matched = &IsNull{Arg: &Ref{g.path}}
	}
	terms := []Expr{matched}
	if c.Condition != nil {
		cond, err := g.condition(c.Condition, "WHEN clause")
		if err != nil {
			return err
		}
		terms = append(terms, cond)
	}
	g.tests = append(g.tests, conjunction(terms))
	g.adds = append(g.adds, truth(c.Action != ast.MergeDelete))
	values, err := g.a.exprs(c.Values, g.env())
	if err != nil {
		return err
	}
	want, have := g.types(into), typesOf(values)
	if !storable(want, have) {
		return typeMismatch(c, "MERGE table column types don't match for MERGE case %d, SET expressions: Table: [%s], Expressions: [%s]", number, typeList(want), typeList(have))
	}
	var row []Expr
	if c.Action != ast.MergeDelete {
		if row, err = g.row(c, into, values, insert); err != nil {
			return err
		}
	}
	g.rows = append(g.rows, row)
	return nil
}

// finish computes which case each joined row falls into, leaves out rows of
// none, and then the rows to add.
func (g *merging) finish() (*Modify, error) {
	number := g.a.symbol("case", types.BigIntType)
	which := &Case{Typ: types.BigIntType}
	for i, test := range g.tests {
		which.Whens = append(which.Whens, When{test, &Literal{Value: int64(i), Typ: types.BigIntType}})
	}
	with := &Project{Input: g.rel}
	for _, s := range g.rel.Output() {
		with.Exprs, with.Out = append(with.Exprs, &Ref{s}), append(with.Out, s)
	}
	with.Exprs, with.Out = append(with.Exprs, which), append(with.Out, number)
	g.rel = &Filter{Input: with, Condition: &Not{Arg: &IsNull{Arg: &Ref{number}}}}
	equal, err := functions.Operator("=", types.BigIntType, types.BigIntType)
	if err != nil {
		return nil, err
	}
	is := func(i int) Expr {
		return &Call{Name: "=", Fn: equal, Args: []Expr{&Ref{number}, &Literal{Value: int64(i), Typ: types.BigIntType}}}
	}
	add := &Case{Typ: types.BooleanType}
	values := make([]*Case, len(g.Columns))
	row := make([]Expr, len(g.Columns))
	for c, column := range g.Columns {
		values[c] = &Case{Typ: column.Type}
		row[c] = values[c]
	}
	some := false
	for i := range g.tests {
		add.Whens = append(add.Whens, When{is(i), g.adds[i]})
		for c := range g.rows[i] {
			some = true
			values[c].Whens = append(values[c].Whens, When{is(i), g.rows[i][c]})
		}
	}
	if !some { // deletes alone
		for c, column := range g.Columns {
			row[c] = &Literal{Typ: column.Type}
		}
	}
	return g.modification.finish(add, row)
}
