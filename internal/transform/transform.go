package transform

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/engine/duckdb"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// transform is compiled SQL.
type transform struct {
	engine   *duckdb.Engine
	analysis *analyzer.Analysis
	columns  []formats.Column // of batch, then hidden ones
	needed   []bool           // of columns
	keys     map[string]bool
	places   []int          // of the outputs of the query in the result; the last is the row's place
	types    []formats.Type // of the result

	mu     sync.Mutex
	idle   []*duckdb.Batch
	closed bool
}

// outputs notes where the outputs of the query go.
func (t *transform) outputs(b *builder) error {
	for _, c := range b.result {
		typ, err := formats.ParseType(c.Type)
		if err != nil {
			return err
		}
		t.types = append(t.types, typ)
	}
	for _, c := range t.columns {
		t.needed = append(t.needed, slices.ContainsFunc(t.analysis.Scans, func(ts *analyzer.TableScan) bool {
			return slices.ContainsFunc(ts.Columns, func(s analyzer.ScanColumn) bool { return s.Name == c.Name })
		}))
	}
	for _, it := range b.items {
		t.places = append(t.places, it.place)
	}
	return nil
}

// GivesKey implements delivery.Transform.
func (t *transform) GivesKey(name string) bool { return t.keys[name] }

// take is a compiled query for one goroutine.
func (t *transform) take(ctx context.Context) (*duckdb.Batch, error) {
	t.mu.Lock()
	if n := len(t.idle); n > 0 {
		b := t.idle[n-1]
		t.idle = t.idle[:n-1]
		t.mu.Unlock()
		return b, nil
	}
	t.mu.Unlock()
	return t.engine.NewBatch(ctx, t.analysis, t.columns)
}

func (t *transform) give(b *duckdb.Batch) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		_ = b.Close() // nothing is read from it any more
		return
	}
	t.idle = append(t.idle, b)
}

// Close implements delivery.Transform. Rows may still be called: it compiles
// anew.
func (t *transform) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	var errs []error
	for _, b := range t.idle {
		errs = append(errs, b.Close())
	}
	t.idle = nil
	return errors.Join(errs...)
}

// Rows implements delivery.Transform. Where an expression fails the rows are
// halved until the one that it fails for is alone.
func (t *transform) Rows(ctx context.Context, rows []delivery.TransformRow) error {
	b, err := t.take(ctx)
	if err != nil {
		return err
	}
	defer t.give(b)
	return t.run(ctx, b, rows)
}

func (t *transform) run(ctx context.Context, b *duckdb.Batch, rows []delivery.TransformRow) error {
	err := t.once(ctx, b, rows)
	if err == nil || ctx.Err() != nil {
		return err
	}
	ofRows, ofSize, defect := duckdb.Blame(err)
	if ofSize && len(rows) > 1 {
		half := len(rows) / 2
		if err := t.run(ctx, b, rows[:half]); err != nil {
			return err
		}
		return t.run(ctx, b, rows[half:])
	}
	// An error without a name is the row's where the query works without it: one
	// event must not stop all others.
	if !ofRows || len(rows) != 1 || defect && t.once(ctx, b, nil) != nil {
		return err
	}
	var failed *engine.Error
	errors.As(err, &failed)
	rows[0].Result, rows[0].Filtered, rows[0].Failed = nil, false, failed.Error()
	return nil
}

// once runs the query over rows.
func (t *transform) once(ctx context.Context, b *duckdb.Batch, rows []delivery.TransformRow) error {
	chunks, err := t.chunks(rows)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].Result, rows[i].Filtered, rows[i].Failed = nil, true, ""
	}
	return b.Run(ctx, chunks, func(cells []any) error {
		last := len(cells) - 1
		at, ok := cells[last].(int64)
		if !ok || at < 0 || at >= int64(len(rows)) || !rows[at].Filtered {
			return errors.New("the query gives a row that no event has")
		}
		row := &rows[at]
		row.Filtered = false
		row.Result = make([]record.Value, len(t.types))
		for i, v := range cells[:last] {
			place := t.places[i]
			if row.Result[place], err = valueOf(&t.types[place], v); err != nil {
				row.Result, row.Failed = nil, err.Error()
				return nil
			}
		}
		return nil
	})
}

// chunks are the rows by column.
func (t *transform) chunks(rows []delivery.TransformRow) ([]duckdb.Chunk, error) {
	var out []duckdb.Chunk
	for from := 0; from < len(rows); from += formats.BatchRows {
		part := rows[from:min(from+formats.BatchRows, len(rows))]
		c := duckdb.Chunk{Rows: len(part), Vectors: make([]*formats.Vector, len(t.columns))}
		for i, column := range t.columns {
			c.Vectors[i] = formats.NewVector(column.Type)
		}
		for n := range part {
			if err := t.append(c.Vectors, &part[n], from+n); err != nil {
				return nil, err
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// append adds a row to vectors; columns that the query does not read stay NULL.
func (t *transform) append(to []*formats.Vector, r *delivery.TransformRow, place int) error {
	hidden := [...]record.Value{
		{Valid: true, Text: r.MessageID}, {Valid: true, Int: r.ReceivedAt.UnixMilli()}, {Valid: true, Text: r.Body}, {Valid: true, Int: int64(place)},
	}
	for i := range to {
		v := &record.Value{}
		switch n := i - len(r.Values); {
		case !t.needed[i]:
		case n < 0:
			v = &r.Values[i]
		default:
			v = &hidden[n]
		}
		if err := record.Append(to[i], v); err != nil {
			return err
		}
	}
	return nil
}
