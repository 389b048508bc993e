package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTrinoIceberg has a real Trino, its Iceberg connector on scops's Glue and
// S3, read the tables that scops wrote after each kind of statement, and scops
// what Trino wrote.
func TestTrinoIceberg(t *testing.T) {
	t.Parallel()
	s := start(t, "")
	tr := startTrino(t, s)
	t.Run("scops writes", func(t *testing.T) { trinoReadsIceberg(t, s, tr) })
	t.Run("trino writes", func(t *testing.T) { trinoWritesIceberg(t, s, tr) })
}

// sameIceberg runs a query on a table at both and compares what they answer. %s
// is the table.
func sameIceberg(t *testing.T, s *scops, tr *trino, table, sql string) [][]string {
	t.Helper()
	ours := values(t, s.athena(), strings.ReplaceAll(sql, "%s", table))
	theirs := tr.query(t, strings.ReplaceAll(sql, "%s", "iceberg."+table))
	require.Equal(t, theirs, ours, sql)
	return ours
}

const icebergColumns = `id bigint, n int, ok boolean, f float, d double, price decimal(10,2), big decimal(30,5), day date, at timestamp, name string,
	tags array<string>, counts map<string,int>, place struct<x:int,y:string>`

const selectIceberg = `SELECT id, n, ok, f, d, price, big, CAST(day AS varchar), CAST(at AS varchar), name, tags[1], cardinality(tags), counts['k'], place.x, place.y FROM %s ORDER BY id`

func trinoReadsIceberg(t *testing.T, s *scops, tr *trino) {
	a, bucket, db := s.athena(), s.bucket(), s.database()
	for name, partitions := range map[string]string{
		"plain": "", "identity": "PARTITIONED BY (name)", "times": "PARTITIONED BY (day(at), month(day))",
		"sizes": "PARTITIONED BY (bucket(4, id), truncate(3, name), truncate(10, n))", "years": "PARTITIONED BY (year(day), hour(at), bucket(3, price))",
	} {
		t.Run(name, func(t *testing.T) {
			table := db + ".t_" + name
			same := func(rows int) {
				t.Helper()
				require.Len(t, sameIceberg(t, s, tr, table, selectIceberg), rows)
				sameIceberg(t, s, tr, table, "SELECT count(*), count(name), sum(n), min(CAST(at AS varchar)) FROM %s WHERE id BETWEEN 3 AND 12 AND at > TIMESTAMP '1970-01-01 00:00:00'")
			}
			run(t, a, fmt.Sprintf("CREATE TABLE %s (%s) %s LOCATION 's3://%s/%s/' TBLPROPERTIES ('table_type'='ICEBERG')", table, icebergColumns, partitions, bucket, name))
			same(0)
			run(t, a, fmt.Sprintf(`INSERT INTO %s SELECT i, CAST(i * 7 AS integer), i %% 2 = 0, CAST(i AS real) / 3, i / 7e0, CAST(i * 1.25 AS decimal(10,2)), CAST(i AS decimal(30,5)),
				DATE '1969-12-25' + i * INTERVAL '1' DAY, TIMESTAMP '1969-12-31 20:00:00.123456' + i * INTERVAL '1' HOUR, IF(i %% 3 > 0, '한/국=' || CAST(i %% 5 AS varchar)),
				ARRAY['a', NULL], MAP(ARRAY['k'], ARRAY[CAST(i AS integer)]), CAST(ROW(i, 'y') AS row(x integer, y varchar)) FROM UNNEST(sequence(1, 20)) q(i)`, table))
			run(t, a, fmt.Sprintf("INSERT INTO %s (id) VALUES (21)", table))
			same(21)
			run(t, a, fmt.Sprintf("DELETE FROM %s WHERE id IN (2, 4, 21)", table))
			same(18)
			run(t, a, fmt.Sprintf("UPDATE %s SET name = 'new', at = at + INTERVAL '100' DAY WHERE id > 10", table))
			same(18)
			run(t, a, fmt.Sprintf("MERGE INTO %s t USING (SELECT i FROM UNNEST(sequence(15, 25)) q(i)) s ON t.id = s.i WHEN MATCHED AND i = 15 THEN DELETE WHEN MATCHED THEN UPDATE SET n = -n WHEN NOT MATCHED THEN INSERT (id, name) VALUES (i, 'm')", table))
			same(22)
			tr.query(t, fmt.Sprintf("DELETE FROM iceberg.%s WHERE id = 5", table))
			tr.query(t, fmt.Sprintf("INSERT INTO iceberg.%s (id, name, at) VALUES (100, 'trino', TIMESTAMP '2024-05-06 07:08:09.123456')", table))
			same(22)
			run(t, a, fmt.Sprintf("UPDATE %s SET n = 1 WHERE id >= 20", table))
			same(22)
		})
	}
	run(t, a, fmt.Sprintf("CREATE TABLE %s.c WITH (table_type='ICEBERG', is_external=false, location='s3://%s/c/', partitioning=ARRAY['bucket(a, 2)']) AS SELECT 1 a, 'x' b UNION ALL SELECT 2, NULL", db, bucket))
	require.Len(t, sameIceberg(t, s, tr, db+".c", "SELECT * FROM %s ORDER BY a"), 2)
}

