package parser_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/internal/treedump"
	"github.com/scopsdb/scops/internal/sql/parser"
)

// TestFiles runs testdata: `parse` prints the statement again, `tree` its tree
// with places, `expression` and `expression-tree` do the same for an
// expression; each prints the error where there is one. Whatever parses must
// also survive printing. Use -rewrite to write the outputs.
func TestFiles(t *testing.T) {
	datadriven.Walk(t, "testdata/sql", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			node, err := parseAs(d.Cmd, d.Input)
			if err != nil {
				return errorText(t, err)
			}
			printed := requireRoundTrip(t, d.Cmd, d.Input, node)
			if strings.HasSuffix(d.Cmd, "tree") {
				return treedump.Tree(node, true)
			}
			return printed
		})
	})
}

// parseAs parses a statement or an expression.
func parseAs(command, text string) (ast.Node, error) {
	if strings.HasPrefix(command, "expression") {
		return parser.ParseExpression(text)
	}
	return parser.ParseStatement(text)
}

func errorText(t *testing.T, err error) string {
	t.Helper()
	var e *ast.Error
	require.ErrorAs(t, err, &e)
	return fmt.Sprintf("%s: %v", e.Name, e)
}

// requireRoundTrip checks parse(print(x)) = x, places apart.
func requireRoundTrip(t *testing.T, command, text string, node ast.Node) string {
	t.Helper()
	printed := ast.Format(node)
	again, err := parseAs(command, printed)
	require.NoError(t, err, "%s\nprinted as\n%s", text, printed)
	require.Equal(t, treedump.Tree(node, false), treedump.Tree(again, false), "%s\nprinted as\n%s", text, printed)
	require.Equal(t, printed, ast.Format(again))
	return printed
}
