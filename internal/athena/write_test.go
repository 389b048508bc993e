package athena

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/ddl"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/lint"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/scopsdb/scops/internal/tablewriter"
	"github.com/scopsdb/scops/internal/tail"
)

// counted is a real store that counts what is put.
type counted struct {
	objects.Store
	puts atomic.Int64
}

func (c *counted) Put(ctx context.Context, bucket, key string, body io.Reader, size int64, o objects.PutOptions) (objects.Info, error) {
	c.puts.Add(1)
	return c.Store.Put(ctx, bucket, key, body, size, o)
}

// lake is a whole service over a data folder.
type lake struct {
	testing.TB
	*Service
	catalog *catalog.Store
	objects objects.Store
}

func newLake(t testing.TB, limits tablewriter.Config) *lake {
	dir := t.TempDir()
	db, err := sqlite.Open(filepath.Join(dir, "catalog.db"))
	require.NoError(t, err)
	local, err := objects.OpenLocal(filepath.Join(dir, "objects"), objects.WithSidecar(filepath.Join(dir, "metadata")))
	require.NoError(t, err)
	store := &counted{Store: local}
	c, err := catalog.Open(db)
	require.NoError(t, err)
	e, err := duckdb.Open(duckdb.Options{AllowedDirs: []string{filepath.Join(dir, "objects")}, TempDir: dir})
	require.NoError(t, err)
	limits.Catalog, limits.Objects, limits.TempDir, limits.Log = c, store, dir, slog.New(slog.DiscardHandler)
	s, err := New(t.Context(), Config{
		DB: db, Catalog: c, Objects: store, Planner: planner.New(c, store, tail.New()), Engine: e, DDL: &ddl.Executor{Catalog: c, Objects: store},
		Writer: tablewriter.New(limits), Log: slog.New(slog.DiscardHandler), OutputLocation: "s3://results/", TempDir: dir,
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, s.Close(context.Background()))
		require.NoError(t, e.Close())
		require.NoError(t, local.Close())
		require.NoError(t, db.Close())
	})
	require.NoError(t, store.CreateBucket(t.Context(), "lake"))
	require.NoError(t, c.CreateDatabase(t.Context(), catalog.Database{Name: "shop"}, false))
	return &lake{TB: t, Service: s, catalog: c, objects: store}
}

// textRows collects rows as text.
type textRows struct {
	columns []analyzer.Column
	rows    []string
}

func (r *textRows) Warn([]lint.Warning) {}

func (r *textRows) Begin(_ QueryID, columns []analyzer.Column) error {
	r.columns = columns
	return nil
}

func (r *textRows) Row(values []any) error {
	cells := make([]string, len(values))
	for i, v := range values {
		text, ok := types.Text(r.columns[i].Type, v)
		if cells[i] = text; !ok {
			cells[i] = "NULL"
		}
	}
	r.rows = append(r.rows, strings.Join(cells, "|"))
	return nil
}

// try runs a statement in database shop.
func (l *lake) try(sql string, parameters ...string) (QuerySummary, []string) {
	l.Helper()
	sink := &textRows{}
	end, err := l.Query(l.Context(), QueryInput{SQL: sql, Database: "shop", Parameters: parameters}, sink)
	require.NoError(l, err, sql)
	return end, sink.rows
}

// run runs one that must succeed.
func (l *lake) run(sql string, parameters ...string) []string {
	l.Helper()
	end, rows := l.try(sql, parameters...)
	require.Equal(l, api.QueryExecutionStateSucceeded, end.State, "%s: %s", sql, end.Reason)
	return rows
}

// fails runs one that must fail and returns why.
func (l *lake) fails(sql string) string {
	l.Helper()
	end, _ := l.try(sql)
	require.Equal(l, api.QueryExecutionStateFailed, end.State, sql)
	return end.Reason
}

// keys are the objects of a bucket below a prefix.
func (l *lake) keys(bucket, prefix string) []string {
	infos, more, err := l.objects.List(l.Context(), bucket, prefix, "", 1000)
	require.NoError(l, err)
	require.False(l, more)
	out := []string{}
	for _, info := range infos {
		out = append(out, info.Key)
	}
	return out
}

const numbers = "(VALUES (1, 'a', DATE '2021-02-03'), (2, NULL, DATE '2021-02-04'), (3, 'ü', NULL)) AS t (id, name, day)"

