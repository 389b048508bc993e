package functions

import (
	"fmt"
	"strconv"

	"github.com/scopsdb/scops/internal/sql/types"
)

const aggregateFamily = "aggregate"

// maxOf and minOf skip NaN unless there is nothing else, as Trino's do.
const (
	maxOf = "max<$1>"
	// DuckDB's NaN is greater than all else, so min is right by itself.
	maxOfFloats = "coalesce(max<$1|NOT isnan($1)>, max<$1>)"
)

// correlation of reals is computed as of doubles.
const correlation = "(CASE WHEN isfinite(corr<$1, $2>) THEN corr<$1, $2> END)"

var aggregates = []Function{
	{Name: "count", Kind: Aggregate, OwnNulls: true, Doc: "Number of rows, or of values that are not NULL.", Example: "count(*)",
		Sigs: []Signature{
			{Text: "() -> bigint", Emit: A("count<*>")},
			{Text: "(T) -> bigint", Emit: A("count<$1>")},
		}},
	{Name: "count_if", Kind: Aggregate, Doc: "Number of rows for which the condition is true.", Example: "count_if(x > 1)",
		Sigs: []Signature{{Text: "(boolean) -> bigint", Emit: A("CAST(coalesce(count_if<$1>, 0) AS BIGINT)")}}},
	{Name: "sum", Kind: Aggregate, Doc: "Sum; an error where it does not fit the type. NULL without rows.", Example: "sum(x)",
		Sigs: []Signature{
			{Text: "(bigint) -> bigint", Emit: A("CAST(sum<$1> AS BIGINT)")},
			{Text: "(decimal(p,s)) -> decimal(p,s)", Emit: sumDecimal, Return: sumDecimalType},
			{Text: "(double) -> double", Emit: A("sum<$1>")},
			{Text: "(real) -> real", Emit: A("CAST(sum<$1> AS FLOAT)")},
			{Text: "(interval day to second) -> interval day to second", Emit: A("CAST(sum<$1> AS BIGINT)")},
			{Text: "(interval year to month) -> interval year to month", Emit: A("CAST(sum<$1> AS INTEGER)")},
		}},
	{Name: "avg", Kind: Aggregate, Doc: "Mean; of decimals a decimal, rounded half up.", Example: "avg(x)",
		Sigs: []Signature{
			{Text: "(bigint) -> double", Emit: A("avg<$1>")},
			{Text: "(decimal(p,s)) -> decimal(p,s)", Emit: avgDecimal},
			{Text: "(double) -> double", Emit: A("avg<$1>")},
			{Text: "(real) -> real", Emit: A("CAST(avg<$1> AS FLOAT)")},
			{Text: "(interval day to second) -> interval day to second", Emit: A("CAST(floor(avg<$1> + 0.5) AS BIGINT)")},
			{Text: "(interval year to month) -> interval year to month", Emit: A("CAST(floor(avg<$1> + 0.5) AS INTEGER)")},
		}},
	{Name: "min", Kind: Aggregate, Doc: "Smallest value.", Example: "min(x)",
		Sigs: []Signature{{Text: "(T) -> T [T:orderable]", Emit: A("min<$1>"), Check: flat}}},
	{Name: "max", Kind: Aggregate, Doc: "Largest value.", Example: "max(x)",
		Sigs: []Signature{{Text: "(T) -> T [T:orderable]", Emit: maxEmission, Check: flat}}},
	{Name: "min_by", Kind: Aggregate, OwnNulls: true, Doc: "Value of the first argument where the second is smallest.", Example: "min_by(name, price)",
		Sigs: []Signature{{Text: "(V, K) -> V [K:orderable]", Emit: byKey("arg_min_null"), Check: flatKey}}},
	{Name: "max_by", Kind: Aggregate, OwnNulls: true, Doc: "Value of the first argument where the second is largest.", Example: "max_by(name, price)",
		Sigs: []Signature{{Text: "(V, K) -> V [K:orderable]", Emit: byKey("arg_max_null"), Check: flatKey}}},
	{Name: "bool_and", Aliases: []string{"every"}, Kind: Aggregate, Doc: "Whether all values are true.", Example: "bool_and(x > 1)",
		Sigs: []Signature{{Text: "(boolean) -> boolean", Emit: A("bool_and<$1>")}}},
	{Name: "bool_or", Kind: Aggregate, Doc: "Whether a value is true.", Example: "bool_or(x > 1)",
		Sigs: []Signature{{Text: "(boolean) -> boolean", Emit: A("bool_or<$1>")}}},
	{Name: "arbitrary", Aliases: []string{"any_value"}, Kind: Aggregate, Doc: "Some value that is not NULL, where there is one.", Example: "arbitrary(x)",
		Sigs: []Signature{{Text: "(T) -> T", Emit: A("any_value<$1>")}}},
	{Name: "approx_distinct", Kind: Aggregate, Doc: "Number of distinct values. Exact here, which lies within every error bound.", Example: "approx_distinct(x)",
		Sigs: []Signature{
			{Text: "(T) -> bigint [T:comparable]", Emit: distinctCount},
			{Text: "(T, double) -> bigint [T:comparable]", Emit: distinctCount},
		}},
	{Name: "approx_percentile", Kind: Aggregate, Doc: "Value at a percentile. Exact here.", Example: "approx_percentile(x, 0.5)",
		Sigs: []Signature{
			{Text: "(bigint, double) -> bigint", Emit: percentile, Check: constantFraction},
			{Text: "(double, double) -> double", Emit: percentile, Check: constantFraction},
			{Text: "(real, double) -> real", Emit: percentile, Check: constantFraction},
		}},
	{Name: "array_agg", Kind: Aggregate, OwnNulls: true, Doc: "Array of all values, NULL too.", Example: "array_agg(x ORDER BY x)",
		Sigs: []Signature{{Text: "(T) -> array(T)", Emit: A("list<$1>")}}},
	{Name: "map_agg", Kind: Aggregate, OwnNulls: true, Doc: "Map of keys to values; one value is kept for a key.", Example: "map_agg(k, v)",
		Sigs: []Signature{{Text: "(K, V) -> map(K,V) [K:comparable]", Emit: mapAgg}}},
	{Name: "histogram", Kind: Aggregate, Doc: "Map of each value to how often it occurs.", Example: "histogram(x)",
		Sigs: []Signature{{Text: "(T) -> map(T,bigint) [T:comparable]", Emit: histogram, Check: flat}}},
	{Name: "listagg", Kind: Aggregate, Doc: "Values joined by a separator, in the order of WITHIN GROUP. NULL is skipped.", Example: "listagg(x, ',') WITHIN GROUP (ORDER BY x)",
		Sigs: []Signature{
			{Text: "(varchar(x)) -> varchar", Emit: A("string_agg<$1, ''>")},
			{Text: "(varchar(x), varchar(y)) -> varchar", Emit: A("string_agg<$1, $2>"), Check: constantSeparator},
		}},
	statistic("stddev", "Sample standard deviation.", "stddev_samp", "stddev_samp"),
	statistic("stddev_pop", "Standard deviation of the population.", "stddev_pop"),
	statistic("variance", "Sample variance.", "var_samp", "var_samp"),
	statistic("var_pop", "Variance of the population.", "var_pop"),
	{Name: "corr", Kind: Aggregate, Doc: "Correlation coefficient; NULL where it is not defined.", Example: "corr(y, x)",
		Sigs: []Signature{
			{Text: "(double, double) -> double", Emit: A(correlation)},
			{Text: "(real, real) -> real", Emit: A("CAST(" + correlation + " AS FLOAT)")},
		}},
}

