package analyzer

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// special are the functions that are not calls: they decide themselves which
// arguments are evaluated, or are known before the query runs.
var special map[string]func(*analyzer, *ast.FunctionCall, *env) (Expr, error)

func init() { // the functions refer to the table in turn
	special = map[string]func(*analyzer, *ast.FunctionCall, *env) (Expr, error){
		"coalesce":         (*analyzer).coalesce,
		"nullif":           (*analyzer).nullIf,
		"if":               (*analyzer).ifCall,
		"try":              (*analyzer).try,
		"format":           (*analyzer).format,
		"now":              (*analyzer).now,
		"current_timezone": (*analyzer).currentTimezone,
		"current_groups":   (*analyzer).currentGroups,
		"version":          (*analyzer).version,
	}
}

func (a *analyzer) call(e *ast.FunctionCall, ctx *env) (Expr, error) {
	if err := refusePattern(e); err != nil {
		return nil, err
	}
	if len(e.Name.Parts) > 1 {
		return nil, errorAt(e, "FUNCTION_NOT_FOUND", "Function '%s' not registered", e.Name.Lower())
	}
	name := e.Name.Suffix().Lower()
	if f := special[name]; f != nil {
		if e.Over != nil || e.Filter != nil || e.Distinct || len(e.OrderBy) > 0 || e.Star {
			return nil, errorAt(e, "FUNCTION_NOT_AGGREGATE", "'%s' is not an aggregate function", name)
		}
		return f(a, e, ctx)
	}
	fn := functions.Lookup(name)
	if fn == nil {
		return nil, errorAt(e, "FUNCTION_NOT_FOUND", "Function '%s' not registered", name)
	}
	switch {
	case e.Over != nil:
		return a.windowCall(e, fn, ctx)
	case fn.Kind == functions.Window:
		return nil, errorAt(e, "MISSING_OVER", "Window function %s requires an OVER clause", name)
	case fn.Kind == functions.Aggregate:
		return a.aggCall(e, ctx)
	case e.Distinct:
		return nil, errorAt(e, "FUNCTION_NOT_AGGREGATE", "DISTINCT is not supported for non-aggregation functions")
	case len(e.OrderBy) > 0:
		return nil, errorAt(e, "FUNCTION_NOT_AGGREGATE", "ORDER BY is not supported for non-aggregation functions")
	case e.Filter != nil:
		return nil, errorAt(e, "FUNCTION_NOT_AGGREGATE", "Filter is only valid for aggregation functions")
	case e.NullTreatment != ast.NullsUnspecified:
		return nil, errorAt(e, "NULL_TREATMENT_NOT_ALLOWED", "Cannot specify null treatment clause for %s function", name)
	}
	if e.Star {
		return nil, errorAt(e, "FUNCTION_NOT_FOUND", "Unexpected parameters (*) for function %s", name)
	}
	if name == "concat" {
		if x, ok := a.concatChain(e, ctx); ok {
			return x, nil
		}
	}
	return a.function(name, e, e.Arguments, ctx)
}

// concatChain makes one call of a || b || c, where all are text.
func (a *analyzer) concatChain(e *ast.FunctionCall, ctx *env) (Expr, bool) {
	var leaves []ast.Expression
	if len(e.Arguments) == 0 {
		return nil, false
	}
	for c := e; ; {
		leaves = append(append([]ast.Expression{}, c.Arguments[1:]...), leaves...)
		inner, ok := c.Arguments[0].(*ast.FunctionCall)
		if !ok || inner.Name.Lower() != "concat" || len(inner.Arguments) == 0 || inner.Over != nil || inner.Filter != nil || inner.Distinct {
			leaves = append([]ast.Expression{c.Arguments[0]}, leaves...)
			break
		}
		c = inner
	}
	if len(leaves) == len(e.Arguments) {
		return nil, false
	}
	xs, err := a.exprs(leaves, ctx)
	if err != nil {
		return nil, false // the call itself says it, at the right place
	}
	args := make([]functions.Arg, len(xs))
	for i, x := range xs {
		if x.Type().Kind != types.Varchar {
			return nil, false
		}
		args[i] = argument(x)
	}
	fn, err := functions.Resolve("concat", args)
	if err != nil {
		return nil, false
	}
	if xs, err = a.resolved(fn, xs, e); err != nil {
		return nil, false
	}
	return &Call{Name: "concat", Fn: fn, Args: xs}, true
}

// function calls a scalar function by name.
func (a *analyzer) function(name string, at ast.Node, nodes []ast.Expression, ctx *env) (Expr, error) {
	fn, args, err := a.arguments(name, at, nodes, ctx)
	if err != nil {
		return nil, err
	}
	return &Call{Name: name, Fn: fn, Args: args}, nil
}

