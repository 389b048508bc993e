package hive

import (
	"strings"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/ast"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenBackquoted
	tokenString // '…' or "…"
	tokenNumber
	tokenSymbol  // one character
	tokenUnknown // begins nothing; the last token before the end
)

type token struct {
	kind tokenKind
	// word is a symbol, or a word in capitals; "" for other kinds.
	word string
	text string // as written
	pos  ast.Position
}

func (t token) display() string {
	if t.kind == tokenEnd {
		return "<EOF>"
	}
	return t.text
}

// lexer cuts DDL into tokens.
type lexer struct {
	text         string
	at           int
	line, column int
}

// lex returns the tokens of text, with a tokenEnd last; nothing is read after a
// tokenUnknown.
func lex(text string) []token {
	l := &lexer{text: text, line: 1, column: 1}
	var tokens []token
	for {
		l.advance(blank(l.text[l.at:]))
		rest := l.text[l.at:]
		pos := ast.Position{Line: l.line, Column: l.column}
		if rest == "" {
			return append(tokens, token{kind: tokenEnd, pos: pos})
		}
		kind, n := measure(rest)
		t := token{kind: kind, text: rest[:n], pos: pos}
		switch kind {
		case tokenWord:
			t.word = strings.ToUpper(t.text)
		case tokenSymbol:
			t.word = t.text
		}
		tokens = append(tokens, t)
		l.advance(n)
		if kind == tokenUnknown {
			l.at = len(l.text)
		}
	}
}

// advance moves over n bytes, counting lines and code points.
func (l *lexer) advance(n int) {
	for _, r := range l.text[l.at : l.at+n] {
		l.column++
		if r == '\n' {
			l.line++
			l.column = 1
		}
	}
	l.at += n
}

// blank measures white space and comments.
func blank(text string) int {
	n := 0
	for n < len(text) {
		rest := text[n:]
		switch {
		case strings.IndexByte(" \t\r\n\f\v", rest[0]) >= 0:
			n++
		case strings.HasPrefix(rest, "--"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				return len(text)
			}
			n += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return n
			}
			n += end + 4
		default:
			return n
		}
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWordPart(c byte) bool {
	return isDigit(c) || c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// measure gives the kind and length in bytes of the token that rest begins
// with.
func measure(rest string) (tokenKind, int) {
	c := rest[0]
	switch {
	case c == '\'' || c == '"':
		return quotedString(rest)
	case c == '`':
		return backquoted(rest)
	case isWordPart(c):
		return word(rest)
	case strings.IndexByte("()<>,.:=;+-*!", c) >= 0:
		return tokenSymbol, 1
	}
	_, size := utf8.DecodeRuneInString(rest)
	return tokenUnknown, size
}

// word measures a name, which may begin with a digit, or a number.
func word(rest string) (tokenKind, int) {
	n, digits := 0, true
	for n < len(rest) && isWordPart(rest[n]) {
		digits = digits && isDigit(rest[n])
		n++
	}
	if !digits {
		return tokenWord, n
	}
	if n+1 < len(rest) && rest[n] == '.' && isDigit(rest[n+1]) {
		for n++; n < len(rest) && isDigit(rest[n]); n++ {
		}
	}
	return tokenNumber, n
}

// quotedString measures one or more quoted parts that touch: Hive joins them,
// so 'a”b' is ab.
func quotedString(rest string) (tokenKind, int) {
	n := 0
	for n < len(rest) && (rest[n] == '\'' || rest[n] == '"') {
		end := closing(rest[n:])
		if end < 0 {
			return tokenUnknown, 1
		}
		n += end
	}
	return tokenString, n
}

// closing gives the length of the quoted part that text begins with, or -1. A
// backslash takes the next character with it.
func closing(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0]:
			return i + 1
		}
	}
	return -1
}

// backquoted measures a quoted name; the quote doubled stands for itself.
func backquoted(rest string) (tokenKind, int) {
	for i := 1; i < len(rest); i++ {
		if rest[i] != '`' {
			continue
		}
		if i+1 < len(rest) && rest[i+1] == '`' {
			i++
			continue
		}
		return tokenBackquoted, i + 1
	}
	return tokenUnknown, 1
}
