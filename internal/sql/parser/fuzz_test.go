package parser_test

import (
	"testing"

	"github.com/scopsdb/scops/internal/sql/parser"
)

// FuzzParseStatement: no text makes the parser panic, and what parses survives
// printing.
func FuzzParseStatement(f *testing.F) {
	for _, text := range readList(f, "testdata/statements.sql", ";\n") {
		f.Add(text)
	}
	for _, e := range expressions(f) {
		f.Add("SELECT " + e)
	}
	f.Fuzz(func(t *testing.T, text string) {
		statement, err := parser.ParseStatement(text)
		if err != nil {
			errorText(t, err)
			return
		}
		requireRoundTrip(t, "statement", text, statement)
	})
}

// FuzzParseExpression does the same for expressions.
func FuzzParseExpression(f *testing.F) {
	for _, e := range expressions(f) {
		f.Add(e)
	}
	f.Fuzz(func(t *testing.T, text string) {
		expression, err := parser.ParseExpression(text)
		if err != nil {
			errorText(t, err)
			return
		}
		requireRoundTrip(t, "expression", text, expression)
	})
}
