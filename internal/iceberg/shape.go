package iceberg

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	ice "github.com/apache/iceberg-go"
	"github.com/google/uuid"
	"github.com/parquet-go/parquet-go"

	"github.com/scopsdb/scops/internal/sql/types"
)

// shape is a column, or a part of one, in a data file.
type shape struct {
	of       ice.Type
	id       int
	required bool
	parts    []*shape // struct: fields; list: the element; map: key and value
	repeats  int      // list, map: repetition level of elements after the first
	leaf     int      // index of the leaf column, where there are no parts
	convert  func(any) (parquet.Value, bool)
}

// orderedGroup is a group that keeps its fields in order; parquet.Group sorts
// them.
type orderedGroup struct {
	parquet.Group
	order []string
}

// Fields returns the fields in the order of the schema.
func (g orderedGroup) Fields() []parquet.Field {
	list := g.Group.Fields()
	slices.SortFunc(list, func(a, b parquet.Field) int {
		return slices.Index(g.order, a.Name()) - slices.Index(g.order, b.Name())
	})
	return list
}

// shaper numbers the leaves in the order in which Parquet does.
type shaper struct{ leaves []*shape }

// fileSchema is a schema as data files have it: names, types and field ids.
func fileSchema(fields []ice.NestedField) (*parquet.Schema, []*shape, []*shape, error) {
	var s shaper
	group, shapes, err := s.group(fields, 0)
	if err != nil {
		return nil, nil, nil, err
	}
	return parquet.NewSchema("table", group), shapes, s.leaves, nil
}

func (s *shaper) group(fields []ice.NestedField, repeats int) (orderedGroup, []*shape, error) {
	g := orderedGroup{Group: parquet.Group{}}
	var shapes []*shape
	for _, f := range fields {
		if strings.Contains(f.Name, ",") {
			return g, nil, fail(errNotSupported, nil, "column or field name %q: a Parquet file cannot have a comma in it", f.Name)
		}
		shape, node, err := s.field(f, repeats)
		if err != nil {
			return g, nil, err
		}
		g.Group[f.Name], g.order = node, append(g.order, f.Name)
		shapes = append(shapes, shape)
	}
	return g, shapes, nil
}

// field makes the node of a field, with its id.
func (s *shaper) field(f ice.NestedField, repeats int) (*shape, parquet.Node, error) {
	out := &shape{of: f.Type, id: f.ID, required: f.Required}
	var node parquet.Node
	var err error
	switch t := f.Type.(type) {
	case *ice.StructType:
		node, out.parts, err = s.group(t.FieldList, repeats)
	case *ice.ListType:
		out.repeats = repeats + 1
		part, element, e := s.field(t.ElementField(), out.repeats)
		if err = e; err == nil {
			out.parts, node = []*shape{part}, parquet.List(element)
		}
	case *ice.MapType:
		out.repeats = repeats + 1
		key, keyNode, e := s.field(t.KeyField(), out.repeats)
		if e != nil {
			return nil, nil, e
		}
		value, valueNode, e := s.field(t.ValueField(), out.repeats)
		if err = e; err == nil {
			out.parts, node = []*shape{key, value}, parquet.Map(keyNode, valueNode)
		}
	default:
		out.leaf = len(s.leaves)
		s.leaves = append(s.leaves, out)
		out.repeats = repeats
		node, out.convert, err = leafNode(f.Type)
	}
	if err != nil {
		return nil, nil, err
	}
	if !f.Required {
		node = parquet.Optional(node)
	}
	return out, parquet.FieldID(node, f.ID), nil
}

func dictionary(n parquet.Node) parquet.Node { return parquet.Encoded(n, &parquet.RLEDictionary) }

// converted makes a converter of one for values of a Go type.
func converted[T any](f func(T) parquet.Value) func(any) (parquet.Value, bool) {
	return func(v any) (parquet.Value, bool) {
		x, ok := v.(T)
		if !ok {
			return parquet.Value{}, false
		}
		return f(x), true
	}
}

