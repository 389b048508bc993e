package iceberg

import (
	"encoding"
	"math"
	"unicode/utf8"

	ice "github.com/apache/iceberg-go"

	"github.com/scopsdb/scops/internal/sql/predicate"
)

// boundLength is how many characters or bytes of texts are kept as bounds:
// Iceberg's default, truncate(16).
const boundLength = 16

// metrics are the statistics of a leaf column of a file.
type metrics struct {
	values, nulls, nans int64
	low, high           any // in the Go forms of package types; nil for none
}

func (m *metrics) add(v any) {
	m.values++
	switch x := v.(type) {
	case nil:
		m.nulls++
		return
	case float32:
		if x != x {
			m.nans++
			return
		}
	case float64:
		if math.IsNaN(x) {
			m.nans++
			return
		}
	}
	if m.low == nil || predicate.CompareOp(v, "<", m.low) == predicate.True {
		m.low = v
	}
	if m.high == nil || predicate.CompareOp(v, ">", m.high) == predicate.True {
		m.high = v
	}
}

// lower and upper are the bounds as manifests have them, nil for none. The upper
// bound of long texts is one that is greater.
func (m *metrics) lower(t ice.Type) []byte { return bound(t, m.low, cutLow) }
func (m *metrics) upper(t ice.Type) []byte { return bound(t, m.high, cutHigh) }

func bound(t ice.Type, v any, cut func(any) any) []byte {
	if v = cut(v); v == nil {
		return nil
	}
	l, err := literal(t, v)
	if err != nil {
		return nil
	}
	m, ok := l.(encoding.BinaryMarshaler)
	if !ok {
		return nil
	}
	data, err := m.MarshalBinary()
	if err != nil {
		return nil
	}
	return data
}

func cutLow(v any) any {
	switch v := v.(type) {
	case string:
		return firstRunes(v, boundLength)
	case []byte:
		return v[:min(len(v), boundLength)]
	}
	return v
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func cutHigh(v any) any {
	switch v := v.(type) {
	case string:
		if short := firstRunes(v, boundLength); short != v {
			return greaterText(short)
		}
	case []byte:
		if len(v) > boundLength {
			return greaterBytes(v[:boundLength])
		}
	}
	return v
}

// greaterText is a text that is greater than all that begin with s, or nil.
func greaterText(s string) any {
	runes := []rune(s)
	for i := len(runes) - 1; i >= 0; i-- {
		next := runes[i] + 1
		if next >= 0xD800 && next <= 0xDFFF {
			next = 0xE000
		}
		if utf8.ValidRune(next) {
			return string(append(runes[:i:i], next))
		}
	}
	return nil
}

func greaterBytes(b []byte) any {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < math.MaxUint8 {
			return append(b[:i:i], b[i]+1)
		}
	}
	return nil
}
