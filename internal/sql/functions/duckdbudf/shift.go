package duckdbudf

import "database/sql/driver"

var shiftUDFs = []udf{
	shift("scops_shift_left", func(v int64, n, width uint) int64 {
		if n >= width {
			return 0
		}
		return extend(v<<n, width)
	}),
	shift("scops_shift_right", func(v int64, n, width uint) int64 {
		if n >= width {
			return 0
		}
		return extend(int64((uint64(v)<<(64-width)>>(64-width))>>n), width)
	}),
	shift("scops_shift_arithmetic", func(v int64, n, width uint) int64 {
		if n >= width {
			n = width - 1
		}
		return v >> n
	}),
}

// shift is a function of a value, a distance and the bits of the value's type.
func shift(name string, f func(v int64, n, width uint) int64) udf {
	return udf{name: name, in: in(bigint, integer, integer), out: bigint, run: func(a []driver.Value) (any, error) {
		n, width := a[1].(int32), uint(a[2].(int32))
		distance := uint(uint32(n))
		if width == 64 && n < 0 { // Java takes the lowest six bits
			distance = uint(n) & 63
		}
		return f(a[0].(int64), distance, width), nil
	}}
}

// extend takes the lowest bits of a value for its two's complement.
func extend(v int64, width uint) int64 { return v << (64 - width) >> (64 - width) }
