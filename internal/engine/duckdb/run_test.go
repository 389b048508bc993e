package duckdb

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// one runs a query that gives one row of numbers of any integer type.
func (w *world) one(tb *catalog.Table, scan planner.Scan, out string, columns int, names ...string) string {
	w.t.Helper()
	cols := make([]analyzer.Column, columns)
	parts := strings.Split(out, ", ")
	for i := range cols {
		cols[i] = analyzer.Column{Type: types.BigIntType}
		parts[i] = "CAST(" + parts[i] + " AS BIGINT)"
	}
	rows, err := w.query(context.Background(), scan, scanOf(w.t, tb, names...), strings.Join(parts, ", "), cols...)
	require.NoError(w.t, err)
	defer rows.Close()
	got, err := allRows(rows)
	require.NoError(w.t, err)
	require.Len(w.t, got, 1)
	return got[0]
}

// raw runs any SQL as if the emitter had written it.
func (w *world) raw(ctx context.Context, sql string, columns ...types.Type) (engine.Rows, error) {
	cols := make([]analyzer.Column, len(columns))
	for i, t := range columns {
		cols[i].Type = t
	}
	return w.e.run(ctx, nil, nil, cols, 0, func(func(int, *analyzer.TableScan) string) (string, error) { return sql, nil })
}

func TestValues(t *testing.T) {
	w := newWorld(t)
	seoul := types.TimestampTZType(3)
	seoul.Zone = "Asia/Seoul"
	cases := []struct {
		sql  string
		typ  types.Type
		want string
	}{
		{"NULL::INTEGER", types.Type{}, "NULL"},
		{"1e37::DOUBLE", types.DoubleType, "1.0E37"},
		{"-99999999999999999999999999999999999999::DECIMAL(38,0)", types.DecimalType(38, 0), "-99999999999999999999999999999999999999"},
		{"-0.01::DECIMAL(4,2)", types.DecimalType(4, 2), "-0.01"},
		{"'f47ac10b-58cc-4372-a567-0e02b2c3d479'::UUID", types.Type{Kind: types.UUID}, "f47ac10b-58cc-4372-a567-0e02b2c3d479"},
		{"TIMESTAMPTZ '2021-01-01 00:00:00+00'", seoul, "2021-01-01 09:00:00.000 Asia/Seoul"},
		{"TIME '01:02:03.5'", types.TimeType(3), "01:02:03.500"},
		{"90061001::BIGINT", types.Type{Kind: types.IntervalDaySecond}, "1 01:01:01.001"},
		{"14::INTEGER", types.Type{Kind: types.IntervalYearMonth}, "1-2"},
		{"'0001-01-01'::DATE", types.DateType, "0001-01-01"},
		{"'9999-12-31 23:59:59.999'::TIMESTAMP", types.TimestampType(3), "9999-12-31 23:59:59.999"},
		{"'exactly 12 b'", types.VarcharUnbounded, "exactly 12 b"},
		{"repeat('x', 100000)", types.VarcharUnbounded, strings.Repeat("x", 100000)},
	}
	for _, c := range cases {
		rows, err := w.raw(context.Background(), "SELECT "+c.sql, c.typ)
		require.NoError(t, err, c.sql)
		got, err := allRows(rows)
		require.NoError(t, err)
		require.NoError(t, rows.Close())
		require.Equal(t, []string{c.want}, got, c.sql)
	}
	_, err := w.raw(context.Background(), "SELECT 1::HUGEINT", types.BigIntType)
	requireEngineError(t, err, "GENERIC_INTERNAL_ERROR", "does not carry bigint")
}

