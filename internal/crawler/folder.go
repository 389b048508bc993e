package crawler

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/objects"
)

// folder is a prefix of keys with the data objects below it.
type folder struct {
	name     string // the last part, without its slash
	prefix   string // with its slash; "" is the bucket
	parent   *folder
	children []*folder // in order of keys
	byName   map[string]*folder

	objects, bytes int64          // of the objects in the folder itself
	kept           []objects.Info // some of those, to read
	shape          *shape         // of the folder's own objects

	unread bool // its shape is assumed, and kept can be read
	known  bool // an earlier run has seen it: it is no table of what is new
	taken  bool // it is a table already
}

// filesKept is how many objects of a folder are kept to be read: the first ones
// and the last one.
const filesKept = 4

func (f *folder) child(name string) *folder {
	if c := f.byName[name]; c != nil {
		return c
	}
	c := &folder{name: name, prefix: f.prefix + name + "/", parent: f}
	if f.byName == nil {
		f.byName = map[string]*folder{}
	}
	f.byName[name] = c
	f.children = append(f.children, c)
	return c
}

func (f *folder) add(o objects.Info, most int) {
	f.objects++
	f.bytes += o.Size
	switch {
	case len(f.kept) < most:
		f.kept = append(f.kept, o)
	case most > 1:
		f.kept[most-1] = o // keys come in order: the last one stays
	}
}

// each calls visit for the folder and all below it, in order of keys.
func (f *folder) each(visit func(*folder)) {
	visit(f)
	for _, c := range f.children {
		c.each(visit)
	}
}

// listing is what a crawl saw of a target.
type listing struct {
	root           *folder
	calls          int64 // of List
	objects, bytes int64 // listed
	found          int64 // of those, data
}

// Target is a place to crawl.
type Target struct {
	Path       string   // s3://bucket/prefix
	Exclusions []string // glob patterns relative to it
	SampleSize int      // objects to read in each folder; 0 is the crawler's choice
}

// parse checks the target and returns its bucket and its prefix with a final
// slash, or "" for the whole bucket.
func (t *Target) parse() (bucket, prefix string, _ exclusions, err error) {
	if bucket, prefix, err = objects.SplitURI(t.Path); err != nil {
		return "", "", nil, err
	}
	if prefix = strings.Trim(prefix, "/"); prefix != "" {
		prefix += "/"
	}
	x, err := newExclusions(t.Exclusions)
	return bucket, prefix, x, err
}

const (
	// listPage is how many objects are asked for at once: the embedded store
	// reads all of a folder for each page, others ask for a thousand at a time.
	listPage = 50_000
	callPage = 1000 // objects and names of folders a call of S3
)

// calls is how many calls of S3 list n objects or names.
func calls(n int) int64 { return 1 + int64(max(n-1, 0)/callPage) }

// list lists all data objects of a target.
func list(ctx context.Context, store objects.Store, t *Target) (*listing, error) {
	bucket, prefix, excluded, err := t.parse()
	if err != nil {
		return nil, err
	}
	l := &listing{root: newRoot(bucket, prefix)}
	w := treeWalk{listing: l, prefix: prefix, excluded: excluded, most: t.keep()}
	err = w.all(ctx, store, bucket, prefix)
	if errors.Is(err, objects.ErrNoSuchBucket) {
		err = fmt.Errorf("the bucket of %s does not exist", t.Path)
	}
	return l, err
}

// keep is how many objects of a folder are kept to be read.
func (t *Target) keep() int {
	if t.SampleSize > 0 {
		return t.SampleSize
	}
	return filesKept
}

func newRoot(bucket, prefix string) *folder {
	name := bucket
	if prefix != "" {
		name = path.Base(prefix)
	}
	return &folder{name: name, prefix: prefix}
}

// treeWalk puts objects into the tree, in order of keys.
type treeWalk struct {
	*listing
	prefix   string
	excluded exclusions
	most     int
}

// all adds the objects below a prefix.
func (w *treeWalk) all(ctx context.Context, store objects.Store, bucket, prefix string) error {
	after := ""
	for {
		page, more, err := store.List(ctx, bucket, prefix, after, listPage)
		if err != nil {
			return err
		}
		w.calls += calls(len(page))
		for _, o := range page {
			w.add(o)
		}
		if !more || len(page) == 0 {
			return nil
		}
		after = page[len(page)-1].Key
	}
}

func (w *treeWalk) add(o objects.Info) {
	w.objects++
	w.bytes += o.Size
	rest := o.Key[len(w.prefix):]
	parts := strings.Split(rest, "/")
	if o.Size == 0 || slices.ContainsFunc(parts, hidden) || w.excluded.match(rest) {
		return
	}
	w.found++
	f := w.root
	for _, name := range parts[:len(parts)-1] {
		f = f.child(name)
	}
	f.add(o, w.most)
}

// hidden says whether Hive passes over a name.
func hidden(name string) bool {
	return strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".")
}
