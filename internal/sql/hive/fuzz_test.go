package hive_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/types"
)

// FuzzHiveParse: no text makes the parser panic; an error has its place within
// the text, and the types of columns are what their normal forms say.
func FuzzHiveParse(f *testing.F) {
	paths, err := filepath.Glob("testdata/ddl/*")
	require.NoError(f, err)
	for _, path := range paths {
		content, err := os.ReadFile(path)
		require.NoError(f, err)
		for _, part := range strings.Split(string(content), "parse\n")[1:] {
			text, _, _ := strings.Cut(part, "----")
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		statement, err := hive.Parse(text)
		if err != nil {
			var e *ast.Error
			require.ErrorAs(t, err, &e)
			require.LessOrEqual(t, e.Line, strings.Count(text, "\n")+1)
			require.Positive(t, e.Column)
			return
		}
		if table, ok := statement.(*hive.CreateTable); ok {
			for _, c := range append(table.Columns, table.PartitionKeys...) {
				parsed, err := types.FromHive(c.Type)
				require.NoError(t, err)
				require.True(t, parsed.Equal(c.Parsed))
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	text := "CREATE EXTERNAL TABLE t (" + "c array<struct<a:int,b:string>> COMMENT 'x',\n"
	text += "d string) PARTITIONED BY (year string) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://b/p/'"
	b.ReportAllocs()
	for b.Loop() {
		if _, err := hive.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