func TestCreateTableAsInEachFormat(t *testing.T) {
	l := newLake(t, tablewriter.Config{})
	for format, types := range map[string][]string{"PARQUET": {"GZIP", "SNAPPY", "ZSTD", "NONE", ""}, "JSON": {"GZIP", "ZSTD", "BZIP2", "NONE", ""}, "TEXTFILE": {"GZIP", "ZSTD", "SNAPPY", "LZ4", "NONE", ""},
		"ORC": {"ZLIB", "SNAPPY", "ZSTD", "NONE", ""}, "AVRO": {"SNAPPY", "DEFLATE", "ZSTD", "NONE", ""}} {
		for i, compression := range types {
			name := fmt.Sprintf("copy_%s_%d", strings.ToLower(format), i)
			with := fmt.Sprintf("format = '%s', external_location = 's3://lake/%s/'", format, name)
			if compression != "" {
				with += fmt.Sprintf(", write_compression = '%s'", compression)
			}
			require.Equal(t, []string{"3"}, l.run("CREATE TABLE "+name+" WITH ("+with+") AS SELECT * FROM "+numbers))
			require.Equal(t, []string{"1|a|2021-02-03", "2|NULL|2021-02-04", "3|ü|NULL"}, l.run("SELECT * FROM "+name+" ORDER BY id"))
			require.Equal(t, []string{"2"}, l.run("INSERT INTO "+name+" (name, id) VALUES ('x', 8), ('y', 9)"))
			require.Equal(t, []string{"8|x|NULL", "9|y|NULL"}, l.run("SELECT * FROM "+name+" WHERE id > 3 ORDER BY id"))
			require.Len(t, l.keys("lake", name+"/"), 2)
		}
	}
	require.Empty(t, l.pending())
}

func (l *lake) pending() []catalog.PendingWrite {
	p, err := l.catalog.PendingWrites(l.Context())
	require.NoError(l, err)
	committed, err := l.catalog.CommittedWrites(l.Context())
	require.NoError(l, err)
	require.Empty(l, committed)
	return p
}

func TestAllTypesComeBack(t *testing.T) {
	l := newLake(t, tablewriter.Config{})
	const values = `SELECT true AS b, TINYINT '-7' AS t, SMALLINT '300' AS s, 70000 AS i, BIGINT '9000000000' AS l, REAL '1.5' AS r, 2.25e0 AS d,
		DECIMAL '-12.50' AS dec, DECIMAL '12345678901234567890.123' AS wide, 'text' AS v, CAST('ab' AS char(4)) AS c, X'00ff' AS bin, DATE '1969-12-31' AS day,
		TIMESTAMP '1965-12-31 23:59:58.123' AS ts, ARRAY[1, NULL, 3] AS list, MAP(ARRAY['k', 'l'], ARRAY[1.5, NULL]) AS map,
		CAST(ROW(1, ARRAY['x'], NULL) AS row(a integer, bs array(varchar), c varchar)) AS r2, ARRAY[MAP(ARRAY[1], ARRAY[ROW('deep')])] AS odd`
	values2 := strings.Replace(values, "ROW('deep')", "CAST(ROW('deep') AS row(z varchar))", 1)
	want := l.run(values2)
	nulls := strings.Repeat("NULL|", 17) + "NULL"
	for _, format := range []string{"PARQUET", "ORC"} {
		table := "types_" + strings.ToLower(format)
		l.run(fmt.Sprintf("CREATE TABLE %s WITH (format = '%s', external_location = 's3://lake/%s/') AS %s", table, format, table, values2))
		require.Equal(t, want, l.run("SELECT * FROM "+table))
		l.run(fmt.Sprintf("INSERT INTO %s SELECT * FROM %s", table, table))
		require.Equal(t, append(slices.Clone(want), want...), l.run("SELECT * FROM "+table))
		l.run("INSERT INTO " + table + " (b) VALUES (NULL)")
		require.Equal(t, []string{nulls}, l.run("SELECT * FROM "+table+" WHERE b IS NULL"))
	}
}

