package duckdb

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/formats/write"
)

// columnarFiles writes the orders of benchFiles as ORC, Avro and Parquet, by
// the writers of scops.
func columnarFiles(b *testing.B, dir string) {
	b.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "json"))
	require.NoError(b, err)
	var columns []record.Column
	for _, c := range benchColumns {
		name, hive, _ := strings.Cut(c, " ")
		column, err := record.NewColumn(name, hive)
		require.NoError(b, err)
		columns = append(columns, column)
	}
	var rows [][]record.Value
	for line := range strings.Lines(string(text)) {
		var o map[string]any
		require.NoError(b, json.Unmarshal([]byte(line), &o))
		row := make([]record.Value, len(columns))
		for i, c := range columns {
			row[i].Valid = true
			switch v := o[c.Name].(type) {
			case string:
				row[i].Text = v
			case float64:
				row[i].Float, row[i].Int = v, int64(v)
			}
		}
		rows = append(rows, row)
	}
	for name, f := range map[string]formats.Format{
		"orc.zlib": {Kind: formats.ORC}, "orc.zstd": {Kind: formats.ORC, Compression: "ZSTD"}, "orc.none": {Kind: formats.ORC, Compression: "NONE"},
		"avro.deflate": {Kind: formats.Avro}, "avro.snappy": {Kind: formats.Avro, Compression: "SNAPPY"}, "avro.none": {Kind: formats.Avro, Compression: "NONE"},
		"parquet.zstd": {Kind: formats.Parquet},
	} {
		w, err := write.New(f, columns)
		require.NoError(b, err)
		out, err := os.Create(filepath.Join(dir, name))
		require.NoError(b, err)
		w.Reset(out)
		for _, row := range rows {
			require.NoError(b, w.Write(row))
		}
		require.NoError(b, w.Close())
		require.NoError(b, out.Close())
	}
}

// A GROUP BY over one column, and all columns, of ORC, Avro and Parquet files on
// one core.
func BenchmarkColumnar(b *testing.B) {
	dir := benchFiles(b)
	columnarFiles(b, dir)
	w := benchWorld(b, dir, 1)
	names := make([]string, len(benchColumns))
	for i, c := range benchColumns {
		names[i], _, _ = strings.Cut(c, " ")
	}
	all := "sum(hash(order_id) % 7 + hash(gu) % 7 + hash(delivery_type) % 7 + hash(product) % 7 + hash(quantity) % 7 + hash(price) % 7 + hash(ordered_at) % 7)"
	report := func(b *testing.B, file string) {
		b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds()/1e6, "Mrows/s")
		b.ReportMetric(float64(b.N)*float64(w.file(file).Size)/b.Elapsed().Seconds()/1e6, "fileMB/s")
	}
	for _, file := range []string{"orc.zlib", "orc.zstd", "orc.none", "avro.deflate", "avro.snappy", "avro.none", "parquet.zstd"} {
		tb := table(map[string]string{"o": formats.SerDeORC, "a": formats.SerDeAvro, "p": formats.SerDeParquet}[file[:1]], benchColumns...)
		scan := files(w.file(file))
		b.Run(file+"/one column", func(b *testing.B) {
			for b.Loop() {
				w.groupBy(b, scan, tb, "gu")
			}
			report(b, file)
		})
		b.Run(file+"/all columns", func(b *testing.B) {
			for b.Loop() {
				w.one(tb, scan, all, 1, names...)
			}
			report(b, file)
		})
	}
	db, err := sql.Open("duckdb", "?threads=1")
	require.NoError(b, err)
	defer db.Close()
	for name, query := range map[string]string{"one column": "SELECT gu, count(*) FROM read_parquet('%s') GROUP BY gu", "all columns": "SELECT " + strings.ReplaceAll(all, "%", "%%") + " FROM read_parquet('%s')"} {
		b.Run("parquet.zstd/plain duckdb/"+name, func(b *testing.B) {
			for b.Loop() {
				drainSQL(b, db, fmt.Sprintf(query, filepath.Join(dir, "parquet.zstd")))
			}
			report(b, "parquet.zstd")
		})
	}
}
