package duckdb

import (
	"fmt"
	"math/big"
	"strings"
	"time"
	"unsafe"

	bindings "github.com/duckdb/duckdb-go-bindings"
	"github.com/google/uuid"

	"github.com/scopsdb/scops/internal/sql/geometry"
	"github.com/scopsdb/scops/internal/sql/types"
)

// cells reads the values of one vector of a chunk in the Go forms of package
// types.
type cells struct {
	typ      types.Type
	width    int // bytes of a decimal
	zone     *time.Location
	data     unsafe.Pointer
	validity unsafe.Pointer
	children []cells
}

// duckDBIDs are the DuckDB types that carry each kind; see types.DuckDBType.
var duckDBIDs = map[types.Kind]bindings.Type{
	types.Unknown: bindings.TypeInteger, types.Boolean: bindings.TypeBoolean, types.TinyInt: bindings.TypeTinyInt,
	types.SmallInt: bindings.TypeSmallInt, types.Integer: bindings.TypeInteger, types.BigInt: bindings.TypeBigInt,
	types.Real: bindings.TypeFloat, types.Double: bindings.TypeDouble, types.Decimal: bindings.TypeDecimal,
	types.Varchar: bindings.TypeVarchar, types.Char: bindings.TypeVarchar, types.Varbinary: bindings.TypeBlob,
	types.Date: bindings.TypeDate, types.Time: bindings.TypeTime, types.Timestamp: bindings.TypeTimestamp,
	types.TimestampTZ: bindings.TypeTimestampTZ, types.TimeTZ: bindings.TypeInterval, types.IntervalDaySecond: bindings.TypeBigInt,
	types.IntervalYearMonth: bindings.TypeInteger, types.Array: bindings.TypeList, types.Map: bindings.TypeMap,
	types.Row: bindings.TypeStruct, types.JSON: bindings.TypeVarchar, types.UUID: bindings.TypeUUID,
	types.HyperLogLog: bindings.TypeBlob, types.P4HyperLogLog: bindings.TypeBlob, types.TDigest: bindings.TypeBlob, types.SetDigest: bindings.TypeBlob,
	types.IPAddress: bindings.TypeBlob, types.Color: bindings.TypeInteger,
	types.Geometry: bindings.TypeBlob, types.SphericalGeography: bindings.TypeBlob, types.BingTile: bindings.TypeBigInt,
}

// init prepares for vectors of logical type l, which must be how DuckDB carries
// t.
func (c *cells) init(l bindings.LogicalType, t types.Type) error {
	c.typ = t
	want, ok := duckDBIDs[t.Kind]
	if t.Zone == types.MixedZone {
		want = bindings.TypeInterval
	}
	if got := bindings.GetTypeId(l); !ok || got != want {
		return fmt.Errorf("DuckDB type %d does not carry %s", got, t)
	}
	switch t.Kind {
	case types.Decimal:
		return c.initDecimal(l)
	case types.TimestampTZ:
		if t.Zone == types.MixedZone {
			return nil
		}
		var err error
		if c.zone, err = types.LoadZone(t.Zone); err != nil {
			return err
		}
	case types.Array:
		child := bindings.ListTypeChildType(l)
		return c.initChildren(child)
	case types.Map:
		key, value := bindings.MapTypeKeyType(l), bindings.MapTypeValueType(l)
		return c.initChildren(key, value)
	case types.Row:
		if n := bindings.StructTypeChildCount(l); int(n) != len(t.Fields) {
			return fmt.Errorf("a STRUCT of %d fields does not carry %s", n, t)
		}
		fields := make([]bindings.LogicalType, len(t.Fields))
		for i := range fields {
			fields[i] = bindings.StructTypeChildType(l, bindings.IdxT(i))
		}
		return c.initChildren(fields...)
	}
	return nil
}

func (c *cells) initDecimal(l bindings.LogicalType) error {
	p, s := bindings.DecimalWidth(l), bindings.DecimalScale(l)
	if int(p) != c.typ.Precision || int(s) != c.typ.Scale {
		return fmt.Errorf("DECIMAL(%d,%d) does not carry %s", p, s, c.typ)
	}
	switch {
	case p <= 4:
		c.width = 2
	case p <= 9:
		c.width = 4
	case p <= 18:
		c.width = 8
	default:
		c.width = 16
	}
	return nil
}

// initChildren owns and destroys the logical types.
func (c *cells) initChildren(of ...bindings.LogicalType) error {
	c.children = make([]cells, len(of))
	var err error
	for i := range of {
		if err == nil {
			err = c.children[i].init(of[i], c.typ.Fields[i].Type)
		}
		bindings.DestroyLogicalType(&of[i])
	}
	return err
}

// bind points at a vector of a chunk.
func (c *cells) bind(v bindings.Vector) {
	c.data = bindings.VectorGetData(v)
	c.validity = bindings.VectorGetValidity(v)
	switch c.typ.Kind {
	case types.Array:
		c.children[0].bind(bindings.ListVectorGetChild(v))
	case types.Map: // a list of structs of key and value
		entries := bindings.ListVectorGetChild(v)
		c.children[0].bind(bindings.StructVectorGetChild(entries, 0))
		c.children[1].bind(bindings.StructVectorGetChild(entries, 1))
	case types.Row:
		for i := range c.children {
			c.children[i].bind(bindings.StructVectorGetChild(v, bindings.IdxT(i)))
		}
	}
}

