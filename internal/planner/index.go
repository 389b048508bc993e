package planner

import (
	"slices"
	"sort"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// index is the typed view of a table's partitions: for each key the distinct
// values, parsed and sorted, and which partitions have them. It is immutable.
type index struct {
	shape uint64 // of the partition set it was made of
	size  int    // partitions
	keys  []*keyIndex
	place map[string]int // key name to its place in keys
}

// keyIndex is one partition key over all partitions.
type keyIndex struct {
	name   string
	typ    types.Type
	values []keyValue // distinct texts, in order of first appearance
	ids    []uint32   // for each partition, the place of its value in values
	sorted []uint32   // places in values of proper values, in their order; nil for a type without an order
	broken []uint32   // places in values of texts that are no value of the type
}

// keyValue is a distinct value of a key.
type keyValue struct {
	text       string
	value      any      // nil for NULL, and for a broken text
	err        error    // why the text is no value of the key's type
	partitions []uint32 // that have it, in order
}

func buildIndex(keys []catalog.Column, set *catalog.PartitionSet) (*index, error) {
	x := &index{shape: set.Shape, size: len(set.List), place: map[string]int{}}
	for i, key := range keys {
		t, err := types.FromHive(key.Type)
		if err != nil {
			return nil, fail(errInvalidMetadata, err, "partition key %s: %v", key.Name, err)
		}
		k, err := buildKey(key.Name, t, set.List, i)
		if err != nil {
			return nil, err
		}
		x.keys = append(x.keys, k)
		x.place[key.Name] = i
	}
	return x, nil
}

func buildKey(name string, t types.Type, list []catalog.Partition, at int) (*keyIndex, error) {
	k := &keyIndex{name: name, typ: t, ids: make([]uint32, len(list))}
	known := map[string]uint32{}
	for i, p := range list {
		if at >= len(p.Values) {
			return nil, fail(errInvalidMetadata, nil, "partition %v has no value for key %s", p.Values, name)
		}
		text := p.Values[at]
		id, ok := known[text]
		if !ok {
			id = uint32(len(k.values))
			known[text] = id
			value, err := types.ParsePartitionValue(t, text)
			k.values = append(k.values, keyValue{text: text, value: value, err: err})
		}
		k.ids[i] = id
		k.values[id].partitions = append(k.values[id].partitions, uint32(i))
	}
	k.sort()
	return k, nil
}

// sort fills sorted and broken. Values that are not comparable (NaN) leave the
// key unsorted: its predicates are then evaluated value by value.
func (k *keyIndex) sort() {
	sortable := true
	for id, v := range k.values {
		switch {
		case v.err != nil:
			k.broken = append(k.broken, uint32(id))
		case v.value != nil:
			k.sorted = append(k.sorted, uint32(id))
			sortable = sortable && predicate.CompareOp(v.value, "=", v.value) == predicate.True
		}
	}
	if !sortable {
		k.sorted = nil
		return
	}
	slices.SortFunc(k.sorted, func(a, b uint32) int {
		switch v, w := k.values[a].value, k.values[b].value; {
		case predicate.CompareOp(v, "<", w) == predicate.True:
			return -1
		case predicate.CompareOp(v, ">", w) == predicate.True:
			return 1
		}
		return 0
	})
}

// span returns the part of sorted whose values compare to value by op, and
// false where that cannot be found by searching.
func (k *keyIndex) span(op predicate.Op, value any) (lo, hi int, ok bool) {
	n := len(k.sorted)
	if n == 0 || predicate.CompareOp(k.values[k.sorted[0]].value, "=", value) == predicate.Unsure ||
		predicate.CompareOp(value, "=", value) != predicate.True {
		return 0, 0, false
	}
	first := func(op predicate.Op) int { // the first value that compares by op
		return sort.Search(n, func(i int) bool {
			return predicate.CompareOp(k.values[k.sorted[i]].value, op, value) == predicate.True
		})
	}
	switch op {
	case "=":
		return first(">="), first(">"), true
	case "<":
		return 0, first(">="), true
	case "<=":
		return 0, first(">"), true
	case ">":
		return first(">"), n, true
	case ">=":
		return first(">="), n, true
	}
	return 0, 0, false
}
