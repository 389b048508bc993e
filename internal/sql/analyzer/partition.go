package analyzer

import (
	"slices"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// toPredicate is what a condition says of the partition keys of one scan.
func toPredicate(e Expr, keys map[*Symbol]string) predicate.Predicate {
	switch e := e.(type) {
	case *Literal:
		switch e.Value {
		case true:
			return predicate.And{}
		case false, nil: // NULL keeps no row
			if e.Value == nil {
				return constantNull
			}
			return predicate.Or{}
		}
	case *Logical:
		parts := make([]predicate.Predicate, len(e.Terms))
		for i, t := range e.Terms {
			parts[i] = toPredicate(t, keys)
		}
		if e.Or {
			return simplifyOr(parts)
		}
		return simplifyAnd(parts)
	case *Not:
		p := toPredicate(e.Arg, keys)
		if _, any := p.(predicate.Any); any {
			return p
		}
		return predicate.Not{Of: p}
	case *IsNull:
		if c, ok := keyColumn(e.Arg, keys); ok {
			return predicate.IsNull{Column: c}
		}
	case *In:
		if p, ok := inPredicate(e, keys); ok {
			return p
		}
	case *Between:
		if c, ok := keyColumn(e.Value, keys); ok {
			low, ok1 := constant(e.Min)
			high, ok2 := constant(e.Max)
			if ok1 && ok2 && low != nil && high != nil && exact(e.Value.Type()) {
				return predicate.And{
					predicate.Compare{Column: c, Op: ">=", Value: low},
					predicate.Compare{Column: c, Op: "<=", Value: high},
				}
			}
		}
	case *Call:
		if p, ok := callPredicate(e, keys); ok {
			return p
		}
	}
	return test(e, keys)
}

// constantNull is a condition that is NULL for every partition.
var constantNull = predicate.Test{Text: "NULL", Holds: func([]any) predicate.Outcome { return predicate.Null }}

// keyColumn is the partition column that an expression is, perhaps widened to a
// longer varchar, which keeps its values.
func keyColumn(e Expr, keys map[*Symbol]string) (string, bool) {
	if c, ok := e.(*Cast); ok && c.To.Kind == types.Varchar {
		if from := c.Arg.Type(); from.Kind == types.Varchar && types.CanCoerce(from, c.To) {
			e = c.Arg
		}
	}
	r, ok := e.(*Ref)
	if !ok {
		return "", false
	}
	c, ok := keys[r.Symbol]
	return c, ok
}

// exact says whether values of a type compare in Go as in the engine.
func exact(t types.Type) bool {
	switch t.Kind {
	case types.Boolean, types.TinyInt, types.SmallInt, types.Integer, types.BigInt, types.Varchar, types.Char,
		types.Date, types.Timestamp, types.Decimal, types.Double, types.Real:
		return true
	}
	return false
}

func inPredicate(e *In, keys map[*Symbol]string) (predicate.Predicate, bool) {
	c, ok := keyColumn(e.Value, keys)
	if !ok || !exact(e.Value.Type()) {
		return nil, false
	}
	values := make([]any, len(e.List))
	for i, item := range e.List {
		v, ok := constant(item)
		if !ok || v == nil {
			return nil, false
		}
		values[i] = v
	}
	return predicate.In{Column: c, Values: values}, true
}

// flipped is the operator for exchanged sides.
var flipped = map[string]predicate.Op{"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func callPredicate(e *Call, keys map[*Symbol]string) (predicate.Predicate, bool) {
	if e.Name == "LIKE" {
		return likePredicate(e, keys)
	}
	if flipped[e.Name] == "" || len(e.Args) != 2 || !exact(e.Args[0].Type()) {
		return nil, false
	}
	op := predicate.Op(e.Name)
	col, other := e.Args[0], e.Args[1]
	c, ok := keyColumn(col, keys)
	if !ok {
		op, col, other = flipped[e.Name], other, col
		if c, ok = keyColumn(col, keys); !ok {
			return nil, false
		}
	}
	v, ok := constant(other)
	if !ok || v == nil {
		return nil, false
	}
	return predicate.Compare{Column: c, Op: op, Value: v}, true
}

func likePredicate(e *Call, keys map[*Symbol]string) (predicate.Predicate, bool) {
	c, ok := keyColumn(e.Args[0], keys)
	if !ok || e.Args[0].Type().Kind != types.Varchar {
		return nil, false
	}
	pattern, _ := constant(e.Args[1])
	text, ok := pattern.(string)
	if !ok {
		return nil, false
	}
	p := predicate.Like{Column: c, Pattern: text}
	if len(e.Args) == 3 {
		escape, _ := constant(e.Args[2])
		s, ok := escape.(string)
		if !ok || utf8.RuneCountInString(s) != 1 {
			return nil, false
		}
		p.Escape, _ = utf8.DecodeRuneInString(s)
	}
	return p, true
}

// test evaluates a condition on partition keys alone for each partition.
func test(e Expr, keys map[*Symbol]string) predicate.Predicate {
	refs := symbols{}
	refs.refs(e)
	var columns []*Symbol
	for s := range refs {
		if keys[s] == "" {
			return predicate.Any{}
		}
		columns = append(columns, s)
	}
	if anywhereQuery(e) || volatile(e) || !evaluable(e) {
		return predicate.Any{}
	}
	slices.SortFunc(columns, func(x, y *Symbol) int { return x.ID - y.ID })
	t := predicate.Test{Text: Text(e)}
	for _, s := range columns {
		t.Columns = append(t.Columns, keys[s])
	}
	t.Holds = func(values []any) predicate.Outcome {
		row := make(map[*Symbol]any, len(columns))
		for i, s := range columns {
			row[s] = values[i]
		}
		return outcome(e, row)
	}
	return t
}

// evaluable says whether eval knows every node of an expression.
func evaluable(e Expr) bool {
	return !anywhere(e, func(e Expr) bool {
		switch e := e.(type) {
		case *Literal, *Ref, *Cast, *Logical, *Not, *IsNull, *In, *Between, *Case, *Coalesce:
			return false
		case *Call:
			return evaluators[e.Name] == nil
		}
		return true
	})
}

// simplifyAnd flattens. Any stays: under a NOT it matters.
func simplifyAnd(parts []predicate.Predicate) predicate.Predicate {
	out := predicate.And{}
	for _, p := range parts {
		if and, ok := p.(predicate.And); ok {
			out = append(out, and...)
			continue
		}
		out = append(out, p)
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}

// conditions is simplifyAnd of a whole filter, where Any says nothing.
func conditions(parts []predicate.Predicate) predicate.Predicate {
	var out []predicate.Predicate
	for _, p := range parts {
		switch p := p.(type) {
		case predicate.Any:
		case predicate.And:
			for _, q := range p {
				if _, any := q.(predicate.Any); !any {
					out = append(out, q)
				}
			}
		default:
			out = append(out, p)
		}
	}
	return simplifyAnd(out)
}

// simplifyOr is Any where one part is.
func simplifyOr(parts []predicate.Predicate) predicate.Predicate {
	var out predicate.Or
	for _, p := range parts {
		switch p := p.(type) {
		case predicate.Any:
			return p
		case predicate.Or:
			out = append(out, p...)
		default:
			out = append(out, p)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return append(predicate.Or{}, out...)
}
