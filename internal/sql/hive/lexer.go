package hive

import (
	"strings"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/internal/scan"
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

// lex returns the tokens of text, with a tokenEnd last; nothing is read after a
// tokenUnknown.
func lex(text string) []token {
	var tokens []token
	pos := scan.Start
	for rest := text; ; {
		n := scan.Blank(rest)
		pos = scan.Advance(pos, rest[:n])
		rest = rest[n:]
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
		pos = scan.Advance(pos, t.text)
		rest = rest[n:]
		if kind == tokenUnknown {
			rest = ""
		}
	}
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
