package functions

import (
	"fmt"
	"strconv"

	"github.com/scopsdb/scops/internal/sql/types"
)

func timeCasts() map[[2]types.Kind]castRule {
	return map[[2]types.Kind]castRule{
		{types.Date, types.Varchar}:              toVarchar(dateText("$1")),
		{types.Date, types.Timestamp}:            template("CAST($1 AS TIMESTAMP)"),
		{types.Date, types.TimestampTZ}:          dateToTZ,
		{types.Timestamp, types.Date}:            template("CAST($1 AS DATE)"),
		{types.Timestamp, types.Timestamp}:       timestampToTimestamp,
		{types.Timestamp, types.TimestampTZ}:     timestampToTZ,
		{types.Timestamp, types.Varchar}:         timestampToVarchar,
		{types.TimestampTZ, types.Date}:          tzToDate,
		{types.TimestampTZ, types.Timestamp}:     tzToTimestamp,
		{types.TimestampTZ, types.TimestampTZ}:   tzToTZ,
		{types.TimestampTZ, types.Varchar}:       tzToVarchar,
		{types.Varchar, types.Date}:              varcharToDate,
		{types.Varchar, types.Timestamp}:         varcharToTimestamp,
		{types.Varchar, types.TimestampTZ}:       varcharToTZ,
		{types.IntervalDaySecond, types.Varchar}: toVarchar(daySecondText),
		{types.IntervalYearMonth, types.Varchar}: toVarchar(yearMonthText),
	}
}

const (
	daySecondText = "(CASE WHEN $1 < 0 THEN '-' ELSE '' END || printf('%d %02d:%02d:%02d.%03d', abs($1) // 86400000, abs($1) // 3600000 % 24, abs($1) // 60000 % 60, abs($1) // 1000 % 60, abs($1) % 1000))"
	yearMonthText = "(CASE WHEN $1 < 0 THEN '-' ELSE '' END || printf('%d-%d', abs($1) // 12, abs($1) % 12))"
)

// dateText writes years before 1 as Trino does: DuckDB marks them with (BC).
func dateText(sql string) string {
	return "(CASE WHEN " + sql + " >= DATE '0001-01-01' THEN CAST(" + sql + " AS VARCHAR) ELSE scops_text(CAST(" + sql + " AS TIMESTAMP), -1) END)"
}

// intoZone is a wall clock as a value of the target.
func intoZone(wall string, to types.Type) string {
	if isMixed(to) {
		return withZone(fromLocal("", wall), "'UTC'")
	}
	return fromLocal(to.Zone, wall)
}

func dateToTZ(c conversion) (string, *Error) {
	return intoZone("CAST($1 AS TIMESTAMP)", c.to), nil
}

func timestampToTZ(c conversion) (string, *Error) {
	return intoZone(roundTime("$1", c.from.Precision, c.to.Precision), c.to), nil
}

func tzToDate(c conversion) (string, *Error) {
	return "CAST(" + local("$1", c.from) + " AS DATE)", nil
}

func tzToTimestamp(c conversion) (string, *Error) {
	return roundTime(local("$1", c.from), c.from.Precision, c.to.Precision), nil
}

func timestampToTimestamp(c conversion) (string, *Error) {
	return roundTime("$1", c.from.Precision, c.to.Precision), nil
}

// tzToTZ rounds, and gives values of one zone the form of those of several.
func tzToTZ(c conversion) (string, *Error) {
	if isMixed(c.from) {
		return roundZoned("$1", c.from.Precision, c.to.Precision), nil
	}
	rounded := roundTime("$1", c.from.Precision, c.to.Precision)
	if isMixed(c.to) {
		return withZone(rounded, quote(zoneName(c.from.Zone))), nil
	}
	return rounded, nil
}

func tzToVarchar(c conversion) (string, *Error) {
	text := timestampText(local("$1", c.from), c.from.Precision) + " || ' ' || " + zoneText("$1", c.from)
	return toVarchar("(" + text + ")")(c)
}

