package duckdb

import (
	"errors"
	"fmt"
	"strings"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"

	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

var errIncompatible = errors.New("incompatible type")

// coercion writes how a column of a Parquet file becomes the declared type.
// What Trino's reader converts exactly is converted; all else is refused.
type coercion struct{ depth int }

// expr writes column (SQL that gives the file's value as DuckDB reads it) as
// type t. same says that it is written as it is.
func (c coercion) expr(column string, n *parquetNode, t types.Type) (sql string, same bool, err error) {
	if n.repeated {
		if t.Kind != types.Array {
			return "", false, errIncompatible
		}
		return c.elements(column, n, t)
	}
	switch t.Kind {
	case types.Array:
		return c.array(column, n, t)
	case types.Map:
		return c.mapping(column, n, t)
	case types.Row:
		return c.row(column, n, t)
	}
	if n.group {
		return "", false, errIncompatible
	}
	sql, err = scalar(column, n, t)
	return sql, sql == column, err
}

// scalar writes a leaf.
func scalar(column string, n *parquetNode, t types.Type) (string, error) {
	write, ok := scalarCoercions[t.Kind]
	if !ok {
		return "", errIncompatible
	}
	return write(column, n, t)
}

var scalarCoercions map[types.Kind]func(column string, n *parquetNode, t types.Type) (string, error)

func init() {
	scalarCoercions = map[types.Kind]func(string, *parquetNode, types.Type) (string, error){
		types.Boolean: plain(func(n *parquetNode) bool { return n.physical == format.Boolean }),
		types.TinyInt: integer, types.SmallInt: integer, types.Integer: integer, types.BigInt: integer,
		types.Real: plain(isFloat), types.Double: double, types.Decimal: decimal,
		types.Varchar: text, types.Char: text, types.Varbinary: blob,
		types.Date: plain(isDate), types.Timestamp: timestamp,
		types.TimestampTZ: plain(isInstant), types.Time: plain(isTime), types.UUID: plain(isUUID),
	}
}

// plain is a type that is read as it is or not at all.
func plain(ok func(*parquetNode) bool) func(string, *parquetNode, types.Type) (string, error) {
	return func(column string, n *parquetNode, _ types.Type) (string, error) {
		if !ok(n) {
			return "", errIncompatible
		}
		return column, nil
	}
}

func isFloat(n *parquetNode) bool { return n.physical == format.Float && n.logical == nil }

func isDate(n *parquetNode) bool {
	_, ok := n.logical.(*format.DateType)
	return n.physical == format.Int32 && (ok || n.logical == nil && n.is(deprecated.Date))
}

func double(column string, n *parquetNode, _ types.Type) (string, error) {
	switch {
	case n.physical == format.Double:
		return column, nil
	case isFloat(n):
		return "CAST(" + column + " AS DOUBLE)", nil
	}
	return "", errIncompatible
}

// integerBits are the width and sign of an integer leaf; 0 for another type.
func integerBits(n *parquetNode) (bits int, signed bool) {
	if t, ok := n.logical.(*format.IntType); ok {
		return int(t.BitWidth), t.IsSigned
	}
	if n.logical != nil {
		return 0, false
	}
	switch {
	case n.physical == format.Int32 && !n.annotated:
		return 32, true
	case n.physical == format.Int64 && !n.annotated:
		return 64, true
	case n.annotated && n.converted >= deprecated.Uint8 && n.converted <= deprecated.Uint64:
		return 8 << (n.converted - deprecated.Uint8), false
	case n.annotated && n.converted >= deprecated.Int8 && n.converted <= deprecated.Int64:
		return 8 << (n.converted - deprecated.Int8), true
	}
	return 0, false
}

// integer widens, and narrows where the value fits: one that does not is an
// error, as in Trino.
func integer(column string, n *parquetNode, t types.Type) (string, error) {
	bits, signed := integerBits(n)
	if bits == 0 {
		return "", errIncompatible
	}
	want := map[types.Kind]int{types.TinyInt: 8, types.SmallInt: 16, types.Integer: 32, types.BigInt: 64}[t.Kind]
	if signed && bits == want {
		return column, nil
	}
	name, err := types.DuckDBType(t)
	if err != nil {
		return "", err
	}
	if bits < want {
		return "CAST(" + column + " AS " + name + ")", nil
	}
	return narrowed(column, n.name, name), nil
}

// narrowed casts to a type that not every value fits.
func narrowed(column, field, to string) string {
	message := quote(functions.ErrorPrefix + nameBadData + ": a value of field " + field + " is out of the range of " + to)
	return "CASE WHEN " + column + " IS NOT NULL AND TRY_CAST(" + column + " AS " + to + ") IS NULL THEN CAST(error(" + message +
		") AS " + to + ") ELSE TRY_CAST(" + column + " AS " + to + ") END"
}

func decimal(column string, n *parquetNode, t types.Type) (string, error) {
	_, logical := n.logical.(*format.DecimalType)
	if !logical && !(n.logical == nil && n.is(deprecated.Decimal)) {
		return "", errIncompatible
	}
	if n.precision == t.Precision && n.scale == t.Scale {
		return column, nil
	}
	if n.scale > t.Scale { // Trino rounds; digits that the table does not know are refused here
		return "", fmt.Errorf("the file has %d digits after the point", n.scale)
	}
	to := fmt.Sprintf("DECIMAL(%d,%d)", t.Precision, t.Scale)
	if n.precision-n.scale <= t.Precision-t.Scale {
		return "CAST(" + column + " AS " + to + ")", nil
	}
	return narrowed(column, n.name, to), nil
}

// isString says whether a byte array is annotated as text.
func isString(n *parquetNode) bool {
	switch n.logical.(type) {
	case *format.StringType, *format.EnumType, *format.JsonType:
		return true
	case nil:
		return n.is(deprecated.UTF8) || n.is(deprecated.Enum) || n.is(deprecated.Json)
	}
	return false
}

func isBytes(n *parquetNode) bool {
	return n.physical == format.ByteArray && n.logical == nil && (!n.annotated || n.is(deprecated.Bson))
}

func text(column string, n *parquetNode, t types.Type) (string, error) {
	sql := column
	switch {
	case n.physical == format.ByteArray && isString(n):
		if _, json := n.logical.(*format.JsonType); json || n.is(deprecated.Json) {
			sql = "CAST(" + column + " AS VARCHAR)"
		}
	case isBytes(n):
		sql = decoded(column, n.name)
	default:
		return "", errIncompatible
	}
	if t.Kind == types.Char {
		return fmt.Sprintf("rpad(left(%s, %d), %d, ' ')", sql, t.Precision, t.Precision), nil
	}
	if t.Precision != types.UnboundedLength {
		return fmt.Sprintf("left(%s, %d)", sql, t.Precision), nil
	}
	return sql, nil
}

// decoded reads bytes without an annotation as text, which must be UTF-8.
func decoded(column, field string) string {
	message := quote(functions.ErrorPrefix + nameBadData + ": a value of field " + field + " is not UTF-8")
	return "CASE WHEN " + column + " IS NOT NULL AND TRY(decode(" + column + ")) IS NULL THEN CAST(error(" + message + ") AS VARCHAR) ELSE decode(" + column + ") END"
}

func blob(column string, n *parquetNode, _ types.Type) (string, error) {
	switch {
	case isBytes(n), n.physical == format.FixedLenByteArray && n.logical == nil && !n.annotated:
		return column, nil
	case n.physical == format.ByteArray && isString(n):
		return "encode(CAST(" + column + " AS VARCHAR))", nil
	}
	return "", errIncompatible
}

// timestamp brings all units to microseconds without a zone, rounded to the
// declared precision; an instant is read as UTC.
func timestamp(column string, n *parquetNode, t types.Type) (string, error) {
	instant, millis := false, false
	logical, ok := n.logical.(*format.TimestampType)
	switch {
	case ok:
		instant = logical.IsAdjustedToUTC
		_, millis = logical.Unit.Value.(*format.MilliSeconds)
	case n.logical == nil && n.is(deprecated.TimestampMillis):
		millis = true
	case n.logical == nil && n.is(deprecated.TimestampMicros), n.physical == format.Int96:
	default:
		return "", errIncompatible
	}
	if ok {
		if _, nanos := logical.Unit.Value.(*format.NanoSeconds); nanos {
			return nanoTimestamp(column, t)
		}
	}
	if instant {
		column = "make_timestamp(epoch_us(" + column + "))"
	}
	if millis || t.Precision >= types.DuckDBPrecision {
		return column, nil
	}
	return roundTimestamp(column, t)
}

// nanoTimestamp rounds once, from nanoseconds.
func nanoTimestamp(column string, t types.Type) (string, error) {
	if t.Precision > 3 {
		return "", fmt.Errorf("nanoseconds are read as %s only up to precision 3", t)
	}
	// Half a millisecond is a whole number of microseconds: what is below a
	// microsecond cannot change the rounding to milliseconds.
	return roundTimestamp("make_timestamp(epoch_ns("+column+") // 1000 - CASE WHEN epoch_ns("+column+") % 1000 < 0 THEN 1 ELSE 0 END)", t)
}

// timestampUnits are what date_trunc calls each precision, and half of it.
var timestampUnits = map[int][2]string{0: {"second", "500 milliseconds"}, 3: {"millisecond", "500 microseconds"}}

func roundTimestamp(column string, t types.Type) (string, error) {
	unit, ok := timestampUnits[t.Precision]
	if !ok {
		return "", fmt.Errorf("timestamps of precision %d are not supported", t.Precision)
	}
	return "date_trunc('" + unit[0] + "', " + column + " + INTERVAL '" + unit[1] + "')", nil
}

func (c coercion) variable() string { return fmt.Sprintf("e%d", c.depth) }

func (c coercion) array(column string, n *parquetNode, t types.Type) (string, bool, error) {
	_, logical := n.logical.(*format.ListType)
	if !n.group || !logical && !n.is(deprecated.List) || len(n.children) != 1 || !n.children[0].repeated {
		return "", false, errIncompatible
	}
	list := n.children[0]
	if list.group && len(list.children) == 1 && list.name != "array" && list.name != n.name+"_tuple" {
		return c.transform(column, list.children[0], t)
	}
	return c.elements(column, list, t)
}

// elements reads a list whose repeated field is the element itself: the two
// levels of old writers, or a repeated field outside a LIST. DuckDB takes a
// struct of one field for that field.
// https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists
func (c coercion) elements(column string, n *parquetNode, t types.Type) (string, bool, error) {
	element := *n
	element.repeated = false
	if !n.group || len(n.children) != 1 {
		return c.transform(column, &element, t)
	}
	of := t.Elem()
	if of.Kind != types.Row || n.annotated || n.logical != nil {
		return "", false, errIncompatible
	}
	e := c.variable()
	fields := make([]string, len(of.Fields))
	for i, f := range of.Fields {
		inner, err := literal(nil, f.Type)
		if strings.EqualFold(f.Name, n.children[0].name) {
			inner, _, err = coercion{c.depth + 1}.expr(e, n.children[0], f.Type)
		}
		if err != nil {
			return "", false, err
		}
		fields[i] = types.DuckDBFieldName(of, i) + " := " + inner
	}
	return "list_transform(" + column + ", lambda " + e + ": struct_pack(" + strings.Join(fields, ", ") + "))", false, nil
}

// transform converts each element of a list.
func (c coercion) transform(column string, element *parquetNode, t types.Type) (string, bool, error) {
	e := c.variable()
	inner, same, err := coercion{c.depth + 1}.expr(e, element, t.Elem())
	if err != nil || same {
		return column, same, err
	}
	return "list_transform(" + column + ", lambda " + e + ": " + inner + ")", false, nil
}

func (c coercion) mapping(column string, n *parquetNode, t types.Type) (string, bool, error) {
	_, logical := n.logical.(*format.MapType)
	if !n.group || !logical && !n.is(deprecated.Map) && !n.is(deprecated.MapKeyValue) || len(n.children) != 1 {
		return "", false, errIncompatible
	}
	entries := n.children[0]
	if !entries.repeated || !entries.group || len(entries.children) != 2 {
		return "", false, errIncompatible
	}
	e := c.variable()
	deeper := coercion{c.depth + 1}
	key, sameKey, err := deeper.expr(e+".key", entries.children[0], t.Key())
	if err != nil {
		return "", false, err
	}
	value, sameValue, err := deeper.expr(e+".value", entries.children[1], t.Value())
	if err != nil || sameKey && sameValue {
		return column, err == nil, err
	}
	return "map_from_entries(list_transform(map_entries(" + column + "), lambda " + e +
		": struct_pack(key := " + key + ", value := " + value + ")))", false, nil
}

// row takes the fields by name; a field that the file lacks is NULL.
func (c coercion) row(column string, n *parquetNode, t types.Type) (string, bool, error) {
	if !n.group || n.logical != nil || n.annotated {
		return "", false, errIncompatible
	}
	same := len(n.children) == len(t.Fields)
	fields := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		child, err := structField(n, f.Name)
		if err != nil {
			return "", false, err
		}
		if child == nil {
			null, err := literal(nil, f.Type)
			if err != nil {
				return "", false, err
			}
			fields[i], same = types.DuckDBFieldName(t, i)+" := "+null, false
			continue
		}
		inner, sameField, err := c.expr(column+"."+quoteName(child.name), child, f.Type)
		if err != nil {
			return "", false, err
		}
		same = same && sameField && n.children[i] == child && child.name == f.Name
		fields[i] = types.DuckDBFieldName(t, i) + " := " + inner
	}
	if same {
		return column, true, nil
	}
	return "CASE WHEN " + column + " IS NULL THEN NULL ELSE struct_pack(" + strings.Join(fields, ", ") + ") END", false, nil
}

