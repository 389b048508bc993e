package avro

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strings"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
)

// schemaOf is the schema that Hive's SerDe makes of columns: every value may be
// null.
func schemaOf(columns []record.Column) ([]byte, error) {
	of := formats.Type{Kind: formats.Struct}
	for _, c := range columns {
		of.Fields = append(of.Fields, formats.Field{Name: c.Name, Type: c.Type})
	}
	records := 0
	root, err := recordSchema("row", of, &records)
	if err != nil {
		return nil, err
	}
	return json.Marshal(root)
}

type object = map[string]any

func recordSchema(name string, t formats.Type, records *int) (any, error) {
	fields := make([]any, len(t.Fields))
	for i, f := range t.Fields {
		if !isName(f.Name) {
			return nil, fmt.Errorf("column or field name %q: Avro has names of letters, digits and _ alone", f.Name)
		}
		of, err := typeSchema(f.Type, records)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", f.Name, err)
		}
		fields[i] = object{"name": f.Name, "type": of, "default": nil}
	}
	return object{"type": "record", "name": name, "fields": fields}, nil
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && s[i] != '_' && (i == 0 || s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return s != ""
}

// simpleSchemas are the types without parameters.
var simpleSchemas = map[formats.TypeKind]any{
	formats.Boolean: "boolean", formats.TinyInt: "int", formats.SmallInt: "int", formats.Int: "int", formats.BigInt: "long",
	formats.Float: "float", formats.Double: "double", formats.String: "string", formats.Binary: "bytes",
	formats.Date:      object{"type": "int", "logicalType": "date"},
	formats.Timestamp: object{"type": "long", "logicalType": "timestamp-millis"},
}

func typeSchema(t formats.Type, records *int) (any, error) {
	of, ok := simpleSchemas[t.Kind]
	var err error
	switch t.Kind {
	case formats.Varchar:
		of = object{"type": "string", "logicalType": "varchar", "maxLength": t.Precision}
	case formats.Char:
		of = object{"type": "string", "logicalType": "char", "maxLength": t.Precision}
	case formats.Decimal:
		of = object{"type": "bytes", "logicalType": "decimal", "precision": t.Precision, "scale": t.Scale}
	case formats.Array:
		var item any
		item, err = typeSchema(t.Fields[0].Type, records)
		of = object{"type": "array", "items": item}
	case formats.Map:
		if k := t.Fields[0].Type; k.Kind != formats.String && k.Kind != formats.Varchar {
			return nil, fmt.Errorf("a map with keys of %s cannot be written: Avro has keys of strings alone", k)
		}
		var value any
		value, err = typeSchema(t.Fields[1].Type, records)
		of = object{"type": "map", "values": value}
	case formats.Struct:
		*records++
		of, err = recordSchema(fmt.Sprintf("record_%d", *records), t, records)
	default:
		if !ok {
			err = fmt.Errorf("%s cannot be written", t)
		}
	}
	return []any{"null", of}, err
}

// encode appends a value.
type encode func(to []byte, v *record.Value) ([]byte, error)

// nullable writes the branch of a union before a value.
func nullable(e encode) encode {
	return func(to []byte, v *record.Value) ([]byte, error) {
		if !v.Valid {
			return append(to, 0), nil
		}
		return e(append(to, 2), v)
	}
}

func encoderOf(t formats.Type) encode {
	switch t.Kind {
	case formats.Boolean:
		return nullable(func(to []byte, v *record.Value) ([]byte, error) { return append(to, byte(v.Int)), nil })
	case formats.Float:
		return nullable(func(to []byte, v *record.Value) ([]byte, error) {
			return binary.LittleEndian.AppendUint32(to, math.Float32bits(float32(v.Float))), nil
		})
	case formats.Double:
		return nullable(func(to []byte, v *record.Value) ([]byte, error) {
			return binary.LittleEndian.AppendUint64(to, math.Float64bits(v.Float)), nil
		})
	case formats.Decimal:
		return nullable(encodeDecimal)
	case formats.String, formats.Varchar, formats.Char, formats.Binary:
		return nullable(func(to []byte, v *record.Value) ([]byte, error) { return appendBytes(to, v.Text), nil })
	case formats.Array:
		return nullable(encodeItems(encoderOf(t.Fields[0].Type)))
	case formats.Map:
		key := func(to []byte, v *record.Value) ([]byte, error) { return appendBytes(to, v.Text), nil }
		return nullable(encodeItems(key, encoderOf(t.Fields[1].Type)))
	case formats.Struct:
		fields := make([]encode, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = encoderOf(f.Type)
		}
		return nullable(func(to []byte, v *record.Value) ([]byte, error) { return encodeParts(to, v.List, fields) })
	}
	return nullable(func(to []byte, v *record.Value) ([]byte, error) { return binary.AppendVarint(to, v.Int), nil })
}

// encodeParts writes values, the encoders in turn.
func encodeParts(to []byte, list []record.Value, parts []encode) ([]byte, error) {
	var err error
	for i := range list {
		if to, err = parts[i%len(parts)](to, &list[i]); err != nil {
			return nil, err
		}
	}
	return to, nil
}

// encodeItems writes the items of an array, or the keys and values of a map, as
// one block.
func encodeItems(parts ...encode) encode {
	return func(to []byte, v *record.Value) ([]byte, error) {
		if len(v.List) > 0 {
			var err error
			to = binary.AppendVarint(to, int64(len(v.List)/len(parts)))
			if to, err = encodeParts(to, v.List, parts); err != nil {
				return nil, err
			}
		}
		return append(to, 0), nil
	}
}

// encodeDecimal writes the unscaled value in the fewest bytes of two's
// complement.
func encodeDecimal(to []byte, v *record.Value) ([]byte, error) {
	n, ok := new(big.Int).SetString(strings.Replace(v.Text, ".", "", 1), 10)
	if !ok {
		return nil, fmt.Errorf("%q is no decimal", v.Text)
	}
	bits := n.BitLen()
	if n.Sign() < 0 {
		bits = new(big.Int).Not(n).BitLen()
	}
	size := bits/8 + 1
	if n.Sign() < 0 {
		n.Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*size)))
	}
	return appendBytes(to, n.FillBytes(make([]byte, size))), nil
}
