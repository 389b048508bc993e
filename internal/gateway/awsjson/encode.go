package awsjson

import (
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"
)

type encoder struct {
	buf []byte
	err error
}

// Append appends the JSON of v, a pointer to a struct, to dst.
func Append(dst []byte, v any) ([]byte, error) {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Pointer || rv.IsNil() {
		return dst, fmt.Errorf("awsjson: cannot write %T, a pointer to a struct is wanted", v)
	}
	e := encoder{buf: dst}
	planFor(rv.Type().Elem()).write(&e, rv.UnsafePointer())
	return e.buf, e.err
}

func writeString(e *encoder, p unsafe.Pointer) { e.buf = AppendString(e.buf, *(*string)(p)) }

func writeBool(e *encoder, p unsafe.Pointer) { e.buf = strconv.AppendBool(e.buf, *(*bool)(p)) }

func writeInt[T int | int32 | int64](e *encoder, p unsafe.Pointer) {
	e.buf = strconv.AppendInt(e.buf, int64(*(*T)(p)), 10)
}

func writeFloat32(e *encoder, p unsafe.Pointer) { e.float(float64(*(*float32)(p)), 32) }

func writeFloat64(e *encoder, p unsafe.Pointer) { e.float(*(*float64)(p), 64) }

func (e *encoder) float(f float64, bits int) {
	switch {
	case math.IsNaN(f):
		e.buf = append(e.buf, `"NaN"`...)
	case math.IsInf(f, 1):
		e.buf = append(e.buf, `"Infinity"`...)
	case math.IsInf(f, -1):
		e.buf = append(e.buf, `"-Infinity"`...)
	default:
		e.buf = strconv.AppendFloat(e.buf, f, 'g', -1, bits)
	}
}

// writeTime writes seconds since 1970 with milliseconds, as AWS does.
func writeTime(e *encoder, p unsafe.Pointer) {
	ms := (*time.Time)(p).UnixMilli()
	if ms < 0 {
		e.buf = strconv.AppendFloat(e.buf, float64(ms)/1000, 'f', -1, 64)
		return
	}
	e.buf = strconv.AppendInt(e.buf, ms/1000, 10)
	if ms %= 1000; ms == 0 {
		return
	}
	e.buf = append(e.buf, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
	for e.buf[len(e.buf)-1] == '0' {
		e.buf = e.buf[:len(e.buf)-1]
	}
}

func writeBytes(e *encoder, p unsafe.Pointer) {
	e.buf = append(e.buf, '"')
	e.buf = base64.StdEncoding.AppendEncode(e.buf, *(*[]byte)(p))
	e.buf = append(e.buf, '"')
}

// mapping writes a map in key order, so that equal maps give equal bytes.
func (e *encoder) mapping(m reflect.Value, elem *plan) {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		switch {
		case a.String() < b.String():
			return -1
		case a.String() > b.String():
			return 1
		}
		return 0
	})
	item := reflect.New(m.Type().Elem())
	e.buf = append(e.buf, '{')
	for i, k := range keys {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = AppendString(e.buf, k.String())
		e.buf = append(e.buf, ':')
		item.Elem().Set(m.MapIndex(k))
		elem.write(e, item.UnsafePointer())
	}
	e.buf = append(e.buf, '}')
}

const hexDigits = "0123456789abcdef"

// AppendString appends s as a JSON string. Bytes that are no UTF-8 become
// U+FFFD.
func AppendString(dst []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	dst = append(dst, '"')
	for rest := unsafe.Slice(unsafe.StringData(s), len(s)); len(rest) > 0; {
		n := plainPrefix(rest)
		dst = append(dst, rest[:n]...)
		if n == len(rest) {
			break
		}
		dst = appendEscape(dst, rest[n])
		rest = rest[n+1:]
	}
	return append(dst, '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
