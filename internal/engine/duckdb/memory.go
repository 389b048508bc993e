package duckdb

import (
	"fmt"
	"runtime/debug"

	bindings "github.com/duckdb/duckdb-go-bindings"
	driver "github.com/duckdb/duckdb-go/v2"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/sql/types"
)

// memoryWorker copies rows that are in memory into DuckDB's chunks.
type memoryWorker struct{ projection []int }

// fill copies a chunk of so many rows: the scan's columns, of these types, by
// their vectors, and a number as the last column. No rows end the reading.
func (w *memoryWorker) fill(to driver.DataChunk, of []types.Type, vector func(i int) *formats.Vector, rows, number int) error {
	raw, err := rawChunk(to)
	if err != nil {
		return err
	}
	if rows == 0 {
		bindings.DataChunkSetSize(raw, 0)
		return nil
	}
	if w.projection == nil {
		if w.projection, err = rawProjection(to, len(of)+1); err != nil {
			return err
		}
	}
	for i, at := range w.projection {
		switch {
		case at < 0:
		case i < len(of):
			fill(bindings.DataChunkGetVector(raw, bindings.IdxT(at)), vector(i), of[i])
		default:
			fillNumber(bindings.DataChunkGetVector(raw, bindings.IdxT(at)), rows, number)
		}
	}
	bindings.DataChunkSetSize(raw, bindings.IdxT(rows))
	return nil
}

// caught is deferred by what DuckDB calls: it keeps the failure for the query,
// and a panic must not run through DuckDB's frames.
func (s *sources) caught(what string, err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("reading %s: %v\n%s", what, p, debug.Stack())
	}
	_ = s.fail(*err) // it returns what it is given
}
