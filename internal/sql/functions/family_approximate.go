package functions

import (
	"fmt"
	"strconv"

	"github.com/scopsdb/scops/internal/sql/types"
)

var approximations = []Function{
	{Name: "approx_distinct", Kind: Aggregate, Doc: "Number of distinct values. Exact here, which lies within every error bound.", Example: "approx_distinct(x)",
		Sigs: []Signature{
			{Text: "(T) -> bigint [T:comparable]", Emit: distinctCount},
			{Text: "(T, double) -> bigint [T:comparable]", Emit: distinctCount},
		}},
	{Name: "approx_percentile", Kind: Aggregate, Doc: "Value at a percentile. Exact here, unless there are weights.", Example: "approx_percentile(x, 0.5)",
		Sigs: percentileForms()},
	{Name: "approx_most_frequent", Kind: Aggregate, Doc: "Map of the n most frequent values to how often they occur, counted with a bounded number of counters.", Example: "approx_most_frequent(3, x, 100)",
		Sigs: []Signature{
			{Text: "(bigint, bigint, bigint) -> map(bigint,bigint)", Emit: mostFrequent},
			{Text: "(bigint, varchar, bigint) -> map(varchar,bigint)", Emit: mostFrequent},
		}},
}

func percentileForms() []Signature {
	var out []Signature
	for _, t := range []string{"bigint", "double", "real"} {
		out = append(out,
			Signature{Text: fmt.Sprintf("(%s, double) -> %s", t, t), Emit: percentile, Check: fractionInRange},
			Signature{Text: fmt.Sprintf("(%s, array(double)) -> array(%s)", t, t), Emit: percentiles},
			Signature{Text: fmt.Sprintf("(%s, double, double) -> %s", t, t), Emit: weightedPercentile},
			Signature{Text: fmt.Sprintf("(%s, double, array(double)) -> array(%s)", t, t), Emit: weightedPercentile},
		)
	}
	return out
}

func distinctCount(c *Call) string {
	with := *c
	with.Clauses.Distinct = true
	count := A("count<$1>")(&with)
	if len(c.Args) == 1 {
		return count
	}
	return "(CASE WHEN " + A("count<$2|NOT ($2 BETWEEN 0.0040625 AND 0.26)>")(c) + " > 0 THEN " +
		raise(invalidArgument, "Standard error must be in range [0.0040625, 0.26]") + " ELSE " + count + " END)"
}

// percentile is the value at floor(fraction * rows), counted from 0, as Trino's
// digest gives it while it holds every value. DuckDB's quantile_disc takes
// ceil(fraction * rows) - 1; from the other end (a negative fraction) that is
// the same. NaN is an error in Trino.
func percentile(c *Call) string {
	f, ok := c.Consts[1].(float64)
	if !c.IsConst[1] || !ok {
		with := *c
		with.Args = []string{c.Args[0], "list_value(" + c.Args[1] + ")"}
		return "list_extract(" + percentiles(&with) + ", 1)"
	}
	if f == 1 {
		return notANumber(c, A("max<$1>"))
	}
	return notANumber(c, A("quantile_disc<$1, -"+strconv.FormatFloat(1-f, 'g', -1, 64)+">"))
}

// notANumber fails an aggregate of floating point that meets NaN.
func notANumber(c *Call, emit Emission) string {
	if !c.Types[0].IsFloating() {
		return emit(c)
	}
	return "(CASE WHEN " + A("count<$1|isnan($1)>")(c) + " > 0 THEN " + raise("GENERIC_INTERNAL_ERROR", "value is NaN") + " ELSE " + emit(c) + " END)"
}

func fractionInRange(c *Call) *Error {
	if f, ok := c.Consts[1].(float64); ok && (f < 0 || f > 1) {
		return &Error{Name: invalidArgument, Message: "Percentile must be between 0 and 1", Arg: 1}
	}
	return nil
}

// samePercentile are the percentiles of a group, which must be the same in all rows:
// Trino takes those of whichever row comes last.
func samePercentile(c *Call, place string) string {
	plain := *c
	plain.Clauses.Distinct, plain.Clauses.OrderBy = false, ""
	return A("(CASE WHEN min<" + place + "> <> max<" + place + "> THEN " + raise(notSupported, "A percentile that differs between rows is not supported") +
		" ELSE any_value<" + place + "> END)")(&plain)
}

func percentiles(c *Call) string {
	name := "scops_percentiles"
	if c.Types[0].Kind == types.BigInt {
		name = "scops_percentiles_bigint"
	}
	list := "list<CAST($1 AS DOUBLE)|$1 IS NOT NULL>"
	if c.Types[0].Kind == types.BigInt {
		list = "list<$1|$1 IS NOT NULL>"
	}
	text := name + "(" + A(list)(c) + ", " + samePercentile(c, "$2") + ")"
	if c.Types[0].Kind == types.Real {
		return "CAST(" + text + " AS FLOAT[])"
	}
	return text
}

// weightedPercentile is Trino's t-digest, which interpolates between weights.
func weightedPercentile(c *Call) string {
	values, weights := columns(c, "CAST($1 AS DOUBLE)", "$2")
	single := c.Types[2].Kind == types.Double
	with := *c
	if single {
		with.Args = []string{c.Args[0], c.Args[1], "list_value(" + c.Args[2] + ")"}
	}
	text := "scops_weighted_percentiles(" + values + ", " + weights + ", " + samePercentile(&with, "$3") + ")"
	element := "DOUBLE"
	switch c.Types[0].Kind {
	case types.BigInt:
		element = "BIGINT"
		text = "list_transform(" + text + ", lambda scops_e: floor(scops_e + 0.5))"
	case types.Real:
		element = "FLOAT"
	}
	text = "CAST(" + text + " AS " + element + "[])"
	if single {
		return "list_extract(" + text + ", 1)"
	}
	return text
}

func mostFrequent(c *Call) string {
	plain := *c
	plain.Clauses.Distinct, plain.Clauses.OrderBy = false, ""
	buckets, capacity := A("any_value<$1>")(&plain), A("any_value<$3>")(&plain)
	flat := expand("(CASE WHEN $2 <= 0 THEN "+raise(invalidArgument, "approx_most_frequent bucket count must be greater than one, input bucket count: 0")+
		" WHEN $3 <= 0 THEN "+raise(invalidArgument, "approx_most_frequent capacity must be greater than zero")+
		" ELSE scops_most_frequent($2, $1, $3) END)",
		[]string{A("list<CAST($2 AS VARCHAR)|$2 IS NOT NULL>")(c), buckets, capacity})
	return "CAST(" + expand("map(list_slice($1, 1, len($1), 2), list_slice($1, 2, len($1), 2))", []string{flat}) + " AS " + duckType(c.Return) + ")"
}
