package duckdb

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/parser"
	"github.com/scopsdb/scops/internal/sqlite"
	"github.com/scopsdb/scops/internal/tail"
)

// lake is the whole way of a query on real parts: catalog, object store,
// parser, analyzer, planner, engine.
type lake struct {
	testing.TB
	catalog *catalog.Store
	objects *objects.Local
	planner *planner.Planner
	engine  *Engine
}

func newLake(t testing.TB) *lake {
	t.Helper()
	dir := t.TempDir()
	db, err := sqlite.Open(filepath.Join(dir, "catalog.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	c, err := catalog.Open(db)
	require.NoError(t, err)
	o, err := objects.OpenLocal(filepath.Join(dir, "objects"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, o.Close()) })
	require.NoError(t, o.CreateBucket(t.Context(), "lake"))
	require.NoError(t, c.CreateDatabase(t.Context(), catalog.Database{Name: "db"}, false))
	e, err := Open(Options{AllowedDirs: []string{filepath.Join(dir, "objects")}, TempDir: filepath.Join(dir, "tmp"), Threads: 2})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return &lake{t, c, o, planner.New(c, o, tail.New()), e}
}

func (l *lake) create(tb *catalog.Table) {
	l.Helper()
	tb.Type, tb.Location = "EXTERNAL_TABLE", "s3://lake/"+tb.Name+"/"
	require.NoError(l, l.catalog.CreateTable(l.Context(), *tb, false))
}

func (l *lake) put(key, body string) {
	l.Helper()
	_, err := l.objects.Put(l.Context(), "lake", key, strings.NewReader(body), int64(len(body)), objects.PutOptions{})
	require.NoError(l, err)
}

func (l *lake) query(text string) (engine.Rows, error) {
	stmt, err := parser.ParseStatement(text)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	a, err := analyzer.Analyze(ctx, stmt, analyzer.Options{Catalog: l.catalog, Database: "db", Now: time.Date(2021, 2, 3, 4, 5, 6, 0, time.UTC)})
	if err != nil {
		return nil, err
	}
	q := engine.Query{ID: "q", Text: text, Analysis: a}
	for _, ts := range a.Scans {
		scan, err := l.planner.Plan(ctx, ts)
		if err != nil {
			return nil, err
		}
		q.Scans = append(q.Scans, scan)
	}
	return l.engine.Query(ctx, q)
}

func (l *lake) rows(text string) ([]string, engine.Stats) {
	l.Helper()
	rows, err := l.query(text)
	require.NoError(l, err, text)
	defer rows.Close()
	got, err := allRows(rows)
	require.NoError(l, err, text)
	return got, rows.Stats()
}

func (l *lake) fails(text, name string, contains ...string) {
	l.Helper()
	rows, err := l.query(text)
	if err == nil {
		_, err = allRows(rows)
		require.NoError(l, rows.Close())
	}
	requireEngineError(l, err, name, contains...)
}

// What other systems get wrong without a word.
func TestSilentErrors(t *testing.T) {
	l := newLake(t)
	events := table(formats.SerDeOpenXJSON, "id bigint", "name string", "|", "day string")
	events.Name = "events"
	l.create(events)
	_, err := l.catalog.AddPartitions(t.Context(), "db", "events", []catalog.Partition{{Values: []string{"01"}, Location: "s3://lake/events/day=01/"}}, false)
	require.NoError(t, err)
	l.put("events/day=01/a.json.gz", gzipped(t, "{\"id\":7,\"name\":\"events, day and \\\"name\\\"\"}\n{\"id\":8}\n"))
	l.put("events/day=01/without-ending", `{"ID":9,"name":""}`)
	l.put("events/day=02/b.json", `{"id":10}`)

	t.Run("1 a partition that is not registered has no rows", func(t *testing.T) {
		got, _ := l.rows("SELECT id FROM events ORDER BY id")
		require.Equal(t, []string{"7", "8", "9"}, got)
	})
	t.Run("2 division of integers", func(t *testing.T) {
		got, _ := l.rows("SELECT id / 2 FROM events ORDER BY id LIMIT 1")
		require.Equal(t, []string{"3"}, got)
		l.fails("SELECT id / (id - 7) FROM events", "DIVISION_BY_ZERO")
	})
	t.Run("4 a failure to read a file fails the query", func(t *testing.T) {
		l.put("events/day=01/broken", "{\"id\":\"x\"}\n")
		l.fails("SELECT id FROM events", "HIVE_BAD_DATA", "s3://lake/events/day=01/broken", "line 1")
		l.fails("SELECT count(id) FROM events", "HIVE_BAD_DATA")
		require.NoError(t, l.objects.Delete(t.Context(), "lake", "events/day=01/broken"))
	})
	t.Run("5 NULL is not the empty string", func(t *testing.T) {
		got, _ := l.rows("SELECT id, name, name IS NULL, name = '' FROM events WHERE id > 7 ORDER BY id")
		require.Equal(t, []string{"8|NULL|true|NULL", "9||false|true"}, got)
	})
	t.Run("7 names in texts stay", func(t *testing.T) {
		got, _ := l.rows("SELECT name, 'events' FROM events AS day WHERE name LIKE 'events,%'")
		require.Equal(t, []string{`events, day and "name"|events`}, got)
	})
	t.Run("8 9 10 the SerDe alone decides", func(t *testing.T) {
		csv := table(formats.SerDeLazySimple, "a string")
		csv.Name, csv.Parameters = "csv", map[string]string{"classification": "json"}
		l.create(csv)
		l.put("csv/data.json", "head\nrow\n")
		l.put("csv/_SUCCESS", "no data\n")
		l.put("csv/more.json.gz", gzipped(t, "zipped\n"))
		got, _ := l.rows("SELECT a FROM csv ORDER BY a")
		require.Equal(t, []string{"head", "row", "zipped"}, got)
	})
	t.Run("11 bytes scanned", func(t *testing.T) {
		_, stats := l.rows("SELECT id FROM events WHERE day = '01'")
		var size int64
		infos, _, err := l.objects.List(t.Context(), "lake", "events/day=01/", "", 10)
		require.NoError(t, err)
		for _, i := range infos {
			size += i.Size
		}
		require.Equal(t, size, stats.BytesScanned)
		_, stats = l.rows("SELECT id FROM events WHERE day = '99'")
		require.Zero(t, stats.BytesScanned)
	})
	t.Run("partition values are text", func(t *testing.T) {
		got, _ := l.rows("SELECT day, count(*) FROM events GROUP BY day")
		require.Equal(t, []string{"01|3"}, got)
	})
	t.Run("a missing file fails the query", func(t *testing.T) {
		pq := table(formats.SerDeParquet, "a bigint")
		pq.Name = "pq"
		l.create(pq)
		l.put("pq/broken", "PAR1 this is no Parquet file PAR1")
		l.fails("SELECT count(*) FROM pq", "HIVE_BAD_DATA", "s3://lake/pq/broken")
	})
	t.Run("12 without the engine queries fail", func(t *testing.T) {
		require.NoError(t, l.engine.Close())
		_, err := l.query("SELECT id FROM events")
		require.ErrorIs(t, err, errClosed)
	})
}

// Queries of the statistics page over Parquet in partitions.
func TestQueriesOverParquet(t *testing.T) {
	l := newLake(t)
	tb := table(formats.SerDeParquet, "order_id string", "gu string", "quantity int", "price decimal(10,2)", "ordered_at timestamp", "|", "year string", "month string", "day string")
	tb.Name = "orders"
	l.create(tb)
	tmp := filepath.Join(t.TempDir(), "f")
	for day := 1; day <= 3; day++ {
		require.NoError(t, execute(strings.NewReplacer("$DAY", string(rune('0'+day)), "$F", tmp).Replace(
			`COPY (SELECT 'o' || range AS order_id, ['강남구','마포구'][range % 2 + 1] AS gu, (range % 5)::INTEGER AS quantity, 1.25::DECIMAL(10,2) AS price,
			TIMESTAMP_MS '2021-02-0$DAY 00:00:00' AS ordered_at FROM range(1000)) TO '$F' (FORMAT parquet, COMPRESSION zstd)`)))
		b, err := os.ReadFile(tmp)
		require.NoError(t, err)
		values := []string{"2021", "02", "0" + string(rune('0'+day))}
		location := "orders/year=2021/month=02/day=" + values[2] + "/"
		l.put(location+"part-0", string(b))
		_, err = l.catalog.AddPartitions(t.Context(), "db", "orders", []catalog.Partition{{Values: values, Location: "s3://lake/" + location}}, false)
		require.NoError(t, err)
	}
	for text, want := range map[string][]string{
		"SELECT gu, count(*) AS n FROM orders WHERE day IN ('01', '03') GROUP BY 1 ORDER BY 1": {"강남구|1000", "마포구|1000"},
		"SELECT day, sum(quantity), sum(price) FROM orders GROUP BY day ORDER BY day DESC":     {"03|2000|1250.00", "02|2000|1250.00", "01|2000|1250.00"},
		"SELECT count(*) FROM orders":                                   {"3000"},
		"SELECT max(ordered_at), min(year || '-' || month) FROM orders": {"2021-02-03 00:00:00.000|2021-02"},
		"WITH x AS (SELECT gu, day FROM orders WHERE quantity = 4) SELECT a.gu, count(*) FROM x a JOIN x b ON a.gu = b.gu AND a.day = b.day GROUP BY a.gu ORDER BY 1": {"강남구|30000", "마포구|30000"},
		"SELECT order_id FROM orders WHERE day = '02' ORDER BY order_id LIMIT 2":                                                                                      {"o0", "o1"},
	} {
		got, _ := l.rows(text)
		require.Equal(t, want, got, text)
	}
}
