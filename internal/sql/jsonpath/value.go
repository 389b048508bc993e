package jsonpath

import "math/big"

// The items of a sequence, beside bool, string, float64 (a double) and float32
// (a real).
type (
	// Null is JSON null.
	Null struct{}
	// Missing is what an empty JSON text holds.
	Missing struct{}
	// Int is an integer of 8, 16, 32 or 64 bits.
	Int struct {
		Value int64
		Bits  int
	}
	// BigInt is the text of a JSON integer that no SQL integer holds.
	BigInt string
	// Decimal is Unscaled / 10^Scale, of at most Precision digits.
	Decimal struct {
		Unscaled  *big.Int
		Precision int
		Scale     int
	}
	// Array is a JSON array.
	Array []any
	// Object is a JSON object, its members in order; no name stands twice.
	Object struct {
		Names  []string
		Values map[string]any
	}
)

// Set adds a member, or gives it a new value at its old place.
func (o *Object) Set(name string, value any) {
	if o.Values == nil {
		o.Values = map[string]any{}
	}
	if _, known := o.Values[name]; !known {
		o.Names = append(o.Names, name)
	}
	o.Values[name] = value
}

// kindName is a JSON value's kind in Trino's messages.
func kindName(v any) string {
	switch v.(type) {
	case Null:
		return "NULL"
	case Missing:
		return "MISSING"
	case bool:
		return "BOOLEAN"
	case string:
		return "STRING"
	case Array:
		return "ARRAY"
	case *Object:
		return "OBJECT"
	}
	return "NUMBER"
}

func isNumber(v any) bool { return kindName(v) == "NUMBER" }