// statistic is a row for an aggregate of doubles that both systems define in
// the same way.
func statistic(name, doc, duck string, aliases ...string) Function {
	return Function{
		Name: name, Aliases: aliases, Kind: Aggregate, Doc: doc, Example: name + "(x)",
		Sigs: []Signature{{Text: "(double) -> double", Emit: A(duck + "<$1>")}},
	}
}

// flat refuses nested values where NULL inside them would matter.
func flat(c *Call) *Error {
	if nested(c.Types[0]) {
		return refuse(notSupported, "Aggregation of %s is not supported", c.Types[0])
	}
	return nil
}

// flatKey refuses orders in which NULL or NaN inside would matter.
func flatKey(c *Call) *Error {
	if nested(c.Types[1]) || c.Types[1].IsFloating() {
		return refuse(notSupported, "Ordering by %s is not supported here", c.Types[1])
	}
	return nil
}

func maxEmission(c *Call) string {
	if c.Types[0].IsFloating() {
		return A(maxOfFloats)(c)
	}
	return A(maxOf)(c)
}

func sumDecimalType(c *Call) types.Type {
	return types.DecimalType(types.MaxDecimalPrecision, c.Types[0].Scale)
}

// sumDecimal adds zero, because DuckDB's sum does not check the limit of 38
// digits and its addition does.
func sumDecimal(c *Call) string {
	return fmt.Sprintf("(%s + CAST(0 AS DECIMAL(38,%d)))", A("sum<$1>")(c), c.Types[0].Scale)
}

