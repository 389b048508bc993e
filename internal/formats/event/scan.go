package event

import (
	"fmt"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const maxDepth = 1000 // of nested arrays and objects

// scanner walks JSON text. Its methods leave pos behind what they read.
type scanner struct {
	text string
	pos  int
}

func (s *scanner) fail(at int, expected string) *Rejection {
	found := "the end"
	if at < len(s.text) {
		r, _ := utf8.DecodeRuneInString(s.text[at:])
		found = strconv.QuoteRune(r)
	}
	return &Rejection{Offset: at, Expected: expected, Found: found, syntax: true}
}

func (s *scanner) space() {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ' ', '\n', '\t', '\r':
			s.pos++
		default:
			return
		}
	}
}

// peek skips white space and returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.pos < len(s.text) && s.text[s.pos] > ' ' {
		return s.text[s.pos]
	}
	s.space()
	if s.pos >= len(s.text) {
		return 0
	}
	return s.text[s.pos]
}

// plain says for each byte whether it stands for itself inside a string.
var plain = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 0x20 && c != '"' && c != '\\'
	}
	return t
}()

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// plainUntil returns where the plain bytes from i on end, eight at a time.
func plainUntil(s string, i int) int {
	for ; i+8 <= len(s); i += 8 {
		w := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		quote, escape := w^(ones*'"'), w^(ones*'\\')
		// a byte's high bit is set where the byte is below 0x20, '"' or '\\';
		// a false hit needs a true one in a lower byte, so the first is right
		hit := ((w-ones*0x20)&^w | (quote-ones)&^quote | (escape-ones)&^escape) & highs
		if hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
	}
	for i < len(s) && plain[s[i]] {
		i++
	}
	return i
}

// str reads a string; the result shares memory with the text unless the string
// has escapes.
func (s *scanner) str() (string, *Rejection) {
	start := s.pos + 1
	i := plainUntil(s.text, start)
	if i < len(s.text) && s.text[i] == '"' {
		s.pos = i + 1
		return s.text[start:i], nil
	}
	return s.escaped(start, i)
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *scanner) escaped(start, i int) (string, *Rejection) {
	buf := append(make([]byte, 0, 2*(i-start)+16), s.text[start:i]...)
	for i < len(s.text) {
		switch c := s.text[i]; {
		case c == '"':
			s.pos = i + 1
			return string(buf), nil
		case plain[c]:
			buf = append(buf, c)
			i++
		case c != '\\':
			return "", s.fail(i, "no control character inside a string")
		case i+1 < len(s.text) && s.text[i+1] == 'u':
			r, n := s.unicode(i)
			if n == 0 {
				return "", s.fail(i, `\u with four hexadecimal digits, surrogates in pairs`)
			}
			buf = utf8.AppendRune(buf, r)
			i += n
		case i+1 < len(s.text) && escapes[s.text[i+1]] != 0:
			buf = append(buf, escapes[s.text[i+1]])
			i += 2
		default:
			return "", s.fail(min(i+1, len(s.text)), "an escape character")
		}
	}
	return "", s.fail(len(s.text), "the closing quote of a string")
}

// unicode reads \uXXXX, or two of them that are a surrogate pair, at i, and the
// bytes it took; 0 where it is neither.
func (s *scanner) unicode(i int) (rune, int) {
	r, ok := s.hex4(i + 2)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if i+12 > len(s.text) || s.text[i+6] != '\\' || s.text[i+7] != 'u' {
		return 0, 0
	}
	low, ok := s.hex4(i + 8)
	if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
		return 0, 0
	}
	return r, 12
}

func (s *scanner) hex4(i int) (rune, bool) {
	if i+4 > len(s.text) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s.text[i : i+4]) {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// number reads a number and returns its text.
func (s *scanner) number() (string, *Rejection) {
	start := s.pos
	if s.at('-') {
		s.pos++
	}
	if s.at('0') {
		s.pos++
	} else if !s.digits() {
		return "", s.fail(s.pos, "a digit")
	}
	if s.at('.') {
		s.pos++
		if !s.digits() {
			return "", s.fail(s.pos, "a digit after the decimal point")
		}
	}
	if s.at('e') || s.at('E') {
		s.pos++
		if s.at('+') || s.at('-') {
			s.pos++
		}
		if !s.digits() {
			return "", s.fail(s.pos, "a digit of the exponent")
		}
	}
	return s.text[start:s.pos], nil
}

func (s *scanner) at(c byte) bool { return s.pos < len(s.text) && s.text[s.pos] == c }

func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.text) && s.text[s.pos]-'0' <= 9 {
		s.pos++
	}
	return s.pos > start
}

func (s *scanner) word(w string) *Rejection {
	for i := range len(w) {
		if !s.at(w[i]) {
			return s.fail(s.pos, w)
		}
		s.pos++
	}
	return nil
}

// key reads a field name and the colon behind it.
func (s *scanner) key() (string, *Rejection) {
	if s.peek() != '"' {
		return "", s.fail(s.pos, "a field name in double quotes")
	}
	name, r := s.str()
	if r != nil {
		return "", r
	}
	if s.peek() != ':' {
		return "", s.fail(s.pos, "':' behind a field name")
	}
	s.pos++
	return name, nil
}

// members calls f at each member of the object or array that starts at pos,
// after its opening bracket; f must read the member.
func (s *scanner) members(closing byte, f func() *Rejection) *Rejection {
	s.pos++
	if s.peek() == closing {
		s.pos++
		return nil
	}
	for {
		if r := f(); r != nil {
			return r
		}
		switch s.peek() {
		case ',':
			s.pos++
		case closing:
			s.pos++
			return nil
		default:
			return s.fail(s.pos, fmt.Sprintf("',' or '%c'", closing))
		}
	}
}

// skip checks one value of any kind and leaves it behind.
func (s *scanner) skip(depth int) *Rejection {
	if depth > maxDepth {
		return &Rejection{Offset: s.pos, Detail: fmt.Sprintf("nested more than %d deep at byte %d", maxDepth, s.pos)}
	}
	switch c := s.peek(); c {
	case '"':
		_, r := s.str()
		return r
	case '{':
		return s.members('}', func() *Rejection {
			if _, r := s.key(); r != nil {
				return r
			}
			return s.skip(depth + 1)
		})
	case '[':
		return s.members(']', func() *Rejection { return s.skip(depth + 1) })
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	default:
		if c != '-' && c-'0' > 9 {
			return s.fail(s.pos, "a value")
		}
		_, r := s.number()
		return r
	}
}
