package duckdbudf

import (
	"errors"
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// jsonCast is CAST(json AS T) for one T. It checks the JSON as Trino does and
// writes what DuckDB turns into a value of T without a doubt: for a scalar its
// text, for an array, map or row the JSON that json_transform_strict takes, in
// which each row is an object with all its fields, and a text, json or decimal
// is a string.
type jsonCast struct {
	typ    types.Type
	parts  []*jsonCast
	names  map[string]int // of a row's fields
	quoted []string       // `"name":` of each field of a row
}

func newJSONCast(t types.Type) *jsonCast {
	c := &jsonCast{typ: t}
	for i, f := range t.Fields {
		c.parts = append(c.parts, newJSONCast(f.Type))
		if t.Kind != types.Row {
			continue
		}
		name := types.DuckDBFieldName(t, i)
		name = strings.ReplaceAll(name[1:len(name)-1], `""`, `"`)
		c.quoted = append(c.quoted, string(appendString(nil, name))+":")
	}
	if t.Kind == types.Row && t.Fields[0].Name != "" {
		c.names = map[string]int{}
		for i, f := range t.Fields {
			c.names[f.Name] = i
		}
	}
	return c
}

// jsonCasts are the casts by the text of their type.
var jsonCasts cache[*jsonCast]

// compileJSONCast gives the cast to a type in Trino's notation.
func compileJSONCast(typ string) (textFunc, error) {
	c, err := jsonCasts.get(typ, func(typ string) (*jsonCast, error) {
		t, err := types.Parse(typ)
		if err != nil {
			return nil, fmt.Errorf("type of a cast from json: %w", err)
		}
		return newJSONCast(t), nil
	})
	if err != nil {
		return nil, err
	}
	return c.run, nil
}

// compileJSONTryCast is the cast that gives NULL where it fails.
func compileJSONTryCast(typ string) (textFunc, error) {
	cast, err := compileJSONCast(typ)
	if err != nil {
		return nil, err
	}
	return func(text string) (string, bool, error) {
		out, ok, err := cast(text)
		var failed *castError
		if errors.As(err, &failed) {
			return "", false, nil
		}
		return out, ok, err
	}, nil
}

// castError is INVALID_CAST_ARGUMENT, the one error that TRY_CAST catches.
type castError struct{ reason string }

func (e *castError) Error() string { return "scops:INVALID_CAST_ARGUMENT: " + e.reason }

func badCast(format string, args ...any) error {
	return &castError{fmt.Sprintf(format, args...)}
}

func (c *jsonCast) run(text string) (string, bool, error) {
	s := &scanner{in: text}
	if len(c.parts) == 0 {
		return c.scalarText(s)
	}
	if s.peek() == jsonNull {
		return "", false, nil
	}
	out, err := c.append(nil, s, 0)
	var failed *castError
	switch {
	case errors.As(err, &failed):
		reason := failed.reason
		if reason != "" {
			reason = " " + reason
		}
		return "", false, badCast("Cannot cast to %s.%s\n%s", c.typ, reason, text)
	case err == nil && !s.end(), errors.Is(err, errJSON):
		return "", false, badCast("Cannot cast to %s.\n%s", c.typ, text)
	}
	return string(out), true, err
}

// scalarText is the text of a scalar that is cast by itself.
func (c *jsonCast) scalarText(s *scanner) (string, bool, error) {
	tok, err := s.next()
	if err != nil || !s.end() && tok.kind != jsonArray && tok.kind != jsonObject {
		return "", false, badCast("Cannot cast '%s' to %s", s.in, castName(c.typ))
	}
	if tok.kind == jsonNull {
		return "", false, nil
	}
	out, err := scalarCast(c.typ, tok)
	var failed *castError
	if errors.As(err, &failed) && failed.reason == "" {
		return "", false, badCast("Cannot cast '%s' to %s", s.in, castName(c.typ))
	}
	return out, true, err
}

// castName is a type in the messages of casts from json.
func castName(t types.Type) string {
	if t.Kind == types.Decimal {
		return fmt.Sprintf("DECIMAL(%d,%d)", t.Precision, t.Scale)
	}
	return t.String()
}

// append writes the value that s stands at.
func (c *jsonCast) append(out []byte, s *scanner, depth int) ([]byte, error) {
	if depth > maxJSONDepth {
		return nil, errJSON
	}
	switch c.typ.Kind {
	case types.JSON:
		return appendNestedJSON(out, s, depth)
	case types.Array, types.Map, types.Row:
		if s.peek() == jsonNull {
			return append(out, "null"...), s.word("null")
		}
	}
	switch c.typ.Kind {
	case types.Array:
		return c.appendArray(out, s, depth)
	case types.Map:
		return c.appendMap(out, s, depth)
	case types.Row:
		return c.appendRow(out, s, depth)
	}
	if s.peek() == ']' { // a row of too few values
		return nil, badCast("Unexpected token when cast to %s: ]", c.typ)
	}
	tok, err := s.next()
	if err != nil {
		return nil, err
	}
	if tok.kind == jsonNull {
		return append(out, "null"...), nil
	}
	text, err := scalarCast(c.typ, tok)
	if err != nil {
		return nil, err
	}
	if c.typ.IsInteger() || c.typ.Kind == types.Boolean {
		return append(out, text...), nil
	}
	return appendString(out, text), nil
}

// appendNestedJSON writes JSON as a string. Of members with one name the last
// counts, at the place of the first.
func appendNestedJSON(out []byte, s *scanner, depth int) ([]byte, error) {
	w := writer{scanner: *s, order: firstOrder}
	if err := w.value(depth); err != nil {
		return nil, err
	}
	s.pos = w.pos
	return appendString(out, string(w.out)), nil
}

// unexpected says what was found in place of a container.
func (s *scanner) unexpected(wanted string) error {
	tok, err := s.next()
	if err != nil {
		return err
	}
	return badCast("Expected %s, but got %s", wanted, tok.text)
}

func (c *jsonCast) appendArray(out []byte, s *scanner, depth int) ([]byte, error) {
	if s.peek() != jsonArray {
		return nil, s.unexpected("a json array")
	}
	out = append(out, '[')
	err := s.elements(func(i int) (bool, error) {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		out, err = c.parts[0].append(out, s, depth+1)
		return false, err
	})
	return append(out, ']'), err
}

func (c *jsonCast) appendMap(out []byte, s *scanner, depth int) ([]byte, error) {
	if s.peek() != jsonObject {
		return nil, s.unexpected("a json object")
	}
	out = append(out, '{')
	seen := map[string]bool{}
	err := s.members(func(key string) (bool, error) {
		text, err := scalarCast(c.typ.Key(), token{jsonString, key})
		if err != nil {
			return true, err
		}
		if seen[text] {
			return true, badCast("Duplicate map keys are not allowed")
		}
		if len(seen) > 0 {
			out = append(out, ',')
		}
		seen[text] = true
		out = append(appendString(out, text), ':')
		out, err = c.parts[1].append(out, s, depth+1)
		return false, err
	})
	return append(out, '}'), err
}