func TestPartitions(t *testing.T) {
	l := newLake(t, tablewriter.Config{MaxOpenPartitions: 4})
	l.run("CREATE TABLE days WITH (partitioned_by = ARRAY['day', 'kind'], external_location = 's3://lake/days/') AS SELECT id, day, name AS kind FROM " + strings.Replace(numbers, "'ü'", "'x/y=z'", 1))
	require.Equal(t, []string{"day=2021-02-03/kind=a", "day=2021-02-04/kind=__HIVE_DEFAULT_PARTITION__", "day=__HIVE_DEFAULT_PARTITION__/kind=x%2Fy%3Dz"}, l.run("SHOW PARTITIONS days"))
	require.Equal(t, []string{"1|2021-02-03|a", "2|2021-02-04|NULL", "3|NULL|x/y=z"}, l.run("SELECT * FROM days ORDER BY id"))
	require.Equal(t, []string{"1|2021-02-03|a"}, l.run("SELECT * FROM days WHERE day = DATE '2021-02-03'"))

	// An INSERT adds to partitions, wherever they lie, and makes new ones.
	l.run("ALTER TABLE days ADD PARTITION (day = '2021-03-01', kind = 'far') LOCATION 's3://lake/elsewhere/'")
	l.run("INSERT INTO days VALUES (7, DATE '2021-02-03', 'a'), (8, DATE '2021-03-01', 'far'), (9, DATE '2021-03-02', '')")
	require.Equal(t, []string{"1", "2", "3", "7", "8", "9"}, l.run("SELECT id FROM days ORDER BY 1"))
	require.Len(t, l.keys("lake", "elsewhere/"), 1)
	require.Equal(t, []string{"9|2021-03-02|NULL"}, l.run("SELECT * FROM days WHERE id = 9"), "the empty text is NULL, as in Hive")

	before := l.keys("lake", "")
	require.Equal(t, "HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 4 open writers for partitions/buckets",
		l.fails("INSERT INTO days SELECT n, DATE '2022-01-01' + n * INTERVAL '1' DAY, 'k' FROM UNNEST(sequence(1, 5)) AS t (n)"))
	require.Contains(t, l.fails("INSERT INTO days VALUES (1, DATE '2021-02-03', 'ü')"), "HIVE_INVALID_PARTITION_VALUE: Hive partition keys can only contain printable ASCII characters (0x20 - 0x7E). Invalid value: C3 BC")
	require.Equal(t, before, l.keys("lake", ""), "nothing remains of what failed")
	require.Len(t, l.run("SHOW PARTITIONS days"), 5)
	require.Empty(t, l.pending())
}

// Each bucket is a file named as Trino finds it; the limit counts them.
func TestBuckets(t *testing.T) {
	l := newLake(t, tablewriter.Config{MaxOpenPartitions: 8})
	const query = "SELECT n, n % 2 AS p FROM UNNEST(sequence(1, 100)) AS t (n)"
	l.run("CREATE TABLE b WITH (external_location = 's3://lake/b/', bucketed_by = ARRAY['n'], bucket_count = 4, partitioned_by = ARRAY['p']) AS " + query)
	require.Equal(t, []string{"100|5050"}, l.run("SELECT count(*), sum(n) FROM b"))
	keys := l.keys("lake", "b/")
	require.Len(t, keys, 4, "odd numbers lie in the odd ones of 4 buckets")
	for _, name := range []string{"b/p=0/000000_0_", "b/p=0/000002_0_", "b/p=1/000001_0_", "b/p=1/000003_0_"} {
		require.True(t, slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(k, name) }), "%s: %v", name, keys)
	}
	table, err := l.catalog.Table(t.Context(), "shop", "b")
	require.NoError(t, err)
	require.Equal(t, []string{"n"}, table.Storage.BucketColumns)
	require.EqualValues(t, 4, table.Storage.NumberOfBuckets)
	require.Contains(t, l.fails("CREATE TABLE c WITH (external_location = 's3://lake/c/', bucketed_by = ARRAY['n'], bucket_count = 9) AS "+query), "HIVE_TOO_MANY_OPEN_PARTITIONS")
	require.Empty(t, l.keys("lake", "c/"))
}

func TestAStatementReadsTheStateBefore(t *testing.T) {
	l := newLake(t, tablewriter.Config{FileSize: 1}) // a file for each row group of work
	l.run("CREATE TABLE t WITH (external_location = 's3://lake/t/') AS SELECT 1 AS n")
	for i := range 8 {
		l.run("INSERT INTO t SELECT n FROM t")
		require.Equal(t, []string{fmt.Sprint(2 << i)}, l.run("SELECT count(*) FROM t"))
	}
}

