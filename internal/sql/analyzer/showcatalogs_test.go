package analyzer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/sqltest"
)

func TestShowCatalogs(t *testing.T) {
	for text, rows := range map[string]int{"SHOW CATALOGS": 1, "SHOW CATALOGS LIKE 'aws%'": 1, "SHOW CATALOGS LIKE 'hive'": 0} {
		stmt, err := parser.ParseStatement(text)
		require.NoError(t, err)
		an, err := analyzer.Analyze(t.Context(), stmt, analyzer.Options{Catalog: sqltest.Catalog(t), Database: "shop"})
		require.NoError(t, err, text)
		require.Equal(t, "Catalog", an.Columns[0].Name)
		require.Len(t, an.Root.(*analyzer.Sort).Input.(*analyzer.Values).Rows, rows, text)
	}
}
