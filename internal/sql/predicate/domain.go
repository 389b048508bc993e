package predicate

import "slices"

// Domain is what values a column can have: those in one of the ranges, which
// are in order and apart, and NULL where Null is set.
type Domain struct {
	Ranges []Range
	Null   bool
}

// Range is the values between two bounds.
type Range struct{ Low, High Bound }

// Bound is one end of a range; without a Value there is none. Open leaves the
// value itself out.
type Bound struct {
	Value any
	Open  bool
}

// maxRanges is how many ranges Simplify leaves, as in Trino.
const maxRanges = 32

// everything is the ranges of all values that are not NULL.
var everything = []Range{{}}

// Domains gives for each column that a predicate restricts the values with
// which it can hold; some is false where it can hold for none at all. What has
// no such form, as LIKE, restricts nothing.
func Domains(p Predicate) (domains map[string]Domain, some bool) { return domainsOf(p, false) }

// domainsOf are the domains of a predicate or, if not, of its negation.
func domainsOf(p Predicate, not bool) (map[string]Domain, bool) {
	switch p := p.(type) {
	case And:
		if not {
			return anyOf(p, true)
		}
		return allOf(p, false)
	case Or:
		if not {
			return allOf(p, true)
		}
		return anyOf(p, false)
	case Not:
		return domainsOf(p.Of, !not)
	case Compare:
		return compared(p, not)
	case In:
		return among(p, not)
	case IsNull:
		if not {
			return map[string]Domain{p.Column: {Ranges: everything}}, true
		}
		return map[string]Domain{p.Column: {Null: true}}, true
	case Test:
		if len(p.Columns) == 0 {
			return nil, holds(p, not)
		}
	}
	return nil, true
}

// holds says whether a test that depends on no column may hold.
func holds(t Test, not bool) bool {
	var p Predicate = t
	if not {
		p = Not{Of: t}
	}
	return Eval(p, func(string) (any, bool) { return nil, false }).MayHold()
}

// allOf are the domains with which all parts hold.
func allOf(parts []Predicate, not bool) (map[string]Domain, bool) {
	found := map[string][]Domain{}
	for _, p := range parts {
		domains, some := domainsOf(p, not)
		if !some {
			return nil, false
		}
		for column, d := range domains {
			found[column] = append(found[column], d)
		}
	}
	out := map[string]Domain{}
	for column, ds := range found {
		d := intersection(ds)
		if len(d.Ranges) == 0 && !d.Null {
			return nil, false
		}
		out[column] = d
	}
	return out, true
}

// anyOf are the domains with which a part holds: of the columns that every
// part restricts which can hold at all.
func anyOf(parts []Predicate, not bool) (map[string]Domain, bool) {
	found, count := map[string][]Domain{}, 0
	for _, p := range parts {
		domains, some := domainsOf(p, not)
		if !some {
			continue
		}
		count++
		for column, d := range domains {
			found[column] = append(found[column], d)
		}
	}
	out := map[string]Domain{}
	for column, ds := range found {
		if len(ds) < count {
			continue
		}
		if d := union(ds); !d.Null || len(d.Ranges) != 1 || d.Ranges[0] != (Range{}) {
			out[column] = d
		}
	}
	return out, count > 0
}

// operators that hold where another does not.
var opposite = map[Op]Op{"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

func compared(p Compare, not bool) (map[string]Domain, bool) {
	op := p.Op
	if not {
		op = opposite[op]
	}
	if Truth(true) != compare(p.Value, "=", p.Value) { // NaN, or a type without an order
		return nil, true
	}
	v := p.Value
	var ranges []Range
	switch op {
	case "=":
		ranges = []Range{{Bound{Value: v}, Bound{Value: v}}}
	case "<>":
		ranges = []Range{{High: Bound{v, true}}, {Low: Bound{v, true}}}
	case "<":
		ranges = []Range{{High: Bound{v, true}}}
	case "<=":
		ranges = []Range{{High: Bound{Value: v}}}
	case ">":
		ranges = []Range{{Low: Bound{v, true}}}
	case ">=":
		ranges = []Range{{Low: Bound{Value: v}}}
	default:
		return nil, true
	}
	return map[string]Domain{p.Column: {Ranges: ranges}}, true
}

func among(p In, not bool) (map[string]Domain, bool) {
	var equal []Domain
	for _, v := range p.Values {
		one, _ := compared(Compare{Column: p.Column, Op: "=", Value: v}, false)
		if one == nil {
			return nil, true
		}
		equal = append(equal, one[p.Column])
	}
	d := union(equal)
	if not {
		d.Ranges = gaps(d.Ranges)
	}
	return map[string]Domain{p.Column: d}, len(d.Ranges) > 0
}

// union has the values of each of some domains.
func union(ds []Domain) Domain {
	var out Domain
	var all []Range
	for _, d := range ds {
		out.Null = out.Null || d.Null
		all = append(all, d.Ranges...)
	}
	slices.SortStableFunc(all, func(x, y Range) int { return compareLow(x.Low, y.Low) })
	for _, r := range all {
		n := len(out.Ranges)
		if n == 0 || !touches(out.Ranges[n-1].High, r.Low) {
			out.Ranges = append(out.Ranges, r)
			continue
		}
		if compareHigh(out.Ranges[n-1].High, r.High) < 0 {
			out.Ranges[n-1].High = r.High
		}
	}
	return out
}

// intersection has the values that some domains share: those in no gap of any.
func intersection(ds []Domain) Domain {
	null := true
	without := make([]Domain, len(ds))
	for i, d := range ds {
		null = null && d.Null
		without[i].Ranges = gaps(d.Ranges)
	}
	return Domain{Ranges: gaps(union(without).Ranges), Null: null}
}

// gaps are the ranges between ranges.
func gaps(ranges []Range) []Range {
	var out []Range
	low := Bound{}
	for i, r := range ranges {
		if i > 0 || r.Low.Value != nil {
			out = append(out, Range{Low: low, High: Bound{r.Low.Value, !r.Low.Open}})
		}
		if r.High.Value == nil {
			return out
		}
		low = Bound{r.High.Value, !r.High.Open}
	}
	return append(out, Range{Low: low})
}

// Simplify makes one range of many.
func (d Domain) Simplify() Domain {
	if n := len(d.Ranges); n > maxRanges {
		d.Ranges = []Range{{Low: d.Ranges[0].Low, High: d.Ranges[n-1].High}}
	}
	return d
}

// touches says whether a range that ends with high and one that begins with
// low, later than the first one, leave no value between them.
func touches(high, low Bound) bool {
	if high.Value == nil || low.Value == nil {
		return true
	}
	c, _, _ := order(low.Value, high.Value)
	return c < 0 || c == 0 && !(low.Open && high.Open)
}

func compareLow(x, y Bound) int  { return compareBounds(x, y, -1) }
func compareHigh(x, y Bound) int { return compareBounds(x, y, 1) }

// compareBounds orders bounds; side is where a bound without a value lies: -1
// below all values, 1 above.
func compareBounds(x, y Bound, side int) int {
	switch {
	case x.Value == nil && y.Value == nil:
		return 0
	case x.Value == nil:
		return side
	case y.Value == nil:
		return -side
	}
	if c, _, _ := order(x.Value, y.Value); c != 0 {
		return c
	}
	switch {
	case x.Open == y.Open:
		return 0
	case x.Open: // above the value at the low side, below it at the high one
		return -side
	}
	return side
}
