package duckdbudf

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"sort"
)

// hyperLogLog is io.airlift.stats.cardinality.HyperLogLog: while there are few
// values a sorted list of 26 bits of each hash, then a register for each of
// 2^p buckets.
type hyperLogLog struct {
	p       int
	entries []uint32 // 26 bits of the hash, then the zeros behind them in 6 bits
	room    int      // what Trino's array of entries holds
	buckets []uint8  // the registers, nil while there are entries
}

const (
	hllSparse = 2 // format tags
	hllDense  = 3

	extendedBits = 26
	valueBits    = 6
	maxDelta     = 15
	// Sizes of Trino's objects in memory, by which it decides to change over.
	sparseOverhead = 24 + 16
	denseOverhead  = 40 + 16

	maxHLLBits = 16
)

func newHyperLogLog(p int) *hyperLogLog { return &hyperLogLog{p: p, room: 1} }

func (h *hyperLogLog) add(hash int64) {
	u := uint64(hash)
	if h.buckets != nil {
		h.insert(int(u>>(64-h.p)), leadingZeros(u, h.p)+1)
		return
	}
	bucket, zeros := uint32(u>>(64-extendedBits)), uint32(leadingZeros(u, extendedBits))
	i := sort.Search(len(h.entries), func(i int) bool { return h.entries[i]>>valueBits >= bucket })
	if i < len(h.entries) && h.entries[i]>>valueBits == bucket {
		h.entries[i] = max(h.entries[i], bucket<<valueBits|zeros)
		return
	}
	if len(h.entries)+1 > h.room {
		h.room += 10
	}
	h.entries = append(h.entries, 0)
	copy(h.entries[i+1:], h.entries[i:])
	h.entries[i] = bucket<<valueBits | zeros
	h.densify()
}

func leadingZeros(hash uint64, bitsTaken int) int {
	return bits.LeadingZeros64(hash<<bitsTaken | 1<<(bitsTaken-1))
}

// densify changes over once registers take less room than entries.
func (h *hyperLogLog) densify() {
	if sparseOverhead+4*h.room > denseOverhead+(1<<h.p)/2 {
		h.toDense()
	}
}

func (h *hyperLogLog) toDense() {
	if h.buckets != nil {
		return
	}
	h.buckets = make([]uint8, 1<<h.p)
	h.addEntries(h.entries)
	h.entries = nil
}

func (h *hyperLogLog) addEntries(entries []uint32) {
	for _, e := range entries {
		zeros := bits.LeadingZeros32(e << h.p)
		if between := extendedBits - h.p; zeros >= between {
			zeros = between + int(e&(1<<valueBits-1))
		}
		h.insert(int(e>>(32-h.p)), zeros+1)
	}
}

func (h *hyperLogLog) insert(bucket, value int) {
	h.buckets[bucket] = max(h.buckets[bucket], uint8(value))
}

func (h *hyperLogLog) merge(o *hyperLogLog) error {
	switch {
	case h.p != o.p:
		return errors.New("cannot merge HLLs with different number of buckets")
	case h.buckets == nil && o.buckets == nil:
		h.entries = mergeEntries(h.entries, o.entries)
		h.room = len(h.entries)
		h.densify()
	case o.buckets == nil:
		h.addEntries(o.entries)
	default:
		h.toDense()
		for i, v := range o.buckets {
			h.insert(i, int(v))
		}
	}
	return nil
}

