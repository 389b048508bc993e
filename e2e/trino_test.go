package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/delivery"
)

// trinoLake is a configuration with a delivery into JSON and one into Parquet.
const trinoLake = `
queues:
  - name: events
buckets:
  - name: lake
statements:
  - sql: CREATE DATABASE IF NOT EXISTS shop
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS shop.parquet (id bigint, name string, amount decimal(10,2), tags array<string>, at timestamp)
      PARTITIONED BY (year string, month string) STORED AS PARQUET LOCATION 's3://lake/parquet/'
  - sql: |
      CREATE EXTERNAL TABLE IF NOT EXISTS shop.json (id bigint, name string, tags array<string>, at string)
      ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/json/'
deliveries:
  - {name: parquet, queue: events, table: shop.parquet, event_time: at, max_wait: 50ms, max_file_wait: 50ms, errors: "s3://logs/errors/"}
  - {name: json, queue: events, table: shop.json, max_wait: 50ms, max_file_wait: 50ms, errors: "s3://logs/errors/"}
`

// TestTrino has a real Trino, its Hive connector on scops's Glue and S3, read
// what scops wrote and the reverse.
func TestTrino(t *testing.T) {
	t.Parallel()
	s := start(t, trinoLake)
	tr := startTrino(t, s)
	t.Run("delivered", func(t *testing.T) { trinoReadsDelivered(t, s, tr) })
	t.Run("external", func(t *testing.T) { trinoReadsExternal(t, s, tr) })
	t.Run("created", func(t *testing.T) { trinoReadsCreated(t, s, tr) })
	t.Run("written", func(t *testing.T) { trinoWrites(t, s, tr) })
	t.Run("written by SQL", func(t *testing.T) { trinoReadsWhatSQLWrote(t, s, tr) })
	t.Run("formats", func(t *testing.T) { trinoBothWays(t, s, tr) })
	t.Run("catalog", func(t *testing.T) { trinoChangesTheCatalog(t, s, tr) })
}

// sameRows runs a query at both and compares what they answer; it returns the
// rows.
func sameRows(t *testing.T, s *scops, tr *trino, sql string) [][]string {
	t.Helper()
	ours, theirs := values(t, s.athena(), sql), tr.query(t, sql)
	require.Equal(t, theirs, ours, sql)
	return ours
}

func trinoReadsDelivered(t *testing.T, s *scops, tr *trino) {
	var body strings.Builder
	for i := range 500 {
		fmt.Fprintf(&body, `{"id":%d,"name":"n%d \"quoted\" 한국","amount":%d.25,"tags":["a","%d"],"at":"2021-%02d-03T04:05:06.789Z"}`+"\n", i, i%7, i, i, i%12+1)
	}
	body.WriteString(`{"id":500,"at":"2022-01-01T00:00:00Z"}` + "\n")
	s.postEvents(t, "events", "application/x-ndjson", []byte(body.String()), nil)
	for _, name := range []string{"parquet", "json"} {
		s.awaitDelivery(t, name, func(d delivery.Detail) bool { return d.InFiles == 501 })
	}
	for _, sql := range []string{
		"SELECT count(*), sum(id), count(DISTINCT name), sum(amount), min(CAST(at AS varchar)), max(cardinality(tags)) FROM shop.parquet",
		"SELECT id, name, amount, tags, CAST(at AS varchar), year, month FROM shop.parquet ORDER BY id",
		"SELECT count(*) FROM shop.parquet WHERE year = '2021' AND month IN ('02', '03')",
		"SELECT year, month, count(*) FROM shop.parquet GROUP BY 1, 2 ORDER BY 1, 2",
		"SELECT id, name, tags, at FROM shop.json ORDER BY id",
	} {
		require.NotEmpty(t, sameRows(t, s, tr, sql))
	}
}

