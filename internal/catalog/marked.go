package catalog

import (
	"context"
	"strings"
)

// TablesMarked returns the tables of all databases whose parameter has the value,
// whatever its case, in no order and shared: callers must not change them.
func (s *Store) TablesMarked(ctx context.Context, parameter, value string) ([]*Table, error) {
	if err := s.fresh(ctx); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []*Table
	for _, e := range s.tables {
		if strings.EqualFold(e.table.Parameters[parameter], value) {
			out = append(out, e.table)
		}
	}
	return out, nil
}

// Has says whether there is a partition of the values.
func (p *PartitionSet) Has(values []string) bool {
	_, ok := p.find(values)
	return ok
}
