package types

import (
	"strconv"
	"strings"
)

// names are Trino's base type names.
var names = map[Kind]string{
	Unknown: "unknown", Boolean: "boolean", TinyInt: "tinyint", SmallInt: "smallint",
	Integer: "integer", BigInt: "bigint", Real: "real", Double: "double", Decimal: "decimal",
	Varchar: "varchar", Char: "char", Varbinary: "varbinary", Date: "date", Time: "time",
	TimeTZ: "time with time zone", Timestamp: "timestamp", TimestampTZ: "timestamp with time zone",
	IntervalDaySecond: "interval day to second", IntervalYearMonth: "interval year to month",
	Array: "array", Map: "map", Row: "row", JSON: "json", UUID: "uuid", IPAddress: "ipaddress", Color: "color",
	HyperLogLog: "HyperLogLog", P4HyperLogLog: "P4HyperLogLog", TDigest: "tdigest", SetDigest: "SetDigest",
	Geometry: "Geometry", SphericalGeography: "SphericalGeography", BingTile: "BingTile",
	Function: "function",
}

// BaseName is the type's name without parameters, for example "timestamp with
// time zone".
func (t Type) BaseName() string { return names[t.Kind] }

// String is Trino's text of the type, as typeof and error messages give it:
// varchar(3), decimal(10,2), timestamp(3) with time zone,
// array(row(a integer)).
func (t Type) String() string {
	switch t.Kind {
	case Decimal:
		return "decimal(" + strconv.Itoa(t.Precision) + "," + strconv.Itoa(t.Scale) + ")"
	case Varchar:
		if t.Precision == UnboundedLength {
			return "varchar"
		}
		return "varchar(" + strconv.Itoa(t.Precision) + ")"
	case Char:
		return "char(" + strconv.Itoa(t.Precision) + ")"
	case Time, Timestamp:
		return names[t.Kind] + "(" + strconv.Itoa(t.Precision) + ")"
	case TimeTZ:
		return "time(" + strconv.Itoa(t.Precision) + ") with time zone"
	case TimestampTZ:
		return "timestamp(" + strconv.Itoa(t.Precision) + ") with time zone"
	case Array, Map, Row, Function:
		return t.parametric()
	}
	return names[t.Kind]
}

func (t Type) parametric() string {
	sep := ", "
	if t.Kind == Function {
		sep = ","
	}
	parts := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		parts[i] = f.Type.String()
		if f.Name != "" {
			parts[i] = fieldName(f.Name) + " " + parts[i]
		}
	}
	return names[t.Kind] + "(" + strings.Join(parts, sep) + ")"
}

// fieldName quotes a row field's name where Trino would.
func fieldName(name string) string {
	for i, r := range name {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
	}
	return name
}
