package duckdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unsafe"

	bindings "github.com/duckdb/duckdb-go-bindings"
	driver "github.com/duckdb/duckdb-go/v2"
	"github.com/parquet-go/parquet-go"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/planner"
)

// positionColumn is the place of a deleted row in its file.
const positionColumn = "scops_position"

// deletedRow is a row of a position delete file. Its columns have these names by
// Iceberg's specification.
type deletedRow struct {
	Path     string `parquet:"file_path"`
	Position int64  `parquet:"pos"`
}

// deletedPositions reads position delete files: which rows of each data file
// are gone, in order.
func deletedPositions(ctx context.Context, deletes []planner.DeleteFile, files []planner.File) ([][]int64, error) {
	out := make([][]int64, len(files))
	byDelete := map[int]map[string]int{} // delete: path: file
	for i, f := range files {
		for _, d := range f.Deletes {
			if deletes[d].FieldIDs != nil {
				continue
			}
			if byDelete[d] == nil {
				byDelete[d] = map[string]int{}
			}
			byDelete[d][withoutScheme(f.URI)] = i
		}
	}
	for d, of := range byDelete {
		err := readDeleted(ctx, deletes[d].File, func(r *deletedRow) {
			if i, ok := of[withoutScheme(r.Path)]; ok {
				out[i] = append(out[i], r.Position)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	for i := range out {
		slices.Sort(out[i])
		out[i] = slices.Compact(out[i])
	}
	return out, nil
}

// withoutScheme is the bucket and key of an object: s3, s3a and s3n are the same.
func withoutScheme(uri string) string {
	_, path, _ := strings.Cut(uri, "://")
	return path
}

const deletedAtOnce = 1024 // rows

// readDeleted reads a position delete file; a panic of the decoder over a
// broken one is an error.
func readDeleted(ctx context.Context, f planner.File, row func(*deletedRow)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("broken file: %v", p)
		}
		if err != nil && ctx.Err() == nil {
			err = &engine.Error{Name: "ICEBERG_BAD_DATA", Message: fmt.Sprintf("Error reading position delete file %s: %v", f.URI, err)}
		}
	}()
	file, err := os.Open(f.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	opened, err := parquet.OpenFile(file, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return err
	}
	reader := parquet.NewGenericReader[deletedRow](opened)
	defer reader.Close()
	rows := make([]deletedRow, deletedAtOnce)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := reader.Read(rows)
		for i := range rows[:n] {
			row(&rows[i])
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// positionSource is a relation of the numbers of files and the places of rows.
type positionSource struct {
	query   *sources
	columns []driver.ColumnInfo
	gone    [][]int64
	file    int
	row     int
	err     error
}

func positionInfos() ([]driver.ColumnInfo, error) {
	number, err := driver.NewTypeInfo(driver.TYPE_BIGINT)
	return []driver.ColumnInfo{{Name: fileColumn, T: number}, {Name: positionColumn, T: number}}, err
}

// ColumnInfos implements driver.ParallelChunkTableSource.
func (s *positionSource) ColumnInfos() []driver.ColumnInfo { return s.columns }

// Cardinality implements driver.ParallelChunkTableSource.
func (s *positionSource) Cardinality() *driver.CardinalityInfo {
	n := 0
	for _, rows := range s.gone {
		n += len(rows)
	}
	return &driver.CardinalityInfo{Cardinality: uint(n), Exact: true}
}

// Init implements driver.ParallelChunkTableSource.
func (s *positionSource) Init() driver.ParallelTableSourceInfo {
	if (s.file > 0 || s.row > 0) && s.file < len(s.gone) {
		s.err = errReadTwice
	}
	s.file, s.row = 0, 0
	return driver.ParallelTableSourceInfo{MaxThreads: 1}
}

// NewLocalState implements driver.ParallelChunkTableSource.
func (s *positionSource) NewLocalState() any { return s }

// FillChunk implements driver.ParallelChunkTableSource.
func (s *positionSource) FillChunk(_ any, chunk driver.DataChunk) (err error) {
	defer s.query.caught("deleted rows", &err)
	if s.err != nil {
		return s.err
	}
	raw, err := rawChunk(chunk)
	if err != nil {
		return err
	}
	projection, err := rawProjection(chunk, len(s.columns))
	if err != nil {
		return err
	}
	var to [2][]int64
	for i, at := range projection {
		if at >= 0 {
			data := (*int64)(bindings.VectorGetData(bindings.DataChunkGetVector(raw, bindings.IdxT(at))))
			to[i] = unsafe.Slice(data, int(bindings.VectorSize()))
		}
	}
	n := 0
	for ; n < int(bindings.VectorSize()) && s.file < len(s.gone); s.row++ {
		if s.row == len(s.gone[s.file]) {
			s.file, s.row = s.file+1, -1
			continue
		}
		if to[0] != nil {
			to[0][n] = int64(s.file)
		}
		if to[1] != nil {
			to[1][n] = s.gone[s.file][s.row]
		}
		n++
	}
	bindings.DataChunkSetSize(raw, bindings.IdxT(n))
	return nil
}

func (s *positionSource) close() error { return nil }