func mergeEntries(a, b []uint32) []uint32 {
	out := make([]uint32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch x, y := a[0]>>valueBits, b[0]>>valueBits; {
		case x < y:
			out, a = append(out, a[0]), a[1:]
		case x > y:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, max(a[0], b[0])), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func (h *hyperLogLog) cardinality() (int64, error) {
	if h.buckets == nil {
		const total = 1 << extendedBits
		return linearCount(total-len(h.entries), total), nil
	}
	n, empty, sum := len(h.buckets), 0, 0.0
	for _, v := range h.buckets {
		if v == 0 {
			empty++
		}
		sum += 1 / float64(uint64(1)<<v)
	}
	if float64(empty) > 0.4*float64(n) {
		return linearCount(empty, n), nil
	}
	if rawEstimates[h.p] == nil {
		return 0, failure("NOT_SUPPORTED", "The cardinality of a HyperLogLog of %d buckets is not supported", n)
	}
	alpha := 0.7213 / (1 + 1.079/float64(n))
	estimate := alpha * float64(n) * float64(n) / sum
	return javaRound(estimate - h.bias(estimate)), nil
}

func linearCount(empty, total int) int64 {
	return javaRound(float64(total) * math.Log(float64(total)/float64(empty)))
}

func javaRound(x float64) int64 { return int64(math.Floor(x + 0.5)) }

// bias is what a raw estimate is too large by, between the measured ones.
func (h *hyperLogLog) bias(estimate float64) float64 {
	xs, ys := rawEstimates[h.p], biases[h.p]
	if estimate < xs[0] || estimate > xs[len(xs)-1] {
		return 0
	}
	i := sort.SearchFloat64s(xs, estimate)
	if xs[i] == estimate {
		return ys[i]
	}
	return (((estimate - xs[i-1]) * (ys[i] - ys[i-1])) / (xs[i] - xs[i-1])) + ys[i-1]
}

// bytes is Trino's serialized form.
func (h *hyperLogLog) bytes() []byte {
	if h.buckets == nil {
		out := binary.LittleEndian.AppendUint16([]byte{hllSparse, byte(h.p)}, uint16(len(h.entries)))
		for _, e := range h.entries {
			out = binary.LittleEndian.AppendUint32(out, e)
		}
		return out
	}
	baseline := h.buckets[0]
	for _, v := range h.buckets {
		baseline = min(baseline, v)
	}
	out := []byte{hllDense, byte(h.p), baseline}
	var places, values []byte
	for i := 0; i < len(h.buckets); i += 2 {
		high, low := h.buckets[i]-baseline, h.buckets[i+1]-baseline
		for j, delta := range []uint8{high, low} {
			if delta > maxDelta {
				places = binary.LittleEndian.AppendUint16(places, uint16(i+j))
				values = append(values, delta-maxDelta)
			}
		}
		out = append(out, min(high, maxDelta)<<4|min(low, maxDelta))
	}
	out = binary.LittleEndian.AppendUint16(out, uint16(len(values)))
	return append(append(out, places...), values...)
}

// readHyperLogLog takes what bytes gives; anything else is an error.
func readHyperLogLog(b []byte) (*hyperLogLog, error) {
	bad := failure("GENERIC_INTERNAL_ERROR", "Cannot deserialize HyperLogLog")
	if len(b) < 4 || b[1] < 1 || b[1] > maxHLLBits {
		return nil, bad
	}
	h := &hyperLogLog{p: int(b[1])}
	switch b[0] {
	case hllSparse:
		n := int(binary.LittleEndian.Uint16(b[2:]))
		if len(b) != 4+4*n {
			return nil, bad
		}
		for i := range n {
			h.entries = append(h.entries, binary.LittleEndian.Uint32(b[4+4*i:]))
		}
		h.room = n
		return h, nil
	case hllDense:
		if h.readDense(b[2], b[3:]) {
			return h, nil
		}
	}
	return nil, bad
}

func (h *hyperLogLog) readDense(baseline byte, b []byte) bool {
	half := (1 << h.p) / 2
	if len(b) < half+2 {
		return false
	}
	h.buckets = make([]uint8, 1<<h.p)
	for i := range half {
		h.buckets[2*i], h.buckets[2*i+1] = baseline+b[i]>>4, baseline+b[i]&maxDelta
	}
	n := int(binary.LittleEndian.Uint16(b[half:]))
	places := b[half+2:]
	if len(places) != 3*n {
		return false
	}
	for i := range n {
		place := int(binary.LittleEndian.Uint16(places[2*i:]))
		if place >= len(h.buckets) {
			return false
		}
		h.buckets[place] += places[2*n+i]
		if h.buckets[place] > 63 {
			return false
		}
	}
	return true
}
