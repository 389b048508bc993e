package lake_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/ddl"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/lake"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/scopsdb/scops/internal/tail"
)

// world is all parts that a statement goes through.
type world struct {
	*testing.T
	catalog *catalog.Store
	objects *objects.Local
	planner *planner.Planner
	engine  *duckdb.Engine
	ddl     *ddl.Executor
	lake    *lake.Lake
	now     time.Time
	count   int
	scanned int64 // bytes of the last query
	files   int   // data files of the last query
}

func newWorld(t *testing.T) *world {
	dir := t.TempDir()
	db, err := sqlite.Open(filepath.Join(dir, "catalog.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	c, err := catalog.Open(db)
	require.NoError(t, err)
	local, err := objects.OpenLocal(filepath.Join(dir, "objects"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, local.Close()) })
	require.NoError(t, local.CreateBucket(t.Context(), "lake"))
	require.NoError(t, c.CreateDatabase(t.Context(), catalog.Database{Name: "shop"}, false))
	e, err := duckdb.Open(duckdb.Options{Threads: 2, AllowedDirs: []string{filepath.Join(dir, "objects")}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	p := planner.New(c, local, tail.New())
	return &world{
		T: t, catalog: c, objects: local, planner: p, engine: e,
		ddl:  &ddl.Executor{Catalog: c, Objects: local, Iceberg: p.Iceberg()},
		lake: lake.New(c, p.Iceberg(), dir), now: time.Now().Add(time.Hour),
	}
}

// try runs a statement: the rows of a query as texts, or how many rows it
// changed.
func (w *world) try(text string) ([]string, error) {
	ctx := w.Context()
	stmt, err := sql.Parse(text)
	if err != nil {
		return nil, err
	}
	if stmt.DDL != nil {
		result, err := w.ddl.Execute(ctx, stmt.DDL, ddl.Context{Database: "shop"})
		var rows []string
		for _, r := range result.Rows {
			rows = append(rows, strings.Join(r, "\t"))
		}
		return rows, err
	}
	w.count++
	o := analyzer.Options{Catalog: w.catalog, Versions: w.lake, Database: "shop", Now: w.now}
	if lake.Changes(stmt.Query) {
		change, err := w.lake.Prepare(ctx, stmt.Query, o, fmt.Sprintf("q%d", w.count))
		if err != nil {
			return nil, err
		}
		require.NotNil(w, change, text)
		n, err := w.apply(ctx, change)
		return []string{fmt.Sprint(n)}, err
	}
	analysis, err := analyzer.Analyze(ctx, stmt.Query, o)
	if err != nil {
		return nil, err
	}
	rows, err := w.query(ctx, analysis)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return texts(ctx, rows)
}

func (w *world) apply(ctx context.Context, change *lake.Change) (int64, error) {
	if change.Source == nil {
		return change.Apply(ctx, nil, unstopped)
	}
	rows, err := w.query(ctx, change.Source)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	return change.Apply(ctx, rows, unstopped)
}

// unstopped is the seal of a statement that nobody stops.
func unstopped() error { return nil }

func (w *world) query(ctx context.Context, a *analyzer.Analysis) (engine.Rows, error) {
	scans, err := w.planner.PlanAll(ctx, a.Scans)
	if err != nil {
		return nil, err
	}
	w.files = 0
	for _, s := range scans {
		w.files += len(s.Files)
	}
	rows, err := w.engine.Query(ctx, engine.Query{ID: "q", Analysis: a, Scans: scans})
	if err == nil {
		w.scanned = rows.Stats().BytesScanned
	}
	return rows, err
}

func texts(ctx context.Context, rows engine.Rows) ([]string, error) {
	var out []string
	for {
		row, err := rows.Next(ctx)
		if err != nil {
			if err.Error() == "EOF" {
				return out, nil
			}
			return nil, err
		}
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = "NULL"
			if v != nil {
				cells[i], _ = types.Text(rows.Columns()[i].Type, v)
			}
		}
		out = append(out, strings.Join(cells, "|"))
	}
}

func (w *world) run(text string) []string {
	w.Helper()
	rows, err := w.try(text)
	require.NoError(w, err, text)
	return rows
}

// sorted runs a query whose rows have no order.
func (w *world) sorted(text string) []string {
	w.Helper()
	rows := w.run(text)
	slices.Sort(rows)
	return rows
}

// keys are the objects of the lake.
func (w *world) keys() []string {
	list, more, err := w.objects.List(w.Context(), "lake", "", "", 10_000)
	require.NoError(w, err)
	require.False(w, more)
	keys := make([]string, len(list))
	for i, o := range list {
		keys[i] = o.Key
	}
	return keys
}

const allTypes = `CREATE TABLE things (id bigint, n int, ok boolean, f float, d double, price decimal(10,2), big decimal(38,5),
	day date, at timestamp, name string, raw binary, tags array<string>, counts map<string,int>, place struct<x:int,y:array<struct<z:double>>>)
	LOCATION 's3://lake/things/' TBLPROPERTIES ('table_type'='ICEBERG', 'write_compression'='snappy')`

func TestInsertAndRead(t *testing.T) {
	w := newWorld(t)
	w.run(allTypes)
	require.Empty(t, w.run("SELECT * FROM things"))
	require.Equal(t, []string{"2"}, w.run(`INSERT INTO things VALUES
		(1, 2, true, REAL '1.5', 2.5E0, 12.34, DECIMAL '123456789012345678901234567890.12345', DATE '1969-12-31', TIMESTAMP '2024-02-29 12:34:56.123456', 'héllo', X'00ff',
			ARRAY['a', NULL, ''], MAP(ARRAY['k'], ARRAY[7]), ROW(5, ARRAY[ROW(1.5E0), NULL])),
		(2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`))
	require.Equal(t, []string{"1"}, w.run("INSERT INTO things (id, tags, counts, place) VALUES (3, ARRAY[], MAP(), ROW(NULL, ARRAY[]))"))
	require.Equal(t, []string{
		"1|2|true|1.5|2.5|12.34|123456789012345678901234567890.12345|1969-12-31|2024-02-29 12:34:56.123456|héllo|00 ff|[a, null, ]|{k=7}|{x=5, y=[{z=1.5}, null]}",
		"2|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL",
		"3|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|[]|{}|{x=null, y=[]}",
	}, w.sorted("SELECT * FROM things"))
	require.Equal(t, []string{"3"}, w.run("SELECT count(*) FROM things"))
	require.Equal(t, []string{"1"}, w.run("SELECT id FROM things WHERE place.x = 5"))
	require.Equal(t, 2, w.files)
	require.Equal(t, []string{"3"}, w.run("SELECT id FROM things WHERE id > 2"))
	require.Equal(t, 1, w.files, "the statistics of the other file exclude it")
	narrow := w.scanned
	w.run("SELECT id, name FROM things WHERE id > 2")
	require.Greater(t, w.scanned, narrow, "a second column is scanned")
}

func TestFailuresLeaveNothing(t *testing.T) {
	w := newWorld(t)
	w.run("CREATE TABLE t (a int, b string) PARTITIONED BY (b) LOCATION 's3://lake/t' TBLPROPERTIES ('table_type'='ICEBERG')")
	before := w.keys()
	for text, want := range map[string]string{
		"INSERT INTO t SELECT 1 / a, 'x' FROM (VALUES 1, 0) v(a)":                                                                               "DIVISION_BY_ZERO",
		"INSERT INTO t SELECT a, CAST(a AS varchar) FROM UNNEST(sequence(1, 101)) v(a)":                                                         "ICEBERG_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers for partitions",
		"INSERT INTO t VALUES ('x', 1)":                                                                                                         "line 1:1: Insert query has mismatched column types: Table: [integer, varchar], Query: [varchar(1), integer]",
		"CREATE TABLE t (a tinyint) LOCATION 's3://lake/u' TBLPROPERTIES ('table_type'='ICEBERG')":                                              "NOT_SUPPORTED: line 1:17: type tinyint of column a is not one of Iceberg's",
		"CREATE TABLE t (a int) LOCATION 's3://lake/u' TBLPROPERTIES ('table_type'='ICEBERG')":                                                  "AlreadyExistsException(message:Table shop.t already exists)",
		"CREATE TABLE u (a int) LOCATION 's3://lake/u' TBLPROPERTIES ('table_type'='ICEBERG', 'color'='red')":                                   "Unsupported table property key: color",
		"CREATE TABLE u (a int) PARTITIONED BY (day(a)) LOCATION 's3://lake/u' TBLPROPERTIES ('table_type'='ICEBERG')":                          "Invalid source type int for transform: day",
		"CREATE TABLE u (a int) PARTITIONED BY (b) LOCATION 's3://lake/u' TBLPROPERTIES ('table_type'='ICEBERG')":                               "Column 'b' not found",
		"CREATE TABLE u WITH (table_type='ICEBERG', is_external=false) AS SELECT 1 a":                                                           "location must be given",
		"CREATE TABLE u WITH (table_type='ICEBERG', location='s3://lake/u/') AS SELECT 1 a":                                                     "is_external=false must be given",
		"CREATE TABLE u WITH (table_type='ICEBERG', is_external=false, location='s3://lake/u/', partitioning=ARRAY['day(a, 3)']) AS SELECT 1 a": "Invalid partition field declaration: day(a, 3)",
	} {
		_, err := w.try(text)
		require.ErrorContains(t, err, want, text)
	}
	require.Equal(t, before, w.keys())
	require.Empty(t, w.run("SELECT * FROM t"))
}

func TestCreateTableAs(t *testing.T) {
	w := newWorld(t)
	require.Equal(t, []string{"3"}, w.run(`CREATE TABLE c WITH (table_type='ICEBERG', is_external=false, location='s3://lake/c/', format='PARQUET',
		partitioning=ARRAY['bucket(id, 4)', 'month(at)']) AS
		SELECT * FROM (VALUES (1, TIMESTAMP '2024-01-31 00:00:00'), (2, TIMESTAMP '2024-02-01 00:00:00'), (3, NULL)) v(id, at)`))
	require.Equal(t, []string{"1|2024-01-31 00:00:00.000000", "2|2024-02-01 00:00:00.000000", "3|NULL"}, w.sorted("SELECT * FROM c"))
	table, err := w.catalog.Table(t.Context(), "shop", "c")
	require.NoError(t, err)
	loaded, err := w.planner.Iceberg().Load(t.Context(), table)
	require.NoError(t, err)
	spec := loaded.Metadata.Spec(0)
	require.Equal(t, []int{1000, 1001, 1001}, []int{spec.Field(0).FieldID, spec.Field(1).FieldID, loaded.Metadata.LastPartitionID})
	require.Equal(t, []string{"1"}, w.run("SELECT id FROM c WHERE at < TIMESTAMP '2024-02-01 00:00:00'"))
	require.Equal(t, []string{"1"}, w.run("DELETE FROM c WHERE id = 3"))
	require.Equal(t, []string{"0"}, w.run("CREATE TABLE e WITH (table_type='ICEBERG', is_external=false, location='s3://lake/e/') AS SELECT * FROM c WITH NO DATA"))
	require.Len(t, w.run("SELECT * FROM c"), 2)
	require.Empty(t, w.run("SELECT * FROM e"))
}

// TestPruning: files that a condition excludes are not read, and no row is lost.
func TestPruning(t *testing.T) {
	w := newWorld(t)
	w.run(`CREATE TABLE p (id int, name string, at timestamp, price decimal(10,2))
		PARTITIONED BY (bucket(8, id), truncate(2, name), day(at)) LOCATION 's3://lake/p' TBLPROPERTIES ('table_type'='ICEBERG')`)
	w.run(`INSERT INTO p SELECT i, 'n' || CAST(i AS varchar) || 'x', TIMESTAMP '1969-12-25 00:00:00' + i * INTERVAL '1' DAY, CAST(i AS decimal(10,2)) / 2 FROM UNNEST(sequence(1, 40)) v(i)`)
	w.run("INSERT INTO p VALUES (NULL, NULL, NULL, NULL)")
	for _, c := range []struct {
		where string
		rows  string
		most  int
	}{
		{"id = 7", "1", 1},
		{"id IN (7, 8)", "2", 2},
		{"id < 5", "4", 4},
		{"name = 'n12x'", "1", 1},
		{"name >= 'n3'", "18", 18},
		{"name LIKE 'n4%'", "2", 41},
		{"at < TIMESTAMP '1969-12-27 00:00:00'", "1", 3},
		{"at >= TIMESTAMP '1970-01-30 00:00:00'", "5", 5},
		{"at = TIMESTAMP '1970-01-05 00:00:00'", "1", 1},
		{"at BETWEEN TIMESTAMP '1970-01-05 00:00:00' AND TIMESTAMP '1970-01-06 12:00:00'", "2", 2},
		{"at IS NULL", "1", 1},
		{"at IS NOT NULL AND id > 39", "1", 1},
		{"price > 19.75", "1", 1},
		{"id = 7 AND id = 8", "0", 0},
		{"NOT (id <> 7)", "1", 1},
	} {
		require.Equal(t, []string{c.rows}, w.run("SELECT count(*) FROM p WHERE "+c.where), c.where)
		require.LessOrEqual(t, w.files, c.most, c.where)
	}
}
