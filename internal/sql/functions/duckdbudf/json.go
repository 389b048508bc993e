package duckdbudf

import (
	"database/sql/driver"
	"math/big"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
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
		return text, err == nil
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

func jsonParse(a []driver.Value) (any, error) {
	w := writer{scanner: scanner{in: a[0].(string)}, sorted: true}
	if err := w.value(0); err != nil || !w.end() {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Cannot convert value to JSON: '%s'", a[0])
	}
	return string(w.out), nil
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
// and an integer, or b and a boolean.
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
	case kind == 'b' && (c == 't' || c == 'f'):
		return s.word(value) == nil
	}
	return false
}

func jsonIsScalar(a []driver.Value) (any, error) {
	s := &scanner{in: a[0].(string)}
	c := s.peek()
	if c == '{' || c == '[' {
		return false, nil
	}
	if err := s.skip(0); err != nil {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Invalid JSON value: %s", a[0])
	}
	return true, nil
}

// jsonToText is CAST(json AS varchar): a scalar's text, NULL of null.
func jsonToText(a []driver.Value) (any, error) {
	s := &scanner{in: a[0].(string)}
	switch c := s.peek(); c {
	case 'n':
		return nil, nil
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return jsonNumberToText(s.in)
	case '{', '[':
		return nil, failure("INVALID_CAST_ARGUMENT", "Cannot cast to varchar.\n%s", a[0])
	}
	text, ok := s.scalar()
	if !ok {
		return nil, failure("INVALID_CAST_ARGUMENT", "Cannot cast to varchar.\n%s", strconv.Quote(a[0].(string)))
	}
	return text, nil
}

// jsonNumberToText writes a number with a point or an exponent as CAST of a
// double does.
func jsonNumberToText(text string) (any, error) {
	if !strings.ContainsAny(text, ".eE") {
		return text, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, failure("INVALID_CAST_ARGUMENT", "Cannot cast to varchar.\n%s", text)
	}
	return string(types.AppendDoubleVarchar(nil, f)), nil
}
