package orc

import (
	"encoding/binary"
	"fmt"

	"github.com/scopsdb/scops/internal/formats"
)

// outStream is an encoded stream of a stripe, before compression.
type outStream struct {
	key  streamKey
	data []byte
}

// columnWriter encodes the columns of one stripe.
type columnWriter struct {
	streams   []outStream
	encodings []encoding
	stats     []*statistics
	next      int // the number of the column
}

// column encodes a vector and its parts. in says which of its rows the column
// that holds it has; nil: all.
func (w *columnWriter) column(v *formats.Vector, in []bool) error {
	id := w.next
	w.next++
	w.encodings = append(w.encodings, encoding{kind: 2})
	s := newStatistics(v.Type)
	w.stats = append(w.stats, s)
	valid := w.present(id, v, in, s)
	at := rowsOf(v.Rows, valid)
	switch v.Type.Kind {
	case formats.Struct:
		for _, c := range v.Children {
			if err := w.column(c, valid); err != nil {
				return err
			}
		}
		w.encodings[id].kind = 0
		return nil
	case formats.Array, formats.Map:
		lengths := make([]int64, len(at))
		for i, row := range at {
			lengths[i] = int64(v.Lists[row].Length)
		}
		w.add(id, lengthStream, appendRuns2(nil, lengths, false))
		for _, c := range v.Children {
			if err := w.column(c, nil); err != nil {
				return err
			}
		}
		return nil
	case formats.String, formats.Varchar, formats.Char:
		w.texts(id, v, at, s)
		return nil
	case formats.Binary:
		w.direct(id, v, at, s)
		return nil
	}
	return w.scalar(id, v, at, s)
}

// present writes which rows have a value, and returns them; nil: all of v.
func (w *columnWriter) present(id int, v *formats.Vector, in []bool, s *statistics) []bool {
	bits := make([]bool, 0, v.Rows)
	valid := make([]bool, v.Rows)
	all, nulls := true, false
	for i := range valid {
		if in != nil && !in[i] {
			all = false
			continue
		}
		ok := !v.IsNull(i)
		valid[i] = ok
		bits = append(bits, ok)
		if ok {
			s.values++
		} else {
			nulls, all = true, false
		}
	}
	if s.hasNull = nulls; nulls {
		w.add(id, presentStream, appendByteRuns(nil, bitBytes(bits)))
	}
	if all {
		return nil
	}
	return valid
}

func rowsOf(n int, valid []bool) []int {
	at := make([]int, 0, n)
	for i := range n {
		if valid == nil || valid[i] {
			at = append(at, i)
		}
	}
	return at
}

func (w *columnWriter) add(id int, k streamKind, b []byte) {
	w.streams = append(w.streams, outStream{streamKey{id, k}, b})
}

// number is a fixed-width value with its sign.
func number(v *formats.Vector, i int) int64 {
	switch v.Type.Width() {
	case 1:
		return int64(int8(v.Data[i]))
	case 2:
		return int64(int16(binary.LittleEndian.Uint16(v.Data[2*i:])))
	case 4:
		return int64(int32(binary.LittleEndian.Uint32(v.Data[4*i:])))
	}
	return int64(binary.LittleEndian.Uint64(v.Data[8*i:]))
}

func (w *columnWriter) scalar(id int, v *formats.Vector, at []int, s *statistics) error {
	switch v.Type.Kind {
	case formats.Float, formats.Double:
		width := v.Type.Width()
		data := make([]byte, 0, len(at)*width)
		for _, row := range at {
			data = append(data, v.Data[row*width:(row+1)*width]...)
			s.float(v, row)
		}
		w.encodings[id].kind = 0
		w.add(id, dataStream, data)
		return nil
	case formats.Decimal:
		w.decimals(id, v, at, s)
		return nil
	}
	values := make([]int64, len(at))
	for i, row := range at {
		values[i] = number(v, row)
		s.number(values[i])
	}
	switch v.Type.Kind {
	case formats.Boolean:
		bits := make([]bool, len(values))
		for i, n := range values {
			bits[i] = n != 0
		}
		w.encodings[id].kind = 0
		w.add(id, dataStream, appendByteRuns(nil, bitBytes(bits)))
	case formats.TinyInt:
		bytes := make([]byte, len(values))
		for i, n := range values {
			bytes[i] = byte(n)
		}
		w.encodings[id].kind = 0
		w.add(id, dataStream, appendByteRuns(nil, bytes))
	case formats.Timestamp:
		return w.timestamps(id, values)
	default:
		w.add(id, dataStream, appendRuns2(nil, values, true))
	}
	return nil
}

