package parser

import "github.com/scopsdb/scops/internal/sql/ast"

// tokenKind is the class of a token.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenSymbol
	tokenKeyword
	tokenIdentifier
	tokenQuoted     // "name"
	tokenBackquoted // `name`: always an error
	tokenDigit      // 1name: always an error
	tokenString
	tokenUnicode // U&'…'
	tokenBinary  // X'…'
	tokenInteger
	tokenDecimal
	tokenDouble
	tokenUnknown // a character that begins nothing
)

// token is a word of the text.
type token struct {
	kind tokenKind
	// word is the symbol itself, or a keyword in capitals; "" for all other
	// kinds, so that comparing it suffices.
	word string
	// text is the token as written.
	text string
	pos  ast.Position
}

// display is the token in an error message.
func (t token) display() string {
	if t.kind == tokenEnd {
		return "<EOF>"
	}
	return t.text
}

// isName tells whether the token can stand where an identifier is wanted.
func (t token) isName() bool {
	switch t.kind {
	case tokenIdentifier, tokenQuoted, tokenBackquoted, tokenDigit:
		return true
	case tokenKeyword:
		return !keywords[t.word]
	}
	return false
}

func (t token) isString() bool { return t.kind == tokenString || t.kind == tokenUnicode }

func (t token) isNumber() bool {
	return t.kind == tokenInteger || t.kind == tokenDecimal || t.kind == tokenDouble
}
