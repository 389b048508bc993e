package planner

import (
	"context"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// findCold plans a table whose partitions are not in memory yet by looking up
// those that the filter leaves; found is false where that is not worth it. All
// partitions are then read beside, for the next query.
func (p *Planner) findCold(ctx context.Context, t *catalog.Table, filter predicate.Predicate) (out Scan, found bool, err error) {
	domains, some := predicate.Domains(filter)
	if _, first := domains[t.PartitionKeys[0].Name]; !some || !first {
		return Scan{}, false, nil
	}
	keys, err := keyTypes(t)
	if err != nil {
		return Scan{}, false, err
	}
	w := catalog.Wanted{Exact: make([][]string, len(keys)), May: func(values []string) bool {
		return predicate.Eval(filter, valuesOf(t, keys, values)).MayHold()
	}}
	for i, k := range t.PartitionKeys {
		if d, restricted := domains[k.Name]; restricted && keys[i].Kind == types.Varchar {
			w.Exact[i] = exactTexts(d)
		}
	}
	out.Table = t
	out.Partitions, out.PartitionsTotal, found, err = p.catalog.FindPartitions(ctx, t.Database, t.Name, w)
	if err != nil || !found {
		return Scan{}, false, err
	}
	p.warm(t)
	for _, partition := range out.Partitions {
		if err := checkValues(t, keys, partition.Values); err != nil {
			return Scan{}, false, err
		}
	}
	return out, true, nil
}

// exactTexts are the values of a domain of single ones, nil for any other.
func exactTexts(d predicate.Domain) []string {
	var out []string
	for _, r := range d.Ranges {
		v, ok := r.Low.Value.(string)
		if !ok || r.Low.Open || r.High.Open || r.High.Value != r.Low.Value {
			return nil
		}
		out = append(out, v)
	}
	if d.Null {
		return nil
	}
	return out
}

// checkValues says which value of a partition that is read is none of its key.
func checkValues(t *catalog.Table, keys []types.Type, values []string) error {
	for i, k := range keys {
		if _, err := types.ParsePartitionValue(k, values[i]); err != nil {
			return invalidValue(values[i], k, t.PartitionKeys[i].Name, err)
		}
	}
	return nil
}

// warm reads the partitions of a table into memory, and indexes them.
func (p *Planner) warm(t *catalog.Table) {
	go func() {
		set, err := p.catalog.PartitionSet(context.Background(), t.Database, t.Name)
		if err == nil {
			_, _ = p.indexes.of(t, set) // a query that needs it meets the error again
		}
	}()
}

// indexWorth is from how many partitions on the first query does not wait for
// the index.
const indexWorth = 20_000

// pruneCold evaluates a filter for each partition where there is no index yet
// and it is much to make, and lets it be made beside.
func (p *Planner) pruneCold(t *catalog.Table, set *catalog.PartitionSet, filter predicate.Predicate) (places []int, done bool, err error) {
	if len(set.List) < indexWorth || p.indexes.has(t) {
		return nil, false, nil
	}
	keys, err := keyTypes(t)
	if err != nil {
		return nil, false, err
	}
	for i, partition := range set.List {
		if !predicate.Eval(filter, valuesOf(t, keys, partition.Values)).MayHold() {
			continue
		}
		if err := checkValues(t, keys, partition.Values); err != nil {
			return nil, false, err
		}
		places = append(places, i)
	}
	p.warm(t)
	return places, true, nil
}