func trinoReadsExternal(t *testing.T, s *scops, tr *trino) {
	for name, c := range map[string]struct {
		columns, clauses string
		files            map[string]string
		sql              string
	}{
		"csv": {"a int, b string, c double", "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','",
			map[string]string{"x": "1,one,1.5\n2,,\n\\N,three,2\n"}, "SELECT a, b, c FROM %s ORDER BY a, b"},
		"csv serde": {"a string, b string", "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'",
			map[string]string{"x": "1,\"a,b\"\n2,\"c \"\"d\"\"\"\n"}, "SELECT a, b FROM %s ORDER BY a"},
		"folders": {"a int", "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','",
			map[string]string{"x": "1\n", "deep/er/y": "2\n", "_hidden": "3\n", ".hidden": "4\n"}, "SELECT a FROM %s ORDER BY a"},
		"json": {"a int, b struct<c:string,d:array<int>>, m map<string,int>", "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'",
			map[string]string{"x": `{"a":1,"b":{"c":"x","d":[1,2]},"m":{"k":1}}` + "\n" + `{"a":2}` + "\n"}, "SELECT a, b.c, b.d, m['k'] FROM %s WHERE a = 1"},
		"hive json": {"a int, b string", "ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'",
			map[string]string{"x": `{"a":1,"b":"x"}` + "\n" + `{"A":2}` + "\n"}, "SELECT a, b FROM %s ORDER BY a"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string][]byte{}
			for key, text := range c.files {
				files[key] = []byte(text)
			}
			table := s.table(c.columns, c.clauses, files)
			require.NotEmpty(t, sameRows(t, s, tr, fmt.Sprintf(c.sql, table)))
		})
	}
	t.Run("partitions", func(t *testing.T) {
		bucket, db := s.bucket(), s.database()
		for _, key := range []string{"day=2021-01-01/n=1/a", "day=2021-01-01/n=10/a", "day=2021-01-02/n=9/a", "elsewhere/a"} {
			s.put(bucket, key, []byte(`{"v":"`+key+`"}`+"\n"))
		}
		a := s.athena()
		run(t, a, fmt.Sprintf("CREATE EXTERNAL TABLE %s.t (v string) PARTITIONED BY (day date, n int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://%s/'", db, bucket))
		run(t, a, "MSCK REPAIR TABLE "+db+".t")
		run(t, a, fmt.Sprintf("ALTER TABLE %s.t ADD PARTITION (day='2022-01-01', n=5) LOCATION 's3://%s/elsewhere/'", db, bucket))
		for _, where := range []string{"true", "n = 9", "n > 9", "n < 9 AND day > DATE '2021-06-01'", "day = DATE '2021-01-01'", "n IN (1, 5)", "day BETWEEN DATE '2021-01-02' AND DATE '2023-01-01'", "n IS NULL"} {
			sameRows(t, s, tr, fmt.Sprintf("SELECT v, CAST(day AS varchar), n FROM %s.t WHERE %s ORDER BY v", db, where))
		}
		aboutTables(t, s, tr, db)
	})
	t.Run("view", func(t *testing.T) {
		db := s.database()
		run(t, s.athena(), fmt.Sprintf("CREATE VIEW %s.v AS SELECT id, name FROM shop.parquet WHERE id < 5", db))
		require.Len(t, sameRows(t, s, tr, fmt.Sprintf("SELECT * FROM %s.v ORDER BY id", db)), 5)
	})
}

// createdFormats are the formats of CREATE TABLE AS.
var createdFormats = []string{"PARQUET", "ORC", "AVRO", "JSON", "TEXTFILE"}

// trinoReadsCreated has Trino read what CREATE TABLE AS and INSERT INTO wrote.
func trinoReadsCreated(t *testing.T, s *scops, tr *trino) {
	db, a := s.database(), s.athena()
	const row = `%d AS i, BIGINT '9223372036854775807' AS b, REAL '1.5' AS r, 2.25E0 AS d, CAST(12.34 AS decimal(12,2)) AS dc, true AS ok,
		DATE '2021-02-03' AS da, TIMESTAMP '2021-02-03 04:05:06.789' AS ts, 'a "b", c' AS v, ARRAY[1, 2] AS ar, CAST(ROW(1, 'r') AS ROW(a int, b varchar)) AS ro, '%s' AS p`
	for _, format := range createdFormats {
		t.Run(format, func(t *testing.T) {
			table := db + ".t_" + strings.ToLower(format)
			run(t, a, fmt.Sprintf("CREATE TABLE %s WITH (format = '%s', external_location = 's3://lake/%s/', partitioned_by = ARRAY['p']) AS SELECT %s UNION ALL SELECT %s",
				table, format, table, fmt.Sprintf(row, 1, "x"), fmt.Sprintf(row, 2, "y")))
			run(t, a, fmt.Sprintf("INSERT INTO %s SELECT %s", table, fmt.Sprintf(row, 3, "x")))
			run(t, a, fmt.Sprintf("INSERT INTO %s (i, p) VALUES (4, 'z')", table))
			for _, sql := range []string{
				"SELECT i, b, r, d, dc, ok, CAST(da AS varchar), CAST(ts AS varchar), v, ar, ro.a, ro.b, p FROM %s ORDER BY i",
				"SELECT count(*), count(v) FROM %s WHERE p <> 'y'",
			} {
				require.NotEmpty(t, sameRows(t, s, tr, fmt.Sprintf(sql, table)))
			}
		})
	}
}

