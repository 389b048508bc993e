package duckdb

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// world is an engine with a folder that it may read.
type world struct {
	t   testing.TB
	e   *Engine
	dir string
}

func newWorld(t testing.TB, change ...func(*Options)) *world {
	t.Helper()
	dir := t.TempDir()
	o := Options{AllowedDirs: []string{dir}, TempDir: filepath.Join(t.TempDir(), "tmp"), Threads: 2, MemoryLimit: "1GiB"}
	for _, c := range change {
		c(&o)
	}
	e, err := Open(o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return &world{t, e, dir}
}

// write puts a file into the folder.
func (w *world) write(name, content string) planner.File {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	require.NoError(w.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(w.t, os.WriteFile(path, []byte(content), 0o644))
	return w.file(name)
}

func (w *world) file(name string) planner.File {
	path := filepath.Join(w.dir, name)
	info, err := os.Stat(path)
	require.NoError(w.t, err)
	return planner.File{Path: path, URI: "s3://bucket/" + name, Size: info.Size()}
}

// sql runs DuckDB SQL on an instance of its own, to make files.
func (w *world) sql(text string) {
	w.t.Helper()
	require.NoError(w.t, execute(strings.ReplaceAll(text, "$DIR", w.dir)))
}

// table makes a table from "name type" pairs; keys follow "|".
func table(library string, columns ...string) *catalog.Table {
	t := &catalog.Table{Database: "db", Name: "t", SerDe: catalog.SerDe{Library: library, Parameters: map[string]string{}}, Parameters: map[string]string{}}
	to := &t.Columns
	for _, c := range columns {
		if c == "|" {
			to = &t.PartitionKeys
			continue
		}
		name, typ, _ := strings.Cut(c, " ")
		*to = append(*to, catalog.Column{Name: name, Type: typ})
	}
	return t
}

// scanOf is a scan of the named columns of a table.
func scanOf(t testing.TB, table *catalog.Table, columns ...string) *analyzer.TableScan {
	t.Helper()
	ts := &analyzer.TableScan{Table: table, Filter: predicate.And{}}
	for _, name := range columns {
		for i, list := range [][]catalog.Column{table.Columns, table.PartitionKeys} {
			for _, c := range list {
				if c.Name == name {
					typ, err := types.FromHive(c.Type)
					require.NoError(t, err)
					ts.Columns = append(ts.Columns, analyzer.ScanColumn{Name: name, Type: typ, PartitionKey: i == 1})
				}
			}
		}
	}
	require.Len(t, ts.Columns, len(columns))
	return ts
}

// query runs SELECT out FROM the scan.
func (w *world) query(ctx context.Context, scan planner.Scan, ts *analyzer.TableScan, out string, columns ...analyzer.Column) (engine.Rows, error) {
	return w.e.run(ctx, []planner.Scan{scan}, []*analyzer.TableScan{ts}, columns, 0,
		func(relation func(int, *analyzer.TableScan) string) (string, error) {
			return "SELECT " + out + " FROM " + relation(0, ts) + " AS t", nil
		})
}

// read gives all rows of all columns of a table's files as Athena's text, in
// the order of reading, or the error.
func (w *world) read(tb *catalog.Table, scan planner.Scan, names ...string) ([]string, engine.Stats, error) {
	w.t.Helper()
	ts := scanOf(w.t, tb, names...)
	columns := make([]analyzer.Column, len(ts.Columns))
	for i, c := range ts.Columns {
		columns[i] = analyzer.Column{Name: c.Name, Type: c.Type}
	}
	rows, err := w.query(context.Background(), scan, ts, "*", columns...)
	if err != nil {
		return nil, engine.Stats{}, err
	}
	defer rows.Close()
	lines, err := allRows(rows)
	return lines, rows.Stats(), err
}

func allRows(rows engine.Rows) ([]string, error) {
	lines := []string{}
	for {
		row, err := rows.Next(context.Background())
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = cellText(rows.Columns()[i].Type, v)
		}
		lines = append(lines, strings.Join(cells, "|"))
	}
}

func cellText(t types.Type, v any) string {
	text, ok := types.Text(t, v)
	if !ok {
		return "NULL"
	}
	return text
}

func requireEngineError(t testing.TB, err error, name string, texts ...string) {
	t.Helper()
	var e *engine.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, name, e.Name, e.Message)
	for _, text := range texts {
		require.Contains(t, e.Message, text)
	}
}

func partitionOf(n int) *int { return &n }

func files(f ...planner.File) planner.Scan { return planner.Scan{Files: f} }