// A failure is an error with its name, never an empty result.
func TestErrorNames(t *testing.T) {
	cases := []struct{ sql, name, text string }{
		{"SELECT error('scops:DIVISION_BY_ZERO: Division by zero')", "DIVISION_BY_ZERO", "Division by zero"},
		{"SELECT CAST('scops:NOT_SUPPORTED: x' || range AS BIGINT) FROM range(1, 3)", "INVALID_CAST_ARGUMENT", "NOT_SUPPORTED: x1"},
		{"SELECT 9223372036854775807 + range FROM range(1, 3)", "NUMERIC_VALUE_OUT_OF_RANGE", ""},
		{"SELECT CAST('x' || range AS BIGINT) FROM range(1, 3)", "INVALID_CAST_ARGUMENT", "x"},
		{"SELECT (SELECT r FROM range(3) AS x(r))::BIGINT", "SUBQUERY_MULTIPLE_ROWS", ""},
		{"SELECT no_such_function(1)", "GENERIC_INTERNAL_ERROR", "no_such_function"},
		{"SELECT", "GENERIC_INTERNAL_ERROR", ""},
		{"CREATE TABLE x (a INT)", "GENERIC_INTERNAL_ERROR", "no query"},
		{"SET threads = 1", "GENERIC_INTERNAL_ERROR", "no query"},
		{"SELECT count(DISTINCT hash(a.range, b.range))::BIGINT FROM range(100000) a, range(10000) b", "EXCEEDED_LOCAL_MEMORY_LIMIT", ""},
	}
	w := newWorld(t, func(o *Options) { o.MemoryLimit, o.TempDir = "50MiB", "" })
	for _, c := range cases {
		rows, err := w.raw(context.Background(), c.sql, types.BigIntType)
		if err == nil {
			_, err = allRows(rows)
			require.NoError(t, rows.Close())
		}
		requireEngineError(t, err, c.name, c.text)
	}
}

func TestNothingOutsideTheFolders(t *testing.T) {
	w := newWorld(t)
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("secret"), 0o600))
	w.write("in", "fine")
	for _, sql := range []string{
		"SELECT content FROM read_text('" + secret + "')",
		"SELECT * FROM read_csv('" + secret + "')",
		"SELECT * FROM read_text('" + w.dir + "/../../../../../../../../../../etc/passwd')",
		"SELECT file FROM glob('/etc/*')",
	} {
		rows, err := w.raw(context.Background(), sql, types.VarcharUnbounded)
		if err == nil {
			_, err = allRows(rows)
			require.NoError(t, rows.Close())
		}
		require.Error(t, err, sql)
		require.Contains(t, err.Error(), "PERMISSION_DENIED", sql)
	}
	for _, library := range []string{formats.SerDeParquet, formats.SerDeOpenXJSON, formats.SerDeLazySimple} {
		for _, path := range []string{secret, w.dir + "/../x", w.dir + "x"} {
			_, _, err := w.read(table(library, "a string"), files(planner.File{Path: path, URI: "s3://x/y", Size: 6}), "a")
			requireEngineError(t, err, "PERMISSION_DENIED", "s3://x/y")
		}
	}
	// A link out of the folder is the store's to forbid; the settings cannot be
	// undone by any statement that could get through.
	c, err := w.e.connector.Connect(context.Background())
	require.NoError(t, err)
	defer c.Close()
	for _, sql := range []string{"SET enable_external_access = true", "SET allowed_directories = ['/']", "SET lock_configuration = false", "RESET enable_external_access", "INSTALL httpfs", "LOAD httpfs"} {
		_, err := c.(driver.ExecerContext).ExecContext(context.Background(), sql, nil)
		require.Error(t, err, sql)
	}
}

