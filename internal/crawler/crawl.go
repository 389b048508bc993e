package crawler

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
)

// discover crawls all of a target and returns the tables that it found and notes
// on what is no table.
func discover(ctx context.Context, store objects.Store, t *Target, grouping Grouping, custom []Classifier) (*listing, []found, []string, error) {
	bucket, _, _, err := t.parse()
	if err != nil {
		return nil, nil, nil, err
	}
	l, err := list(ctx, store, t)
	if err != nil {
		return nil, nil, nil, err
	}
	g := &grouper{bucket: bucket, sampler: sampler{store: store, custom: custom}, grouping: grouping}
	tables, err := g.find(ctx, l.root, t.SampleSize > 0)
	return l, tables, g.notes, err
}

// everything crawls all targets and brings the catalog in line with them.
func (r *run) everything(ctx context.Context) error {
	all := make([][]found, len(r.crawler.Targets))
	listings := make([]*listing, len(r.crawler.Targets))
	total := 0
	for i := range r.crawler.Targets {
		l, tables, notes, err := discover(ctx, r.store, &r.crawler.Targets[i], r.settings.Grouping, r.custom)
		if err != nil {
			return err
		}
		r.Listed.add(l)
		listings[i], all[i] = l, tables
		total += len(tables)
		for _, n := range notes {
			r.changes.note("%s", n)
		}
	}
	if err := r.settings.checkThreshold(total); err != nil {
		return err
	}
	return r.apply(ctx, listings, all)
}

// checkThreshold refuses more tables than the crawler may make.
func (s *Settings) checkThreshold(tables int) error {
	if s.TableThreshold == 0 || tables <= s.TableThreshold {
		return nil
	}
	return fmt.Errorf("The number of tables detected by crawler: %d is greater than the table threshold value provided: %d.", tables, s.TableThreshold) //nolint:staticcheck // AWS's text
}

func (r *run) apply(ctx context.Context, listings []*listing, all [][]found) error {
	for i, l := range listings {
		kept := map[string]bool{}
		for j := range all[i] {
			name, err := r.applier.table(ctx, &all[i][j])
			if err != nil {
				return err
			}
			kept[name] = true
		}
		bucket, _, _, err := r.crawler.Targets[i].parse()
		if err != nil {
			return err
		}
		if err := r.applier.gone(ctx, bucket, l, kept); err != nil {
			return err
		}
	}
	return nil
}

// Listed is what a run cost the object store.
type Listed struct {
	Calls   int64 `json:"list_calls"`
	Objects int64 `json:"objects_listed"`
	Folders int64 `json:"folders_listed"` // names of folders, without what is in them
	Bytes   int64 `json:"bytes_listed"`   // sizes of those objects
}

func (c *Listed) add(l *listing) {
	c.Calls += l.calls
	c.Objects += l.objects
	c.Bytes += l.bytes
}

// run is one run of a crawler.
type run struct {
	crawler  *Crawler
	settings *Settings
	custom   []Classifier
	store    objects.Store
	known    *store
	applier  *applier
	changes  *Changes
	Listed   Listed
}

func (r *run) catalog() *catalog.Store { return r.applier.catalog }

// all does what the crawler's policy says.
func (r *run) all(ctx context.Context) error {
	if r.crawler.Recrawl == CrawlNewFoldersOnly {
		return r.newFolders(ctx)
	}
	return r.everything(ctx)
}

// newRun prepares a run.
func newRun(c *Crawler, custom []Classifier, known *store, catalog *catalog.Store, store objects.Store, now time.Time) (*run, error) {
	settings, err := ReadConfiguration(c.Configuration)
	if err != nil {
		return nil, err
	}
	changes := &Changes{}
	return &run{
		crawler: c, settings: settings, custom: custom, known: known, store: store, changes: changes,
		applier: &applier{catalog: catalog, crawler: c, settings: settings, stamp: now.UnixMilli(), Changes: changes},
	}, nil
}

// levelOf is how deep a folder is; the bucket is level 1.
func levelOf(prefix string) int { return 1 + strings.Count(prefix, "/") }
