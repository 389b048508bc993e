package duckdbudf

import (
	"fmt"
	"math/big"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/types"
)

// writer writes JSON as Jackson does for Trino: no blanks, floats as Java
// prints doubles, members in order of their names if sorted, where the last of
// a name counts.
type writer struct {
	scanner
	out    []byte
	sorted bool
}

func (w *writer) value(depth int) error {
	if depth > maxJSONDepth {
		return errJSON
	}
	switch c := w.peek(); {
	case c == '{' && w.sorted:
		return w.sortedObject(depth)
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
		n, _ := new(big.Int).SetString(raw, 10)
		w.out = n.Append(w.out, 10)
		return nil
	}
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return errJSON // beyond double
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

func (w *writer) object(depth int) error {
	w.out = append(w.out, '{')
	first := true
	err := w.members(func(key string) (bool, error) {
		if !first {
			w.out = append(w.out, ',')
		}
		first = false
		w.out = append(appendString(w.out, key), ':')
		return false, w.value(depth + 1)
	})
	w.out = append(w.out, '}')
	return err
}

func (w *writer) sortedObject(depth int) error {
	outer := w.out
	members := map[string][]byte{}
	err := w.members(func(key string) (bool, error) {
		w.out = nil
		err := w.value(depth + 1)
		members[key] = w.out
		return false, err
	})
	keys := make([]string, 0, len(members))
	for k := range members {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return lessUTF16(keys[i], keys[j]) })
	outer = append(outer, '{')
	for i, k := range keys {
		if i > 0 {
			outer = append(outer, ',')
		}
		outer = append(append(appendString(outer, k), ':'), members[k]...)
	}
	w.out = append(outer, '}')
	return err
}

// lessUTF16 is the order of Java's strings.
func lessUTF16(a, b string) bool {
	x, y := utf16.Encode([]rune(a)), utf16.Encode([]rune(b))
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] < y[i]
		}
	}
	return len(x) < len(y)
}

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