func TestCancel(t *testing.T) {
	w := newWorld(t)
	endless := "SELECT count(*)::BIGINT FROM range(10000000000) a, range(1000) b WHERE a.range % 7 = b.range"
	ctx, cancel := context.WithCancel(context.Background())
	timer := time.AfterFunc(50*time.Millisecond, cancel)
	defer timer.Stop()
	begin := time.Now()
	rows, err := w.raw(ctx, endless, types.BigIntType)
	if err == nil {
		_, err = rows.Next(context.Background())
		require.NoError(t, rows.Close())
	}
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, time.Since(begin), 5*time.Second)

	// While rows are read, and through the context of Next.
	rows, err = w.raw(context.Background(), "SELECT range FROM range(100000000000)", types.BigIntType)
	require.NoError(t, err)
	_, err = rows.Next(context.Background())
	require.NoError(t, err)
	ctx, cancel = context.WithCancel(context.Background())
	cancel()
	for err == nil {
		_, err = rows.Next(ctx)
	}
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, rows.Close())

	// While Go reads a file: the reader sees the cancel between batches.
	f := w.write("f", strings.Repeat("{\"a\":1}\n", 200_000))
	ctx, cancel = context.WithCancel(context.Background())
	rows, err = w.query(ctx, planner.Scan{Files: []planner.File{f, f, f, f}}, scanOf(t, table(formats.SerDeOpenXJSON, "a bigint"), "a"), "a", analyzer.Column{Type: types.BigIntType})
	require.NoError(t, err)
	_, err = rows.Next(ctx)
	require.NoError(t, err)
	cancel()
	for err == nil {
		_, err = rows.Next(ctx)
	}
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, rows.Close())
}

// A client that stops early, or never reads, leaves nothing behind.
func TestCloseEarly(t *testing.T) {
	w := newWorld(t)
	f := w.write("f", strings.Repeat("{\"a\":1}\n", 100_000))
	for range 20 {
		rows, err := w.query(context.Background(), files(f), scanOf(t, table(formats.SerDeOpenXJSON, "a bigint"), "a"), "a", analyzer.Column{Type: types.BigIntType})
		require.NoError(t, err)
		_, err = rows.Next(context.Background())
		require.NoError(t, err)
		require.NoError(t, rows.Close())
		require.NoError(t, rows.Close())
		_, err = rows.Next(context.Background())
		require.Error(t, err)
	}
	require.Empty(t, w.e.scans.byID)
}

// A result much larger than the memory limit passes through.
func TestLargeResultIsNotKept(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.MemoryLimit = "100MiB" })
	rows, err := w.raw(context.Background(), "SELECT repeat('x', 1000) || range FROM range(250000)", types.VarcharUnbounded)
	require.NoError(t, err)
	defer rows.Close()
	var before runtime.MemStats
	resident := residentBytes(t)
	runtime.ReadMemStats(&before)
	n := 0
	for {
		_, err := rows.Next(context.Background())
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		n++
	}
	require.Equal(t, 250000, n)
	require.Less(t, residentBytes(t)-resident, int64(120<<20))
}

func residentBytes(t testing.TB) int64 {
	t.Helper()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("no /proc here")
	}
	var size, resident int64
	_, err = fmt.Sscan(string(b), &size, &resident)
	require.NoError(t, err)
	return resident * int64(os.Getpagesize())
}

func TestCutoff(t *testing.T) {
	w := newWorld(t)
	f := w.write("f", strings.Repeat("{\"a\":1}\n", 1000))
	ts := scanOf(t, table(formats.SerDeOpenXJSON, "a bigint"), "a")
	for cutoff, ok := range map[int64]bool{f.Size: true, f.Size - 1: false, 0: true} {
		rows, err := w.e.run(context.Background(), []planner.Scan{files(f)}, []*analyzer.TableScan{ts}, []analyzer.Column{{Type: types.BigIntType}}, cutoff,
			func(relation func(int, *analyzer.TableScan) string) (string, error) {
				return "SELECT a FROM " + relation(0, ts), nil
			})
		if ok {
			require.NoError(t, err)
			require.NoError(t, rows.Close())
			continue
		}
		requireEngineError(t, err, "EXCEEDED_SCAN_LIMIT", "Query cancelled! : Bytes scanned limit was exceeded")
	}
}

// With the engine gone, a query fails.
func TestClosed(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.e.Close())
	_, err := w.raw(context.Background(), "SELECT 1::BIGINT", types.BigIntType)
	require.ErrorIs(t, err, errClosed)
}

