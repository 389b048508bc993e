package objects

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Cache keeps objects of stores without local files in a folder, whole or in
// part, so that an engine can read them in place. A file stays while someone
// uses it; beyond the limit those used longest ago go. Nothing in it is needed:
// the folder may be emptied while scops is stopped.
type Cache struct {
	store Store
	dir   string
	limit int64 // bytes

	fetching singleflight.Group

	mu    sync.Mutex
	files map[string]*cached // by name in dir
	bytes int64
}

type cached struct {
	size  int64 // bytes that are there
	used  time.Time
	inUse int
	parts *parts // of an object of which parts are there; nil for a whole one
}

const partPrefix = "part-"

// OpenCache opens the folder, with what an earlier run left in it, as a cache
// of at most limit bytes.
func OpenCache(dir string, store Store, limit int64) (*Cache, error) {
	c := &Cache{store: store, dir: dir, limit: limit, files: map[string]*cached{}}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("object cache: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("object cache: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), sparsePrefix) {
			c.openSparse(e.Name())
			continue
		}
		info, err := e.Info()
		if err != nil || strings.HasPrefix(e.Name(), partPrefix) || !info.Mode().IsRegular() {
			_ = os.Remove(filepath.Join(dir, e.Name())) // left by a crash
			continue
		}
		c.files[e.Name()] = &cached{size: info.Size(), used: info.ModTime()}
		c.bytes += info.Size()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.evict()
	return c, nil
}

// Fetch returns the file that holds the object as it is described by info (a
// key with its size and, where known, its ETag), reading it first where it is
// not there. release tells that the file is not needed any more.
func (c *Cache) Fetch(ctx context.Context, info Info) (path string, release func(), err error) {
	name := cacheName(info)
	for range 2 { // it may be evicted between the fetch and the use
		if c.use(name) {
			return filepath.Join(c.dir, name), func() { c.done(name) }, nil
		}
		done := c.fetching.DoChan(name, func() (any, error) {
			// Not the caller's context: others wait for the same object.
			return nil, c.fetch(context.WithoutCancel(ctx), name, info)
		})
		select {
		case r := <-done:
			if r.Err != nil {
				return "", nil, r.Err
			}
		case <-ctx.Done():
			return "", nil, ctx.Err()
		}
	}
	return "", nil, fmt.Errorf("s3://%s/%s: the object cache is too small", info.Bucket, info.Key)
}

// cacheName names a version of an object.
func cacheName(info Info) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s/%s\x00%d\x00%s", info.Bucket, info.Key, info.Size, info.ETag)))
	return hex.EncodeToString(sum[:20]) + ending.FindString(info.Key)
}

// ending is the part of a key that tells a reader how the object is compressed.
var ending = regexp.MustCompile(`\.[A-Za-z0-9]{1,16}$`)

func (c *Cache) use(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := c.files[name]
	if ok {
		f.inUse++
		f.used = time.Now()
	}
	return ok
}

func (c *Cache) done(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.files[name].inUse--
	c.evict()
}

func (c *Cache) fetch(ctx context.Context, name string, info Info) error {
	part := filepath.Join(c.dir, partPrefix+name)
	err := c.download(ctx, part, info)
	if err == nil {
		err = os.Rename(part, filepath.Join(c.dir, name))
	}
	if err != nil {
		_ = os.Remove(part) // the error below says enough
		return fmt.Errorf("read s3://%s/%s: %w", info.Bucket, info.Key, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.files[name] = &cached{size: info.Size, used: time.Now()}
	c.bytes += info.Size
	return nil
}

func (c *Cache) download(ctx context.Context, path string, info Info) (err error) {
	body, got, err := c.store.Get(ctx, info.Bucket, info.Key, 0, -1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	if info.ETag != "" && got.ETag != info.ETag {
		return errors.New("the object was replaced while it was read")
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, body)
	if err == nil && n != info.Size {
		err = fmt.Errorf("%d bytes came, where the object has %d", n, info.Size)
	}
	if err == nil {
		err = f.Sync() // before its name says that it is whole
	}
	return errors.Join(err, f.Close())
}

// evict removes unused files until the cache is within its limit; the caller
// holds mu.
func (c *Cache) evict() {
	if c.bytes <= c.limit {
		return
	}
	var names []string
	for name, f := range c.files {
		if f.inUse == 0 {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return c.files[a].used.Compare(c.files[b].used) })
	for _, name := range names {
		if c.bytes <= c.limit {
			return
		}
		if err := c.remove(name); err != nil {
			continue // it stays counted
		}
		c.bytes -= c.files[name].size
		delete(c.files, name)
	}
}

// remove deletes a file; the record of its parts goes first, since it must not
// outlive them.
func (c *Cache) remove(name string) error {
	if c.files[name].parts != nil {
		if err := os.Remove(filepath.Join(c.dir, name+partsSuffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Remove(filepath.Join(c.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