func at[T any](c *cells, i uint64) T {
	var t T
	return *(*T)(unsafe.Add(c.data, uintptr(i)*unsafe.Sizeof(t)))
}

func (c *cells) isNull(i uint64) bool {
	if c.validity == nil {
		return false
	}
	return *(*uint64)(unsafe.Add(c.validity, uintptr(i/64)*8))&(1<<(i%64)) == 0
}

// listEntry is duckdb_list_entry.
type listEntry struct{ offset, length uint64 }

// hugeInt is duckdb_hugeint.
type hugeInt struct {
	lower uint64
	upper int64
}

// value is cell i, owned by Go.
func (c *cells) value(i uint64) any {
	if c.isNull(i) {
		return nil
	}
	switch c.typ.Kind {
	case types.Boolean:
		return at[bool](c, i)
	case types.TinyInt:
		return int64(at[int8](c, i))
	case types.SmallInt:
		return int64(at[int16](c, i))
	case types.Integer, types.IntervalYearMonth:
		return int64(at[int32](c, i))
	case types.BigInt:
		return at[int64](c, i)
	case types.Real:
		return at[float32](c, i)
	case types.Double:
		return at[float64](c, i)
	case types.Decimal:
		return c.decimal(i)
	case types.Varchar, types.Char, types.JSON:
		return strings.Clone(c.borrowed(i))
	case types.Varbinary, types.HyperLogLog, types.P4HyperLogLog, types.TDigest, types.SetDigest:
		return []byte(c.borrowed(i))
	case types.Date:
		return time.Unix(int64(at[int32](c, i))*86400, 0).UTC()
	case types.Time:
		return time.Duration(at[int64](c, i)) * time.Microsecond
	case types.Timestamp:
		return time.UnixMicro(at[int64](c, i)).UTC()
	case types.TimestampTZ:
		if c.zone == nil {
			return at[types.Zoned](c, i).Time()
		}
		return time.UnixMicro(at[int64](c, i)).In(c.zone)
	case types.TimeTZ:
		return at[types.Zoned](c, i).TimeOfDay()
	case types.IntervalDaySecond:
		return types.MillisecondsValue(at[int64](c, i))
	case types.IPAddress:
		return types.IPAddressText([]byte(c.borrowed(i)))
	case types.Color:
		return types.ColorText(int64(at[int32](c, i)))
	case types.UUID:
		return uuidText(at[hugeInt](c, i))
	case types.Geometry, types.SphericalGeography:
		return geometry.Text([]byte(c.borrowed(i)))
	case types.BingTile:
		return types.NewBingTile(at[int64](c, i))
	}
	return c.nested(i)
}

func (c *cells) nested(i uint64) any {
	if c.typ.Kind == types.Row {
		fields := make([]any, len(c.children))
		for f := range c.children {
			fields[f] = c.children[f].value(i)
		}
		return fields
	}
	e := at[listEntry](c, i)
	if c.typ.Kind == types.Array {
		list := make([]any, e.length)
		for n := range list {
			list[n] = c.children[0].value(e.offset + uint64(n))
		}
		return list
	}
	entries := make(types.MapValue, e.length)
	for n := range entries {
		entries[n].Key = c.children[0].value(e.offset + uint64(n))
		entries[n].Value = c.children[1].value(e.offset + uint64(n))
	}
	return entries
}

// The layout of duckdb_string_t (duckdb.h): a length, and up to 12 bytes in
// place or a 4 byte prefix and a pointer.
const (
	stringSize    = 16
	stringInline  = 12
	stringPointer = 8
)

// borrowed is a text in DuckDB's memory, valid as long as the chunk.
func (c *cells) borrowed(i uint64) string {
	s := unsafe.Add(c.data, uintptr(i)*stringSize)
	n := *(*uint32)(s)
	if n <= stringInline {
		return unsafe.String((*byte)(unsafe.Add(s, 4)), int(n))
	}
	return unsafe.String(*(**byte)(unsafe.Add(s, stringPointer)), int(n))
}

func (c *cells) decimal(i uint64) types.DecimalValue {
	switch c.width {
	case 2:
		return types.NewDecimal64(int64(at[int16](c, i)))
	case 4:
		return types.NewDecimal64(int64(at[int32](c, i)))
	case 8:
		return types.NewDecimal64(at[int64](c, i))
	}
	h := at[hugeInt](c, i)
	if h.upper == int64(h.lower)>>63 {
		return types.NewDecimal64(int64(h.lower))
	}
	n := new(big.Int).Lsh(big.NewInt(h.upper), 64)
	return types.NewDecimal(n.Add(n, new(big.Int).SetUint64(h.lower)))
}

// uuidText is the text of a UUID, which DuckDB keeps as an integer with the top
// bit flipped.
func uuidText(h hugeInt) string {
	var b uuid.UUID
	upper := uint64(h.upper) ^ 1<<63
	for i := range 8 {
		b[i] = byte(upper >> (56 - 8*i))
		b[8+i] = byte(h.lower >> (56 - 8*i))
	}
	return b.String()
}