func structField(n *parquetNode, name string) (*parquetNode, error) {
	var found *parquetNode
	for _, child := range n.children {
		if !child.called(name) {
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("field %s is ambiguous", name)
		}
		found = child
	}
	return found, nil
}

// called says whether the table's field of a name is this one of the file.
func (n *parquetNode) called(name string) bool {
	if n.aliased {
		return n.alias == name
	}
	return strings.EqualFold(n.name, name)
}

// String is the type of a column in messages.
func (n *parquetNode) String() string {
	switch {
	case n.group && n.logical != nil:
		return n.logical.String()
	case n.group:
		return "group"
	case n.logical != nil:
		return fmt.Sprintf("%s (%s)", n.physical, n.logical)
	case n.annotated:
		return fmt.Sprintf("%s (%s)", n.physical, convertedNames[n.converted])
	}
	return n.physical.String()
}

// convertedNames are Parquet's names of the older annotations, by number.
var convertedNames = map[deprecated.ConvertedType]string{
	0: "UTF8", 1: "MAP", 2: "MAP_KEY_VALUE", 3: "LIST", 4: "ENUM", 5: "DECIMAL", 6: "DATE", 7: "TIME_MILLIS",
	8: "TIME_MICROS", 9: "TIMESTAMP_MILLIS", 10: "TIMESTAMP_MICROS", 11: "UINT_8", 12: "UINT_16", 13: "UINT_32",
	14: "UINT_64", 15: "INT_8", 16: "INT_16", 17: "INT_32", 18: "INT_64", 19: "JSON", 20: "BSON", 21: "INTERVAL",
}
