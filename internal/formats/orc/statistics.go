package orc

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/big"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/scopsdb/scops/internal/formats"
)

// statistics are what a stripe or a file says of the values of a column, by
// which readers pass over it. Bounds are left out where they cannot be exact.
type statistics struct {
	typ     formats.Type
	values  int64
	hasNull bool

	some               bool // there are bounds
	least, most        int64
	ones               int64 // booleans that are true
	leastF, mostF      float64
	unordered          bool // there is a NaN, or a text too long for bounds
	leastText, mostTxt []byte
	textBytes          int64
	leastD, mostD      *big.Int
}

func newStatistics(t formats.Type) *statistics { return &statistics{typ: t} }

func (s *statistics) number(n int64) {
	s.ones += n
	if !s.some {
		s.some, s.least, s.most = true, n, n
	}
	s.least, s.most = min(s.least, n), max(s.most, n)
}

func (s *statistics) float(v *formats.Vector, i int) {
	f := math.Float64frombits(uint64(number(v, i)))
	if v.Type.Kind == formats.Float {
		f = float64(math.Float32frombits(binary.LittleEndian.Uint32(v.Data[4*i:])))
	}
	if math.IsNaN(f) {
		s.unordered = true
		return
	}
	if !s.some {
		s.some, s.leastF, s.mostF = true, f, f
	}
	s.leastF, s.mostF = min(s.leastF, f), max(s.mostF, f)
}

// longBound is the length of texts that are no bounds.
const longBound = 256

func (s *statistics) text(b []byte) {
	s.textBytes += int64(len(b))
	if !s.some {
		s.some, s.leastText, s.mostTxt = true, bytes.Clone(b), bytes.Clone(b)
		return
	}
	if bytes.Compare(b, s.leastText) < 0 {
		s.leastText = append(s.leastText[:0], b...)
	}
	if bytes.Compare(b, s.mostTxt) > 0 {
		s.mostTxt = append(s.mostTxt[:0], b...)
	}
}

func (s *statistics) decimal(lower uint64, upper int64) {
	n := new(big.Int).Lsh(big.NewInt(upper), 64)
	n.Or(n, new(big.Int).SetUint64(lower))
	if !s.some {
		s.some, s.leastD, s.mostD = true, n, n
	}
	if n.Cmp(s.leastD) < 0 {
		s.leastD = n
	}
	if n.Cmp(s.mostD) > 0 {
		s.mostD = n
	}
}

// merge adds those of another stripe.
func (s *statistics) merge(o *statistics) {
	s.values += o.values
	s.hasNull = s.hasNull || o.hasNull
	s.ones += o.ones
	s.textBytes += o.textBytes
	s.unordered = s.unordered || o.unordered
	if !o.some {
		return
	}
	if !s.some {
		s.some, s.least, s.most, s.leastF, s.mostF = true, o.least, o.most, o.leastF, o.mostF
		s.leastText, s.mostTxt, s.leastD, s.mostD = bytes.Clone(o.leastText), bytes.Clone(o.mostTxt), o.leastD, o.mostD
		return
	}
	s.least, s.most = min(s.least, o.least), max(s.most, o.most)
	s.leastF, s.mostF = min(s.leastF, o.leastF), max(s.mostF, o.mostF)
	if bytes.Compare(o.leastText, s.leastText) < 0 {
		s.leastText = bytes.Clone(o.leastText)
	}
	if bytes.Compare(o.mostTxt, s.mostTxt) > 0 {
		s.mostTxt = bytes.Clone(o.mostTxt)
	}
	if s.leastD != nil && o.leastD.Cmp(s.leastD) < 0 {
		s.leastD = o.leastD
	}
	if s.mostD != nil && o.mostD.Cmp(s.mostD) > 0 {
		s.mostD = o.mostD
	}
}

// message is ColumnStatistics.
func (s *statistics) message() []byte {
	var m message
	m.number(1, uint64(s.values))
	if s.some && !s.unordered {
		s.bounds(&m)
	}
	m.bool(10, s.hasNull)
	return m
}

func (s *statistics) bounds(m *message) {
	var of message
	switch s.typ.Kind {
	case formats.Boolean:
		of.bytes(1, protowire.AppendVarint(nil, uint64(s.ones)))
		m.bytes(5, of)
	case formats.TinyInt, formats.SmallInt, formats.Int, formats.BigInt:
		of.signed(1, s.least)
		of.signed(2, s.most)
		m.bytes(2, of)
	case formats.Float, formats.Double:
		of.double(1, s.leastF)
		of.double(2, s.mostF)
		m.bytes(3, of)
	case formats.String, formats.Varchar, formats.Char:
		if len(s.leastText) <= longBound && len(s.mostTxt) <= longBound {
			of.bytes(1, s.leastText)
			of.bytes(2, s.mostTxt)
		}
		of.signed(3, s.textBytes)
		m.bytes(4, of)
	case formats.Binary:
		of.signed(1, s.textBytes)
		m.bytes(8, of)
	case formats.Decimal:
		of.bytes(1, []byte(decimalText(s.leastD, s.typ.Scale)))
		of.bytes(2, []byte(decimalText(s.mostD, s.typ.Scale)))
		m.bytes(6, of)
	case formats.Date:
		of.signed(1, s.least)
		of.signed(2, s.most)
		m.bytes(7, of)
	case formats.Timestamp: // milliseconds, downwards and upwards
		least, most := floorDiv(s.least, 1000), -floorDiv(-s.most, 1000)
		for number, n := range []int64{least, most, least, most} {
			of.signed(protowire.Number(number+1), n)
		}
		m.bytes(9, of)
	}
}

func floorDiv(a, b int64) int64 {
	if a%b < 0 {
		return a/b - 1
	}
	return a / b
}

func decimalText(n *big.Int, scale int) string {
	text := new(big.Int).Abs(n).String()
	for len(text) <= scale {
		text = "0" + text
	}
	if scale > 0 {
		text = text[:len(text)-scale] + "." + text[len(text)-scale:]
	}
	if n.Sign() < 0 {
		return "-" + text
	}
	return text
}

// message is a message of Protocol Buffers that is being written.
type message []byte

func (m *message) number(n protowire.Number, v uint64) {
	*m = protowire.AppendVarint(protowire.AppendTag(*m, n, protowire.VarintType), v)
}

func (m *message) signed(n protowire.Number, v int64) { m.number(n, protowire.EncodeZigZag(v)) }

func (m *message) bool(n protowire.Number, v bool) { m.number(n, protowire.EncodeBool(v)) }

func (m *message) bytes(n protowire.Number, b []byte) {
	*m = protowire.AppendBytes(protowire.AppendTag(*m, n, protowire.BytesType), b)
}

func (m *message) double(n protowire.Number, f float64) {
	*m = protowire.AppendFixed64(protowire.AppendTag(*m, n, protowire.Fixed64Type), math.Float64bits(f))
}
