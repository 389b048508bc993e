package crawler

import (
	"errors"
	"strings"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"

	"github.com/scopsdb/scops/internal/formats"
)

var errParquetSchema = errors.New("its Parquet schema is broken")

const deepestParquet = 64

// parquetColumns gives the Hive types of a file's columns.
func parquetColumns(schema []format.SchemaElement) ([]formats.Field, error) {
	if len(schema) == 0 {
		return nil, errParquetSchema
	}
	w := parquetWalk{rest: schema[1:]}
	return w.children(int(schema[0].NumChildren.V), 0, false)
}

type parquetWalk struct{ rest []format.SchemaElement }

// children reads n columns, or parts of one. What repeats inside of a list or map
// is that of the list or map.
func (w *parquetWalk) children(n, depth int, inside bool) ([]formats.Field, error) {
	var out []formats.Field
	for range n {
		f, err := w.node(depth+1, inside)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func (w *parquetWalk) node(depth int, inside bool) (formats.Field, error) {
	if len(w.rest) == 0 || depth > deepestParquet {
		return formats.Field{}, errParquetSchema
	}
	e := w.rest[0]
	w.rest = w.rest[1:]
	out := formats.Field{Name: strings.ToLower(e.Name)}
	if e.Type.Valid {
		out.Type = parquetLeaf(&e)
	} else {
		fields, err := w.children(int(e.NumChildren.V), depth, isList(&e) || isMap(&e))
		if err != nil {
			return out, err
		}
		out.Type = parquetGroup(&e, fields)
	}
	if e.RepetitionType.V == format.Repeated && !inside {
		out.Type = formats.Type{Kind: formats.Array, Fields: []formats.Field{{Type: out.Type}}}
	}
	return out, nil
}

func isList(e *format.SchemaElement) bool {
	_, list := e.LogicalType.Value.(*format.ListType)
	return list || isConverted(e, deprecated.List)
}

func isMap(e *format.SchemaElement) bool {
	_, mapped := e.LogicalType.Value.(*format.MapType)
	return mapped || isConverted(e, deprecated.Map) || isConverted(e, deprecated.MapKeyValue)
}

func isConverted(e *format.SchemaElement, t deprecated.ConvertedType) bool {
	return e.ConvertedType.Valid && e.ConvertedType.V == t
}

func parquetGroup(e *format.SchemaElement, fields []formats.Field) formats.Type {
	switch {
	case isList(e) && len(fields) == 1:
		return formats.Type{Kind: formats.Array, Fields: []formats.Field{{Type: listElement(fields[0])}}}
	case isMap(e) && len(fields) == 1 && len(fields[0].Type.Fields) == 2:
		pair := fields[0].Type.Fields
		return formats.Type{Kind: formats.Map, Fields: []formats.Field{{Type: pair[0].Type}, {Type: pair[1].Type}}}
	}
	return formats.Type{Kind: formats.Struct, Fields: fields}
}

// listElement applies the format's rules for lists of older writers.
// https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists
func listElement(repeated formats.Field) formats.Type {
	t := repeated.Type
	if t.Kind == formats.Struct && len(t.Fields) == 1 && repeated.Name != "array" && !strings.HasSuffix(repeated.Name, "_tuple") {
		return t.Fields[0].Type
	}
	return t
}

func parquetLeaf(e *format.SchemaElement) formats.Type {
	if d, ok := parquetDecimal(e); ok {
		return d
	}
	of := func(k formats.TypeKind) formats.Type { return formats.Type{Kind: k} }
	switch e.Type.V {
	case format.Boolean:
		return of(formats.Boolean)
	case format.Int32:
		return of(parquetInt32(e))
	case format.Int64:
		_, timestamp := e.LogicalType.Value.(*format.TimestampType)
		if timestamp || isConverted(e, deprecated.TimestampMicros) || isConverted(e, deprecated.TimestampMillis) {
			return of(formats.Timestamp)
		}
		if i, ok := e.LogicalType.Value.(*format.IntType); ok && !i.IsSigned || isConverted(e, deprecated.Uint64) {
			return formats.Type{Kind: formats.Decimal, Precision: 20}
		}
		return of(formats.BigInt)
	case format.Int96:
		return of(formats.Timestamp)
	case format.Float:
		return of(formats.Float)
	case format.Double:
		return of(formats.Double)
	}
	return of(parquetBytes(e))
}

func parquetDecimal(e *format.SchemaElement) (formats.Type, bool) {
	if d, ok := e.LogicalType.Value.(*format.DecimalType); ok {
		return formats.Type{Kind: formats.Decimal, Precision: int(d.Precision), Scale: int(d.Scale)}, true
	}
	if isConverted(e, deprecated.Decimal) {
		return formats.Type{Kind: formats.Decimal, Precision: int(e.Precision.V), Scale: int(e.Scale.V)}, true
	}
	return formats.Type{}, false
}

func parquetInt32(e *format.SchemaElement) formats.TypeKind {
	if _, ok := e.LogicalType.Value.(*format.DateType); ok || isConverted(e, deprecated.Date) {
		return formats.Date
	}
	bits, signed := int8(32), true
	if i, ok := e.LogicalType.Value.(*format.IntType); ok {
		bits, signed = i.BitWidth, i.IsSigned
	}
	switch {
	case bits == 8 && signed || isConverted(e, deprecated.Int8):
		return formats.TinyInt
	case bits == 16 && signed || bits == 8 || isConverted(e, deprecated.Int16) || isConverted(e, deprecated.Uint8):
		return formats.SmallInt
	case bits == 32 && !signed || isConverted(e, deprecated.Uint32):
		return formats.BigInt
	}
	return formats.Int
}

// parquetBytes is string where the file says that the bytes are text.
func parquetBytes(e *format.SchemaElement) formats.TypeKind {
	switch e.LogicalType.Value.(type) {
	case *format.StringType, *format.EnumType, *format.JsonType:
		return formats.String
	}
	if isConverted(e, deprecated.UTF8) || isConverted(e, deprecated.Enum) || isConverted(e, deprecated.Json) {
		return formats.String
	}
	return formats.Binary
}
