package parser_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/parser"
)

// TestNestingIsBounded nests each construct that can nest far beyond the bound:
// a clear error, and soon.
func TestNestingIsBounded(t *testing.T) {
	const n = 10000
	for name, text := range map[string]string{
		"parentheses":       "SELECT " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n),
		"open parentheses":  "SELECT " + strings.Repeat("(", n),
		"subqueries":        strings.Repeat("(", n) + "SELECT 1" + strings.Repeat(")", n),
		"scalar subqueries": "SELECT " + strings.Repeat("(SELECT ", n) + "1" + strings.Repeat(")", n),
		"paren subqueries":  "SELECT " + strings.Repeat("(", n) + "SELECT 1" + strings.Repeat(")", n),
		"relations":         "SELECT 1 FROM " + strings.Repeat("(", n) + "t" + strings.Repeat(")", n),
		"derived tables":    strings.Repeat("SELECT 1 FROM (", n) + "t" + strings.Repeat(")", n),
		"paren tables":      "SELECT 1 FROM " + strings.Repeat("(", n) + "SELECT 1" + strings.Repeat(")", n),
		"joins":             "SELECT 1 FROM t" + strings.Repeat(" JOIN t", n),
		"not":               "SELECT " + strings.Repeat("NOT ", n) + "a",
		"minus":             "SELECT " + strings.Repeat("- ", n) + "a",
		"calls":             "SELECT " + strings.Repeat("f(", n),
		"subscripts":        "SELECT " + strings.Repeat("a[", n),
		"trims":             "SELECT " + strings.Repeat("TRIM(", n),
		"positions":         "SELECT " + strings.Repeat("POSITION(", n),
		"extracts":          "SELECT " + strings.Repeat("EXTRACT(a FROM ", n),
		"cases":             "SELECT " + strings.Repeat("CASE ", n),
		"casts":             "SELECT " + strings.Repeat("CAST(", n),
		"arrays":            "SELECT " + strings.Repeat("ARRAY[", n),
		"lambdas":           "SELECT " + strings.Repeat("x -> ", n) + "1",
		"in lists":          "SELECT " + strings.Repeat("a IN (", n),
		"types":             "SELECT CAST(a AS " + strings.Repeat("array(", n),
		"rows":              "SELECT CAST(a AS " + strings.Repeat("row(a ", n),
		"explains":          strings.Repeat("EXPLAIN ", n) + "SELECT 1",
		"prepares":          strings.Repeat("PREPARE p FROM ", n) + "SELECT 1",
		"withs":             strings.Repeat("WITH a AS (", n) + "SELECT 1",
		"sum":               "SELECT a" + strings.Repeat(" + a", n),
		"concat":            "SELECT a" + strings.Repeat(" || a", n),
		"unions":            "SELECT 1" + strings.Repeat(" UNION SELECT 1", n),
		"fields":            "SELECT a" + strings.Repeat(".a", n),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := parser.ParseStatement(text)
			var e *ast.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, "SYNTAX_ERROR", e.Name)
			require.Contains(t, e.Message, "statement is too large (stack overflow while parsing)")
			require.Positive(t, e.Line)
			require.Less(t, time.Since(start), 2*time.Second)
		})
	}
}

// TestLongIsNotDeep parses texts that are long without being deep.
func TestLongIsNotDeep(t *testing.T) {
	const n = 20000
	for name, text := range map[string]string{
		"or":     "SELECT * FROM t WHERE a = 1" + strings.Repeat(" OR a = 1", n),
		"and":    "SELECT * FROM t WHERE a = 1" + strings.Repeat(" AND a = 1", n),
		"in":     "SELECT * FROM t WHERE a IN (1" + strings.Repeat(", 1", n) + ")",
		"values": "VALUES (1, 2)" + strings.Repeat(", (1, 2)", n),
		"items":  "SELECT 1" + strings.Repeat(", a b", n),
		"cases":  "SELECT CASE" + strings.Repeat(" WHEN a THEN 1", 15000) + " END",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parser.ParseStatement(text)
			require.NoError(t, err)
		})
	}
}

func TestLengthIsBounded(t *testing.T) {
	_, err := parser.ParseStatement("SELECT '" + strings.Repeat("한", parser.MaxLength-9) + "'")
	require.NoError(t, err)
	_, err = parser.ParseStatement("SELECT '" + strings.Repeat("한", parser.MaxLength-8) + "'")
	require.ErrorContains(t, err, "longer than 262144 characters")
	_, err = parser.ParseStatement("SELECT '\xff'")
	require.ErrorContains(t, err, "not valid UTF-8")
}

// TestParametersAreNumbered counts question marks in the order of the text.
func TestParametersAreNumbered(t *testing.T) {
	statement, err := parser.ParseStatement("SELECT ?, (SELECT ?) FROM t WHERE a IN (?, ?) LIMIT ?")
	require.NoError(t, err)
	var indexes []int
	ast.Walk(statement, func(n ast.Node) bool {
		if p, ok := n.(*ast.Parameter); ok {
			indexes = append(indexes, p.Index)
		}
		return true
	})
	require.Equal(t, []int{0, 1, 2, 3, 4}, indexes)
}
