package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

const benchRows = 100_000

var benchColumns = []string{"order_id string", "gu string", "delivery_type string", "product string", "quantity int", "price double", "ordered_at string"}

// benchFiles writes the same orders as Parquet, JSON and CSV, once.
func benchFiles(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	var json, csv strings.Builder
	r := rand.New(rand.NewPCG(1, 2))
	for i := range benchRows {
		id, gu, kind, product := fmt.Sprintf("%016x%016x", r.Uint64(), r.Uint64()), fmt.Sprintf("서울특별시 %d구", r.IntN(25)), fmt.Sprintf("type-%d", r.IntN(4)), fmt.Sprintf("product number %d", r.IntN(200))
		at := fmt.Sprintf("2021-01-%02dT%02d:%02d:%02dZ", 1+i%31, r.IntN(24), r.IntN(60), r.IntN(60))
		fmt.Fprintf(&json, `{"order_id":"%s","gu":"%s","delivery_type":"%s","product":"%s","quantity":%d,"price":%d.5,"ordered_at":"%s"}`+"\n", id, gu, kind, product, r.IntN(9), r.IntN(90000), at)
		fmt.Fprintf(&csv, "%s,%s,%s,%s,%d,%d.5,%s\n", id, gu, kind, product, r.IntN(9), r.IntN(90000), at)
	}
	require.NoError(b, os.WriteFile(filepath.Join(dir, "json"), []byte(json.String()), 0o600))
	require.NoError(b, os.WriteFile(filepath.Join(dir, "json.gz"), []byte(gzipped(b, json.String())), 0o600))
	require.NoError(b, os.WriteFile(filepath.Join(dir, "csv"), []byte(csv.String()), 0o600))
	require.NoError(b, execute("COPY (SELECT * REPLACE (quantity::INTEGER AS quantity, price::DOUBLE AS price, ordered_at::VARCHAR AS ordered_at) FROM read_json('"+dir+"/json')) TO '"+dir+"/parquet' (FORMAT parquet, COMPRESSION zstd)"))
	return dir
}

func benchWorld(b *testing.B, dir string, threads int) *world {
	b.Helper()
	e, err := Open(Options{AllowedDirs: []string{dir}, Threads: threads})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, e.Close()) })
	return &world{b, e, dir}
}

var benchStatistics = []string{"gu", "delivery_type", "product"}

// The three statistics of the page, through the engine and as plain SQL on the
// driver over the same file.
func BenchmarkStatistics(b *testing.B) {
	dir := benchFiles(b)
	tb := table(formats.SerDeParquet, benchColumns...)
	for _, threads := range []int{1, 2} {
		w := benchWorld(b, dir, threads)
		scan := files(w.file("parquet"))
		b.Run(fmt.Sprintf("engine/threads=%d", threads), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, c := range benchStatistics {
					w.groupBy(b, scan, tb, c)
				}
			}
		})
		b.Run(fmt.Sprintf("driver/threads=%d", threads), func(b *testing.B) {
			db, err := sql.Open("duckdb", fmt.Sprintf("?threads=%d", threads))
			require.NoError(b, err)
			defer db.Close()
			for b.Loop() {
				for _, c := range benchStatistics {
					drainSQL(b, db, "SELECT "+c+", count(*) FROM read_parquet('"+dir+"/parquet') GROUP BY "+c)
				}
			}
		})
	}
}

// groupBy makes the bench query of a scan.
func (w *world) groupBy(b *testing.B, scan planner.Scan, tb *catalog.Table, column string) {
	ts := scanOf(b, tb, column)
	rows, err := w.e.run(context.Background(), []planner.Scan{scan}, []*analyzer.TableScan{ts}, []analyzer.Column{{Type: types.VarcharUnbounded}, {Type: types.BigIntType}}, 0,
		func(relation func(int, *analyzer.TableScan) string) (string, error) {
			return "SELECT " + column + ", count(*) FROM " + relation(0, ts) + " AS t GROUP BY 1", nil
		})
	if err != nil {
		b.Fatal(err)
	}
	drain(b, rows)
}

