package duckdbudf

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Java's strings may hold half of a surrogate pair, which JSON writes as
// "\ud83d". Inside this package it has the three bytes that UTF-8 would give it:
// no text of DuckDB's has them.

// appendRune appends also half of a pair.
func appendRune(dst []byte, r rune) []byte {
	if !utf16.IsSurrogate(r) {
		return utf8.AppendRune(dst, r)
	}
	return append(dst, surrogateByte, byte(0x80|r>>6&0x3F), byte(0x80|r&0x3F))
}

// surrogateByte begins halves of pairs, whose second byte is at least
// surrogateSecond, and some Hangul.
const (
	surrogateByte   = 0xED
	surrogateSecond = 0xA0
)

// isHalf says whether half of a pair stands at i.
func isHalf(s string, i int) bool {
	return s[i] == surrogateByte && i+2 < len(s) && s[i+1] >= surrogateSecond
}

// half is the half of a pair that stands at i.
func half(s string, i int) rune {
	return 0xD000 | rune(s[i+1]&0x3F)<<6 | rune(s[i+2]&0x3F)
}

// javaText is a text as Java writes it in UTF-8: half of a pair becomes "?".
func javaText(s string) string {
	if strings.IndexByte(s, surrogateByte) < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if isHalf(s, i) {
			b.WriteByte('?')
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
