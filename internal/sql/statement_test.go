package sql_test

import (
	"fmt"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql"
	"github.com/scopsdb/scops/internal/sql/ast"
)

// TestClassify runs testdata/classify: each text with the language, Athena's
// StatementType and SubstatementType, and the node it parses to; or its error.
func TestClassify(t *testing.T) {
	datadriven.RunTest(t, "testdata/classify", func(t *testing.T, d *datadriven.TestData) string {
		statement, err := sql.Parse(d.Input)
		if err != nil {
			var e *ast.Error
			require.ErrorAs(t, err, &e)
			require.Nil(t, statement)
			return fmt.Sprintf("%s: %v", e.Name, e)
		}
		require.NotEqual(t, statement.Query == nil, statement.DDL == nil)
		var node any = statement.Query
		if statement.DDL != nil {
			node = statement.DDL
		}
		return fmt.Sprintf("%s %s %T", statement.Type, statement.Substatement, node)
	})
}

// FuzzParse: no text makes the choice of the language panic.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"SELECT 1", "-- x\nSHOW TABLES", "/*", "--", "DESCRIBE INPUT p", "INSERT", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		statement, err := sql.Parse(text)
		require.NotEqual(t, statement == nil, err == nil)
	})
}
