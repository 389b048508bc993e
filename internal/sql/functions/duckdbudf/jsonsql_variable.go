package duckdbudf

import (
	"math"
	"math/big"
	"strings"

	"github.com/scopsdb/scops/internal/sql/jsonpath"
	"github.com/scopsdb/scops/internal/sql/types"
)

// variable is the sequence of a variable of a type, whose value comes as the
// JSON of it. Text FORMAT JSON comes as a string, NULL of it is no item.
func variable(typ string, value any) ([]any, error) {
	_, null := value.(jsonpath.Null)
	if typ == "json" {
		if null {
			return nil, nil
		}
		text, _ := value.(string)
		item, err := jsonInput(text)
		return []any{item}, err
	}
	if null {
		return []any{value}, nil
	}
	t, err := types.Parse(typ)
	if err != nil {
		return nil, err
	}
	return []any{typed(t, value)}, nil
}

// typed gives a number the type that it has in SQL.
func typed(t types.Type, value any) any {
	switch t.Kind {
	case types.TinyInt, types.SmallInt, types.Integer, types.BigInt:
		n, _ := value.(jsonpath.Int)
		return jsonpath.Int{Value: n.Value, Bits: integerBits[t.Kind]}
	case types.Double, types.Real:
		f := floatVariable(value)
		if t.Kind == types.Real {
			return float32(f)
		}
		return f
	case types.Decimal: // comes as a string
		text, _ := value.(string)
		n, _ := new(big.Int).SetString(strings.Replace(text, ".", "", 1), 10)
		return jsonpath.Decimal{Unscaled: n, Precision: t.Precision, Scale: t.Scale}
	}
	return value
}

// floatVariable: what is no JSON number comes as a string.
func floatVariable(value any) float64 {
	switch v := value.(type) {
	case float64:
		return v
	case string:
		switch v {
		case "Infinity":
			return math.Inf(1)
		case "-Infinity":
			return math.Inf(-1)
		}
	}
	return math.NaN()
}
