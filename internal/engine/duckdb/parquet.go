package duckdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	parquetfooter "github.com/scopsdb/scops/internal/formats/footer"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// parquetRelation reads Parquet files. Files are grouped by their
// schema: each group is one read_parquet with the conversions that its types
// need, so that old and new files of a table read alike.
func (e *Engine) parquetRelation(q *sources, f formats.Format, ts *analyzer.TableScan, files []planner.File, keys *keyValues) (string, int64, error) {
	footers, err := e.readFooters(q, files)
	if err != nil {
		return "", 0, err
	}
	groups, scanned, err := groupFiles(ts, f.ByIndex, files, footers, keys)
	if err != nil {
		return "", 0, err
	}
	q.parquet = append(q.parquet, files...)
	arms := make([]string, len(groups))
	for i, g := range groups {
		if arms[i], err = e.parquetArm(q, ts, files, g, keys); err != nil {
			return "", 0, err
		}
	}
	return "(" + strings.Join(arms, " UNION ALL ") + ")", scanned, nil
}

// footerReaders is how many footers are read side by side.
const footerReaders = 4

func (e *Engine) readFooters(q *sources, files []planner.File) ([]*footer, error) {
	footers := make([]*footer, len(files))
	err := eachFile(q.ctx, files, func(i int) error {
		var err error
		if footers[i], err = e.footers.footer(files[i].Path); err != nil {
			return footerError(files[i].URI, err)
		}
		return nil
	})
	return footers, err
}

// eachFile reads something of every file, a few side by side.
func eachFile(ctx context.Context, files []planner.File, read func(i int) error) error {
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(footerReaders)
	const part = 64
	for begin := 0; begin < len(files); begin += part {
		work.Go(func() error {
			for i := begin; i < min(begin+part, len(files)); i++ {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := read(i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return work.Wait()
}

func footerError(uri string, err error) error {
	name := nameCannotOpen
	switch {
	case errors.Is(err, errNoParquet):
		name = nameBadData
	case errors.Is(err, parquetfooter.ErrEncrypted), errors.Is(err, errCodec):
		name = nameFormat
	case errors.Is(err, fs.ErrNotExist):
		return &engine.Error{Name: name, Message: "file does not exist: " + uri}
	}
	return &engine.Error{Name: name, Message: fmt.Sprintf("%v: %s", err, uri)}
}

// fileGroup is files that one read_parquet reads.
type fileGroup struct {
	schema *parquetSchema
	exprs  []string // of the data columns of the scan, in order
	files  []int
}

// groupFiles sorts files by schema, checks their types against the table's, and
// counts the bytes of the needed columns.
func groupFiles(ts *analyzer.TableScan, byIndex bool, files []planner.File, footers []*footer, keys *keyValues) ([]*fileGroup, int64, error) {
	var groups []*fileGroup
	type identity struct {
		schema *parquetSchema
		values int
	}
	byIdentity := map[identity]*fileGroup{}
	needed := map[*parquetSchema][]int{}
	var scanned int64
	for i, f := range footers {
		id := identity{schema: f.schema}
		// A column of the name of DuckDB's file number hides it: then a group is
		// of files whose values are the same.
		if len(keys.keys) > 0 && len(f.schema.byName["file_index"]) > 0 {
			id.values = keys.group(files, i)
		}
		g := byIdentity[id]
		if g == nil {
			g = &fileGroup{schema: f.schema}
			var err error
			if g.exprs, needed[f.schema], err = columnExprs(ts, byIndex, f.schema, files[i].URI); err != nil {
				return nil, 0, err
			}
			byIdentity[id] = g
			groups = append(groups, g)
		}
		g.files = append(g.files, i)
		for _, c := range needed[f.schema] {
			scanned += f.bytes[c]
		}
	}
	return groups, scanned, nil
}

// columnExprs writes each data column of the scan as it is in a file's schema,
// and says which of the file's columns they read.
func columnExprs(ts *analyzer.TableScan, byIndex bool, s *parquetSchema, uri string) (exprs []string, columns []int, err error) {
	for _, c := range ts.Columns {
		if c.PerFile() {
			continue
		}
		found := s.byName[c.Name]
		if byIndex {
			found = s.atPlace(ts, c.Name)
		}
		switch len(found) {
		case 0:
			null, err := literal(nil, c.Type)
			if err != nil {
				return nil, nil, err
			}
			exprs = append(exprs, null)
			continue
		case 1:
		default:
			return nil, nil, &engine.Error{Name: nameBadData, Message: fmt.Sprintf("column %s is ambiguous in parquet file %s: names differ by case alone", c.Name, uri)}
		}
		n := s.columns[found[0]]
		expr, _, err := coercion{}.expr("f."+quoteName(n.name), n, c.Type)
		if err != nil {
			return nil, nil, &engine.Error{Name: nameBadData, Message: fmt.Sprintf(
				"Field %s's type %s in parquet file %s is incompatible with type %s defined in table schema%s", c.Name, n, uri, c.Type, detail(err))}
		}
		exprs = append(exprs, expr)
		columns = append(columns, found[0])
	}
	return exprs, columns, nil
}

// atPlace finds the column of the file that has the place of a table's column.
// DuckDB reads columns by their names, without regard to case: where two of a
// file share one it cannot be told which to read.
func (s *parquetSchema) atPlace(ts *analyzer.TableScan, name string) []int {
	place := slices.IndexFunc(ts.Table.FileColumns(), func(c catalog.Column) bool { return c.Name == name })
	if place < 0 || place >= len(s.columns) {
		return nil
	}
	if same := s.byName[strings.ToLower(s.columns[place].name)]; len(same) > 1 {
		return same
	}
	return []int{place}
}

func detail(err error) string {
	if errors.Is(err, errIncompatible) {
		return ""
	}
	return ": " + err.Error()
}

func (e *Engine) parquetArm(q *sources, ts *analyzer.TableScan, files []planner.File, g *fileGroup, keys *keyValues) (string, error) {
	paths := make([]string, len(g.files))
	for i, f := range g.files {
		path, err := exactPath(files[f].Path)
		if err != nil {
			return "", err
		}
		paths[i] = quote(path)
	}
	keyExprs, join, err := keys.attach(&e.scans, q, g.files, "f.file_index")
	if err != nil {
		return "", err
	}
	list := make([]string, 0, len(ts.Columns))
	data, key := 0, 0
	for _, c := range ts.Columns {
		var expr string
		if c.PerFile() {
			expr = keyExprs[key]
			key++
		} else {
			expr = g.exprs[data]
			data++
		}
		list = append(list, expr+" AS "+quoteName(c.Name))
	}
	return "SELECT " + selectList(list) + " FROM read_parquet([" + strings.Join(paths, ", ") +
		"], hive_partitioning = false) AS f" + join, nil
}

// exactPath writes a path so that DuckDB, which takes * ? and [ for patterns,
// opens the file of exactly this name.
func exactPath(path string) (string, error) {
	if strings.IndexByte(path, 0) >= 0 {
		return "", internalError("path %q has a zero byte", path)
	}
	if !strings.ContainsAny(path, "*?[") {
		return path, nil
	}
	if strings.Contains(path, `\`) {
		return "", &engine.Error{Name: nameCannotOpen, Message: fmt.Sprintf("the name of %s has both a pattern character and a backslash, which is not supported", path)}
	}
	return strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(path), nil
}
