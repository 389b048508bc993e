package avro

import (
	"bytes"
	"errors"
	"io"

	"github.com/scopsdb/scops/internal/formats"
)

// Reader reads the blocks of a file that begin in a range of its bytes. It is
// not safe for concurrent use.
type Reader struct {
	header *header
	record *recordReader
	in     *counted
	end    int64 // a block that begins at or after it is not read
	last   bool  // the range ends with the file
	block  input
	rows   int64 // left in the block
	raw    []byte
	plain  []byte
}

// Open begins to read the blocks of a file whose sync marker begins in [from,
// to). The ranges of a file that border on each other give each block once. to
// below 0 means the end of the file. declared is the table's schema; nil where
// the table has columns alone. Errors about the content are *CorruptError.
func Open(r io.ReaderAt, size, from, to int64, columns []formats.Column, declared *Schema) (*Reader, error) {
	h, err := readHeader(newCounted(io.NewSectionReader(r, 0, size), 0))
	if err != nil {
		return nil, err
	}
	out := &Reader{header: h, end: to, last: to < 0 || to >= size}
	var read *node
	if declared != nil {
		read = declared.root
	}
	if out.record, err = (compiler{h}).record(h.schema.root, read, columns); err != nil {
		return nil, err
	}
	at := h.size
	if from > 0 {
		if at, err = h.nextBlock(r, size, from); err != nil {
			return nil, err
		}
	}
	out.in = newCounted(io.NewSectionReader(r, at, size-at), at)
	return out, nil
}

// nextBlock finds the first block behind a sync marker that begins at from or
// later; the end of the file where there is none.
func (h *header) nextBlock(r io.ReaderAt, size, from int64) (int64, error) {
	from = max(from, h.size-syncSize)
	buf := make([]byte, 256<<10)
	for from+syncSize <= size {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-from)], from)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		if i := bytes.Index(buf[:n], h.sync[:]); i >= 0 {
			return from + int64(i) + syncSize, nil
		}
		if n < syncSize {
			break
		}
		from += int64(n - syncSize + 1)
	}
	return size, nil
}

// Read implements formats.FileReader.
func (r *Reader) Read(to []*formats.Vector, most int) (int, error) {
	for r.rows == 0 {
		more, err := r.nextRows()
		if err != nil || !more {
			return 0, err
		}
	}
	n := int(min(int64(most), r.rows))
	for range n {
		if err := r.record.decode(&r.block, to); err != nil {
			return 0, err
		}
	}
	if r.rows -= int64(n); r.rows == 0 && len(r.block.b) > 0 {
		return 0, corrupt("A block has %d bytes behind its last record", len(r.block.b))
	}
	return n, nil
}

// nextRows reads a block, and says whether there was one.
func (r *Reader) nextRows() (bool, error) {
	if !r.last && r.in.at-syncSize >= r.end { // the marker before the block is the next range's
		return false, nil
	}
	if _, err := r.in.Peek(1); errors.Is(err, io.EOF) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	rows, err := r.in.long()
	if err != nil {
		return false, err
	}
	size, err := r.in.long()
	if err != nil {
		return false, err
	}
	if rows < 0 || size < 0 || size > maxBlock {
		return false, corrupt("Not an Avro data file: a block of %d records in %d bytes", rows, size)
	}
	if r.raw, err = r.in.take(size, r.raw); err != nil {
		return false, err
	}
	var sync [syncSize]byte
	if err := r.in.full(sync[:]); err != nil {
		return false, err
	}
	if sync != r.header.sync {
		return false, corrupt("Invalid sync!")
	}
	plain, err := codecs[r.header.codec](r.raw, r.plain)
	if err != nil {
		return false, corrupt("Broken block: %v", err)
	}
	if r.header.codec != "" && r.header.codec != "null" {
		r.plain = plain
	}
	r.block, r.rows = input{plain}, rows
	return true, nil
}
