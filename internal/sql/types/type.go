package types

// Kind is a Trino base type.
type Kind uint8

// The kinds, with the Go value that a non-NULL cell of a row has. NULL is nil.
const (
	Unknown            Kind = iota // the type of a bare NULL; always nil
	Boolean                        // bool
	TinyInt                        // int64
	SmallInt                       // int64
	Integer                        // int64
	BigInt                         // int64
	Real                           // float32
	Double                         // float64
	Decimal                        // DecimalValue
	Varchar                        // string
	Char                           // string, padded to its length
	Varbinary                      // []byte
	Date                           // time.Time at midnight UTC
	Time                           // time.Duration since midnight
	TimeTZ                         // TimeTZValue
	Timestamp                      // time.Time, wall clock carried as UTC
	TimestampTZ                    // time.Time in its zone
	IntervalDaySecond              // time.Duration, or LongInterval
	IntervalYearMonth              // int64 months
	Array                          // []any
	Map                            // MapValue
	Row                            // []any
	JSON                           // string, JSON text
	UUID                           // string, canonical text
	IPAddress                      // string, canonical text
	Color                          // string: a name, or #rrggbb
	HyperLogLog                    // []byte, Trino's serialized form
	P4HyperLogLog                  // []byte, as HyperLogLog
	TDigest                        // []byte, Trino's serialized form
	SetDigest                      // []byte, Trino's serialized form
	Geometry                       // string, well-known text
	SphericalGeography             // string, well-known text
	BingTile                       // BingTileValue
	Function                       // a lambda: never a value in a row
)

// UnboundedLength is the Precision of varchar without a length.
const UnboundedLength = -1

// Type is a Trino type. The zero Type is Unknown. Compare with Equal.
type Type struct {
	Kind      Kind
	Precision int     // decimal precision, varchar and char length (UnboundedLength), time and timestamp fraction digits
	Scale     int     // decimal
	Fields    []Field // row: its fields; array: one element; map: key and value; function: parameters, then the result
	// Zone is the time zone that all values of a timestamp with time zone have:
	// "" is UTC, the session's zone. Trino keeps a zone in each value; here the
	// type carries it where it is known before the query runs, which is nearly
	// always, and MixedZone says that each value has its own (see Zoned). It is
	// no part of the type's identity: Equal and String ignore it.
	Zone string
}

// MixedZone is the Zone of an expression whose values may differ in zone, for
// example a CASE with branches in two zones or the parsing of a column.
const MixedZone = "?"

// Field is a field of a row type, or the nameless element of an array or map.
type Field struct {
	Name string // "" for a nameless field
	Type Type
}

// MapEntry is one entry of a map value.
type MapEntry struct{ Key, Value any }

// MapValue is a map cell, in the engine's order.
type MapValue []MapEntry
