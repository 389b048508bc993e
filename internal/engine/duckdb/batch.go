package duckdb

import (
	"context"
	"errors"
	"io"
	"math"
	"sync/atomic"

	driver "github.com/duckdb/duckdb-go/v2"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	emitter "github.com/scopsdb/scops/internal/sql/duckdb"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Batch is a query that is compiled once and run over one batch of rows in
// memory after the other. All its scans read the batch. It is not safe for
// concurrent use.
type Batch struct {
	engine  *Engine
	sources *sources
	source  *batchSource
	st      *statement
	columns []analyzer.Column
}

// Chunk is rows of a batch, one vector a column. At most formats.BatchRows.
type Chunk struct {
	Vectors []*formats.Vector
	Rows    int
}

// NewBatch compiles a query over a table of columns, by name. Close it.
func (e *Engine) NewBatch(ctx context.Context, a *analyzer.Analysis, columns []formats.Column) (*Batch, error) {
	if err := e.begin(); err != nil {
		return nil, err
	}
	defer e.running.Done()
	b := &Batch{engine: e, sources: newSources(context.WithoutCancel(ctx)), columns: a.Columns}
	of := make([]types.Type, len(columns))
	for i, c := range columns {
		t, err := types.FromHive(c.Type.String())
		if err != nil {
			return nil, err
		}
		of[i] = t
	}
	infos, err := columnInfos(columns, of)
	if err != nil {
		return nil, err
	}
	b.source = &batchSource{query: b.sources, types: of, columns: infos}
	call := e.scans.add(b.sources, func() source { return b.source })
	text, err := emitter.Emit(a, func(_ int, ts *analyzer.TableScan) string {
		list := make([]string, len(ts.Columns))
		for i, c := range ts.Columns {
			list[i] = quoteName(c.Name)
		}
		return "(SELECT " + selectList(list) + " FROM " + call + ")"
	})
	if err == nil {
		b.st, err = e.prepareStatement(ctx, text)
	}
	if err != nil {
		e.scans.remove(b.sources.ids)
		return nil, b.sources.explain(ctx, err)
	}
	return b, nil
}

// Run runs the query over a batch and calls each with every row of the result,
// in no order. The row is valid during the call. A failure that the rows are to
// blame for is an *engine.Error.
func (b *Batch) Run(ctx context.Context, chunks []Chunk, each func(row []any) error) error {
	if err := b.engine.begin(); err != nil {
		return err
	}
	defer b.engine.running.Done()
	b.sources.err = nil
	b.sources.ctx, b.sources.cancel = context.WithCancel(ctx)
	defer b.sources.cancel()
	b.source.begin(ctx, chunks)
	defer b.st.end()
	if err := b.st.call(ctx, b.st.execute); err != nil {
		return b.sources.explain(ctx, err)
	}
	r, err := newRows(b.st, b.columns)
	if err != nil {
		return err
	}
	r.engine, r.sources, r.ctx = b.engine, b.sources, ctx
	defer r.release()
	for {
		row, err := r.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = each(row)
		}
		if err != nil {
			return err
		}
	}
}

// Close ends the query.
func (b *Batch) Close() error {
	b.engine.scans.remove(b.sources.ids)
	return b.st.close()
}

// batchSource feeds DuckDB with the chunks of a batch.
type batchSource struct {
	query   *sources
	types   []types.Type
	columns []driver.ColumnInfo

	ctx    context.Context // of the run
	chunks []Chunk
	next   atomic.Int64
}

func (s *batchSource) begin(ctx context.Context, chunks []Chunk) {
	s.ctx, s.chunks = ctx, chunks
	s.next.Store(0)
}

// ColumnInfos implements driver.ParallelChunkTableSource.
func (s *batchSource) ColumnInfos() []driver.ColumnInfo { return s.columns }

// Cardinality implements driver.ParallelChunkTableSource: each run has its own.
func (s *batchSource) Cardinality() *driver.CardinalityInfo { return nil }

// Init implements driver.ParallelChunkTableSource.
func (s *batchSource) Init() driver.ParallelTableSourceInfo {
	s.next.Store(0)
	return driver.ParallelTableSourceInfo{MaxThreads: max(1, min(len(s.chunks), math.MaxInt16))}
}

// NewLocalState implements driver.ParallelChunkTableSource.
func (s *batchSource) NewLocalState() any { return &memoryWorker{} }

// FillChunk implements driver.ParallelChunkTableSource.
func (s *batchSource) FillChunk(local any, to driver.DataChunk) (err error) {
	defer s.query.caught("a batch", &err)
	if err := s.ctx.Err(); err != nil {
		return err
	}
	var c Chunk
	if n := int(s.next.Add(1)) - 1; n < len(s.chunks) {
		c = s.chunks[n]
	}
	return local.(*memoryWorker).fill(to, s.types, func(i int) *formats.Vector { return c.Vectors[i] }, c.Rows, 0)
}

func (s *batchSource) close() error { return nil }

// Blame says what an error of Run may come from: the values of the rows, how
// many there are, or perhaps a defect.
func Blame(err error) (rows, size, defect bool) {
	var e *engine.Error
	if !errors.As(err, &e) {
		return false, false, false
	}
	switch e.Name {
	case nameMemory:
		return false, true, false
	case nameInternal:
		return true, true, true
	}
	return true, true, false
}
