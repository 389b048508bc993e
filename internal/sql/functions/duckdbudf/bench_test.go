package duckdbudf_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkFunctions runs functions over 100,000 rows.
func BenchmarkFunctions(b *testing.B) {
	conn := openRaw(b)
	for _, c := range []struct{ name, sql string }{
		{"json_extract_scalar", `scops_json_scalar('{"id": ' || x || ', "district": "강남구"}', '$.district')`},
		{"json_extract_string of DuckDB", `json_extract_string('{"id": ' || x || ', "district": "강남구"}', '$.district')`},
		{"json_parse", `scops_json_parse('{"id": ' || x || ', "district": "강남구"}')`},
		{"json_to_row", `json_transform_strict(scops_json_cast('{"id": ' || x || ', "tags": ["a", "b"]}', 'row("id" bigint, "tags" array(varchar))'), '"STRUCT(id BIGINT, tags VARCHAR[])"')`},
		{"json_value", `scops_json_path('{"id": ' || x || ', "district": "강남구"}', '{"Function": "value", "Path": "lax $.district"}')`},
		{"double_to_varchar", `scops_double_text(x / 7)`},
		{"divide", `CASE WHEN x = 0 AND x IS NOT NULL THEN error('scops:DIVISION_BY_ZERO: Division by zero') ELSE 1000000 // x END`},
		{"varchar_to_integer", `CASE WHEN regexp_full_match(CAST(x AS VARCHAR), '[+-]?[0-9]+') THEN CAST(CAST(x AS VARCHAR) AS INTEGER) END`},
	} {
		b.Run(c.name, func(b *testing.B) {
			for range b.N {
				var n int64
				require.NoError(b, conn.QueryRowContext(context.Background(), "SELECT count("+c.sql+") FROM range(1, 100001) t(x)").Scan(&n))
				require.EqualValues(b, 100000, n)
			}
		})
	}
}
