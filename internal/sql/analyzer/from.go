package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// relation analyzes an item of a FROM clause. outer is what a lateral item
// sees: the items left of it, then the query around.
func (a *analyzer) relation(r ast.Relation, outer *scope) (plan, error) {
	leave, err := a.enter(r)
	if err != nil {
		return plan{}, err
	}
	defer leave()
	switch r := r.(type) {
	case *ast.Table:
		return a.table(r, outer)
	case *ast.AliasedRelation:
		return a.aliased(r, outer)
	case *ast.TableSubquery:
		return a.query(r.Query, outerQuery(outer))
	case *ast.Lateral:
		return a.query(r.Query, outer)
	case *ast.Join:
		return a.join(r, outer)
	case *ast.Unnest:
		return a.unnest(r, outer)
	case *ast.TableFunctionInvocation:
		return a.invocation(r, outer)
	case *ast.SampledRelation:
		return a.sampled(r, outer)
	default:
		return plan{}, notSupported(r, "%s is not supported", refusedRelation(r))
	}
}

// outerQuery leaves out the items left of a relation: a plain subquery in FROM
// does not see them.
func outerQuery(s *scope) *scope {
	for s.kind == lateralScope {
		s = s.outer
	}
	return s
}

func (a *analyzer) aliased(r *ast.AliasedRelation, outer *scope) (plan, error) {
	p, err := a.relation(r.Relation, outer)
	if err != nil {
		return plan{}, err
	}
	if r.Columns != nil {
		p.fields = visible(p.fields)
	}
	if r.Columns != nil && len(r.Columns) != len(p.fields) {
		return plan{}, errorAt(r, "MISMATCHED_COLUMN_ALIASES",
			"Column alias list has %d entries but '%s' has %d columns available", len(r.Columns), r.Alias.Lower(), len(p.fields))
	}
	p = p.as(r.Alias.Value, r.Columns)
	if _, ok := r.Relation.(*ast.TableFunctionInvocation); ok && r.Columns != nil {
		for i, c := range r.Columns {
			p.fields[i].name = canonical(c)
		}
	}
	return p, nil
}

// lateral says whether a join's right side sees the left one.
func lateral(r ast.Relation) bool {
	switch r := r.(type) {
	case *ast.AliasedRelation:
		return lateral(r.Relation)
	case *ast.Lateral, *ast.Unnest:
		return true
	}
	return false
}

var joinKinds = map[ast.JoinType]JoinKind{
	ast.CrossJoin: CrossJoin, ast.ImplicitJoin: CrossJoin, ast.InnerJoin: InnerJoin,
	ast.LeftJoin: LeftJoin, ast.RightJoin: RightJoin, ast.FullJoin: FullJoin,
}

func (a *analyzer) join(j *ast.Join, outer *scope) (plan, error) {
	if j.Natural {
		return plan{}, notSupported(j, "Natural join not supported")
	}
	left, err := a.relation(j.Left, outer)
	if err != nil {
		return plan{}, err
	}
	kind, isLateral := joinKinds[j.Type], lateral(j.Right)
	right, err := a.relation(j.Right, a.besides(left, outer, isLateral, kind))
	if err != nil {
		return plan{}, err
	}
	refusal := error(nil)
	if isLateral {
		correlated := refersTo(right.rel, left.rel.Output())
		refusal = checkLateral(j, kind, correlated && !filtersAlone(right.rel, left.rel.Output()))
		isLateral = correlated || kind == CrossJoin && unnests(j.Right) // which the engine does best so
	}
	if j.Using != nil {
		if refusal != nil {
			return plan{}, refusal
		}
		return a.joinUsing(j, kind, left, right)
	}
	out := plan{fields: append(append([]field{}, left.fields...), right.fields...)}
	node := &Join{Kind: kind, Left: left.rel, Right: right.rel, Lateral: isLateral}
	out.rel = node
	if j.On == nil {
		return out, nil
	}
	e := &env{scope: &scope{fields: out.fields, outer: outerQuery(outer), with: outer.with}, clause: "JOIN clause", root: j.On}
	if kind != InnerJoin {
		e.scope.kind = outerJoinScope
	}
	if node.On, err = a.condition(j.On, e, "JOIN ON clause"); err != nil {
		return plan{}, err
	}
	if refusal != nil { // the condition's types come first, as in Trino
		return plan{}, refusal
	}
	if isLateral {
		// What the right side gives for a row of the left one, less what does
		// not meet the condition.
		node.Right, node.On = &Filter{Input: node.Right, Condition: node.On}, &Literal{Value: true, Typ: types.BooleanType}
		return out, nil
	}
	if kind != InnerJoin && anywhereQuery(node.On) {
		err = a.outerJoinQueries(j.On, node)
	}
	return out, err
}

