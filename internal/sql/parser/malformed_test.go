package parser_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/parser"
)

// TestTrinosMessages compares errors with those that the parser of Trino 435 has
// for the same texts: testdata/malformed.jsonl has pairs of a text and Trino's
// message, "" where Trino takes the text. The texts are queries of the
// conformance corpus with a token left out, doubled, swapped, replaced or added,
// or cut short.
func TestTrinosMessages(t *testing.T) {
	file, err := os.Open("testdata/malformed.jsonl")
	require.NoError(t, err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	cases := 0
	for ; lines.Scan(); cases++ {
		var pair [2]string
		require.NoError(t, json.Unmarshal(lines.Bytes(), &pair))
		if got := message(pair[0]); got != pair[1] {
			t.Errorf("%s\n  Trino %q\n  scops %q", pair[0], pair[1], got)
		}
	}
	require.NoError(t, lines.Err())
	require.Greater(t, cases, 1500)
}

// message is the error of a text, or "". That scops does not run a statement is
// no error of its syntax.
func message(text string) string {
	_, err := parser.ParseStatement(text)
	if err == nil || err.(*ast.Error).Name == "NOT_SUPPORTED" {
		return ""
	}
	return err.Error()
}

// TestSemicolonIsAthenas has errors in texts that a semicolon ends, which Trino
// never sees.
func TestSemicolonIsAthenas(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT 1 FORM t;":        "line 1:15: mismatched input 't'. Expecting: ',', 'EXCEPT', 'FETCH', 'FROM', 'GROUP', 'HAVING', 'INTERSECT', 'LIMIT', 'OFFSET', 'ORDER', 'UNION', 'WHERE', 'WINDOW', <EOF>",
		"SELECT a FROM\n ;":       "line 2:3: mismatched input '<EOF>'. Expecting: '(', 'JSON_TABLE', 'LATERAL', 'TABLE', 'UNNEST', <identifier>",
		"SELECT a FROM t; SELECT": "line 1:16: mismatched input ';'. Expecting: ',', '.', 'AS', 'CROSS', 'EXCEPT',",
	} {
		require.True(t, strings.HasPrefix(message(text), want), "%s: %s", text, message(text))
	}
}
