package delivery

import (
	"bytes"
	"context"
	"fmt"

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
	files := make([]catalog.DataFile, len(b.Plan.Objects))
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
	kept := files[:0]
	for _, f := range files {
		if f.Rows > 0 {
			kept = append(kept, f)
		}
	}
	return kept, nil
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
	w, err := write.New(l.Format, l.written)
	if err != nil {
		return nil, err
	}
	return &objectWriter{d: d, l: l, shaper: l.newShaper(), writer: w}, nil
}

// write parses the object's events again: a row is cheaper to make twice than
// to keep.
func (w *objectWriter) write(ctx context.Context, b *batch, o *object) (catalog.DataFile, error) {
	f := catalog.DataFile{Partition: o.Values, Bucket: w.l.bucket, Key: o.Key, Rows: int64(len(o.rows))}
	if err := w.d.step("object"); err != nil {
		return f, err
	}
	if len(o.rows) == 0 {
		return f, w.d.m.objects.Delete(ctx, f.Bucket, f.Key)
	}
	w.buf.Reset()
	w.writer.Reset(&w.buf)
	err := w.shaper.each(ctx, b.messages, o.rows, func(i int32, out *outcome) error {
		m := &b.messages[i]
		if out.rejected || out.filtered {
			return fmt.Errorf("message %s was accepted and is now rejected: %s", m.id, out.reason)
		}
		return w.writer.Write(w.shaper.written(m, out))
	})
	if err != nil {
		return f, fmt.Errorf("object s3://%s/%s: %w", f.Bucket, f.Key, err)
	}
	if err := w.writer.Close(); err != nil {
		return f, fmt.Errorf("object s3://%s/%s: %w", f.Bucket, f.Key, err)
	}
	f.Size = int64(w.buf.Len())
	_, err = w.d.m.objects.Put(ctx, f.Bucket, f.Key, bytes.NewReader(w.buf.Bytes()), f.Size, objects.PutOptions{ContentType: w.l.kind.ContentType})
	return f, err
}
