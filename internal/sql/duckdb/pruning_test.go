package duckdb_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/duckdb"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/sqltest"
)

// more are rows in many partitions, NULL and odd ones among them.
const more = `
	INSERT INTO shop.orders SELECT i, 'd' || (i % 3), 'quick', CASE WHEN i % 2 = 0 THEN 'tea' ELSE 'x03' END, i % 13, i % 5, NULL,
		['a'], NULL, NULL, y, m, d FROM (SELECT row_number() OVER () AS i, * FROM
		(VALUES ('2020'), ('2021'), (NULL)) a(y), (VALUES ('01'), ('02'), (NULL)) b(m), (VALUES ('01'), ('03'), ('04'), ('28'), (NULL)) c(d));
	INSERT INTO archive.orders SELECT order_id, district, amount, year, month, day FROM shop.orders WHERE order_id % 4 <> 1;
	INSERT INTO shop.events SELECT i, 'd1', 'x', d, h FROM (SELECT row_number() OVER () AS i, * FROM
		(VALUES (DATE '2021-01-31'), (DATE '2021-02-01'), (DATE '2021-02-02'), (NULL)) a(d), (VALUES (0), (3), (4), (12), (NULL)) b(h));`

// TestPruningKeepsResults runs queries once over all partitions and once over
// those that their predicates leave: the rows must be the same.
func TestPruningKeepsResults(t *testing.T) {
	f := newFixture(t)
	f.exec(t, more)
	pruned := 0
	for _, text := range sqltest.Queries(t, "../analyzer/testdata/partitions.txt") {
		if strings.Contains(text, "LIMIT") || strings.Contains(text, "?") {
			continue // any rows, and unbound parameters
		}
		stmt, err := parser.ParseStatement(text)
		require.NoError(t, err)
		an, err := analyzer.Analyze(t.Context(), stmt, analyzer.Options{
			Catalog: f.catalog, Database: "shop", Now: time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC),
		})
		require.NoError(t, err)
		all := f.sorted(t, an, func(_ int, s *analyzer.TableScan) string { return s.Table.Database + "." + s.Table.Name })
		some := f.sorted(t, an, func(_ int, s *analyzer.TableScan) string {
			where, dropped := f.kept(t, s)
			pruned += dropped
			return fmt.Sprintf("(SELECT * FROM %s.%s WHERE %s)", s.Table.Database, s.Table.Name, where)
		})
		require.Equal(t, all, some, text)
	}
	require.Greater(t, pruned, 1000, "partitions that were not read")
}

// sorted are the rows of a query in some fixed order.
func (f *fixture) sorted(t *testing.T, an *analyzer.Analysis, scan duckdb.ScanText) []string {
	text, err := duckdb.Emit(an, scan)
	require.NoError(t, err)
	cells := make([]string, len(an.Columns))
	for i := range cells {
		cells[i] = fmt.Sprintf("coalesce(CAST(c%d AS VARCHAR), 'NULL')", i)
	}
	out := f.query(t, "SELECT concat_ws(' | ', "+strings.Join(cells, ", ")+") FROM ("+text+")")
	var lines []string
	for _, row := range out {
		lines = append(lines, fmt.Sprint(row...))
	}
	slices.Sort(lines)
	return lines
}

func (f *fixture) query(t *testing.T, text string) [][]any {
	result, err := f.db.Query(text)
	require.NoError(t, err, text)
	defer result.Close()
	columns, err := result.Columns()
	require.NoError(t, err)
	var out [][]any
	for result.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		require.NoError(t, result.Scan(into...))
		out = append(out, row)
	}
	require.NoError(t, result.Err())
	return out
}

// kept is a condition for the partitions that a scan reads, and how many it
// does not.
func (f *fixture) kept(t *testing.T, s *analyzer.TableScan) (where string, dropped int) {
	var names []string
	for _, k := range s.Table.PartitionKeys {
		names = append(names, k.Name)
	}
	if names == nil {
		if !predicate.Eval(s.Filter, func(string) (any, bool) { return nil, false }).MayHold() {
			return "false", 1
		}
		return "true", 0
	}
	var terms []string
	for _, row := range f.query(t, "SELECT DISTINCT "+strings.Join(names, ", ")+" FROM "+s.Table.Database+"."+s.Table.Name) {
		if !predicate.Eval(s.Filter, partition(names, row)).MayHold() {
			dropped++
			continue
		}
		terms = append(terms, "("+same(names, row)+")")
	}
	return strings.Join(append(terms, "false"), " OR "), dropped
}

func partition(names []string, row []any) predicate.Values {
	return func(column string) (any, bool) {
		v := row[slices.Index(names, column)]
		if n, ok := v.(int32); ok {
			return int64(n), true
		}
		return v, true
	}
}

func same(names []string, row []any) string {
	parts := make([]string, len(names))
	for i, v := range row {
		text := "NULL"
		switch v := v.(type) {
		case string:
			text = "'" + v + "'"
		case int32:
			text = fmt.Sprint(v)
		case time.Time:
			text = "DATE '" + v.Format(time.DateOnly) + "'"
		}
		parts[i] = names[i] + " IS NOT DISTINCT FROM " + text
	}
	return strings.Join(parts, " AND ")
}
