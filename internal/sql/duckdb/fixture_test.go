package duckdb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the driver
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/duckdb"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/functions/duckdbudf"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/sqltest"
	"github.com/scopsdb/scops/internal/sql/types"
)

// fixture is a catalog and a DuckDB with the rows of its tables.
type fixture struct {
	catalog *catalog.Store
	db      *sql.DB
}

// rows of the tables of sqltest, as DuckDB SQL.
var rows = map[string]string{
	"shop.users": `
		(1, 'kim',  1.5,          DATE '2020-01-15', true,  'long note', 'ab '),
		(2, 'lee',  NULL,         DATE '2021-06-30', false, NULL,        'abc'),
		(3, NULL,   'nan'::DOUBLE, NULL,             NULL,  'x',         NULL),
		(4, 'choi', -2.0,         DATE '2020-01-15', true,  'x',         'x  ')`,
	"shop.orders": `
		(1, '강남구', 'quick', 'tea',    10.50, 2,    TIMESTAMP '2021-02-03 04:05:06', ['a','b'], MAP {'k':'v'}, {'sku':'s1','price':1.5},  '2021', '02', '03'),
		(2, '강남구', 'slow',  'coffee',  5.25, 1,    TIMESTAMP '2021-02-03 23:59:59', [],        NULL,          {'sku':'s2','price':NULL}, '2021', '02', '03'),
		(3, '서초구', 'quick', 'tea',    NULL,  NULL, TIMESTAMP '2021-02-04 00:00:00', NULL,      MAP {'k':'w'}, NULL,                      '2021', '02', '04'),
		(4, NULL,     'dawn',  'cake',   99.99, 7,    NULL,                            ['c'],     NULL,          NULL,                      '2021', '03', '01')`,
	"shop.events": `
		(1, 'kim', 'click', DATE '2021-02-03', 1),
		(1, 'kim', 'view',  DATE '2021-02-03', 2),
		(9, 'lee', NULL,    DATE '2021-02-04', 1)`,
	"archive.orders": `
		(1, '강남구', 10.50, '2021', '02', '03'),
		(8, '송파구', 1.00,  '2020', '12', '31')`,
}

func newFixture(t testing.TB) *fixture {
	f := &fixture{catalog: sqltest.Catalog(t)}
	var err error
	f.db, err = sql.Open("duckdb", "")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.db.Close()) })
	f.db.SetMaxOpenConns(1)
	conn, err := f.db.Conn(t.Context())
	require.NoError(t, err)
	require.NoError(t, duckdbudf.Setup(t.Context(), conn))
	require.NoError(t, conn.Close())
	for _, schema := range []string{"shop", "archive"} {
		f.exec(t, "CREATE SCHEMA "+schema)
		tables, err := f.catalog.Tables(t.Context(), schema)
		require.NoError(t, err)
		for _, table := range tables {
			f.create(t, table)
		}
	}
	return f
}

func (f *fixture) exec(t testing.TB, stmt string) {
	_, err := f.db.Exec(stmt)
	require.NoError(t, err, stmt)
}

func (f *fixture) create(t testing.TB, table *catalog.Table) {
	if table.Type == "VIRTUAL_VIEW" {
		return
	}
	var columns []string
	for _, c := range append(append([]catalog.Column{}, table.Columns...), table.PartitionKeys...) {
		typ, err := types.FromHive(c.Type)
		require.NoError(t, err)
		duck, err := types.DuckDBType(typ)
		require.NoError(t, err)
		columns = append(columns, `"`+strings.ReplaceAll(c.Name, `"`, `""`)+`" `+duck)
	}
	f.exec(t, fmt.Sprintf("CREATE TABLE %s.%s (%s)", table.Database, table.Name, strings.Join(columns, ", ")))
	if values, ok := rows[table.Database+"."+table.Name]; ok {
		f.exec(t, fmt.Sprintf("INSERT INTO %s.%s VALUES %s", table.Database, table.Name, values))
	}
}

// emit analyzes and emits a query.
func (f *fixture) emit(ctx context.Context, text string) (*analyzer.Analysis, string, error) {
	stmt, err := parser.ParseStatement(text)
	if err != nil {
		return nil, "", err
	}
	an, err := analyzer.Analyze(ctx, stmt, analyzer.Options{
		Catalog: f.catalog, Database: "shop", Now: time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC),
	})
	if err != nil {
		return nil, "", err
	}
	out, err := duckdb.Emit(an, func(_ int, s *analyzer.TableScan) string {
		table := s.Table.Database + "." + s.Table.Name
		for _, c := range s.Columns {
			if c.OfFile { // the tables here lie in no files
				return "(SELECT *, '' AS \"$path\", 0::BIGINT AS \"$file_size\", now() AS \"$file_modified_time\", '' AS \"$partition\" FROM " + table + ")"
			}
		}
		return table
	})
	return an, out, err
}

// run runs a query and writes its rows, one a line, as DuckDB prints them; in
// order where the query gives one, else sorted by the caller's query.
func (f *fixture) run(ctx context.Context, text string) (string, error) {
	an, emitted, err := f.emit(ctx, text)
	if err != nil {
		return "", err
	}
	cells := make([]string, len(an.Columns))
	for i := range cells {
		cells[i] = fmt.Sprintf("coalesce(CAST(c%d AS VARCHAR), 'NULL')", i)
	}
	result, err := f.db.QueryContext(ctx, "SELECT concat_ws(' | ', "+strings.Join(cells, ", ")+") FROM ("+emitted+")")
	if err != nil {
		return "", err
	}
	defer result.Close()
	var b strings.Builder
	for result.Next() {
		var line string
		if err := result.Scan(&line); err != nil {
			return "", err
		}
		b.WriteString(line + "\n")
	}
	return b.String(), result.Err()
}

// failureText is an error as a user sees it.
func failureText(err error) string {
	var e *analyzer.Error
	if errors.As(err, &e) {
		return e.Name + ": " + e.Error()
	}
	name, message, ok := functions.ParseError(err.Error())
	if !ok {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return "not mapped: " + first
	}
	return name + ": " + message
}
