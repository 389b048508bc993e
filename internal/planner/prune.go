package planner

import (
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// prune returns the places of the partitions that p leaves, in order. A
// partition whose text does not fit its key's type decides nothing by that key;
// where it is left all the same, that is an error, as in Trino.
func (x *index) prune(p predicate.Predicate) ([]int, error) {
	set, exact := x.may(p, predicate.True)
	places := set.places()
	if !exact {
		kept := places[:0]
		for _, place := range places {
			if predicate.Eval(p, x.valuesOf(place)).MayHold() {
				kept = append(kept, place)
			}
		}
		places = kept
	}
	return places, x.checkValues(places)
}

// may returns the partitions for which p may have the outcome want (True or
// False). It is a superset where exact is false. Sets of outcomes combine as in
// predicate.Outcome: AND may be true where all may be, may be false where one
// may be; OR the other way round.
func (x *index) may(p predicate.Predicate, want predicate.Outcome) (set bitmap, exact bool) {
	switch p := p.(type) {
	case predicate.And:
		return x.combine(p, want, want == predicate.True)
	case predicate.Or:
		return x.combine(p, want, want == predicate.False)
	case predicate.Not:
		return x.may(p.Of, want.Not())
	case predicate.Any:
		return fullBitmap(x.size), true
	case predicate.Compare:
		if k, ok := x.key(p.Column); ok {
			if want == predicate.True {
				return k.compared(x.size, p), true
			}
			return k.evaluated(x.size, p, want), true
		}
	case predicate.In:
		if k, ok := x.key(p.Column); ok {
			if want == predicate.True {
				return k.in(x.size, p), true
			}
			return k.evaluated(x.size, p, want), true
		}
	case predicate.IsNull:
		if k, ok := x.key(p.Column); ok {
			return k.evaluated(x.size, p, want), true
		}
	case predicate.Like:
		if k, ok := x.key(p.Column); ok {
			return k.evaluated(x.size, p, want), true
		}
	case predicate.Test:
		if len(p.Columns) == 1 {
			if k, ok := x.key(p.Columns[0]); ok {
				return k.evaluated(x.size, p, want), true
			}
		}
	}
	return fullBitmap(x.size), false
}

// combine intersects the sets of ps, or unites them.
func (x *index) combine(ps []predicate.Predicate, want predicate.Outcome, intersect bool) (bitmap, bool) {
	var set bitmap
	exact := true
	for _, p := range ps {
		s, e := x.may(p, want)
		exact = exact && e
		switch {
		case set == nil:
			set = s
		case intersect:
			set.and(s)
		default:
			set.or(s)
		}
	}
	if set == nil && intersect {
		set = fullBitmap(x.size)
	}
	if set == nil {
		set = newBitmap(x.size)
	}
	return set, exact
}

func (x *index) key(column string) (*keyIndex, bool) {
	i, ok := x.place[column]
	if !ok {
		return nil, false
	}
	return x.keys[i], true
}

// compared finds the partitions of a comparison by searching the sorted values.
func (k *keyIndex) compared(size int, p predicate.Compare) bitmap {
	lo, hi, ok := k.span(p.Op, p.Value)
	if !ok {
		return k.evaluated(size, p, predicate.True)
	}
	set := newBitmap(size)
	k.add(set, k.sorted[lo:hi])
	k.add(set, k.broken)
	return set
}

func (k *keyIndex) in(size int, p predicate.In) bitmap {
	set := newBitmap(size)
	for _, v := range p.Values {
		lo, hi, ok := k.span("=", v)
		if !ok {
			return k.evaluated(size, p, predicate.True)
		}
		k.add(set, k.sorted[lo:hi])
	}
	k.add(set, k.broken)
	return set
}

func (k *keyIndex) add(set bitmap, ids []uint32) {
	for _, id := range ids {
		for _, place := range k.partitions(id) {
			set.add(place)
		}
	}
}

// evaluated evaluates a predicate on this key alone once for each distinct
// value.
func (k *keyIndex) evaluated(size int, p predicate.Predicate, want predicate.Outcome) bitmap {
	set := newBitmap(size)
	for id := range k.values {
		v := &k.values[id]
		if k.starts[id] == k.starts[id+1] {
			continue // no partition has it any more
		}
		outcome := predicate.Eval(p, func(string) (any, bool) { return v.value, v.err == nil })
		if outcome&want != 0 {
			k.add(set, []uint32{uint32(id)})
		}
	}
	return set
}

// valuesOf gives the values of one partition by key name.
func (x *index) valuesOf(place int) predicate.Values {
	return func(column string) (any, bool) {
		k, ok := x.key(column)
		if !ok {
			return nil, false
		}
		v := k.values[k.ids[place]]
		return v.value, v.err == nil
	}
}

func (x *index) checkValues(places []int) error {
	for _, k := range x.keys {
		if len(k.broken) == 0 {
			continue
		}
		for _, place := range places {
			if v := k.values[k.ids[place]]; v.err != nil {
				return invalidValue(v.text, k.typ, k.name, v.err)
			}
		}
	}
	return nil
}

func invalidValue(text string, t types.Type, key string, cause error) error {
	return fail(errInvalidPartitionValue, cause, "Invalid partition value '%s' for %s partition key: %s", text, t, key)
}
