package write

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
)

// shape is a column, or a part of one, in a Parquet schema.
type shape struct {
	kind       formats.TypeKind
	parts      []*shape // struct: fields; array: the element; map: key and value
	leaf       int      // index of the leaf column, where there are no parts
	repetition int      // array, map: repetition level of elements after the first
	required   bool     // a map's key, which cannot be NULL
	convert    func(*record.Value) (parquet.Value, error)
}

// fields is a group that keeps its fields in order; parquet.Group sorts them.
type fields struct {
	parquet.Group
	order []string
}

// Fields returns the fields in the order of the columns.
func (f fields) Fields() []parquet.Field {
	list := f.Group.Fields()
	slices.SortFunc(list, func(a, b parquet.Field) int {
		return slices.Index(f.order, a.Name()) - slices.Index(f.order, b.Name())
	})
	return list
}

func (f *fields) add(name string, n parquet.Node) error {
	if strings.Contains(name, ",") {
		return fmt.Errorf("column or field name %q: a Parquet file cannot have a comma in it", name)
	}
	if f.Group == nil {
		f.Group = parquet.Group{}
	}
	f.Group[name], f.order = n, append(f.order, name)
	return nil
}

// schemaBuilder numbers the leaves in the order in which Parquet does.
type schemaBuilder struct{ leaves int }

func parquetSchema(columns []record.Column) (*parquet.Schema, []*shape, int, error) {
	var b schemaBuilder
	var root fields
	shapes := make([]*shape, len(columns))
	for i, c := range columns {
		s, node := b.node(c.Type, 0)
		if err := root.add(c.Name, parquet.Optional(node)); err != nil {
			return nil, nil, 0, err
		}
		shapes[i] = s
		if err := checkNames(c.Type); err != nil {
			return nil, nil, 0, err
		}
	}
	return parquet.NewSchema("hive_schema", root), shapes, b.leaves, nil
}

func checkNames(t formats.Type) error {
	var f fields
	for _, field := range t.Fields {
		if err := f.add(field.Name, nil); err != nil {
			return err
		}
		if err := checkNames(field.Type); err != nil {
			return err
		}
	}
	return nil
}

func (b *schemaBuilder) node(t formats.Type, repetition int) (*shape, parquet.Node) {
	s := &shape{kind: t.Kind}
	switch t.Kind {
	case formats.Array:
		s.repetition = repetition + 1
		part, node := b.node(t.Fields[0].Type, s.repetition)
		s.parts = []*shape{part}
		return s, parquet.List(parquet.Optional(node))
	case formats.Map:
		s.repetition = repetition + 1
		key, keyNode := b.node(t.Fields[0].Type, s.repetition)
		key.required = true
		value, valueNode := b.node(t.Fields[1].Type, s.repetition)
		s.parts = []*shape{key, value}
		return s, parquet.Map(keyNode, parquet.Optional(valueNode))
	case formats.Struct:
		group := fields{Group: parquet.Group{}}
		for _, f := range t.Fields {
			part, node := b.node(f.Type, repetition)
			s.parts = append(s.parts, part)
			group.Group[f.Name], group.order = parquet.Optional(node), append(group.order, f.Name)
		}
		return s, group
	}
	s.leaf = b.leaves
	b.leaves++
	var node parquet.Node
	node, s.convert = leafNode(t)
	return s, node
}

// dictionary encodes a leaf by numbers of its distinct values. It makes a
// GROUP BY over the column several times faster than plain values.
func dictionary(n parquet.Node) parquet.Node { return parquet.Encoded(n, &parquet.RLEDictionary) }

// delta encodes numbers that are near one another, such as times.
func delta(n parquet.Node) parquet.Node { return parquet.Encoded(n, &parquet.DeltaBinaryPacked) }