// A failure in the middle, after objects were put, leaves no row and no object.
func TestAFailedStatementLeavesNothing(t *testing.T) {
	l := newLake(t, tablewriter.Config{Memory: 2 << 20}) // several files
	l.run("CREATE TABLE t WITH (external_location = 's3://lake/t/') AS SELECT 1 AS n")
	before := l.keys("lake", "")
	for _, into := range []string{"INSERT INTO t", "CREATE TABLE u WITH (external_location = 's3://lake/u/') AS", "UNLOAD"} {
		query := "SELECT 1 / (1000000 - a * 1000 - b) AS n FROM UNNEST(sequence(0, 999)) AS s (a), UNNEST(sequence(1, 1000)) AS u (b)"
		put := l.objects.(*counted).puts.Load()
		sql := into + " " + query
		if into == "UNLOAD" {
			sql = "UNLOAD (" + query + ") TO 's3://lake/out/' WITH (format = 'JSON')"
		}
		require.Contains(t, l.fails(sql), "DIVISION_BY_ZERO")
		require.Greater(t, l.objects.(*counted).puts.Load(), put+3, "objects were put before the failure")
		require.Equal(t, before, l.keys("lake", ""), into)
	}
	require.Equal(t, []string{"1"}, l.run("SELECT n FROM t"))
	require.Contains(t, l.fails("SELECT * FROM u"), "TABLE_NOT_FOUND")
	require.Empty(t, l.pending())
	require.Len(t, l.keys("results", "tables/"), 2, "of the table that was made before")
}

func TestUnload(t *testing.T) {
	l := newLake(t, tablewriter.Config{})
	end, rows := l.try("UNLOAD (SELECT id, name, day FROM " + numbers + ") TO 's3://lake/out' WITH (format = 'JSON', compression = 'GZIP', partitioned_by = ARRAY['day'])")
	require.Equal(t, api.QueryExecutionStateSucceeded, end.State, end.Reason)
	require.Equal(t, []string{"3"}, rows)
	require.Len(t, l.keys("lake", "out/"), 3)
	require.Len(t, l.keys("lake", "out/day=2021-02-03/"), 1)
	require.Equal(t, []string{string(end.ID) + "-manifest.csv", string(end.ID) + ".metadata"}, l.keys("results", string(end.ID)))
	l.run("CREATE EXTERNAL TABLE back (id int, name string) PARTITIONED BY (day date) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/out/'")
	l.run("MSCK REPAIR TABLE back")
	require.Equal(t, []string{"1|a", "2|NULL", "3|ü"}, l.run("SELECT id, name FROM back ORDER BY id"))
	require.Contains(t, l.fails("UNLOAD (SELECT 1 AS x) TO 's3://lake/out/' WITH (format = 'PARQUET')"), "HIVE_PATH_ALREADY_EXISTS")
}

func TestResultOfAStatementThatWrites(t *testing.T) {
	l := newLake(t, tablewriter.Config{})
	end, _ := l.try("CREATE TABLE new AS SELECT * FROM " + numbers)
	require.Equal(t, api.QueryExecutionStateSucceeded, end.State, end.Reason)
	id := string(end.ID)
	out, err := l.GetQueryExecution(t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: &id})
	require.NoError(t, err)
	q := out.QueryExecution
	require.Equal(t, api.StatementTypeDdl, q.StatementType)
	require.Equal(t, "CREATE_TABLE_AS_SELECT", aws.ToString(q.SubstatementType))
	require.Equal(t, "s3://results/tables/"+id, aws.ToString(q.ResultConfiguration.OutputLocation))
	require.Equal(t, "s3://results/tables/"+id+"-manifest.csv", aws.ToString(q.Statistics.DataManifestLocation))
	files := l.keys("results", "tables/")
	require.Equal(t, "tables/"+id+"-manifest.csv", files[0])
	require.Equal(t, "tables/"+id+".metadata", files[1])
	require.Len(t, files, 3)
	body, _, err := l.objects.Get(t.Context(), "results", files[0], 0, -1)
	require.NoError(t, err)
	defer body.Close()
	manifest := make([]byte, 1000)
	n, _ := body.Read(manifest)
	require.Equal(t, "s3://results/"+files[2]+"\n", string(manifest[:n]))

	results, err := l.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: &id})
	require.NoError(t, err)
	require.EqualValues(t, 3, aws.ToInt64(results.UpdateCount))
	require.Empty(t, results.ResultSet.Rows)
	require.Len(t, results.ResultSet.ResultSetMetadata.ColumnInfo, 1)
	require.Equal(t, "rows", aws.ToString(results.ResultSet.ResultSetMetadata.ColumnInfo[0].Name))

	end, rows := l.try("CREATE TABLE IF NOT EXISTS new AS SELECT 1 AS x")
	require.Equal(t, api.QueryExecutionStateSucceeded, end.State)
	require.Equal(t, []string{"0"}, rows)
	require.Equal(t, []string{"0"}, l.run("CREATE TABLE empty WITH (partitioned_by = ARRAY['day']) AS SELECT * FROM "+numbers+" WITH NO DATA"))
	require.Empty(t, l.run("SELECT * FROM empty"))
}