// Every connection has the instance's settings, whatever the process has.
func TestSettings(t *testing.T) {
	t.Setenv("TZ", "Asia/Tokyo")
	w := newWorld(t)
	for name, want := range map[string]string{
		"TimeZone": "UTC", "Calendar": "gregorian", "default_null_order": "NULLS_LAST", "threads": "2",
		"enable_external_access": "false", "lock_configuration": "true", "autoload_known_extensions": "false",
	} {
		rows, err := w.raw(context.Background(), "SELECT CAST(current_setting('"+name+"') AS VARCHAR)", types.VarcharUnbounded)
		require.NoError(t, err)
		got, err := allRows(rows)
		require.NoError(t, err)
		require.NoError(t, rows.Close())
		require.Equal(t, []string{want}, got, name)
	}
}

// A scan that the text names twice is read twice.
func TestSourceTwice(t *testing.T) {
	w := newWorld(t)
	f := w.write("f", strings.Repeat("{\"a\":1}\n", 50_000))
	tb := table(formats.SerDeOpenXJSON, "a bigint")
	ts := scanOf(t, tb, "a")
	for _, sql := range []string{
		"WITH x AS (SELECT a FROM $R) SELECT count(*) FROM (SELECT a FROM x UNION ALL SELECT a FROM x)",
		"WITH x AS NOT MATERIALIZED (SELECT a FROM $R) SELECT count(*) FROM (SELECT a FROM x UNION ALL SELECT a FROM x)",
		"SELECT count(*) FROM (SELECT a FROM $R UNION ALL SELECT a FROM $R)",
		"SELECT (SELECT count(*) FROM $R) + (SELECT count(*) FROM $R)",
		"SELECT 2 * count(*) FROM $R AS t WHERE EXISTS (SELECT 1 FROM $R AS u WHERE u.a = t.a)",
	} {
		rows, err := w.e.run(context.Background(), []planner.Scan{files(f)}, []*analyzer.TableScan{ts}, []analyzer.Column{{Type: types.BigIntType}}, 0,
			func(relation func(int, *analyzer.TableScan) string) (string, error) {
				return strings.ReplaceAll(sql, "$R", relation(0, ts)), nil
			})
		require.NoError(t, err, sql)
		got, err := allRows(rows)
		require.NoError(t, err, sql)
		require.NoError(t, rows.Close())
		require.Equal(t, []string{"100000"}, got, sql)
	}
}

// Queries side by side, some given up at any point, disturb nobody.
func TestManyQueriesAtOnce(t *testing.T) {
	w := newWorld(t)
	f := w.write("f", strings.Repeat("{\"a\":1}\n", 20_000))
	tb := table(formats.SerDeOpenXJSON, "a bigint")
	ts := scanOf(t, tb, "a")
	var work errgroup.Group
	for n := range 8 {
		work.Go(func() error {
			for i := range 12 {
				ctx, cancel := context.WithCancel(context.Background())
				rows, err := w.query(ctx, files(f, f), ts, "a", analyzer.Column{Type: types.BigIntType})
				if err != nil {
					cancel()
					return err
				}
				give, count := (n+i)%3, 0
				for err == nil {
					if _, err = rows.Next(ctx); err == nil {
						count++
					}
					if give == 1 && count == 100*i {
						cancel()
					}
					if give == 2 && count == 5000 {
						break
					}
				}
				if closeErr := rows.Close(); closeErr != nil {
					err = closeErr
				}
				cancel()
				if give == 0 && (err != io.EOF || count != 40_000) {
					return fmt.Errorf("%d rows: %w", count, err)
				}
			}
			return nil
		})
	}
	require.NoError(t, work.Wait())
	require.Empty(t, w.e.scans.byID)
}

// run is runAdmitted with a limit alone.
func (e *Engine) run(ctx context.Context, scans []planner.Scan, of []*analyzer.TableScan, columns []analyzer.Column, cutoff int64, compile compiler) (engine.Rows, error) {
	return e.runAdmitted(ctx, scans, of, columns, func(scanned int64) error { return within(cutoff, scanned) }, compile)
}
