package functions

import (
	"fmt"
	"strconv"

	"github.com/scopsdb/scops/internal/sql/types"
)

// clockCasts are the casts of time and time with time zone.
func clockCasts() map[[2]types.Kind]castRule {
	return map[[2]types.Kind]castRule{
		{types.Time, types.Time}:          timeTo(func(c conversion, micros string) string { return "scops_clock(" + micros + ")" }),
		{types.Time, types.TimeTZ}:        timeTo(func(c conversion, micros string) string { return "scops_carried(" + micros + ", 0)" }),
		{types.Time, types.Timestamp}:     timeTo(onToday),
		{types.Time, types.TimestampTZ}:   timeTo(onToday),
		{types.Time, types.Varchar}:       timeText,
		{types.Varchar, types.Time}:       varcharToTime,
		{types.Varchar, types.TimeTZ}:     varcharToTimeTZ,
		{types.TimeTZ, types.Varchar}:     timeTZText,
		{types.TimeTZ, types.TimeTZ}:      timeTZToTimeTZ,
		{types.TimeTZ, types.Time}:        timeTZTo(func(c conversion, micros string) string { return "scops_clock(" + micros + ")" }),
		{types.TimeTZ, types.Timestamp}:   timeTZTo(onToday),
		{types.TimeTZ, types.TimestampTZ}: timeTZToTZ,
		{types.Timestamp, types.Time}:     timestampToTime,
		{types.TimestampTZ, types.Time}:   timestampToTime,
		{types.TimestampTZ, types.TimeTZ}: tzToTimeTZ,
		{types.Timestamp, types.TimeTZ}:   timestampToTimeTZ,
	}
}

// roundMicros rounds microseconds half up where the target has fewer digits.
func roundMicros(micros string, c conversion) string {
	if c.from.Precision <= c.to.Precision {
		return micros
	}
	return fmt.Sprintf("scops_round_micros(%s, %d)", micros, roundUnit(c.to.Precision))
}

// timeTo makes a cast of what is done with the rounded microseconds of the day.
func timeTo(make func(c conversion, micros string) string) castRule {
	return func(c conversion) (string, *Error) {
		return make(c, dayMicros(roundMicros("epoch_us($1)", c), c)), nil
	}
}

// dayMicros takes a day off where rounding reached the next.
func dayMicros(micros string, c conversion) string {
	if c.from.Precision <= c.to.Precision {
		return micros
	}
	return "(" + micros + " % 86400000000)"
}

func timeTZTo(make func(c conversion, micros string) string) castRule {
	return func(c conversion) (string, *Error) {
		return make(c, dayMicros(roundMicros("scops_time_of_day($1)", c), c)), nil
	}
}

// onToday is a time of day of the day on which the query runs.
func onToday(c conversion, micros string) string {
	wall := "(CAST(CAST(timezone('UTC', now()) AS DATE) AS TIMESTAMP) + to_microseconds(" + micros + "))"
	if c.to.Kind == types.TimestampTZ {
		return intoZone(wall, c.to)
	}
	return wall
}

func timeText(c conversion) (string, *Error) {
	return clockToVarchar(fmt.Sprintf("scops_time_text(epoch_us($1), %d)", c.from.Precision))(c)
}

func timeTZText(c conversion) (string, *Error) {
	return clockToVarchar(fmt.Sprintf("scops_time_tz_text($1, %d)", c.from.Precision))(c)
}

// clockToVarchar fails for a varchar(n) that is too short as Trino does for
// times, also for TRY_CAST.
func clockToVarchar(text string) castRule {
	return func(c conversion) (string, *Error) {
		if c.to.Precision == types.UnboundedLength {
			return text, nil
		}
		fail := raiseWith("GENERIC_INTERNAL_ERROR", "Value [%s] does not fit in type "+c.to.String(), text)
		return fmt.Sprintf("(CASE WHEN length(%s) > %d THEN %s ELSE %s END)", text, c.to.Precision, fail, text), nil
	}
}

func varcharToTime(c conversion) (string, *Error) {
	return "scops_clock(" + c.mayFail("scops_time", "$1", strconv.Itoa(c.to.Precision)) + ")", nil
}

func varcharToTimeTZ(c conversion) (string, *Error) {
	return fresh(c.mayFail("scops_time_tz", "$1", strconv.Itoa(c.to.Precision)), "$1"), nil
}

func timeTZToTimeTZ(c conversion) (string, *Error) {
	if c.from.Precision <= c.to.Precision {
		return "$1", nil
	}
	return "scops_carried(scops_of_day(" + roundMicros("epoch_us($1)", c) + "), scops_offset($1))", nil
}

// timeTZToTZ keeps the offset and the time of day, today.
func timeTZToTZ(c conversion) (string, *Error) {
	return "", refuse(notSupported, "Cast from %s to %s is not supported", c.from, c.to)
}

func timestampToTime(c conversion) (string, *Error) {
	micros := "epoch_us(" + local("$1", c.from) + ")"
	if c.from.Kind == types.Timestamp && c.from.Precision > 0 {
		// Trino 435 takes a second too much before 1970.
		micros = "(" + micros + " - CASE WHEN " + micros + " < 0 AND " + micros + " % 1000000 <> 0 THEN 1000000 ELSE 0 END)"
	}
	return "scops_clock(scops_of_day(" + roundMicros(micros, c) + "))", nil
}

func timestampToTimeTZ(c conversion) (string, *Error) {
	return "scops_carried(scops_of_day(" + roundMicros("epoch_us($1)", c) + "), 0)", nil
}

// tzToTimeTZ has the offset that Trino gives: the one that holds where UTC shows
// the wall clock.
func tzToTimeTZ(c conversion) (string, *Error) {
	wall := local("$1", c.from)
	minutes := "scops_zone_seconds(timezone('UTC', " + wall + "), " + zoneText("$1", c.from) + ") // 60"
	return "scops_carried(scops_of_day(" + roundMicros("epoch_us("+wall+")", c) + " - (" + minutes + ") * 60000000), " + minutes + ")", nil
}
