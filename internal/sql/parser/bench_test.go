package parser_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/parser"
)

// longQuery is a query of about 50 lines, as a BI tool or dbt writes it.
var longQuery = `WITH orders AS (
  SELECT
    o.order_id,
    o.user_id,
    lower(trim(o.district)) AS district,
    CAST(o.delivery_type AS varchar(16)) AS delivery_type,
    o.product_name,
    o.price,
    o.quantity,
    from_iso8601_timestamp(o.ordered_at) AT TIME ZONE 'Asia/Seoul' AS ordered_at
  FROM fulfillment.orders AS o
  WHERE o.year = '2021'
    AND o.month IN ('01', '02', '03')
    AND o.day BETWEEN '01' AND '28'
    AND o.price > 0
),
daily AS (
  SELECT
    date_trunc('day', ordered_at) AS day,
    district,
    delivery_type,` + strings.Repeat(`
    count(*) FILTER (WHERE price > 1000 AND quantity < 10) AS big_orders,
    sum(price * quantity) AS revenue,
    approx_percentile(price, 0.5) AS median_price,`, 6) + `
    count(DISTINCT user_id) AS users
  FROM orders
  GROUP BY 1, 2, 3
)
SELECT
  d.day,
  d.district,
  CASE WHEN d.revenue > 1e6 THEN 'high' WHEN d.revenue > 1e3 THEN 'middle' ELSE 'low' END AS class,
  d.revenue - lag(d.revenue, 1, 0) OVER (PARTITION BY d.district ORDER BY d.day) AS growth,
  row_number() OVER (PARTITION BY d.day ORDER BY d.revenue DESC NULLS LAST) AS place,
  (SELECT max(x.revenue) FROM daily x WHERE x.day = d.day) AS best
FROM daily AS d
LEFT JOIN fulfillment.districts AS n ON n.name = d.district AND NOT n.closed
WHERE d.users >= 10 OR d.delivery_type LIKE 'ex%' ESCAPE '\'
ORDER BY d.day DESC, place
LIMIT 100`

func BenchmarkParseStatement(b *testing.B) {
	require.Greater(b, strings.Count(longQuery, "\n"), 49)
	b.SetBytes(int64(len(longQuery)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parser.ParseStatement(longQuery); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFormat(b *testing.B) {
	statement, err := parser.ParseStatement(longQuery)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		ast.Format(statement)
	}
}

// BenchmarkSizes parses texts of several shapes and sizes: the time for a byte
// must not grow with the size.
func BenchmarkSizes(b *testing.B) {
	shapes := map[string]func(n int) string{
		"and":   func(n int) string { return "SELECT * FROM t WHERE a = 1" + strings.Repeat(" AND a = 1", n/10) },
		"in":    func(n int) string { return "SELECT a IN (1" + strings.Repeat(", 1", n/3) + ")" },
		"items": func(n int) string { return "SELECT 1" + strings.Repeat(", f(a, 'b')", n/11) },
		"error": func(n int) string { return "SELECT 1" + strings.Repeat(", f(a, 'b')", n/11) + " FORM t x" },
	}
	for shape, text := range shapes {
		for _, size := range []int{1_000, 16_000, 256_000} {
			b.Run(fmt.Sprintf("%s/%d", shape, size), func(b *testing.B) {
				query := text(size)
				b.SetBytes(int64(len(query)))
				for b.Loop() {
					_, err := parser.ParseStatement(query)
					require.Equal(b, shape == "error", err != nil)
				}
			})
		}
	}
}
