package avro

import (
	"encoding/binary"
	"math"
	"math/big"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/formats"
)

// scalar reads a value without parts; nil where the types do not fit.
func (c compiler) scalar(write, read *node, t formats.Type) (decode, error) {
	switch t.Kind {
	case formats.Boolean:
		if write.kind == "boolean" {
			return boolean, nil
		}
	case formats.TinyInt, formats.SmallInt, formats.Int, formats.Date:
		if write.kind == "int" && (read == nil || read.kind == "int") {
			return small(t), nil
		}
	case formats.BigInt:
		if write.kind == "int" || write.kind == "long" {
			return whole, nil
		}
	case formats.Timestamp:
		if write.kind == "int" || write.kind == "long" {
			return c.timestamp(write), nil
		}
	case formats.Float:
		return floating(write, "int", "long", "float"), nil
	case formats.Double:
		return floating(write, "int", "long", "float", "double"), nil
	case formats.Decimal:
		return decimal(write, read, t), nil
	case formats.Binary:
		return content(write, "bytes", "string", "fixed"), nil
	case formats.String, formats.Varchar, formats.Char:
		return text(write, read), nil
	}
	return nil, nil
}

func boolean(in *input, to *formats.Vector) error {
	b, err := in.take(1)
	if err != nil {
		return err
	}
	if b[0] > 1 {
		return corrupt("A boolean is %d", b[0])
	}
	to.AppendInt(int64(b[0]))
	return nil
}

func whole(in *input, to *formats.Vector) error {
	n, err := in.long()
	if err != nil {
		return err
	}
	to.AppendInt(n)
	return nil
}

func small(t formats.Type) decode {
	most := int64(1)<<(8*t.Width()-1) - 1
	return func(in *input, to *formats.Vector) error {
		n, err := in.int()
		if err != nil {
			return err
		}
		if n > most || n < -most-1 {
			return corrupt("%d is out of range for %s", n, t)
		}
		to.AppendInt(n)
		return nil
	}
}

func floating(write *node, from ...string) decode {
	if !slices.Contains(from, write.kind) {
		return nil
	}
	return func(in *input, to *formats.Vector) error {
		f, err := in.float(write.kind)
		if err != nil {
			return err
		}
		to.AppendFloat(f)
		return nil
	}
}

func (in *input) float(kind string) (float64, error) {
	switch kind {
	case "float":
		b, err := in.take(4)
		if err != nil {
			return 0, err
		}
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), nil
	case "double":
		b, err := in.take(8)
		if err != nil {
			return 0, err
		}
		return math.Float64frombits(binary.LittleEndian.Uint64(b)), nil
	}
	n, err := in.long()
	return float64(n), err
}

// content reads bytes as they are.
func content(write *node, from ...string) decode {
	if !slices.Contains(from, write.kind) {
		return nil
	}
	return func(in *input, to *formats.Vector) error {
		b, err := in.raw(write)
		if err != nil {
			return err
		}
		to.AppendText(b)
		return nil
	}
}

func (in *input) raw(write *node) ([]byte, error) {
	if write.kind == "fixed" {
		return in.take(int64(write.size))
	}
	return in.bytes()
}

func text(write, read *node) decode {
	if write.kind == "enum" {
		return enum(write, read)
	}
	if write.kind != "string" && write.kind != "bytes" {
		return nil
	}
	return func(in *input, to *formats.Vector) error {
		b, err := in.bytes()
		if err != nil {
			return err
		}
		return appendText(to, b)
	}
}

func appendText(to *formats.Vector, b []byte) error {
	if !utf8.Valid(b) {
		return corrupt("A string is not UTF-8")
	}
	to.AppendText(b)
	return nil
}

// enum reads the name of a symbol. One that the declared schema lacks is its
// default.
func enum(write, read *node) decode {
	return func(in *input, to *formats.Vector) error {
		i, err := in.long()
		if err != nil {
			return err
		}
		if i < 0 || i >= int64(len(write.symbols)) {
			return corrupt("Symbol %d of an enum of %d", i, len(write.symbols))
		}
		symbol := write.symbols[i]
		if read != nil && read.kind == "enum" && !slices.Contains(read.symbols, symbol) {
			if read.fallback == "" {
				return corrupt("No match for %s in enum %s", symbol, read.name)
			}
			symbol = read.fallback
		}
		return appendText(to, []byte(symbol))
	}
}

// timestampUnits are the units of the logical types, in microseconds; below one
// they are its fractions.
var timestampUnits = map[string]struct{ times, parts int64 }{
	"timestamp-micros": {1, 1}, "local-timestamp-micros": {1, 1},
	"timestamp-nanos": {1, 1000}, "local-timestamp-nanos": {1, 1000},
}

// timestamp reads an instant as the wall clock of its writer, in milliseconds.
func (c compiler) timestamp(write *node) decode {
	unit, ok := timestampUnits[write.logical]
	if !ok {
		unit = struct{ times, parts int64 }{1000, 1}
	}
	perMilli := 1000 / unit.times * unit.parts
	zone := c.header.zone
	return func(in *input, to *formats.Vector) error {
		n, err := in.long()
		if err != nil {
			return err
		}
		millis := rounded(n, perMilli)
		if millis > math.MaxInt64/1000-1e9 || millis < math.MinInt64/1000+1e9 {
			return corrupt("A timestamp is out of range")
		}
		if zone != nil {
			_, offset := time.UnixMilli(millis).In(zone).Zone()
			millis += int64(offset) * 1000
		}
		to.AppendInt(millis * 1000)
		return nil
	}
}

// rounded divides, to the nearest number, and a half up.
func rounded(n, by int64) int64 {
	quotient, rest := n/by, n%by
	if rest < 0 {
		quotient, rest = quotient-1, rest+by
	}
	if by > 1 && rest >= by/2 {
		quotient++
	}
	return quotient
}

// decimal reads an unscaled number of any length. Its scale is the file's.
func decimal(write, read *node, t formats.Type) decode {
	if write.kind != "bytes" && write.kind != "fixed" {
		return nil
	}
	scale := t.Scale
	for _, n := range []*node{read, write} {
		if n != nil && n.logical == "decimal" {
			scale = n.scale
		}
	}
	return func(in *input, to *formats.Vector) error {
		b, err := in.raw(write)
		if err != nil {
			return err
		}
		return appendUnscaled(to, b, scale)
	}
}

// maxUnscaled is how many bytes a number of 38 digits could have at most, with
// room for needless ones.
const maxUnscaled = 64

func appendUnscaled(to *formats.Vector, b []byte, scale int) error {
	if len(b) > maxUnscaled || len(b) == 0 {
		return corrupt("A decimal has %d bytes", len(b))
	}
	n := new(big.Int).SetBytes(b)
	if b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	if err := to.AppendUnscaled(n, scale); err != nil {
		return corrupt("%v", err)
	}
	return nil
}
