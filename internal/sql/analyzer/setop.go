package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// setOperation analyzes UNION, INTERSECT and EXCEPT. A long chain leans to the
// left in the tree of the text; it is walked in a loop.
func (a *analyzer) setOperation(s *ast.SetOperation, outer *scope) (plan, error) {
	var chain []*ast.SetOperation // from the innermost out
	var first ast.QueryBody = s
	for {
		op, ok := first.(*ast.SetOperation)
		if !ok {
			break
		}
		chain = append([]*ast.SetOperation{op}, chain...)
		first = op.Left
	}
	left, err := a.body(first, outer)
	if err != nil {
		return plan{}, err
	}
	for _, op := range chain {
		right, err := a.body(op.Right, outer)
		if err != nil {
			return plan{}, err
		}
		if left, err = a.combine(op, left, right); err != nil {
			return plan{}, err
		}
	}
	return left, nil
}

func (a *analyzer) combine(op *ast.SetOperation, left, right plan) (plan, error) {
	if len(left.fields) != len(right.fields) {
		return plan{}, typeMismatch(op, "%s query has different number of fields: %d, %d", op.Operator, len(left.fields), len(right.fields))
	}
	common := make([]types.Type, len(left.fields))
	for i := range left.fields {
		l, r := left.fields[i].expr.Type(), right.fields[i].expr.Type()
		t, ok := types.CommonSuperType(l, r)
		if !ok {
			return plan{}, typeMismatch(op.Right, "column %d in %s query has incompatible types: %s, %s", i+1, op.Operator, l, r)
		}
		if (!op.All || op.Operator != ast.Union) && !t.IsComparable() {
			return plan{}, typeMismatch(op, "Type %s is not comparable and therefore cannot be used in %s%s", t, op.Operator, all(op.All))
		}
		common[i] = t
	}
	l, err := a.align(left, common, op)
	if err != nil {
		return plan{}, err
	}
	r, err := a.align(right, common, op)
	if err != nil {
		return plan{}, err
	}
	out := plan{fields: make([]field, len(common))}
	symbols := make([]*Symbol, len(common))
	for i, t := range common {
		symbols[i] = a.symbol(left.fields[i].name, t)
		out.fields[i] = field{name: left.fields[i].name, expr: &Ref{symbols[i]}}
	}
	out.rel = &SetOp{Kind: SetOpKind(op.Operator), All: op.All, Left: l, Right: r, Out: symbols}
	return out, nil
}

func all(all bool) string {
	if all {
		return " ALL"
	}
	return ""
}

// align projects a plan to one column for each field, in order and of the given
// types.
func (a *analyzer) align(p plan, want []types.Type, at ast.Node) (Relation, error) {
	exprs := make([]Expr, len(want))
	out := make([]*Symbol, len(want))
	for i, t := range want {
		e, err := a.coerce(p.fields[i].expr, t, at)
		if err != nil {
			return nil, err
		}
		exprs[i], out[i] = e, a.symbol(p.fields[i].name, t)
	}
	return &Project{Input: p.rel, Exprs: exprs, Out: out}, nil
}

// values analyzes VALUES.
func (a *analyzer) values(v *ast.Values, outer *scope) (plan, error) {
	rows := make([][]Expr, len(v.Rows))
	ctx := &env{scope: &scope{outer: outer, with: outer.with}, clause: "VALUES"}
	var common []types.Type
	for i, r := range v.Rows {
		items := []ast.Expression{r}
		if row, ok := r.(*ast.Row); ok {
			items = row.Items
		}
		if i > 0 && len(items) != len(common) {
			return plan{}, typeMismatch(v, "Values rows have mismatched sizes: %d vs %d", len(common), len(items))
		}
		row, err := a.exprs(items, ctx)
		if err != nil {
			return plan{}, err
		}
		if common, err = widen(common, row, items, v); err != nil {
			return plan{}, err
		}
		rows[i] = row
	}
	p := plan{fields: make([]field, len(common))}
	out := make([]*Symbol, len(common))
	for i, t := range common {
		out[i] = a.symbol("", t)
		p.fields[i] = field{expr: &Ref{out[i]}}
	}
	for _, row := range rows {
		for i, t := range common {
			e, err := a.coerce(row[i], t, v)
			if err != nil {
				return plan{}, err
			}
			row[i] = e
		}
	}
	p.rel = &Values{Rows: rows, Out: out}
	return p, nil
}

// widen finds the types that hold a further row of VALUES.
func widen(common []types.Type, row []Expr, items []ast.Expression, at ast.Node) ([]types.Type, error) {
	if common == nil {
		for _, e := range row {
			common = append(common, e.Type())
		}
		return common, nil
	}
	for i, e := range row {
		t, ok := types.CommonSuperType(common[i], e.Type())
		if !ok {
			return nil, typeMismatch(at, "Values rows have mismatched types: %s vs %s", common[i], e.Type())
		}
		common[i] = t
	}
	return common, nil
}
