package duckdbudf

import "strings"

// appendRow writes a row from an array, by position, or from an object, by the
// names of the fields in small letters.
func (c *jsonCast) appendRow(out []byte, s *scanner, depth int) ([]byte, error) {
	var fields [][]byte
	var err error
	switch s.peek() {
	case jsonArray:
		fields, err = c.rowOfArray(s, depth)
	case jsonObject:
		fields, err = c.rowOfObject(s, depth)
	default:
		return nil, s.unexpected("a json array or object")
	}
	if err != nil {
		return nil, err
	}
	out = append(out, '{')
	for i, f := range fields {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, c.quoted[i]...)
		if f == nil {
			f = []byte("null")
		}
		out = append(out, f...)
	}
	return append(out, '}'), nil
}

func (c *jsonCast) rowOfArray(s *scanner, depth int) ([][]byte, error) {
	fields := make([][]byte, len(c.parts))
	n := 0
	err := s.elements(func(i int) (bool, error) {
		if i == len(c.parts) {
			return true, s.unexpected("json array ending")
		}
		var err error
		fields[i], err = c.parts[i].append(nil, s, depth+1)
		n++
		return false, err
	})
	if err == nil && n < len(c.parts) {
		err = badCast("Unexpected token when cast to %s: ]", c.parts[n].typ)
	}
	return fields, err
}

func (c *jsonCast) rowOfObject(s *scanner, depth int) ([][]byte, error) {
	if c.names == nil {
		return nil, badCast("Cannot cast a JSON object to anonymous row type. Input must be a JSON array.")
	}
	fields := make([][]byte, len(c.parts))
	err := s.members(func(key string) (bool, error) {
		name := strings.ToLower(key)
		i, ok := c.names[name]
		if !ok {
			return false, s.skip(depth + 1)
		}
		if fields[i] != nil {
			return true, badCast("Duplicate field: %s", name)
		}
		var err error
		fields[i], err = c.parts[i].append(nil, s, depth+1)
		return false, err
	})
	return fields, err
}