func TestPreparedStatementsThatWrite(t *testing.T) {
	l := newLake(t, tablewriter.Config{})
	l.run("CREATE TABLE t WITH (external_location = 's3://lake/t/') AS SELECT 1 AS n, 'a' AS s")
	l.run("PREPARE add_one FROM INSERT INTO t VALUES (?, ?)")
	require.Equal(t, []string{"1"}, l.run("EXECUTE add_one USING 2, 'b'"))
	require.Equal(t, []string{"1"}, l.run("EXECUTE IMMEDIATE 'INSERT INTO t VALUES (?, ?)' USING 3, 'c'"))
	require.Equal(t, []string{"1"}, l.run("INSERT INTO t VALUES (?, ?)", "4", "'d'"))
	require.Equal(t, []string{"1|a", "2|b", "3|c", "4|d"}, l.run("SELECT * FROM t ORDER BY n"))
	require.Equal(t, []string{"rows||||bigint|8|false"}, l.run("DESCRIBE OUTPUT add_one"))
	require.Contains(t, strings.Join(l.run("EXPLAIN INSERT INTO t SELECT * FROM t"), "\n"), "TableWriter[shop.t]")
	require.Contains(t, l.fails("EXECUTE add_one USING 2"), "Incorrect number of parameters: expected 2 but found 1")
}

