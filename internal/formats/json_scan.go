package formats

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

type tokenKind uint8

const (
	missing tokenKind = iota
	nullToken
	stringToken  // raw: between the quotes
	literalToken // raw: a number, true, false; in OpenX mode any bare word
	objectToken  // raw: from { to }
	arrayToken   // raw: from [ to ]
)

// token is a JSON value where it lies in its line.
type token struct {
	kind     tokenKind
	escaped  bool // a string with backslashes
	nonASCII bool // a string with bytes from 0x80 on
	raw      []byte
}

const maxJSONDepth = 512

// scanner reads regular JSON. bare lets any bare word be a value, as the OpenX
// SerDe does; without it only JSON's literals are.
type scanner struct{ bare bool }

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

// Masks to look at eight bytes of a string at once.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special marks the bytes of w that end a string's plain run: quotes,
// backslashes and control characters. Marks above the lowest one may be false.
func special(w uint64) uint64 {
	quote, slash := w^'"'*ones, w^'\\'*ones
	return ((quote-ones) & ^quote | (slash-ones) & ^slash | (w-' '*ones) & ^w) & highs
}

// str scans a string whose opening quote is before i, and returns the index
// behind its closing quote.
func (s scanner) str(b []byte, i int) (token, int, bool) {
	t := token{kind: stringToken}
	begin := i
	var seen uint64
	for i < len(b) {
		if i+8 <= len(b) {
			w := binary.LittleEndian.Uint64(b[i:])
			m := special(w)
			if m == 0 {
				seen |= w
				i += 8
				continue
			}
			n := bits.TrailingZeros64(m) &^ 7 // the bits of the bytes before the mark
			seen |= w & (1<<n - 1)
			i += n / 8
		}
		switch c := b[i]; {
		case c == '"':
			t.raw, t.nonASCII = b[begin:i], seen&highs != 0
			return t, i + 1, true
		case c == '\\':
			t.escaped = true
			n := escapeLength(b[i:])
			if n == 0 {
				return t, i, false
			}
			i += n
		case c < ' ':
			return t, i, false
		default:
			seen |= uint64(c)
			i++
		}
	}
	return t, i, false
}

// escapeLength is the length of the JSON escape that b begins with, or 0.
func escapeLength(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hex4(b[2:]); ok {
			return 6
		}
	}
	return 0
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// value scans one value at i, blanks before it allowed.
func (s scanner) value(b []byte, i, depth int) (token, int, bool) {
	i = space(b, i)
	if i >= len(b) || depth > maxJSONDepth {
		return token{}, i, false
	}
	switch b[i] {
	case '"':
		return s.str(b, i+1)
	case '{':
		end, ok := s.members(b, i, depth, nil)
		return token{kind: objectToken, raw: b[i:end]}, end, ok
	case '[':
		end, ok := s.elements(b, i, depth, nil)
		return token{kind: arrayToken, raw: b[i:end]}, end, ok
	}
	return s.literal(b, i)
}

// endsLiteral are the bytes at which a bare word ends.
var endsLiteral = [256]bool{' ': true, '\r': true, '\n': true, '\t': true, '\f': true, '{': true, '}': true,
	'[': true, ']': true, '/': true, '\\': true, ':': true, ',': true, '=': true, ';': true, '#': true}

func (s scanner) literal(b []byte, i int) (token, int, bool) {
	begin := i
	for i < len(b) && !endsLiteral[b[i]] {
		i++
	}
	raw := b[begin:i]
	t := token{kind: literalToken, raw: raw}
	switch {
	case len(raw) == 0 || raw[0] == '\'':
		return t, begin, false
	case string(raw) == "null" || s.bare && bytes.EqualFold(raw, []byte("null")):
		t.kind = nullToken
		return t, i, true
	case s.bare:
		t.nonASCII = !isASCII(raw)
		return t, i, true
	}
	return t, i, isNumber(raw) || string(raw) == "true" || string(raw) == "false"
}

// isNumber says whether b is a number of the JSON grammar.
func isNumber(b []byte) bool {
	i := 0
	run := func() bool {
		begin := i
		for i < len(b) && b[i] >= '0' && b[i] <= '9' {
			i++
		}
		return i > begin
	}
	if i < len(b) && b[i] == '-' {
		i++
	}
	if i+1 < len(b) && b[i] == '0' && b[i+1] >= '0' && b[i+1] <= '9' || !run() {
		return false
	}
	if i < len(b) && b[i] == '.' {
		i++
		if !run() {
			return false
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if !run() {
			return false
		}
	}
	return i == len(b)
}

// members scans the object at i and calls each (where not nil) for its
// members. It returns the index behind the object.
func (s scanner) members(b []byte, i, depth int, each func(position int, key, value token)) (int, bool) {
	i = space(b, i+1)
	if i < len(b) && b[i] == '}' {
		return i + 1, true
	}
	for n := 0; ; n++ {
		i = space(b, i)
		if i >= len(b) || b[i] != '"' {
			return i, false
		}
		key, next, ok := s.str(b, i+1)
		if !ok {
			return next, false
		}
		i = space(b, next)
		if i >= len(b) || b[i] != ':' {
			return i, false
		}
		value, next, ok := s.value(b, i+1, depth+1)
		if !ok {
			return next, false
		}
		if each != nil {
			each(n, key, value)
		}
		i = space(b, next)
		if i >= len(b) {
			return i, false
		}
		switch b[i] {
		case '}':
			return i + 1, true
		case ',':
			i++
		default:
			return i, false
		}
	}
}

// elements is members for the array at i.
func (s scanner) elements(b []byte, i, depth int, each func(position int, value token)) (int, bool) {
	i = space(b, i+1)
	if i < len(b) && b[i] == ']' {
		return i + 1, true
	}
	for n := 0; ; n++ {
		value, next, ok := s.value(b, i, depth+1)
		if !ok {
			return next, false
		}
		if each != nil {
			each(n, value)
		}
		i = space(b, next)
		if i >= len(b) {
			return i, false
		}
		switch b[i] {
		case ']':
			return i + 1, true
		case ',':
			i++
		default:
			return i, false
		}
	}
}

// unescape appends the text of a string token's raw bytes. A surrogate without
// its partner becomes ?, as Java writes it.
func unescape(out, raw []byte) []byte {
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			i++
			continue
		}
		switch c := raw[i+1]; c {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, _ := hex4(raw[i+2:])
			i += 6
			if utf16.IsSurrogate(r) {
				pair := rune(utf8.RuneError)
				if i+6 <= len(raw) && raw[i] == '\\' && raw[i+1] == 'u' {
					low, _ := hex4(raw[i+2:])
					pair = utf16.DecodeRune(r, low)
				}
				if pair == utf8.RuneError {
					out = append(out, '?')
					continue
				}
				i += 6
				r = pair
			}
			out = utf8.AppendRune(out, r)
			continue
		default: // " \ /
			out = append(out, c)
		}
		i += 2
	}
	return out
}
