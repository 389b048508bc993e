package duckdbudf

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

var errJSON = errors.New("invalid JSON")

// scanner reads JSON text token by token, as far as it is asked to, since what
// lies behind a found value does not matter to Trino's extraction either.
type scanner struct {
	in  string
	pos int
}

// maxJSONDepth bounds nesting, so that hostile text cannot exhaust the stack.
const maxJSONDepth = 1000

// peek is the first byte of the next token, 0 at the end.
func (s *scanner) peek() byte {
	for s.pos < len(s.in) {
		switch s.in[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return s.in[s.pos]
		}
	}
	return 0
}

// end says whether nothing but blanks is left.
func (s *scanner) end() bool { return s.peek() == 0 && s.pos == len(s.in) }

func (s *scanner) accept(c byte) bool {
	if s.peek() != c || c == 0 {
		return false
	}
	s.pos++
	return true
}

// word reads true, false or null.
func (s *scanner) word(w string) error {
	if !strings.HasPrefix(s.in[s.pos:], w) {
		return errJSON
	}
	s.pos += len(w)
	if c := s.at(); c < '0' || c == ']' || c == '}' {
		return nil
	}
	if r, _ := utf8.DecodeRuneInString(s.in[s.pos:]); r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) {
		return errJSON
	}
	return nil
}

// number reads a number's text and says whether it has a fraction or exponent.
func (s *scanner) number() (raw string, float bool, err error) {
	start := s.pos
	if s.at() == '-' {
		s.pos++
	}
	whole := s.digits()
	if whole == 0 || whole > 1 && s.in[s.pos-whole] == '0' {
		return "", false, errJSON
	}
	if s.at() == '.' {
		s.pos++
		float = true
		if s.digits() == 0 {
			return "", false, errJSON
		}
	}
	if c := s.at(); c == 'e' || c == 'E' {
		s.pos++
		float = true
		if c := s.at(); c == '+' || c == '-' {
			s.pos++
		}
		if s.digits() == 0 {
			return "", false, errJSON
		}
	}
	if !s.separated(start) {
		return "", false, errJSON
	}
	return s.in[start:s.pos], float, nil
}

// separated says whether a number that begins at start may end here: one that
// is no part of an array or object must have a blank or the end behind it.
func (s *scanner) separated(start int) bool {
	if s.pos == len(s.in) || strings.IndexByte(jsonBlanks, s.in[s.pos]) >= 0 {
		return true
	}
	return strings.TrimLeft(s.in[:start], jsonBlanks) != ""
}

const jsonBlanks = " \t\n\r"

func (s *scanner) at() byte {
	if s.pos < len(s.in) {
		return s.in[s.pos]
	}
	return 0
}

func (s *scanner) digits() int {
	start := s.pos
	for s.pos < len(s.in) && s.in[s.pos] >= '0' && s.in[s.pos] <= '9' {
		s.pos++
	}
	return s.pos - start
}

var escapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// str reads a string; the position is at its first quote.
func (s *scanner) str() (string, error) {
	if s.at() != '"' {
		return "", errJSON
	}
	s.pos++
	start := s.pos
	for s.pos < len(s.in) {
		switch c := s.in[s.pos]; {
		case c == '"':
			s.pos++
			return s.in[start : s.pos-1], nil
		case c == '\\':
			return s.escaped(start)
		case c < 0x20:
			return "", errJSON
		}
		s.pos++
	}
	return "", errJSON
}

// escaped goes on with a string in which the first escape was found.
func (s *scanner) escaped(start int) (string, error) {
	b := []byte(s.in[start:s.pos])
	for s.pos < len(s.in) {
		c := s.in[s.pos]
		s.pos++
		switch {
		case c == '"':
			return string(b), nil
		case c < 0x20:
			return "", errJSON
		case c != '\\':
			b = append(b, c)
		case s.at() == 'u':
			r, err := s.unicode()
			if err != nil {
				return "", err
			}
			b = appendRune(b, r)
		default:
			e, ok := escapes[s.at()]
			if !ok {
				return "", errJSON
			}
			s.pos++
			b = append(b, e)
		}
	}
	return "", errJSON
}

func (s *scanner) unicode() (rune, error) {
	r, err := s.hex4()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if !strings.HasPrefix(s.in[s.pos:], `\u`) {
		return r, nil
	}
	mark := s.pos
	s.pos++
	low, err := s.hex4()
	if err != nil {
		return 0, err
	}
	if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
		return pair, nil
	}
	s.pos = mark
	return r, nil
}

// hex4 reads uXXXX.
func (s *scanner) hex4() (rune, error) {
	if s.pos+5 > len(s.in) {
		return 0, errJSON
	}
	n, err := strconv.ParseUint(s.in[s.pos+1:s.pos+5], 16, 32)
	if err != nil {
		return 0, errJSON
	}
	s.pos += 5
	return rune(n), nil
}

// skip reads over a value.
func (s *scanner) skip(depth int) error {
	if depth > maxJSONDepth {
		return errJSON
	}
	switch c := s.peek(); {
	case c == '{':
		return s.members(func(string) (bool, error) { return false, s.skip(depth + 1) })
	case c == '[':
		return s.elements(func(int) (bool, error) { return false, s.skip(depth + 1) })
	case c == '"':
		_, err := s.str()
		return err
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == 'n':
		return s.word("null")
	}
	_, _, err := s.number()
	return err
}

// members calls f at the value of each member, until f says to stop.
func (s *scanner) members(f func(key string) (stop bool, err error)) error {
	s.accept('{')
	if s.accept('}') {
		return nil
	}
	for {
		if s.peek() != '"' {
			return errJSON
		}
		key, err := s.str()
		if err != nil {
			return err
		}
		if !s.accept(':') {
			return errJSON
		}
		if stop, err := f(key); stop || err != nil {
			return err
		}
		if s.accept('}') {
			return nil
		}
		if !s.accept(',') {
			return errJSON
		}
	}
}

// elements calls f at each element, until f says to stop.
func (s *scanner) elements(f func(i int) (stop bool, err error)) error {
	s.accept('[')
	if s.accept(']') {
		return nil
	}
	for i := 0; ; i++ {
		if stop, err := f(i); stop || err != nil {
			return err
		}
		if s.accept(']') {
			return nil
		}
		if !s.accept(',') {
			return errJSON
		}
	}
}
