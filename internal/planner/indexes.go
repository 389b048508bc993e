package planner

import (
	"slices"
	"sync"

	"github.com/scopsdb/scops/internal/catalog"
)

// indexLimit bounds the partitions of all indexes kept, about 100 bytes each
// for every key.
const indexLimit = 1_000_000

// indexes keeps the index of each table that was planned lately.
type indexes struct {
	mu      sync.Mutex
	clock   int64
	byTable map[string]*keptIndex // by database.table
}

type keptIndex struct {
	making sync.Mutex // held while an index is made from the last one

	// Under indexes.mu:
	index *index           // nil before the first
	keys  []catalog.Column // that index was made for
	used  int64
}

// of returns the index of a table's partitions. It stays as long as their
// shape does; the next one is made from it.
func (s *indexes) of(t *catalog.Table, set *catalog.PartitionSet) (*index, error) {
	name := t.Database + "." + t.Name
	k := s.kept(name)
	if x := s.indexFor(k, t.PartitionKeys); x != nil && x.shape == set.Shape {
		return x, nil
	}
	k.making.Lock()
	defer k.making.Unlock()
	last := s.indexFor(k, t.PartitionKeys)
	var x *index
	var err error
	switch {
	case last != nil && last.shape == set.Shape:
		return last, nil // another query made it
	case last != nil && !last.bloated():
		x, err = last.extend(set)
	default:
		x, err = buildIndex(t.PartitionKeys, set)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k.index, k.keys = x, t.PartitionKeys // nil after a failure: last may be half extended
	s.evict(name)
	return x, err
}

// has says whether there is an index of a table, of this or an earlier state.
func (s *indexes) has(t *catalog.Table) bool {
	return s.indexFor(s.kept(t.Database+"."+t.Name), t.PartitionKeys) != nil
}

// kept returns what is kept of a table.
func (s *indexes) kept(name string) *keptIndex {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.byTable[name]
	if k == nil {
		k = &keptIndex{}
		s.byTable[name] = k
	}
	s.clock++
	k.used = s.clock
	return k
}

// indexFor returns the index that is kept, where it is for these keys.
func (s *indexes) indexFor(k *keptIndex, keys []catalog.Column) *index {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k.index == nil || !sameKeys(k.keys, keys) {
		return nil
	}
	return k.index
}

func sameKeys(a, b []catalog.Column) bool {
	return slices.EqualFunc(a, b, func(a, b catalog.Column) bool { return a.Name == b.Name && a.Type == b.Type })
}

// evict drops the indexes used longest ago, not that of keep, until they are
// within the limit; the caller holds mu.
func (s *indexes) evict(keep string) {
	total := 0
	for _, k := range s.byTable {
		total += k.size()
	}
	for total > indexLimit {
		oldest := ""
		for name, k := range s.byTable {
			if name != keep && k.size() > 0 && (oldest == "" || k.used < s.byTable[oldest].used) {
				oldest = name
			}
		}
		if oldest == "" {
			return // one table alone is over the limit: its user needs it
		}
		total -= s.byTable[oldest].size()
		delete(s.byTable, oldest)
	}
}

func (k *keptIndex) size() int {
	if k.index == nil {
		return 0
	}
	return k.index.size
}
