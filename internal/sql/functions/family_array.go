package functions

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

const arrayFamily = "array"

const zeroIndex = "SQL array indices start at 1"

var arrays = []Function{
	{Name: "cardinality", Doc: "Number of elements of an array or map; estimated, of a HyperLogLog or set digest.", Example: "cardinality(ARRAY[1, 2]) = 2",
		Sigs: []Signature{
			{Text: "(array(T)) -> bigint", Emit: T("len($1)")},
			{Text: "(map(K,V)) -> bigint", Emit: T("CAST(cardinality($1) AS BIGINT)")},
			{Text: "(hyperloglog) -> bigint", Emit: T("scops_hll_cardinality($1)")},
			{Text: "(setdigest) -> bigint", Emit: T("scops_set_cardinality($1)")},
		}},
	{Name: "element_at", Doc: "Element at an index, from the end if negative, or at a key; NULL where there is none.", Example: "element_at(ARRAY[1, 2], -1) = 2",
		Sigs: []Signature{
			{Text: "(array(T), bigint) -> T", Emit: T(strict(2, "WHEN $2 = 0 THEN "+raise(invalidArgument, zeroIndex)+" ELSE $1[$2]"))},
			{Text: "(map(K,V), K) -> V", Emit: bound(valueAt)},
		}},
	{Name: "contains", Doc: "Whether an array has an element; NULL if it might be a NULL one.", Example: "contains(ARRAY[1, 2], 2)",
		Sigs: []Signature{addressInNetwork, {Text: "(array(T), T) -> boolean [T:comparable]",
			Emit: plainOr(strict(2, "WHEN list_contains($1, $2) THEN true WHEN len($1) = list_count($1) THEN false"), containsElement)}}},
	{Name: "array_join", Doc: "Elements as text, joined; NULL is skipped or replaced.", Example: "array_join(ARRAY[1, 2], ',') = '1,2'",
		Sigs: []Signature{
			{Text: "(array(T), varchar) -> varchar", Emit: arrayJoin, Check: textElements},
			{Text: "(array(T), varchar, varchar) -> varchar", Emit: arrayJoin, Check: textElements},
		}},
	{Name: "array_sort", Doc: "Elements in order, NULL last.", Example: "array_sort(ARRAY[2, 1])",
		Sigs: []Signature{
			{Text: "(array(T)) -> array(T) [T:orderable]", Emit: bound(sorted)},
			{Text: "(array(T), function(T,T,integer)) -> array(T)", Emit: bound(sortedBy)},
		}},
	{Name: "array_distinct", Doc: "Elements without repetitions, in order of their first.", Example: "array_distinct(ARRAY[1, 1])",
		Sigs: []Signature{{Text: "(array(T)) -> array(T) [T:comparable]", Emit: canonicalArgs(arrayDistinct)}}},
	{Name: "array_position", Doc: "Index of the first equal element, 0 where there is none.", Example: "array_position(ARRAY[1, 2], 2) = 2",
		Sigs: []Signature{{Text: "(array(T), T) -> bigint [T:comparable]",
			Emit: plainOr(strict(2, "ELSE coalesce(CAST(list_position($1, $2) AS BIGINT), 0)"), elementPosition)}}},
	{Name: "array_remove", Doc: "Array without the elements equal to a value.", Example: "array_remove(ARRAY[1, 2], 2)",
		Sigs: []Signature{{Text: "(array(T), T) -> array(T) [T:comparable]",
			Emit: plainOr(strict(2, "ELSE list_filter($1, lambda scops_e: scops_e IS DISTINCT FROM $2)"), removeElement)}}},
	{Name: "array_max", Doc: "Largest element; NULL if one is NULL.", Example: "array_max(ARRAY[1, 2]) = 2",
		Sigs: []Signature{{Text: "(array(T)) -> T [T:orderable]", Emit: extremeElement(true)}}},
	{Name: "array_min", Doc: "Smallest element; NULL if one is NULL.", Example: "array_min(ARRAY[1, 2]) = 1",
		Sigs: []Signature{{Text: "(array(T)) -> T [T:orderable]", Emit: extremeElement(false)}}},
	{Name: "slice", Doc: "Part of an array from a start, from the end if negative, of a length.", Example: "slice(ARRAY[1, 2, 3], 2, 2)",
		Sigs: []Signature{{Text: "(array(T), bigint, bigint) -> array(T)", Emit: T(strict(3, "WHEN $2 = 0 THEN "+raise(invalidArgument, zeroIndex)+
			" WHEN $3 < 0 THEN "+raise(invalidArgument, "length must be greater than or equal to 0")+
			" WHEN -$2 > len($1) OR $3 = 0 THEN list_slice($1, 2, 1)"+
			" WHEN $2 < 0 THEN list_slice($1, len($1) + $2 + 1, least(len($1), len($1) + $2 + $3))"+
			" ELSE list_slice($1, $2, least(len($1), $2 + $3 - 1))"))}}},
	{Name: "sequence", Doc: "Numbers or dates from a start to a stop, with a step.", Example: "sequence(1, 3)", Sigs: sequences()},
	{Name: "flatten", Doc: "Elements of the arrays of an array; NULL arrays are skipped.", Example: "flatten(ARRAY[ARRAY[1], ARRAY[2]])",
		Sigs: []Signature{{Text: "(array(array(T))) -> array(T)", Emit: T("flatten($1)")}}},
	{Name: "arrays_overlap", Doc: "Whether two arrays have an element in common; NULL if it might be a NULL one.", Example: "arrays_overlap(ARRAY[1], ARRAY[1, 2])",
		Sigs: []Signature{{Text: "(array(T), array(T)) -> boolean [T:comparable]",
			Emit: bound(overlap)}}},
	{Name: "array_union", Doc: "Elements of both arrays without repetitions.", Example: "array_union(ARRAY[1], ARRAY[1, 2])",
		Sigs: []Signature{{Text: "(array(T), array(T)) -> array(T) [T:comparable]", Emit: canonicalArgs(func(c *Call) string {
			return expand(distinctOf("$1"), []string{expand("(CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN list_concat($1, $2) END)", c.Args)})
		})}}},
	{Name: "array_intersect", Doc: "Elements of both arrays that both have, without repetitions.", Example: "array_intersect(ARRAY[1, 2], ARRAY[2])",
		Sigs: []Signature{{Text: "(array(T), array(T)) -> array(T) [T:comparable]", Emit: canonicalArgs(T(strict(2, "ELSE "+picked("IS NOT NULL"))))}}},
	{Name: "array_except", Doc: "Elements that only the first array has, without repetitions.", Example: "array_except(ARRAY[1, 2], ARRAY[2])",
		Sigs: []Signature{{Text: "(array(T), array(T)) -> array(T) [T:comparable]", Emit: canonicalArgs(T(strict(2, "ELSE "+picked("IS NULL"))))}}},
	{Name: "zip", Doc: "Array of rows of the elements at the same index; the shorter are filled with NULL.", Example: "zip(ARRAY[1, 2], ARRAY['a', 'b'])",
		Sigs: []Signature{
			{Text: "(array(T), array(U)) -> array(row(T,U))", Emit: zip},
			{Text: "(array(T), array(U), array(V)) -> array(row(T,U,V))", Emit: zip},
			{Text: "(array(T), array(U), array(V), array(W)) -> array(row(T,U,V,W))", Emit: zip},
			{Text: "(array(T), array(U), array(V), array(W), array(X)) -> array(row(T,U,V,W,X))", Emit: zip},
		}},
}

