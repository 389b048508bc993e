package duckdbudf

import (
	"database/sql/driver"
	"math"
	"math/big"
	"math/bits"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/scopsdb/scops/internal/sql/functions/strictmath"
)

var mathUDFs = []udf{
	ofDouble("scops_asin", strictmath.Asin), ofDouble("scops_acos", strictmath.Acos), ofDouble("scops_atan", strictmath.Atan),
	ofDouble("scops_sinh", strictmath.Sinh), ofDouble("scops_cosh", strictmath.Cosh), ofDouble("scops_tanh", strictmath.Tanh),
	ofDouble("scops_cbrt", strictmath.Cbrt), ofDouble("scops_log10", strictmath.Log10),
	{name: "scops_atan2", in: in(double, double), out: double, run: func(a []driver.Value) (any, error) {
		return strictmath.Atan2(a[0].(float64), a[1].(float64)), nil
	}},
	{name: "scops_bit_count", in: in(bigint, bigint), out: bigint, run: bitCount},
	{name: "scops_round_integer", in: in(bigint, integer), out: bigint, run: roundInteger},
	{name: "scops_round_decimal", in: in(text, integer, boolean), out: text, run: func(a []driver.Value) (any, error) {
		return roundDecimal(a[0].(string), int(a[1].(int32)), a[2].(bool)), nil
	}},
	{name: "scops_width_bucket", in: in(double, list(double)), out: bigint, run: widthBucket},
	{name: "scops_wilson", in: in(boolean, bigint, bigint, double), out: double, run: wilson},
	{name: "scops_cosine_similarity", in: in(mapOf(text, double), mapOf(text, double)), out: double, run: cosineSimilarity},
	{name: "scops_normal_cdf", in: in(double, double, double), out: double, run: normalCDF},
	{name: "scops_inverse_normal_cdf", in: in(double, double, double), out: double, run: inverseNormalCDF},
}

func ofDouble(name string, f func(float64) float64) udf {
	return udf{name: name, in: in(double), out: double, run: func(a []driver.Value) (any, error) { return f(a[0].(float64)), nil }}
}

// bitCount counts the set bits of a number of n bits in two's complement.
func bitCount(a []driver.Value) (any, error) {
	n, width := a[0].(int64), a[1].(int64)
	if width < 2 || width > 64 {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Bits specified in bit_count must be between 2 and 64, got %d", width)
	}
	if half := int64(1) << (width - 1); width < 64 && (n < -half || n > half-1) {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Number must be representable with the bits specified. %d cannot be represented with %d bits", n, width)
	}
	return int64(bits.OnesCount64(uint64(n) << (64 - width))), nil
}

// longestInteger is the power of ten that a bigint does not hold.
const longestInteger = 19

// roundInteger rounds to tens, hundreds … where n < 0, half away from zero.
func roundInteger(a []driver.Value) (any, error) {
	v, n := a[0].(int64), int64(a[1].(int32))
	if n >= 0 {
		return v, nil
	}
	overflow := failure("NUMERIC_VALUE_OUT_OF_RANGE", "numerical overflow: %d", v)
	if n <= -longestInteger {
		return nil, overflow
	}
	unit := int64(1)
	for ; n < 0; n++ {
		unit *= 10
	}
	q, r := v/unit, v%unit
	if r >= unit-r {
		q++
	} else if r <= -(unit + r) {
		q--
	}
	if q != 0 && (q*unit)/q != unit {
		return nil, overflow
	}
	return q * unit, nil
}

// roundDecimal rounds, half away from zero, or cuts a decimal's text to n
// digits behind the point, and keeps its scale.
func roundDecimal(text string, n int, cut bool) string {
	_, fraction, _ := strings.Cut(text, ".")
	scale := len(fraction)
	drop := scale - n
	if drop <= 0 {
		return text
	}
	unscaled, _ := new(big.Int).SetString(strings.Replace(text, ".", "", 1), 10)
	if digits := len(unscaled.String()); drop > digits+1 {
		drop = digits + 1
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(drop)), nil)
	quotient, rest := new(big.Int).QuoRem(unscaled, unit, new(big.Int))
	if twice := rest.Abs(rest).Lsh(rest, 1); !cut && twice.Cmp(unit) >= 0 {
		quotient.Add(quotient, big.NewInt(int64(unscaled.Sign())))
	}
	out := quotient.Mul(quotient, unit).String()
	if scale == 0 {
		return out
	}
	out, negative := strings.CutPrefix(out, "-")
	if len(out) <= scale {
		out = strings.Repeat("0", scale+1-len(out)) + out
	}
	out = out[:len(out)-scale] + "." + out[len(out)-scale:]
	if negative {
		return "-" + out
	}
	return out
}

// widthBucket is how many of the ascending bins are not above the operand. It
// looks at the bins that a binary search meets, as Trino does.
func widthBucket(a []driver.Value) (any, error) {
	operand, bins := a[0].(float64), a[1].([]any)
	if len(bins) == 0 {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Bins cannot be an empty array")
	}
	if math.IsNaN(operand) {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Operand cannot be NaN")
	}
	at := func(i int) float64 { f, _ := bins[i].(float64); return f } // NULL is 0, as in Trino
	low, high := 0, len(bins)
	for low < high {
		if at(low) > at(high-1) {
			return nil, failure("INVALID_FUNCTION_ARGUMENT", "Bin values are not sorted in ascending order")
		}
		i := (low + high) / 2
		if math.IsNaN(at(i)) || math.IsInf(at(i), 0) {
			return nil, failure("INVALID_FUNCTION_ARGUMENT", "Bin value must be finite, got %v", at(i))
		}
		if operand < at(i) {
			high = i
		} else {
			low = i + 1
		}
	}
	return int64(low), nil
}

// wilson is the lower (first argument true) or upper bound of the Wilson score
// interval.
func wilson(a []driver.Value) (any, error) {
	lower, successes, trials, z := a[0].(bool), a[1].(int64), a[2].(int64), a[3].(float64)
	switch {
	case successes < 0:
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "number of successes must not be negative")
	case trials <= 0:
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "number of trials must be positive")
	case successes > trials:
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "number of successes must not be larger than number of trials")
	case !(z >= 0):
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "z-score must not be negative")
	}
	s, n := float64(successes), float64(trials)
	p := s / n
	if lower {
		return (p + z*z/(2*n) - z*math.Sqrt((p*(1-p)+z*z/(4*n))/n)) / (1 + z*z/n), nil
	}
	return (p + z*z/(2*n) + z*math.Sqrt((p*(1-p)+z*z/(4*n))/n)) / (1 + z*z/n), nil
}

// cosineSimilarity is NULL where a value is.
func cosineSimilarity(a []driver.Value) (any, error) {
	left, right := a[0].(duckdb.OrderedMap), a[1].(duckdb.OrderedMap)
	l, ok1 := norm2(left)
	r, ok2 := norm2(right)
	if !ok1 || !ok2 {
		return nil, nil
	}
	known := map[string]float64{}
	for i, k := range right.Keys() {
		known[k.(string)] = right.Values()[i].(float64)
	}
	dot := 0.0
	for i, k := range left.Keys() {
		if w, ok := known[k.(string)]; ok {
			dot += left.Values()[i].(float64) * w
		}
	}
	return dot / (l * r), nil
}

func norm2(m duckdb.OrderedMap) (float64, bool) {
	sum := 0.0
	for _, v := range m.Values() {
		f, ok := v.(float64)
		if !ok {
			return 0, false
		}
		sum += f * f
	}
	return math.Sqrt(sum), true
}
