package duckdbudf

import (
	"database/sql/driver"
	"encoding/binary"
	"maps"
	"math"
	"slices"
)

const (
	setDigestBits = 11
	maxHashes     = 8192
)

// setDigest is io.trino.type.setdigest.SetDigest: a HyperLogLog beside the least
// hashes (MinHash), each with how often it came.
type setDigest struct {
	hll    *hyperLogLog
	limit  int
	counts map[int64]int16
}

// trim keeps the least hashes.
func (d *setDigest) trim() {
	if len(d.counts) <= d.limit {
		return
	}
	for _, h := range d.hashes()[d.limit:] {
		delete(d.counts, h)
	}
}

func (d *setDigest) hashes() []int64 { return slices.Sorted(maps.Keys(d.counts)) }

func (d *setDigest) exact() bool { return len(d.counts) < d.limit }

func (d *setDigest) cardinality() (int64, error) {
	if d.exact() {
		return int64(len(d.counts)), nil
	}
	return d.hll.cardinality()
}

func (d *setDigest) merge(o *setDigest) error {
	if err := d.hll.merge(o.hll); err != nil {
		return err
	}
	for h, n := range o.counts {
		d.counts[h] = int16(min(int(d.counts[h])+int(n), math.MaxInt16))
	}
	d.trim()
	return nil
}

// jaccard is the share of common hashes among the least of both.
func (d *setDigest) jaccard(o *setDigest) float64 {
	smaller := min(len(d.counts), len(o.counts))
	union := maps.Clone(d.counts)
	maps.Copy(union, o.counts)
	common := 0
	for _, h := range slices.Sorted(maps.Keys(union))[:smaller] {
		_, in := d.counts[h]
		_, also := o.counts[h]
		common += truth(in && also)
	}
	return float64(common) / float64(smaller)
}

func (d *setDigest) intersection(o *setDigest) (int64, error) {
	if d.exact() && o.exact() {
		n := int64(0)
		for h := range d.counts {
			if _, ok := o.counts[h]; ok {
				n++
			}
		}
		return n, nil
	}
	a, err := d.cardinality()
	if err != nil {
		return 0, err
	}
	b, err := o.cardinality()
	if err != nil {
		return 0, err
	}
	share := d.jaccard(o)
	if err := d.merge(o); err != nil {
		return 0, err
	}
	all, err := d.cardinality()
	return min(javaRound(share*float64(all)), a, b), err
}

// bytes is Trino's serialized form.
func (d *setDigest) bytes() []byte {
	hll := d.hll.bytes()
	out := binary.LittleEndian.AppendUint32([]byte{1}, uint32(len(hll)))
	out = append(out, hll...)
	out = binary.LittleEndian.AppendUint32(out, uint32(d.limit))
	out = binary.LittleEndian.AppendUint32(out, uint32(len(d.counts)))
	hashes := d.hashes()
	for _, h := range hashes {
		out = binary.LittleEndian.AppendUint64(out, uint64(h))
	}
	for _, h := range hashes {
		out = binary.LittleEndian.AppendUint16(out, uint16(d.counts[h]))
	}
	return out
}

// readSetDigest takes what bytes gives; anything else is an error.
func readSetDigest(b []byte) (*setDigest, error) {
	bad := failure("GENERIC_INTERNAL_ERROR", "Cannot deserialize set digest")
	if len(b) < 5 || b[0] != 1 {
		return nil, bad
	}
	n := int(binary.LittleEndian.Uint32(b[1:]))
	if b = b[5:]; n > len(b) || len(b)-n < 8 {
		return nil, bad
	}
	hll, err := readHyperLogLog(b[:n])
	if err != nil {
		return nil, err
	}
	d := &setDigest{hll: hll, limit: int(binary.LittleEndian.Uint32(b[n:])), counts: map[int64]int16{}}
	size := int(binary.LittleEndian.Uint32(b[n+4:]))
	if b = b[n+8:]; size > len(b) || len(b) != 10*size {
		return nil, bad
	}
	for i := range size {
		d.counts[int64(binary.LittleEndian.Uint64(b[8*i:]))] = int16(binary.LittleEndian.Uint16(b[8*size+2*i:]))
	}
	return d, nil
}

func makeSetDigest(args []driver.Value) (any, error) {
	d := &setDigest{hll: newHyperLogLog(setDigestBits), limit: maxHashes, counts: map[int64]int16{}}
	for _, h := range elements[int64](args[0]) {
		d.hll.add(h)
		if d.counts[h] < math.MaxInt16 {
			d.counts[h]++
		}
		if len(d.counts) > 2*maxHashes {
			d.trim()
		}
	}
	d.trim()
	return d.bytes(), nil
}

func mergeSetDigests(args []driver.Value) (any, error) {
	var sum *setDigest
	for _, b := range elements[[]byte](args[0]) {
		d, err := readSetDigest(b)
		if err != nil {
			return nil, err
		}
		if sum == nil {
			sum = d
			continue
		}
		if err := sum.merge(d); err != nil {
			return nil, failure("GENERIC_INTERNAL_ERROR", "%s", err)
		}
	}
	if sum == nil {
		return nil, nil
	}
	return sum.bytes(), nil
}

func setDigestCardinality(args []driver.Value) (any, error) {
	d, err := readSetDigest(args[0].([]byte))
	if err != nil {
		return nil, err
	}
	n, err := d.cardinality()
	return n, err
}

// setDigestHLL is the HyperLogLog in a set digest.
func setDigestHLL(args []driver.Value) (any, error) {
	d, err := readSetDigest(args[0].([]byte))
	if err != nil {
		return nil, err
	}
	return d.hll.bytes(), nil
}

// hashCounts are the hashes and after each how often it came.
func hashCounts(args []driver.Value) (any, error) {
	d, err := readSetDigest(args[0].([]byte))
	if err != nil {
		return nil, err
	}
	out := make([]int64, 0, 2*len(d.counts))
	for _, h := range d.hashes() {
		out = append(out, h, int64(d.counts[h]))
	}
	return out, nil
}

func bothSetDigests(args []driver.Value) (a, b *setDigest, err error) {
	if a, err = readSetDigest(args[0].([]byte)); err != nil {
		return nil, nil, err
	}
	b, err = readSetDigest(args[1].([]byte))
	return a, b, err
}

func setIntersection(args []driver.Value) (any, error) {
	a, b, err := bothSetDigests(args)
	if err != nil {
		return nil, err
	}
	n, err := a.intersection(b)
	return n, err
}

func setJaccard(args []driver.Value) (any, error) {
	a, b, err := bothSetDigests(args)
	if err != nil {
		return nil, err
	}
	return a.jaccard(b), nil
}
