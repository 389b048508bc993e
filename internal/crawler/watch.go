package crawler

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
)

// A table with this parameter and value has the partition of each object that is
// written into its folder registered.
const (
	OnWriteParameter = "scops.crawl"
	OnWrite          = "on-write"
)

const (
	// lookEvery is how often tables are looked at for the parameter.
	lookEvery = 250 * time.Millisecond
	// mostWritten bounds the objects that wait to be looked at. Where there are
	// more, the folders of the tables are looked at instead.
	mostWritten = 1 << 18
)

// watch registers partitions of tables that ask for it. What is registered is
// what the folders hold: the names of written objects only say where to look, so
// that nothing needs to be kept over a crash but the objects themselves.
type watch struct {
	*Manager
	tables atomic.Pointer[[]*watched]

	mu       sync.Mutex
	written  []object
	overflow bool
	wake     chan struct{}
}

type object struct{ bucket, key string }

// watched is a table whose partitions are registered as objects are written.
type watched struct {
	table          *catalog.Table
	bucket, prefix string // of its folder
	caughtUp       bool
}

func newWatch(m *Manager) *watch {
	w := &watch{Manager: m, wake: make(chan struct{}, 1)}
	w.tables.Store(&[]*watched{})
	return w
}

// Written tells that an object was written. It returns at once.
func (m *Manager) Written(bucket, key string) { m.watch.add(bucket, key) }

func (w *watch) add(bucket, key string) {
	if !w.covers(bucket, key) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.written) >= mostWritten {
		w.overflow = true
		return
	}
	w.written = append(w.written, object{bucket, key})
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *watch) covers(bucket, key string) bool {
	for _, t := range *w.tables.Load() {
		if t.bucket == bucket && strings.HasPrefix(key, t.prefix) {
			return true
		}
	}
	return false
}

// follow registers partitions until ctx ends.
func (w *watch) follow(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := w.look(ctx); err != nil && ctx.Err() == nil {
			w.Log.Error("partitions of written objects", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-w.wake:
			if err := w.register(ctx); err != nil && ctx.Err() == nil {
				w.Log.Error("partitions of written objects", "error", err)
			}
		}
	}
}

// look finds the tables that ask to be watched. From the moment in which a table
// is among them its written objects are told; what its folders held before is
// registered then.
func (w *watch) look(ctx context.Context) error {
	marked, err := w.Catalog.TablesMarked(ctx, OnWriteParameter, OnWrite)
	if err != nil {
		return err
	}
	old := *w.tables.Load()
	next := make([]*watched, 0, len(marked))
	for _, t := range marked {
		if !watchable(t) {
			continue
		}
		bucket, prefix, err := objects.SplitURI(catalog.FolderURI(t.Location))
		if err != nil {
			continue // no folder to write into
		}
		entry := &watched{table: t, bucket: bucket, prefix: prefix}
		for _, o := range old {
			entry.caughtUp = entry.caughtUp || o.caughtUp && sameTable(o.table, t)
		}
		next = append(next, entry)
	}
	w.tables.Store(&next)
	w.mu.Lock()
	lost := w.overflow
	w.overflow = false
	w.mu.Unlock()
	for _, t := range next {
		if t.caughtUp && !lost {
			continue
		}
		if err := w.catchUp(ctx, t); err != nil {
			t.caughtUp = false
			return err
		}
		t.caughtUp = true
	}
	return nil
}

// watchable says whether partitions of the table are what its folders hold.
func watchable(t *catalog.Table) bool {
	return len(t.PartitionKeys) > 0 && t.Delivery == "" && t.Type != catalog.VirtualView && t.Parameters["table_type"] == "" &&
		!strings.EqualFold(t.Parameters["projection.enabled"], "true")
}

func sameTable(a, b *catalog.Table) bool {
	return a.Database == b.Database && a.Name == b.Name && a.CreateTime.Equal(b.CreateTime) && a.Location == b.Location
}

// register registers the partitions of the objects that wait. Where that fails
// the tables are looked at again.
func (w *watch) register(ctx context.Context) error {
	w.mu.Lock()
	written := w.written
	w.written = nil
	w.mu.Unlock()
	if len(written) == 0 {
		return nil
	}
	view := w.Catalog.ViewWrites()
	defer view.Close()
	for _, t := range *w.tables.Load() {
		fresh := map[string]catalog.Partition{}
		for _, o := range written {
			if o.bucket != t.bucket || !strings.HasPrefix(o.key, t.prefix) || view.Hides("s3://"+o.bucket+"/"+o.key) {
				continue
			}
			if p, ok := partitionOf(t.table, o.key[len(t.prefix):]); ok {
				fresh[p.Location] = p
			}
		}
		if err := w.addNew(ctx, t.table, fresh); err != nil {
			t.caughtUp = false
			return err
		}
	}
	return nil
}

func (w *watch) addNew(ctx context.Context, t *catalog.Table, found map[string]catalog.Partition) error {
	if len(found) == 0 {
		return nil
	}
	set, err := w.Catalog.PartitionSet(ctx, t.Database, t.Name)
	if err != nil {
		return ignoreGone(err)
	}
	var fresh []catalog.Partition
	for _, p := range found {
		if !set.Has(p.Values) {
			fresh = append(fresh, p)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	n, err := w.Catalog.AddPartitions(ctx, t.Database, t.Name, fresh, true)
	if err == nil && n > 0 {
		w.Log.Debug("registered partitions of written objects", "table", t.Database+"."+t.Name, "partitions", n)
	}
	return ignoreGone(err)
}
