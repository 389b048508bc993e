package duckdbudf

import (
	"database/sql/driver"
	"encoding/binary"
	"math"
	"slices"
)

// bytes is Trino's serialized form. It merges the centroids further.
func (d *tdigest) bytes() []byte {
	d.merge(d.compression)
	out := []byte{0}
	for _, x := range []float64{d.min, d.max, d.compression, d.total} {
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(x))
	}
	out = binary.LittleEndian.AppendUint32(out, uint32(len(d.means)))
	for _, x := range slices.Concat(d.means, d.weights) {
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(x))
	}
	return out
}

const digestHeader = 1 + 4*8 + 4

// readTDigest takes what bytes gives; anything else is an error.
func readTDigest(b []byte) (*tdigest, error) {
	bad := failure("GENERIC_INTERNAL_ERROR", "Cannot deserialize t-digest")
	if len(b) < digestHeader || b[0] != 0 {
		return nil, bad
	}
	at := func(i int) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b[i:])) }
	n := int(binary.LittleEndian.Uint32(b[digestHeader-4:]))
	d := &tdigest{min: at(1), max: at(9), compression: at(17), total: at(25), room: n}
	if n > len(b) || len(b) != digestHeader+16*n || !(d.compression >= 10 && d.compression <= 1e6) {
		return nil, bad
	}
	for i := range n {
		d.means = append(d.means, at(digestHeader+8*i))
		d.weights = append(d.weights, at(digestHeader+8*(n+i)))
	}
	return d, nil
}

func tdigestOf(args []driver.Value) (any, error) {
	values, weights := elements[float64](args[0]), elements[float64](args[1])
	d := newTDigest(defaultCompression)
	for i, v := range values {
		if !(weights[i] > 0) {
			return nil, failure("INVALID_FUNCTION_ARGUMENT", "weight must be > 0")
		}
		if err := d.add(v, weights[i]); err != nil {
			return nil, failure("GENERIC_INTERNAL_ERROR", "%s", err)
		}
	}
	return d.bytes(), nil
}

// checkTDigest passes a digest on; other bytes are an error.
func checkTDigest(args []driver.Value) (any, error) {
	_, err := readTDigest(args[0].([]byte))
	return args[0], err
}

func mergeTDigests(args []driver.Value) (any, error) {
	var sum *tdigest
	for _, b := range elements[[]byte](args[0]) {
		d, err := readTDigest(b)
		if err != nil {
			return nil, err
		}
		if sum == nil {
			sum = d
			continue
		}
		sum.mergeWith(d)
	}
	if sum == nil {
		return nil, nil
	}
	return sum.bytes(), nil
}

// tdigestValues are the values at quantiles in ascending order.
func tdigestValues(args []driver.Value) (any, error) {
	d, err := readTDigest(args[0].([]byte))
	if err != nil {
		return nil, err
	}
	in, _ := args[1].([]any)
	out := make([]float64, len(in))
	last := 0.0
	for i, v := range in {
		q, _ := v.(float64) // NULL counts as 0 in Trino
		switch {
		case !(q >= 0 && q <= 1):
			return nil, failure("GENERIC_INTERNAL_ERROR", "quantiles should be in [0, 1] range")
		case q < last:
			return nil, failure("INVALID_FUNCTION_ARGUMENT", "percentiles must be sorted in increasing order")
		}
		last, out[i] = q, d.valueAt(q)
	}
	return out, nil
}
