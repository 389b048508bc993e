package projection

import (
	"cmp"
	"slices"

	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// span is the places from one to before another.
type span struct{ from, to uint64 }

// typed is the value of a key's text in the Go form of the key's type.
func (k key) typed(value string) (any, error) { return types.ParsePartitionValue(k.typ, value) }

// spans are the places whose values may lie in a domain, in order and apart.
func (k key) spans(d predicate.Domain) []span {
	var out []span
	length := k.values.length()
	rest := uint64(0)
	for _, r := range k.values.runs() {
		for _, ranged := range d.Ranges {
			if s := k.search(r, ranged); s.from < s.to {
				out = append(out, s)
			}
		}
		rest = r.to
	}
	if rest < length { // in no order
		out = append(out, k.unordered(d, span{rest, length})...)
	}
	slices.SortFunc(out, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return out
}

// unordered finds single values by their text; for anything else all places
// are looked at.
func (k key) unordered(d predicate.Domain, all span) []span {
	var out []span
	for _, r := range d.Ranges {
		v, ok := single(r)
		s, isText := v.(string)
		if !ok || !isText || k.typ.Kind != types.Varchar {
			return []span{all}
		}
		if i, found := k.values.find(s); found {
			out = append(out, span{i, i + 1})
		}
	}
	return out
}

// single is the one value of a range.
func single(r predicate.Range) (any, bool) {
	if r.Low.Value == nil || r.High.Value == nil || r.Low.Open || r.High.Open {
		return nil, false
	}
	return r.Low.Value, predicate.CompareOp(r.Low.Value, "=", r.High.Value) == predicate.True
}

// search finds the places of a run whose values lie in a range.
func (k key) search(r run, in predicate.Range) span {
	first := func(reached func(v any) bool) uint64 {
		return firstPlace(r.from, r.to, func(i uint64) bool {
			v, err := k.typed(k.values.at(i).value)
			return err != nil || reached(v)
		})
	}
	low, high := "<", ">" // what is below a bound, and above
	if in.Low.Open {
		low = "<="
	}
	if in.High.Open {
		high = ">="
	}
	below := func(v any) bool { return in.Low.Value != nil && is(v, low, in.Low.Value) }
	above := func(v any) bool { return in.High.Value != nil && is(v, high, in.High.Value) }
	if r.falling {
		below, above = above, below
	}
	return span{
		from: first(func(v any) bool { return !below(v) }),
		to:   first(above),
	}
}

func is(v any, op string, w any) bool {
	return predicate.CompareOp(v, predicate.Op(op), w) == predicate.True
}

// withPrefixes adds to each LIKE what it says of the order: texts that begin
// with abc are not less than abc, and less than abd.
func withPrefixes(p predicate.Predicate) predicate.Predicate {
	switch p := p.(type) {
	case predicate.And:
		out := make(predicate.And, len(p))
		for i, q := range p {
			out[i] = withPrefixes(q)
		}
		return out
	case predicate.Or:
		out := make(predicate.Or, len(p))
		for i, q := range p {
			out[i] = withPrefixes(q)
		}
		return out
	case predicate.Like:
		prefix := literalPrefix(p)
		if prefix == "" {
			return p
		}
		and := predicate.And{p, predicate.Compare{Column: p.Column, Op: ">=", Value: prefix}}
		if last := prefix[len(prefix)-1]; last < 0x7f {
			and = append(and, predicate.Compare{Column: p.Column, Op: "<", Value: prefix[:len(prefix)-1] + string(last+1)})
		}
		return and
	}
	return p
}

// literalPrefix is what the texts that match begin with.
func literalPrefix(p predicate.Like) string {
	for i, c := range p.Pattern {
		if c == '%' || c == '_' || p.Escape != 0 && c == p.Escape {
			return p.Pattern[:i]
		}
	}
	return p.Pattern
}

// firstPlace is the first place from which on reached holds, to where it does
// for none before.
func firstPlace(from, to uint64, reached func(i uint64) bool) uint64 {
	for from < to {
		mid := from + (to-from)/2
		if reached(mid) {
			to = mid
		} else {
			from = mid + 1
		}
	}
	return from
}