// filtersAlone says whether a lateral query refers to columns of the left side
// in its WHERE alone: Trino joins such a one on any condition.
func filtersAlone(r Relation, left []*Symbol) bool {
	for refersTo(r, left) {
		switch x := r.(type) {
		case *Filter:
			r = x.Input
		case *Project:
			for _, e := range x.Exprs {
				if exprRefersTo(e, left) {
					return false
				}
			}
			r = x.Input
		default:
			return false
		}
	}
	return true
}

// checkLateral refuses conditions where the right side is LATERAL or UNNEST;
// correlated says that it refers to the left side elsewhere than in its WHERE.
func checkLateral(j *ast.Join, kind JoinKind, correlated bool) error {
	b, isTrue := j.On.(*ast.BooleanLiteral)
	isTrue = isTrue && b.Value
	switch {
	case j.Using != nil:
		return notSupported(j, "USING is not supported in a join involving UNNEST or LATERAL")
	case j.On == nil || isTrue:
		return nil
	case unnests(j.Right) || kind == FullJoin:
		return notSupported(j.On, "%s JOIN involving UNNEST is only supported with condition ON TRUE", kind)
	case correlated || kind == RightJoin:
		return notSupported(lateralQuery(j.Right), "%s JOIN involving LATERAL is only supported with condition ON TRUE", kind)
	}
	return nil
}

// refersTo says whether a tree has references to some columns.
func refersTo(r Relation, columns []*Symbol) bool {
	refs := symbols{}
	treeRefs(r, refs)
	for _, s := range columns {
		if refs[s] {
			return true
		}
	}
	return false
}

// unnests says whether a relation is UNNEST.
func unnests(r ast.Relation) bool {
	if aliased, ok := r.(*ast.AliasedRelation); ok {
		r = aliased.Relation
	}
	_, ok := r.(*ast.Unnest)
	return ok
}

// lateralQuery is the query of a LATERAL relation.
func lateralQuery(r ast.Relation) ast.Node {
	if aliased, ok := r.(*ast.AliasedRelation); ok {
		return lateralQuery(aliased.Relation)
	}
	if l, ok := r.(*ast.Lateral); ok {
		return l.Query
	}
	return r
}

// besides is what the right side of a join sees.
func (a *analyzer) besides(left plan, outer *scope, isLateral bool, kind JoinKind) *scope {
	if !isLateral {
		return outer
	}
	return &scope{fields: left.fields, outer: outer, with: outer.with, kind: lateralScope, join: kind}
}

// condition analyzes a boolean clause.
func (a *analyzer) condition(e ast.Expression, ctx *env, clause string) (Expr, error) {
	x, err := a.expr(e, ctx)
	if err != nil {
		return nil, err
	}
	if k := x.Type().Kind; k != types.Boolean && k != types.Unknown {
		return nil, typeMismatch(e, "%s must evaluate to a boolean: actual type %s", clause, x.Type())
	}
	return a.coerce(x, types.BooleanType, e)
}

// joinUsing joins on equal columns. Each of them appears once, before all
// others, and has no table.
func (a *analyzer) joinUsing(j *ast.Join, kind JoinKind, left, right plan) (plan, error) {
	if kind == CrossJoin {
		kind = InnerJoin
	}
	var terms []Expr
	var keys []field
	var keyExprs []Expr
	usedLeft, usedRight := map[int]bool{}, map[int]bool{}
	seen := map[string]bool{}
	for _, id := range j.Using {
		name := id.Lower()
		if seen[name] {
			return plan{}, errorAt(id, "DUPLICATE_COLUMN_NAME", "Column '%s' appears multiple times in USING clause", name)
		}
		seen[name] = true
		l, err := usingColumn(left, id, "left", usedLeft)
		if err != nil {
			return plan{}, err
		}
		r, err := usingColumn(right, id, "right", usedRight)
		if err != nil {
			return plan{}, err
		}
		eq, err := a.operator("=", id, l, r)
		if err != nil {
			return plan{}, err
		}
		terms = append(terms, eq)
		key, err := a.usingKey(kind, l, r, id)
		if err != nil {
			return plan{}, err
		}
		keyExprs = append(keyExprs, key)
		keys = append(keys, field{name: id.Value})
	}
	joined := &Join{Kind: kind, Left: left.rel, Right: right.rel, On: conjunction(terms)}
	rest := append(unused(left, usedLeft), unused(right, usedRight)...)
	return a.projectUsing(joined, keys, keyExprs, rest), nil
}

