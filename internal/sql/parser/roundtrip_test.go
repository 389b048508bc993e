package parser_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/parser"
)

// readList reads a file of items that a text ends.
func readList(t testing.TB, path, end string) []string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	var items []string
	for _, item := range strings.Split(string(content), end) {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// expressions reads testdata/expressions.txt, one a line, but for those whose
// string goes on on the next.
func expressions(t testing.TB) []string {
	var all []string
	open := false
	for _, line := range readList(t, "testdata/expressions.txt", "\n") {
		if open {
			all[len(all)-1] += "\n" + line
		} else {
			all = append(all, line)
		}
		open = strings.Count(line, "'")%2 == 1 != open
	}
	return all
}

// TestRoundTripExpressions prints and parses again each expression in each
// context.
func TestRoundTripExpressions(t *testing.T) {
	contexts := readList(t, "testdata/contexts.txt", "\n")
	for _, e := range expressions(t) {
		for _, context := range contexts {
			command := "statement"
			if !strings.Contains(context, " ") {
				command = "expression"
			}
			// A comment at the end of an expression must not swallow its context.
			text := strings.ReplaceAll(context, "%s", e+"\n")
			node, err := parseAs(command, text)
			require.NoError(t, err, text)
			requireRoundTrip(t, command, text, node)
		}
	}
}

// TestRoundTripStatements prints and parses again each statement.
func TestRoundTripStatements(t *testing.T) {
	for _, text := range readList(t, "testdata/statements.sql", ";\n") {
		statement, err := parser.ParseStatement(text)
		require.NoError(t, err, text)
		requireRoundTrip(t, "statement", text, statement)
		_, err = parser.ParseStatement(text + " ;\n")
		require.NoError(t, err, text)
	}
}
