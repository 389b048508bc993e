package delivery

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/record"
)

// buildSort finds the columns of sort_by.
func (l *layout) buildSort() error {
	for _, name := range l.SortBy {
		i := slices.IndexFunc(l.columns, func(c record.Column) bool { return c.Name == strings.ToLower(name) })
		switch {
		case i < 0:
			return fmt.Errorf("sort_by: %s is no column of the table (partition keys are the same in all of a file)", name)
		case record.Nested(l.columns[i].Type.Kind):
			return fmt.Errorf("sort_by: column %s: rows cannot be sorted by %s", name, l.columns[i].Type)
		case slices.Contains(l.sortBy, i):
			return fmt.Errorf("sort_by: column %s is there twice", name)
		}
		l.sortBy = append(l.sortBy, i)
	}
	return nil
}

// sortKey is text that orders rows as their values do: ascending, NULL last, NaN
// after all numbers, as Trino's ORDER BY.
func (l *layout) sortKey(values []record.Value) []byte {
	var key []byte
	for _, i := range l.sortBy {
		key = appendSortKey(key, l.columns[i].Type.Kind, &values[i])
	}
	return key
}

func appendSortKey(key []byte, kind formats.TypeKind, v *record.Value) []byte {
	if !v.Valid {
		return append(key, 1)
	}
	key = append(key, 0)
	switch kind {
	case formats.Float, formats.Double:
		return binary.BigEndian.AppendUint64(key, floatOrder(v.Float))
	case formats.Decimal:
		return appendDecimalOrder(key, v.Text)
	case formats.String, formats.Varchar, formats.Char, formats.Binary:
		return appendTextOrder(key, v.Text)
	}
	return binary.BigEndian.AppendUint64(key, uint64(v.Int)^1<<63)
}

func floatOrder(f float64) uint64 {
	switch {
	case math.IsNaN(f):
		return math.MaxUint64
	case f == 0: // of either sign
		f = 0
	}
	bits := math.Float64bits(f)
	if bits>>63 == 1 {
		return ^bits
	}
	return bits | 1<<63
}

// appendTextOrder ends a text so that no other begins with it.
func appendTextOrder(key []byte, s string) []byte {
	for i := range len(s) {
		if key = append(key, s[i]); s[i] == 0 {
			key = append(key, 0xFF)
		}
	}
	return append(key, 0, 0)
}

// appendDecimalOrder writes an unscaled value, which has at most 16 bytes, with
// its sign flipped.
func appendDecimalOrder(key []byte, text string) []byte {
	n, _ := new(big.Int).SetString(strings.Replace(text, ".", "", 1), 10)
	n.Add(n, new(big.Int).Lsh(big.NewInt(1), 127))
	return append(key, n.FillBytes(make([]byte, 16))...)
}

// sortRows puts the rows of each object in order; equal ones stay as they were
// sent. keys are the sort keys of messages, by place in the batch.
func (p *plan) sortRows(keys [][]byte) {
	for i := range p.Objects {
		slices.SortStableFunc(p.Objects[i].rows, func(a, b int32) int { return bytes.Compare(keys[a], keys[b]) })
	}
}
