package duckdbudf

import (
	"database/sql/driver"
	"encoding/binary"
	"math"

	"github.com/spaolacci/murmur3"
)

const approxSetBits = 12 // 4096 buckets: a standard error of 1.625 %

func murmurLong(v int64) int64 {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(v))
	h, _ := murmur3.Sum128(b[:])
	return int64(h)
}

func murmurBigint(args []driver.Value) (any, error) { return murmurLong(args[0].(int64)), nil }

func murmurDouble(args []driver.Value) (any, error) {
	x := args[0].(float64)
	if math.IsNaN(x) {
		x = math.Float64frombits(0x7ff8000000000000) // as Double.doubleToLongBits
	}
	return murmurLong(int64(math.Float64bits(x))), nil
}

func murmurText(args []driver.Value) (any, error) {
	h, _ := murmur3.Sum128([]byte(args[0].(string)))
	return int64(h), nil
}

// approxSet is the HyperLogLog of hashes. The order does not matter.
func approxSet(args []driver.Value) (any, error) {
	h := newHyperLogLog(approxSetBits)
	for _, hash := range elements[int64](args[0]) {
		h.add(hash)
	}
	return h.bytes(), nil
}

func mergeHLL(args []driver.Value) (any, error) {
	var sum *hyperLogLog
	for _, b := range elements[[]byte](args[0]) {
		h, err := readHyperLogLog(b)
		if err != nil {
			return nil, err
		}
		if sum == nil {
			sum = h
			continue
		}
		if err := sum.merge(h); err != nil {
			return nil, failure("GENERIC_INTERNAL_ERROR", "%s", err)
		}
	}
	if sum == nil {
		return nil, nil
	}
	return sum.bytes(), nil
}

func hllCardinality(args []driver.Value) (any, error) {
	h, err := readHyperLogLog(args[0].([]byte))
	if err != nil {
		return nil, err
	}
	n, err := h.cardinality()
	return n, err
}

func hllToDense(args []driver.Value) (any, error) {
	h, err := readHyperLogLog(args[0].([]byte))
	if err != nil {
		return nil, err
	}
	h.toDense()
	return h.bytes(), nil
}
