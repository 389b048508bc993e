package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/scopsdb/scops/bench/rig"
	"github.com/scopsdb/scops/internal/demo"
	"github.com/scopsdb/scops/internal/httpapi"
)

const database = "formats"

// layout is a table with all orders in one format.
type layout struct {
	table, title string
	with         string // properties of CREATE TABLE AS; "" is where the others come from
	duck         string // DuckDB's function over the files at %s; "" where it has none
}

const columns = "order_id: 'VARCHAR', ordered_at: 'VARCHAR', district: 'VARCHAR', delivery_type: 'VARCHAR', product_name: 'VARCHAR', quantity: 'INTEGER', price: 'INTEGER'"

var layouts = []layout{
	{"json", "JSON", "", "read_json('%s', format = 'newline_delimited', columns = {" + columns + "})"},
	{"json_gz", "JSON, gzip", "format = 'JSON', write_compression = 'GZIP'",
		"read_json('%s', format = 'newline_delimited', compression = 'gzip', columns = {" + columns + "})"},
	{"csv_gz", "CSV, gzip", "format = 'TEXTFILE', field_delimiter = ',', write_compression = 'GZIP'",
		"read_csv('%s', header = false, auto_detect = false, delim = ',', quote = '', compression = 'gzip', columns = {" + columns + "})"},
	{"avro", "Avro, deflate", "format = 'AVRO'", ""},
	{"orc", "ORC, zlib", "format = 'ORC'", ""},
	{"parquet", "Parquet, snappy", "format = 'PARQUET', write_compression = 'SNAPPY'", "read_parquet('%s')"},
}

// load writes the orders as lines of JSON and has scops write the rest.
func load(ctx context.Context, c *scops, s *rig.Scops, rows int) error {
	if err := writeOrders(filepath.Join(s.Objects("bench"), "json"), rows); err != nil {
		return err
	}
	statements := []string{
		"CREATE DATABASE " + database,
		`CREATE EXTERNAL TABLE ` + database + `.json (order_id string, ordered_at string, district string, delivery_type string,
			product_name string, quantity int, price int)
			ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://bench/json/'`,
	}
	for _, l := range layouts[1:] {
		statements = append(statements, fmt.Sprintf("CREATE TABLE %s.%s WITH (external_location = 's3://bench/%s/', %s) AS SELECT * FROM %s.json",
			database, l.table, l.table, l.with, database))
	}
	for _, sql := range statements {
		if _, err := c.run(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// files of each layout, so that every engine has some to read side by side.
const files = 4

func writeOrders(dir string, rows int) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	g := demo.NewGenerator()
	for i := range files {
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("%d.json", i)))
		if err != nil {
			return err
		}
		w := bufio.NewWriterSize(f, 1<<20)
		for range rows / files {
			_, _ = w.Write(g.Next()) // Flush has the error
			_ = w.WriteByte('\n')
		}
		if err := errors.Join(w.Flush(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// cost is what a page of the three statistics scans over a layout.
type cost struct {
	layout
	size, scanned int64
	usd           float64
}

func costs(ctx context.Context, c *scops, folder string) ([]cost, error) {
	var out []cost
	for _, l := range layouts {
		each := cost{layout: l}
		var err error
		if each.size, err = sizeOf(filepath.Join(folder, l.table)); err != nil {
			return nil, err
		}
		for _, column := range []string{"district", "delivery_type", "product_name"} {
			statistics, err := c.run(ctx, fmt.Sprintf("SELECT %s, count(*) FROM %s.%s GROUP BY 1", column, database, l.table))
			if err != nil {
				return nil, err
			}
			each.scanned += statistics.BytesScanned
			each.usd += httpapi.DefaultPricing.Cost(statistics.BytesScanned)
		}
		out = append(out, each)
	}
	return out, nil
}

func sizeOf(dir string) (int64, error) {
	var n int64
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), "_") || strings.HasPrefix(e.Name(), ".") {
			return err
		}
		info, err := e.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	return n, err
}

func printCosts(out io.Writer, costs []cost) {
	fmt.Fprint(out, "| format | size, MB | scanned by the three statistics, MB | of JSON, gzip | USD a page, 10 MB a query at least | USD a page of 1,000 times the orders |\n| --- | --- | --- | --- | --- | --- |\n")
	base := float64(costs[1].scanned)
	for _, c := range costs {
		fmt.Fprintf(out, "| %s | %.1f | %.2f | %.3f | %.6f | %.4f |\n", c.title, float64(c.size)/1e6, float64(c.scanned)/1e6,
			float64(c.scanned)/base, c.usd, 3*httpapi.DefaultPricing.Cost(c.scanned/3*1000))
	}
}
