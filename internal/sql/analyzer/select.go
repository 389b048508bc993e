package analyzer

import (
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// outputItem is an item of a select list.
type outputItem struct {
	node ast.Expression // for errors; nil where a star gave it
	expr Expr
	name string // "" for an anonymous column
	at   ast.Node
}

// selection is a SELECT in the making. Expressions are over the columns of rel,
// which grows: FROM, WHERE, GROUP BY, HAVING, windows.
type selection struct {
	a     *analyzer
	spec  *ast.QuerySpecification
	outer *scope
	scope *scope // the names of FROM
	rel   Relation

	windows map[string]*ast.WindowDefinition
	items   []outputItem
	having  Expr
	order   []orderItem
}

// orderItem is a key of ORDER BY: the select item of that number (from 0), or
// an expression.
type orderItem struct {
	item   *ast.SortItem
	output int // -1 for an expression
	expr   Expr
}

// selectQuery analyzes a SELECT with the ORDER BY, OFFSET and LIMIT of q.
func (a *analyzer) selectQuery(spec *ast.QuerySpecification, q *ast.Query, outer *scope) (plan, error) {
	s := &selection{a: a, spec: spec, outer: outer}
	steps := []func() error{
		s.from,
		s.where,
		s.namedWindows,
		s.selectItems,
		func() error { return s.orderBy(q.OrderBy) },
		s.analyzeHaving,
		s.aggregate,
		s.addWindows,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return plan{}, err
		}
	}
	return s.finish(q)
}

func (s *selection) from() error {
	s.rel = &Values{Rows: [][]Expr{{}}}
	s.scope = &scope{outer: s.outer, with: s.outer.with}
	if s.spec.From == nil {
		return nil
	}
	p, err := s.a.relation(s.spec.From, s.outer)
	if err != nil {
		return err
	}
	s.rel, s.scope.fields = p.rel, p.fields
	return nil
}

func (s *selection) where() error {
	if s.spec.Where == nil {
		return nil
	}
	cond, err := s.a.condition(s.spec.Where, &env{scope: s.scope, clause: "WHERE clause", root: s.spec.Where}, "WHERE clause")
	if err != nil {
		return err
	}
	s.rel = &Filter{Input: s.rel, Condition: cond}
	return nil
}

// env is where select items, HAVING and ORDER BY are analyzed: aggregates are
// allowed.
func (s *selection) env(sc *scope, clause string, windows bool) *env {
	return &env{scope: sc, clause: clause, aggregates: true, windows: windows, named: s.windows}
}

func (s *selection) selectItems() error {
	ctx := s.env(s.scope, "SELECT clause", true)
	for _, it := range s.spec.Select.Items {
		if star, ok := it.(*ast.AllColumns); ok {
			if err := s.star(star); err != nil {
				return err
			}
			continue
		}
		col := it.(*ast.SingleColumn)
		e, err := s.a.expr(col.Expression, ctx)
		if err != nil {
			return err
		}
		s.items = append(s.items, outputItem{node: col.Expression, expr: e, name: outputName(col), at: col.Expression})
	}
	if !s.spec.Select.Distinct {
		return nil
	}
	for _, it := range s.items {
		if !it.expr.Type().IsComparable() {
			return typeMismatch(s.spec.Select, "DISTINCT can only be applied to comparable types (actual: %s)", it.expr.Type())
		}
	}
	return nil
}

// outputName is the alias, or the last part of a name, as written. A field of
// another expression than a name has no name, as in Trino.
func outputName(col *ast.SingleColumn) string {
	if col.Alias != nil {
		return col.Alias.Value
	}
	switch e := col.Expression.(type) {
	case *ast.Identifier:
		return e.Value
	case *ast.Dereference:
		if _, ok := qualifiedName(e); ok {
			return e.Field.Value
		}
	}
	return ""
}

// star expands `*`, `t.*` and `row.*`.
func (s *selection) star(star *ast.AllColumns) error {
	if star.Target == nil && s.spec.From == nil {
		return errorAt(star, "COLUMN_NOT_FOUND", "SELECT * not allowed in queries without FROM clause")
	}
	if star.Target == nil {
		return s.allColumns(star, s.scope.fields)
	}
	name, ok := qualifiedName(star.Target)
	if ok {
		if fields := originFields(s.scope, name); fields != nil {
			return s.allColumns(star, fields)
		}
	}
	if ok && !s.qualifiedColumn(name) {
		return errorAt(star, "TABLE_NOT_FOUND", "Unable to resolve reference %s", strings.Join(name, "."))
	}
	return s.rowColumns(star)
}

// qualifiedColumn says whether a name begins with a column that its relation
// stands before: what `.*` after a name may expand beside a relation.
func (s *selection) qualifiedColumn(name []string) bool {
	for n := 2; n <= len(name); n++ {
		if f, _, err := s.scope.resolve(name[:n], nil); f != nil || err != nil {
			return true
		}
	}
	return false
}

