package analyzer

import (
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// boolean analyzes an operand that must be a boolean; what names it.
func (a *analyzer) boolean(e ast.Expression, ctx *env, what string) (Expr, error) {
	x, err := a.expr(e, ctx)
	if err != nil {
		return nil, err
	}
	if k := x.Type().Kind; k != types.Boolean && k != types.Unknown {
		return nil, typeMismatch(e, "%s must evaluate to a boolean (actual: %s)", what, x.Type())
	}
	return a.coerce(x, types.BooleanType, e)
}

func (a *analyzer) logical(e *ast.Logical, ctx *env) (Expr, error) {
	out := &Logical{Or: e.Operator == ast.Or, Terms: make([]Expr, len(e.Terms))}
	for i, t := range e.Terms {
		x, err := a.boolean(t, ctx, "Logical expression term")
		if err != nil {
			return nil, err
		}
		out.Terms[i] = x
	}
	return out, nil
}

func (a *analyzer) between(e *ast.Between, ctx *env) (Expr, error) {
	xs, err := a.exprs([]ast.Expression{e.Value, e.Min, e.Max}, ctx)
	if err != nil {
		return nil, err
	}
	common, ok := commonType(xs)
	if !ok || !common.IsOrderable() {
		return nil, typeMismatch(e, "Cannot check if %s is BETWEEN %s and %s", xs[0].Type(), xs[1].Type(), xs[2].Type())
	}
	out := &Between{}
	for i, to := range []*Expr{&out.Value, &out.Min, &out.Max} {
		if *to, err = a.coerce(xs[i], common, e); err != nil {
			return nil, err
		}
	}
	if out.AtLeast, err = functions.Operator(">=", common, common); err != nil {
		return nil, a.fail(e, nil, err)
	}
	if out.AtMost, err = functions.Operator("<=", common, common); err != nil {
		return nil, a.fail(e, nil, err)
	}
	return out, nil
}

// once writes an expression in which a value stands more than once. One that
// changes at each call, or is large, becomes the argument of a lambda that is
// called with it alone: transform(ARRAY[x], v -> ...)[1].
func (a *analyzer) once(x Expr, at ast.Node, write func(Expr) (Expr, error)) (Expr, error) {
	if !volatile(x) && size(x) <= maxPushed {
		return write(x)
	}
	param := a.symbol("", x.Type())
	body, err := write(&Ref{param})
	if err != nil {
		return nil, err
	}
	lambda := &Lambda{Params: []*Symbol{param}, Body: body}
	list := &MakeArray{Items: []Expr{x}, Typ: types.ArrayOf(x.Type())}
	fn, err := functions.Resolve("transform", []functions.Arg{{Type: list.Typ}, {Params: 1, Lambda: func([]types.Type) (types.Type, error) { return body.Type(), nil }}})
	if err != nil {
		return nil, a.fail(at, nil, err)
	}
	first, err := functions.Subscript(fn.ReturnType, types.BigIntType)
	if err != nil {
		return nil, a.fail(at, nil, err)
	}
	called := &Call{Name: "transform", Fn: fn, Args: []Expr{list, lambda}}
	return &Call{Name: "[]", Fn: first, Args: []Expr{called, &Literal{Value: int64(1), Typ: types.BigIntType}}}, nil
}

func commonType(xs []Expr) (types.Type, bool) {
	t := xs[0].Type()
	for _, x := range xs[1:] {
		common, ok := types.CommonSuperType(t, x.Type())
		if !ok {
			return t, false
		}
		t = common
	}
	return t, true
}

// alike coerces expressions to their common type; what names them in the
// error.
func (a *analyzer) alike(what string, xs []Expr, nodes []ast.Expression) ([]Expr, types.Type, error) {
	t := xs[0].Type()
	for i, x := range xs[1:] {
		common, ok := types.CommonSuperType(t, x.Type())
		if !ok {
			return nil, t, typeMismatch(nodes[i+1], "%s must be the same type or coercible to a common type. Cannot find common type between %s and %s, all types (without duplicates): [%s]",
				what, t, x.Type(), distinctTypes(xs))
		}
		t = common
	}
	out := make([]Expr, len(xs))
	for i, x := range xs {
		e, err := a.coerce(x, t, nodes[i])
		if err != nil {
			return nil, t, err
		}
		out[i] = e
	}
	return out, t, nil
}

func distinctTypes(xs []Expr) string {
	var names []string
	for _, x := range xs {
		if n := x.Type().String(); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return strings.Join(names, ", ")
}

func (a *analyzer) in(e *ast.In, ctx *env) (Expr, error) {
	if e.Query != nil {
		return a.inQuery(e, e.Value, e.Query, "=", false, ctx)
	}
	nodes := append([]ast.Expression{e.Value}, e.List...)
	xs, err := a.exprs(nodes, ctx)
	if err != nil {
		return nil, err
	}
	xs, t, err := a.alike("IN value and list items", xs, nodes)
	if err != nil {
		return nil, err
	}
	eq, err := functions.Operator("=", t, t)
	if err != nil {
		return nil, a.fail(e, nil, err)
	}
	return &In{Value: xs[0], List: xs[1:], Equal: eq}, nil
}

func (a *analyzer) like(e *ast.Like, ctx *env) (Expr, error) {
	nodes := []ast.Expression{e.Value, e.Pattern}
	whats := []string{"Left side of LIKE expression", "Pattern for LIKE expression", "Escape for LIKE expression"}
	if e.Escape != nil {
		nodes = append(nodes, e.Escape)
	}
	xs, err := a.exprs(nodes, ctx)
	if err != nil {
		return nil, err
	}
	for i, x := range xs {
		if k := x.Type().Kind; k != types.Varchar && k != types.Unknown && (i > 0 || k != types.Char) {
			return nil, typeMismatch(nodes[i], "%s must evaluate to a varchar (actual: %s)", whats[i], x.Type())
		}
		if x.Type().Kind == types.Unknown {
			xs[i] = &Literal{Typ: types.VarcharUnbounded}
		}
	}
	fn, err := functions.Like(xs[0].Type(), xs[1].Type(), e.Escape != nil)
	if err != nil {
		return nil, a.fail(e, nodes, err)
	}
	args, err := a.resolved(fn, xs, e)
	return &Call{Name: "LIKE", Fn: fn, Args: args}, err
}

func (a *analyzer) searchedCase(e *ast.SearchedCase, ctx *env) (Expr, error) {
	conditions := make([]Expr, len(e.Whens))
	for i, w := range e.Whens {
		x, err := a.boolean(w.Operand, ctx, "CASE WHEN clause")
		if err != nil {
			return nil, err
		}
		conditions[i] = x
	}
	return a.caseOf(conditions, e.Whens, e.Default, ctx)
}

// simpleCase compares its operand with each WHEN.
func (a *analyzer) simpleCase(e *ast.SimpleCase, ctx *env) (Expr, error) {
	operand, err := a.expr(e.Operand, ctx)
	if err != nil {
		return nil, err
	}
	return a.once(operand, e, func(operand Expr) (Expr, error) { return a.caseOfOperand(e, operand, ctx) })
}

func (a *analyzer) caseOfOperand(e *ast.SimpleCase, operand Expr, ctx *env) (Expr, error) {
	conditions := make([]Expr, len(e.Whens))
	for i, w := range e.Whens {
		x, err := a.expr(w.Operand, ctx)
		if err != nil {
			return nil, err
		}
		if _, ok := types.CommonSuperType(operand.Type(), x.Type()); !ok {
			return nil, typeMismatch(w.Operand, "CASE operand type does not match WHEN clause operand type: %s vs %s", operand.Type(), x.Type())
		}
		if conditions[i], err = a.operator("=", w.Operand, operand, x); err != nil {
			return nil, err
		}
	}
	return a.caseOf(conditions, e.Whens, e.Default, ctx)
}

func (a *analyzer) caseOf(conditions []Expr, whens []*ast.WhenClause, otherwise ast.Expression, ctx *env) (Expr, error) {
	var nodes []ast.Expression
	for _, w := range whens {
		nodes = append(nodes, w.Result)
	}
	if otherwise != nil {
		nodes = append(nodes, otherwise)
	}
	results, err := a.exprs(nodes, ctx)
	if err != nil {
		return nil, err
	}
	results, t, err := a.alike("All CASE results", results, nodes)
	if err != nil {
		return nil, err
	}
	out := &Case{Typ: t}
	for i, c := range conditions {
		out.Whens = append(out.Whens, When{c, results[i]})
	}
	if otherwise != nil {
		out.Else = results[len(whens)]
	}
	return out, nil
}

func (a *analyzer) subscript(e *ast.Subscript, ctx *env) (Expr, error) {
	xs, err := a.exprs([]ast.Expression{e.Base, e.Index}, ctx)
	if err != nil {
		return nil, err
	}
	if t := xs[0].Type(); t.Kind == types.Row {
		return rowSubscript(e, xs[0], xs[1])
	}
	fn, err := functions.Subscript(xs[0].Type(), xs[1].Type())
	if err != nil {
		return nil, a.fail(e, nil, err)
	}
	args, err := a.resolved(fn, xs, e)
	return &Call{Name: "[]", Fn: fn, Args: args}, err
}

// rowSubscript is row[1]: the index must be a constant.
func rowSubscript(e *ast.Subscript, row, index Expr) (Expr, error) {
	l, ok := index.(*Literal)
	n, isInt := int64(0), false
	if ok {
		n, isInt = l.Value.(int64)
	}
	fields := int64(len(row.Type().Fields))
	switch {
	case !isInt:
		return nil, errorAt(e.Index, "EXPRESSION_NOT_CONSTANT", "Subscript expression on ROW requires a constant index")
	case n < 1:
		return nil, errorAt(e.Index, "INVALID_FUNCTION_ARGUMENT", "Invalid subscript index: %d. ROW indices start at 1", n)
	case n > fields:
		return nil, errorAt(e.Index, "INVALID_FUNCTION_ARGUMENT", "Subscript index out of bounds: %d, max value is %d", n, fields)
	}
	return rowField(row, int(n-1)), nil
}

// rowField is a field of a row. Of a row that is made here it is the item alone:
// in Trino the others cannot fail either.
func rowField(row Expr, i int) Expr {
	if made, ok := row.(*MakeRow); ok && !volatile(made) {
		return made.Items[i]
	}
	return &RowField{Base: row, Index: i}
}

func (a *analyzer) array(e *ast.Array, ctx *env) (Expr, error) {
	if len(e.Values) == 0 {
		return &MakeArray{Typ: types.ArrayOf(types.UnknownType)}, nil
	}
	xs, err := a.exprs(e.Values, ctx)
	if err != nil {
		return nil, err
	}
	xs, t, err := a.alike("All ARRAY elements", xs, e.Values)
	return &MakeArray{Items: xs, Typ: types.ArrayOf(t)}, err
}

func (a *analyzer) row(e *ast.Row, ctx *env) (Expr, error) {
	xs, err := a.exprs(e.Items, ctx)
	if err != nil {
		return nil, err
	}
	t := types.Type{Kind: types.Row}
	for _, x := range xs {
		t.Fields = append(t.Fields, types.Field{Type: x.Type()})
	}
	return &MakeRow{Items: xs, Typ: t}, nil
}

func (a *analyzer) cast(e *ast.Cast, ctx *env) (Expr, error) {
	to, err := types.Parse(ast.FormatType(lowerFields(e.Type)))
	if err != nil && e.Type.Name == "decimal" {
		return nil, errorAt(e, "INVALID_FUNCTION_ARGUMENT", "Invalid type: %s", ast.FormatType(e.Type))
	}
	if err != nil {
		return nil, typeMismatch(e, "Unknown type: %s", strings.ReplaceAll(ast.FormatType(e.Type), `"`, ""))
	}
	if err := carried(to, e.Type); err != nil {
		return nil, err
	}
	x, err := a.expr(e.Value, ctx)
	if err != nil {
		return nil, err
	}
	return a.castTo(e, x, to, e.Try)
}

// lowerFields is a type with the names of its rows' fields in lower case, except
// quoted ones.
func lowerFields(t *ast.DataType) *ast.DataType {
	out := *t
	out.Params = slices.Clone(t.Params)
	for i, p := range out.Params {
		if p.Type != nil {
			out.Params[i].Type = lowerFields(p.Type)
		}
	}
	out.Fields = slices.Clone(t.Fields)
	for i, f := range out.Fields {
		out.Fields[i].Type = lowerFields(f.Type)
		if f.Name != nil && !f.Name.Quoted {
			name := *f.Name
			name.Value = name.Lower()
			out.Fields[i].Name = &name
		}
	}
	return &out
}

// castTo is an explicit cast.
func (a *analyzer) castTo(at ast.Node, x Expr, to types.Type, try bool) (Expr, error) {
	from := x.Type()
	if l, ok := x.(*Literal); ok && l.Value == nil {
		return &Literal{Typ: to}, nil
	}
	if from.Equal(to) {
		return x, nil
	}
	if row, ok := x.(*MakeRow); ok && to.Kind == types.Row && len(to.Fields) == len(row.Items) {
		return a.castItems(at, row, to, try)
	}
	fn, err := functions.Cast(from, to, try)
	if err != nil {
		return nil, a.fail(at, nil, err)
	}
	return &Cast{Arg: x, To: fn.ReturnType, Try: try, Fn: fn}, nil
}

// castItems casts a row that is made here: Trino casts its items one by one, so
// that TRY_CAST makes NULL of one of them and not of the row.
func (a *analyzer) castItems(at ast.Node, row *MakeRow, to types.Type, try bool) (Expr, error) {
	out := &MakeRow{Items: make([]Expr, len(row.Items)), Typ: to}
	out.Typ.Fields = slices.Clone(to.Fields)
	for i, x := range row.Items {
		item, err := a.castTo(at, x, to.Fields[i].Type, try)
		if err != nil {
			return nil, typeMismatch(at, "Cannot cast %s to %s", row.Typ, to)
		}
		out.Items[i], out.Typ.Fields[i].Type = item, item.Type()
	}
	return out, nil
}
