package duckdb

import (
	"context"
	"errors"
	"io"

	bindings "github.com/duckdb/duckdb-go-bindings"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// rows streams the result of a statement, a chunk at a time.
type rows struct {
	engine  *Engine
	ctx     context.Context // of the query
	sources *sources
	st      *statement
	columns []analyzer.Column
	cells   []cells
	row     []any
	untyped []int // columns that must hold NULL alone
	stats   engine.Stats

	chunk   bindings.DataChunk
	at, has uint64 // next row and rows of the chunk
	err     error  // what ended the rows
	closed  bool
}

// newRows checks that the result has the types that the columns say: a wrong
// reading of a vector would be garbage.
func newRows(s *statement, columns []analyzer.Column) (*rows, error) {
	r := &rows{st: s, columns: columns, cells: make([]cells, len(columns)), row: make([]any, len(columns))}
	if n := bindings.ColumnCount(&s.result); int(n) != len(columns) {
		return nil, internalError("the query gives %d columns where %d were analyzed", n, len(columns))
	}
	for i, c := range columns {
		t := bindings.ColumnLogicalType(&s.result, bindings.IdxT(i))
		err := r.cells[i].init(t, c.Type)
		if err != nil && bindings.GetTypeId(t) == bindings.TypeInteger {
			// Where the optimizer finds that a column is always NULL it may lose its type.
			r.untyped = append(r.untyped, i)
			err = r.cells[i].init(t, types.UnknownType)
		}
		bindings.DestroyLogicalType(&t)
		if err != nil {
			return nil, internalError("column %s: %v", c.Name, err)
		}
	}
	return r, nil
}

// Columns implements engine.Rows.
func (r *rows) Columns() []analyzer.Column { return r.columns }

// Stats implements engine.Rows.
func (r *rows) Stats() engine.Stats { return r.stats }

// Next implements engine.Rows.
func (r *rows) Next(ctx context.Context) ([]any, error) {
	for r.at == r.has {
		if r.err == nil {
			r.err = r.fetch(ctx)
		}
		if r.err != nil {
			return nil, r.err
		}
	}
	for i := range r.cells {
		r.row[i] = r.cells[i].value(r.at)
	}
	r.at++
	r.stats.Rows++
	return r.row, nil
}

func (r *rows) fetch(ctx context.Context) error {
	if r.closed {
		return errors.New("the rows are closed")
	}
	r.release()
	if err := r.ctx.Err(); err != nil {
		return err
	}
	defer context.AfterFunc(ctx, r.sources.cancel)()
	chunk, err := r.st.next(r.sources.ctx)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return r.engine.blame(r.ctx, r.sources.parquet, r.sources.explain(r.ctx, err))
	}
	if chunk.Ptr == nil {
		return io.EOF
	}
	r.chunk = chunk
	r.at, r.has = 0, uint64(bindings.DataChunkGetSize(chunk))
	for i := range r.cells {
		r.cells[i].bind(bindings.DataChunkGetVector(chunk, bindings.IdxT(i)))
	}
	for _, i := range r.untyped {
		for n := range r.has {
			if !r.cells[i].isNull(n) {
				return internalError("column %s: INTEGER does not carry %s", r.columns[i].Name, r.columns[i].Type)
			}
		}
	}
	return nil
}

func (r *rows) release() {
	if r.chunk.Ptr != nil {
		bindings.DestroyDataChunk(&r.chunk)
		r.chunk.Ptr = nil
	}
	r.at, r.has = 0, 0
}

// Close implements engine.Rows.
func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	r.release()
	if r.err == nil {
		r.err = errors.New("the rows are closed")
	}
	err := r.st.close() // waits for its threads: then nothing reads any more
	r.engine.endQuery(r.sources)
	return err
}