func TestWhatCannotBeWritten(t *testing.T) {
	l := newLake(t, tablewriter.Config{})
	l.run("CREATE TABLE t WITH (external_location = 's3://lake/t/') AS SELECT 1 AS n")
	l.run("CREATE VIEW v AS SELECT 1 AS n")
	buckets := catalog.Table{Database: "shop", Name: "bucketed", Location: "s3://lake/b/", Columns: []catalog.Column{{Name: "a", Type: "int"}}, SerDe: catalog.SerDe{Library: "org.openx.data.jsonserde.JsonSerDe"}}
	buckets.Storage.NumberOfBuckets, buckets.Storage.BucketColumns = 2, []string{"a"}
	require.NoError(t, l.catalog.CreateTable(t.Context(), buckets, false))
	buckets.Name, buckets.Storage, buckets.Location = "delivered", catalog.Storage{}, "s3://lake/d/"
	require.NoError(t, l.catalog.CreateTable(t.Context(), buckets, false))
	require.NoError(t, l.catalog.ClaimTable(t.Context(), "shop", "delivered", "orders"))
	for sql, want := range map[string]string{
		"INSERT INTO v VALUES 1":          "NOT_SUPPORTED: line 1:1: Inserting into views is not supported",
		"INSERT INTO bucketed VALUES 1":   "NOT_SUPPORTED: INSERT INTO is not supported on bucketed tables: shop.bucketed",
		"INSERT INTO delivered VALUES 1":  "NOT_SUPPORTED: INSERT INTO a table that a delivery writes is not supported: shop.delivered belongs to delivery orders",
		"INSERT INTO t VALUES 'a'":        "TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: [integer], Query: [varchar(1)]",
		"INSERT INTO t VALUES 3000000000": "NUMERIC_VALUE_OUT_OF_RANGE: Out of range for integer: 3000000000",
		"CREATE TABLE t AS SELECT 1 AS a": "TABLE_ALREADY_EXISTS: line 1:1: Destination table 'awsdatacatalog.shop.t' already exists",
		"CREATE TABLE n WITH (external_location = 's3://lake/t/') AS SELECT 1 AS a":                             "HIVE_PATH_ALREADY_EXISTS: Target directory for table 'shop.n' already exists: s3://lake/t",
		"CREATE TABLE n AS SELECT current_timestamp AS a":                                                       "NOT_SUPPORTED: Unsupported Hive type: timestamp(3) with time zone",
		"CREATE TABLE n AS SELECT ARRAY[localtimestamp(6)] AS a":                                                "NOT_SUPPORTED: Incorrect timestamp precision for timestamp(6); the configured precision is MILLISECONDS; column name: a",
		"CREATE TABLE n AS SELECT '' AS a":                                                                      "NOT_SUPPORTED: Unsupported Hive type: varchar(0). Supported VARCHAR types: VARCHAR(<=65535), VARCHAR.",
		"CREATE TABLE n WITH (nothing = 1) AS SELECT 1 AS a":                                                    "INVALID_TABLE_PROPERTY: line 1:22: Catalog 'awsdatacatalog' table property 'nothing' does not exist",
		"CREATE TABLE n WITH (format = 'CSV') AS SELECT 1 AS a":                                                 "INVALID_TABLE_PROPERTY: line 1:22: Invalid value for catalog 'awsdatacatalog' table property 'format': CSV is none of PARQUET, ORC, AVRO, JSON, TEXTFILE",
		"CREATE TABLE n WITH (is_external = false) AS SELECT 1 AS a":                                            "INVALID_TABLE_PROPERTY: line 1:22: Invalid value for catalog 'awsdatacatalog' table property 'is_external': false goes with Iceberg tables alone",
		"CREATE TABLE n WITH (table_type = 'DELTA') AS SELECT 1 AS a":                                           "INVALID_TABLE_PROPERTY: line 1:22: Invalid value for catalog 'awsdatacatalog' table property 'table_type': DELTA is not supported",
		"CREATE TABLE n WITH (bucket_count = 4) AS SELECT 1 AS a":                                               "INVALID_TABLE_PROPERTY: bucketed_by and bucket_count must be specified together",
		"CREATE TABLE n WITH (partitioned_by = ARRAY['a']) AS SELECT 1 AS a":                                    "INVALID_TABLE_PROPERTY: Table contains only partition columns",
		"CREATE TABLE n WITH (partitioned_by = ARRAY['x']) AS SELECT 1 AS a":                                    "INVALID_TABLE_PROPERTY: Partition columns [x] not present in schema",
		"CREATE TABLE n WITH (partitioned_by = ARRAY['a']) AS SELECT 1 AS a, 2 AS b":                            "HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns in the table and in the same order as the table properties: [a]",
		"CREATE TABLE n WITH (bucketed_by = ARRAY['x'], bucket_count = 2) AS SELECT 1 AS a":                     "INVALID_TABLE_PROPERTY: Bucketing columns [x] not present in schema",
		"CREATE TABLE n WITH (bucketed_by = ARRAY['a'], bucket_count = 2) AS SELECT DECIMAL '1' AS a":           "NOT_SUPPORTED: Cannot create a table bucketed on an unsupported type",
		"CREATE TABLE n WITH (external_location = 's3://nowhere/x/') AS SELECT 1 AS a":                          "HIVE_FILESYSTEM_ERROR: The bucket nowhere does not exist",
		"CREATE TABLE n WITH (field_delimiter = ',') AS SELECT 1 AS a":                                          "INVALID_TABLE_PROPERTY: field_delimiter goes with the format TEXTFILE alone, not with PARQUET",
		"CREATE TABLE n WITH (format = 'AVRO') AS SELECT ARRAY[SMALLINT '1'] AS a":                              "NOT_SUPPORTED: Column 'a' is smallint, which is not supported by Avro. Use integer instead.",
		"CREATE TABLE n WITH (format = 'AVRO') AS SELECT ARRAY[MAP(ARRAY[1], ARRAY[1])] AS a":                   "NOT_SUPPORTED: Column a: the keys of a map in an Avro file are of type varchar",
		"CREATE TABLE n AS SELECT 1":                                                                            "MISSING_COLUMN_NAME: line 1:1: Column name not specified at position 1",
		"UNLOAD (SELECT 1 AS a) TO 'lake' WITH (format = 'JSON')":                                               "INVALID_TABLE_PROPERTY: The destination of UNLOAD is not an S3 folder: lake",
		"UNLOAD (SELECT 1 AS a) TO 's3://lake/o/' WITH (bucketed_by = ARRAY['a'])":                              "INVALID_TABLE_PROPERTY: line 1:48: Catalog 'awsdatacatalog' UNLOAD property 'bucketed_by' does not exist",
		"CREATE TABLE n WITH (partitioned_by = ARRAY['b']) AS SELECT 1 AS a, ARRAY[1] AS b":                     "NOT_SUPPORTED: Unsupported type [array(integer)] for partition: b",
		"CREATE TABLE n WITH (format = 'PARQUET', orc_compression = 'ZLIB', bucket_count = 1) AS SELECT 1 AS a": "INVALID_TABLE_PROPERTY: line 1:42: Invalid value for catalog 'awsdatacatalog' table property 'orc_compression': it goes with the format ORC",
	} {
		require.Contains(t, l.fails(sql), want, sql)
	}
	require.Empty(t, l.pending())
}
