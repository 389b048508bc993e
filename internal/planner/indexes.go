package planner

import (
	"slices"
	"sync"

	"github.com/scopsdb/scops/internal/catalog"
)

// indexLimit bounds the partitions of all indexes kept, about 50 bytes each for
// every key.
const indexLimit = 1_000_000

// indexes keeps the index of each table that was planned lately, for as long
// as the shape of its partitions stays.
type indexes struct {
	mu      sync.Mutex
	clock   int64
	byTable map[string]*keptIndex // by database.table
}

type keptIndex struct {
	keys  []catalog.Column // that it was made for: a changed type needs another
	index *index
	used  int64
}

// of returns the index of a table's partitions.
func (s *indexes) of(t *catalog.Table, set *catalog.PartitionSet) (*index, error) {
	name := t.Database + "." + t.Name
	s.mu.Lock()
	s.clock++
	if k := s.byTable[name]; k != nil && k.index.shape == set.Shape && sameKeys(k.keys, t.PartitionKeys) {
		k.used = s.clock
		s.mu.Unlock()
		return k.index, nil
	}
	s.mu.Unlock()
	x, err := buildIndex(t.PartitionKeys, set) // perhaps twice at once, which is harmless
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byTable[name] = &keptIndex{keys: t.PartitionKeys, index: x, used: s.clock}
	s.evict(name)
	return x, nil
}

func sameKeys(a, b []catalog.Column) bool {
	return slices.EqualFunc(a, b, func(a, b catalog.Column) bool { return a.Name == b.Name && a.Type == b.Type })
}

// evict drops the indexes used longest ago, not that of keep, until they are
// within the limit.
func (s *indexes) evict(keep string) {
	total := 0
	for _, k := range s.byTable {
		total += k.index.size
	}
	for total > indexLimit && len(s.byTable) > 1 {
		oldest := ""
		for name, k := range s.byTable {
			if name != keep && (oldest == "" || k.used < s.byTable[oldest].used) {
				oldest = name
			}
		}
		total -= s.byTable[oldest].index.size
		delete(s.byTable, oldest)
	}
}
