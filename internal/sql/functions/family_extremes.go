package functions

import (
	"fmt"
)

// maxOf and minOf skip NaN unless there is nothing else, as Trino's do. DuckDB's
// NaN is greater than all else, so min is right by itself.
const (
	maxOf       = "max<$1>"
	maxOfFloats = "coalesce(max<$1|NOT isnan($1)>, max<$1>)"
)

// mostExtremes bounds n of min(x, n) and its like.
const mostExtremes = "10000"

var extremes = []Function{
	{Name: "min", Kind: Aggregate, Doc: "Smallest value, or the n smallest.", Example: "min(x)",
		Sigs: []Signature{
			{Text: "(T) -> T [T:orderable]", Emit: extremeOf("min<$1>", "min<$1>", false)},
			{Text: "(T, bigint) -> array(T) [T:orderable]", Emit: extremeN("list_sort")},
		}},
	{Name: "max", Kind: Aggregate, Doc: "Largest value, or the n largest.", Example: "max(x)",
		Sigs: []Signature{
			{Text: "(T) -> T [T:orderable]", Emit: extremeOf(maxOf, maxOfFloats, true)},
			{Text: "(T, bigint) -> array(T) [T:orderable]", Emit: extremeN("list_reverse_sort")},
		}},
	{Name: "min_by", Kind: Aggregate, OwnNulls: true, Doc: "Value of the first argument where the second is smallest, or n of them.", Example: "min_by(name, price)",
		Sigs: []Signature{
			{Text: "(V, K) -> V [K:orderable]", Emit: extremeBy("arg_min_null", false)},
			{Text: "(V, K, bigint) -> array(V) [K:orderable]", Emit: extremeByN("list_sort")},
		}},
	{Name: "max_by", Kind: Aggregate, OwnNulls: true, Doc: "Value of the first argument where the second is largest, or n of them.", Example: "max_by(name, price)",
		Sigs: []Signature{
			{Text: "(V, K) -> V [K:orderable]", Emit: extremeBy("arg_max_null", true)},
			{Text: "(V, K, bigint) -> array(V) [K:orderable]", Emit: extremeByN("list_reverse_sort")},
		}},
}

func extremeOf(plain, floating string, largest bool) Emission {
	return func(c *Call) string {
		if nested(c.Types[0]) {
			return nestedExtreme(c, largest)
		}
		if c.Types[0].IsFloating() {
			return A(floating)(c)
		}
		return A(plain)(c)
	}
}

// extremeBy prefers rows whose key is a number to those where it is NaN.
func extremeBy(name string, largest bool) Emission {
	return func(c *Call) string {
		if nested(c.Types[1]) {
			return nestedExtremeBy(c, largest)
		}
		if !c.Types[1].IsFloating() {
			return byKey(name)(c)
		}
		return A("(CASE WHEN count<$2|NOT isnan($2)> > 0 THEN " + name + "<$1, $2|NOT isnan($2)> ELSE " + name + "<$1, $2> END)")(c)
	}
}

// extremeN sorts all values; NaN comes last in both orders.
func extremeN(sort string) Emission {
	return func(c *Call) string {
		if nested(c.Types[0]) {
			return firstN(c, sortedNested(c, sort, 0), 1)
		}
		if ownZone(c.Types[0]) {
			sorted := A(sort + "(list<struct_pack(k := epoch_us($1), v := $1)|$1 IS NOT NULL>)")(c)
			return firstN(c, member(sorted, "v"), 1)
		}
		all := sort + "(list<$1|$1 IS NOT NULL>)"
		if c.Types[0].IsFloating() {
			all = "(CASE WHEN count<$1> > 0 THEN list_concat(" + sort + "(list<$1|NOT isnan($1)>), list<$1|isnan($1)>) END)"
		}
		return firstN(c, A(all)(c), 1)
	}
}

func extremeByN(sort string) Emission {
	return func(c *Call) string {
		if nested(c.Types[1]) {
			return firstN(c, sortedNested(c, sort, 1), 2)
		}
		pair := "struct_pack(k := $2, v := $1)"
		if ownZone(c.Types[1]) {
			pair = "struct_pack(k := epoch_us($2), v := $1)"
		}
		all := sort + "(list<" + pair + "|$2 IS NOT NULL>)"
		if c.Types[1].IsFloating() {
			all = "(CASE WHEN count<$2> > 0 THEN list_concat(" + sort + "(list<" + pair + "|NOT isnan($2)>), list<" + pair + "|isnan($2)>) END)"
		}
		sorted := A(all)(c)
		return firstN(c, member(sorted, "v"), 2)
	}
}

// firstN cuts a sorted list, NULL where there is nothing in it, to the number
// that the argument n gives. n is that of the first row.
func firstN(c *Call, sorted string, n int) string {
	plain := *c
	plain.Clauses.Distinct, plain.Clauses.OrderBy = false, ""
	number := A(fmt.Sprintf("any_value<$%d>", n+1))(&plain)
	return expand("(CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN $2 <= 0 THEN "+
		raise(invalidArgument, "second argument of max_n/min_n must be positive")+" WHEN $2 > "+mostExtremes+" THEN "+
		raise(invalidArgument, "second argument of max_n/min_n must be less than or equal to "+mostExtremes)+
		" ELSE list_slice($1, 1, $2) END)", []string{sorted, number})
}
