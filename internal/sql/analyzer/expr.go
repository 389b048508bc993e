package analyzer

import (
	"errors"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// env is where an expression stands: what it sees and what it may contain.
type env struct {
	scope      *scope
	clause     string   // "WHERE clause": for messages
	root       ast.Node // the whole clause, where errors of the clause point; nil for the node itself
	aggregates bool     // aggregate functions may stand here
	windows    bool     // window functions may stand here
	lambda     bool     // this is the body of a lambda
	named      map[string]*ast.WindowDefinition
	inside     string   // the aggregate function whose argument this is, or ""
	insideAt   ast.Node // that function's call
}

// expr analyzes an expression.
func (a *analyzer) expr(e ast.Expression, ctx *env) (Expr, error) {
	if a.depth++; a.depth > maxDepth {
		a.depth--
		return nil, errorAt(e, "STACK_OVERFLOW", "statement is too large (stack overflow during analysis)")
	}
	defer func() { a.depth-- }()
	x, err := a.anyExpr(e, ctx)
	if err != nil {
		return nil, err
	}
	return x, carried(x.Type(), e)
}

// carried refuses types that the engine has no form for.
func carried(t types.Type, at ast.Node) error {
	if t.Kind == types.Function {
		return nil
	}
	if _, err := types.DuckDBType(t); err != nil {
		return notSupported(at, "Type %s is not supported", t)
	}
	return nil
}

func (a *analyzer) anyExpr(e ast.Expression, ctx *env) (Expr, error) {
	switch e := e.(type) {
	case *ast.Identifier:
		return a.column(e, []string{e.Lower()}, ctx)
	case *ast.Dereference:
		return a.dereference(e, ctx)
	case *ast.Parameter:
		return a.bound(e)
	case *ast.Comparison:
		return a.binary(string(e.Operator), e, e.Left, e.Right, ctx)
	case *ast.ArithmeticBinary:
		return a.binary(string(e.Operator), e, e.Left, e.Right, ctx)
	case *ast.ArithmeticUnary:
		return a.unary(e, ctx)
	case *ast.Logical:
		return a.logical(e, ctx)
	case *ast.Not:
		x, err := a.boolean(e.Value, ctx, "Value of logical NOT expression")
		return &Not{x}, err
	case *ast.IsNull:
		x, err := a.expr(e.Value, ctx)
		return &IsNull{x}, err
	case *ast.IsNotNull:
		x, err := a.expr(e.Value, ctx)
		return &Not{&IsNull{x}}, err
	case *ast.Between:
		return a.between(e, ctx)
	case *ast.In:
		return a.in(e, ctx)
	case *ast.Like:
		return a.like(e, ctx)
	case *ast.Cast:
		return a.cast(e, ctx)
	case *ast.SimpleCase:
		return a.simpleCase(e, ctx)
	case *ast.SearchedCase:
		return a.searchedCase(e, ctx)
	case *ast.Subscript:
		return a.subscript(e, ctx)
	case *ast.Array:
		return a.array(e, ctx)
	case *ast.Row:
		return a.row(e, ctx)
	default:
		return a.otherExpr(e, ctx)
	}
}

func (a *analyzer) otherExpr(e ast.Expression, ctx *env) (Expr, error) {
	switch e := e.(type) {
	case *ast.FunctionCall:
		return a.call(e, ctx)
	case *ast.ListAgg:
		return a.listAgg(e, ctx)
	case *ast.JSONExists, *ast.JSONValue, *ast.JSONQuery, *ast.JSONObject, *ast.JSONArray:
		return a.jsonFunction(e, ctx)
	case *ast.Extract:
		return a.extract(e, ctx)
	case *ast.Trim:
		return a.trim(e, ctx)
	case *ast.AtTimeZone:
		return a.atTimeZone(e, ctx)
	case *ast.Current:
		return a.current(e)
	case *ast.Grouping:
		return a.grouping(e, ctx)
	case *ast.SubqueryExpression:
		return a.subquery(e, ctx)
	case *ast.Exists:
		p, err := a.query(e.Query, ctx.scope)
		return &Exists{p.rel}, err
	case *ast.QuantifiedComparison:
		return a.quantified(e, ctx)
	case *ast.Lambda:
		return nil, typeMismatch(e, "Lambda expression is only allowed as an argument of a function")
	default:
		return a.literal(e)
	}
}

func (a *analyzer) exprs(es []ast.Expression, ctx *env) ([]Expr, error) {
	out := make([]Expr, len(es))
	for i, e := range es {
		x, err := a.expr(e, ctx)
		if err != nil {
			return nil, err
		}
		out[i] = x
	}
	return out, nil
}

// column resolves a name; parts are in lower case.
func (a *analyzer) column(at ast.Node, name []string, ctx *env) (Expr, error) {
	f, kind, err := ctx.scope.resolve(name, at)
	if err != nil {
		return nil, err
	}
	if f == nil && ctx.scope.isConstant() {
		return nil, errorAt(at, "EXPRESSION_NOT_CONSTANT", "%s cannot contain column references", ctx.clause)
	}
	if f == nil {
		return nil, columnNotFound(at, name)
	}
	if _, plain := f.expr.(*Ref); kind == aliasScope && ctx.inside != "" && !plain {
		return nil, errorAt(at, "COLUMN_NOT_FOUND", "Invalid reference to output projection attribute from ORDER BY aggregation")
	}
	return f.expr, nil
}

func columnNotFound(at ast.Node, name []string) error {
	if last := name[len(name)-1]; last == bucketColumn {
		return notSupported(at, "Hidden column '%s' is not supported", last)
	}
	return errorAt(at, "COLUMN_NOT_FOUND", "Column '%s' cannot be resolved or requester is not authorized to access requested resources", strings.Join(name, "."))
}

// qualifiedName reads a.b.c; false where it is another expression.
func qualifiedName(e ast.Expression) ([]string, bool) {
	switch e := e.(type) {
	case *ast.Identifier:
		return []string{e.Lower()}, true
	case *ast.Dereference:
		base, ok := qualifiedName(e.Base)
		return append(base, e.Field.Lower()), ok
	}
	return nil, false
}

// dereference is a column of a relation, else a field of a row.
func (a *analyzer) dereference(e *ast.Dereference, ctx *env) (Expr, error) {
	name, isName := qualifiedName(e)
	if isName {
		f, _, err := ctx.scope.resolve(name, e)
		if err != nil {
			return nil, err
		}
		if f != nil {
			return a.column(e, name, ctx)
		}
		if !a.startsWithColumn(name, ctx) {
			return a.column(e, name, ctx)
		}
	}
	base, err := a.expr(e.Base, ctx)
	if err != nil {
		return nil, err
	}
	t := base.Type()
	if t.Kind != types.Row {
		return nil, typeMismatch(e.Base, "Expression %s is not of type ROW", ast.Format(e.Base))
	}
	found := -1
	for i, f := range t.Fields {
		if !strings.EqualFold(f.Name, e.Field.Value) {
			continue
		}
		if found >= 0 {
			return nil, errorAt(e, "AMBIGUOUS_NAME", "Ambiguous row field reference: %s", e.Field.Value)
		}
		found = i
	}
	if found < 0 {
		return nil, columnNotFound(e, []string{ast.Format(e)})
	}
	return rowField(base, found), nil
}

// startsWithColumn says whether some beginning of the name is a column.
func (a *analyzer) startsWithColumn(name []string, ctx *env) bool {
	for n := len(name) - 1; n > 0; n-- {
		if f, _, err := ctx.scope.resolve(name[:n], nil); f != nil || err != nil {
			return true
		}
	}
	return false
}

// fail gives an error of the function table its place.
func (a *analyzer) fail(at ast.Node, args []ast.Expression, err error) error {
	var e *functions.Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Arg >= 0 && e.Arg < len(args) {
		at = args[e.Arg]
	}
	return errorAt(at, e.Name, "%s", e.Message)
}

// coerce makes an expression one of a type that it converts to implicitly.
func (a *analyzer) coerce(e Expr, to types.Type, at ast.Node) (Expr, error) {
	from := e.Type()
	to = to.WithZonesOf(from)
	if from.Equal(to) && from.SameZones(to) {
		return e, nil
	}
	if l, ok := e.(*Literal); ok {
		a.described.note(l, to)
		if v, ok := convertLiteral(l, to); ok {
			return &Literal{Value: v, Typ: to}, nil
		}
	}
	if !types.CanCoerce(from, to) {
		return nil, typeMismatch(at, "Cannot coerce %s to %s", from, to)
	}
	fn, err := functions.Cast(from, to, false)
	if err != nil {
		return nil, a.fail(at, nil, err)
	}
	return &Cast{Arg: e, To: to, Fn: fn}, nil
}

// convertLiteral widens constants, so that no cast stands around them.
func convertLiteral(l *Literal, to types.Type) (any, bool) {
	if l.Value == nil {
		return nil, true
	}
	switch v := l.Value.(type) {
	case int64:
		switch {
		case to.IsInteger():
			return v, true
		case to.Kind == types.Double:
			return float64(v), true
		}
	case string:
		if l.Typ.Kind == types.Varchar && to.Kind == types.Varchar {
			return v, true // implicitly only to a longer one
		}
	}
	return nil, false
}

// resolved coerces arguments to what a resolved call takes.
func (a *analyzer) resolved(fn *functions.Resolved, args []Expr, at ast.Node) ([]Expr, error) {
	out := make([]Expr, len(args))
	for i, e := range args {
		if e.Type().Kind == types.Function {
			out[i] = e
			continue
		}
		x, err := a.coerce(e, fn.ArgTypes[i], at)
		if err != nil {
			return nil, err
		}
		out[i] = x
	}
	return out, nil
}

// operator applies a binary operator to analyzed operands.
func (a *analyzer) operator(op string, at ast.Node, l, r Expr) (Expr, error) {
	fn, err := functions.Operator(op, l.Type(), r.Type())
	if err != nil {
		return nil, a.fail(at, nil, err)
	}
	args, err := a.resolved(fn, []Expr{l, r}, at)
	return &Call{Name: op, Fn: fn, Args: args}, err
}

func (a *analyzer) binary(op string, at ast.Node, left, right ast.Expression, ctx *env) (Expr, error) {
	l, err := a.expr(left, ctx)
	if err != nil {
		return nil, err
	}
	r, err := a.expr(right, ctx)
	if err != nil {
		return nil, err
	}
	return a.operator(op, at, l, r)
}

func (a *analyzer) unary(e *ast.ArithmeticUnary, ctx *env) (Expr, error) {
	x, err := a.expr(e.Value, ctx)
	if err != nil {
		return nil, err
	}
	if k := x.Type().Kind; !e.Negative && (k == types.IntervalDaySecond || k == types.IntervalYearMonth) {
		return nil, typeMismatch(e, "Unary '+' operator cannot by applied to %s type", x.Type())
	}
	fn, err := functions.Negate(x.Type())
	if err != nil {
		return nil, a.fail(e, nil, err)
	}
	args, err := a.resolved(fn, []Expr{x}, e)
	if err != nil || !e.Negative {
		return x, err
	}
	return &Call{Name: "-", Fn: fn, Args: args}, nil
}
