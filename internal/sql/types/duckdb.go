package types

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrNotCarried is the cause where the embedded engine has no form for a type.
var ErrNotCarried = errors.New("type is not supported by the engine")

// DuckDBPrecision is the finest fraction of a second that the engine keeps.
const DuckDBPrecision = 6

// duckDBNames are the DuckDB types of the kinds without parameters.
//
//	varchar, char, json        VARCHAR; char is padded to its length, json is JSON text as json_format gives it
//	timestamp(p), p <= 6       TIMESTAMP (wall clock, microseconds)
//	timestamp(p) with tz       TIMESTAMPTZ (the instant; the zone is Type.Zone), or an INTERVAL (see Zoned) where that is MixedZone
//	time(p)                    TIME
//	time(p) with tz            INTERVAL (see Zoned)
//	interval day to second     BIGINT, milliseconds, as in Trino itself
//	interval year to month     INTEGER, months, as in Trino itself
//	row                        STRUCT; a nameless field i (from 0) is called "_i"
//	ipaddress                  BLOB, the 16 bytes of its IPv6 form
//	color                      INTEGER, red << 16 | green << 8 | blue, or -1 - i for the ith system color
//	geometry, geography        BLOB, as package geometry encodes them
//	bingtile                   BIGINT, as Trino keeps it; see NewBingTile
//	unknown                    INTEGER (always NULL)
var duckDBNames = map[Kind]string{
	Unknown: "INTEGER", Boolean: "BOOLEAN", TinyInt: "TINYINT", SmallInt: "SMALLINT",
	Integer: "INTEGER", BigInt: "BIGINT", Real: "FLOAT", Double: "DOUBLE",
	Varchar: "VARCHAR", Char: "VARCHAR", Varbinary: "BLOB", Date: "DATE",
	Time: "TIME", TimeTZ: "INTERVAL", Timestamp: "TIMESTAMP", TimestampTZ: "TIMESTAMPTZ",
	IntervalDaySecond: "BIGINT", IntervalYearMonth: "INTEGER", JSON: "VARCHAR", UUID: "UUID",
	HyperLogLog: "BLOB", P4HyperLogLog: "BLOB", TDigest: "BLOB", SetDigest: "BLOB",
	IPAddress: "BLOB", Color: "INTEGER",
	Geometry: "BLOB", SphericalGeography: "BLOB", BingTile: "BIGINT",
}

// DuckDBType is the DuckDB type that carries values of t, or ErrNotCarried.
func DuckDBType(t Type) (string, error) {
	switch t.Kind {
	case Decimal:
		return fmt.Sprintf("DECIMAL(%d,%d)", t.Precision, t.Scale), nil
	case Time, TimeTZ, Timestamp, TimestampTZ:
		if t.Precision > DuckDBPrecision {
			return "", fmt.Errorf("%w: %s", ErrNotCarried, t)
		}
		if t.Zone == MixedZone {
			return "INTERVAL", nil
		}
	case Array:
		elem, err := DuckDBType(t.Elem())
		return elem + "[]", err
	case Map:
		key, err := DuckDBType(t.Key())
		if err != nil {
			return "", err
		}
		value, err := DuckDBType(t.Value())
		return "MAP(" + key + ", " + value + ")", err
	case Row:
		return duckDBStruct(t)
	}
	name, ok := duckDBNames[t.Kind]
	if !ok {
		return "", fmt.Errorf("%w: %s", ErrNotCarried, t)
	}
	return name, nil
}

func duckDBStruct(t Type) (string, error) {
	parts := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		ft, err := DuckDBType(f.Type)
		if err != nil {
			return "", err
		}
		parts[i] = DuckDBFieldName(t, i) + " " + ft
	}
	return "STRUCT(" + strings.Join(parts, ", ") + ")", nil
}

// DuckDBFieldName is the quoted name of a row's field i in its STRUCT.
func DuckDBFieldName(row Type, i int) string {
	name := row.Fields[i].Name
	if name == "" {
		name = "_" + strconv.Itoa(i)
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}
