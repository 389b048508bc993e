package analyzer

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// try is TRY(x): NULL where x fails. The engine can catch only errors that it
// raises itself, not those that emitted SQL raises; where x has such, it is
// rewritten so that what would fail is NULL, if all around it passes NULL on.
func (a *analyzer) try(e *ast.FunctionCall, ctx *env) (Expr, error) {
	if len(e.Arguments) != 1 {
		return nil, errorAt(e, "INVALID_FUNCTION_ARGUMENT", "The 'try' function must have exactly one argument")
	}
	x, err := a.expr(e.Arguments[0], ctx)
	if err != nil {
		return nil, err
	}
	if volatile(x) || anywhereQuery(x) || hasAggregate(x) || hasWindow(x) {
		return nil, notSupported(e, "TRY of subqueries, aggregations or functions that change at each call is not supported")
	}
	if !raises(x) {
		return &Try{x}, nil
	}
	if y, ok := a.nullOnError(x); ok {
		return y, nil
	}
	return nil, notSupported(e, "TRY is not supported around: %s", ast.Format(e.Arguments[0]))
}

// raises says whether the emitted text of an expression itself raises errors.
func raises(x Expr) bool {
	return anywhere(x, func(x Expr) bool {
		switch x := x.(type) {
		case *Call:
			return raisesError(x.Fn)
		case *Cast:
			return raisesError(x.Fn)
		}
		return false
	})
}

func raisesError(fn *functions.Resolved) bool {
	args := make([]string, len(fn.ArgTypes))
	for i, t := range fn.ArgTypes {
		args[i] = "x"
		if t.Kind == types.Function {
			args[i] = "lambda x: x"
		}
	}
	return strings.Contains(fn.Emit(args...), "error(")
}

// nullOnError rewrites casts to TRY_CAST and division to NULL for a divisor of
// zero, where nothing around them makes a value of NULL.
func (a *analyzer) nullOnError(x Expr) (Expr, bool) {
	switch x := x.(type) {
	case *Ref, *Literal:
		return x, true
	case *Cast:
		return a.tryCast(x)
	case *Call:
		if x.Name == "/" || x.Name == "%" {
			return a.tryDivide(x)
		}
		if x.Fn.Function != nil && x.Fn.Function.OwnNulls || raisesError(x.Fn) {
			return nil, false
		}
		args := make([]Expr, len(x.Args))
		inner := true
		for i, arg := range x.Args {
			y, ok := a.nullOnError(arg)
			if !ok {
				return nil, false
			}
			args[i], inner = y, inner && !raises(y)
		}
		out := &Call{Name: x.Name, Fn: x.Fn, Args: args}
		if !inner {
			return out, infix[x.Name] // an operator; its overflow stays an error
		}
		return &Try{out}, true
	}
	return nil, false
}

func (a *analyzer) tryCast(x *Cast) (Expr, bool) {
	arg, ok := a.nullOnError(x.Arg)
	if !ok {
		return nil, false
	}
	fn, err := functions.Cast(x.Arg.Type(), x.To, true)
	if err != nil {
		return nil, false
	}
	return &Cast{Arg: arg, To: x.To, Try: true, Fn: fn}, true
}

func (a *analyzer) tryDivide(x *Call) (Expr, bool) {
	l, ok1 := a.nullOnError(x.Args[0])
	r, ok2 := a.nullOnError(x.Args[1])
	t := x.Fn.ArgTypes[1]
	if !ok1 || !ok2 || !t.IsInteger() && t.Kind != types.Decimal {
		return nil, false
	}
	fn, err := functions.Cast(types.IntegerType, t, false)
	if err != nil {
		return nil, false
	}
	zero := &Cast{Arg: integerLiteral(0), To: t, Fn: fn}
	isZero, err := a.operator("=", ast.Position{}, r, zero)
	if err != nil {
		return nil, false
	}
	divide := &Call{Name: x.Name, Fn: x.Fn, Args: []Expr{l, r}}
	return &Case{Whens: []When{{isZero, &Literal{Typ: x.Type()}}}, Else: divide, Typ: x.Type()}, true
}
