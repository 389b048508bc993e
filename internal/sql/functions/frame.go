package functions

import "github.com/scopsdb/scops/internal/sql/types"

const (
	windowFrameError = "INVALID_WINDOW_FRAME"
	frameMessage     = "Window frame offset value must not be negative or null"
	millisOfDay      = "86400000"
)

// FrameOffset is the offset of a ROWS or GROUPS frame: an integer, an error
// where it is NULL or negative. More than any partition has is all of it.
func FrameOffset(t types.Type, sql string) string {
	if t.Kind == types.Decimal && t.Precision > 18 {
		sql = "least(" + sql + ", 9223372036854775807)"
	}
	return "CAST(" + notNegative(sql) + " AS BIGINT)"
}

func notNegative(sql string) string {
	return expand("(CASE WHEN $1 IS NULL OR $1 < 0 THEN "+raise(windowFrameError, frameMessage)+" ELSE $1 END)", []string{sql})
}

// RangeKey is the sort key of a RANGE frame in a form that RangeOffset can be
// added to.
func RangeKey(key types.Type, sql string) string {
	switch key.Kind {
	case types.Date:
		return "CAST(" + sql + " AS TIMESTAMP)"
	case types.TimestampTZ:
		return "timezone('UTC', " + instant(sql, key) + ")"
	}
	return sql
}

// RangeOffset is the offset of a RANGE frame, an error where it is NULL or
// negative: an INTERVAL for times, else of the key's own type.
func RangeOffset(key, offset types.Type, sql string) string {
	sql = notNegative(sql)
	if key.Kind != types.Date && key.Kind != types.Timestamp && key.Kind != types.TimestampTZ {
		return sql
	}
	if offset.Kind == types.IntervalYearMonth {
		return "to_months(" + sql + ")"
	}
	if key.Kind == types.Date {
		sql = expand("(CASE WHEN $1 % "+millisOfDay+" <> 0 THEN "+
			raise(invalidArgument, "Cannot add hour, minutes or seconds to a date")+" ELSE $1 END)", []string{sql})
	}
	return "to_microseconds(" + sql + " * 1000)"
}