func timestampToVarchar(c conversion) (string, *Error) {
	return toVarchar(timestampText("$1", c.from.Precision))(c)
}

// fractions are strftime's formats of a fraction by its digits.
var fractions = map[int]string{0: "", 3: ".%g", 6: ".%f"}

// timestampText is a timestamp with the digits of its precision.
func timestampText(sql string, precision int) string {
	const format = "%Y-%m-%d %H:%M:%S"
	text := ""
	if f, ok := fractions[precision]; ok {
		text = "strftime(" + sql + ", " + quote(format+f) + ")"
	} else {
		text = fmt.Sprintf("strftime(%s, %s) || left(strftime(%s, '.%%f'), %d)", sql, quote(format), sql, precision+1)
	}
	return fmt.Sprintf("(CASE WHEN %s THEN %s ELSE scops_text(%s, %d) END)", plainYear(sql), text, sql, precision)
}

// plainYear is the condition that a wall clock has a year of four digits, which
// DuckDB writes as Trino does.
func plainYear(wall string) string {
	return wall + " BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"
}

// roundUnit is the unit of a precision in microseconds.
func roundUnit(precision int) int {
	unit := 1
	for ; precision < types.DuckDBPrecision; precision++ {
		unit *= 10
	}
	return unit
}

// roundUnits are the units that date_trunc knows.
var roundUnits = map[int]string{0: "second", 3: "millisecond"}

// roundTime rounds a TIMESTAMP or TIMESTAMPTZ half up where the target has fewer
// digits.
func roundTime(sql string, from, to int) string {
	if from <= to {
		return sql
	}
	unit := roundUnit(to)
	if name, ok := roundUnits[to]; ok {
		return fmt.Sprintf("date_trunc('%s', %s + to_microseconds(%d))", name, sql, unit/2)
	}
	return fmt.Sprintf("(%s + to_microseconds(scops_round_micros(epoch_us(%s), %d) - epoch_us(%s)))", sql, sql, unit, sql)
}

// roundZoned is roundTime of values with zones of their own.
func roundZoned(sql string, from, to int) string {
	if from <= to {
		return sql
	}
	return fmt.Sprintf("(%s + to_microseconds(scops_round_micros(epoch_us(%s), %d) - epoch_us(%s)))", sql, sql, roundUnit(to), sql)
}

const (
	sqlBlank = `[ \t\n\r\f\v]*`
	datePart = `[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}`
	timePart = `([01]?[0-9]|2[0-3]):[0-5]?[0-9](:[0-5]?[0-9](\.[0-9]{1,6})?)?`
)

// varcharToDate leaves to DuckDB the texts that it reads as Trino does: it is
// faster than a function in Go.
func varcharToDate(c conversion) (string, *Error) {
	return fmt.Sprintf("(CASE WHEN regexp_full_match($1, '%s') AND TRY_CAST($1 AS DATE) IS NOT NULL THEN CAST($1 AS DATE) ELSE %s END)",
		`[0-9]{4}-[0-9]{2}-[0-9]{2}`, c.mayFail("scops_date", "$1")), nil
}

// varcharToTimestamp reads yyyy-mm-dd [hh:mm[:ss[.fraction]]] and rounds half
// up.
func varcharToTimestamp(c conversion) (string, *Error) {
	rounded := roundTime("CAST($1 AS TIMESTAMP)", types.DuckDBPrecision, c.to.Precision)
	return fmt.Sprintf("(CASE WHEN regexp_full_match($1, '%s') AND TRY_CAST($1 AS TIMESTAMP) IS NOT NULL THEN %s ELSE %s END)",
		datePart+`( `+timePart+`)?`, rounded, c.mayFail("scops_timestamp", "$1", strconv.Itoa(c.to.Precision))), nil
}

// varcharToTZ reads a zone of each text; without one it is UTC.
func varcharToTZ(c conversion) (string, *Error) {
	return fresh(c.mayFail("scops_timestamp_tz", "$1", strconv.Itoa(c.to.Precision)), "$1"), nil
}