func trinoWritesIceberg(t *testing.T, s *scops, tr *trino) {
	bucket, db := s.bucket(), s.database()
	table := db + ".t"
	theirs := func(sql string) { t.Helper(); tr.query(t, strings.ReplaceAll(sql, "%s", "iceberg."+table)) }
	theirs(`CREATE TABLE %s (id bigint, small integer, amount decimal(9,2), at timestamp(6), zoned timestamp(6) with time zone, name varchar, place row(x integer, y varchar), list array(row(z real)))
		WITH (location = 's3://` + bucket + `/t', partitioning = ARRAY['day(at)', 'bucket(id, 3)', 'truncate(name, 2)'])`)
	theirs(`INSERT INTO %s SELECT i, CAST(i AS integer), CAST(i AS decimal(9,2)) / 4, TIMESTAMP '1970-01-01 00:00:00' + i * INTERVAL '5' HOUR - INTERVAL '10' HOUR,
		TIMESTAMP '2024-01-01 00:00:00 Asia/Seoul' + i * INTERVAL '1' DAY, 'name' || CAST(i AS varchar), CAST(ROW(i, 'y') AS row(x integer, y varchar)), ARRAY[CAST(ROW(1.5) AS row(z real)), NULL] FROM UNNEST(sequence(1, 20)) q(i)`)
	same := func(sql string, rows int) {
		t.Helper()
		require.Len(t, sameIceberg(t, s, tr, table, sql), rows)
	}
	const all = "SELECT id, small, amount, CAST(at AS varchar), CAST(zoned AS varchar), name, place.x, place.y, list[1].z FROM %s ORDER BY id"
	same(all, 20)
	theirs("DELETE FROM %s WHERE id % 4 = 1")
	same(all, 15)
	theirs("UPDATE %s SET name = 'updated', amount = amount * 2 WHERE id > 15")
	same(all, 15)
	theirs("ALTER TABLE %s ADD COLUMN added varchar")
	theirs("ALTER TABLE %s RENAME COLUMN name TO title")
	theirs("ALTER TABLE %s ALTER COLUMN small SET DATA TYPE bigint")
	theirs("ALTER TABLE %s RENAME COLUMN place.x TO place_x")
	theirs("ALTER TABLE %s ADD COLUMN place.w bigint")
	const evolved = "SELECT id, small, title, added, place.place_x, place.y, place.w FROM %s ORDER BY id"
	same(evolved, 15)
	theirs("INSERT INTO %s (id, small, title, added) VALUES (500, 3000000000, 'big', 'new')")
	same(evolved, 16)
	same("SELECT id FROM %s WHERE small > 18 ORDER BY id", 3)
	theirs("ALTER TABLE %s DROP COLUMN added")
	theirs("ALTER TABLE %s SET PROPERTIES partitioning = ARRAY['id']")
	theirs("INSERT INTO %s (id, title) VALUES (600, 'other spec')")
	theirs("DELETE FROM %s WHERE id = 500")
	same("SELECT id, title FROM %s ORDER BY id", 16)
	same("SELECT id FROM %s WHERE id = 600", 1)
	same("SELECT id FROM %s WHERE title = 'updated' AND at >= TIMESTAMP '1970-01-04 00:00:00' ORDER BY id", 3)
	run(t, s.athena(), "DELETE FROM "+table+" WHERE id = 600")
	run(t, s.athena(), "INSERT INTO "+table+" (id, title, place) VALUES (700, 'ours', CAST(ROW(1, 'a', 2) AS row(place_x integer, y varchar, w bigint)))")
	same(evolvedAfter, 16)
	theirs("ALTER TABLE %s EXECUTE optimize")
	same(evolvedAfter, 16)
}

const evolvedAfter = "SELECT id, small, title, place.place_x, place.y, place.w FROM %s ORDER BY id"
