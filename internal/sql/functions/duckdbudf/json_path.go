package duckdbudf

import (
	"strconv"
	"strings"
	"unicode"
)

// parsePath reads a JSON path as Trino's tokenizer does: $.key, $["key"],
// $[0]. Each step is a key, or an index where it stands on an array.
func parsePath(path string) ([]string, error) {
	bad := failure("INVALID_FUNCTION_ARGUMENT", "Invalid JSON path: '%s'", path)
	if !strings.HasPrefix(path, "$") {
		return nil, bad
	}
	rest := path[1:]
	var steps []string
	for rest != "" {
		var step string
		var ok bool
		switch {
		case rest[0] == '.':
			step, rest, ok = dotted(rest[1:])
		case strings.HasPrefix(rest, `["`):
			step, rest, ok = quotedStep(rest[2:])
		case rest[0] == '[':
			step, rest, ok = bracketed(rest[1:])
		}
		if !ok {
			return nil, bad
		}
		steps = append(steps, step)
	}
	return steps, nil
}

func dotted(rest string) (step, after string, ok bool) {
	end := strings.IndexFunc(rest, func(r rune) bool {
		return r != ':' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if end < 0 {
		end = len(rest)
	}
	return rest[:end], rest[end:], end > 0
}

func bracketed(rest string) (step, after string, ok bool) {
	end := strings.IndexByte(rest, ']')
	if end <= 0 {
		return "", "", false
	}
	plain := strings.IndexFunc(rest[:end], func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) < 0
	return rest[:end], rest[end+1:], plain
}

// quotedStep reads the rest of ["…"], in which \" and \\ are escapes.
func quotedStep(rest string) (step, after string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
			if i == len(rest) || rest[i] != '"' && rest[i] != '\\' {
				return "", "", false
			}
			b.WriteByte(rest[i])
		case '"':
			if !strings.HasPrefix(rest[i+1:], "]") {
				return "", "", false
			}
			return b.String(), rest[i+2:], true
		default:
			b.WriteByte(rest[i])
		}
	}
	return "", "", false
}

// find moves to the value at a path. It takes the first member of a name, as
// Trino does, and does not look at what comes behind.
func (s *scanner) find(steps []string) (bool, error) {
	if s.peek() == 0 {
		return false, nil
	}
	for _, step := range steps {
		found, err := s.enter(step)
		if !found || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (s *scanner) enter(step string) (bool, error) {
	found := false
	switch s.peek() {
	case '{':
		err := s.members(func(key string) (bool, error) {
			if key == step {
				found = true
				return true, nil
			}
			return false, s.skip(0)
		})
		return found, err
	case '[':
		want, err := strconv.Atoi(step)
		if err != nil || want < 0 {
			return false, nil
		}
		err = s.elements(func(i int) (bool, error) {
			if i == want {
				found = true
				return true, nil
			}
			return false, s.skip(0)
		})
		return found, err
	}
	return false, nil
}
