package analyzer_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/sqltest"
)

// TestWrites runs testdata/write: what each statement writes where, its
// properties, and the tree of its query.
func TestWrites(t *testing.T) {
	catalog := sqltest.Catalog(t)
	sqltest.Run(t, "testdata/write/*.txt", func(t *testing.T, command, sql string) string {
		stmt, err := parser.ParseStatement(sql)
		require.NoError(t, err)
		require.True(t, analyzer.Writes(stmt))
		w, err := analyzer.AnalyzeWrite(context.Background(), stmt, analyzer.Options{Catalog: catalog, Database: "shop", Now: now})
		if err != nil {
			return errorText(t, err)
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%s %s.%s %s\n", w.Kind, w.Database, w.Table, w.Location)
		for _, p := range w.Properties {
			fmt.Fprintf(&b, "%s = %#v\n", p.Name, p.Value)
		}
		for _, c := range w.Columns {
			fmt.Fprintf(&b, "%s %s\n", c.Name, c.Type)
		}
		if w.Source == nil {
			return b.String()
		}
		require.Len(t, w.Source.Output, len(w.Columns))
		for i, s := range w.Source.Output {
			require.True(t, s.Type.Equal(w.Columns[i].Type))
		}
		if command == "plan" {
			b.WriteString(w.Source.Explain())
		}
		return b.String()
	})
}
