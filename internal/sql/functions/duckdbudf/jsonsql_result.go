package duckdbudf

import (
	"math"
	"strconv"

	"github.com/scopsdb/scops/internal/sql/jsonpath"
	"github.com/scopsdb/scops/internal/sql/types"
)

func valueError(reason string) error {
	return failure("JSON_VALUE_RESULT_ERROR", "cannot extract SQL scalar from JSON: %s", reason)
}

// value is the result of JSON_VALUE: the text of the one item.
func (c *jsonCall) value(items []any) (string, bool, error) {
	switch {
	case len(items) == 0:
		return c.empty(valueError("JSON path found no items"))
	case len(items) > 1:
		return c.failed(valueError("JSON path found multiple items"))
	}
	if _, null := items[0].(jsonpath.Null); null {
		return "", false, nil
	}
	tag, text, ok := itemText(items[0])
	if !ok {
		return c.failed(valueError("JSON path found an item that cannot be converted to an SQL value"))
	}
	if c.Tagged {
		return tag + text, true, nil
	}
	return text, true, nil
}

// itemText is a scalar as CAST(… AS varchar) gives it; it is false for what is
// no SQL value.
func itemText(item any) (tag, text string, ok bool) {
	switch v := item.(type) {
	case string:
		return jsonpath.TextTag, javaText(v), true
	case bool:
		return jsonpath.BooleanTag, strconv.FormatBool(v), true
	case jsonpath.Int:
		return jsonpath.IntegerTag, strconv.FormatInt(v.Value, 10), true
	case jsonpath.Decimal:
		return jsonpath.DecimalTag, v.Text(), true
	case float64:
		return jsonpath.DoubleTag, string(types.AppendDoubleVarchar(nil, v)), true
	case float32:
		return jsonpath.RealTag, string(types.AppendRealVarchar(nil, v)), true
	}
	return "", "", false
}

func outputError(reason string) error {
	return failure("JSON_OUTPUT_CONVERSION_ERROR", "conversion from JSON failed: %s", reason)
}

// query is the result of JSON_QUERY: the JSON of the one item, or of an array
// of all.
func (c *jsonCall) query(items []any) (string, bool, error) {
	if len(items) == 0 {
		return c.empty(outputError("JSON path found no items"))
	}
	wrap := c.Wrapper == "UNCONDITIONAL"
	if c.Wrapper == "CONDITIONAL" {
		wrap = len(items) > 1 || !isStructure(items[0])
	}
	if wrap {
		return string(appendTree(nil, jsonpath.Array(items))), true, nil
	}
	if len(items) > 1 {
		return c.failed(outputError("JSON path found multiple items"))
	}
	if text, ok := items[0].(string); ok && c.OmitQuotes {
		return javaText(text), true, nil
	}
	return string(appendTree(nil, items[0])), true, nil
}

func isStructure(item any) bool {
	switch item.(type) {
	case jsonpath.Array, *jsonpath.Object:
		return true
	}
	return false
}

// appendTree writes an item as JSON.
func appendTree(dst []byte, item any) []byte {
	switch v := item.(type) {
	case string:
		return appendString(dst, v)
	case bool:
		return strconv.AppendBool(dst, v)
	case jsonpath.Int:
		return strconv.AppendInt(dst, v.Value, 10)
	case jsonpath.BigInt:
		return append(dst, v...)
	case rawJSON:
		return append(dst, v...)
	case jsonpath.Decimal:
		return append(dst, jsonDecimal(v.Text())...)
	case float64:
		return append(dst, jsonFloatText(v, types.AppendDouble(nil, v))...)
	case float32:
		return append(dst, jsonFloatText(float64(v), types.AppendText(nil, types.RealType, v))...)
	case jsonpath.Array:
		dst = append(dst, '[')
		for i, element := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendTree(dst, element)
		}
		return append(dst, ']')
	case *jsonpath.Object:
		dst = append(dst, '{')
		for i, name := range v.Names {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendTree(append(appendString(dst, name), ':'), v.Values[name])
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// jsonInput reads the first value of a text, as Trino does: nothing is Missing,
// what comes behind is not looked at.
func jsonInput(text string) (any, error) {
	s := &scanner{in: text}
	if s.end() {
		return jsonpath.Missing{}, nil
	}
	return s.tree(0)
}

// tree reads a value.
func (s *scanner) tree(depth int) (any, error) {
	if depth > maxJSONDepth {
		return nil, errJSON
	}
	tok, err := s.next()
	if err != nil {
		return nil, err
	}
	switch tok.kind {
	case jsonNull:
		return jsonpath.Null{}, nil
	case jsonTrue, jsonFalse:
		return tok.kind == jsonTrue, nil
	case jsonString:
		return tok.text, nil
	case jsonInt:
		n, err := strconv.ParseInt(tok.text, 10, 64)
		switch {
		case err != nil:
			return jsonpath.BigInt(tok.text), nil
		case n >= math.MinInt32 && n <= math.MaxInt32:
			return jsonpath.Int{Value: n, Bits: 32}, nil
		}
		return jsonpath.Int{Value: n, Bits: 64}, nil
	case jsonFloat:
		return parseDouble(tok.text)
	case jsonArray:
		out := jsonpath.Array{}
		err := s.elements(func(int) (bool, error) {
			v, err := s.tree(depth + 1)
			out = append(out, v)
			return err != nil, err
		})
		return out, err
	}
	out := &jsonpath.Object{}
	err = s.members(func(name string) (bool, error) {
		v, err := s.tree(depth + 1)
		out.Set(name, v)
		return err != nil, err
	})
	return out, err
}
