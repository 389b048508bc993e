package jsonpath

import (
	"fmt"
	"math"
)

// EvalError is PATH_EVALUATION_ERROR.
type EvalError struct{ Reason string }

func (e *EvalError) Error() string { return "path evaluation failed: " + e.Reason }

func fail(format string, args ...any) error { return &EvalError{fmt.Sprintf(format, args...)} }

// evaluation is a path that runs over one value.
type evaluation struct {
	lax       bool
	context   any
	variables map[string][]any // an empty sequence for JSON that is NULL
	objects   int64            // how many keyvalue() has seen
	refused   error            // what is not supported, also where a filter hid it
}

// maxItems bounds a sequence: [0,0][0,0]… doubles it with each step.
const maxItems = 1 << 18

// refuse ends the evaluation with an error that no filter makes unknown.
func (e *evaluation) refuse(what string) error {
	if e.refused == nil {
		e.refused = &UnsupportedError{what}
	}
	return e.refused
}

// scope is what @ and last mean at a place.
type scope struct {
	current any // nil without
	last    int // -1 without
}

// Eval gives the sequence of items of a path over a JSON value.
func (p *Path) Eval(value any, variables map[string][]any) ([]any, error) {
	e := &evaluation{lax: p.lax, context: value, variables: variables}
	items, err := e.eval(p.root, scope{last: -1})
	if e.refused != nil {
		return nil, e.refused
	}
	return items, err
}

func (e *evaluation) eval(n node, s scope) ([]any, error) {
	if e.refused != nil {
		return nil, e.refused
	}
	switch n := n.(type) {
	case *literalNode:
		return []any{n.value}, nil
	case *contextNode:
		return []any{e.context}, nil
	case *variableNode:
		return e.variables[n.name], nil
	case *currentNode:
		if s.current == nil {
			return nil, fail("accessing current filter item with no enclosing filter")
		}
		return []any{s.current}, nil
	case *lastNode:
		if s.last < 0 {
			return nil, fail("accessing the last array index with no enclosing array")
		}
		return []any{Int{int64(s.last), 32}}, nil
	case *memberNode:
		return e.member(n, s)
	case *descendantNode:
		base, err := e.eval(n.base, s)
		var out []any
		for _, item := range base {
			if out = descendants(out, item, n.name); len(out) > maxItems {
				return nil, e.refuse("a sequence of so many items")
			}
		}
		return out, err
	case *arrayNode:
		return e.array(n, s)
	case *filterNode:
		return e.filter(n, s)
	case *methodNode:
		return e.method(n, s)
	case *unaryNode:
		return e.unary(n, s)
	}
	return e.binary(n.(*binaryNode), s)
}

// unwrapped are the items of a node, in lax mode with the elements of arrays in
// their place.
func (e *evaluation) unwrapped(n node, s scope) ([]any, error) {
	items, err := e.eval(n, s)
	if err != nil || !e.lax {
		return items, err
	}
	return unwrap(items), nil
}

func unwrap(items []any) []any {
	var out []any
	for _, item := range items {
		if elements, ok := item.(Array); ok {
			out = append(out, elements...)
			continue
		}
		out = append(out, item)
	}
	return out
}

func (e *evaluation) member(n *memberNode, s scope) ([]any, error) {
	base, err := e.unwrapped(n.base, s)
	if err != nil {
		return nil, err
	}
	var out []any
	for _, item := range base {
		object, ok := item.(*Object)
		switch {
		case !ok && !e.lax:
			return nil, typeError("OBJECT", item)
		case !ok:
			continue
		case n.all:
			for _, name := range object.Names {
				out = append(out, object.Values[name])
			}
			continue
		}
		value, ok := object.Values[n.name]
		if !ok && !e.lax {
			return nil, fail("structural error: missing member '%s' in JSON object", n.name)
		}
		if ok {
			out = append(out, value)
		}
	}
	return out, nil
}

func typeError(want string, item any) error {
	return fail("invalid item type. Expected: %s, actual: %s", want, kindName(item))
}

func descendants(out []any, item any, name string) []any {
	switch v := item.(type) {
	case *Object:
		if value, ok := v.Values[name]; ok {
			out = append(out, value)
		}
		for _, n := range v.Names {
			out = descendants(out, v.Values[n], name)
		}
	case Array:
		for _, element := range v {
			out = descendants(out, element, name)
		}
	}
	return out
}

func (e *evaluation) array(n *arrayNode, s scope) ([]any, error) {
	base, err := e.eval(n.base, s)
	if err != nil {
		return nil, err
	}
	var out []any
	for _, item := range base {
		elements, ok := item.(Array)
		switch {
		case !ok && !e.lax:
			return nil, typeError("ARRAY", item)
		case !ok:
			elements = Array{item}
		}
		if len(n.subscripts) == 0 {
			out = append(out, elements...)
			continue
		}
		if len(elements) == 0 {
			if !e.lax {
				return nil, fail("structural error: invalid array subscript for empty array")
			}
			continue
		}
		for _, sub := range n.subscripts {
			if out, err = e.slice(out, elements, sub, scope{s.current, len(elements) - 1}); err != nil {
				return nil, err
			}
			if len(out) > maxItems {
				return nil, e.refuse("a sequence of so many items")
			}
		}
	}
	return out, nil
}

func (e *evaluation) slice(out []any, elements Array, sub subscript, s scope) ([]any, error) {
	from, err := e.index(sub.from, s, "from")
	if err != nil {
		return nil, err
	}
	to := from
	if sub.to != nil {
		if to, err = e.index(sub.to, s, "to"); err != nil {
			return nil, err
		}
	}
	size := int64(len(elements))
	if !e.lax && (from < 0 || to >= size || from > to) {
		return nil, fail("structural error: invalid array subscript: [%d, %d] for array of size %d", from, to, size)
	}
	from, to = max(from, 0), min(to, size-1)
	if from > to {
		return out, nil
	}
	return append(out, elements[from:to+1]...), nil
}

// index is a subscript, rounded where it is a decimal or a real.
func (e *evaluation) index(n node, s scope, what string) (int64, error) {
	items, err := e.eval(n, s)
	if err != nil {
		return 0, err
	}
	if len(items) != 1 {
		return 0, fail("array subscript '%s' value must be singleton numeric", what)
	}
	switch v := items[0].(type) {
	case Int:
		return v.Value, nil
	case float64:
		if v != math.Trunc(v) { // a JSON number is cut, an SQL double rounded
			return 0, e.refuse("an array subscript with a fraction")
		}
		return roundIndex(v)
	case float32:
		return roundIndex(float64(v))
	case Decimal:
		n := v.round()
		if !n.IsInt64() {
			return 0, fail("array subscript is out of range")
		}
		return n.Int64(), nil
	}
	return 0, typeError("NUMBER", items[0])
}

func roundIndex(f float64) (int64, error) {
	f = math.Round(f)
	if math.IsNaN(f) || f < math.MinInt64 || f >= math.MaxInt64 {
		return 0, fail("array subscript is out of range")
	}
	return int64(f), nil
}

func (e *evaluation) filter(n *filterNode, s scope) ([]any, error) {
	base, err := e.unwrapped(n.base, s)
	if err != nil {
		return nil, err
	}
	var out []any
	for _, item := range base {
		if e.holds(n.condition, scope{item, s.last}) == isTrue {
			out = append(out, item)
		}
	}
	return out, nil
}
