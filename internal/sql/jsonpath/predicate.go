package jsonpath

import "strings"

// truth is true, false or unknown.
type truth uint8

const (
	isUnknown truth = iota
	isTrue
	isFalse
)

func truthOf(b bool) truth {
	if b {
		return isTrue
	}
	return isFalse
}

func (e *evaluation) holds(p predicate, s scope) truth {
	switch p := p.(type) {
	case *notPredicate:
		return not(e.holds(p.of, s))
	case *unknownPredicate:
		return truthOf(e.holds(p.of, s) == isUnknown)
	case *existsPredicate:
		items, err := e.eval(p.of, s)
		if err != nil {
			return isUnknown
		}
		return truthOf(len(items) > 0)
	case *logicalPredicate:
		return e.logical(p, s)
	case *startsPredicate:
		return e.starts(p, s)
	}
	return e.compare(p.(*comparison), s)
}

func not(t truth) truth {
	switch t {
	case isTrue:
		return isFalse
	case isFalse:
		return isTrue
	}
	return isUnknown
}

func (e *evaluation) logical(p *logicalPredicate, s scope) truth {
	decisive := truthOf(p.or)
	left := e.holds(p.left, s)
	if left == decisive {
		return left
	}
	right := e.holds(p.right, s)
	if right == decisive {
		return right
	}
	if left == isUnknown || right == isUnknown {
		return isUnknown
	}
	return not(decisive)
}

func (e *evaluation) starts(p *startsPredicate, s scope) truth {
	whole, err := e.eval(p.whole, s)
	if err != nil {
		return isUnknown
	}
	prefixes, err := e.eval(p.prefix, s)
	if err != nil || len(prefixes) != 1 {
		return isUnknown
	}
	prefix, ok := prefixes[0].(string)
	if !ok {
		return isUnknown
	}
	if e.lax {
		whole = unwrap(whole)
	}
	found := false
	for _, item := range whole {
		text, ok := item.(string)
		if !ok {
			return isUnknown
		}
		found = found || strings.HasPrefix(text, prefix)
		if found && e.lax {
			return isTrue
		}
	}
	return truthOf(found)
}

// sorts are which kinds of items a sequence has.
type sorts struct{ null, scalar, nested bool }

func sortsOf(items []any) (s sorts) {
	for _, item := range items {
		switch item.(type) {
		case Null:
			s.null = true
		case Array, *Object, Missing:
			s.nested = true
		default:
			s.scalar = true
		}
	}
	return s
}

// compare compares each item of the left with each of the right. An error of
// one makes the whole unknown; lax mode ends with the first that is true.
func (e *evaluation) compare(c *comparison, s scope) truth {
	left, err := e.unwrapped(c.left, s)
	if err != nil {
		return isUnknown
	}
	right, err := e.unwrapped(c.right, s)
	if err != nil {
		return isUnknown
	}
	if len(left) == 0 || len(right) == 0 {
		return isFalse
	}
	l, r := sortsOf(left), sortsOf(right)
	if l.nested && (r.nested || r.scalar) || l.scalar && r.nested {
		return isUnknown
	}
	found := false
	switch c.operator {
	case "==":
		found = l.null && r.null
	case "<>", "!=":
		found = l.null && (r.scalar || r.nested) || r.null && (l.scalar || l.nested)
	}
	if found && e.lax {
		return isTrue
	}
	for _, a := range left {
		for _, b := range right {
			if !isScalar(a) || !isScalar(b) {
				continue
			}
			switch compareScalars(c.operator, a, b) {
			case isUnknown:
				return isUnknown
			case isTrue:
				found = true
				if e.lax {
					return isTrue
				}
			}
		}
	}
	return truthOf(found)
}

func isScalar(v any) bool {
	s := sortsOf([]any{v})
	return s.scalar
}

func compareScalars(operator string, a, b any) truth {
	order, nan, ok := orderOf(a, b)
	if !ok {
		return isUnknown
	}
	if nan {
		return truthOf(operator == "<>" || operator == "!=")
	}
	switch operator {
	case "==":
		return truthOf(order == 0)
	case "<":
		return truthOf(order < 0)
	case ">":
		return truthOf(order > 0)
	case "<=":
		return truthOf(order <= 0)
	case ">=":
		return truthOf(order >= 0)
	}
	return truthOf(order != 0)
}

// orderOf compares two scalars; it is false where their types do not compare.
func orderOf(a, b any) (order int, nan, ok bool) {
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return strings.Compare(x, y), false, ok
	case bool:
		y, ok := b.(bool)
		switch {
		case x == y:
			return 0, false, ok
		case x:
			return 1, false, ok
		}
		return -1, false, ok
	case BigInt:
		return 0, false, false
	}
	if _, big := b.(BigInt); big || !isNumber(b) {
		return 0, false, false
	}
	return orderNumbers(a, b)
}
