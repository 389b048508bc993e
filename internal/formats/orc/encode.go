package orc

import (
	"encoding/binary"
	"math/bits"
)

// appendRuns2 writes numbers in Integer Run Length Encoding, version 2: runs of
// one value, runs with a fixed difference, and packed numbers between them.
func appendRuns2(to []byte, values []int64, signed bool) []byte {
	for len(values) > 0 {
		n, delta := fixedRun(values)
		switch {
		case n >= 3 && n <= 10 && delta == 0:
			to = appendShortRepeat(to, values[0], n, signed)
		case n >= worthRun:
			to = appendDelta(to, values[0], delta, n, signed)
		default:
			n = literals(values)
			to = appendDirect(to, values[:n], signed)
		}
		values = values[n:]
	}
	return to
}

// worthRun is how many numbers with a fixed difference are not packed.
const worthRun = 6

// fixedRun is how many values at the beginning have the same difference.
func fixedRun(values []int64) (n int, delta int64) {
	if len(values) == 1 {
		return 1, 0
	}
	delta = values[1] - values[0]
	if overflows(values[1], values[0], delta) {
		return 1, 0
	}
	n = 2
	for n < min(len(values), maxRun) && values[n]-values[n-1] == delta && !overflows(values[n], values[n-1], delta) {
		n++
	}
	return n, delta
}

// overflows says that a-b is not d but for the lost bits.
func overflows(a, b, d int64) bool { return (a^b)&(a^d) < 0 }

// literals is how many values come before the next run.
func literals(values []int64) int {
	most := min(len(values), maxRun)
	same := 1 // values with one difference, up to here
	for i := 2; i < most; i++ {
		if values[i]-values[i-1] == values[i-1]-values[i-2] {
			same++
		} else {
			same = 1
		}
		if same+1 >= worthRun || same >= 2 && values[i] == values[i-1] {
			if start := i - same; start > 0 {
				return start
			}
		}
	}
	return most
}

func zigzag(v int64, signed bool) uint64 {
	if signed {
		return uint64(v<<1) ^ uint64(v>>63)
	}
	return uint64(v)
}

func appendShortRepeat(to []byte, value int64, n int, signed bool) []byte {
	v := zigzag(value, signed)
	size := max(1, (bits.Len64(v)+7)/8)
	to = append(to, byte(size-1)<<3|byte(n-3))
	for i := size - 1; i >= 0; i-- {
		to = append(to, byte(v>>(8*i)))
	}
	return to
}

func appendDelta(to []byte, first, delta int64, n int, signed bool) []byte {
	to = append(to, 3<<6|byte((n-1)>>8), byte(n-1))
	to = binary.AppendUvarint(to, zigzag(first, signed))
	return binary.AppendUvarint(to, zigzag(delta, true))
}

func appendDirect(to []byte, values []int64, signed bool) []byte {
	all := uint64(0)
	for _, v := range values {
		all |= zigzag(v, signed)
	}
	code, width := 0, 1
	for code, width = range widths {
		if width >= bits.Len64(all) {
			break
		}
	}
	to = append(to, 1<<6|byte(code)<<1|byte((len(values)-1)>>8), byte(len(values)-1))
	if width > 32 { // these are of whole bytes
		for _, v := range values {
			z := zigzag(v, signed)
			for i := width - 8; i >= 0; i -= 8 {
				to = append(to, byte(z>>i))
			}
		}
		return to
	}
	var acc uint64
	have := 0
	for _, v := range values {
		acc = acc<<width | zigzag(v, signed)
		for have += width; have >= 8; have -= 8 {
			to = append(to, byte(acc>>(have-8)))
		}
	}
	if have > 0 {
		to = append(to, byte(acc<<(8-have)))
	}
	return to
}

// appendByteRuns writes bytes in Byte Run Length Encoding.
func appendByteRuns(to, values []byte) []byte {
	const mostRun, mostLiterals = 130, 128
	for len(values) > 0 {
		n := 1
		for n < min(len(values), mostRun) && values[n] == values[0] {
			n++
		}
		if n >= 3 {
			to = append(to, byte(n-3), values[0])
			values = values[n:]
			continue
		}
		n = 1
		for n < min(len(values), mostLiterals) && (n+2 >= len(values) || values[n] != values[n+1] || values[n] != values[n+2]) {
			n++
		}
		to = append(append(to, byte(-n)), values[:n]...)
		values = values[n:]
	}
	return to
}

// bitBytes packs booleans, highest bit first.
func bitBytes(values []bool) []byte {
	out := make([]byte, (len(values)+7)/8)
	for i, v := range values {
		if v {
			out[i/8] |= 0x80 >> (i % 8)
		}
	}
	return out
}
