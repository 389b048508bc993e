package jsonpath

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

func (e *evaluation) method(n *methodNode, s scope) ([]any, error) {
	switch n.name {
	case "type":
		base, err := e.eval(n.base, s)
		return each(base, func(v any) (any, error) { return strings.ToLower(kindName(v)), nil }, err)
	case "size":
		base, err := e.eval(n.base, s)
		return each(base, e.size, err)
	}
	base, err := e.unwrapped(n.base, s)
	switch n.name {
	case "keyvalue":
		return e.keyValue(base, err)
	case "double":
		return each(base, toDouble, err)
	}
	f := map[string]func(any) (any, error){"abs": abs, "ceiling": ceiling, "floor": floor}[n.name]
	return each(base, func(v any) (any, error) {
		if err := needNumber(v); err != nil {
			return nil, err
		}
		return f(v)
	}, err)
}

func each(items []any, f func(any) (any, error), err error) ([]any, error) {
	if err != nil {
		return nil, err
	}
	out := make([]any, len(items))
	for i, v := range items {
		if out[i], err = f(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (e *evaluation) size(v any) (any, error) {
	if elements, ok := v.(Array); ok {
		return Int{int64(len(elements)), 32}, nil
	}
	if !e.lax {
		return nil, typeError("ARRAY", v)
	}
	return Int{1, 32}, nil
}

func (e *evaluation) keyValue(base []any, err error) ([]any, error) {
	if err != nil {
		return nil, err
	}
	var out []any
	for _, v := range base {
		object, ok := v.(*Object)
		if !ok {
			return nil, typeError("OBJECT", v)
		}
		for _, name := range object.Names {
			entry := &Object{}
			entry.Set("name", name)
			entry.Set("value", object.Values[name])
			entry.Set("id", Int{e.objects, 32})
			out = append(out, entry)
		}
		e.objects++
	}
	return out, nil
}

// doubleText is what CAST(varchar AS double) takes, blanks apart.
var doubleText = regexp.MustCompile(`^[+-]?(NaN|Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[dDfF]?)$`)

func toDouble(v any) (any, error) {
	text, ok := v.(string)
	if !ok {
		if err := needNumber(v); err != nil {
			return nil, err
		}
		return floatOf(v), nil
	}
	text = strings.Trim(text, " \t\n\r")
	if !doubleText.MatchString(text) {
		return nil, fail("Cannot cast '%s' to DOUBLE", text)
	}
	if !strings.HasSuffix(text, "y") && !strings.HasSuffix(text, "N") {
		text = strings.TrimRight(text, "dDfF")
	}
	f, err := strconv.ParseFloat(strings.TrimPrefix(text, "+"), 64)
	if err != nil && !math.IsInf(f, 0) {
		return nil, fail("Cannot cast '%s' to DOUBLE", text)
	}
	return f, nil
}

func abs(v any) (any, error) {
	switch n := v.(type) {
	case Int:
		if n.Value < 0 {
			return negate(n)
		}
		return n, nil
	case Decimal:
		return Decimal{new(big.Int).Abs(n.Unscaled), n.Precision, n.Scale}, nil
	case float32:
		return float32(math.Abs(float64(n))), nil
	}
	return math.Abs(v.(float64)), nil
}

func ceiling(v any) (any, error) { return whole(v, math.Ceil, 1) }
func floor(v any) (any, error)   { return whole(v, math.Floor, -1) }

// whole rounds to an integer, decimals with a fraction of the given sign away
// from zero.
func whole(v any, f func(float64) float64, sign int) (any, error) {
	switch n := v.(type) {
	case Int:
		return n, nil
	case float32:
		return float32(f(float64(n))), nil
	case float64:
		return f(n), nil
	}
	d := v.(Decimal)
	q, r := new(big.Int).QuoRem(d.Unscaled, power(d.Scale), new(big.Int))
	if r.Sign() == sign {
		q.Add(q, big.NewInt(int64(sign)))
	}
	return Decimal{q, d.Precision - d.Scale + min(d.Scale, 1), 0}, nil
}