// distinctOf keeps the first of equal elements, NULL too.
func distinctOf(list string) string {
	return "list_filter(" + list + ", lambda scops_e, scops_i: list_position(" + list + ", scops_e) = scops_i)"
}

// longDistinct is the length from which equal elements are found by their texts,
// as comparing each with all before it takes quadratic time.
const longDistinct = "100"

func arrayDistinct(c *Call) string {
	text := keyText(c.Types[0].Elem(), "scops_e")
	return expand("(CASE WHEN len($1) > "+longDistinct+" THEN list_select($1, scops_firsts(list_transform($1, lambda scops_e: coalesce('v' || "+text+", 'n')))) ELSE "+
		distinctOf("$1")+" END)", c.Args)
}

// picked are the distinct elements of the first array by whether the second
// has them.
func picked(has string) string {
	return "list_filter($1, lambda scops_e, scops_i: list_position($1, scops_e) = scops_i AND list_position($2, scops_e) " + has + ")"
}

// textElements wants elements that can be cast to varchar.
func textElements(c *Call) *Error {
	elem := c.Types[0].Elem()
	if _, err := cast(elem, types.VarcharUnbounded, false); err != nil || elem.Kind == types.JSON {
		return refuse("OPERATOR_NOT_FOUND", "Cannot cast %s to varchar", elem)
	}
	return nil
}

