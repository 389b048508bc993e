package planner

import (
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Candidates returns the places of the partitions of a set for which a filter
// may hold, in order, for callers that look at each by rules of their own: those
// with NULL or with a text that is no value of its key are always among them.
// known is false where nothing can be said of the table's keys.
func (p *Planner) Candidates(t *catalog.Table, set *catalog.PartitionSet, filter predicate.Predicate) (places []int, known bool) {
	x, err := p.indexes.of(t, set)
	if err != nil {
		return nil, false
	}
	for _, k := range x.keys {
		if k.typ.Kind == types.Char { // others compare without the padding
			return nil, false
		}
	}
	found, _ := x.may(filter, predicate.True)
	for _, k := range x.keys {
		k.add(found, k.broken)
		k.add(found, k.nulls)
	}
	return found.places(), true
}
