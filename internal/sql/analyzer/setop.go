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
	for len(chain) > 0 {
		n := 1 // how many operations make one SetOp
		for n < len(chain) && unionAll(chain[0]) && unionAll(chain[n]) {
			n++
		}
		if left, err = a.combine(chain[:n], left, outer); err != nil {
			return plan{}, err
		}
		chain = chain[n:]
	}
	return left, nil
}

func unionAll(op *ast.SetOperation) bool { return op.Operator == ast.Union && op.All }

// combine makes one SetOp of operations of one kind.
func (a *analyzer) combine(ops []*ast.SetOperation, left plan, outer *scope) (plan, error) {
	op, common := ops[0], left.types()
	inputs := []plan{left}
	for _, o := range ops {
		right, err := a.body(o.Right, outer)
		if err != nil {
			return plan{}, err
		}
		if err := widenColumns(o, common, right); err != nil {
			return plan{}, err
		}
		inputs = append(inputs, right)
	}
	node := &SetOp{Kind: SetOpKind(op.Operator), All: op.All}
	for _, in := range inputs {
		rel, err := a.align(in, common, op)
		if err != nil {
			return plan{}, err
		}
		node.Inputs = append(node.Inputs, rel)
	}
	out := plan{rel: node, fields: make([]field, len(common))}
	for i, t := range common {
		s := a.symbol(left.fields[i].name, t)
		node.Out = append(node.Out, s)
		out.fields[i] = field{name: left.fields[i].name, expr: &Ref{s}}
	}
	return out, nil
}

// widenColumns finds the types that hold the columns of a further operand.
func widenColumns(op *ast.SetOperation, common []types.Type, right plan) error {
	if len(common) != len(right.fields) {
		return typeMismatch(op, "%s query has different number of fields: %d, %d", op.Operator, len(common), len(right.fields))
	}
	for i, f := range right.fields {
		l, r := common[i], f.expr.Type()
		t, ok := types.CommonSuperType(l, r)
		if !ok {
			return typeMismatch(op, "column %d in %s query has incompatible types: %s, %s", i+1, op.Operator, l, r)
		}
		if !unionAll(op) && !t.IsComparable() {
			return typeMismatch(op, "Type %s is not comparable and therefore cannot be used in %s%s", t, op.Operator, all(op.All))
		}
		common[i] = t
	}
	return nil
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
		row, err := a.valuesRow(r, ctx)
		if err != nil {
			return plan{}, err
		}
		if i > 0 && len(row) != len(common) {
			return plan{}, typeMismatch(v, "Values rows have mismatched sizes: %d vs %d", len(common), len(row))
		}
		if common, err = widen(common, row, v); err != nil {
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

// valuesRow are the columns of one row of VALUES. A value of a row type is a
// row, too, however it is written.
func (a *analyzer) valuesRow(r ast.Expression, ctx *env) ([]Expr, error) {
	if row, ok := r.(*ast.Row); ok {
		return a.exprs(row.Items, ctx)
	}
	x, err := a.expr(r, ctx)
	if err != nil || x.Type().Kind != types.Row {
		return []Expr{x}, err
	}
	columns := make([]Expr, len(x.Type().Fields))
	for i := range columns {
		columns[i] = &RowField{Base: x, Index: i}
	}
	return columns, nil
}

// widen finds the types that hold a further row of VALUES.
func widen(common []types.Type, row []Expr, at ast.Node) ([]types.Type, error) {
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
