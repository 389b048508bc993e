package types

import (
	"math"
	"math/big"
	"time"
)

// DecimalValue is a decimal cell: its unscaled integer. The scale is its
// type's. 12.34 as decimal(10,2) is 1234.
type DecimalValue struct {
	small int64
	large *big.Int // where the value does not fit small
}

// NewDecimal makes a DecimalValue of an unscaled integer.
func NewDecimal(unscaled *big.Int) DecimalValue {
	if unscaled.IsInt64() {
		return DecimalValue{small: unscaled.Int64()}
	}
	return DecimalValue{large: unscaled}
}

// NewDecimal64 makes a DecimalValue of an unscaled integer.
func NewDecimal64(unscaled int64) DecimalValue { return DecimalValue{small: unscaled} }

// Unscaled is the value without its point.
func (d DecimalValue) Unscaled() *big.Int {
	if d.large != nil {
		return d.large
	}
	return big.NewInt(d.small)
}

// Equal says whether two decimals of one scale are the same.
func (d DecimalValue) Equal(e DecimalValue) bool { return d.Unscaled().Cmp(e.Unscaled()) == 0 }

// LongInterval is an interval day to second in milliseconds, where a
// time.Duration, which ends at 292 years, does not hold it.
type LongInterval int64

// MillisecondsValue is the cell of an interval day to second.
func MillisecondsValue(ms int64) any {
	const limit = math.MaxInt64 / int64(time.Millisecond)
	if ms > limit || ms < -limit {
		return LongInterval(ms)
	}
	return time.Duration(ms) * time.Millisecond
}

// TimeTZValue is a time with time zone cell.
type TimeTZValue struct {
	SinceMidnight time.Duration // local time of day
	Offset        int           // seconds east of UTC
}