func (s *selection) allColumns(star *ast.AllColumns, fields []field) error {
	fields = visible(fields)
	if len(fields) == 0 {
		return errorAt(star, "COLUMN_NOT_FOUND", "SELECT * not allowed from relation that has no columns")
	}
	if star.Aliases != nil && len(star.Aliases) != len(fields) {
		return errorAt(star.Aliases[0], "MISMATCHED_COLUMN_ALIASES", "Column alias list has %d entries but relation has %d columns", len(star.Aliases), len(fields))
	}
	for i, f := range fields {
		it := outputItem{expr: f.expr, name: f.name, at: star}
		if star.Aliases != nil {
			it.name = canonical(star.Aliases[i])
		}
		s.items = append(s.items, it)
	}
	return nil
}

// canonical is the name that Trino makes of an alias of a star: in capitals
// unless it is quoted.
func canonical(id *ast.Identifier) string {
	if id.Quoted {
		return id.Value
	}
	return strings.ToUpper(id.Value)
}

// originFields are the fields of a relation, looked for outward.
func originFields(sc *scope, name []string) []field {
	for ; sc != nil; sc = sc.outer {
		var fields []field
		for _, f := range sc.fields {
			if f.hasOrigin(name) {
				fields = append(fields, f)
			}
		}
		if fields != nil {
			return fields
		}
	}
	return nil
}

// rowColumns expands the fields of a row value.
func (s *selection) rowColumns(star *ast.AllColumns) error {
	e, err := s.a.expr(star.Target, s.env(s.scope, "SELECT clause", true))
	if err != nil {
		return err
	}
	t := e.Type()
	if t.Kind != types.Row {
		return typeMismatch(s.spec.Select, "expected expression of type Row")
	}
	fields := make([]field, len(t.Fields))
	for i, f := range t.Fields {
		fields[i] = field{name: f.Name, expr: &RowField{Base: e, Index: i}}
	}
	return s.allColumns(star, fields)
}

// output are the select items as names for ORDER BY. They have no table: t.a in
// ORDER BY means the column of FROM.
func (s *selection) output() []field {
	fields := make([]field, len(s.items))
	for i, it := range s.items {
		fields[i] = field{name: it.name, expr: it.expr}
	}
	return fields
}

// orderBy analyzes ORDER BY: select aliases first, then the columns of FROM.
func (s *selection) orderBy(items []*ast.SortItem) error {
	if len(items) == 0 {
		return nil
	}
	output := s.output()
	sc := &scope{fields: output, outer: s.scope, with: s.scope.with, kind: aliasScope}
	ctx := s.env(sc, "ORDER BY clause", true)
	for _, it := range items {
		e, err := s.a.orderKey(s.spec, it, output, ctx)
		if err != nil {
			return err
		}
		n := s.selected(e)
		if s.spec.Select.Distinct && n < 0 {
			return errorAt(s.spec, "EXPRESSION_NOT_IN_DISTINCT", "For SELECT DISTINCT, ORDER BY expressions must appear in select list")
		}
		s.order = append(s.order, orderItem{item: it, output: n, expr: e})
	}
	return nil
}

// selected is the number of the select item that equals e, or -1.
func (s *selection) selected(e Expr) int {
	k := key(e)
	return slices.IndexFunc(s.items, func(it outputItem) bool { return key(it.expr) == k })
}

func (s *selection) analyzeHaving() error {
	if s.spec.Having == nil {
		return nil
	}
	var err error
	s.having, err = s.a.condition(s.spec.Having, s.env(s.scope, "HAVING clause", false), "HAVING clause")
	return err
}

// finish projects the select list, then removes duplicates, sorts and limits.
func (s *selection) finish(q *ast.Query) (plan, error) {
	project := &Project{Input: s.rel}
	// Equal items stay columns of their own: who groups by the one, outside, has
	// not grouped by the other.
	add := func(e Expr, name string) *Symbol {
		sym := s.a.symbol(name, e.Type())
		project.Exprs, project.Out = append(project.Exprs, e), append(project.Out, sym)
		return sym
	}
	p := plan{rel: project}
	for _, it := range s.items {
		p.fields = append(p.fields, field{name: it.name, expr: &Ref{add(it.expr, it.name)}})
	}
	if s.spec.Select.Distinct {
		p.rel = &Distinct{Input: p.rel}
	}
	if len(s.order) > 0 {
		keys := make([]SortKey, len(s.order))
		for i, o := range s.order {
			e := Expr(nil)
			if o.output >= 0 {
				e = p.fields[o.output].expr
			} else {
				e = &Ref{add(o.expr, "")}
			}
			keys[i] = sortKey(e, o.item)
		}
		p.rel = &Sort{Input: p.rel, Keys: keys}
	}
	rel, err := s.a.limit(p.rel, q)
	if err != nil {
		return plan{}, err
	}
	p.rel = rel
	return p, nil
}
