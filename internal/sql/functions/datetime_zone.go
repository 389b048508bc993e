package functions

import (
	"fmt"
	"time"

	"github.com/scopsdb/scops/internal/sql/datetime"
	"github.com/scopsdb/scops/internal/sql/types"
)

func sprint(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// zoneFunctions make values with zones. Where the zone is a constant the type
// carries it, else each value.
var zoneFunctions = []Function{
	{Name: "from_unixtime", Doc: "Time of seconds since 1970, in UTC, the given zone, or an offset of hours and minutes.", Example: "from_unixtime(0)",
		Sigs: []Signature{
			{Text: "(double) -> timestamp(3) with time zone", Emit: T(fromUnixtime)},
			{Text: "(double, varchar(x)) -> timestamp(3) with time zone", Return: inZone, Emit: fromUnixtimeZone},
			{Text: "(double, bigint, bigint) -> timestamp(3) with time zone", Return: inOffset, Emit: fromUnixtimeOffset},
		}},
	{Name: "at_timezone", Doc: "The same instant, shown in another zone (AT TIME ZONE).", Example: "at_timezone(x, 'Asia/Seoul')",
		Sigs: []Signature{
			{Text: "(timestamp(p) with time zone, varchar(x)) -> timestamp(p) with time zone", Return: inZone,
				Emit: inZoneOf(func(c *Call) string { return instant(c.Args[0], first(c)) })},
			{Text: "(timestamp(p) with time zone, interval day to second) -> timestamp(p) with time zone", Return: inInterval, Emit: atInterval},
		}},
	{Name: "with_timezone", Doc: "A wall clock as an instant in a zone.", Example: "with_timezone(TIMESTAMP '2021-02-03 00:00:00', 'Asia/Seoul')",
		Sigs: []Signature{{Text: "(timestamp(p), varchar(x)) -> timestamp(p) with time zone", Return: inZone,
			Emit: func(c *Call) string {
				if isMixed(c.Return) {
					return fresh(mayFail("scops_with_zone", c.Args...), c.Args[0]+c.Args[1])
				}
				return fromLocal(c.Return.Zone, c.Args[0])
			}}}},
	{Name: "to_unixtime", Doc: "Seconds since 1970.", Example: "to_unixtime(from_unixtime(1.5)) = 1.5",
		Sigs: []Signature{
			{Text: "(timestamp(p)) -> double", Emit: unixtime},
			{Text: "(timestamp(p) with time zone) -> double", Emit: unixtime},
		}},
	{Name: "from_iso8601_timestamp", Doc: "Time of an ISO 8601 text, in the offset that it names or UTC.", Example: "from_iso8601_timestamp('2021-02-03T04:05:06Z')",
		Sigs: []Signature{{Text: "(varchar(x)) -> timestamp(3) with time zone", Return: readZone(readISO), Emit: readConstant(readISO, "scops_iso")}}},
	{Name: "parse_datetime", Doc: "Time of a text by a Joda pattern, in the zone that it names or UTC.", Example: "parse_datetime('2021-02-03', 'yyyy-MM-dd')",
		Sigs: []Signature{{Text: "(varchar(x), varchar(y)) -> timestamp(3) with time zone", Return: readZone(readJoda), Emit: readConstant(readJoda, "scops_parse_datetime")}}},
}

// fromUnixtime rounds half up to milliseconds; NaN is 0, as in Java.
const fromUnixtime = "(CASE WHEN abs($1) < 2251799813685 THEN make_timestamptz(CAST(floor($1 * 1000 + 0.5) AS BIGINT) * 1000)" +
	" WHEN isnan($1) THEN make_timestamptz(0)" +
	" WHEN $1 IS NOT NULL THEN error('" + ErrorPrefix + "GENERIC_INTERNAL_ERROR: Millis overflow') END)"

// fromUnixtimeZone refuses a wrong zone by another name than other functions: TRY
// lets it through.
func fromUnixtimeZone(c *Call) string {
	at := expand(fromUnixtime, c.Args[:1])
	if !isMixed(c.Return) {
		return at
	}
	return fresh(mayFail("scops_zoned_unixtime", at, c.Args[1]), at+c.Args[1])
}

// constZone is the zone that a constant argument names, if it names one.
func constZone(c *Call, arg int) (string, bool) {
	name, isText := c.Consts[arg].(string)
	if !isText || !c.IsConst[arg] {
		return "", false
	}
	zone, err := types.NormalZone(name)
	return zone, err == nil
}

// inZone is the result type with the zone of the second argument. One that is
// wrong fails as the query runs, as in Trino.
func inZone(c *Call) types.Type {
	t := c.Return
	zone, ok := constZone(c, 1)
	if t.Zone = zone; !ok {
		t.Zone = types.MixedZone
	}
	return t
}

// inZoneOf shows an instant in the zone of the second argument.
func inZoneOf(instant Emission) Emission {
	return func(c *Call) string {
		if isMixed(c.Return) {
			return withZone(instant(c), c.Args[1])
		}
		return instant(c)
	}
}

const maxOffset = 14 * 60 // minutes

// inOffset is the result type with an offset of hours and minutes.
func inOffset(c *Call) types.Type {
	t := c.Return
	h, ok1 := c.Consts[1].(int64)
	m, ok2 := c.Consts[2].(int64)
	if n := h*60 + m; ok1 && ok2 && n <= maxOffset && n >= -maxOffset && h < 1000 && h > -1000 {
		t.Zone = types.OffsetZone(int(n))
	} else {
		t.Zone = types.MixedZone
	}
	return t
}

func fromUnixtimeOffset(c *Call) string {
	at := expand(fromUnixtime, c.Args[:1])
	if !isMixed(c.Return) {
		return at
	}
	minutes := "CAST(" + c.Args[1] + " AS HUGEINT) * 60 + " + c.Args[2]
	return withZone(at, expand(offsetName("$1", "Invalid offset minutes %s"), []string{"(" + minutes + ")"}))
}

// offsetName is the zone of an offset in minutes.
func offsetName(minutes, message string) string {
	return "(CASE WHEN abs(" + minutes + ") > 840 THEN " + raiseWith(invalidArgument, message, minutes) +
		" ELSE printf('%s%02d:%02d', CASE WHEN " + minutes + " < 0 THEN '-' ELSE '+' END, CAST(abs(" + minutes + ") // 60 AS INTEGER), CAST(abs(" + minutes + ") % 60 AS INTEGER)) END)"
}

// offsetMinutes are those of an interval, which must be whole.
func offsetMinutes(interval string) string {
	return "(CASE WHEN " + interval + " % 60000 <> 0 THEN " + raise(invalidArgument, "Invalid time zone offset interval: interval contains seconds") +
		" ELSE " + interval + " // 60000 END)"
}

func inInterval(c *Call) types.Type {
	t := c.Return
	d, ok := c.Consts[1].(time.Duration)
	if ok && d%time.Minute == 0 && d <= maxOffset*time.Minute && d >= -maxOffset*time.Minute {
		t.Zone = types.OffsetZone(int(d / time.Minute))
	} else {
		t.Zone = types.MixedZone
	}
	return t
}

func atInterval(c *Call) string {
	at := instant(c.Args[0], first(c))
	if !isMixed(c.Return) {
		return at
	}
	return withZone(at, expand(offsetName("$1", "Invalid offset minutes %s"), []string{expand(offsetMinutes("$1"), c.Args[1:])}))
}

// offsetSeconds are those of the zone's offset at each instant.
func offsetSeconds(sql string, t types.Type) string {
	if name, seconds := fixedOffset(t.Zone); !isMixed(t) && (name == "" || t.Zone == "") {
		return expand(sprint("(CASE WHEN $1 IS NOT NULL THEN CAST(%d AS BIGINT) END)", seconds), []string{sql})
	}
	return "scops_zone_seconds(" + instant(sql, t) + ", " + zoneText(sql, t) + ")"
}

// reader reads constant texts; false where one does not fit, which fails as the
// query runs.
type reader func(c *Call) (datetime.Parsed, bool)

func constTexts(c *Call) ([]string, bool) {
	out := make([]string, len(c.Consts))
	for i, v := range c.Consts {
		s, ok := v.(string)
		if !ok || !c.IsConst[i] {
			return nil, false
		}
		out[i] = s
	}
	return out, true
}

func readISO(c *Call) (datetime.Parsed, bool) {
	s, ok := constTexts(c)
	if !ok {
		return datetime.Parsed{}, false
	}
	p, err := datetime.ISO(s[0])
	return p, err == nil
}

func readJoda(c *Call) (datetime.Parsed, bool) {
	s, ok := constTexts(c)
	if !ok {
		return datetime.Parsed{}, false
	}
	pattern, err := datetime.Joda(s[1])
	if err != nil {
		return datetime.Parsed{}, false
	}
	p, err := pattern.Parse(s[0])
	return p, err == nil
}

// readZone is the result type with the zone that a constant text names.
func readZone(read reader) func(*Call) types.Type {
	return func(c *Call) types.Type {
		t := c.Return
		p, ok := read(c)
		if t.Zone = p.Zone; !ok {
			t.Zone = types.MixedZone
		}
		return t
	}
}

// readConstant writes what a constant text means, or reads as the query runs.
func readConstant(read reader, function string) Emission {
	return func(c *Call) string {
		if p, ok := read(c); ok {
			text, _ := Literal(types.TimestampTZType(types.DuckDBPrecision), p.Time)
			return text
		}
		all := ""
		for _, a := range c.Args {
			all += a + " "
		}
		return fresh(mayFail(function, c.Args...), all)
	}
}

// timeAtZone shows a time of day with the offset that a zone has as the query
// runs.
func timeAtZone(t, zone types.Type) (*Resolved, error) {
	to := types.TimeTZType(t.Precision)
	minutes := "scops_zone_seconds(now(), $2) // 60"
	if zone.Kind == types.IntervalDaySecond {
		minutes = offsetMinutes("$2")
	} else if !types.CanCoerce(zone, types.VarcharUnbounded) {
		return nil, refuse(typeMismatch, "Type of time zone must be a varchar or an interval (actual %s)", zone)
	} else {
		zone = types.VarcharUnbounded
	}
	return binary(to, zone, to, T("scops_carried(epoch_us($1), "+minutes+")")), nil
}

// unixtime adds the fraction to whole seconds where there are microseconds.
func unixtime(c *Call) string {
	if first(c).Precision <= 3 {
		return expand("(CAST(epoch_us($1) // 1000 AS DOUBLE) / 1e3)", c.Args)
	}
	return expand("(CAST(epoch_us($1) // 1000000 AS DOUBLE) + CAST(epoch_us($1) % 1000000 AS DOUBLE) / 1e6)", c.Args)
}
