package duckdb

import (
	"errors"
	"fmt"
	"math"
	"sync"

	bindings "github.com/duckdb/duckdb-go-bindings"
	driver "github.com/duckdb/duckdb-go/v2"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/sql/types"
)

// fileColumn is the number of the file that a row is of, from 0.
const fileColumn = "scops_file"

// rowSource feeds DuckDB with files of a row format, read by package formats.
// Its columns are those of the scan, then fileColumn.
type rowSource struct {
	query   *sources
	scan    *formats.Scan
	types   []types.Type
	columns []driver.ColumnInfo

	mu      sync.Mutex
	reading *formats.Reading
	workers []*rowWorker
	err     error
}

// errReadTwice guards against a plan that reads one bound source in two places
// at once: both would share its rows.
var errReadTwice = errors.New("a source is read twice at once")

type rowWorker struct {
	*formats.Worker
	projection []int
	err        error // of making the worker
}

// rowSourceMaker gives a source for each place where DuckDB binds it.
func rowSourceMaker(q *sources, scan *formats.Scan, columns []formats.Column, of []types.Type) (func() source, error) {
	infos, err := columnInfos(columns, of)
	if err != nil {
		return nil, err
	}
	return func() source { return &rowSource{query: q, scan: scan, types: of, columns: infos} }, nil
}

func columnInfos(columns []formats.Column, of []types.Type) ([]driver.ColumnInfo, error) {
	var infos []driver.ColumnInfo
	for i, c := range columns {
		t, err := typeInfo(of[i])
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Name, err)
		}
		infos = append(infos, driver.ColumnInfo{Name: c.Name, T: t})
	}
	t, err := driver.NewTypeInfo(driver.TYPE_BIGINT)
	return append(infos, driver.ColumnInfo{Name: fileColumn, T: t}), err
}

// ColumnInfos implements driver.ParallelChunkTableSource.
func (s *rowSource) ColumnInfos() []driver.ColumnInfo { return s.columns }

// Cardinality implements driver.ParallelChunkTableSource: unknown.
func (s *rowSource) Cardinality() *driver.CardinalityInfo { return nil }

// Init implements driver.ParallelChunkTableSource.
func (s *rowSource) Init() driver.ParallelTableSourceInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reading != nil && !s.reading.Drained() {
		s.err = errReadTwice
	}
	s.reading = s.scan.Begin()
	return driver.ParallelTableSourceInfo{MaxThreads: max(1, min(s.scan.Splits(), math.MaxInt16))}
}

// NewLocalState implements driver.ParallelChunkTableSource.
func (s *rowSource) NewLocalState() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &rowWorker{err: s.err}
	if w.err == nil {
		w.Worker, w.err = s.reading.NewWorker()
	}
	s.workers = append(s.workers, w)
	return w
}

// FillChunk implements driver.ParallelChunkTableSource.
func (s *rowSource) FillChunk(local any, chunk driver.DataChunk) (err error) {
	defer s.query.caught("a file", &err)
	w := local.(*rowWorker)
	if w.err == nil {
		w.err = s.failed()
	}
	if w.err != nil {
		return w.err
	}
	n, err := w.Next(s.query.ctx)
	if err != nil {
		return err
	}
	raw, err := rawChunk(chunk)
	if err != nil {
		return err
	}
	if w.projection == nil {
		if w.projection, err = rawProjection(chunk, len(s.columns)); err != nil {
			return err
		}
	}
	for i, to := range w.projection {
		if to < 0 {
			continue
		}
		vector := bindings.DataChunkGetVector(raw, bindings.IdxT(to))
		if i < len(s.types) {
			fill(vector, w.Vectors[i], s.types[i])
		} else {
			fillRuns(vector, w.Runs)
		}
	}
	bindings.DataChunkSetSize(raw, bindings.IdxT(n))
	return nil
}

func (s *rowSource) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *rowSource) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	for _, w := range s.workers {
		if w.Worker != nil {
			if e := w.Close(); e != nil {
				err = e
			}
		}
	}
	return err
}

// simpleTypeInfos are the DuckDB types of kinds without parameters.
var simpleTypeInfos = map[types.Kind]driver.Type{
	types.Boolean: driver.TYPE_BOOLEAN, types.TinyInt: driver.TYPE_TINYINT, types.SmallInt: driver.TYPE_SMALLINT,
	types.Integer: driver.TYPE_INTEGER, types.BigInt: driver.TYPE_BIGINT, types.Real: driver.TYPE_FLOAT,
	types.Double: driver.TYPE_DOUBLE, types.Varchar: driver.TYPE_VARCHAR, types.Char: driver.TYPE_VARCHAR,
	types.Varbinary: driver.TYPE_BLOB, types.Date: driver.TYPE_DATE, types.Timestamp: driver.TYPE_TIMESTAMP,
	types.TimestampTZ: driver.TYPE_TIMESTAMP_TZ,
}

// typeInfo is types.DuckDBType for table functions.
func typeInfo(t types.Type) (driver.TypeInfo, error) {
	switch t.Kind {
	case types.Decimal:
		return driver.NewDecimalInfo(uint8(t.Precision), uint8(t.Scale))
	case types.Array:
		elem, err := typeInfo(t.Elem())
		if err != nil {
			return nil, err
		}
		return driver.NewListInfo(elem)
	case types.Map:
		key, err := typeInfo(t.Key())
		if err != nil {
			return nil, err
		}
		value, err := typeInfo(t.Value())
		if err != nil {
			return nil, err
		}
		return driver.NewMapInfo(key, value)
	case types.Row:
		return rowInfo(t)
	}
	id, ok := simpleTypeInfos[t.Kind]
	if !ok {
		return nil, fmt.Errorf("%w: %s", types.ErrNotCarried, t)
	}
	return driver.NewTypeInfo(id)
}

func rowInfo(t types.Type) (driver.TypeInfo, error) {
	entries := make([]driver.StructEntry, len(t.Fields))
	for i, f := range t.Fields {
		of, err := typeInfo(f.Type)
		if err != nil {
			return nil, err
		}
		if entries[i], err = driver.NewStructEntry(of, f.Name); err != nil {
			return nil, err
		}
	}
	return driver.NewStructInfo(entries[0], entries[1:]...)
}
