package compaction

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats/merge"
	"github.com/scopsdb/scops/internal/objects"
)

const tempPattern = "compaction-*"

// write writes the outputs of a merge under their hidden names and returns them
// as the catalog takes them.
func (c *Compactor) write(ctx context.Context, m *job, f *found) (files []catalog.DataFile, err error) {
	release, err := c.borrow(ctx, memoryOf(f.files))
	if err != nil {
		return nil, err
	}
	defer release()
	work := c.pace.begin(ctx, f.small >= urgent)
	var inputs []merge.Input
	defer func() {
		for _, in := range inputs {
			_ = in.Reader.(io.Closer).Close() // they were only read
		}
	}()
	for _, file := range f.files {
		r, err := c.open(ctx, file)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, merge.Input{Name: file.Name().String(), Reader: paced{r, work}, Size: file.Size, Rows: file.Rows})
	}
	merger, err := merge.Open(m.format, inputs, merge.Options{SortBy: c.table(m.Delivery).SortBy, Step: work.step})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, merger.Close()) }()
	left := m.Rows
	for i := range m.Names {
		rows := left / int64(len(m.Names)-i)
		left -= rows
		file, err := c.writeOne(ctx, m, i, rows, m.kind.ContentType, merger, work)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
		if err := c.step("output"); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// writeOne writes an output beside the store first: its size is not known before
// its end.
func (c *Compactor) writeOne(ctx context.Context, m *job, i int, rows int64, contentType string, merger merge.Merger, work *work) (f catalog.DataFile, err error) {
	temp, err := c.tempFile()
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, temp.Close()) }()
	buffered := bufio.NewWriterSize(paced{temp, work}, 256<<10)
	if err := merger.Write(buffered, rows); err != nil {
		return f, err
	}
	if err := buffered.Flush(); err != nil {
		return f, err
	}
	size, err := temp.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = temp.Seek(0, io.SeekStart)
	}
	if err != nil {
		return f, err
	}
	f = catalog.DataFile{Bucket: m.Bucket, Key: m.hidden(i), Size: size, Rows: rows, Level: m.Level, CommittedAt: m.Newest}
	_, err = c.objects.Put(ctx, f.Bucket, f.Key, temp, size, objects.PutOptions{ContentType: contentType})
	return f, err
}

const (
	// mostMemory is what a merge of large values takes: a row group that is being
	// written, its pages once more compressed, and the pages being read.
	mostMemory = 128 << 20 // bytes
	// unpacked is how much larger values are than the files that they lie in, at
	// most as a rule.
	unpacked = 16
)

// memoryOf is what a merge of the files takes at most.
func memoryOf(files []catalog.DataFile) int64 {
	var size int64
	for _, f := range files {
		size += f.Size
	}
	return min(unpacked*size, mostMemory)
}

// unbounded is the memory of a compactor that was given none to share.
func unbounded(context.Context, int64) (func(), error) { return func() {}, nil }

// tempFile makes a file without a name: it goes with the process.
func (c *Compactor) tempFile() (*os.File, error) {
	f, err := os.CreateTemp(c.tempDir, tempPattern)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// open opens an object in place, or fetches it where it is elsewhere.
func (c *Compactor) open(ctx context.Context, f catalog.DataFile) (*os.File, error) {
	if path, ok := c.objects.LocalPath(f.Bucket, f.Key); ok {
		return os.Open(path)
	}
	body, _, err := c.objects.Get(ctx, f.Bucket, f.Key, 0, -1)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	temp, err := c.tempFile()
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(temp, body)
	if err == nil && n != f.Size {
		err = fmt.Errorf("read %s: %d bytes came, where the file has %d", f.Name(), n, f.Size)
	}
	if err != nil {
		return nil, errors.Join(err, temp.Close())
	}
	return temp, nil
}

// paced reads and writes a file no faster than the merge may.
type paced struct {
	*os.File
	work *work
}

// ReadAt implements io.ReaderAt.
func (p paced) ReadAt(b []byte, off int64) (int, error) {
	if err := p.work.bytes(int64(len(b))); err != nil {
		return 0, err
	}
	return p.File.ReadAt(b, off)
}

// Write implements io.Writer.
func (p paced) Write(b []byte) (int, error) {
	if err := p.work.bytes(int64(len(b))); err != nil {
		return 0, err
	}
	return p.File.Write(b)
}
