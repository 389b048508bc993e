package iceberg

import (
	"fmt"
	"strings"

	ice "github.com/apache/iceberg-go"

	"github.com/scopsdb/scops/internal/sql/types"
)

// timePrecision is that of times and timestamps: microseconds.
const timePrecision = 6

// SQLType is what a type of a schema is in a query, as Trino's connector has
// it. Names of fields are in lower case.
func SQLType(t ice.Type) (types.Type, error) {
	switch t := t.(type) {
	case ice.BooleanType:
		return types.BooleanType, nil
	case ice.Int32Type:
		return types.IntegerType, nil
	case ice.Int64Type:
		return types.BigIntType, nil
	case ice.Float32Type:
		return types.RealType, nil
	case ice.Float64Type:
		return types.DoubleType, nil
	case ice.DecimalType:
		return types.DecimalType(t.Precision(), t.Scale()), nil
	case ice.StringType:
		return types.VarcharUnbounded, nil
	case ice.BinaryType, ice.FixedType:
		return types.VarbinaryType, nil
	case ice.DateType:
		return types.DateType, nil
	case ice.TimeType:
		return types.Type{Kind: types.Time, Precision: timePrecision}, nil
	case ice.TimestampType:
		return types.TimestampType(timePrecision), nil
	case ice.TimestampTzType:
		return types.TimestampTZType(timePrecision), nil
	case ice.UUIDType:
		return types.Type{Kind: types.UUID}, nil
	case *ice.StructType:
		return nested(types.Row, t.FieldList)
	case *ice.ListType:
		return nested(types.Array, []ice.NestedField{t.ElementField()})
	case *ice.MapType:
		return nested(types.Map, []ice.NestedField{t.KeyField(), t.ValueField()})
	}
	return types.Type{}, fmt.Errorf("type %s is not supported", t)
}

func nested(kind types.Kind, fields []ice.NestedField) (types.Type, error) {
	out := types.Type{Kind: kind}
	for _, f := range fields {
		t, err := SQLType(f.Type)
		if err != nil {
			return out, err
		}
		field := types.Field{Type: t}
		if kind == types.Row {
			field.Name = strings.ToLower(f.Name)
		}
		out.Fields = append(out.Fields, field)
	}
	return out, nil
}

// scalars are the schema types of SQL types without parts. Hive's tinyint,
// smallint, char and varchar have none.
var scalars = map[types.Kind]ice.Type{
	types.Boolean: ice.BooleanType{}, types.Integer: ice.Int32Type{}, types.BigInt: ice.Int64Type{},
	types.Real: ice.Float32Type{}, types.Double: ice.Float64Type{}, types.Varbinary: ice.BinaryType{},
	types.Date: ice.DateType{}, types.Time: ice.TimeType{}, types.Timestamp: ice.TimestampType{},
	types.TimestampTZ: ice.TimestampTzType{}, types.UUID: ice.UUIDType{},
}

// ids gives field ids, each once.
type ids int

func (n *ids) next() int {
	*n++
	return int(*n)
}

// typeOf is the type of a schema for a SQL type. New ids are given to its
// parts, all of which may be NULL.
func typeOf(t types.Type, n *ids) (ice.Type, error) {
	if s, ok := scalars[t.Kind]; ok {
		return s, nil
	}
	switch t.Kind {
	case types.Decimal:
		return ice.DecimalTypeOf(t.Precision, t.Scale), nil
	case types.Varchar:
		return ice.StringType{}, nil
	case types.Array:
		list := &ice.ListType{ElementID: n.next()}
		var err error
		list.Element, err = typeOf(t.Elem(), n)
		return list, err
	case types.Map:
		m := &ice.MapType{KeyID: n.next(), ValueID: n.next()}
		var err error
		if m.KeyType, err = typeOf(t.Key(), n); err != nil {
			return nil, err
		}
		m.ValueType, err = typeOf(t.Value(), n)
		return m, err
	case types.Row:
		return structOf(t, n)
	}
	return nil, fmt.Errorf("Type not supported for Iceberg: %s", t) //nolint:staticcheck // Trino's words
}

func structOf(t types.Type, n *ids) (ice.Type, error) {
	s := &ice.StructType{}
	for _, f := range t.Fields {
		if f.Name == "" {
			return nil, fmt.Errorf("Row type field does not have a name: %s", t) //nolint:staticcheck // Trino's words
		}
		s.FieldList = append(s.FieldList, ice.NestedField{ID: n.next(), Name: f.Name})
	}
	for i, f := range t.Fields {
		var err error
		if s.FieldList[i].Type, err = typeOf(f.Type, n); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// hiveScalars are what Glue's columns say of types without parts, as Iceberg's
// own Glue catalog writes them.
var hiveScalars = map[string]string{
	"boolean": "boolean", "int": "int", "long": "bigint", "float": "float", "double": "double", "date": "date",
	"time": "string", "string": "string", "uuid": "string", "timestamp": "timestamp", "timestamptz": "timestamp",
	"binary": "binary",
}

// hiveType is the type of a column in the catalog.
func hiveType(t ice.Type) string {
	switch t := t.(type) {
	case ice.DecimalType:
		return fmt.Sprintf("decimal(%d,%d)", t.Precision(), t.Scale())
	case ice.FixedType:
		return "binary"
	case *ice.StructType:
		fields := make([]string, len(t.FieldList))
		for i, f := range t.FieldList {
			fields[i] = strings.ToLower(f.Name) + ":" + hiveType(f.Type)
		}
		return "struct<" + strings.Join(fields, ",") + ">"
	case *ice.ListType:
		return "array<" + hiveType(t.Element) + ">"
	case *ice.MapType:
		return "map<" + hiveType(t.KeyType) + "," + hiveType(t.ValueType) + ">"
	}
	if name, ok := hiveScalars[t.Type()]; ok {
		return name
	}
	return t.Type()
}
