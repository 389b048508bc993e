package duckdbudf

import (
	"database/sql/driver"
	"encoding/binary"
	"math"
	"math/big"

	"github.com/cespare/xxhash/v2"
)

// The hashes are those of Trino's XX_HASH_64 operators: XXH64 with the seed 0 of
// what a value is in Trino's memory.

func xxLong(v int64) int64 {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(v))
	return int64(xxhash.Sum64(b[:]))
}

func hashBigint(args []driver.Value) (any, error) { return xxLong(args[0].(int64)), nil }

func hashBytes(args []driver.Value) (any, error) { return int64(xxhash.Sum64(args[0].([]byte))), nil }

func hashDouble(args []driver.Value) (any, error) {
	x := args[0].(float64)
	switch {
	case x == 0:
		return xxLong(0), nil
	case math.IsNaN(x):
		return xxLong(0x7ff8000000000000), nil
	}
	return xxLong(int64(math.Float64bits(x))), nil
}

func hashReal(args []driver.Value) (any, error) {
	x := args[0].(float32)
	switch {
	case x == 0:
		return xxLong(0), nil
	case x != x:
		return xxLong(0x7fc00000), nil
	}
	return xxLong(int64(int32(math.Float32bits(x)))), nil
}

// hashHugeint is the hash of a decimal of more than 18 digits.
func hashHugeint(args []driver.Value) (any, error) {
	high, low := words(args[0].(*big.Int))
	return xxLong(high) ^ xxLong(low), nil
}

// words are the halves of a number in two's complement of 128 bits.
func words(n *big.Int) (high, low int64) {
	mask := new(big.Int).SetUint64(math.MaxUint64)
	low = int64(new(big.Int).And(n, mask).Uint64())
	high = int64(new(big.Int).And(new(big.Int).Rsh(n, 64), mask).Uint64())
	return high, low
}

func hashArray(args []driver.Value) (any, error) { return combined(0, elements[int64](args[0])), nil }

func hashRow(args []driver.Value) (any, error) { return combined(1, elements[int64](args[0])), nil }

func combined(hash int64, parts []int64) int64 {
	for _, h := range parts {
		hash = 31*hash + h
	}
	return hash
}

// hashMap does not depend on the order of the entries.
func hashMap(args []driver.Value) (any, error) {
	keys, values := elements[int64](args[0]), elements[int64](args[1])
	var hash int64
	for i := range keys {
		hash += keys[i] ^ values[i]
	}
	return hash, nil
}

// checksum is what the sum of the hashes of all rows makes: the lowest 64 bits
// times a prime, the least byte first.
func checksum(args []driver.Value) (any, error) {
	const prime = 0x9E3779B185EBCA87
	_, low := words(args[0].(*big.Int))
	return binary.LittleEndian.AppendUint64(nil, uint64(low)*prime), nil
}
