package ddl

import (
	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// condition is one comparison of a partition key: day < '03'.
type condition struct {
	key   int // place in the table's keys
	typ   types.Type
	op    predicate.Op
	text  string
	value any // nil for __HIVE_DEFAULT_PARTITION__
}

// conditions reads a spec as comparisons that all must hold; a key may come in
// more than one, as for a range.
func conditions(t *catalog.Table, spec hive.PartitionSpec) ([]condition, error) {
	if err := needsKeys(t, spec); err != nil {
		return nil, err
	}
	out := make([]condition, len(spec.Values))
	for i, v := range spec.Values {
		place := keyPlace(t, v.Column)
		if place < 0 {
			return nil, foreignColumn(v, spec)
		}
		c := condition{key: place, op: "=", text: v.Value}
		if v.Operator != "" {
			c.op = predicate.Op(v.Operator)
		}
		var err error
		if c.typ, c.value, err = keyValue(t.PartitionKeys[place], v); err != nil {
			return nil, err
		}
		out[i] = c
	}
	return out, nil
}

// holds compares by the key's type, so that 2 is 02 of an int key. A partition
// of NULL is found by = '__HIVE_DEFAULT_PARTITION__' alone.
func (c condition) holds(p catalog.Partition) bool {
	text := p.Values[c.key]
	if c.op == "=" && text == c.text {
		return true
	}
	value, err := types.ParsePartitionValue(c.typ, text)
	if err != nil || value == nil || c.value == nil {
		return false
	}
	return predicate.CompareOp(value, c.op, c.value) == predicate.True
}

// matching returns the partitions for which all conditions hold.
func matching(all []catalog.Partition, conditions []condition) []catalog.Partition {
	var out []catalog.Partition
	for _, p := range all {
		ok := true
		for _, c := range conditions {
			ok = ok && c.holds(p)
		}
		if ok {
			out = append(out, p)
		}
	}
	return out
}

// candidates are the partitions for which conditions may hold.
func (r *run) candidates(t *catalog.Table, set *catalog.PartitionSet, conditions []condition) []catalog.Partition {
	if r.Candidates == nil {
		return set.List
	}
	var filter predicate.And
	for _, c := range conditions {
		if c.value != nil {
			filter = append(filter, predicate.Compare{Column: t.PartitionKeys[c.key].Name, Op: c.op, Value: c.value})
		}
	}
	places, known := r.Candidates(t, set, filter)
	if !known {
		return set.List
	}
	out := make([]catalog.Partition, len(places))
	for i, place := range places {
		out[i] = set.List[place]
	}
	return out
}
