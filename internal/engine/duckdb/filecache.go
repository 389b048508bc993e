package duckdb

import (
	"os"
	"sync"
	"syscall"
)

// fileVersion names a version of a file. The inode tells apart versions that
// were put within one tick of the file system's clock.
type fileVersion struct {
	path  string
	size  int64
	mtime int64
	inode uint64
}

func versionOf(path string, info os.FileInfo) fileVersion {
	v := fileVersion{path: path, size: info.Size(), mtime: info.ModTime().UnixNano()}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		v.inode = st.Ino
	}
	return v
}

// fileCache keeps what was learned of files, the recently used ones in two
// generations: when the young one is full it becomes the old one.
type fileCache[T any] struct {
	mu         sync.Mutex
	young, old map[fileVersion]*T
	generation int
}

func newFileCache[T any](generation int) *fileCache[T] {
	return &fileCache[T]{young: map[fileVersion]*T{}, generation: generation}
}

// get finds what is known of the file that now lies at a path, or reads it.
func (c *fileCache[T]) get(path string, read func(fileVersion) (*T, error)) (*T, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	key := versionOf(path, info)
	if found := c.find(key); found != nil {
		return found, nil
	}
	made, err := read(key)
	if err != nil {
		return nil, err
	}
	c.keep(key, made)
	return made, nil
}

func (c *fileCache[T]) find(key fileVersion) *T {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.young[key]
	if f == nil {
		if f = c.old[key]; f != nil {
			c.young[key] = f
		}
	}
	return f
}

func (c *fileCache[T]) keep(key fileVersion, f *T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.young) >= c.generation {
		c.young, c.old = map[fileVersion]*T{}, c.young
	}
	c.young[key] = f
}
