package functions

import (
	"fmt"

	"github.com/scopsdb/scops/internal/sql/types"
)

const aggregateFamily = "aggregate"

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
	{Name: "bool_and", Aliases: []string{"every"}, Kind: Aggregate, Doc: "Whether all values are true.", Example: "bool_and(x > 1)",
		Sigs: []Signature{{Text: "(boolean) -> boolean", Emit: A("bool_and<$1>")}}},
	{Name: "bool_or", Kind: Aggregate, Doc: "Whether a value is true.", Example: "bool_or(x > 1)",
		Sigs: []Signature{{Text: "(boolean) -> boolean", Emit: A("bool_or<$1>")}}},
	{Name: "arbitrary", Aliases: []string{"any_value"}, Kind: Aggregate, Doc: "Some value that is not NULL, where there is one.", Example: "arbitrary(x)",
		Sigs: []Signature{{Text: "(T) -> T", Emit: A("any_value<$1>")}}},
	{Name: "bitwise_and_agg", Kind: Aggregate, Doc: "Bits that all values have.", Example: "bitwise_and_agg(x)",
		Sigs: []Signature{{Text: "(bigint) -> bigint", Emit: A("bit_and<$1>")}}},
	{Name: "bitwise_or_agg", Kind: Aggregate, Doc: "Bits that some value has.", Example: "bitwise_or_agg(x)",
		Sigs: []Signature{{Text: "(bigint) -> bigint", Emit: A("bit_or<$1>")}}},
	{Name: "array_agg", Kind: Aggregate, OwnNulls: true, Doc: "Array of all values, NULL too.", Example: "array_agg(x ORDER BY x)",
		Sigs: []Signature{{Text: "(T) -> array(T)", Emit: A("list<$1>")}}},
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
