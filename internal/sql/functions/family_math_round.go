package functions

import (
	"fmt"
	"strconv"

	"github.com/scopsdb/scops/internal/sql/types"
)

// roundSignatures are round(x) and round(x, n).
func roundSignatures() []Signature {
	out := rounding("round($1)")
	for i := range out {
		switch out[i].Text {
		case "(double) -> double", "(real) -> real":
			out[i].Emit = roundFloat
		}
	}
	for _, t := range []string{"tinyint", "smallint", "integer", "bigint"} {
		out = append(out, Signature{Text: "(" + t + ", integer) -> " + t, Emit: roundInteger})
	}
	return append(out,
		Signature{Text: "(decimal(p,s), integer) -> decimal(p,s)", Emit: roundDecimal, Return: roundDecimalType},
		Signature{Text: "(double, integer) -> double", Emit: roundFloat},
		Signature{Text: "(real, integer) -> real", Emit: roundFloat},
	)
}

// roundFloat rounds x * 10^n as Java's Math.round does, to a long; what is
// beyond stays as it is.
func roundFloat(c *Call) string {
	factor := "CAST(1 AS DOUBLE)"
	if len(c.Args) > 1 {
		factor = "power(CAST(10 AS DOUBLE), $2)"
		if n, ok := c.Consts[1].(int64); ok {
			factor = floatLiteral(powerOf(n), "DOUBLE", 64)
		}
	}
	return toReturn("scops_round(CAST($1 AS DOUBLE), " + factor + ")")(c)
}

func powerOf(n int64) float64 {
	f, _ := strconv.ParseFloat("1e"+strconv.FormatInt(n, 10), 64)
	return f
}

func roundInteger(c *Call) string {
	if n, ok := c.Consts[1].(int64); ok && n >= 0 {
		return c.Args[0]
	}
	rounded := "scops_round_integer(CAST($1 AS BIGINT), $2)"
	if c.Return.Kind == types.BigInt {
		return expand(rounded, c.Args)
	}
	name := numericOutOfRange
	if c.Return.Kind == types.Integer {
		name = internalError
	}
	return expand("(CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN coalesce(TRY_CAST("+rounded+" AS "+duckType(c.Return)+"), "+
		raise(name, "Out of range for "+c.Return.String())+") END)", c.Args)
}

func roundDecimalType(c *Call) types.Type {
	t := c.Types[0]
	return types.DecimalType(min(types.MaxDecimalPrecision, t.Precision+1), t.Scale)
}

// roundDecimal keeps the scale; digits beyond it change nothing.
func roundDecimal(c *Call) string {
	widened := fmt.Sprintf("CAST($1 AS %s)", duckType(c.Return))
	n, ok := c.Consts[1].(int64)
	switch {
	case ok && n >= int64(c.Types[0].Scale):
		return expand(widened, c.Args)
	case ok && n >= 0:
		return expand(fmt.Sprintf("CAST(round(%s, %d) AS %s)", widened, n, duckType(c.Return)), c.Args)
	}
	return expand("(CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN coalesce(TRY_CAST(scops_round_decimal(CAST("+widened+" AS VARCHAR), $2, false) AS "+
		duckType(c.Return)+"), "+raise(numericOutOfRange, "decimal overflow")+") END)", c.Args)
}

// randoms are the signatures of random: below n, or from start to before stop.
func randoms() []Signature {
	out := []Signature{{Text: "() -> double", Emit: T("random()")}}
	for _, t := range []string{"tinyint", "smallint", "integer", "bigint"} {
		out = append(out,
			Signature{Text: "(" + t + ") -> " + t, Emit: toReturn("CASE WHEN $1 <= 0 THEN " + raise(invalidArgument, "bound must be positive") +
				" ELSE floor(random() * $1) END")},
			Signature{Text: "(" + t + ", " + t + ") -> " + t, Emit: toReturn("CASE WHEN $1 >= $2 THEN " + raise(invalidArgument, "start value must be less than stop value") +
				" ELSE CAST($1 AS HUGEINT) + CAST(floor(random() * (CAST($2 AS HUGEINT) - CAST($1 AS HUGEINT))) AS HUGEINT) END")},
		)
	}
	return out
}
