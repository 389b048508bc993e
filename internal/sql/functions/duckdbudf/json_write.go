package duckdbudf

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/types"
)

// writer writes JSON as Jackson does for Trino: no blanks, floats as Java
// prints doubles.
type writer struct {
	scanner
	out   []byte
	order memberOrder
}

// memberOrder says what becomes of the members of objects.
type memberOrder uint8

const (
	asWritten   memberOrder = iota
	firstOrder              // in order of the first of a name; the last of a name counts
	sortedOrder             // in order of their names; the last of a name counts
)

func (w *writer) value(depth int) error {
	if depth > maxJSONDepth {
		return errJSON
	}
	switch c := w.peek(); {
	case c == '{':
		return w.object(depth)
	case c == '[':
		return w.array(depth)
	case c == '"':
		s, err := w.str()
		w.out = appendString(w.out, s)
		return err
	case c == 't', c == 'f', c == 'n':
		word := map[byte]string{'t': "true", 'f': "false", 'n': "null"}[c]
		w.out = append(w.out, word...)
		return w.word(word)
	}
	raw, float, err := w.number()
	if err != nil {
		return err
	}
	return w.writeNumber(raw, float)
}

func (w *writer) writeNumber(raw string, float bool) error {
	if !float {
		if raw != "-0" {
			w.out = append(w.out, raw...)
			return nil
		}
		w.out = append(w.out, '0')
		return nil
	}
	f, err := parseDouble(raw)
	if err != nil {
		return err
	}
	if math.IsInf(f, 0) {
		w.out = appendString(w.out, string(types.AppendDouble(nil, f)))
		return nil
	}
	w.out = types.AppendDouble(w.out, f)
	return nil
}

func (w *writer) array(depth int) error {
	w.out = append(w.out, '[')
	err := w.elements(func(i int) (bool, error) {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		return false, w.value(depth + 1)
	})
	w.out = append(w.out, ']')
	return err
}

// lessUTF16 is the order of Java's strings: by 16-bit units, so that characters
// beyond U+FFFF stand before U+E000.
func lessUTF16(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	if i == len(a) || i == len(b) {
		return len(a) < len(b)
	}
	x, y := a[i], b[i]
	if (x >= fourBytes) != (y >= fourBytes) && min(x, y) >= privateUse {
		return x >= fourBytes
	}
	return x < y
}

// privateUse is the first byte of U+E000, which is 0xEE, as that of all
// characters from there to U+FFFF is 0xEE or 0xEF.
const privateUse = 0xEE

var shortEscapes = strings.NewReplacer("\b", `\b`, "\f", `\f`, "\n", `\n`, "\r", `\r`, "\t", `\t`, `"`, `\"`, `\`, `\\`)

// appendString quotes a string with as few escapes as Jackson.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"' || c == '\\' || c == '\b' || c == '\f' || c == '\n' || c == '\r' || c == '\t':
			dst = append(dst, shortEscapes.Replace(s[i:i+1])...)
		case c < 0x20:
			dst = append(dst, `\u00`...)
			dst = append(dst, "0123456789ABCDEF"[c>>4], "0123456789ABCDEF"[c&15])
		case c == surrogateByte && isHalf(s, i):
			dst = fmt.Appendf(dst, `\u%04X`, half(s, i))
			i += 2
		case c >= fourBytes:
			r, size := utf8.DecodeRuneInString(s[i:])
			dst = appendSurrogates(dst, r)
			i += size - 1
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// fourBytes is the least first byte of a character beyond U+FFFF.
const fourBytes = 0xF0

// appendSurrogates escapes a character beyond U+FFFF, as Jackson does when it
// writes bytes: an emoji is \uD83D\uDE00.
func appendSurrogates(dst []byte, r rune) []byte {
	high, low := utf16.EncodeRune(r)
	return fmt.Appendf(dst, `\u%04X\u%04X`, high, low)
}
