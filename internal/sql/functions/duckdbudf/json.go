package duckdbudf

import (
	"database/sql/driver"
	"math"
	"math/big"
	"strconv"
)

// locate finds the value of the first argument at the path of the second; no
// value, as where the text is no JSON, is false.
func locate(a []driver.Value) (*scanner, bool, error) {
	steps, err := parsePath(a[1].(string))
	if err != nil {
		return nil, false, err
	}
	s := &scanner{in: a[0].(string)}
	found, err := s.find(steps)
	return s, found && err == nil, nil
}

// scalar is the text of a string, number or boolean.
func (s *scanner) scalar() (string, bool) {
	c := s.peek()
	start := s.pos
	var err error
	switch {
	case c == '"':
		text, err := s.str()
		return javaText(text), err == nil
	case c == 't':
		err = s.word("true")
	case c == 'f':
		err = s.word("false")
	case c == '-' || c >= '0' && c <= '9':
		raw, _, err := s.number()
		return raw, err == nil
	default:
		return "", false
	}
	if err != nil {
		return "", false
	}
	return s.in[start:s.pos], true
}

// extract is the JSON of a value.
func (s *scanner) extract() (string, bool) {
	w := writer{scanner: *s}
	if w.value(0) != nil {
		return "", false
	}
	return string(w.out), true
}

// jsonParse gives the JSON in the form in which equal values have equal texts.
func jsonParse(text string) (string, bool, error) {
	w := writer{scanner: scanner{in: text}, order: sortedOrder, out: make([]byte, 0, len(text))}
	if err := w.value(0); err != nil || !w.end() {
		return "", false, failure("INVALID_FUNCTION_ARGUMENT", "Cannot convert value to JSON: '%s'", text)
	}
	return string(w.out), true, nil
}

// jsonTryParse gives NULL for what is no JSON.
func jsonTryParse(text string) (string, bool, error) {
	out, ok, err := jsonParse(text)
	return out, ok && err == nil, nil
}

// jsonArrayLength is NULL for what is no array, or no JSON.
func jsonArrayLength(a []driver.Value) (any, error) {
	s := &scanner{in: a[0].(string)}
	if s.peek() != '[' {
		return nil, nil
	}
	n, err := s.count()
	if err != nil {
		return nil, nil //nolint:nilerr // no JSON is NULL
	}
	return n, nil
}

// count is the number of elements or members, 0 of a scalar.
func (s *scanner) count() (int64, error) {
	var n int64
	skip := func() (bool, error) {
		n++
		return false, s.skip(0)
	}
	var err error
	switch s.peek() {
	case '[':
		err = s.elements(func(int) (bool, error) { return skip() })
	case '{':
		err = s.members(func(string) (bool, error) { return skip() })
	default:
		err = s.skip(0)
	}
	return n, err
}

func jsonSize(a []driver.Value) (any, error) {
	s, found, err := locate(a)
	if err != nil || !found {
		return nil, err
	}
	n, err := s.count()
	if err != nil {
		return nil, nil //nolint:nilerr // no JSON is NULL
	}
	return n, nil
}

// jsonHas says whether an array has a value, which comes as s and a text, i
// and an integer, d and a double, or b and a boolean.
func jsonHas(a []driver.Value) (any, error) {
	s, want := &scanner{in: a[0].(string)}, a[1].(string)
	if s.peek() != '[' {
		return nil, nil
	}
	found := false
	err := s.elements(func(int) (bool, error) {
		mark := s.pos
		if s.equals(want) {
			found = true
			return true, nil
		}
		s.pos = mark
		return false, s.skip(0)
	})
	if err != nil {
		return nil, nil //nolint:nilerr // no JSON is NULL
	}
	return found, nil
}

func (s *scanner) equals(want string) bool {
	kind, value := want[0], want[1:]
	switch c := s.peek(); {
	case kind == 's' && c == '"':
		text, err := s.str()
		return err == nil && text == value
	case kind == 'i' && (c == '-' || c >= '0' && c <= '9'):
		raw, float, err := s.number()
		n, ok := new(big.Int).SetString(raw, 10)
		return err == nil && !float && ok && n.String() == value
	case kind == 'd' && (c == '-' || c >= '0' && c <= '9'):
		raw, float, err := s.number()
		return err == nil && float && equalDoubles(raw, value)
	case kind == 'b' && (c == 't' || c == 'f'):
		return s.word(value) == nil
	}
	return false
}

func jsonIsScalar(a []driver.Value) (any, error) {
	s := &scanner{in: a[0].(string)}
	c := s.peek()
	if err := s.skip(0); err != nil || !s.end() {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Invalid JSON value: %s", truncated(a[0].(string)))
	}
	return c != '{' && c != '[', nil
}

// truncated is JSON as Trino puts it into messages.
func truncated(text string) string {
	const most = 10_000
	if len(text) <= most {
		return text
	}
	return text[:most] + "...(truncated)"
}

func equalDoubles(raw, value string) bool {
	a, err := parseDouble(raw)
	b, err2 := strconv.ParseFloat(value, 64)
	return err == nil && err2 == nil && a == b && !math.IsInf(a, 0)
}

// jsonArrayGet is the element at an index, from the end if negative. Trino
// gives the text of a scalar as it stands, so that a string has no quotes.
func jsonArrayGet(a []driver.Value) (any, error) {
	s, index := &scanner{in: a[0].(string)}, a[1].(int64)
	if s.peek() != jsonArray {
		return nil, nil
	}
	if index < 0 {
		n, err := (&scanner{in: s.in}).count()
		if err != nil || -index > n || index == math.MinInt64 {
			return nil, nil //nolint:nilerr // no JSON is NULL
		}
		index += n
	}
	var out any
	err := s.elements(func(i int) (bool, error) {
		if int64(i) < index {
			return false, s.skip(0)
		}
		if c := s.peek(); c == jsonArray || c == jsonObject {
			if text, ok := s.extract(); ok {
				out = text
			}
			return true, nil
		}
		tok, err := s.next()
		if err == nil && tok.kind != jsonNull {
			out = javaText(tok.text)
		}
		return true, nil
	})
	if err != nil {
		return nil, nil //nolint:nilerr // no JSON is NULL
	}
	return out, nil
}
