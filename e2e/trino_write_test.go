package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sqlFormats are the formats that scops's CREATE TABLE AS writes.
var sqlFormats = []string{"PARQUET", "ORC", "AVRO", "JSON", "TEXTFILE"}

// writtenColumns are a query with columns of all types that Hive's tables have.
const writtenColumns = `SELECT CAST(n AS integer) AS i, n * 3000000000 AS b, CAST(n AS smallint) AS s, CAST(n AS tinyint) AS t, CAST(n AS real) / 2 AS r, n / 4e0 AS d,
	CAST(n * 1.25 AS decimal(12, 2)) AS dc, CAST(n AS decimal(30, 5)) AS wide, n %% 2 = 0 AS ok, DATE '1969-12-30' + n * INTERVAL '1' DAY AS da,
	TIMESTAMP '1969-12-31 23:59:59.123' + n * INTERVAL '1' SECOND AS ts, IF(n %% 3 > 0, 'v"한국 ' || CAST(n AS varchar)) AS v, CAST('x' AS varchar(10)) AS vc, CAST('ab' AS char(4)) AS ch,
	ARRAY[n, NULL] AS ar, MAP(ARRAY[CAST('k' AS varchar)], ARRAY[n]) AS m, CAST(ROW(n, NULL) AS row(a bigint, z varchar)) AS ro, %s
	FROM UNNEST(sequence(1, 100)) AS q (n)`

const selectWritten = "SELECT i, b, s, t, r, d, dc, wide, ok, CAST(da AS varchar), CAST(ts AS varchar), v, vc, CAST(ch AS varchar), ar[1], m['k'], ro.a, ro.z FROM %s ORDER BY i"

// written is the query with one more column; Avro has no small integers.
func written(format, more string) string {
	query := fmt.Sprintf(writtenColumns, more)
	if format == "AVRO" {
		query = strings.NewReplacer("AS smallint", "AS integer", "AS tinyint", "AS integer").Replace(query)
	}
	return query
}

// trinoReadsWhatSQLWrote compares what a real Trino reads of the tables that
// CREATE TABLE AS and INSERT INTO made, partitioned and in buckets, which Trino
// checks row by row.
func trinoReadsWhatSQLWrote(t *testing.T, s *scops, tr *trino) {
	a, bucket, db := s.athena(), s.bucket(), s.database()
	for _, format := range sqlFormats {
		t.Run(format, func(t *testing.T) {
			table := db + ".t_" + format
			with := fmt.Sprintf("format = '%s', external_location = 's3://%s/%s/', partitioned_by = ARRAY['day', 'name']", format, bucket, format)
			run(t, a, fmt.Sprintf("CREATE TABLE %s WITH (%s) AS ", table, with)+written(format, "DATE '2021-02-01' + (n % 3) * INTERVAL '1' DAY AS day, IF(n % 2 = 0, 'a/b=c') AS name"))
			run(t, a, fmt.Sprintf("INSERT INTO %s (i, day, name) VALUES (1000, DATE '2021-02-01', 'a/b=c'), (1001, NULL, 'new')", table))
			require.Len(t, sameRows(t, s, tr, fmt.Sprintf(selectWritten, table)), 102)
			require.Len(t, sameRows(t, s, tr, fmt.Sprintf("SELECT CAST(day AS varchar), name, count(*) FROM %s GROUP BY 1, 2 ORDER BY 1, 2", table)), 7)
			tr.query(t, fmt.Sprintf("INSERT INTO %s (i, day, name) VALUES (2000, DATE '2021-02-01', 'trino')", table))
			require.Len(t, sameRows(t, s, tr, fmt.Sprintf(selectWritten, table)), 103)
		})
		t.Run(format+" buckets", func(t *testing.T) {
			for _, key := range []string{"i", "b", "v", "vc", "da", "d", "r", "ok", "ar", "m"} {
				table := fmt.Sprintf("%s.b_%s_%s", db, format, key)
				with := fmt.Sprintf("format = '%s', external_location = 's3://%s/%s/', bucketed_by = ARRAY['%s', 't'], bucket_count = 7", format, bucket, table, key)
				run(t, a, fmt.Sprintf("CREATE TABLE %s WITH (%s) AS ", table, with)+written(format, "1 AS one"))
				require.Len(t, sameRows(t, s, tr, fmt.Sprintf(selectWritten, table)), 100)
				require.Greater(t, len(tr.query(t, fmt.Sprintf(`SELECT DISTINCT "$bucket" FROM %s`, table))), 3)
				one := tr.query(t, fmt.Sprintf("SELECT v, i FROM %s WHERE i = 7 AND t = 7", table)) // reads one bucket
				require.Len(t, one, 1)
			}
		})
	}
}
