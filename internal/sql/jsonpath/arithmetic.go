package jsonpath

import (
	"math"
	"math/big"
)

func (e *evaluation) binary(n *binaryNode, s scope) ([]any, error) {
	left, err := e.unwrapped(n.left, s)
	if err != nil {
		return nil, err
	}
	right, err := e.unwrapped(n.right, s)
	if err != nil {
		return nil, err
	}
	if len(left) != 1 || len(right) != 1 {
		return nil, fail("arithmetic binary expression requires singleton operands")
	}
	for _, v := range []any{left[0], right[0]} {
		if err := needNumber(v); err != nil {
			return nil, err
		}
	}
	result, err := arithmetic(n.operator, left[0], right[0])
	return []any{result}, err
}

// needNumber refuses what is no number, or none that SQL has.
func needNumber(v any) error {
	if b, ok := v.(BigInt); ok {
		return fail("cannot convert %s to Trino value (value too big)", string(b))
	}
	if !isNumber(v) {
		return typeError("NUMBER", v)
	}
	return nil
}

// arithmetic computes in the common type of two numbers, as SQL's operators do.
func arithmetic(operator string, a, b any) (any, error) {
	switch {
	case isDouble(a) || isDouble(b):
		return floatArithmetic(operator, floatOf(a), floatOf(b)), nil
	case isReal(a) || isReal(b):
		return float32(floatArithmetic(operator, float64(realOf(a)), float64(realOf(b)))), nil
	case isDecimal(a) || isDecimal(b):
		return decimalArithmetic(operator, decimalOf(a), decimalOf(b))
	}
	return integerArithmetic(operator, a.(Int), b.(Int))
}

func floatArithmetic(operator string, a, b float64) float64 {
	switch operator {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	case "/":
		return a / b
	}
	return math.Mod(a, b)
}

func integerArithmetic(operator string, a, b Int) (any, error) {
	x, y, bits := big.NewInt(a.Value), big.NewInt(b.Value), max(a.Bits, b.Bits)
	z := new(big.Int)
	switch operator {
	case "+":
		z.Add(x, y)
	case "-":
		z.Sub(x, y)
	case "*":
		z.Mul(x, y)
	default:
		if b.Value == 0 {
			return nil, fail("Division by zero")
		}
		if operator == "/" {
			z.Quo(x, y)
		} else {
			z.Rem(x, y)
		}
	}
	if !fits(z, bits) {
		return nil, fail("integer overflow: %s", z)
	}
	return Int{z.Int64(), bits}, nil
}

func fits(z *big.Int, bits int) bool {
	limit := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	return z.Cmp(limit) < 0 && z.Cmp(new(big.Int).Neg(limit)) >= 0
}

// decimalArithmetic gives results the digits that Trino's operators give them.
func decimalArithmetic(operator string, a, b Decimal) (any, error) {
	scale := max(a.Scale, b.Scale)
	whole := max(a.Precision-a.Scale, b.Precision-b.Scale)
	x, y, z := a.at(scale), b.at(scale), new(big.Int)
	precision := whole + scale + 1
	switch operator {
	case "+":
		z.Add(x, y)
	case "-":
		z.Sub(x, y)
	case "*":
		z.Mul(a.Unscaled, b.Unscaled)
		precision, scale = a.Precision+b.Precision, a.Scale+b.Scale
		if scale > maxPrecision {
			return nil, fail("DECIMAL scale must be in range [0, precision (%d)]: %d", maxPrecision, scale)
		}
	default:
		if b.Unscaled.Sign() == 0 {
			return nil, fail("Division by zero")
		}
		if operator == "/" {
			z = divide(new(big.Int).Mul(x, power(scale)), y)
			precision = a.Precision + b.Scale + max(0, b.Scale-a.Scale)
		} else {
			z.Rem(x, y)
			precision = min(a.Precision-a.Scale, b.Precision-b.Scale) + scale
		}
	}
	precision = min(precision, maxPrecision)
	if new(big.Int).Abs(z).Cmp(power(maxPrecision)) >= 0 {
		return nil, fail("Decimal overflow")
	}
	return Decimal{z, precision, scale}, nil
}

func (e *evaluation) unary(n *unaryNode, s scope) ([]any, error) {
	base, err := e.unwrapped(n.base, s)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(base))
	for i, v := range base {
		if err := needNumber(v); err != nil {
			return nil, err
		}
		out[i] = v
		if n.negative {
			if out[i], err = negate(v); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func negate(v any) (any, error) {
	switch n := v.(type) {
	case Int:
		return integerArithmetic("-", Int{0, n.Bits}, n)
	case Decimal:
		return Decimal{new(big.Int).Neg(n.Unscaled), n.Precision, n.Scale}, nil
	case float32:
		return -n, nil
	}
	return -v.(float64), nil
}
