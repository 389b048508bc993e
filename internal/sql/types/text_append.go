package types

import (
	"encoding/hex"
	"math/big"
	"strconv"
	"time"
)

// AppendText appends a value that is not NULL as Athena prints it. The value
// has the Go form of its type; another form is a defect and panics.
func AppendText(dst []byte, t Type, v any) []byte {
	switch t.Kind {
	case Varchar, Char, JSON, UUID, IPAddress, Color, Geometry, SphericalGeography:
		return append(dst, v.(string)...)
	case TinyInt, SmallInt, Integer, BigInt:
		return strconv.AppendInt(dst, v.(int64), 10)
	case Double:
		return appendFloat(dst, v.(float64), 64)
	case Real:
		return appendFloat(dst, float64(v.(float32)), 32)
	case Boolean:
		return strconv.AppendBool(dst, v.(bool))
	case Decimal:
		return appendDecimal(dst, t.Scale, v.(DecimalValue))
	case Date:
		return appendDate(dst, v.(time.Time))
	case Timestamp:
		return appendTimestamp(dst, v.(time.Time), t.Precision)
	case TimestampTZ:
		return appendTimestampTZ(dst, t, v.(time.Time))
	case Time:
		return appendClock(dst, v.(time.Duration), t.Precision)
	case TimeTZ:
		tz := v.(TimeTZValue)
		return appendOffset(appendClock(dst, tz.SinceMidnight, t.Precision), tz.Offset)
	case IntervalDaySecond:
		if long, ok := v.(LongInterval); ok {
			return appendMillis(dst, int64(long))
		}
		return appendMillis(dst, v.(time.Duration).Milliseconds())
	case IntervalYearMonth:
		return appendYearMonth(dst, v.(int64))
	case Varbinary, HyperLogLog, P4HyperLogLog, TDigest, SetDigest:
		return appendBinary(dst, v.([]byte))
	case BingTile:
		return appendBingTile(dst, v.(BingTileValue))
	case Array, Map, Row:
		return appendNested(dst, t, v)
	}
	panic("types: no text for " + t.String())
}

func appendNested(dst []byte, t Type, v any) []byte {
	switch t.Kind {
	case Array:
		dst = append(dst, '[')
		for i, e := range v.([]any) {
			dst = appendElement(separate(dst, i), t.Elem(), e)
		}
		return append(dst, ']')
	case Map:
		dst = append(dst, '{')
		for i, e := range v.(MapValue) {
			dst = appendElement(separate(dst, i), t.Key(), e.Key)
			dst = appendElement(append(dst, '='), t.Value(), e.Value)
		}
		return append(dst, '}')
	}
	dst = append(dst, '{')
	for i, e := range v.([]any) {
		dst = separate(dst, i)
		if name := t.Fields[i].Name; name != "" {
			dst = append(append(dst, name...), '=')
		}
		dst = appendElement(dst, t.Fields[i].Type, e)
	}
	return append(dst, '}')
}

func appendElement(dst []byte, t Type, v any) []byte {
	if v == nil {
		return append(dst, "null"...)
	}
	return AppendText(dst, t, v)
}

func separate(dst []byte, i int) []byte {
	if i == 0 {
		return dst
	}
	return append(dst, ", "...)
}

func appendBinary(dst, b []byte) []byte {
	for i := range b {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = hex.AppendEncode(dst, b[i:i+1])
	}
	return dst
}

// appendDecimal writes all digits of the scale: 1.50, -0.05.
func appendDecimal(dst []byte, scale int, d DecimalValue) []byte {
	if d.large == nil && scale == 0 {
		return strconv.AppendInt(dst, d.small, 10)
	}
	start := len(dst)
	if d.large != nil {
		dst = (*big.Int).Append(d.large, dst, 10)
	} else {
		dst = strconv.AppendInt(dst, d.small, 10)
	}
	if scale == 0 {
		return dst
	}
	if dst[start] == '-' {
		start++
	}
	for len(dst)-start <= scale {
		dst = append(dst, 0)
		copy(dst[start+1:], dst[start:])
		dst[start] = '0'
	}
	point := len(dst) - scale
	dst = append(dst, 0)
	copy(dst[point+1:], dst[point:])
	dst[point] = '.'
	return dst
}
