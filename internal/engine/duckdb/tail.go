package duckdb

import (
	"math"
	"slices"
	"sync/atomic"

	driver "github.com/duckdb/duckdb-go/v2"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
	"github.com/scopsdb/scops/internal/tail"
)

// tailRelations writes the rows that a delivered table has in memory, as one
// query in parentheses for each layout of columns that they have.
func (e *Engine) tailRelations(q *sources, rows []tail.Rows, ts *analyzer.TableScan) ([]string, error) {
	var out []string
	for len(rows) > 0 {
		same := rows[:1]
		for len(same) < len(rows) && sameLayout(rows[0].Columns, rows[len(same)].Columns) {
			same = rows[:len(same)+1]
		}
		rows = rows[len(same):]
		text, err := e.tailRelation(q, same, ts)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}

func sameLayout(a, b []record.Column) bool {
	return slices.EqualFunc(a, b, func(a, b record.Column) bool { return a.Name == b.Name && a.Type.String() == b.Type.String() })
}

// tailRelation reads rows of one layout. A segment is to it what a file is to
// rowRelation: all its rows are of one partition.
func (e *Engine) tailRelation(q *sources, rows []tail.Rows, ts *analyzer.TableScan) (string, error) {
	columns, of, err := dataColumns(ts)
	if err != nil {
		return "", err
	}
	infos, err := columnInfos(columns, of)
	if err != nil {
		return "", err
	}
	places := make([]int, len(columns))
	for i, c := range columns {
		places[i] = slices.IndexFunc(rows[0].Columns, func(r record.Column) bool { return r.Name == c.Name })
		if places[i] < 0 || rows[0].Columns[places[i]].Type.String() != c.Type.String() {
			return "", internalError("rows in memory have no column %s of type %s", c.Name, c.Type)
		}
	}
	keys, keyPlaces := neededKeys(ts)
	var chunks []tailChunk
	var segments []int
	total := 0
	for _, r := range rows {
		for _, s := range r.Segments {
			if len(keyPlaces) > 0 {
				values, err := keys.ofSegment(ts, s.Values, keyPlaces)
				if err != nil {
					return "", err
				}
				keys.values = append(keys.values, values)
			}
			for _, c := range s.Chunks {
				chunks = append(chunks, tailChunk{c, len(segments)})
			}
			segments = append(segments, len(segments))
			total += s.Rows
		}
	}
	return e.sourceRelation(q, ts, keys, segments, func() source {
		return &tailSource{query: q, columns: infos, types: of, places: places, chunks: chunks, rows: total}
	})
}

// ofSegment are the values that all rows of a segment share. They are in no
// file: what is asked of it is NULL, but for the partition that it will be in.
func (k *keyValues) ofSegment(ts *analyzer.TableScan, texts []string, places []int) ([]any, error) {
	values, err := k.parse(texts, places)
	for i, c := range k.keys {
		if err == nil && c.OfFile && c.Name == analyzer.PartitionColumn {
			values[i] = catalog.PartitionName(ts.Table.PartitionKeys, texts)
		}
	}
	return values, err
}

type tailChunk struct {
	tail.Chunk
	segment int
}

// tailSource feeds DuckDB with rows in memory. Its columns are those of the
// scan, then fileColumn, which is the number of the segment.
type tailSource struct {
	query   *sources
	columns []driver.ColumnInfo
	types   []types.Type
	places  []int // of the columns in the chunks
	chunks  []tailChunk
	rows    int

	next  atomic.Int64
	begun atomic.Bool
	twice atomic.Bool
}

// ColumnInfos implements driver.ParallelChunkTableSource.
func (s *tailSource) ColumnInfos() []driver.ColumnInfo { return s.columns }

// Cardinality implements driver.ParallelChunkTableSource.
func (s *tailSource) Cardinality() *driver.CardinalityInfo {
	return &driver.CardinalityInfo{Cardinality: uint(s.rows), Exact: true}
}

// Init implements driver.ParallelChunkTableSource.
func (s *tailSource) Init() driver.ParallelTableSourceInfo {
	if s.begun.Swap(true) && s.next.Load() < int64(len(s.chunks)) {
		s.twice.Store(true)
	}
	s.next.Store(0)
	return driver.ParallelTableSourceInfo{MaxThreads: max(1, min(len(s.chunks), math.MaxInt16))}
}

// NewLocalState implements driver.ParallelChunkTableSource.
func (s *tailSource) NewLocalState() any { return &memoryWorker{} }

// FillChunk implements driver.ParallelChunkTableSource.
func (s *tailSource) FillChunk(local any, to driver.DataChunk) (err error) {
	defer s.query.caught("rows in memory", &err)
	if s.twice.Load() {
		return errReadTwice
	}
	if err := s.query.ctx.Err(); err != nil {
		return err
	}
	var c tailChunk
	if n := int(s.next.Add(1)) - 1; n < len(s.chunks) {
		c = s.chunks[n]
	}
	return local.(*memoryWorker).fill(to, s.types, func(i int) *formats.Vector { return c.Vectors[s.places[i]] }, c.Rows, c.segment)
}

func (s *tailSource) close() error { return nil }
