package planner

import (
	"cmp"
	"slices"
	"sort"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// index is the typed view of a table's partitions: for each key the distinct
// values, parsed and sorted, and which partitions have them. It is immutable;
// the index of the next state of the table is made from it (see extend).
type index struct {
	shape uint64 // of the partition set it was made of
	size  int    // partitions
	keys  []*keyIndex
	place map[string]int // key name to its place in keys
}

// keyIndex is one partition key over all partitions. Values that no partition
// has any more may remain.
type keyIndex struct {
	name   string
	typ    types.Type
	values []keyValue        // distinct texts; a value's place is its id
	known  map[string]uint32 // ids by text; also of later states, for extend alone
	sorted []uint32          // ids of proper values in their order; nil for values without an order
	broken []uint32          // ids of texts that are no value of the type
	nulls  []uint32          // ids of NULL: one or none
	ids    []uint32          // for each partition, the id of its value
	starts []uint32          // for each id, where its partitions begin in places; one more at the end
	places []uint32          // partitions by id, in order
}

// keyValue is a distinct value of a key.
type keyValue struct {
	text  string
	value any   // nil for NULL, and for a broken text
	err   error // why the text is no value of the key's type
}

func buildIndex(keys []catalog.Column, set *catalog.PartitionSet) (*index, error) {
	x := &index{place: map[string]int{}}
	for i, key := range keys {
		t, err := types.FromHive(key.Type)
		if err != nil {
			return nil, fail(errInvalidMetadata, err, "partition key %s: %v", key.Name, err)
		}
		x.keys = append(x.keys, &keyIndex{name: key.Name, typ: t, known: map[string]uint32{}})
		x.place[key.Name] = i
	}
	return x.extend(set)
}

// extend makes the index of another state of the table. Texts that are known
// are neither parsed nor sorted again. One call at a time for indexes of one
// descent, which share known.
func (x *index) extend(set *catalog.PartitionSet) (*index, error) {
	next := &index{shape: set.Shape, size: len(set.List), place: x.place}
	for i, k := range x.keys {
		n, err := k.extend(set.List, i)
		if err != nil {
			return nil, err
		}
		next.keys = append(next.keys, n)
	}
	return next, nil
}

// bloated says that most values are of partitions that are gone.
func (x *index) bloated() bool {
	for _, k := range x.keys {
		if len(k.values) > 2*x.size+1000 {
			return true
		}
	}
	return false
}

func (k *keyIndex) extend(list []catalog.Partition, at int) (*keyIndex, error) {
	n := *k
	n.ids = make([]uint32, len(list))
	for i, p := range list {
		if at >= len(p.Values) {
			return nil, fail(errInvalidMetadata, nil, "partition %v has no value for key %s", p.Values, k.name)
		}
		id, ok := n.known[p.Values[at]]
		if !ok {
			id = n.learn(p.Values[at])
		}
		n.ids[i] = id
	}
	n.sort(len(k.values))
	n.group()
	return &n, nil
}

func (k *keyIndex) learn(text string) uint32 {
	id := uint32(len(k.values))
	k.known[text] = id
	value, err := types.ParsePartitionValue(k.typ, text)
	k.values = append(k.values, keyValue{text: text, value: value, err: err})
	return id
}

// sort brings the values from id first on into sorted or broken. Values that
// are not comparable (NaN) leave the key unsorted: its predicates are then
// evaluated value by value.
func (k *keyIndex) sort(first int) {
	if first == len(k.values) {
		return
	}
	sortable := first == 0 || k.sorted != nil
	var fresh []uint32
	k.broken = slices.Clone(k.broken)
	for id := first; id < len(k.values); id++ {
		switch v := k.values[id]; {
		case v.err != nil:
			k.broken = append(k.broken, uint32(id))
		case v.value == nil:
			k.nulls = append(slices.Clone(k.nulls), uint32(id))
		default:
			fresh = append(fresh, uint32(id))
			sortable = sortable && predicate.CompareOp(v.value, "=", v.value) == predicate.True
		}
	}
	if !sortable {
		k.sorted = nil
		return
	}
	byValue := func(a, b uint32) int { return compareValues(k.values[a].value, k.values[b].value) }
	slices.SortFunc(fresh, byValue)
	k.sorted = merge(k.sorted, fresh, byValue)
}

// merge merges two sorted lists into a new one, which is not nil.
func merge(a, b []uint32, compare func(a, b uint32) int) []uint32 {
	out := make([]uint32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if compare(a[0], b[0]) <= 0 {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func compareValues(v, w any) int {
	switch a := v.(type) { // the two common types, quickly
	case string:
		return cmp.Compare(a, w.(string))
	case int64:
		return cmp.Compare(a, w.(int64))
	}
	switch {
	case predicate.CompareOp(v, "<", w) == predicate.True:
		return -1
	case predicate.CompareOp(v, ">", w) == predicate.True:
		return 1
	}
	return 0
}

// group fills starts and places from ids.
func (k *keyIndex) group() {
	k.starts = make([]uint32, len(k.values)+1)
	for _, id := range k.ids {
		k.starts[id+1]++
	}
	for i := range k.values {
		k.starts[i+1] += k.starts[i]
	}
	k.places = make([]uint32, len(k.ids))
	at := slices.Clone(k.starts)
	for place, id := range k.ids {
		k.places[at[id]] = uint32(place)
		at[id]++
	}
}

// partitions are those with the value of an id, in order.
func (k *keyIndex) partitions(id uint32) []uint32 { return k.places[k.starts[id]:k.starts[id+1]] }

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
