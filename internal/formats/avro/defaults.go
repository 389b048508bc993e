package avro

import (
	"github.com/scopsdb/scops/internal/formats"
)

// appendDefault adds the default of a declared schema, as package avro of twmb
// gives it. One that does not fit its column is an error.
func appendDefault(to *formats.Vector, value any) error {
	kind := to.Type.Kind
	switch v := value.(type) {
	case nil:
		to.AppendNull()
		return nil
	case bool:
		if kind == formats.Boolean {
			return boolean(&input{[]byte{map[bool]byte{true: 1}[v]}}, to)
		}
	case int32:
		return appendWhole(to, int64(v))
	case int64:
		return appendWhole(to, v)
	case float32:
		return appendFloat(to, float64(v))
	case float64:
		return appendFloat(to, v)
	case string:
		if kind >= formats.String && kind <= formats.Binary {
			return appendText(to, []byte(v))
		}
	case []byte:
		if kind == formats.Decimal {
			return appendUnscaled(to, v, to.Type.Scale)
		}
		if kind >= formats.String && kind <= formats.Binary {
			to.AppendText(v)
			return nil
		}
	case []any:
		if kind == formats.Array {
			return to.AppendList(func() error { return appendItems(to.Children[0], v) })
		}
	case map[string]any:
		return appendNamed(to, v)
	}
	return corrupt("the default %v of the schema is no %s", value, to.Type)
}

func appendItems(to *formats.Vector, items []any) error {
	for _, item := range items {
		if err := appendDefault(to, item); err != nil {
			return err
		}
	}
	return nil
}

// appendNamed adds a record or a map.
func appendNamed(to *formats.Vector, of map[string]any) error {
	switch to.Type.Kind {
	case formats.Map:
		return to.AppendList(func() error {
			for k, v := range of {
				if err := appendDefault(to.Children[0], k); err != nil {
					return err
				}
				if err := appendDefault(to.Children[1], v); err != nil {
					return err
				}
			}
			return nil
		})
	case formats.Struct:
		return to.AppendStruct(func() error {
			for i, f := range to.Type.Fields {
				if err := appendDefault(to.Children[i], of[f.Name]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return corrupt("the default of the schema is no %s", to.Type)
}

func appendWhole(to *formats.Vector, n int64) error {
	switch to.Type.Kind {
	case formats.TinyInt, formats.SmallInt, formats.Int, formats.Date, formats.BigInt:
		if w := to.Type.Width(); w < 8 && (n >= 1<<(8*w-1) || n < -1<<(8*w-1)) {
			return corrupt("the default %d of the schema is out of range for %s", n, to.Type)
		}
		to.AppendInt(n)
		return nil
	case formats.Timestamp:
		to.AppendInt(n * 1000)
		return nil
	}
	return appendFloat(to, float64(n))
}

func appendFloat(to *formats.Vector, f float64) error {
	if k := to.Type.Kind; k != formats.Float && k != formats.Double {
		return corrupt("the default %v of the schema is no %s", f, to.Type)
	}
	to.AppendFloat(f)
	return nil
}
