package objects

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// sparsePrefix begins the name of a file of the object's size with holes;
	// the file of that name and partsSuffix says which parts are there.
	sparsePrefix = "sparse-"
	partsSuffix  = ".parts"
	// sparseGap is how many bytes between two ranges are read with them: another
	// request costs more.
	sparseGap = 256 << 10
	// rangesAtOnce is how many ranges of an object are on their way together.
	rangesAtOnce = 4
)

// parts are what is there of an object.
type parts struct {
	// turn is held by the one who gets more of it.
	turn chan struct{}
	// there is written by the holder of turn under the cache's lock.
	there ranges
}

func newParts(there ranges) *parts {
	p := &parts{turn: make(chan struct{}, 1), there: there}
	p.turn <- struct{}{}
	return p
}

// FetchRanges returns a file of the object's size in which at least the given
// ranges are the object's bytes, reading those first that are not there; what
// lies between is not to be read. release tells that the file is not needed any
// more. A range is on disk before the cache remembers it beyond this process.
func (c *Cache) FetchRanges(ctx context.Context, info Info, want []Range) (path string, release func(), err error) {
	if whole := cacheName(info); c.use(whole) {
		return filepath.Join(c.dir, whole), func() { c.done(whole) }, nil
	}
	within := make([]Range, len(want))
	for i, r := range want {
		within[i] = Range{max(r.Begin, 0), min(r.End, info.Size)}
	}
	name := sparsePrefix + cacheName(info)
	p, err := c.useSparse(name, info.Size)
	if err != nil {
		return "", nil, fmt.Errorf("read s3://%s/%s: %w", info.Bucket, info.Key, err)
	}
	if err := c.complete(ctx, name, p, info, joined(within, 0)); err != nil {
		c.done(name)
		return "", nil, fmt.Errorf("read s3://%s/%s: %w", info.Bucket, info.Key, err)
	}
	return filepath.Join(c.dir, name), func() { c.done(name) }, nil
}

// useSparse finds or makes the file of an object, for its user.
func (c *Cache) useSparse(name string, size int64) (*parts, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.files[name]
	if f == nil {
		if err := makeSparse(filepath.Join(c.dir, name), size); err != nil {
			return nil, err
		}
		f = &cached{parts: newParts(nil)}
		c.files[name] = f
	}
	f.inUse++
	f.used = time.Now()
	return f.parts, nil
}

func makeSparse(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Close())
}

// complete reads what is missing of the ranges.
func (c *Cache) complete(ctx context.Context, name string, p *parts, info Info, want ranges) error {
	select {
	case <-p.turn:
		defer func() { p.turn <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	missing := joined(want.without(p.there), sparseGap)
	if len(missing) == 0 {
		return nil
	}
	if err := c.readRanges(ctx, filepath.Join(c.dir, name), info, missing); err != nil {
		return err
	}
	there := joined(append(missing, p.there...), 0)
	if err := writeParts(filepath.Join(c.dir, name+partsSuffix), info.Size, there); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.files[name]
	c.bytes += there.bytes() - f.size
	f.size, p.there = there.bytes(), there
	return nil
}

// readRanges reads ranges of an object into its file, and syncs that.
func (c *Cache) readRanges(ctx context.Context, path string, info Info, missing ranges) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(rangesAtOnce)
	for _, r := range missing {
		group.Go(func() error { return c.readRange(ctx, f, info, r) })
	}
	err = group.Wait()
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func (c *Cache) readRange(ctx context.Context, f *os.File, info Info, r Range) (err error) {
	body, got, err := c.store.Get(ctx, info.Bucket, info.Key, r.Begin, r.len())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	if info.ETag != "" && got.ETag != info.ETag || got.Size != info.Size {
		return errors.New("the object was replaced while it was read")
	}
	n, err := io.Copy(io.NewOffsetWriter(f, r.Begin), io.LimitReader(body, r.len()))
	if err == nil && n != r.len() {
		err = fmt.Errorf("%d bytes came of %d", n, r.len())
	}
	return err
}

// partsRecord is the file that says which parts are there.
type partsRecord struct {
	Size  int64
	There ranges
}

// writeParts replaces the record. Whichever of the two a crash leaves, what it
// names is there.
func writeParts(path string, size int64, there ranges) error {
	text, err := json.Marshal(partsRecord{size, there})
	if err != nil {
		return err
	}
	part := filepath.Join(filepath.Dir(path), partPrefix+filepath.Base(path))
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// openSparse takes over what an earlier run left of an object; a file without a
// sound record goes.
func (c *Cache) openSparse(name string) {
	if strings.HasSuffix(name, partsSuffix) {
		if _, err := os.Stat(filepath.Join(c.dir, strings.TrimSuffix(name, partsSuffix))); err != nil {
			_ = os.Remove(filepath.Join(c.dir, name))
		}
		return
	}
	path := filepath.Join(c.dir, name)
	var r partsRecord
	text, err := os.ReadFile(path + partsSuffix)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	info, statErr := os.Stat(path)
	if err != nil || statErr != nil || info.Size() != r.Size {
		_ = os.Remove(path + partsSuffix)
		_ = os.Remove(path)
		return
	}
	c.files[name] = &cached{size: r.There.bytes(), used: info.ModTime(), parts: newParts(r.There)}
	c.bytes += r.There.bytes()
}
