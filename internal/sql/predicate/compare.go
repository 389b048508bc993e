package predicate

import (
	"bytes"
	"cmp"
	"math"
	"time"

	"github.com/scopsdb/scops/internal/sql/types"
)

// CompareOp is v op w for two values of one type, not nil, in the Go forms of
// package types. Types without an order here are Unsure.
func CompareOp(v any, op Op, w any) Outcome { return compare(v, op, w) }

func compare(v any, op Op, w any) Outcome {
	c, nan, ok := order(v, w)
	if !ok {
		return Unsure
	}
	if nan {
		return Truth(op == "<>")
	}
	switch op {
	case "=":
		return Truth(c == 0)
	case "<>":
		return Truth(c != 0)
	case "<":
		return Truth(c < 0)
	case "<=":
		return Truth(c <= 0)
	case ">":
		return Truth(c > 0)
	case ">=":
		return Truth(c >= 0)
	default:
		return Unsure
	}
}

// order compares two values; nan is set where one is not a number, which is
// unequal to everything.
func order(v, w any) (c int, nan, ok bool) {
	switch a := v.(type) {
	case int64:
		b, ok := w.(int64)
		return cmp.Compare(a, b), false, ok
	case string: // by code point, which is the order of UTF-8 bytes
		b, ok := w.(string)
		return cmp.Compare(a, b), false, ok
	case bool:
		b, ok := w.(bool)
		return boolRank(a) - boolRank(b), false, ok
	case float64:
		b, ok := w.(float64)
		return cmp.Compare(a, b), math.IsNaN(a) || math.IsNaN(b), ok
	case float32:
		b, ok := w.(float32)
		return cmp.Compare(a, b), a != a || b != b, ok
	case time.Time:
		b, ok := w.(time.Time)
		return a.Compare(b), false, ok
	case time.Duration:
		b, ok := w.(time.Duration)
		return cmp.Compare(a, b), false, ok
	case []byte:
		b, ok := w.([]byte)
		return bytes.Compare(a, b), false, ok
	case types.DecimalValue: // both of the column's scale
		b, ok := w.(types.DecimalValue)
		if !ok {
			return 0, false, false
		}
		return a.Unscaled().Cmp(b.Unscaled()), false, true
	default:
		return 0, false, false
	}
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}
