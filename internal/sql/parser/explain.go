package parser

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/internal/scan"
	"github.com/scopsdb/scops/internal/sql/parser/syntax"
)

// explainer is syntax.Explain or syntax.ExplainExpression.
type explainer func([]syntax.Token) (at int, message string, ok bool)

// trinoError replaces the error of this parser by that of Trino's, which alone
// knows the words of it. Where Trino's grammar takes the text the error is one
// of those that Trino, too, raises afterwards, or a bound of this parser.
func trinoError(text string, own *ast.Error, explain explainer) *ast.Error {
	if own == errTooDeep {
		return own
	}
	tokens, places := syntaxTokens(text)
	at, message, ok := explain(tokens)
	if !ok {
		return own
	}
	return &ast.Error{Name: syntaxError, Line: places[at].Line, Column: places[at].Column, Message: message}
}

// classes are Trino's names for the kinds of tokens that are not fixed words.
var classes = map[tokenKind]syntax.Class{
	tokenIdentifier: syntax.Identifier,
	tokenQuoted:     syntax.Quoted,
	tokenBackquoted: syntax.Backquoted,
	tokenDigit:      syntax.DigitIdentifier,
	tokenString:     syntax.String,
	tokenUnicode:    syntax.UnicodeString,
	tokenBinary:     syntax.Binary,
	tokenInteger:    syntax.Integer,
	tokenDecimal:    syntax.Decimal,
	tokenDouble:     syntax.Double,
	tokenUnknown:    syntax.Unrecognized,
}

// syntaxTokens are the tokens of a text as Trino's grammar has them, with their
// places. A semicolon at the end is left out, for Trino never sees it.
func syntaxTokens(text string) ([]syntax.Token, []ast.Position) {
	own := lex(text)
	if n := len(own); n > 1 && own[n-2].word == ";" {
		own = append(own[:n-2], own[n-1])
	}
	tokens := make([]syntax.Token, len(own))
	places := make([]ast.Position, len(own))
	closable := strings.LastIndex(text, "*/")
	offset, index := 0, 0
	for i, t := range own {
		index += scan.Blanks(text[offset:], closable-offset)
		offset += scan.BlankBefore(text[offset:], closable-offset) + len(t.text)
		places[i] = t.pos
		tokens[i] = syntax.Token{Type: typeOf(t), Text: t.display(), Index: index}
		index++
	}
	return tokens, places
}

func typeOf(t token) int {
	switch {
	case t.kind == tokenEnd:
		return syntax.End
	case t.word == "<>":
		return syntax.ClassType(syntax.NotEqual)
	case t.word != "":
		if word, ok := syntax.WordType(t.word); ok {
			return word
		}
		return syntax.ClassType(syntax.Identifier)
	}
	return syntax.ClassType(classes[t.kind])
}
