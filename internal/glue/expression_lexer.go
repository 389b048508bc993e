package glue

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind byte

const (
	tokenEnd    tokenKind = iota
	tokenName             // identifier or keyword
	tokenQuoted           // quoted identifier
	tokenString           // text without its quotes
	tokenNumber
	tokenSymbol // = <> < <= > >= ( ) ,
)

type exprToken struct {
	kind tokenKind
	text string
}

// is reports whether the token is the keyword or symbol.
func (t exprToken) is(word string) bool {
	return (t.kind == tokenName || t.kind == tokenSymbol) && strings.EqualFold(t.text, word)
}

// symbols, longest first; != is another spelling of <>.
var symbols = []string{"<>", "!=", "<=", ">=", "=", "<", ">", "(", ")", ","}

// lexExpression cuts an expression into tokens, the last of which is tokenEnd.
func lexExpression(s string) ([]exprToken, error) {
	var out []exprToken
	for {
		s = strings.TrimLeftFunc(s, unicode.IsSpace)
		if s == "" {
			return append(out, exprToken{kind: tokenEnd}), nil
		}
		t, rest, ok := lexToken(s)
		if !ok {
			return nil, invalid("Unsupported expression at '%s'", s)
		}
		out, s = append(out, t), rest
	}
}

func lexToken(s string) (t exprToken, rest string, ok bool) {
	switch r, _ := utf8.DecodeRuneInString(s); {
	case r == '\'':
		text, rest, ok := lexQuoted(s, '\'')
		return exprToken{tokenString, text}, rest, ok
	case r == '"' || r == '`':
		text, rest, ok := lexQuoted(s, byte(r))
		return exprToken{tokenQuoted, text}, rest, ok
	case isDigit(s[0]) || (r == '-' || r == '+' || r == '.') && len(s) > 1 && (isDigit(s[1]) || s[1] == '.'):
		return lexNumber(s)
	case unicode.IsLetter(r) || r == '_':
		end := strings.IndexFunc(s, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '.'
		})
		if end < 0 {
			end = len(s)
		}
		return exprToken{tokenName, s[:end]}, s[end:], true
	}
	for _, symbol := range symbols {
		if rest, ok := strings.CutPrefix(s, symbol); ok {
			if symbol == "!=" {
				symbol = "<>"
			}
			return exprToken{tokenSymbol, symbol}, rest, true
		}
	}
	return exprToken{}, s, false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// lexNumber reads a number; Hive writes suffixes that tell its type (10L).
func lexNumber(s string) (exprToken, string, bool) {
	end := 1
	for end < len(s) && (isDigit(s[end]) || s[end] == '.') {
		end++
	}
	number, rest := s[:end], s[end:]
	if rest != "" && strings.ContainsRune("LlSsYy", rune(rest[0])) {
		rest = rest[1:]
	}
	if r, _ := utf8.DecodeRuneInString(rest); rest != "" && (unicode.IsLetter(r) || r == '_') {
		return exprToken{}, s, false
	}
	return exprToken{tokenNumber, strings.TrimPrefix(number, "+")}, rest, true
}

// lexQuoted reads a quoted text. The quote is doubled within it, or has a
// backslash before it, as Hive's client writes.
func lexQuoted(s string, quote byte) (text, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == quote:
			i++
			b.WriteByte(quote)
		case s[i] == quote && i+1 < len(s) && s[i+1] == quote:
			i++
			b.WriteByte(quote)
		case s[i] == quote:
			return b.String(), s[i+1:], true
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", false
}
