package duckdbudf

import (
	"encoding/binary"
	"math/bits"
)

// Spooky is Bob Jenkins's SpookyHash V2 (public domain, burtleburtle.net) with
// both seeds 0, as spooky_hash_v2_64 gives it.

const (
	spookyMagic  = 0xdeadbeefdeadbeef
	spookyLanes  = 12
	spookyBlock  = 8 * spookyLanes
	spookyShort  = 2 * spookyBlock // below this length the short form is used
	spookyPair   = 32
	spookyFinals = 3
)

var (
	shortMix  = [12]int{50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36}
	shortEnd  = [11]int{15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63}
	longMix   = [spookyLanes]int{11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46}
	longFinal = [spookyLanes]int{44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54}
)

func spooky64(b []byte) uint64 {
	if len(b) < spookyShort {
		return spookyShort64(b)
	}
	return spookyLong64(b)
}

func spookyShort64(b []byte) uint64 {
	length := len(b)
	h := [4]uint64{0, 0, spookyMagic, spookyMagic}
	mix := func() {
		for i, r := range shortMix {
			x, y, z := (i+2)%4, (i+3)%4, i%4
			h[x] = bits.RotateLeft64(h[x], r) + h[y]
			h[z] ^= h[x]
		}
	}
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(b[8*i:]) }
	for ; len(b) >= spookyPair; b = b[spookyPair:] {
		h[2] += word(0)
		h[3] += word(1)
		mix()
		h[0] += word(2)
		h[1] += word(3)
	}
	if len(b) >= spookyPair/2 {
		h[2] += word(0)
		h[3] += word(1)
		mix()
		b = b[spookyPair/2:]
	}
	h[3] += uint64(length) << 56
	if len(b) == 0 {
		h[2] += spookyMagic
		h[3] += spookyMagic
	} else {
		var rest [16]byte
		copy(rest[:], b)
		h[2] += binary.LittleEndian.Uint64(rest[:])
		h[3] += binary.LittleEndian.Uint64(rest[8:])
	}
	for i, r := range shortEnd {
		x, y := (i+3)%4, (i+2)%4
		h[x] ^= h[y]
		h[y] = bits.RotateLeft64(h[y], r)
		h[x] += h[y]
	}
	return h[0]
}

func spookyLong64(b []byte) uint64 {
	var h [spookyLanes]uint64
	for i := 2; i < spookyLanes; i += 3 {
		h[i] = spookyMagic
	}
	for ; len(b) >= spookyBlock; b = b[spookyBlock:] {
		for i, r := range longMix {
			next, before, opposite := (i+1)%spookyLanes, (i+11)%spookyLanes, (i+10)%spookyLanes
			h[i] += binary.LittleEndian.Uint64(b[8*i:])
			h[(i+2)%spookyLanes] ^= h[opposite]
			h[before] ^= h[i]
			h[i] = bits.RotateLeft64(h[i], r)
			h[before] += h[next]
		}
	}
	var last [spookyBlock]byte
	copy(last[:], b)
	last[spookyBlock-1] = byte(len(b))
	for i := range h {
		h[i] += binary.LittleEndian.Uint64(last[8*i:])
	}
	for range spookyFinals {
		for i, r := range longFinal {
			x, y, z := (i+11)%spookyLanes, (i+1)%spookyLanes, (i+2)%spookyLanes
			h[x] += h[y]
			h[z] ^= h[x]
			h[y] = bits.RotateLeft64(h[y], r)
		}
	}
	return h[0]
}
