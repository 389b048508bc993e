package crawler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
)

// newFolders crawls the folders that no run before has seen. Of known folders
// only the names of the folders in them are listed, where those can have
// changed; leaves, whose objects are those of one partition, are not looked at.
func (r *run) newFolders(ctx context.Context) error {
	remembered := map[string][]knownFolder{}
	for i := range r.crawler.Targets {
		t := &r.crawler.Targets[i]
		bucket, prefix, excluded, err := t.parse()
		if err != nil {
			return err
		}
		known, err := r.known.branches(ctx, r.crawler.Name, bucket)
		if err != nil {
			return err
		}
		if _, ok := known[prefix]; !ok {
			l, err := r.first(ctx, t)
			if err != nil {
				return err
			}
			remembered[bucket] = append(remembered[bucket], knownOf(l.root)...)
			continue
		}
		w := &newWalk{run: r, target: t, bucket: bucket, prefix: prefix, excluded: excluded, known: known}
		folders, err := w.all(ctx)
		if err != nil {
			return err
		}
		remembered[bucket] = append(remembered[bucket], folders...)
	}
	return r.known.know(ctx, r.crawler.Name, remembered, false)
}

// first crawls all of a target.
func (r *run) first(ctx context.Context, t *Target) (*listing, error) {
	l, tables, notes, err := discover(ctx, r.store, t, r.settings.Grouping, r.custom)
	if err != nil {
		return nil, err
	}
	r.Listed.add(l)
	for _, n := range notes {
		r.changes.note("%s", n)
	}
	if err := r.settings.checkThreshold(len(tables)); err != nil {
		return nil, err
	}
	for i := range tables {
		if _, err := r.applier.table(ctx, &tables[i]); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// newWalk looks for new folders below a target.
type newWalk struct {
	*run
	target         *Target
	bucket, prefix string
	excluded       exclusions
	known          map[string]knownFolder // by prefix, without leaves

	mu      sync.Mutex
	fresh   []string               // prefixes of new folders
	visited map[string]knownFolder // with the versions of now
}

// all crawls what is new and returns the folders to remember.
func (w *newWalk) all(ctx context.Context) ([]knownFolder, error) {
	w.visited = map[string]knownFolder{}
	if err := w.visit(ctx); err != nil {
		return nil, err
	}
	slices.Sort(w.fresh)
	l := &listing{root: newRoot(w.bucket, w.prefix)}
	w.markKnown(l.root)
	for _, prefix := range w.fresh {
		before := l.found
		if err := w.list(ctx, l, prefix); err != nil {
			return nil, err
		}
		if l.found == before { // its first object may still come
			parent, _ := splitPrefix(prefix)
			k := w.visited[parent]
			k.version = ""
			w.visited[parent] = k
		}
	}
	w.Listed.add(l)
	if err := w.register(ctx, l.root); err != nil {
		return nil, err
	}
	out := knownOf(l.root)
	for i, k := range out {
		if v, ok := w.visited[k.prefix()]; ok {
			out[i] = v
			delete(w.visited, k.prefix())
		}
	}
	for _, k := range w.visited {
		out = append(out, k)
	}
	return out, nil
}

// visit lists the folders in known ones, level by level, several at once.
func (w *newWalk) visit(ctx context.Context) error {
	children := map[string][]string{} // known folders by their parents
	for prefix, k := range w.known {
		if prefix != w.prefix && strings.HasPrefix(prefix, w.prefix) {
			children[k.parent] = append(children[k.parent], prefix)
		}
	}
	for level := []string{w.prefix}; len(level) > 0; {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(readParallel)
		var next []string
		for _, prefix := range level {
			group.Go(func() error { return w.look(ctx, prefix) })
			next = append(next, children[prefix]...)
		}
		if err := group.Wait(); err != nil {
			return err
		}
		level = next
	}
	return nil
}

// look finds the new folders in a known one.
func (w *newWalk) look(ctx context.Context, prefix string) error {
	k := w.known[prefix]
	// The version first: what comes while the folder is listed makes it older than
	// the folder, which is then listed again.
	version := objects.FolderVersion(w.store, w.bucket, prefix)
	var fresh []string
	var n, listed int64
	if version == "" || version != k.version {
		names, err := foldersIn(ctx, w.store, w.bucket, prefix)
		if errors.Is(err, objects.ErrNoSuchBucket) {
			err = fmt.Errorf("the bucket of %s does not exist", w.target.Path)
		}
		if err != nil {
			return err
		}
		known, err := w.run.known.knownIn(ctx, w.crawler.Name, w.bucket, prefix)
		if err != nil {
			return err
		}
		for _, name := range names {
			if !known[name] && !hidden(name) {
				fresh = append(fresh, prefix+name+"/")
			}
		}
		n, listed = calls(len(names)), int64(len(names))
	}
	k.version = version
	w.mu.Lock()
	defer w.mu.Unlock()
	w.Listed.Calls += n
	w.Listed.Folders += listed
	w.visited[prefix] = k
	w.fresh = append(w.fresh, fresh...)
	return nil
}

// folderPage is how many names are asked for at once: an embedded store reads all
// of a folder for each page, others ask for a thousand at a time anyhow.
const folderPage = 1 << 20

// foldersIn lists the names of the folders directly in a folder, in order.
func foldersIn(ctx context.Context, store objects.Store, bucket, prefix string) (names []string, err error) {
	after := ""
	for {
		page, more, err := store.Folders(ctx, bucket, prefix, after, folderPage)
		if err != nil {
			return nil, err
		}
		for _, p := range page {
			names = append(names, strings.TrimSuffix(p[len(prefix):], "/"))
		}
		if !more || len(page) == 0 {
			return names, nil
		}
		after = page[len(page)-1]
	}
}

// markKnown puts the known folders above new ones into the tree.
func (w *newWalk) markKnown(root *folder) {
	root.known = true
	for _, prefix := range w.fresh {
		parts := strings.Split(strings.TrimSuffix(prefix[len(w.prefix):], "/"), "/")
		f := root
		for _, name := range parts[:len(parts)-1] {
			f = f.child(name)
			f.known = true
		}
	}
}

// list puts all objects of a new folder into the tree.
func (w *newWalk) list(ctx context.Context, l *listing, prefix string) error {
	t := treeWalk{listing: l, prefix: w.prefix, excluded: w.excluded, most: w.target.keep()}
	return t.all(ctx, w.store, w.bucket, prefix)
}

// register adds new partitions to the tables that the new folders belong to, and
// makes tables of the others.
func (w *newWalk) register(ctx context.Context, root *folder) error {
	g := &grouper{bucket: w.bucket, sampler: sampler{store: w.store, custom: w.custom}, grouping: w.settings.Grouping}
	if err := g.readFolders(ctx, root, w.target.SampleSize > 0); err != nil {
		return err
	}
	tables, err := w.catalog().Tables(ctx, w.crawler.Database)
	if err != nil {
		return err
	}
	for _, t := range tables {
		location := catalog.FolderURI(t.Location)
		top := g.uri(root)
		if t.Parameters[paramUpdatedBy] == "" || !strings.HasPrefix(location, top) {
			continue
		}
		if f := at(root, location[len(top):]); f != nil {
			if err := w.extend(ctx, g, t, f); err != nil {
				return err
			}
			f.taken = true
		}
	}
	found, err := g.findRead(ctx, root)
	if err != nil {
		return err
	}
	for _, n := range g.notes {
		w.changes.note("%s", n)
	}
	for i := range found {
		if _, err := w.applier.table(ctx, &found[i]); err != nil {
			return err
		}
	}
	return nil
}

// at finds the folder of a path, which ends with a slash or is empty.
func at(f *folder, path string) *folder {
	for name := range strings.SplitSeq(strings.TrimSuffix(path, "/"), "/") {
		if name == "" || f == nil {
			break
		}
		f = f.byName[name]
	}
	return f
}

// extend registers the new partitions of a table in f, its folder.
func (w *newWalk) extend(ctx context.Context, g *grouper, t *catalog.Table, f *folder) error {
	n := len(t.PartitionKeys)
	if n == 0 {
		return nil // all below it is read already
	}
	keys := t.PartitionKeys
	var ps []catalog.Partition
	var walk func(f *folder, depth int, values []string)
	walk = func(f *folder, depth int, values []string) {
		if depth == n {
			if why := w.unlike(t, f); why != "" {
				g.note("%s is no partition of table %s.%s: %s", g.uri(f), t.Database, t.Name, why)
				return
			}
			ps = append(ps, catalog.Partition{Values: slices.Clone(values), Location: g.uri(f)})
			return
		}
		if f.objects > 0 && !f.known {
			g.note("%s holds objects, where table %s.%s has folders of partitions", g.uri(f), t.Database, t.Name)
		}
		for _, c := range f.children {
			value, ok := levelValue(keys[depth], c.name)
			if !ok {
				g.note("Folder partition keys do not match table partition keys, skipped folder: %s", g.uri(c))
				continue
			}
			walk(c, depth+1, append(values, value))
		}
	}
	walk(f, 0, nil)
	before := w.changes.PartitionsAdded
	if err := w.applier.partitions(ctx, t, ps); err != nil {
		return err
	}
	w.changes.Found = append(w.changes.Found, w.applier.describe(&found{table: *t, partitions: ps}, w.changes.PartitionsAdded-before))
	return nil
}

// unlike says why the objects of a folder cannot be read as the table's.
func (w *newWalk) unlike(t *catalog.Table, f *folder) (why string) {
	f.each(func(x *folder) {
		s := x.shape
		switch {
		case why != "" || x.objects == 0 || s != nil && s.assumed:
		case s == nil:
			why = "its objects are of no known format"
		case s.class != t.Parameters[paramClass]:
			why = fmt.Sprintf("its objects are %s and the table's %s", s.class, t.Parameters[paramClass])
		case s.class == classCSV && string(s.csv.delimiter) != t.Parameters["delimiter"]:
			why = fmt.Sprintf("its fields are delimited by %q and the table's by %q", s.csv.delimiter, t.Parameters["delimiter"])
		}
	})
	return why
}
