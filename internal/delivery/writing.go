package delivery

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/formats/write"
	"github.com/scopsdb/scops/internal/objects"
)

// writersAtOnce lets the syncs of several objects overlap.
const writersAtOnce = 4

// writeObjects writes the data objects of a plan and returns what to commit.
// Objects of a first attempt that have no records any more (their messages were
// deleted by someone else meanwhile) are removed.
func (d *delivery) writeObjects(ctx context.Context, l *layout, b *batch) ([]catalog.DataFile, error) {
	files := make([][]catalog.DataFile, len(b.Plan.Objects))
	work := make(chan int)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(work)
		for i := range b.Plan.Objects {
			select {
			case work <- i:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range min(writersAtOnce, len(files)) {
		g.Go(func() error {
			w, err := d.newObjectWriter(l)
			if err != nil {
				return err
			}
			for i := range work {
				if files[i], err = w.write(ctx, b, &b.Plan.Objects[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(files...), nil
}

// objectWriter writes objects one after the other.
type objectWriter struct {
	d      *delivery
	l      *layout
	shaper *shaper
	writer write.Writer
	buf    bytes.Buffer
}

func (d *delivery) newObjectWriter(l *layout) (*objectWriter, error) {
	w, err := write.NewWith(l.Format, l.written, l.writeOptions())
	if err != nil {
		return nil, err
	}
	return &objectWriter{d: d, l: l, shaper: l.newShaper(), writer: w}, nil
}

// write makes the rows of an object again: a row is cheaper to make twice than
// to keep. It returns the object's files: one, or more where the rows exceed
// the target size.
func (w *objectWriter) write(ctx context.Context, b *batch, o *object) (files []catalog.DataFile, err error) {
	if err := w.d.step("object"); err != nil {
		return nil, err
	}
	w.begin()
	rows := int64(0)
	end := func() error {
		f := catalog.DataFile{Partition: o.Values, Bucket: w.l.bucket, Key: partKey(o.Key, w.l.kind.Ending, len(files)), Rows: rows}
		rows = 0
		files = append(files, f)
		return w.end(ctx, &files[len(files)-1])
	}
	err = w.shaper.some(ctx, b.messages, o.rows, func(i int32, out *outcome) error {
		m := &b.messages[i]
		if out.rejected || out.filtered {
			return fmt.Errorf("message %s was accepted and is now rejected: %s", m.id, out.reason)
		}
		if int64(w.buf.Len()) >= w.l.TargetFileSize {
			if err := end(); err != nil {
				return err
			}
			w.begin()
		}
		rows++
		return w.writer.Write(w.shaper.written(m, out))
	})
	if err == nil && rows > 0 {
		err = end()
	}
	if err == nil && b.repeated {
		err = w.d.m.removeFiles(ctx, w.l, o.Key, len(files)) // of messages that were deleted by someone else meanwhile
	}
	if err != nil {
		return nil, fmt.Errorf("object s3://%s/%s: %w", w.l.bucket, o.Key, err)
	}
	return files, nil
}

func (w *objectWriter) begin() {
	w.buf.Reset()
	w.writer.Reset(&w.buf)
}

// end puts the file under way into the store.
func (w *objectWriter) end(ctx context.Context, f *catalog.DataFile) error {
	if err := w.writer.Close(); err != nil {
		return err
	}
	f.Size = int64(w.buf.Len())
	_, err := w.d.m.objects.Put(ctx, f.Bucket, f.Key, bytes.NewReader(w.buf.Bytes()), f.Size, objects.PutOptions{ContentType: w.l.kind.ContentType})
	return err
}

// partKey is the name of an object's nth file; the first has the object's own.
func partKey(key, ending string, n int) string {
	if n == 0 {
		return key
	}
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(key, ending), n, ending)
}

// removeFiles removes the files of an object from its nth on, which an attempt
// may have written.
func (m *Manager) removeFiles(ctx context.Context, l *layout, key string, n int) error {
	if n == 0 {
		if err := m.objects.Delete(ctx, l.bucket, key); err != nil {
			return fmt.Errorf("remove s3://%s/%s: %w", l.bucket, key, err)
		}
		n++
	}
	for ; ; n++ {
		part := partKey(key, l.kind.Ending, n)
		infos, _, err := m.objects.List(ctx, l.bucket, part, "", 1)
		if err != nil || len(infos) == 0 || infos[0].Key != part {
			return err
		}
		if err := m.objects.Delete(ctx, l.bucket, part); err != nil {
			return fmt.Errorf("remove s3://%s/%s: %w", l.bucket, part, err)
		}
	}
}
