package httpapi

import (
	"bufio"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// arrowBatch is how many rows a record batch has.
const arrowBatch = 8192

// arrowRows writes an Arrow IPC stream. Types without an Arrow counterpart
// (char, json, uuid, ipaddress, intervals, time with time zone) are utf8 with
// Athena's text; timestamp with time zone is an instant in UTC.
type arrowRows struct {
	columns []analyzer.Column
	schema  *arrow.Schema
	builder *array.RecordBuilder
	writer  *ipc.Writer
	rows    int
}

func (a *arrowRows) contentType() string { return "application/vnd.apache.arrow.stream" }
func (a *arrowRows) tellsErrors() bool   { return false }

func (a *arrowRows) begin(w *bufio.Writer, columns []analyzer.Column) error {
	a.columns = columns
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.Name, Type: arrowType(c.Type), Nullable: true}
	}
	a.schema = arrow.NewSchema(fields, nil)
	a.builder = array.NewRecordBuilder(memory.DefaultAllocator, a.schema)
	a.writer = ipc.NewWriter(w, ipc.WithSchema(a.schema))
	return nil
}

func (a *arrowRows) row(_ *bufio.Writer, values []any) error {
	for i, v := range values {
		if err := appendArrow(a.builder.Field(i), a.columns[i].Type, v); err != nil {
			return fmt.Errorf("column %s: %w", a.columns[i].Name, err)
		}
	}
	if a.rows++; a.rows < arrowBatch {
		return nil
	}
	return a.flush()
}

func (a *arrowRows) flush() error {
	a.rows = 0
	batch := a.builder.NewRecordBatch()
	defer batch.Release()
	return a.writer.Write(batch)
}

func (a *arrowRows) end(*bufio.Writer, Statistics) error {
	defer a.builder.Release()
	if a.rows > 0 {
		if err := a.flush(); err != nil {
			return err
		}
	}
	return a.writer.Close()
}

// fail leaves the stream without its end-of-stream mark; the connection is cut
// too.
func (a *arrowRows) fail(*bufio.Writer, Error) error {
	a.builder.Release()
	return nil
}

var arrowTypes = map[types.Kind]arrow.DataType{
	types.Unknown:     arrow.Null,
	types.Boolean:     arrow.FixedWidthTypes.Boolean,
	types.TinyInt:     arrow.PrimitiveTypes.Int8,
	types.SmallInt:    arrow.PrimitiveTypes.Int16,
	types.Integer:     arrow.PrimitiveTypes.Int32,
	types.BigInt:      arrow.PrimitiveTypes.Int64,
	types.Real:        arrow.PrimitiveTypes.Float32,
	types.Double:      arrow.PrimitiveTypes.Float64,
	types.Varbinary:   arrow.BinaryTypes.Binary,
	types.Date:        arrow.FixedWidthTypes.Date32,
	types.Time:        arrow.FixedWidthTypes.Time64us,
	types.Timestamp:   &arrow.TimestampType{Unit: arrow.Microsecond},
	types.TimestampTZ: &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"},
}

func arrowType(t types.Type) arrow.DataType {
	if simple, ok := arrowTypes[t.Kind]; ok {
		return simple
	}
	switch t.Kind {
	case types.Decimal:
		return &arrow.Decimal128Type{Precision: int32(t.Precision), Scale: int32(t.Scale)}
	case types.Array:
		return arrow.ListOf(arrowType(t.Elem()))
	case types.Map:
		return arrow.MapOf(arrowType(t.Key()), arrowType(t.Value()))
	case types.Row:
		fields := make([]arrow.Field, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = arrow.Field{Name: f.Name, Type: arrowType(f.Type), Nullable: true}
		}
		return arrow.StructOf(fields...)
	}
	return arrow.BinaryTypes.String
}

func appendArrow(b array.Builder, t types.Type, v any) error {
	if v == nil {
		b.AppendNull()
		return nil
	}
	switch b := b.(type) {
	case *array.BooleanBuilder:
		b.Append(v.(bool))
	case *array.Int8Builder:
		b.Append(int8(v.(int64)))
	case *array.Int16Builder:
		b.Append(int16(v.(int64)))
	case *array.Int32Builder:
		b.Append(int32(v.(int64)))
	case *array.Int64Builder:
		b.Append(v.(int64))
	case *array.Float32Builder:
		b.Append(v.(float32))
	case *array.Float64Builder:
		b.Append(v.(float64))
	case *array.BinaryBuilder:
		b.Append(v.([]byte))
	case *array.Date32Builder:
		b.Append(arrow.Date32FromTime(v.(time.Time)))
	case *array.Time64Builder:
		b.Append(arrow.Time64(v.(time.Duration).Microseconds()))
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(v.(time.Time).UnixMicro()))
	case *array.Decimal128Builder:
		b.Append(decimal128.FromBigInt(v.(types.DecimalValue).Unscaled()))
	case *array.StringBuilder:
		text, _ := types.Text(t, v)
		b.Append(text)
	case *array.MapBuilder: // before ListBuilder: it is one underneath
		return appendArrowMap(b, t, v.(types.MapValue))
	case *array.ListBuilder:
		return appendArrowList(b, t, v.([]any))
	case *array.StructBuilder:
		return appendArrowStruct(b, t, v.([]any))
	default:
		return fmt.Errorf("type %s has no Arrow form", t)
	}
	return nil
}

func appendArrowList(b *array.ListBuilder, t types.Type, values []any) error {
	b.Append(true)
	for _, v := range values {
		if err := appendArrow(b.ValueBuilder(), t.Elem(), v); err != nil {
			return err
		}
	}
	return nil
}

func appendArrowMap(b *array.MapBuilder, t types.Type, entries types.MapValue) error {
	b.Append(true)
	for _, e := range entries {
		if err := appendArrow(b.KeyBuilder(), t.Key(), e.Key); err != nil {
			return err
		}
		if err := appendArrow(b.ItemBuilder(), t.Value(), e.Value); err != nil {
			return err
		}
	}
	return nil
}

func appendArrowStruct(b *array.StructBuilder, t types.Type, values []any) error {
	b.Append(true)
	for i, v := range values {
		if err := appendArrow(b.FieldBuilder(i), t.Fields[i].Type, v); err != nil {
			return err
		}
	}
	return nil
}
