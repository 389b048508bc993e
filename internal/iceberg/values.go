package iceberg

import (
	"fmt"
	"math/big"
	"time"

	ice "github.com/apache/iceberg-go"
	"github.com/google/uuid"

	"github.com/scopsdb/scops/internal/sql/types"
)

const secondsPerDay = 86400

// goValue is a value of the metadata in the Go forms of package types; nil is
// NULL.
func goValue(v any) any {
	switch v := v.(type) {
	case int32:
		return int64(v)
	case int:
		return int64(v)
	case ice.Date:
		return time.Unix(int64(v)*secondsPerDay, 0).UTC()
	case ice.Time:
		return time.Duration(v) * time.Microsecond
	case ice.Timestamp:
		return time.UnixMicro(int64(v)).UTC()
	case ice.Decimal:
		return types.NewDecimal(v.Val.BigInt())
	case ice.DecimalLiteral:
		return types.NewDecimal(v.Val.BigInt())
	case uuid.UUID:
		return v.String()
	case ice.Literal:
		return literalValue(v)
	}
	return v
}

func literalValue(l ice.Literal) any {
	switch l := l.(type) {
	case ice.BoolLiteral:
		return bool(l)
	case ice.Int32Literal:
		return int64(l)
	case ice.Int64Literal:
		return int64(l)
	case ice.Float32Literal:
		return float32(l)
	case ice.Float64Literal:
		return float64(l)
	case ice.StringLiteral:
		return string(l)
	case ice.BinaryLiteral:
		return []byte(l)
	case ice.FixedLiteral:
		return []byte(l)
	case ice.DateLiteral:
		return goValue(ice.Date(l))
	case ice.TimeLiteral:
		return goValue(ice.Time(l))
	case ice.TimestampLiteral:
		return goValue(ice.Timestamp(l))
	case ice.UUIDLiteral:
		return uuid.UUID(l).String()
	}
	return nil
}

// decode reads a bound of the metadata, or nil where it has none that can be
// read.
func decode(t ice.Type, data []byte) any {
	if data == nil {
		return nil
	}
	l, err := ice.LiteralFromBytes(t, data)
	if err != nil {
		return nil
	}
	return goValue(l)
}

// literal is a value of a row as the library's transforms and bounds want it.
func literal(t ice.Type, v any) (ice.Literal, error) {
	switch t := t.(type) {
	case ice.BooleanType:
		if b, ok := v.(bool); ok {
			return ice.BoolLiteral(b), nil
		}
	case ice.Int32Type:
		if n, ok := v.(int64); ok {
			return ice.Int32Literal(n), nil
		}
	case ice.Int64Type:
		if n, ok := v.(int64); ok {
			return ice.Int64Literal(n), nil
		}
	case ice.Float32Type:
		if f, ok := v.(float32); ok {
			return ice.Float32Literal(f), nil
		}
	case ice.Float64Type:
		if f, ok := v.(float64); ok {
			return ice.Float64Literal(f), nil
		}
	case ice.StringType:
		if s, ok := v.(string); ok {
			return ice.StringLiteral(s), nil
		}
	case ice.BinaryType:
		if b, ok := v.([]byte); ok {
			return ice.BinaryLiteral(b), nil
		}
	case ice.FixedType:
		if b, ok := v.([]byte); ok {
			return ice.FixedLiteral(b), nil
		}
	case ice.DateType:
		if at, ok := v.(time.Time); ok {
			return ice.DateLiteral(days(at)), nil
		}
	case ice.TimeType:
		if d, ok := v.(time.Duration); ok {
			return ice.TimeLiteral(d.Microseconds()), nil
		}
	case ice.TimestampType, ice.TimestampTzType:
		if at, ok := v.(time.Time); ok {
			return ice.TimestampLiteral(at.UnixMicro()), nil
		}
	case ice.UUIDType:
		if s, ok := v.(string); ok {
			u, err := uuid.Parse(s)
			return ice.UUIDLiteral(u), err
		}
	case ice.DecimalType:
		if d, ok := v.(types.DecimalValue); ok {
			return decimalLiteral(d.Unscaled(), t.Scale())
		}
	}
	return nil, fmt.Errorf("a value of type %T is no %s", v, t)
}

func decimalLiteral(unscaled *big.Int, scale int) (ice.Literal, error) {
	n, err := decimal128Of(unscaled)
	return ice.DecimalLiteral{Val: n, Scale: scale}, err
}

// days since 1970-01-01 of a date.
func days(at time.Time) int32 {
	seconds := at.Unix()
	d := seconds / secondsPerDay
	if seconds%secondsPerDay < 0 {
		d--
	}
	return int32(d)
}