// aboutTables compares the tables about tables, of those that DDL has made in a
// database.
func aboutTables(t *testing.T, s *scops, tr *trino, db string) {
	a := s.athena()
	run(t, a, fmt.Sprintf(`CREATE EXTERNAL TABLE %s.bucketed (a int COMMENT 'of a', b array<struct<x:decimal(10,2),y:map<string,timestamp>>>, c char(3))
		COMMENT 'it''s' CLUSTERED BY (a) SORTED BY (a) INTO 4 BUCKETS STORED AS ORC LOCATION 's3://lake/%s/bucketed/' TBLPROPERTIES ('k'='v')`, db, db))
	run(t, a, fmt.Sprintf("CREATE VIEW %s.v COMMENT 'of t' AS SELECT n, count(*) AS rows FROM %s.t GROUP BY n", db, db))
	require.Len(t, sameRows(t, s, tr, fmt.Sprintf(`SELECT CAST(day AS varchar), n FROM %s."t$partitions" ORDER BY day, n`, db)), 4)
	for _, sql := range []string{
		`SELECT count(*) FROM %s."t$partitions" WHERE day < DATE '2021-06-01' AND n > 1`,
		`SELECT max(n) FROM %s."t$partitions" WHERE n IN (1, 5, 77)`,
		`SELECT k, "transient_lastddltime" > '1' FROM %s."bucketed$properties"`,
		"SELECT * FROM %s.v ORDER BY n",
	} {
		require.NotEmpty(t, sameRows(t, s, tr, fmt.Sprintf(sql, db)))
	}
	for _, sql := range []string{
		"SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = '%s' ORDER BY table_name",
		"SELECT table_name, view_definition FROM information_schema.views WHERE table_schema = '%s'",
		"SELECT table_name, column_name, ordinal_position, column_default, is_nullable, data_type, comment, extra_info FROM information_schema.columns WHERE table_schema = '%s' ORDER BY table_name, ordinal_position",
	} {
		require.NotEmpty(t, sameRows(t, s, tr, fmt.Sprintf(sql, db)))
	}
}

// trinoFormats are the formats that Trino's Hive connector writes and scops
// reads.
var trinoFormats = []string{"PARQUET", "JSON", "OPENX_JSON", "TEXTFILE", "ORC", "AVRO"}

func trinoWrites(t *testing.T, s *scops, tr *trino) {
	db := unique("w_")
	tr.query(t, fmt.Sprintf("CREATE SCHEMA %s WITH (location = 's3://lake/%s/')", db, db))
	for _, format := range trinoFormats {
		t.Run(format, func(t *testing.T) {
			table := db + ".t_" + strings.ToLower(format)
			small, tiny := "smallint", "tinyint"
			if format == "AVRO" { // has neither
				small, tiny = "int", "int"
			}
			tr.query(t, fmt.Sprintf(`CREATE TABLE %s (i int, b bigint, s %s, t %s, r real, d double, dc decimal(12,2), ok boolean, da date, ts timestamp(3),
				v varchar, vc varchar(10), ar array(int), ro row(a int, b varchar), day date, n int) WITH (format = '%s', partitioned_by = ARRAY['day', 'n'])`, table, small, tiny, format))
			for i, day := range []string{"2021-01-01", "2021-01-02"} {
				tr.query(t, fmt.Sprintf(`INSERT INTO %s VALUES
					(%d, 9223372036854775807, -3, 4, 1.5, 2.25, 12.34, true, DATE '2021-02-03', TIMESTAMP '2021-02-03 04:05:06.789', 'a "b", c''d', 'x', ARRAY[1, 2], ROW(1, 'r'), DATE '%s', 7),
					(%d, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, DATE '%s', 8)`, table, i, day, i+10, day))
			}
			for _, sql := range []string{
				"SELECT i, b, s, t, r, d, dc, ok, CAST(da AS varchar), CAST(ts AS varchar), v, vc, ar, ro.a, ro.b, CAST(day AS varchar), n FROM %s ORDER BY i",
				"SELECT i FROM %s WHERE n = 8 AND day = DATE '2021-01-02'",
				"SELECT count(*), count(v) FROM %s WHERE n > 7 OR day < DATE '2021-01-02'",
			} {
				require.NotEmpty(t, sameRows(t, s, tr, fmt.Sprintf(sql, table)))
			}
			require.Len(t, values(t, s.athena(), fmt.Sprintf(`SELECT DISTINCT day, n FROM %s`, table)), 4)
			tr.query(t, fmt.Sprintf("DELETE FROM %s WHERE n = 8", table))
			require.Len(t, sameRows(t, s, tr, fmt.Sprintf("SELECT i FROM %s ORDER BY i", table)), 2)
			tr.query(t, fmt.Sprintf("ALTER TABLE %s ADD COLUMN later varchar", table))
			tr.query(t, fmt.Sprintf("INSERT INTO %s (i, later, day, n) VALUES (50, 'new', DATE '2021-01-02', 7)", table))
			require.Len(t, sameRows(t, s, tr, fmt.Sprintf("SELECT i, v, later FROM %s ORDER BY i", table)), 3)
			tr.query(t, "DROP TABLE "+table)
			require.Empty(t, values(t, s.athena(), fmt.Sprintf("SELECT table_name FROM information_schema.tables WHERE table_schema = '%s' AND table_name = 't_%s'", db, strings.ToLower(format))))
		})
	}
	t.Run("CSV", func(t *testing.T) {
		tr.query(t, fmt.Sprintf("CREATE TABLE %s.t_csv WITH (format = 'CSV') AS SELECT CAST('a,b' AS varchar) x, CAST('c \"d\"' AS varchar) y", db))
		require.Len(t, sameRows(t, s, tr, fmt.Sprintf("SELECT x, y FROM %s.t_csv", db)), 1)
	})
	t.Run("view", func(t *testing.T) {
		tr.query(t, fmt.Sprintf("CREATE VIEW %s.v AS SELECT x || y z FROM %s.t_csv", db, db))
		require.Len(t, sameRows(t, s, tr, fmt.Sprintf("SELECT z FROM %s.v", db)), 1)
	})
}