func avgDecimal(c *Call) string {
	t := c.Types[0]
	total := unscaled(A("sum<$1>")(c), types.DecimalType(types.MaxDecimalPrecision, t.Scale))
	count := A("count<$1>")(c)
	return "(CASE WHEN " + count + " > 0 THEN " + rescaled(divideHalfUp(total, "CAST("+count+" AS HUGEINT)"), t) + " END)"
}

func distinctCount(c *Call) string {
	with := *c
	with.Clauses.Distinct = true
	return A("count<$1>")(&with)
}

// percentile is the value at floor(fraction * rows), counted from 0, as Trino's
// digest gives it while it holds every value. DuckDB's quantile_disc takes
// ceil(fraction * rows) - 1; from the other end (a negative fraction) that is
// the same. NaN is an error in Trino.
func percentile(c *Call) string {
	f := c.Consts[1].(float64)
	fraction := "-" + strconv.FormatFloat(1-f, 'g', -1, 64)
	if f == 1 {
		return notANumber(c, A("max<$1>"))
	}
	return notANumber(c, A("quantile_disc<$1, "+fraction+">"))
}

// notANumber fails an aggregate of floating point that meets NaN.
func notANumber(c *Call, emit Emission) string {
	if !c.Types[0].IsFloating() {
		return emit(c)
	}
	return "(CASE WHEN " + A("count<$1|isnan($1)>")(c) + " > 0 THEN " + raise("GENERIC_INTERNAL_ERROR", "value is NaN") + " ELSE " + emit(c) + " END)"
}

func constantFraction(c *Call) *Error {
	f, ok := c.Consts[1].(float64)
	if !c.IsConst[1] || !ok {
		return &Error{Name: notSupported, Message: "The percentile must be a constant", Arg: 1}
	}
	if f < 0 || f > 1 {
		return &Error{Name: invalidArgument, Message: "Percentile must be between 0 and 1", Arg: 1}
	}
	return nil
}

func constantSeparator(c *Call) *Error { return needConstant(c, 1, "separator") }

// mapAgg keeps the first value of each key. Distinct pairs have the same first
// values, so DISTINCT changes nothing.
func mapAgg(c *Call) string {
	pairs := *c
	pairs.Clauses.Distinct = false
	list := A("list<struct_pack(k := $1, v := $2)|$1 IS NOT NULL>")(&pairs)
	keys := "list_transform($1, lambda scops_e: struct_extract(scops_e, 'k'))"
	return expand("(CASE WHEN $1 IS NOT NULL THEN map(list_distinct("+keys+"), list_transform(list_distinct("+keys+
		"), lambda scops_k: struct_extract($1[list_position("+keys+", scops_k)], 'v'))) END)", []string{list})
}

func histogram(c *Call) string {
	return "CAST(" + A("histogram<$1>")(c) + " AS " + duckType(c.Return) + ")"
}
