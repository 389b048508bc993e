package duckdb_test

import (
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

// FuzzEmit takes any text through parser, analyzer and emitter: it is a query
// or an error with a place, never a panic, and its partition predicates can be
// evaluated on any values.
func FuzzEmit(f *testing.F) {
	for _, glob := range []string{"testdata/*.txt", "../analyzer/testdata/*.txt"} {
		for _, sql := range sqltest.Queries(f, glob) {
			f.Add(sql, "03", int64(3))
		}
	}
	catalog := sqltest.Catalog(f)
	f.Fuzz(func(t *testing.T, sql, text string, n int64) {
		stmt, err := parser.ParseStatement(sql)
		if err != nil {
			return
		}
		an, err := analyzer.Analyze(t.Context(), stmt, analyzer.Options{Catalog: catalog, Database: "shop", Now: time.Unix(n, 0)})
		if err != nil {
			var e *analyzer.Error
			require.ErrorAs(t, err, &e)
			require.NotEmpty(t, e.Name)
			return
		}
		out, err := duckdb.Emit(an, func(int, *analyzer.TableScan) string { return "t" })
		if err != nil {
			require.ErrorIs(t, err, duckdb.ErrTooLarge)
			return
		}
		require.True(t, strings.HasPrefix(out, "SELECT "))
		require.NotEmpty(t, an.Explain())
		for _, s := range an.Scans {
			for _, v := range []any{text, n, nil, time.Unix(n, 0).UTC()} {
				predicate.Eval(s.Filter, func(string) (any, bool) { return v, true })
			}
		}
	})
}

// FuzzBind prepares every query that the analyzer lets through on DuckDB: what
// is emitted must bind. Errors of values are met already when constants are
// folded; they are Trino's.
func FuzzBind(f *testing.F) {
	for _, glob := range []string{"testdata/*.txt", "../analyzer/testdata/*.txt"} {
		for _, sql := range sqltest.Queries(f, glob) {
			f.Add(sql)
		}
	}
	fixture := newFixture(f)
	f.Fuzz(func(t *testing.T, sql string) {
		_, out, err := fixture.emit(t.Context(), sql)
		if err != nil || len(out) > 100_000 {
			return
		}
		stmt, err := fixture.db.Prepare(out)
		if err == nil {
			defer stmt.Close()
			return
		}
		for _, defect := range []string{"Parser Error", "Binder Error", "Catalog Error", "INTERNAL Error", "Not implemented Error"} {
			require.NotContains(t, err.Error(), defect, out)
		}
	})
}

// statistic is about what a person writes for a page of statistics: 50 lines.
const statistic = `
WITH
  days AS (
    SELECT
      year || '-' || month || '-' || day AS d,
      district,
      delivery_type,
      product,
      amount,
      quantity
    FROM shop.orders
    WHERE year = '2021'
      AND month IN ('02', '03')
      AND CAST(day AS integer) BETWEEN 1 AND 28
  ),
  by_district AS (
    SELECT
      district,
      count(*) AS orders,
      sum(amount) AS total,
      avg(amount) AS average,
      count(DISTINCT product) AS products
    FROM days
    GROUP BY district
    HAVING count(*) > 1
  ),
  ranked AS (
    SELECT
      district,
      orders,
      total,
      average,
      products,
      rank() OVER (ORDER BY orders DESC) AS place
    FROM by_district
  )
SELECT
  r.place,
  coalesce(r.district, '-') AS district,
  r.orders,
  r.total,
  CASE
    WHEN r.total > 100 THEN 'large'
    WHEN r.total > 10 THEN 'middle'
    ELSE 'small'
  END AS size,
  (SELECT max(d.d) FROM days d WHERE d.district = r.district) AS last_day
FROM ranked r
LEFT JOIN archive.orders a ON a.district = r.district AND a.year = '2020'
WHERE r.place <= 10
ORDER BY r.place, district
LIMIT 10`

// BenchmarkQuery is the whole front end: parse, analyze, emit.
func BenchmarkQuery(b *testing.B) {
	catalog := sqltest.Catalog(b)
	b.ReportAllocs()
	for b.Loop() {
		stmt, err := parser.ParseStatement(statistic)
		require.NoError(b, err)
		an, err := analyzer.Analyze(b.Context(), stmt, analyzer.Options{Catalog: catalog, Database: "shop"})
		require.NoError(b, err)
		_, err = duckdb.Emit(an, func(int, *analyzer.TableScan) string { return "t" })
		require.NoError(b, err)
	}
}