func trinoChangesTheCatalog(t *testing.T, s *scops, tr *trino) {
	db := unique("c_")
	tr.query(t, fmt.Sprintf("CREATE SCHEMA %s WITH (location = 's3://lake/%s/')", db, db))
	tr.query(t, fmt.Sprintf("CREATE TABLE %s.t (id bigint, name varchar, p varchar) WITH (partitioned_by = ARRAY['p'])", db))
	tr.query(t, fmt.Sprintf("INSERT INTO %s.t SELECT n, 'x' || CAST(n AS varchar), CAST(n %% 90 AS varchar) FROM UNNEST(sequence(1, 900)) u(n)", db))
	tr.query(t, fmt.Sprintf("ANALYZE %s.t", db))
	for _, row := range tr.query(t, fmt.Sprintf("SHOW STATS FOR %s.t", db)) {
		if row[0] == "id" {
			require.Equal(t, []string{"1", "900"}, row[5:7]) // as ANALYZE wrote them into Glue
		}
	}
	require.Equal(t, [][]string{{"90", "900"}}, sameRows(t, s, tr, fmt.Sprintf("SELECT count(DISTINCT p), count(*) FROM %s.t", db)))
	tr.query(t, fmt.Sprintf("COMMENT ON TABLE %s.t IS 'hello'", db))
	tr.query(t, fmt.Sprintf("CREATE FUNCTION hive.%s.plus(x bigint) RETURNS bigint RETURN x + 1", db))
	require.Equal(t, [][]string{{"3"}}, tr.query(t, fmt.Sprintf("SELECT hive.%s.plus(2)", db)))

	// What Athena's DDL does, Trino sees at once.
	a := s.athena()
	run(t, a, fmt.Sprintf("ALTER TABLE %s.t DROP PARTITION (p = '1')", db))
	require.Equal(t, [][]string{{"89", "890"}}, sameRows(t, s, tr, fmt.Sprintf("SELECT count(DISTINCT p), count(*) FROM %s.t", db)))
	tr.query(t, fmt.Sprintf("CALL hive.system.sync_partition_metadata('%s', 't', 'ADD')", db))
	require.Equal(t, [][]string{{"90", "900"}}, sameRows(t, s, tr, fmt.Sprintf("SELECT count(DISTINCT p), count(*) FROM %s.t", db)))
	run(t, a, fmt.Sprintf("ALTER TABLE %s.t ADD COLUMNS (later string)", db))
	require.Equal(t, [][]string{{"0"}}, sameRows(t, s, tr, fmt.Sprintf("SELECT count(later) FROM %s.t", db)))
	require.Equal(t, tr.query(t, "SHOW TABLES FROM "+db), [][]string{{"t"}})
	run(t, a, fmt.Sprintf("DROP TABLE %s.t", db))
	_, err := tr.try(fmt.Sprintf("SELECT * FROM %s.t", db))
	require.ErrorContains(t, err, "TABLE_NOT_FOUND")
}
