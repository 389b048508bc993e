package record

import "unsafe"

// Value is one cell of a row. The zero Value is NULL. Which part carries the
// content follows from the column's type:
//
//	boolean                        Int, 0 or 1
//	tinyint, smallint, int, bigint Int
//	float, double                  Float
//	decimal                        Text, with exactly as many fraction digits as the scale: "-12.50"
//	string, varchar, char          Text, without padding
//	binary                         Text, the bytes
//	date                           Int, days since 1970-01-01
//	timestamp                      Int, milliseconds of the wall clock since 1970-01-01 00:00:00
//	array                          List, the elements
//	map                            List: key, value, key, value …
//	struct                         List, one value a field
type Value struct {
	Valid bool // false: NULL
	Int   int64
	Float float64
	// Text may share memory with the event that it was parsed from.
	Text string
	List []Value
}

// Bytes is Text as bytes, which the caller must not change.
func (v Value) Bytes() []byte { return unsafe.Slice(unsafe.StringData(v.Text), len(v.Text)) }
