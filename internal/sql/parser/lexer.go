package parser

import (
	"strings"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/internal/scan"
)

// lex returns the tokens of text, with a tokenEnd last. It never fails: a
// character that begins no token becomes a tokenUnknown.
func lex(text string) []token {
	tokens := make([]token, 0, len(text)/5+8)
	pos := scan.Start
	// A comment that begins after the last */ is none.
	closable := strings.LastIndex(text, "*/")
	for i := 0; ; {
		n := scan.BlankBefore(text[i:], closable-i)
		pos = scan.Advance(pos, text[i:i+n])
		i += n
		if i == len(text) {
			return append(tokens, token{kind: tokenEnd, pos: pos})
		}
		t := next(text[i:], pos)
		tokens = append(tokens, t)
		pos = scan.Advance(pos, t.text)
		i += len(t.text)
	}
}

// next is the token that rest, at pos, begins with.
func next(rest string, pos ast.Position) token {
	kind, n := measure(rest)
	t := token{kind: kind, text: rest[:n], pos: pos}
	switch kind {
	case tokenSymbol:
		t.word = t.text
		if t.word == "!=" {
			t.word = "<>"
		}
	case tokenIdentifier:
		if n <= longestKeyword {
			if word, ok := canonical[strings.ToUpper(t.text)]; ok {
				t.kind, t.word = tokenKeyword, word
			}
		}
	}
	return t
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
func isWordPart(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' }

// measure gives the kind and the length in bytes of the token that rest begins
// with.
func measure(rest string) (tokenKind, int) {
	c := rest[0]
	switch {
	case c == '\'':
		return quoted(rest, 0, tokenString)
	case c == '"':
		return quoted(rest, 0, tokenQuoted)
	case c == '`':
		return quoted(rest, 0, tokenBackquoted)
	case (c == 'x' || c == 'X') && strings.HasPrefix(rest[1:], "'"):
		if end := strings.IndexByte(rest[2:], '\''); end >= 0 {
			return tokenBinary, end + 3
		}
	case (c == 'u' || c == 'U') && strings.HasPrefix(rest[1:], "&'"):
		if kind, n := quoted(rest, 2, tokenUnicode); kind != tokenUnknown {
			return kind, n
		}
	case isDigit(c), c == '.' && len(rest) > 1 && isDigit(rest[1]):
		return number(rest)
	}
	if isLetter(c) || c == '_' {
		n := 1
		for n < len(rest) && isWordPart(rest[n]) {
			n++
		}
		return tokenIdentifier, n
	}
	for _, symbol := range symbols {
		if strings.HasPrefix(rest, symbol) {
			return tokenSymbol, len(symbol)
		}
	}
	_, size := utf8.DecodeRuneInString(rest)
	return tokenUnknown, size
}

// symbols, longer ones first.
var symbols = []string{
	"<>", "!=", "<=", ">=", "||", "->", "=>", "{-", "-}",
	"(", ")", "[", "]", ",", ".", ";", "=", "<", ">", "+", "-", "*", "/", "%", "?", ":",
	// Only row patterns have these.
	"{", "}", "^", "$", "|",
}

// quoted measures a quoted token whose quote is at rest[start]; the quote
// doubled stands for itself.
func quoted(rest string, start int, kind tokenKind) (tokenKind, int) {
	quote := rest[start]
	for i := start + 1; i < len(rest); i++ {
		if rest[i] != quote {
			continue
		}
		if i+1 < len(rest) && rest[i+1] == quote {
			i++
			continue
		}
		return kind, i + 1
	}
	return tokenUnknown, 1
}

// number measures a number, or an identifier that begins with a digit. The
// longest match wins, as in Trino's lexer; at equal length the number.
func number(rest string) (tokenKind, int) {
	kind, n := tokenInteger, integer(rest)
	if !isBased(rest[:n]) {
		if n < len(rest) && rest[n] == '.' {
			kind, n = tokenDecimal, digits(rest, n+1, isDigit)
		}
		if end := exponent(rest); end >= n {
			kind, n = tokenDouble, end
		}
	}
	word := 0
	for word < len(rest) && isWordPart(rest[word]) {
		word++
	}
	if word > n {
		return tokenDigit, word
	}
	return kind, n
}

// integer measures 123, 1_000, 0x1F, 0o17 or 0b11.
func integer(rest string) int {
	if len(rest) > 2 && rest[0] == '0' {
		if class := baseDigits(rest[1]); class != nil {
			if n := digits(rest, 2, class); n > 2 {
				return n
			}
		}
	}
	return digits(rest, 0, isDigit)
}

func isBased(number string) bool { return len(number) > 2 && baseDigits(number[1]) != nil }

// baseDigits is the class of digits after 0x, 0o or 0b; nil for another letter.
func baseDigits(c byte) func(byte) bool {
	switch c {
	case 'x', 'X':
		return func(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
	case 'o', 'O':
		return func(c byte) bool { return '0' <= c && c <= '7' }
	case 'b', 'B':
		return func(c byte) bool { return c == '0' || c == '1' }
	}
	return nil
}

// digits gives the end of a run of digits that begins at start, with single
// underscores between (or, after a base, before) them.
func digits(rest string, start int, class func(byte) bool) int {
	i := start
	for i < len(rest) {
		if class(rest[i]) {
			i++
			continue
		}
		afterUnderscore := i + 1
		if rest[i] != '_' || i == 0 || afterUnderscore >= len(rest) || !class(rest[afterUnderscore]) || rest[i-1] == '.' {
			break
		}
		i = afterUnderscore + 1
	}
	return i
}

// exponent gives the end of a double (1e5, 1.5e-3, .5E3; no underscores), or 0
// where rest begins with none.
func exponent(rest string) int {
	i := plainDigits(rest, 0)
	if i < len(rest) && rest[i] == '.' {
		i = plainDigits(rest, i+1)
	}
	if i >= len(rest) || rest[i]|0x20 != 'e' {
		return 0
	}
	i++
	if i < len(rest) && (rest[i] == '+' || rest[i] == '-') {
		i++
	}
	if end := plainDigits(rest, i); end > i {
		return end
	}
	return 0
}

func plainDigits(rest string, i int) int {
	for i < len(rest) && isDigit(rest[i]) {
		i++
	}
	return i
}
