package compaction

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
)

// look is what is known of a table's partitions, so that those in which nothing
// happened are not looked at again.
type look struct {
	set   *catalog.PartitionSet
	seen  []seen    // by place in set; one for a table without partition keys
	next  time.Time // when a partition is to be looked at though none has changed; zero for never
	dirty bool      // a partition has something to merge
}

// seen is a partition as it was last looked at.
type seen struct {
	files, bytes int64
	small        int
	again        time.Time // zero for never
	failed       bool      // the merge of its files failed: they wait for again
	dirty        bool      // it has something to merge
}

// retryAfter is when a partition whose merge failed is tried again.
const retryAfter = time.Minute

// found is the next merge.
type found struct {
	where
	choice
	policy policy
	table  *catalog.Table
	seen   *seen
}

// find looks for the partition with the most small files among those that have
// something to merge.
func (c *Compactor) find(ctx context.Context, now time.Time) (*found, error) {
	tables, err := c.tables(ctx)
	if err != nil {
		return nil, err
	}
	var best *found
	known := map[string]*look{}
	for _, t := range tables {
		name := t.Database + "." + t.Name
		l := c.looks[name]
		if l == nil {
			l = &look{}
		}
		known[name] = l
		f, err := c.findIn(ctx, t, l, c.policyOf(t), now)
		if errors.Is(err, catalog.ErrNotFound) {
			continue // dropped meanwhile
		}
		if err != nil {
			return nil, err
		}
		c.noteFiles(t, l)
		if f != nil && (best == nil || f.small > best.small) {
			best = f
		}
	}
	c.looks = known
	c.forget(known)
	return best, nil
}

// tables are those that deliveries fill.
func (c *Compactor) tables(ctx context.Context) ([]*catalog.Table, error) {
	databases, err := c.catalog.Databases(ctx)
	if err != nil {
		return nil, err
	}
	var out []*catalog.Table
	for _, d := range databases {
		tables, err := c.catalog.Tables(ctx, d.Name)
		if errors.Is(err, catalog.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, t := range tables {
			if t.Delivery != "" {
				out = append(out, t)
			}
		}
	}
	return out, nil
}

func (c *Compactor) policyOf(t *catalog.Table) policy {
	p := policy{target: c.config.TargetFileSize, tier: c.tier, quiet: c.config.QuietAfter}
	if own := c.table(t.Delivery).TargetFileSize; own > 0 {
		p.target = own
	}
	return p
}

func (c *Compactor) findIn(ctx context.Context, t *catalog.Table, l *look, p policy, now time.Time) (*found, error) {
	if len(t.PartitionKeys) == 0 {
		return c.findFlat(ctx, t, l, p, now)
	}
	set, err := c.catalog.PartitionSet(ctx, t.Database, t.Name)
	if err != nil {
		return nil, err
	}
	if set == l.set && !l.dirty && (l.next.IsZero() || now.Before(l.next)) {
		return nil, nil
	}
	l.follow(set)
	l.next, l.dirty = time.Time{}, false
	var best *found
	for place := range set.List {
		part, s := &set.List[place], &l.seen[place]
		same := part.Files == s.files && part.Bytes == s.bytes && !s.dirty
		if same && (s.again.IsZero() || now.Before(s.again)) || s.failed && now.Before(s.again) {
			l.wake(s.again)
			continue
		}
		if part.Files < 2 || part.Files < int64(min(p.tier, quietSmall+1)) && part.Bytes < p.target {
			*s = seen{files: part.Files, bytes: part.Bytes, small: int(part.Files)}
			continue // whatever they are: the list need not be read
		}
		files, err := c.catalog.Files(ctx, t.Database, t.Name, [][]string{part.Values})
		if err != nil {
			return nil, err
		}
		f := s.look(p, files, now)
		s.files, s.bytes = part.Files, part.Bytes
		l.wake(s.again)
		if f == nil {
			continue
		}
		l.dirty = true
		f.table, f.where = t, where{t.Delivery, t.Database, t.Name, part.Values}
		if (best == nil || f.small > best.small) && !c.blocked(f.where) {
			best = f
		}
	}
	return best, nil
}

func (c *Compactor) findFlat(ctx context.Context, t *catalog.Table, l *look, p policy, now time.Time) (*found, error) {
	files, err := c.catalog.Files(ctx, t.Database, t.Name, nil)
	if err != nil {
		return nil, err
	}
	if len(l.seen) != 1 {
		l.seen = make([]seen, 1)
	}
	s := &l.seen[0]
	s.files = int64(len(files))
	if s.failed && now.Before(s.again) {
		return nil, nil
	}
	f := s.look(p, files, now)
	if f == nil {
		return nil, nil
	}
	f.table, f.where = t, where{t.Delivery, t.Database, t.Name, []string{}}
	if c.blocked(f.where) {
		return nil, nil
	}
	return f, nil
}

// look chooses among the partition's files.
func (s *seen) look(p policy, files []catalog.DataFile, now time.Time) *found {
	choice, again := p.choose(files, now)
	s.small, s.again, s.failed = choice.small, again, false
	s.dirty = len(choice.files) > 1
	if !s.dirty {
		return nil
	}
	return &found{choice: choice, policy: p, seen: s}
}

// wake makes sure that the table is looked at then.
func (l *look) wake(at time.Time) {
	if !at.IsZero() && (l.next.IsZero() || at.Before(l.next)) {
		l.next = at
	}
}

// follow carries what is known over to another state of the table.
func (l *look) follow(set *catalog.PartitionSet) {
	if l.set != nil && l.set.Shape == set.Shape {
		l.set = set
		return
	}
	old := map[string]seen{}
	if l.set != nil {
		for i, p := range l.set.List {
			old[strings.Join(p.Values, "\x00")] = l.seen[i]
		}
	}
	l.set, l.seen = set, make([]seen, len(set.List))
	for i, p := range set.List {
		l.seen[i] = old[strings.Join(p.Values, "\x00")]
	}
}

// most returns the most files and the most small files that a partition has.
func (l *look) most() (files, small int64) {
	for _, s := range l.seen {
		files, small = max(files, s.files), max(small, int64(s.small))
	}
	return files, small
}