// A group by over row formats, through our readers and DuckDB's own.
func BenchmarkReaders(b *testing.B) {
	dir := benchFiles(b)
	w := benchWorld(b, dir, 2)
	json, text := table(formats.SerDeOpenXJSON, benchColumns...), table(formats.SerDeLazySimple, benchColumns...)
	text.SerDe.Parameters["field.delim"] = ","
	db, err := sql.Open("duckdb", "?threads=2")
	require.NoError(b, err)
	defer db.Close()
	columns := "{order_id: 'VARCHAR', gu: 'VARCHAR', delivery_type: 'VARCHAR', product: 'VARCHAR', quantity: 'INTEGER', price: 'DOUBLE', ordered_at: 'VARCHAR'}"
	for _, c := range []struct {
		file string
		tb   *catalog.Table
		read string
	}{
		{"json", json, "read_json('%s', format='newline_delimited', columns=" + columns + ")"},
		{"json.gz", json, "read_json('%s', format='newline_delimited', columns=" + columns + ")"},
		{"csv", text, "read_csv('%s', header=false, quote='', columns=" + columns + ")"},
	} {
		scan := files(w.file(c.file))
		b.Run(c.file+"/scops", func(b *testing.B) {
			for b.Loop() {
				w.groupBy(b, scan, c.tb, "gu")
			}
			b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
		b.Run(c.file+"/duckdb", func(b *testing.B) {
			for b.Loop() {
				drainSQL(b, db, "SELECT gu, count(*) FROM "+fmt.Sprintf(c.read, filepath.Join(dir, c.file))+" GROUP BY gu")
			}
			b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
		b.Run(c.file+"/scops/all columns", func(b *testing.B) {
			names := make([]string, len(benchColumns))
			for i, col := range benchColumns {
				names[i], _, _ = strings.Cut(col, " ")
			}
			for b.Loop() {
				w.one(c.tb, scan, "sum(hash(order_id) % 7 + hash(gu) % 7 + hash(delivery_type) % 7 + hash(product) % 7 + hash(quantity) % 7 + hash(price) % 7 + hash(ordered_at) % 7)", 1, names...)
			}
			b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}

// All rows out, by the engine's rows and by database/sql.
func BenchmarkRows(b *testing.B) {
	dir := benchFiles(b)
	w := benchWorld(b, dir, 2)
	tb := table(formats.SerDeParquet, benchColumns...)
	b.Run("engine", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, stats := w.drainAll(b, tb, files(w.file("parquet")))
			require.EqualValues(b, benchRows, stats.Rows)
		}
		b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds()/1e6, "Mrows/s")
	})
	b.Run("driver", func(b *testing.B) {
		b.ReportAllocs()
		db, err := sql.Open("duckdb", "?threads=2")
		require.NoError(b, err)
		defer db.Close()
		for b.Loop() {
			drainSQL(b, db, "SELECT * FROM read_parquet('"+dir+"/parquet')")
		}
		b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds()/1e6, "Mrows/s")
	})
}

func (w *world) drainAll(b *testing.B, tb *catalog.Table, scan planner.Scan) (int, engine.Stats) {
	names := make([]string, len(tb.Columns))
	columns := make([]analyzer.Column, len(tb.Columns))
	for i, c := range tb.Columns {
		t, err := types.FromHive(c.Type)
		require.NoError(b, err)
		names[i], columns[i] = c.Name, analyzer.Column{Name: c.Name, Type: t}
	}
	rows, err := w.query(context.Background(), scan, scanOf(b, tb, names...), "*", columns...)
	require.NoError(b, err)
	return drain(b, rows)
}

func drain(b *testing.B, rows engine.Rows) (int, engine.Stats) {
	n := 0
	for {
		_, err := rows.Next(context.Background())
		if err == io.EOF {
			break
		}
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	if err := rows.Close(); err != nil {
		b.Fatal(err)
	}
	return n, rows.Stats()
}

func drainSQL(b *testing.B, db *sql.DB, text string) {
	rows, err := db.Query(text)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		b.Fatal(err)
	}
	values, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		to[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			b.Fatal(err)
		}
	}
	if rows.Err() != nil {
		b.Fatal(rows.Err())
	}
}

// One row group a file, in as many partitions: what a file costs.
func BenchmarkPartitions(b *testing.B) {
	dir := b.TempDir()
	require.NoError(b, execute("COPY (SELECT 'k' || (range % 25) AS gu FROM range(270)) TO '"+dir+"/f' (FORMAT parquet)"))
	w := benchWorld(b, dir, 2)
	tb := table(formats.SerDeParquet, "gu string", "|", "day string")
	content, err := os.ReadFile(filepath.Join(dir, "f"))
	require.NoError(b, err)
	for _, n := range []int{1, 365, 10_000} {
		scan := planner.Scan{}
		for i := range n {
			path := filepath.Join(dir, fmt.Sprintf("%d", i))
			require.NoError(b, os.WriteFile(path, content, 0o600))
			f := planner.File{Path: path, URI: "s3://b/" + path, Size: int64(len(content)), Partition: partitionOf(i)}
			scan.Files = append(scan.Files, f)
			scan.Partitions = append(scan.Partitions, catalog.Partition{Values: []string{fmt.Sprintf("%05d", i)}})
		}
		for _, column := range []string{"gu", "day"} {
			b.Run(fmt.Sprintf("%d/%s", n, column), func(b *testing.B) {
				for b.Loop() {
					w.groupBy(b, scan, tb, column)
				}
			})
		}
	}
}