func arrayJoin(c *Call) string {
	elem := c.Types[0].Elem()
	r, err := cast(elem, types.VarcharUnbounded, false)
	if err != nil {
		panic("functions: " + err.Error()) // textElements has tried it
	}
	text := r.Emit("scops_e")
	if len(c.Args) == 3 {
		text = "coalesce(" + text + ", $3)"
	}
	texts := "list_transform($1, lambda scops_e: " + text + ")"
	if c.IsConst[1] {
		return expand(strict(len(c.Args), "ELSE coalesce(array_to_string("+texts+", $2), '')"), c.Args)
	}
	return expand(strict(len(c.Args), "ELSE "+joinList("list_filter("+texts+", lambda scops_f: scops_f IS NOT NULL)", "$2")), c.Args)
}

func zip(c *Call) string {
	row := c.Return.Elem()
	fields := make([]string, len(c.Args))
	lengths := make([]string, len(c.Args))
	for i := range c.Args {
		p := fmt.Sprintf("$%d", i+1)
		fields[i] = types.DuckDBFieldName(row, i) + " := " + p + "[scops_i]"
		lengths[i] = "len(" + p + ")"
	}
	body := "ELSE list_transform(generate_series(1, greatest(" + strings.Join(lengths, ", ") + ")), lambda scops_i: struct_pack(" + strings.Join(fields, ", ") + "))"
	return expand(strict(len(c.Args), body), c.Args)
}

// sequences are the forms of sequence; Trino allows 10,000 elements.
func sequences() []Signature {
	const text = "(%s, %s, %s) -> array(%s)"
	auto := "CASE WHEN $2 < $1 THEN -1 ELSE 1 END"
	return []Signature{
		{Text: "(bigint, bigint) -> array(bigint)", Emit: T(checkedSequence("$1", "$2", auto, 2, "generate_series($1, $2, "+auto+")"))},
		{Text: "(bigint, bigint, bigint) -> array(bigint)", Emit: T(checkedSequence("$1", "$2", "$3", 3, "generate_series($1, $2, $3)"))},
		{Text: "(date, date) -> array(date)", Emit: T(checkedSequence("0", "($2 - $1)", auto, 2,
			"list_transform(generate_series(0, CAST($2 - $1 AS BIGINT), "+auto+"), lambda scops_i: $1 + CAST(scops_i AS INTEGER))"))},
		{Text: fmt.Sprintf(text, "date", "date", "interval day to second", "date"), Emit: T(checkedSequence("0", "($2 - $1)", "($3 // 86400000)", 3,
			"list_transform(generate_series(0, CAST($2 - $1 AS BIGINT), $3 // 86400000), lambda scops_i: $1 + CAST(scops_i AS INTEGER))", "$3 % 86400000 <> 0"))},
		{Text: "(date, date, interval year to month) -> array(date)", Emit: T(monthSequence("CAST($1 + to_months(CAST(scops_i AS INTEGER)) AS DATE)", "$1", "$2"))},
		{Text: "(timestamp(p), timestamp(p), interval day to second) -> array(timestamp(p))", Emit: timestampSequence},
		{Text: "(timestamp(p), timestamp(p), interval year to month) -> array(timestamp(p))",
			Emit: T(monthSequence("$1 + to_months(CAST(scops_i AS INTEGER))", "date_trunc('millisecond', $1)", "date_trunc('millisecond', $2)"))},
	}
}

// checkedSequence refuses a step of zero or away from the stop, and too many
// elements.
func checkedSequence(start, stop, step string, args int, series string, bad ...string) string {
	refused := ""
	for _, condition := range bad {
		refused += " WHEN " + condition + " THEN " + raise(invalidArgument, "sequence step must be a day interval if start and end values are dates")
	}
	return strict(args, "WHEN "+step+" = 0 THEN "+raise(invalidArgument, "step must not be zero")+refused+
		" WHEN ("+step+" > 0) <> ("+stop+" >= "+start+") AND "+stop+" <> "+start+" THEN "+
		raise(invalidArgument, "sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start")+
		" WHEN abs(CAST("+stop+" AS HUGEINT) - CAST("+start+" AS HUGEINT)) // abs("+step+") >= 10000 THEN "+
		raise(invalidArgument, "result of sequence function must not have more than 10000 entries")+
		" ELSE "+series)
}
