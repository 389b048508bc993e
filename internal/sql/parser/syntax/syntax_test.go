package syntax_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/parser/syntax"
)

// words makes tokens of words with spaces between: keywords and symbols are
// themselves, `x` a name, `1` an integer.
func words(t *testing.T, text string) []syntax.Token {
	t.Helper()
	var tokens []syntax.Token
	for i, word := range strings.Fields(text) {
		token := syntax.Token{Text: word, Index: 2 * i}
		switch known, ok := syntax.WordType(word); {
		case ok:
			token.Type = known
		case word == "1":
			token.Type = syntax.ClassType(syntax.Integer)
		default:
			token.Type = syntax.ClassType(syntax.Identifier)
		}
		tokens = append(tokens, token)
	}
	return append(tokens, syntax.Token{Type: syntax.End, Text: "<EOF>", Index: 2 * len(tokens)})
}

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		text    string
		at      int
		message string
	}{
		{"SELECT", 1, "mismatched input '<EOF>'. Expecting: '*', 'ALL', 'DISTINCT', <expression>"},
		{"SELECT x FROM x GROUP x", 5, "mismatched input 'x'. Expecting: 'BY'"},
		{"SELECT x LIMIT x", 3, "mismatched input 'x'. Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', <EOF>"},
		{"SELECT x FROM x ORDER BY x LIMIT -", 8, "mismatched input '-'. Expecting: '?', 'ALL', <integer>"},
	} {
		at, message, ok := syntax.Explain(words(t, c.text))
		require.True(t, ok, c.text)
		require.Equal(t, c.message, message, c.text)
		require.Equal(t, c.at, at, c.text)
	}
	_, _, ok := syntax.Explain(words(t, "SELECT x FROM x WHERE x = 1"))
	require.False(t, ok, "what Trino takes needs no explanation")
	at, message, ok := syntax.ExplainExpression(words(t, "x +"))
	require.True(t, ok)
	require.Equal(t, 2, at)
	require.Equal(t, "mismatched input '<EOF>'. Expecting: <expression>", message)
}

// TestWorkIsBounded has texts that nest so that a prediction has to look far
// ahead: each is given up soon, or answered.
func TestWorkIsBounded(t *testing.T) {
	for name, text := range map[string]string{
		"parentheses": "SELECT " + strings.Repeat("( ", 900) + "1 " + strings.Repeat(") ", 900) + "FROM",
		"open":        "SELECT " + strings.Repeat("( ", 900),
		"lambdas":     "SELECT " + strings.Repeat("x -> ", 900),
		"calls":       "SELECT " + strings.Repeat("x ( ", 900),
		"cases":       "SELECT " + strings.Repeat("CASE WHEN x THEN ", 900),
		"subqueries":  "SELECT * FROM " + strings.Repeat("( ", 900) + "SELECT 1 " + strings.Repeat(") ", 900) + "x x x",
		"long":        "SELECT " + strings.Repeat("x + 1 , ", 20000),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			syntax.Explain(words(t, text))
			require.Less(t, time.Since(start), 20*time.Second)
		})
	}
}
