package crawler

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"

	"github.com/scopsdb/scops/internal/formats"
)

var errAvro = errors.New("its Avro header is broken")

// avroShape reads the schema at the beginning of an Avro file.
// https://avro.apache.org/docs/current/specification/#object-container-files
func avroShape(content []byte) shape {
	schema, err := avroSchema(content[4:])
	if err != nil {
		return unrecognised(err.Error())
	}
	var v any
	if err := json.Unmarshal(schema, &v); err != nil {
		return unrecognised(errAvro.Error())
	}
	t, err := (&avroTypes{named: map[string]any{}, left: mostAvroTypes}).hive(v, 0)
	if err == nil && t.Kind != formats.Struct {
		err = errors.New("its Avro schema is no record")
	}
	if err != nil {
		return unrecognised(err.Error())
	}
	return shape{class: classAvro, columns: t.Fields, avroSchema: string(schema)}
}

// avroSchema finds the entry avro.schema of the header's metadata.
func avroSchema(rest []byte) ([]byte, error) {
	long := func() (int64, bool) {
		n, size := binary.Varint(rest)
		if size <= 0 {
			return 0, false
		}
		rest = rest[size:]
		return n, true
	}
	text := func() ([]byte, bool) {
		n, ok := long()
		if !ok || n < 0 || n > int64(len(rest)) {
			return nil, false
		}
		b := rest[:n]
		rest = rest[n:]
		return b, true
	}
	for {
		count, ok := long()
		if !ok || count == 0 {
			return nil, errAvro
		}
		if count < 0 { // its size in bytes follows
			if _, ok := long(); !ok {
				return nil, errAvro
			}
			count = -count
		}
		for range count {
			key, ok := text()
			if !ok {
				return nil, errAvro
			}
			value, ok := text()
			if !ok {
				return nil, errAvro
			}
			if string(key) == "avro.schema" {
				return value, nil
			}
		}
	}
}

// avroTypes turns Avro's types into Hive's.
// https://docs.aws.amazon.com/athena/latest/ug/avro-serde.html
type avroTypes struct {
	named map[string]any
	left  int // types that may still come: named ones can be used many times
}

const mostAvroTypes = 100_000

var avroPrimitives = map[string]formats.TypeKind{
	"boolean": formats.Boolean, "int": formats.Int, "long": formats.BigInt, "float": formats.Float, "double": formats.Double,
	"bytes": formats.Binary, "fixed": formats.Binary, "string": formats.String, "enum": formats.String,
}

func (a *avroTypes) hive(v any, depth int) (formats.Type, error) {
	if a.left--; a.left < 0 || depth > deepestJSON {
		return unknown, errors.New("its Avro schema is too large, or recursive")
	}
	switch v := v.(type) {
	case string:
		if kind, ok := avroPrimitives[v]; ok {
			return formats.Type{Kind: kind}, nil
		}
		if v == "null" {
			return unknown, nil
		}
		if named, ok := a.named[v]; ok {
			return a.hive(named, depth+1)
		}
	case []any:
		return a.union(v, depth)
	case map[string]any:
		return a.complex(v, depth)
	}
	return unknown, errAvro
}

// union is the one type besides null.
func (a *avroTypes) union(of []any, depth int) (formats.Type, error) {
	out := unknown
	for _, v := range of {
		t, err := a.hive(v, depth+1)
		if err != nil {
			return out, err
		}
		if t.Kind != 0 && out.Kind != 0 {
			return out, errors.New("its Avro schema has a union of several types")
		}
		if t.Kind != 0 {
			out = t
		}
	}
	return out, nil
}

func (a *avroTypes) complex(v map[string]any, depth int) (formats.Type, error) {
	kind, _ := v["type"].(string)
	if name, ok := v["name"].(string); ok {
		a.named[name] = v
		if space, ok := v["namespace"].(string); ok {
			a.named[space+"."+name] = v
		}
	}
	switch v["logicalType"] {
	case "date":
		return formats.Type{Kind: formats.Date}, nil
	case "timestamp-millis", "timestamp-micros":
		return formats.Type{Kind: formats.Timestamp}, nil
	case "decimal":
		precision, _ := v["precision"].(float64)
		scale, _ := v["scale"].(float64)
		return formats.Type{Kind: formats.Decimal, Precision: int(precision), Scale: int(scale)}, nil
	}
	switch kind {
	case "record":
		return a.record(v, depth)
	case "array":
		of, err := a.hive(v["items"], depth+1)
		return formats.Type{Kind: formats.Array, Fields: []formats.Field{{Type: of}}}, err
	case "map":
		of, err := a.hive(v["values"], depth+1)
		return formats.Type{Kind: formats.Map, Fields: []formats.Field{{Type: stringType}, {Type: of}}}, err
	case "enum":
		return stringType, nil
	case "fixed":
		return formats.Type{Kind: formats.Binary}, nil
	}
	return a.hive(v["type"], depth+1)
}

func (a *avroTypes) record(v map[string]any, depth int) (formats.Type, error) {
	out := formats.Type{Kind: formats.Struct}
	fields, _ := v["fields"].([]any)
	for _, f := range fields {
		field, ok := f.(map[string]any)
		if !ok {
			return out, errAvro
		}
		name, _ := field["name"].(string)
		t, err := a.hive(field["type"], depth+1)
		if err != nil || name == "" {
			return out, errors.Join(err, errAvro)
		}
		out.Fields = append(out.Fields, formats.Field{Name: strings.ToLower(name), Type: t})
	}
	return out, nil
}
