package merge

import (
	"cmp"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// runRows is how many rows are sorted at once.
const runRows = 1 << 20

// order returns the rows from at on in sorted order, each by its number from at
// on. It is nil where they are in order already, or nothing is to be sorted.
func (m *parquetMerger) order(at, rows int64) ([]int32, error) {
	if len(m.keys) == 0 {
		return nil, nil
	}
	keys := make([][]parquet.Value, len(m.keys))
	for i, c := range m.keys {
		var err error
		if keys[i], err = m.column(c, at, rows); err != nil {
			return nil, err
		}
	}
	compare := func(a, b int32) int {
		for i, c := range m.keys {
			if d := compareKeys(c, keys[i][a], keys[i][b]); d != 0 {
				return d
			}
		}
		return cmp.Compare(a, b)
	}
	order := make([]int32, rows)
	for i := range order {
		order[i] = int32(i)
	}
	if slices.IsSortedFunc(order, compare) && rows <= m.group {
		return nil, nil
	}
	slices.SortFunc(order, compare)
	return order, nil
}

func compareKeys(c *column, a, b parquet.Value) int {
	switch {
	case a.IsNull() && b.IsNull():
		return 0
	case a.IsNull():
		return 1
	case b.IsNull():
		return -1
	}
	return c.typ.Compare(a, b)
}

// column reads a column that does not repeat into memory of its own.
func (m *parquetMerger) column(c *column, at, rows int64) ([]parquet.Value, error) {
	k, err := m.cursorAt(c, at)
	if err != nil {
		return nil, err
	}
	defer k.close()
	out := make([]parquet.Value, 0, rows)
	var values []parquet.Value
	var texts arena
	for left := rows; left > 0; left -= min(left, m.batch) {
		if values, err = k.read(values[:0], min(left, m.batch)); err != nil {
			return nil, err
		}
		for _, v := range values {
			out = append(out, texts.own(v))
		}
		if err := m.options.step(int64(len(values))); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// arena keeps texts whose page is let go of.
type arena struct{ free []byte }

const arenaBlock = 256 << 10 // bytes

func (a *arena) own(v parquet.Value) parquet.Value {
	kind := v.Kind()
	if v.IsNull() || kind != parquet.ByteArray && kind != parquet.FixedLenByteArray {
		return v
	}
	text := v.ByteArray()
	if len(text) > len(a.free) {
		a.free = make([]byte, max(arenaBlock, len(text)))
	}
	b := a.free[:len(text):len(text)]
	a.free = a.free[copy(b, text):]
	w := parquet.ByteArrayValue(b)
	if kind == parquet.FixedLenByteArray {
		w = parquet.FixedLenByteArrayValue(b)
	}
	return w.Level(v.RepetitionLevel(), v.DefinitionLevel(), v.Column())
}

// writeSorted writes the rows of a run in their order, in row groups. A column is
// read once for each row group, which keeps the values of one column and one row
// group in memory.
func (m *parquetMerger) writeSorted(out *parquet.Writer, order []int32) error { //nolint:staticcheck // as in package write
	m.closeCursors() // where they are is not where the next rows begin
	place := make([]int32, len(order))
	for to, row := range order {
		place[row] = int32(to)
	}
	for first := 0; first < len(order); first += int(m.group) {
		last := min(first+int(m.group), len(order))
		for i, c := range out.ColumnWriters() {
			p := picked{first: first, spans: make([]span, last-first)}
			if err := p.read(m, m.leaves[i], place); err != nil {
				return err
			}
			if err := p.write(m, c); err != nil {
				return err
			}
		}
		if err := m.flush(out); err != nil {
			return err
		}
	}
	return nil
}

// picked are the values of a column for a row group, in the order of reading.
type picked struct {
	first  int    // the row group's first row in the order
	spans  []span // by row of the row group
	values []parquet.Value
	texts  arena
}

type span struct{ from, to int }

// read picks the row group's rows out of a run. place says where each row goes.
func (p *picked) read(m *parquetMerger, c *column, place []int32) error {
	k, err := m.cursorAt(c, m.at)
	if err != nil {
		return err
	}
	defer k.close()
	var values []parquet.Value
	row := -1
	for left := int64(len(place)); left > 0; left -= min(left, m.batch) {
		if values, err = k.read(values[:0], min(left, m.batch)); err != nil {
			return err
		}
		for i := range values {
			if values[i].RepetitionLevel() == 0 {
				row++
			}
			to := int(place[row]) - p.first
			if to < 0 || to >= len(p.spans) {
				continue
			}
			if values[i].RepetitionLevel() == 0 {
				p.spans[to].from = len(p.values)
			}
			p.values = append(p.values, p.texts.own(values[i]))
			p.spans[to].to = len(p.values)
		}
		if err := m.options.step(int64(len(values))); err != nil {
			return err
		}
	}
	return nil
}

func (p *picked) write(m *parquetMerger, c *parquet.ColumnWriter) error {
	w := pageWriter{column: c}
	var values []parquet.Value
	for i, s := range p.spans {
		values = append(values, p.values[s.from:s.to]...)
		if len(values) < valuesAtOnce && i+1 < len(p.spans) {
			continue
		}
		if err := m.put(&w, values); err != nil {
			return err
		}
		values = values[:0]
	}
	return nil
}