// projectUsing puts the key columns before the others.
func (a *analyzer) projectUsing(joined *Join, keys []field, exprs []Expr, rest []field) plan {
	var out []*Symbol
	for i, e := range exprs {
		s := a.symbol(keys[i].name, e.Type())
		keys[i].expr = &Ref{s}
		out = append(out, s)
	}
	have := map[*Symbol]bool{}
	for _, f := range rest { // the others keep their symbols
		s := f.expr.(*Ref).Symbol
		if !have[s] {
			have[s] = true
			exprs, out = append(exprs, f.expr), append(out, s)
		}
	}
	return plan{rel: &Project{Input: joined, Exprs: exprs, Out: out}, fields: append(keys, rest...)}
}

func usingColumn(p plan, id *ast.Identifier, side string, used map[int]bool) (Expr, error) {
	found := -1
	for i := range p.fields {
		if !p.fields[i].matches([]string{id.Lower()}) {
			continue
		}
		if found >= 0 {
			return nil, errorAt(id, "AMBIGUOUS_NAME", "Column '%s' is ambiguous", id.Lower())
		}
		found = i
	}
	if found < 0 {
		return nil, errorAt(id, "COLUMN_NOT_FOUND", "Column '%s' is missing from %s side of join", id.Lower(), side)
	}
	used[found] = true
	return p.fields[found].expr, nil
}

func unused(p plan, used map[int]bool) []field {
	var rest []field
	for i, f := range p.fields {
		if !used[i] {
			rest = append(rest, f)
		}
	}
	return rest
}

// usingKey is the one column that stands for both sides: the side that is never
// missing, or the first that is there.
func (a *analyzer) usingKey(kind JoinKind, l, r Expr, at ast.Node) (Expr, error) {
	t, ok := types.CommonSuperType(l.Type(), r.Type())
	if !ok {
		return nil, typeMismatch(at, "Column types of left and right side are not comparable: %s, %s", l.Type(), r.Type())
	}
	lc, err := a.coerce(l, t, at)
	if err != nil {
		return nil, err
	}
	rc, err := a.coerce(r, t, at)
	if err != nil {
		return nil, err
	}
	switch kind {
	case RightJoin:
		return rc, nil
	case FullJoin:
		return &Coalesce{Args: []Expr{lc, rc}}, nil
	default:
		return lc, nil
	}
}

// unnest analyzes UNNEST.
func (a *analyzer) unnest(u *ast.Unnest, outer *scope) (plan, error) {
	ctx := &env{scope: &scope{outer: outer, with: outer.with}, clause: "UNNEST"}
	node := &Unnest{}
	var fields []field
	for _, e := range u.Expressions {
		x, err := a.expr(e, ctx)
		if err != nil {
			return plan{}, err
		}
		it := UnnestItem{Expr: x}
		for _, f := range unnested(x.Type()) {
			it.Out = append(it.Out, a.symbol(f.Name, f.Type))
			fields = append(fields, field{name: f.Name, expr: &Ref{it.Out[len(it.Out)-1]}})
		}
		if it.Out == nil {
			return plan{}, errorAt(e, "INVALID_FUNCTION_ARGUMENT", "Cannot unnest type: %s", x.Type())
		}
		node.Items = append(node.Items, it)
	}
	if u.WithOrdinality {
		node.Ordinality = a.symbol("", types.BigIntType)
		fields = append(fields, field{expr: &Ref{node.Ordinality}})
	}
	return plan{rel: node, fields: fields}, nil
}

// unnested are the columns that a value of type t unnests to.
func unnested(t types.Type) []types.Field {
	switch {
	case t.Kind == types.Array && t.Elem().Kind == types.Row:
		return t.Elem().Fields
	case t.Kind == types.Array:
		return []types.Field{{Type: t.Elem()}}
	case t.Kind == types.Map:
		return []types.Field{{Type: t.Key()}, {Type: t.Value()}}
	}
	return nil
}