// arguments analyzes a call's arguments, resolves it and coerces them. Lambdas
// are typed while the call is resolved, from the other arguments.
func (a *analyzer) arguments(name string, at ast.Node, nodes []ast.Expression, ctx *env) (*functions.Resolved, []Expr, error) {
	args := make([]functions.Arg, len(nodes))
	xs := make([]Expr, len(nodes))
	for i, n := range nodes {
		if l, ok := n.(*ast.Lambda); ok {
			args[i] = functions.Arg{Params: len(l.Arguments), Lambda: func(params []types.Type) (types.Type, error) {
				x, err := a.lambda(l, params, types.UnknownType, ctx)
				if err != nil {
					return types.Type{}, err
				}
				return x.Body.Type(), nil
			}}
			continue
		}
		x, err := a.expr(n, ctx)
		if err != nil {
			return nil, nil, err
		}
		xs[i], args[i] = x, argument(x)
	}
	fn, err := functions.Resolve(name, args)
	if err != nil {
		return nil, nil, a.fail(at, nodes, err)
	}
	for i, n := range nodes {
		l, ok := n.(*ast.Lambda)
		if !ok {
			continue
		}
		if xs[i], err = a.lambda(l, fn.ArgTypes[i].Params(), fn.ArgTypes[i].Result(), ctx); err != nil {
			return nil, nil, err
		}
	}
	if fn.Function != nil && fn.Function.Volatile {
		a.unrepeatable(name)
	}
	xs, err = a.resolved(fn, xs, at)
	return fn, xs, err
}

func argument(x Expr) functions.Arg {
	arg := functions.Arg{Type: x.Type()}
	if v, ok := constant(x); ok {
		arg.Const, arg.IsConst = v, true
	}
	return arg
}

// lambda analyzes a lambda for the types of its arguments. Its body is coerced
// to result unless that is unknown.
func (a *analyzer) lambda(l *ast.Lambda, params []types.Type, result types.Type, ctx *env) (*Lambda, error) {
	// Each level is analyzed at least twice: to type its call, and for the types found.
	if a.lambdas++; a.lambdas > maxLambdas {
		a.lambdas--
		return nil, notSupported(l, "Lambda expressions nested deeper than %d are not supported", maxLambdas)
	}
	defer func() { a.lambdas-- }()
	inner := *ctx
	inner.scope = &scope{outer: ctx.scope, with: ctx.scope.with, kind: lambdaScope}
	inner.aggregates, inner.windows, inner.lambda, inner.clause, inner.root = false, false, true, "Lambda expression", l.Body
	out := &Lambda{}
	for i, id := range l.Arguments {
		s := a.symbol(id.Value, params[i])
		out.Params = append(out.Params, s)
		inner.scope.fields = append(inner.scope.fields, field{name: id.Value, expr: &Ref{s}})
	}
	body, err := a.expr(l.Body, &inner)
	if err != nil {
		return nil, err
	}
	if anywhereQuery(body) { // EXISTS, which Trino takes
		return nil, notSupported(firstExists(l.Body), "Lambda expression cannot contain subqueries")
	}
	if result.Kind != types.Unknown {
		if body, err = a.coerce(body, result, l.Body); err != nil {
			return nil, err
		}
	}
	out.Body = body
	return out, nil
}

// firstExists is the first EXISTS of an expression.
func firstExists(e ast.Expression) ast.Node {
	found := ast.Node(e)
	ast.Walk(e, func(n ast.Node) bool {
		if _, ok := n.(*ast.Exists); ok && found == ast.Node(e) {
			found = n
		}
		return found == ast.Node(e)
	})
	return found
}

func anywhereQuery(e Expr) bool {
	return anywhere(e, func(e Expr) bool {
		switch e.(type) {
		case *Subquery, *Exists, *InSubquery:
			return true
		}
		return false
	})
}

func (a *analyzer) coalesce(e *ast.FunctionCall, ctx *env) (Expr, error) {
	if len(e.Arguments) < 2 {
		return nil, errorAt(e, "INVALID_FUNCTION_ARGUMENT", "The 'coalesce' function must have at least two arguments")
	}
	xs, err := a.exprs(e.Arguments, ctx)
	if err != nil {
		return nil, err
	}
	xs, _, err = a.alike("All COALESCE operands", xs, e.Arguments)
	return &Coalesce{xs}, err
}

