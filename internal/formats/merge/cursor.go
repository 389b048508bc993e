package merge

import (
	"errors"
	"fmt"
	"io"
	"sort"

	"github.com/parquet-go/parquet-go"
)

const valuesAtOnce = 1024

// from says how a column is read of one input: its own column, or where the
// input lacks it, the levels of a column beside it, with NULL for values.
type from struct {
	index      int // leaf column of the input
	missing    bool
	repetition int // of the group that the input has
	definition int
}

// sourceOf finds what to read of an input for a leaf.
func (c *column) sourceOf(input int) from {
	if s := c.sources[input]; s != nil {
		return from{index: s.Index()}
	}
	above := c.parent
	for above.sources[input] == nil {
		above = above.parent
	}
	s := above.sources[input]
	return from{
		index: shallowest(s).Index(), missing: true,
		repetition: s.MaxRepetitionLevel(), definition: s.MaxDefinitionLevel(),
	}
}

// shallowest returns the leaf below a column that repeats least.
func shallowest(c *parquet.Column) *parquet.Column {
	if c.Leaf() {
		return c
	}
	var best *parquet.Column
	for _, p := range c.Columns() {
		if l := shallowest(p); best == nil || l.MaxRepetitionLevel() < best.MaxRepetitionLevel() {
			best = l
		}
	}
	return best
}

// cursor reads a leaf column of all inputs, one after the other.
type cursor struct {
	m      *parquetMerger
	column *column

	input, group int // that are read
	from         from
	pages        parquet.Pages
	page         parquet.Page
	values       parquet.ValueReader
	buf          []parquet.Value // read and not given out: buf[at:has]
	at, has      int
	done         []func() // lets go of memory that given values may be in
}

// cursorAt starts at a row, counted over all inputs.
func (m *parquetMerger) cursorAt(c *column, row int64) (*cursor, error) {
	k := &cursor{m: m, column: c, buf: make([]parquet.Value, valuesAtOnce)}
	k.input = sort.Search(len(m.files), func(i int) bool { return m.starts[i+1] > row })
	if k.input == len(m.files) {
		return k, nil
	}
	row -= m.starts[k.input]
	groups := m.files[k.input].RowGroups()
	for row >= groups[k.group].NumRows() {
		row -= groups[k.group].NumRows()
		k.group++
	}
	return k, k.open(row)
}

// open opens the row group at a row of it.
func (k *cursor) open(row int64) error {
	k.from = k.column.sourceOf(k.input)
	k.pages = k.m.files[k.input].RowGroups()[k.group].ColumnChunks()[k.from.index].Pages()
	if row == 0 {
		return nil
	}
	return k.failed(k.pages.SeekToRow(row))
}

func (k *cursor) failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read %s: column %s: %w", k.m.inputs[k.input].Name, k.column.path(), err)
}

// read appends the values of the next rows to out. What it gave before is
// invalid then.
func (k *cursor) read(out []parquet.Value, rows int64) ([]parquet.Value, error) {
	for _, release := range k.done {
		release()
	}
	k.done = k.done[:0]
	for begun := int64(0); ; {
		if k.at == k.has {
			err := k.fill()
			if errors.Is(err, io.EOF) && begun == rows {
				return out, nil
			}
			if err != nil {
				return out, k.failed(err)
			}
			continue
		}
		v := k.buf[k.at]
		if v.RepetitionLevel() == 0 {
			if begun == rows {
				return out, nil
			}
			begun++
		}
		k.at++
		if k.from.missing {
			if v.RepetitionLevel() > k.from.repetition {
				continue
			}
			out = append(out, parquet.Value{}.Level(v.RepetitionLevel(), min(v.DefinitionLevel(), k.from.definition), k.column.leaf))
			continue
		}
		out = append(out, k.column.convert(v).Level(v.RepetitionLevel(), v.DefinitionLevel(), k.column.leaf))
	}
}

// fill reads values of the next page that has some; io.EOF after the last.
func (k *cursor) fill() error {
	for {
		if k.values != nil {
			n, err := k.values.ReadValues(k.buf)
			k.at, k.has = 0, n
			if err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			if err != nil {
				k.values = nil
			}
			if n > 0 {
				return nil
			}
			continue
		}
		if err := k.nextPage(); err != nil {
			return err
		}
	}
}

func (k *cursor) nextPage() error {
	for {
		if k.pages == nil {
			return io.EOF
		}
		if last := k.page; last != nil {
			k.page = nil
			k.done = append(k.done, func() { parquet.Release(last) })
		}
		page, err := k.pages.ReadPage()
		if err == nil {
			k.page, k.values = page, page.Values()
			return nil
		}
		if !errors.Is(err, io.EOF) {
			return err
		}
		if err := k.nextGroup(); err != nil {
			return err
		}
	}
}

func (k *cursor) nextGroup() error {
	pages := k.pages
	k.pages = nil
	k.done = append(k.done, func() { _ = pages.Close() }) // it was only read
	k.group++
	for k.input < len(k.m.files) && k.group == len(k.m.files[k.input].RowGroups()) {
		k.input, k.group = k.input+1, 0
	}
	if k.input == len(k.m.files) {
		k.input-- // for messages
		return nil
	}
	return k.open(0)
}

func (k *cursor) close() {
	for _, release := range k.done {
		release()
	}
	if k.page != nil {
		parquet.Release(k.page)
	}
	if k.pages != nil {
		_ = k.pages.Close()
	}
}
