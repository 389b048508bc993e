package functions

import (
	"fmt"

	"github.com/scopsdb/scops/internal/sql/types"
)

func timeCasts() map[[2]types.Kind]castRule {
	return map[[2]types.Kind]castRule{
		{types.Date, types.Varchar}:              toVarchar("CAST($1 AS VARCHAR)"),
		{types.Date, types.Timestamp}:            template("CAST($1 AS TIMESTAMP)"),
		{types.Date, types.TimestampTZ}:          dateToTZ,
		{types.Timestamp, types.Date}:            template("CAST($1 AS DATE)"),
		{types.Timestamp, types.Timestamp}:       reprecision,
		{types.Timestamp, types.TimestampTZ}:     timestampToTZ,
		{types.Timestamp, types.Varchar}:         timestampToVarchar,
		{types.Timestamp, types.Time}:            timestampToTime,
		{types.TimestampTZ, types.Date}:          tzToDate,
		{types.TimestampTZ, types.Timestamp}:     tzToTimestamp,
		{types.TimestampTZ, types.TimestampTZ}:   reprecision,
		{types.TimestampTZ, types.Varchar}:       tzToVarchar,
		{types.Varchar, types.Date}:              varcharToDate,
		{types.Varchar, types.Timestamp}:         varcharToTimestamp,
		{types.IntervalDaySecond, types.Varchar}: toVarchar(daySecondText),
		{types.IntervalYearMonth, types.Varchar}: toVarchar(yearMonthText),
	}
}

const (
	daySecondText = "(CASE WHEN $1 < 0 THEN '-' ELSE '' END || printf('%d %02d:%02d:%02d.%03d', abs($1) // 86400000, abs($1) // 3600000 % 24, abs($1) // 60000 % 60, abs($1) // 1000 % 60, abs($1) % 1000))"
	yearMonthText = "(CASE WHEN $1 < 0 THEN '-' ELSE '' END || printf('%d-%d', abs($1) // 12, abs($1) % 12))"
)

func dateToTZ(c conversion) (string, *Error) {
	return fromLocal(c.to.Zone, "CAST($1 AS TIMESTAMP)"), nil
}

func timestampToTZ(c conversion) (string, *Error) {
	rounded, err := roundTime("$1", c)
	return fromLocal(c.to.Zone, rounded), err
}

func tzToDate(c conversion) (string, *Error) {
	return "CAST(" + local("$1", c.from) + " AS DATE)", checkZone(c.from)
}

func tzToTimestamp(c conversion) (string, *Error) {
	if err := checkZone(c.from); err != nil {
		return "", err
	}
	return roundTime(local("$1", c.from), c)
}

func tzToVarchar(c conversion) (string, *Error) {
	if err := checkZone(c.from); err != nil {
		return "", err
	}
	text := timestampText(local("$1", c.from), c.from.Precision) + " || " + quote(" "+zoneName(c.from.Zone))
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
	if f, ok := fractions[precision]; ok {
		return "strftime(" + sql + ", " + quote(format+f) + ")"
	}
	return fmt.Sprintf("strftime(%s, %s) || left(strftime(%s, '.%%f'), %d)", sql, quote(format), sql, precision+1)
}

func reprecision(c conversion) (string, *Error) { return roundTime("$1", c) }

// roundUnits are the units of the precisions that timestamps are rounded to,
// with half of each in microseconds.
var roundUnits = map[int]struct {
	unit string
	half int
}{0: {"second", 500000}, 3: {"millisecond", 500}}

// roundTime rounds a timestamp half up where the target has fewer digits.
func roundTime(sql string, c conversion) (string, *Error) {
	if c.from.Precision <= c.to.Precision {
		return sql, nil
	}
	u, ok := roundUnits[c.to.Precision]
	if !ok {
		return "", refuse(notSupported, "Cast from %s to %s is not supported", c.from, c.to)
	}
	return fmt.Sprintf("date_trunc('%s', %s + to_microseconds(%d))", u.unit, sql, u.half), nil
}

func timestampToTime(c conversion) (string, *Error) {
	if c.from.Precision > c.to.Precision {
		return "", refuse(notSupported, "Cast from %s to %s is not supported", c.from, c.to)
	}
	return "CAST($1 AS TIME)", nil
}

const (
	sqlBlank = `\s*`
	datePart = `[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}`
	timePart = `([01]?[0-9]|2[0-3]):[0-5]?[0-9](:[0-5]?[0-9](\.[0-9]+)?)?`
)

func varcharToDate(c conversion) (string, *Error) {
	return c.guarded(sqlBlank+datePart+sqlBlank, c.plain("trim($1)"), "Value cannot be cast to date: %s"), nil
}

// varcharToTimestamp reads yyyy-mm-dd [hh:mm[:ss[.fraction]]] and rounds half
// up.
func varcharToTimestamp(c conversion) (string, *Error) {
	parsed := c.plain("trim($1)")
	if c.to.Precision == types.DuckDBPrecision {
		// DuckDB cuts behind the sixth digit.
		parsed += ` + to_microseconds(CASE WHEN regexp_matches($1, '\.[0-9]{6}[5-9]') THEN 1 ELSE 0 END)`
	}
	rounded, err := roundTime(parsed, conversion{from: types.TimestampType(types.DuckDBPrecision), to: c.to})
	if err != nil {
		return "", refuse(notSupported, "Cast from %s to %s is not supported", c.from, c.to)
	}
	return c.guarded(sqlBlank+datePart+`( +(`+timePart+`)?)?`+sqlBlank, rounded, "Value cannot be cast to timestamp: %s"), nil
}
