package hive

import (
	"strconv"
	"strings"
)

// unescapeLiteral gives the text of a string token: its parts without their
// quotes, joined, with Hive's escapes resolved.
func unescapeLiteral(text string) string {
	var out strings.Builder
	for text != "" {
		n := closing(text)
		unescape(&out, text[1:n-1])
		text = text[n:]
	}
	return out.String()
}

// escapes are the escapes of one character. \% and \_ keep their backslash, for
// LIKE; any other character stands for itself.
var escapes = map[byte]string{
	'0': "\x00", 'b': "\b", 'n': "\n", 'r': "\r", 't': "\t", 'Z': "\x1a", '%': `\%`, '_': `\_`,
}

// unescape writes the text between two quotes. \001 is one byte in octal (up to
// \177), \u0001 a code point in hexadecimal.
func unescape(out *strings.Builder, text string) {
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			out.WriteByte(text[i])
			continue
		}
		rest := text[i+1:]
		if code, ok := digits(rest, 3, 8); ok && code < 0x80 {
			out.WriteByte(byte(code))
			i += 3
			continue
		}
		if code, ok := digits(strings.TrimPrefix(rest, "u"), 4, 16); ok && rest[0] == 'u' {
			out.WriteRune(rune(code))
			i += 5
			continue
		}
		i++
		if s, ok := escapes[rest[0]]; ok {
			out.WriteString(s)
			continue
		}
		out.WriteByte(rest[0])
	}
}

// digits reads n digits of a base at the beginning of text.
func digits(text string, n, base int) (uint64, bool) {
	if len(text) < n {
		return 0, false
	}
	code, err := strconv.ParseUint(text[:n], base, 32)
	return code, err == nil
}