// nullIf is CASE WHEN a = b THEN NULL ELSE a END; the result has a's type.
func (a *analyzer) nullIf(e *ast.FunctionCall, ctx *env) (Expr, error) {
	if len(e.Arguments) != 2 {
		return nil, errorAt(e, "INVALID_FUNCTION_ARGUMENT", "Invalid number of arguments for 'nullif' function")
	}
	xs, err := a.exprs(e.Arguments, ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := types.CommonSuperType(xs[0].Type(), xs[1].Type()); !ok {
		return nil, typeMismatch(e, "Types are not comparable with NULLIF: %s vs %s", xs[0].Type(), xs[1].Type())
	}
	return a.once(xs[0], e, func(x Expr) (Expr, error) {
		eq, err := a.operator("=", e, x, xs[1])
		if err != nil {
			return nil, err
		}
		t := x.Type()
		return &Case{Whens: []When{{eq, &Literal{Typ: t}}}, Else: x, Typ: t}, nil
	})
}

func (a *analyzer) ifCall(e *ast.FunctionCall, ctx *env) (Expr, error) {
	if len(e.Arguments) != 2 && len(e.Arguments) != 3 {
		return nil, errorAt(e, "INVALID_FUNCTION_ARGUMENT", "Invalid number of arguments for 'if' function")
	}
	cond, err := a.boolean(e.Arguments[0], ctx, "IF condition")
	if err != nil {
		return nil, err
	}
	nodes := e.Arguments[1:]
	xs, err := a.exprs(nodes, ctx)
	if err != nil {
		return nil, err
	}
	if len(xs) == 2 {
		if _, ok := types.CommonSuperType(xs[0].Type(), xs[1].Type()); !ok {
			return nil, typeMismatch(e, "Result types for IF must be the same: %s vs %s", xs[0].Type(), xs[1].Type())
		}
	}
	xs, t, err := a.alike("Result types for IF", xs, nodes)
	if err != nil {
		return nil, err
	}
	out := &Case{Whens: []When{{cond, xs[0]}}, Typ: t}
	if len(xs) == 2 {
		out.Else = xs[1]
	}
	return out, nil
}

// extractFields are the fields of EXTRACT and the functions that compute them.
var extractFields = map[string]string{
	"YEAR": "year", "QUARTER": "quarter", "MONTH": "month", "WEEK": "week", "DAY": "day",
	"DAY_OF_MONTH": "day_of_month", "DAY_OF_WEEK": "day_of_week", "DOW": "day_of_week",
	"DAY_OF_YEAR": "day_of_year", "DOY": "day_of_year", "YEAR_OF_WEEK": "year_of_week", "YOW": "year_of_week",
	"HOUR": "hour", "MINUTE": "minute", "SECOND": "second",
	"TIMEZONE_HOUR": "timezone_hour", "TIMEZONE_MINUTE": "timezone_minute",
}

func (a *analyzer) extract(e *ast.Extract, ctx *env) (Expr, error) {
	name, ok := extractFields[strings.ToUpper(e.Field.Value)]
	if !ok {
		return nil, errorAt(e, "SYNTAX_ERROR", "Invalid EXTRACT field: %s", e.Field.Value)
	}
	x, err := a.expr(e.Value, ctx)
	if err != nil {
		return nil, err
	}
	if !extractable(name, x.Type().Kind) {
		return nil, typeMismatch(e.Value, "Cannot extract %s from %s", strings.ToUpper(e.Field.Value), x.Type())
	}
	return a.function(name, e, []ast.Expression{e.Value}, ctx)
}

// fieldsOfKinds are the fields that EXTRACT takes of the kinds that do not have
// all; the functions of the same names take more, because they coerce.
var fieldsOfKinds = map[types.Kind]string{
	types.Time: " hour minute second ", types.TimeTZ: " hour minute second timezone_hour timezone_minute ",
	types.Timestamp:         " year quarter month week day day_of_month day_of_week day_of_year year_of_week hour minute second ",
	types.Date:              " year quarter month week day day_of_month day_of_week day_of_year year_of_week ",
	types.IntervalYearMonth: " year month ", types.IntervalDaySecond: " day hour minute second ",
}

func extractable(field string, k types.Kind) bool {
	if k == types.TimestampTZ || k == types.Unknown {
		return true
	}
	return strings.Contains(fieldsOfKinds[k], " "+field+" ")
}

var trims = map[ast.TrimSpecification]string{ast.TrimBoth: "trim", ast.TrimLeading: "ltrim", ast.TrimTrailing: "rtrim"}

func (a *analyzer) trim(e *ast.Trim, ctx *env) (Expr, error) {
	name := trims[e.Specification]
	if name == "" {
		name = "trim"
	}
	args := []ast.Expression{e.Value}
	if e.Characters != nil {
		args = append(args, e.Characters)
	}
	return a.function(name, e, args, ctx)
}