// leafNode follows the mapping of types in Iceberg's specification.
func leafNode(t ice.Type) (parquet.Node, func(any) (parquet.Value, bool), error) {
	switch t := t.(type) {
	case ice.BooleanType:
		return parquet.Leaf(parquet.BooleanType), converted(parquet.BooleanValue), nil
	case ice.Int32Type:
		return dictionary(parquet.Leaf(parquet.Int32Type)), converted(func(n int64) parquet.Value { return parquet.Int32Value(int32(n)) }), nil
	case ice.Int64Type:
		return dictionary(parquet.Leaf(parquet.Int64Type)), converted(parquet.Int64Value), nil
	case ice.Float32Type:
		return dictionary(parquet.Leaf(parquet.FloatType)), converted(parquet.FloatValue), nil
	case ice.Float64Type:
		return dictionary(parquet.Leaf(parquet.DoubleType)), converted(parquet.DoubleValue), nil
	case ice.DateType:
		return dictionary(parquet.Date()), converted(func(at time.Time) parquet.Value { return parquet.Int32Value(days(at)) }), nil
	case ice.TimeType:
		return parquet.TimeAdjusted(parquet.Microsecond, false), converted(func(d time.Duration) parquet.Value { return parquet.Int64Value(d.Microseconds()) }), nil
	case ice.TimestampType:
		return parquet.TimestampAdjusted(parquet.Microsecond, false), converted(microseconds), nil
	case ice.TimestampTzType:
		return parquet.TimestampAdjusted(parquet.Microsecond, true), converted(microseconds), nil
	case ice.StringType:
		return dictionary(parquet.String()), converted(func(s string) parquet.Value { return parquet.ByteArrayValue([]byte(s)) }), nil
	case ice.BinaryType:
		return dictionary(parquet.Leaf(parquet.ByteArrayType)), converted(parquet.ByteArrayValue), nil
	case ice.FixedType:
		return fixedNode(t)
	case ice.UUIDType:
		return parquet.UUID(), uuidValue, nil
	case ice.DecimalType:
		return decimalNode(t)
	}
	return nil, nil, fail(errNotSupported, nil, "columns of type %s cannot be written", t)
}

func microseconds(at time.Time) parquet.Value { return parquet.Int64Value(at.UnixMicro()) }

func uuidValue(v any) (parquet.Value, bool) {
	text, _ := v.(string)
	u, err := uuid.Parse(text)
	return parquet.FixedLenByteArrayValue(u[:]), err == nil
}

func fixedNode(t ice.FixedType) (parquet.Node, func(any) (parquet.Value, bool), error) {
	return parquet.Leaf(parquet.FixedLenByteArrayType(t.Len())), func(v any) (parquet.Value, bool) {
		b, ok := v.([]byte)
		return parquet.FixedLenByteArrayValue(b), ok && len(b) == t.Len()
	}, nil
}

// decimalNode follows the specification: int32 up to 9 digits, int64 up to 18,
// then the fewest bytes of two's complement.
func decimalNode(t ice.DecimalType) (parquet.Node, func(any) (parquet.Value, bool), error) {
	p, s := t.Precision(), t.Scale()
	switch {
	case p <= 9:
		return dictionary(parquet.Decimal(s, p, parquet.Int32Type)), converted(func(d types.DecimalValue) parquet.Value {
			return parquet.Int32Value(int32(d.Unscaled().Int64()))
		}), nil
	case p <= 18:
		return dictionary(parquet.Decimal(s, p, parquet.Int64Type)), converted(func(d types.DecimalValue) parquet.Value {
			return parquet.Int64Value(d.Unscaled().Int64())
		}), nil
	}
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(p)), nil)
	size := (most.BitLen() + 1 + 7) / 8
	return dictionary(parquet.Decimal(s, p, parquet.FixedLenByteArrayType(size))), func(v any) (parquet.Value, bool) {
		d, ok := v.(types.DecimalValue)
		if !ok {
			return parquet.Value{}, false
		}
		n := d.Unscaled()
		if n.Sign() < 0 {
			n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*size)))
		}
		if n.Sign() < 0 || n.BitLen() > 8*size {
			return parquet.Value{}, false
		}
		return parquet.FixedLenByteArrayValue(n.FillBytes(make([]byte, size))), true
	}, nil
}

// misfit is a value that a column cannot hold, which the checks before exclude.
func misfit(s *shape, v any) error {
	return fmt.Errorf("a value of type %T does not fit a column of type %s", v, s.of)
}