// timestamps writes wall clocks, of whole microseconds, as in UTC.
func (w *columnWriter) timestamps(id int, micros []int64) error {
	nanos := make([]int64, len(micros))
	for i, m := range micros {
		seconds, rest := m/1e6, m%1e6
		if rest < 0 {
			seconds, rest = seconds-1, rest+1e6
		}
		if rest > 0 && seconds < 0 {
			if seconds == -1 {
				return fmt.Errorf("ORC cannot tell the last second before 1970 from the first after it: a timestamp there cannot be written")
			}
			seconds++ // see timestamps.micros
		}
		micros[i], nanos[i] = seconds-epoch, packNanos(rest*1000)
	}
	w.add(id, dataStream, appendRuns2(nil, micros, true))
	w.add(id, secondaryStream, appendRuns2(nil, nanos, false))
	return nil
}

// epoch is 2015-01-01 UTC in seconds.
const epoch = 1420070400

// packNanos takes zeros off the end, and says how many in the last three bits.
func packNanos(n int64) int64 {
	if n == 0 {
		return 0
	}
	zeros := 0
	for m := n; m%10 == 0 && zeros < 8; m /= 10 {
		zeros++
	}
	if zeros < 2 {
		return n << 3
	}
	for range zeros {
		n /= 10
	}
	return n<<3 | int64(zeros-1)
}

// direct writes texts one after the other.
func (w *columnWriter) direct(id int, v *formats.Vector, at []int, s *statistics) {
	var data []byte
	lengths := make([]int64, len(at))
	for i, row := range at {
		b := v.Bytes(row)
		data = append(data, b...)
		lengths[i] = int64(len(b))
		s.text(b)
	}
	w.add(id, dataStream, data)
	w.add(id, lengthStream, appendRuns2(nil, lengths, false))
}

// dictionaryShare is the share of distinct texts, of ten, from which a
// dictionary saves nothing.
const dictionaryShare = 8

// texts writes a dictionary of the distinct texts and their numbers, or the
// texts themselves where most differ.
func (w *columnWriter) texts(id int, v *formats.Vector, at []int, s *statistics) {
	numbers := make([]int64, len(at))
	places := map[string]int64{}
	var words []byte
	var lengths []int64
	for i, row := range at {
		b := v.Bytes(row)
		n, ok := places[string(b)]
		if !ok {
			if n = int64(len(lengths)); len(places) > 1000+len(at)*dictionaryShare/10 {
				w.direct(id, v, at, s)
				return
			}
			places[string(b)] = n
			words = append(words, b...)
			lengths = append(lengths, int64(len(b)))
		}
		numbers[i] = n
	}
	if len(lengths)*10 > len(at)*dictionaryShare {
		w.direct(id, v, at, s)
		return
	}
	for _, row := range at {
		s.text(v.Bytes(row))
	}
	w.encodings[id] = encoding{kind: 3, size: len(lengths)}
	w.add(id, dataStream, appendRuns2(nil, numbers, false))
	w.add(id, dictionaryStream, words)
	w.add(id, lengthStream, appendRuns2(nil, lengths, false))
}

func (w *columnWriter) decimals(id int, v *formats.Vector, at []int, s *statistics) {
	var data []byte
	scales := make([]int64, len(at))
	for i, row := range at {
		scales[i] = int64(v.Type.Scale)
		lower, upper := v.Unscaled(row)
		s.decimal(lower, upper)
		data = appendVarint128(data, lower, upper)
	}
	w.add(id, dataStream, data)
	w.add(id, secondaryStream, appendRuns2(nil, scales, true))
}

// appendVarint128 writes a number of 128 bits, zigzag and 7 bits a byte.
func appendVarint128(to []byte, lower uint64, upper int64) []byte {
	sign := uint64(upper >> 63)
	high := uint64(upper)<<1 | lower>>63
	low := lower << 1
	high, low = high^sign, low^sign
	for high != 0 || low >= 0x80 {
		to = append(to, byte(low)|0x80)
		low = low>>7 | high<<57
		high >>= 7
	}
	return append(to, byte(low))
}
