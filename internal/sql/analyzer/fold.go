package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Constant is the value of an expression that has no columns, exactly as the
// engine would compute it; false where it is not known before the query runs.
func Constant(e Expr) (any, bool) { return constant(e) }

// constant is the value of an expression that has no columns, where it is known
// before the query runs.
func constant(e Expr) (any, bool) { return eval(e, nil) }

// eval computes an expression exactly as the engine would, from the values of
// its columns (nil is NULL). It is false for what it does not know, and for
// what would be an error. Booleans follow three-valued logic: NULL is nil.
func eval(e Expr, row map[*Symbol]any) (any, bool) {
	switch e := e.(type) {
	case *Literal:
		return e.Value, true
	case *Ref:
		v, ok := row[e.Symbol]
		return v, ok
	case *Cast:
		v, ok := eval(e.Arg, row)
		if !ok || v == nil {
			return v, ok
		}
		return evalCast(v, e.Arg.Type(), e.To)
	case *Logical:
		return fromOutcome(evalLogical(e, row))
	case *Not:
		return fromOutcome(outcome(e.Arg, row).Not())
	case *IsNull:
		v, ok := eval(e.Arg, row)
		return v == nil, ok
	case *In:
		return evalIn(e, row)
	case *Between:
		low := compareValues(e.Value, ">=", e.Min, row)
		return fromOutcome(low.And(compareValues(e.Value, "<=", e.Max, row)))
	case *Case:
		return evalCase(e, row)
	case *Coalesce:
		for _, a := range e.Args {
			if v, ok := eval(a, row); !ok || v != nil {
				return v, ok
			}
		}
		return nil, true
	case *Call:
		return evalCall(e, row)
	default:
		return nil, false
	}
}

// outcome is what a boolean expression may be for one row.
func outcome(e Expr, row map[*Symbol]any) predicate.Outcome {
	v, ok := eval(e, row)
	switch b, isBool := v.(bool); {
	case !ok:
		return predicate.Unsure
	case v == nil:
		return predicate.Null
	case isBool:
		return predicate.Truth(b)
	}
	return predicate.Unsure
}

// fromOutcome is the value of an outcome of one member.
func fromOutcome(o predicate.Outcome) (any, bool) {
	switch o {
	case predicate.True:
		return true, true
	case predicate.False:
		return false, true
	case predicate.Null:
		return nil, true
	}
	return nil, false
}

func evalLogical(e *Logical, row map[*Symbol]any) predicate.Outcome {
	r := predicate.True
	if e.Or {
		r = predicate.False
	}
	for _, t := range e.Terms {
		if o := outcome(t, row); e.Or {
			r = r.Or(o)
		} else {
			r = r.And(o)
		}
	}
	return r
}

func compareValues(l Expr, op predicate.Op, r Expr, row map[*Symbol]any) predicate.Outcome {
	v, ok1 := eval(l, row)
	w, ok2 := eval(r, row)
	switch {
	case !ok1 || !ok2:
		return predicate.Unsure
	case v == nil || w == nil:
		return predicate.Null
	}
	return predicate.CompareOp(v, op, w)
}

func evalIn(e *In, row map[*Symbol]any) (any, bool) {
	r := predicate.False
	for _, item := range e.List {
		r = r.Or(compareValues(e.Value, "=", item, row))
	}
	return fromOutcome(r)
}

func evalCase(e *Case, row map[*Symbol]any) (any, bool) {
	for _, w := range e.Whens {
		switch outcome(w.Condition, row) {
		case predicate.True:
			return eval(w.Result, row)
		case predicate.False, predicate.Null:
		default:
			return nil, false
		}
	}
	if e.Else == nil {
		return nil, true
	}
	return eval(e.Else, row)
}

// evalCall computes the operators and functions of evaluators. All give NULL
// for a NULL argument.
func evalCall(e *Call, row map[*Symbol]any) (any, bool) {
	args := make([]any, len(e.Args))
	null := false
	for i, a := range e.Args {
		v, ok := eval(a, row)
		if !ok {
			return nil, false
		}
		args[i], null = v, null || v == nil
	}
	f := evaluators[e.Name]
	if f == nil {
		return nil, false
	}
	if null {
		return nil, true
	}
	argTypes := make([]types.Type, len(e.Args))
	for i, a := range e.Args {
		argTypes[i] = a.Type()
	}
	return f(args, argTypes, e.Type())
}
