package analyzer

import (
	"slices"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// maxGroupingSets bounds what CUBE and products of ROLLUPs expand to, as Trino
// does.
const maxGroupingSets = 2048

// aggregate groups, where the query groups at all, and makes every expression
// that follows one over the groups.
func (s *selection) aggregate() error {
	if !s.aggregates() {
		return nil
	}
	g := &grouper{s: s, node: &Aggregate{Input: s.rel}, keys: map[string]int{}, aggs: map[string]*Symbol{}, source: map[*Symbol]bool{}}
	for _, sym := range s.rel.Output() {
		g.source[sym] = true
	}
	if s.spec.GroupBy != nil {
		if err := g.groupBy(s.spec.GroupBy); err != nil {
			return err
		}
	}
	for i := range s.items {
		it := &s.items[i]
		var err error
		if it.expr, err = g.over(it.expr, it.at); err != nil {
			return err
		}
	}
	for i := range s.order {
		o := &s.order[i]
		if o.output >= 0 {
			continue
		}
		var err error
		if o.expr, err = g.over(o.expr, o.item.Key); err != nil {
			return err
		}
	}
	s.rel = g.node
	if s.having == nil {
		return nil
	}
	having, err := g.over(s.having, s.spec.Having)
	if err != nil {
		return err
	}
	s.rel = &Filter{Input: g.node, Condition: having}
	return nil
}

// aggregates says whether the query groups.
func (s *selection) aggregates() bool {
	if s.spec.GroupBy != nil || s.having != nil {
		return true
	}
	return slices.ContainsFunc(s.items, func(it outputItem) bool { return hasAggregate(it.expr) }) ||
		slices.ContainsFunc(s.order, func(o orderItem) bool { return hasAggregate(o.expr) })
}

// grouper builds the Aggregate of a selection.
type grouper struct {
	s      *selection
	node   *Aggregate
	keys   map[string]int     // expression to index of node.Keys
	aggs   map[string]*Symbol // aggregate or GROUPING call to its column
	source map[*Symbol]bool   // the columns of the input
}

// groupBy adds the keys and expands the grouping sets.
func (g *grouper) groupBy(by *ast.GroupBy) error {
	sets := [][]int{{}}
	simple := true
	for _, e := range by.Elements {
		element, err := g.element(e)
		if err != nil {
			return err
		}
		simple = simple && e.Kind == ast.SimpleGroupBy
		if n := len(sets) * len(element); n > maxGroupingSets {
			return errorAt(by, "TOO_MANY_GROUPING_SETS", "GROUP BY has %d grouping sets but can contain at most %d", n, maxGroupingSets)
		}
		sets = product(sets, element)
	}
	if simple {
		return nil
	}
	if by.Distinct {
		sets = distinctSets(sets)
	}
	g.node.GroupingSets = sets
	return nil
}

// element gives the grouping sets of one element of GROUP BY.
func (g *grouper) element(e *ast.GroupingElement) ([][]int, error) {
	sets := make([][]int, len(e.Sets))
	for i, exprs := range e.Sets {
		set := []int{}
		for _, x := range exprs {
			if err := g.columnOnly(e, x); err != nil {
				return nil, err
			}
			k, err := g.key(x)
			if err != nil {
				return nil, err
			}
			if !slices.Contains(set, k) {
				set = append(set, k)
			}
		}
		sets[i] = set
	}
	switch e.Kind {
	case ast.Rollup:
		return rollup(sets), nil
	case ast.Cube:
		if len(sets) > 11 {
			return nil, errorAt(e, "TOO_MANY_GROUPING_SETS", "GROUP BY has too many grouping sets but can contain at most %d", maxGroupingSets)
		}
		return cube(distinctSets(sets)), nil
	default:
		return sets, nil
	}
}

func rollup(sets [][]int) [][]int {
	out := make([][]int, 0, len(sets)+1)
	for n := len(sets); n >= 0; n-- {
		out = append(out, union(sets[:n]))
	}
	return out
}

func cube(sets [][]int) [][]int {
	var out [][]int
	for mask := 1<<len(sets) - 1; mask >= 0; mask-- {
		var chosen [][]int
		for i, set := range sets {
			if mask>>(len(sets)-1-i)&1 == 1 {
				chosen = append(chosen, set)
			}
		}
		out = append(out, union(chosen))
	}
	return out
}

func union(sets [][]int) []int {
	out := []int{}
	for _, set := range sets {
		for _, k := range set {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// product combines each set of one list with each of the other.
func product(a, b [][]int) [][]int {
	out := make([][]int, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, union([][]int{x, y}))
		}
	}
	return out
}

func distinctSets(sets [][]int) [][]int {
	var out [][]int
	for _, s := range sets {
		sorted := slices.Sorted(slices.Values(s))
		if !slices.ContainsFunc(out, func(o []int) bool { return slices.Equal(slices.Sorted(slices.Values(o)), sorted) }) {
			out = append(out, s)
		}
	}
	return out
}

// columnOnly refuses what is no column in GROUPING SETS, CUBE and ROLLUP: there
// a number is no select item either.
func (g *grouper) columnOnly(e *ast.GroupingElement, x ast.Expression) error {
	if e.Kind == ast.SimpleGroupBy {
		return nil
	}
	if _, number := x.(*ast.LongLiteral); !number {
		column, err := g.keyExpr(x)
		if err != nil {
			return err
		}
		if _, ok := column.(*Ref); ok {
			return nil
		}
	}
	return errorAt(x, "INVALID_COLUMN_REFERENCE", "GROUP BY expression must be a column reference: %s", ast.Format(x))
}

// key adds a grouping key and gives its index. A number is a select item.
func (g *grouper) key(x ast.Expression) (int, error) {
	e, err := g.keyExpr(x)
	if err != nil {
		return 0, err
	}
	if !e.Type().IsComparable() {
		return 0, typeMismatch(g.s.spec, "%s is not comparable, and therefore cannot be used in GROUP BY", e.Type())
	}
	k := key(e)
	if i, ok := g.keys[k]; ok {
		return i, nil
	}
	i := len(g.node.Keys)
	g.keys[k] = i
	g.node.Keys = append(g.node.Keys, e)
	out, ok := e.(*Ref)
	if !ok || !g.source[out.Symbol] {
		out = &Ref{g.s.a.symbol("", e.Type())}
	}
	// A column that is a key keeps its symbol: subqueries may refer to it.
	g.node.KeyOut = append(g.node.KeyOut, out.Symbol)
	return i, nil
}

func (g *grouper) keyExpr(x ast.Expression) (Expr, error) {
	n, ok := x.(*ast.LongLiteral)
	if !ok {
		return g.s.a.expr(x, &env{scope: g.s.scope, clause: "GROUP BY clause"})
	}
	items := g.s.items
	if n.Value < 1 || n.Value > int64(len(items)) {
		return nil, errorAt(x, "INVALID_COLUMN_REFERENCE", "GROUP BY position %d is not in select list", n.Value)
	}
	it := items[n.Value-1]
	if hasAggregate(it.expr) || hasWindow(it.expr) {
		return nil, errorAt(it.at, "EXPRESSION_NOT_SCALAR", "GROUP BY clause cannot contain aggregations, window functions or grouping operations: [%s]", format(it))
	}
	return it.expr, nil
}

// over makes an expression over the input one over the groups: keys and
// aggregates become columns; anything else of the input is an error.
func (g *grouper) over(e Expr, at ast.Node) (Expr, error) {
	var failed error
	whole := e
	out := rewrite(e, func(e Expr) (Expr, bool) {
		if failed != nil {
			return e, true
		}
		if _, ok := e.(*Literal); ok {
			return e, true
		}
		if i, ok := g.keys[key(e)]; ok {
			return &Ref{g.node.KeyOut[i]}, true
		}
		switch e := e.(type) {
		case *AggCall:
			return &Ref{g.agg(e)}, true
		case *GroupingCall:
			sym, err := g.grouping(e)
			if err != nil {
				failed = err
				return e, true
			}
			return &Ref{sym}, true
		case *Ref:
			if g.source[e.Symbol] {
				failed = g.notGrouped(whole, e, at)
			}
		}
		return e, false
	})
	return out, failed
}

// notGrouped is the error of a column that is no key. In a subquery it stands
// at the column, else at the whole expression.
func (g *grouper) notGrouped(whole Expr, e *Ref, at ast.Node) error {
	plain := anywhere(whole, func(x Expr) bool { r, ok := x.(*Ref); return ok && r.Symbol == e.Symbol })
	if place := g.referenceInside(at, e.Symbol); !plain && place != nil {
		return errorAt(place, "EXPRESSION_NOT_AGGREGATE", "Subquery uses '%s' which must appear in GROUP BY clause", ast.Format(place))
	}
	return errorAt(at, "EXPRESSION_NOT_AGGREGATE", "'%s' must be an aggregate expression or appear in GROUP BY clause", formatNode(at, e))
}

// referenceInside finds a name of a column in the subqueries of an expression.
func (g *grouper) referenceInside(at ast.Node, s *Symbol) ast.Expression {
	var found ast.Expression
	ast.Walk(at, func(n ast.Node) bool {
		x, ok := n.(ast.Expression)
		if !ok || found != nil {
			return found == nil
		}
		parts, ok := qualifiedName(x)
		if ok && slices.ContainsFunc(g.s.scope.fields, func(f field) bool {
			r, plain := f.expr.(*Ref)
			return plain && r.Symbol == s && f.matches(parts)
		}) {
			found = x
		}
		return found == nil
	})
	return found
}

// agg adds an aggregate; equal calls share a column.
func (g *grouper) agg(c *AggCall) *Symbol {
	k := key(c)
	if sym := g.aggs[k]; sym != nil && !volatile(c) {
		return sym
	}
	sym := g.s.a.symbol("", c.Type())
	g.node.Aggs, g.node.AggOut = append(g.node.Aggs, c), append(g.node.AggOut, sym)
	g.aggs[k] = sym
	return sym
}

func (g *grouper) grouping(c *GroupingCall) (*Symbol, error) {
	if g.s.spec.GroupBy == nil {
		return nil, errorAt(g.s.spec, "MISSING_GROUP_BY", "A GROUPING() operation can only be used with a corresponding GROUPING SET/CUBE/ROLLUP/GROUP BY clause")
	}
	k := key(c)
	if sym := g.aggs[k]; sym != nil {
		return sym, nil
	}
	if g.s.spec.GroupBy == nil {
		return nil, errorAt(g.s.spec, "MISSING_GROUP_BY", "A GROUPING() operation can only be used with a corresponding GROUPING SET/CUBE/ROLLUP/GROUP BY clause")
	}
	keys := make([]int, len(c.Args))
	for i, arg := range c.Args {
		n, ok := g.keys[key(arg)]
		if !ok {
			return nil, errorAt(c.At, "INVALID_ARGUMENTS", "The arguments to GROUPING() must be expressions referenced by the GROUP BY at %s. Mismatch due to %s.",
				g.s.spec.GroupBy.Pos(), ast.Format(c.Columns[i]))
		}
		keys[i] = n
	}
	sym := g.s.a.symbol("", c.Type())
	g.node.Groupings = append(g.node.Groupings, Grouping{Keys: keys, Out: sym})
	g.aggs[k] = sym
	return sym, nil
}

// groupingType is integer up to 31 columns, then bigint.
func groupingType(columns int) types.Type {
	if columns < 32 {
		return types.IntegerType
	}
	return types.BigIntType
}

func format(it outputItem) string {
	if it.node == nil {
		return it.name
	}
	return ast.Format(it.node)
}

// formatNode is the text of what is not grouped: the whole expression, or the
// column where a star stands for it.
func formatNode(at ast.Node, e *Ref) string {
	if x, ok := at.(ast.Expression); ok {
		return ast.Format(x)
	}
	return e.Symbol.Name
}
