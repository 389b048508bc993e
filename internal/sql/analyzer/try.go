package analyzer

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// try is TRY(x): NULL where x fails. The engine cannot catch errors, so that x
// becomes one whose parts are NULL where they would fail. That is the same
// where everything above them passes NULL on; anything else is refused.
func (a *analyzer) try(e *ast.FunctionCall, ctx *env) (Expr, error) {
	if len(e.Arguments) != 1 {
		return nil, errorAt(e, "INVALID_FUNCTION_ARGUMENT", "The 'try' function must have exactly one argument")
	}
	x, err := a.expr(e.Arguments[0], ctx)
	if err != nil {
		return nil, err
	}
	y, ok := nullOnError(x)
	if !ok {
		return nil, notSupported(e, "TRY is not supported around: %s", ast.Format(e.Arguments[0]))
	}
	if raises(y) {
		y = &Try{y}
	}
	return y, nil
}

// catchable are the calls whose text raises errors at its top alone, so that
// NULL in place of the error is NULL for the call.
var catchable = map[string]bool{
	"/": true, "%": true, "[]": true, "date_parse": true, "from_iso8601_timestamp": true, "from_iso8601_date": true,
	"json_parse":     true,
	"parse_datetime": true, "format_datetime": true, "date_format": true, "parse_duration": true, "human_readable_seconds": true,
	"at_timezone": true, "with_timezone": true, "from_unixtime": true,
}

// nullOnError is false where NULL for an error would not be the same.
func nullOnError(x Expr) (Expr, bool) {
	switch x := x.(type) {
	case *Ref, *Literal, *Try:
		return x, true
	case *AggCall, *WindowCall, *GroupingCall: // computed before TRY: what fails in them fails
		return x, true
	case *RowField:
		base, ok := nullOnError(x.Base)
		return &RowField{Base: base, Index: x.Index}, ok
	case *Cast:
		return tryCast(x)
	case *Call:
		if f := x.Fn.Function; f != nil && (f.OwnNulls || f.Volatile) || raisesError(x.Fn) && !catchable[x.Name] {
			return nil, false
		}
		args := make([]Expr, len(x.Args))
		for i, arg := range x.Args {
			y, ok := nullOnError(arg)
			if !ok {
				return nil, false
			}
			args[i] = y
		}
		return &Call{Name: x.Name, Fn: x.Fn, Args: args}, x.Name != "IS DISTINCT FROM"
	}
	return nil, false
}

func tryCast(x *Cast) (Expr, bool) {
	arg, ok := nullOnError(x.Arg)
	if !ok {
		return nil, false
	}
	fn, err := functions.Cast(x.Arg.Type(), x.To, true)
	if err != nil {
		return nil, false
	}
	return &Cast{Arg: arg, To: x.To, Try: true, Fn: fn}, true
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
	text := fn.Emit(args...)
	return strings.Contains(text, "error(") || functions.CanRaise(text)
}
