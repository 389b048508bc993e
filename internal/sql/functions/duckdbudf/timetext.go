package duckdbudf

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/sql/datetime"
	"github.com/scopsdb/scops/internal/sql/types"
)

func cannotCast(a []driver.Value, kind string) (any, error) {
	return nil, failure("INVALID_CAST_ARGUMENT", "Value cannot be cast to %s: %s", kind, a[0])
}

// timestampOf casts a text to a timestamp of a precision.
func timestampOf(a []driver.Value) (any, error) {
	t, ok := datetime.ReadTimestamp(strings.TrimSpace(a[0].(string)))
	if ok && t.Zone != "" {
		loc, err := types.LoadZone(t.Zone)
		if ok = err == nil; ok { // the zone counts only where its clocks jump
			at, _ := datetime.FromLocal(t.Wall, loc)
			t.Wall = wallOf(at)
		}
	}
	if !ok {
		return cannotCast(a, "timestamp")
	}
	return datetime.RoundTime(t.Wall, int(a[1].(int32))), nil
}

// timestampTZOf casts a text to a timestamp with time zone of a precision.
func timestampTZOf(a []driver.Value) (any, error) {
	t, ok := datetime.ReadTimestamp(strings.TrimSpace(a[0].(string)))
	if !ok {
		return cannotCast(a, "timestamp")
	}
	zone := zoneOrUTC(t.Zone)
	loc, err := types.LoadZone(zone)
	if err != nil {
		return cannotCast(a, "timestamp")
	}
	at, _ := datetime.FromLocal(datetime.RoundTime(t.Wall, int(a[1].(int32))), loc)
	return carry(at, zone)
}

// dateOf casts a text to a date.
func dateOf(a []driver.Value) (any, error) {
	t, ok := datetime.ReadDate(strings.TrimSpace(a[0].(string)))
	if !ok {
		return cannotCast(a, "date")
	}
	return t, nil
}

const dayMicros = int64(24 * time.Hour / time.Microsecond)

// timeOf casts a text to a time of a precision, in microseconds.
func timeOf(a []driver.Value) (any, error) {
	c, ok := datetime.ReadTime(a[0].(string))
	if !ok || c.Zoned {
		return cannotCast(a, "time")
	}
	return datetime.Round(int64(c.Time), int(a[1].(int32))) / 1000 % dayMicros, nil
}

// timeTZOf casts a text to a time with time zone of a precision.
func timeTZOf(a []driver.Value) (any, error) {
	c, ok := datetime.ReadTime(a[0].(string))
	if !ok {
		return cannotCast(a, "time with time zone")
	}
	rounded := datetime.Round(int64(c.Time), int(a[1].(int32)))
	return carried(types.TimeTZValue{SinceMidnight: time.Duration(rounded), Offset: c.Minutes * 60}.Zoned()), nil
}

// isoOffset is Z or +09:00 of seconds.
func isoOffset(a []driver.Value) (any, error) {
	seconds := a[0].(int64)
	if seconds == 0 {
		return "Z", nil
	}
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	if seconds%60 != 0 {
		return nil, failure("INVALID_ARGUMENTS", "Timezone with non-zero seconds offset cannot be rendered as ISO8601: %c%02d:%02d:%02d", sign, seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%c%02d:%02d", sign, seconds/3600, seconds/60%60), nil
}

// timestampText is the text of a timestamp; of a date where the precision is
// below zero.
func timestampText(t time.Time, precision int) string {
	if precision < 0 {
		s, _ := types.Text(types.DateType, t)
		return strings.TrimPrefix(s, "+")
	}
	s, _ := types.Text(types.TimestampType(precision), t)
	return s
}
