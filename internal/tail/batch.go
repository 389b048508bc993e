package tail

import (
	"strings"
	"sync"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
)

// ChunkRows is how many rows a chunk has at most: what an engine takes at once.
const ChunkRows = 2048

// chunkBytes is the size at which a chunk is full with fewer rows: what a vector
// outgrows is garbage.
const chunkBytes = 1 << 20

// Rows are the rows of one batch at a moment, immutable.
type Rows struct {
	Columns  []record.Column // of every chunk
	Segments []Segment
}

// Segment is the rows of a partition.
type Segment struct {
	Values []string // of the partition keys, as text
	Chunks []Chunk
	Rows   int
}

// Chunk is up to ChunkRows rows by column.
type Chunk struct {
	Vectors []*formats.Vector
	Rows    int
}

// Batch is the rows that one batch of a delivery will write. One goroutine may
// append while others take snapshots.
type Batch struct {
	store   *Store
	table   string
	columns []record.Column

	mu         sync.Mutex
	partitions map[string]*Partition
	order      []*Partition
	rows       int
	bytes      int
}

// Partition is the rows of a batch in one partition.
type Partition struct {
	batch  *Batch
	values []string
	full   []Chunk
	open   []*formats.Vector // being filled; nil before the first row
	rows   int               // of open
	bytes  int               // of open
	total  int
}

// Partition returns the one of the values of the partition keys. It keeps
// nothing of values.
func (b *Batch) Partition(values []string) *Partition {
	name := strings.Join(values, "\x00")
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.partitions[name]
	if p == nil {
		p = &Partition{batch: b, values: cloned(values)}
		b.partitions[strings.Clone(name)] = p
		b.order = append(b.order, p)
	}
	return p
}

// Append adds a row, one value for each column. It keeps nothing of row.
func (p *Partition) Append(row []record.Value) error {
	b := p.batch
	b.mu.Lock()
	defer b.mu.Unlock()
	if p.open == nil {
		p.open = make([]*formats.Vector, len(b.columns))
		for i, c := range b.columns {
			p.open[i] = formats.NewVector(c.Type)
		}
	}
	for i, v := range p.open {
		if err := record.Append(v, &row[i]); err != nil {
			for _, v := range p.open {
				v.Truncate(p.rows)
			}
			return err
		}
	}
	p.rows++
	p.total++
	b.rows++
	now := size(p.open)
	b.bytes += now - p.bytes
	p.bytes = now
	if p.rows == ChunkRows || p.bytes >= chunkBytes {
		p.full = append(p.full, Chunk{p.open, p.rows})
		p.open, p.rows, p.bytes = nil, 0, 0
	}
	return nil
}

func cloned(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strings.Clone(v)
	}
	return out
}

func size(vectors []*formats.Vector) int {
	n := 0
	for _, v := range vectors {
		n += v.Size()
	}
	return n
}

func (b *Batch) snapshot() Rows {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := Rows{Columns: b.columns}
	for _, s := range b.order {
		out := Segment{Values: s.values, Chunks: s.full[:len(s.full):len(s.full)], Rows: s.total}
		if s.rows > 0 {
			c := Chunk{Vectors: make([]*formats.Vector, len(s.open)), Rows: s.rows}
			for i, v := range s.open {
				c.Vectors[i] = v.Prefix(s.rows)
			}
			out.Chunks = append(out.Chunks, c)
		}
		if out.Rows > 0 {
			r.Segments = append(r.Segments, out)
		}
	}
	return r
}

// Len is how many rows the batch has.
func (b *Batch) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rows
}

// Size is the bytes of its rows, roughly.
func (b *Batch) Size() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return int64(b.bytes)
}

// Replace shows the rows to queries from now on, and those of old, if it is not
// nil, no more.
func (b *Batch) Replace(old *Batch) { b.store.replace(b, old) }

// Retire takes the rows out of the tail: they are in files that queries see from
// this moment on, or will not be. Again is no error.
func (b *Batch) Retire() { b.store.retire(b) }
