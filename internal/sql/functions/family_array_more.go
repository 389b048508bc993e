package functions

import (
	"fmt"
	"strings"
)

// The functions of arrays that make others of their elements.
var arrayBuilders = []Function{
	{Name: "array_histogram", Family: arrayFamily, Doc: "Map of the elements that are not NULL to how often they occur.", Example: "array_histogram(ARRAY[1, 1])",
		Sigs: []Signature{{Text: "(array(T)) -> map(T,bigint) [T:comparable]", Emit: canonicalArgs(bound(arrayHistogram))}}},
	{Name: "combinations", Family: arrayFamily, Doc: "Arrays of n elements at different places, in their order.", Example: "combinations(ARRAY[1, 2, 3], 2)",
		Sigs: []Signature{{Text: "(array(T), bigint) -> array(array(T))", Emit: bound(combinations)}}},
	{Name: "contains_sequence", Family: arrayFamily, Doc: "Whether an array has the elements of another, one after the other.", Example: "contains_sequence(ARRAY[1, 2, 3], ARRAY[2, 3])",
		Sigs: []Signature{{Text: "(array(T), array(T)) -> boolean [T:comparable]", Emit: canonicalArgs(T(strict(2,
			"ELSE len($2) = 0 OR len(list_filter(generate_series(1, len($1) - len($2) + 1), lambda scops_i: list_slice($1, scops_i, scops_i + len($2) - 1) IS NOT DISTINCT FROM $2)) > 0")))}}},
	{Name: "ngrams", Family: arrayFamily, Doc: "Arrays of n neighbouring elements.", Example: "ngrams(ARRAY[1, 2, 3], 2)",
		Sigs: []Signature{{Text: "(array(T), bigint) -> array(array(T))", Emit: T(strict(2,
			"WHEN $2 <= 0 THEN "+raise(invalidArgument, "N must be positive")+
				" WHEN $2 >= len($1) THEN [$1] ELSE list_transform(generate_series(1, len($1) - $2 + 1), lambda scops_i: list_slice($1, scops_i, scops_i + $2 - 1))"))}}},
	{Name: "repeat", Family: arrayFamily, OwnNulls: true, Doc: "Array of a value n times, at most 10,000.", Example: "repeat('a', 2)",
		Sigs: []Signature{{Text: "(T, bigint) -> array(T)", Emit: bound(repeated)}}},
	{Name: "trim_array", Family: arrayFamily, Doc: "Array without its last n elements.", Example: "trim_array(ARRAY[1, 2, 3], 1)",
		Sigs: []Signature{{Text: "(array(T), bigint) -> array(T)", Emit: T(strict(2,
			"WHEN $2 < 0 THEN "+raise(invalidArgument, "size must not be negative")+
				" WHEN $2 > len($1) THEN "+raise(invalidArgument, "size must not exceed array cardinality")+
				" WHEN $2 = len($1) THEN list_slice($1, 2, 1) ELSE list_slice($1, 1, len($1) - $2)"))}}},
	{Name: "shuffle", Family: arrayFamily, Volatile: true, Doc: "Elements in an order of chance.", Example: "shuffle(ARRAY[1, 2])",
		Sigs: []Signature{{Text: "(array(T)) -> array(T)", Emit: T(
			"list_transform(list_sort(list_transform($1, lambda scops_e: struct_pack(r := random(), v := scops_e))), lambda scops_s: struct_extract(scops_s, 'v'))")}}},
	{Name: "zip_with", Family: lambdaFamily, Doc: "Array of the results of a function of the elements at the same index; the shorter array is filled with NULL.", Example: "zip_with(ARRAY[1], ARRAY[2], (x, y) -> x + y)",
		Sigs: []Signature{{Text: "(array(T), array(U), function(T,U,R)) -> array(R)", Emit: bound(func(n *nestedSQL, _ *Call, a []string) string {
			i := n.name()
			return strictCases(a[:2], "ELSE list_transform(generate_series(1, greatest(len("+a[0]+"), len("+a[1]+"))), lambda "+i+": "+
				apply(a[2], a[0]+"["+i+"]", a[1]+"["+i+"]")+")")
		})}}},
}

func arrayHistogram(n *nestedSQL, c *Call, a []string) string {
	e, present := n.name(), n.name()
	return strictCases(a, "ELSE list_transform([list_filter("+a[0]+", lambda "+e+": "+e+" IS NOT NULL)], lambda "+present+": "+countsOf(present, c.Types[0].Elem())+")[1]")
}

