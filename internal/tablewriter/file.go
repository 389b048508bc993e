package tablewriter

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/fault"
	"github.com/scopsdb/scops/internal/formats/record"
	"github.com/scopsdb/scops/internal/formats/write"
	"github.com/scopsdb/scops/internal/objects"
)

// heldMost is what a writer holds of its rows at most: the row group of a
// Parquet file. Writers of rows hold less.
const heldMost = 32 << 20

// file is an object that is being encoded, in a temporary file.
type file struct {
	target *target
	tmp    *os.File
	buffer *bufio.Writer
	size   int64 // bytes encoded
	held   int64 // bytes of rows that the writer may hold in memory
	rows   int64
	writer write.Writer
	object catalog.FileName // its name, once it is ended
}

func (p *Plan) newFile(t *target) (*file, error) {
	w, err := write.NewWith(p.format, p.columns, write.Options{RowGroupBytes: heldMost})
	if err != nil {
		return nil, fail(errNotSupported, "%v", err)
	}
	tmp, err := os.CreateTemp(p.writer.cfg.TempDir, "write-*")
	if err != nil {
		return nil, fmt.Errorf("keep a file on its way to the object store: %w", err)
	}
	f := &file{target: t, tmp: tmp, writer: w}
	f.buffer = bufio.NewWriterSize(&counting{f}, 64<<10)
	w.Reset(f.buffer)
	return f, nil
}

// counting writes to a file's temporary file.
type counting struct{ file *file }

func (c *counting) Write(p []byte) (int, error) {
	n, err := c.file.tmp.Write(p)
	c.file.size += int64(n)
	return n, err
}

func (f *file) write(row []record.Value) error {
	if err := f.writer.Write(row); err != nil {
		return fail(errWriter, "%v", err)
	}
	f.rows++
	for i := range row {
		f.held += int64(size(&row[i]))
	}
	if f.held > heldMost {
		f.held -= heldMost
	}
	return nil
}

// end ends the encoding.
func (f *file) end() error {
	if err := f.writer.Close(); err != nil {
		return fail(errWriter, "%v", err)
	}
	f.writer = nil
	if err := f.buffer.Flush(); err != nil {
		return fmt.Errorf("keep a file on its way to the object store: %w", err)
	}
	f.buffer = nil
	return nil
}

// put stores the object.
func (f *file) put(ctx context.Context, o objects.Store, contentType string) error {
	if _, err := f.tmp.Seek(0, io.SeekStart); err != nil {
		return err
	}
	fault.Point("tablewriter.put")
	_, err := o.Put(ctx, f.object.Bucket, f.object.Key, f.tmp, f.size, objects.PutOptions{ContentType: contentType})
	if err != nil {
		return fmt.Errorf("store %s: %w", f.object, err)
	}
	return nil
}

// discard removes the temporary file.
func (f *file) discard() {
	f.tmp.Close()
	os.Remove(f.tmp.Name())
}
