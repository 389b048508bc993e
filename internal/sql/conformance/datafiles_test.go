package conformance

import (
	"bufio"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/scopsdb/scops/internal/sql/types"
)

var writeData = flag.Bool("data", false, "with -trino: write the tables of tpch.tiny and tpcds.tiny anew")

// notInHive are tables with a column that Hive has no type for: a time.
var notInHive = map[string]bool{"dbgen_version": true}

// TestDataFiles writes testdata/conformance/data from a Trino with -data, and
// checks that each table of tables.ddl has its file.
func TestDataFiles(t *testing.T) {
	for _, database := range []string{"tpch", "tpcds"} {
		if *writeData {
			recordTables(t, database)
		}
		text, err := os.ReadFile(dataDir + database + "/tables.ddl")
		require.NoError(t, err)
		files, err := filepath.Glob(dataDir + database + "/*.parquet")
		require.NoError(t, err)
		require.Len(t, files, strings.Count(string(text), "CREATE EXTERNAL TABLE"))
	}
}

// recordTables writes the files and the statements of a database's tables.
func recordTables(t *testing.T, database string) {
	require.NotEmpty(t, *trino, "-data needs -trino")
	require.NoError(t, os.MkdirAll(dataDir+database, 0o755))
	var names []string
	_, err := eachRow(database+".tiny", "SHOW TABLES", func(_ []fileColumn, row []any) error {
		if name := row[0].(string); !notInHive[name] {
			names = append(names, name)
		}
		return nil
	})
	require.NoError(t, err)
	var statements strings.Builder
	for _, name := range names {
		columns, path := fetchTable(t, database, name)
		require.NoError(t, writeParquet(path, dataDir+database+"/"+name+".parquet", columns))
		fmt.Fprintf(&statements, "CREATE EXTERNAL TABLE %s (\n", name)
		for i, c := range columns {
			comma := ","
			if i == len(columns)-1 {
				comma = ")"
			}
			fmt.Fprintf(&statements, "  %s %s%s\n", c.name, strings.Replace(c.typ.String(), "integer", "int", 1), comma)
		}
		fmt.Fprintf(&statements, "STORED AS PARQUET LOCATION 's3://lake/%s/%s/';\n", database, name)
	}
	require.NoError(t, os.WriteFile(dataDir+database+"/tables.ddl", []byte(statements.String()), 0o644))
}

// fileColumn is a column of a file.
type fileColumn struct {
	name string
	typ  types.Type
}

// fetchTable brings a table from Trino as CSV: every value quoted, NULL bare.
func fetchTable(t *testing.T, database, name string) ([]fileColumn, string) {
	f, err := os.Create(filepath.Join(t.TempDir(), name+".csv"))
	require.NoError(t, err)
	w := bufio.NewWriter(f)
	columns, err := eachRow(database+".tiny", "SELECT * FROM "+name, func(columns []fileColumn, row []any) error {
		for i, v := range row {
			if i > 0 {
				_ = w.WriteByte(',')
			}
			if v != nil {
				text := fmt.Sprint(v)
				if columns[i].typ.Kind == types.Char {
					text = strings.TrimRight(text, " ") // as Hive's writers keep it
				}
				_, _ = w.WriteString(`"` + strings.ReplaceAll(text, `"`, `""`) + `"`)
			}
		}
		return w.WriteByte('\n')
	})
	require.NoError(t, err)
	require.NoError(t, w.Flush())
	require.NoError(t, f.Close())
	return columns, f.Name()
}

// eachRow calls row for each row of a query in schema.
func eachRow(schema, query string, row func([]fileColumn, []any) error) ([]fileColumn, error) {
	var columns []fileColumn
	method, next, body := http.MethodPost, *trino+"/v1/statement", query
	for next != "" {
		p, err := fetch(method, next, schema, body)
		if err != nil {
			return nil, err
		}
		if p.Error != nil {
			return nil, fmt.Errorf("%s: %s", query, p.Error.Message)
		}
		if columns == nil {
			for _, c := range p.Columns {
				typ, err := types.Parse(c.Type)
				if err != nil {
					return nil, err
				}
				columns = append(columns, fileColumn{c.Name, typ})
			}
		}
		for _, r := range p.Data {
			if err := row(columns, r); err != nil {
				return nil, err
			}
		}
		method, next, body = http.MethodGet, p.NextURI, ""
	}
	return columns, nil
}

// writeParquet makes a Parquet file of a CSV file, sorted by the first two
// columns, which are the keys, and therefore small.
func writeParquet(from, to string, columns []fileColumn) error {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return err
	}
	defer db.Close()
	fields := make([]string, len(columns))
	for i, c := range columns {
		typ, err := types.DuckDBType(c.typ)
		if err != nil {
			return err
		}
		fields[i] = fmt.Sprintf("'%s': '%s'", c.name, typ)
	}
	_, err = db.ExecContext(context.Background(), "SET threads = 1")
	if err != nil {
		return err
	}
	_, err = db.ExecContext(context.Background(), fmt.Sprintf(
		`COPY (SELECT * FROM read_csv('%s', header = false, delim = ',', quote = '"', escape = '"', allow_quoted_nulls = false, columns = {%s}) ORDER BY 1, 2)
		TO '%s' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, PARQUET_VERSION v2)`, from, strings.Join(fields, ", "), to))
	return err
}