func leafNode(t formats.Type) (parquet.Node, func(*record.Value) (parquet.Value, error)) {
	switch t.Kind {
	case formats.Boolean:
		return parquet.Leaf(parquet.BooleanType), plain(func(v *record.Value) parquet.Value { return parquet.BooleanValue(v.Int != 0) })
	case formats.TinyInt:
		return dictionary(parquet.Int(8)), plain(int32Value)
	case formats.SmallInt:
		return dictionary(parquet.Int(16)), plain(int32Value)
	case formats.Int:
		return dictionary(parquet.Int(32)), plain(int32Value)
	case formats.BigInt:
		return dictionary(parquet.Int(64)), plain(int64Value)
	case formats.Float:
		return dictionary(parquet.Leaf(parquet.FloatType)), plain(func(v *record.Value) parquet.Value { return parquet.FloatValue(float32(v.Float)) })
	case formats.Double:
		return dictionary(parquet.Leaf(parquet.DoubleType)), plain(func(v *record.Value) parquet.Value { return parquet.DoubleValue(v.Float) })
	case formats.Decimal:
		return decimalNode(t)
	case formats.Date:
		return dictionary(parquet.Date()), plain(int32Value)
	case formats.Timestamp:
		// A Hive timestamp is a wall clock: not adjusted to UTC.
		return delta(parquet.TimestampAdjusted(parquet.Millisecond, false)), plain(int64Value)
	case formats.Binary:
		return dictionary(parquet.Leaf(parquet.ByteArrayType)), plain(bytesValue)
	}
	return dictionary(parquet.String()), plain(bytesValue)
}

func plain(f func(*record.Value) parquet.Value) func(*record.Value) (parquet.Value, error) {
	return func(v *record.Value) (parquet.Value, error) { return f(v), nil }
}

func int32Value(v *record.Value) parquet.Value { return parquet.Int32Value(int32(v.Int)) }
func int64Value(v *record.Value) parquet.Value { return parquet.Int64Value(v.Int) }
func bytesValue(v *record.Value) parquet.Value { return parquet.ByteArrayValue(v.Bytes()) }

// decimalNode follows the Parquet specification: int32 up to 9 digits, int64 up
// to 18, then the fewest bytes of two's complement.
func decimalNode(t formats.Type) (parquet.Node, func(*record.Value) (parquet.Value, error)) {
	switch {
	case t.Precision <= 9:
		return dictionary(parquet.Decimal(t.Scale, t.Precision, parquet.Int32Type)), func(v *record.Value) (parquet.Value, error) {
			n, err := strconv.ParseInt(unscaled(v.Text), 10, 32)
			return parquet.Int32Value(int32(n)), err
		}
	case t.Precision <= 18:
		return dictionary(parquet.Decimal(t.Scale, t.Precision, parquet.Int64Type)), func(v *record.Value) (parquet.Value, error) {
			n, err := strconv.ParseInt(unscaled(v.Text), 10, 64)
			return parquet.Int64Value(n), err
		}
	}
	size := decimalBytes(t.Precision)
	typ := parquet.FixedLenByteArrayType(size)
	return dictionary(parquet.Decimal(t.Scale, t.Precision, typ)), func(v *record.Value) (parquet.Value, error) {
		b, err := twosComplement(unscaled(v.Text), size)
		return parquet.FixedLenByteArrayValue(b), err
	}
}

func unscaled(text string) string { return strings.Replace(text, ".", "", 1) }

// decimalBytes is the fewest bytes that hold every number of so many digits.
func decimalBytes(precision int) int {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(precision)), nil)
	return (most.BitLen() + 1 + 7) / 8
}

func twosComplement(digits string, size int) ([]byte, error) {
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return nil, fmt.Errorf("%q is no decimal", digits)
	}
	if n.Sign() < 0 {
		n.Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*size)))
	}
	if n.Sign() < 0 || n.BitLen() > 8*size {
		return nil, fmt.Errorf("decimal %s does not fit %d bytes", digits, size)
	}
	return n.FillBytes(make([]byte, size)), nil
}
