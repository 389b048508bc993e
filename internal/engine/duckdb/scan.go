package duckdb

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// relation writes a planned scan as a DuckDB query in parentheses, whose
// columns are those of the scan by name and in order, with the types of
// types.DuckDBType. It returns the bytes that reading it will scan.
func (e *Engine) relation(q *sources, scan *planner.Scan, ts *analyzer.TableScan) (text string, scanned int64, err error) {
	if scan.Iceberg != nil {
		return e.icebergRelation(q, scan, ts)
	}
	files := withRows(scan.Files)
	if len(files) == 0 && len(scan.Tail) == 0 {
		if _, err := formatOf(ts.Table); err != nil {
			return "", 0, err
		}
		text, err = emptyRelation(ts)
		return text, 0, err
	}
	var arms []string
	if len(files) > 0 {
		if arms, scanned, err = e.layoutRelations(q, scan, ts, files); err != nil {
			return "", 0, err
		}
	}
	if len(scan.Tail) > 0 {
		text, err := e.tailRelations(q, scan.Tail, ts)
		if err != nil {
			return "", 0, err
		}
		arms = append(arms, text...)
	}
	if len(arms) == 1 {
		return arms[0], scanned, nil
	}
	return "(" + strings.Join(arms, " UNION ALL ") + ")", scanned, nil
}

// layoutRelations reads files, a relation for each way in which they are read.
func (e *Engine) layoutRelations(q *sources, scan *planner.Scan, ts *analyzer.TableScan, files []planner.File) (arms []string, scanned int64, err error) {
	groups, err := layouts(scan, ts, files)
	if err != nil {
		return nil, 0, err
	}
	for _, g := range groups {
		text, bytes, err := e.fileRelation(q, scan, g.scan, g.files)
		if err == nil {
			text, err = asTable(text, g.scan, ts)
		}
		if err != nil {
			return nil, 0, err
		}
		arms, scanned = append(arms, text), scanned+bytes
	}
	return arms, scanned, nil
}

func formatOf(t *catalog.Table) (formats.Format, error) {
	f, err := formats.Detect(t.SerDe.Library, t.InputFormat, t.SerDe.Parameters, t.Parameters)
	if err != nil {
		return f, &engine.Error{Name: nameFormat, Message: fmt.Sprintf("table %s.%s: %v", t.Database, t.Name, err)}
	}
	return f, nil
}

// fileRelation reads files, which all have bytes.
func (e *Engine) fileRelation(q *sources, scan *planner.Scan, ts *analyzer.TableScan, files []planner.File) (text string, scanned int64, err error) {
	f, err := formatOf(ts.Table)
	if err != nil {
		return "", 0, err
	}
	if files, err = e.fetchRemote(q, f, ts, files); err != nil {
		return "", 0, err
	}
	for _, file := range files {
		if !e.mayRead(file.Path) {
			return "", 0, &engine.Error{Name: "PERMISSION_DENIED", Message: "file " + file.URI + " is outside the folders that queries may read"}
		}
	}
	keys, err := newKeyValues(scan, ts, files)
	if err != nil {
		return "", 0, err
	}
	switch f.Kind {
	case formats.Parquet:
		return e.parquetRelation(q, f, ts, files, keys)
	case formats.ORC:
		return e.orcRelation(q, f, ts, files, keys)
	case formats.Avro:
		text, err = e.avroRelation(q, f, ts, files, keys)
		return text, bytesOf(files), err
	case formats.Ion:
		text, err = e.ionRelation(q, f, ts, files, keys)
		return text, bytesOf(files), err
	}
	text, err = e.rowRelation(q, f, ts, files, keys)
	return text, bytesOf(files), err
}

// withRows leaves out empty files: objects that stand for folders, and files of
// writers that had no rows.
func withRows(files []planner.File) []planner.File {
	for i, f := range files {
		if f.Size == 0 {
			kept := append([]planner.File{}, files[:i]...)
			for _, f := range files[i+1:] {
				if f.Size > 0 {
					kept = append(kept, f)
				}
			}
			return kept
		}
	}
	return files
}

func bytesOf(files []planner.File) int64 {
	var n int64
	for _, f := range files {
		n += f.Size
	}
	return n
}

// noColumns stands where a scan needs the number of rows alone.
const noColumns = `1 AS "scops_row"`

func emptyRelation(ts *analyzer.TableScan) (string, error) {
	columns := make([]string, len(ts.Columns))
	for i, c := range ts.Columns {
		null, err := literal(nil, c.Type)
		if err != nil {
			return "", err
		}
		columns[i] = null + " AS " + quoteName(c.Name)
	}
	return "(SELECT " + selectList(columns) + " WHERE false)", nil
}

func selectList(columns []string) string {
	if len(columns) == 0 {
		return noColumns
	}
	return strings.Join(columns, ", ")
}

// rowRelation reads files of a row format.
func (e *Engine) rowRelation(q *sources, f formats.Format, ts *analyzer.TableScan, files []planner.File, keys *keyValues) (string, error) {
	columns, of, err := dataColumns(ts)
	if err != nil {
		return "", err
	}
	scan, err := formats.NewScan(f, columns, len(ts.Table.Columns), sourceFiles(files))
	if err != nil {
		return "", fileError(err)
	}
	source, err := rowSourceMaker(q, scan, columns, of)
	if err != nil {
		return "", err
	}
	return e.sourceRelation(q, ts, keys, allFiles(files), source)
}

func sourceFiles(files []planner.File) []formats.SourceFile {
	in := make([]formats.SourceFile, len(files))
	for i, file := range files {
		in[i] = formats.SourceFile{Path: file.Path, URI: file.URI, Size: file.Size}
	}
	return in
}

// allFiles are the numbers of files.
func allFiles(files []planner.File) []int {
	all := make([]int, len(files))
	for i := range files {
		all[i] = i
	}
	return all
}

// sourceRelation reads a source that has the data columns of a scan by name,
// and the number, among those, of the file that each row is of.
func (e *Engine) sourceRelation(q *sources, ts *analyzer.TableScan, keys *keyValues, files []int, make func() source) (string, error) {
	exprs, join, err := keys.attach(&e.scans, q, files, "f."+fileColumn)
	if err != nil {
		return "", err
	}
	var list []string
	key := 0
	for _, c := range ts.Columns {
		expr := "f." + quoteName(c.Name)
		if c.PerFile() {
			expr = exprs[key]
			key++
		}
		list = append(list, expr+" AS "+quoteName(c.Name))
	}
	return "(SELECT " + selectList(list) + " FROM " + e.scans.add(q, make) + " AS f" + join + ")", nil
}

// dataColumns are the columns of a scan that lie in its files.
func dataColumns(ts *analyzer.TableScan) ([]formats.Column, []types.Type, error) {
	inFiles := ts.Table.FileColumns()
	place := make(map[string]int, len(inFiles))
	for i, c := range inFiles {
		place[c.Name] = i
	}
	var columns []formats.Column
	var of []types.Type
	for _, c := range ts.Columns {
		if c.PerFile() {
			continue
		}
		i, ok := place[c.Name]
		if !ok {
			return nil, nil, internalError("table %s has no column %s", ts.Table.Name, c.Name)
		}
		t, err := formats.ParseType(inFiles[i].Type)
		if err != nil {
			return nil, nil, &engine.Error{Name: nameMetadata, Message: fmt.Sprintf("column %s: %v", c.Name, err)}
		}
		columns = append(columns, formats.Column{Name: c.Name, Type: t, Index: i})
		of = append(of, c.Type)
	}
	return columns, of, nil
}
