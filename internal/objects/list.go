package objects

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// List returns objects in key order; see Store. It reads only the folders that
// can hold keys with the prefix and after startAfter.
func (l *Local) List(ctx context.Context, bucket, prefix, startAfter string, max int) ([]Info, bool, error) {
	dir, err := l.backend.existing(bucket)
	if err != nil {
		return nil, false, storeError("list", bucket, prefix, err)
	}
	w := walker{ctx: ctx, root: dir, prefix: prefix, after: startAfter, max: max}
	if err := w.folder(prefix[:strings.LastIndexByte(prefix, '/')+1]); err != nil && !errors.Is(err, errListFull) {
		return nil, false, storeError("list", bucket, prefix, err)
	}
	infos := make([]Info, 0, len(w.found))
	for _, e := range w.found {
		etag, err := l.backend.attribute(nil, dir, e.key, attrETag)
		if err != nil {
			if isMissing(err) {
				continue // deleted since
			}
			return nil, false, storeError("list", bucket, e.key, err)
		}
		infos = append(infos, Info{Bucket: bucket, Key: e.key, Size: e.info.Size(), ETag: etag, LastModified: e.info.ModTime()})
	}
	return infos, w.more, nil
}

var errListFull = errors.New("list is full")

type listed struct {
	key  string
	info fs.FileInfo
}

type walker struct {
	ctx           context.Context
	root          string
	prefix, after string
	max           int
	found         []listed
	more          bool
}

// folder walks the folder of the key prefix at ("" or ending with a slash).
// A missing folder has no objects.
func (w *walker) folder(at string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if at != "" && checkKey(at) != nil {
		return nil
	}
	d, err := os.Open(filepath.Join(w.root, at))
	if err != nil {
		if isMissing(err) {
			return nil
		}
		return err
	}
	entries, err := d.ReadDir(-1)
	_ = d.Close()
	if err != nil && !isMissing(err) {
		return err
	}
	keys := make([]string, 0, len(entries))
	byKey := make(map[string]fs.DirEntry, len(entries))
	for _, e := range entries {
		if name := e.Name(); w.wanted(at+name, e.IsDir()) && !(name == tempDir || isTempName(name)) {
			key := at + name
			if e.IsDir() {
				key += "/"
			}
			keys = append(keys, key)
			byKey[key] = e
		}
	}
	slices.Sort(keys) // a folder sorts with its slash, as its objects' keys do
	for _, key := range keys {
		if err := w.entry(key, byKey[key]); err != nil {
			return err
		}
	}
	return nil
}

// wanted tells whether the entry can be, or hold, a key of the list.
func (w *walker) wanted(key string, dir bool) bool {
	if !dir {
		return strings.HasPrefix(key, w.prefix) && key > w.after
	}
	key += "/"
	if !strings.HasPrefix(key, w.prefix) && !strings.HasPrefix(w.prefix, key) {
		return false
	}
	return key > w.after || strings.HasPrefix(w.after, key)
}

func (w *walker) entry(key string, e fs.DirEntry) error {
	if e.IsDir() {
		return w.folder(key)
	}
	if !e.Type().IsRegular() {
		return nil
	}
	if len(w.found) >= w.max {
		w.more = true
		return errListFull
	}
	info, err := e.Info()
	if err != nil {
		if isMissing(err) {
			return nil // deleted since
		}
		return err
	}
	w.found = append(w.found, listed{key, info})
	return nil
}