func repeated(n *nestedSQL, _ *Call, a []string) string {
	return strictCases(a[1:], "WHEN "+a[1]+" < 0 THEN "+raise(invalidArgument, "count argument of repeat function must be greater than or equal to 0")+
		" WHEN "+a[1]+" > 10000 THEN "+raise(invalidArgument, "count argument of repeat function must be less than or equal to 10000")+
		" ELSE list_transform(generate_series(1, "+a[1]+"), lambda "+n.name()+": "+a[0]+")")
}

// The bounds of combinations.
const (
	maxCombination  = 5
	maxCombinations = 100000
)

// combinations writes a loop over the last index around one over the last but
// one, and so on: the order that Trino gives.
func combinations(n *nestedSQL, _ *Call, a []string) string {
	var cases strings.Builder
	for k := 1; k <= maxCombination; k++ {
		fmt.Fprintf(&cases, " WHEN %s = %d THEN %s", a[1], k, n.combinationsOf(k, a[0], "len("+a[0]+")", nil))
	}
	count := "CAST(1 AS DOUBLE)"
	for k := range maxCombination {
		count += fmt.Sprintf(" * CASE WHEN %s > %d THEN (len(%s) - %d) / %d.0 ELSE 1 END", a[1], k, a[0], k, k+1)
	}
	return strictCases(a, "WHEN "+a[1]+" < 0 THEN "+raise(invalidArgument, "combination size must not be negative")+
		fmt.Sprintf(" WHEN %s > %d THEN ", a[1], maxCombination)+raise(invalidArgument, "combination size must not exceed 5")+
		" WHEN "+a[1]+" = 0 THEN [list_slice("+a[0]+", 2, 1)] WHEN "+a[1]+" > len("+a[0]+") THEN list_slice([list_slice("+a[0]+", 2, 1)], 2, 1)"+
		fmt.Sprintf(" WHEN %s > %d THEN ", count, maxCombinations)+raise(invalidArgument, "combinations exceed max size")+cases.String())
}

func (n *nestedSQL) combinationsOf(k int, list, last string, chosen []string) string {
	if k == 0 {
		return "[[" + strings.Join(chosen, ", ") + "]]"
	}
	i := n.name()
	inner := n.combinationsOf(k-1, list, i+" - 1", append([]string{list + "[" + i + "]"}, chosen...))
	return "flatten(list_transform(generate_series(" + fmt.Sprint(k) + ", " + last + "), lambda " + i + ": " + inner + "))"
}

// maxCompared bounds the array that array_sort takes with a comparator: every
// element is compared with every other.
const maxCompared = 2000

// sortedBy is array_sort with a comparator. The place of an element is the
// number of those before it; where the comparator contradicts itself two have
// the same place.
func sortedBy(n *nestedSQL, c *Call, a []string) string {
	i, j, p, q := n.name(), n.name(), n.name(), n.name()
	compared := apply(c.Args[1], a[0]+"["+j+"]", a[0]+"["+i+"]")
	before := "CASE coalesce(" + compared + ", 2) WHEN -1 THEN true WHEN 1 THEN false WHEN 0 THEN " + j + " < " + i + " ELSE " +
		raise(invalidArgument, "Lambda comparator must return either -1, 0, or 1") + " END"
	places := "list_transform(generate_series(1, len(" + a[0] + ")), lambda " + i + ": struct_pack(r := len(list_filter(generate_series(1, len(" + a[0] + ")), lambda " + j +
		": CASE WHEN " + j + " = " + i + " THEN false ELSE " + before + " END)), v := " + a[0] + "[" + i + "]))"
	ranks := "list_transform(" + p + ", lambda " + q + ": struct_extract(" + q + ", 'r'))"
	return strictCases(a[:1], fmt.Sprintf("WHEN len(%s) > %d THEN ", a[0], maxCompared)+raise(notSupported, "array_sort with a comparator of more than 2000 elements is not supported")+
		" ELSE list_transform(["+places+"], lambda "+p+": CASE WHEN len(list_distinct("+ranks+")) < len("+p+") THEN "+
		raise(notSupported, "array_sort with a comparator that contradicts itself is not supported")+
		" ELSE list_transform(list_sort("+p+"), lambda "+q+": struct_extract("+q+", 'v')) END)[1]")
}
