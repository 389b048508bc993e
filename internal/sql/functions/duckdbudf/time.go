package duckdbudf

import (
	"database/sql/driver"
	"errors"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/scopsdb/scops/internal/sql/datetime"
	"github.com/scopsdb/scops/internal/sql/types"
)

var (
	timestamp   = plain(duckdb.TYPE_TIMESTAMP)    // time.Time, as all below but the last
	timestampTZ = plain(duckdb.TYPE_TIMESTAMP_TZ) // the instant
	date        = plain(duckdb.TYPE_DATE)
	interval    = plain(duckdb.TYPE_INTERVAL) // duckdb.Interval
)

// timeUDFs work on values with a zone of their own (types.Zoned, an
// INTERVAL), on zones that are no constants, and on patterns.
var timeUDFs = []udf{
	{name: "scops_fresh", in: in(interval), out: interval, volatile: true, run: func(a []driver.Value) (any, error) { return a[0], nil }},
	{name: "scops_zoned", fails: true, in: in(timestampTZ, text), out: interval, run: func(a []driver.Value) (any, error) {
		return carry(a[0].(time.Time), a[1].(string))
	}},
	{name: "scops_zoned_unixtime", fails: true, in: in(timestampTZ, text), out: interval, run: func(a []driver.Value) (any, error) {
		v, err := carry(a[0].(time.Time), a[1].(string))
		if err != nil {
			return nil, failure("NOT_SUPPORTED", "Time zone not supported: %s", a[1])
		}
		return v, nil
	}},
	{name: "scops_with_zone", fails: true, in: in(timestamp, text), out: interval, run: withZone},
	{name: "scops_instant", in: in(timestamp, text), out: timestampTZ, run: func(a []driver.Value) (any, error) {
		loc, err := location(a[1].(string))
		if err != nil {
			return nil, err
		}
		t, _ := datetime.FromLocal(a[0].(time.Time), loc)
		return t.UTC(), nil
	}},
	{name: "scops_instant_near", in: in(timestamp, timestampTZ, text), out: timestampTZ, run: func(a []driver.Value) (any, error) {
		loc, err := location(a[2].(string))
		if err != nil {
			return nil, err
		}
		return near(a[0].(time.Time), a[1].(time.Time), loc).UTC(), nil
	}},
	{name: "scops_like_zone", in: in(timestamp, interval), out: interval, run: func(a []driver.Value) (any, error) {
		like := zoned(a[1])
		t := like.Time()
		like.Micros = near(a[0].(time.Time), t, t.Location()).UnixMicro()
		return carried(like), nil
	}},
	{name: "scops_local", in: in(interval), out: timestamp, run: func(a []driver.Value) (any, error) {
		return wallOf(zoned(a[0]).Time()), nil
	}},
	{name: "scops_zone_name", in: in(interval), out: text, run: func(a []driver.Value) (any, error) {
		return zoned(a[0]).Time().Location().String(), nil
	}},
	{name: "scops_zone_seconds", in: in(timestampTZ, text), out: bigint, run: func(a []driver.Value) (any, error) {
		loc, err := location(a[1].(string))
		if err != nil {
			return nil, err
		}
		_, seconds := a[0].(time.Time).In(loc).Zone()
		return int64(seconds), nil
	}},
	{name: "scops_iso", fails: true, in: in(text), out: interval, run: parsed(datetime.ISO)},
	{name: "scops_iso_date", fails: true, in: in(text), out: date, run: func(a []driver.Value) (any, error) {
		t, err := datetime.ISODate(a[0].(string))
		if err == nil && (t.Year() > 5_000_000 || t.Year() < -5_000_000) {
			return nil, failure("GENERIC_INTERNAL_ERROR", "integer overflow")
		}
		return t, argument(err)
	}},
	{name: "scops_timestamp_tz", fails: true, in: in(text, integer), out: interval, run: timestampTZOf},
	{name: "scops_timestamp", fails: true, in: in(text, integer), out: timestamp, run: timestampOf},
	{name: "scops_date", fails: true, in: in(text), out: date, run: dateOf},
	{name: "scops_mysql", fails: true, in: in(timestamp, text), out: text, run: func(a []driver.Value) (any, error) {
		return formatTime(a[0].(time.Time), a[1].(string), mysqlPatterns)
	}},
	{name: "scops_joda", fails: true, in: in(timestamp, text), out: text, run: func(a []driver.Value) (any, error) {
		p, err := jodaPatterns.get(a[1].(string))
		if err == nil && p.NamesZone() {
			err = failure("INVALID_FUNCTION_ARGUMENT", "format_datetime for TIMESTAMP type, cannot use 'Z' nor 'z' in format, as this type does not contain TZ information")
		}
		if err != nil {
			return nil, err
		}
		return formatTime(a[0].(time.Time), a[1].(string), jodaPatterns)
	}},
	{name: "scops_joda_zoned", fails: true, in: in(timestampTZ, text, text), out: text, run: func(a []driver.Value) (any, error) {
		loc, err := location(a[1].(string))
		if err != nil {
			return nil, err
		}
		return formatTime(a[0].(time.Time).In(loc), a[2].(string), jodaPatterns)
	}},
	{name: "scops_date_parse", fails: true, in: in(text, text), out: timestamp, run: func(a []driver.Value) (any, error) {
		p, err := parseBy(a[0].(string), a[1].(string), mysqlPatterns)
		return p.Time, err
	}},
	{name: "scops_parse_datetime", fails: true, in: in(text, text), out: interval, run: func(a []driver.Value) (any, error) {
		p, err := parseBy(a[0].(string), a[1].(string), jodaPatterns)
		if err != nil {
			return nil, err
		}
		return carry(p.Time, zoneOrUTC(p.Zone))
	}},
	{name: "scops_parse_duration", fails: true, in: in(text), out: bigint, run: func(a []driver.Value) (any, error) {
		n, err := datetime.Duration(a[0].(string))
		return n, argument(err)
	}},
	{name: "scops_to_iso", in: in(timestamp, integer), out: text, run: func(a []driver.Value) (any, error) {
		return string(datetime.AppendISO(nil, a[0].(time.Time), int(a[1].(int32)))), nil
	}},
	{name: "scops_iso_offset", fails: true, in: in(bigint), out: text, run: isoOffset},
	{name: "scops_time_tz", fails: true, in: in(text, integer), out: interval, run: timeTZOf},
	{name: "scops_time", fails: true, in: in(text, integer), out: bigint, run: timeOf},
	{name: "scops_text", in: in(timestamp, integer), out: text, run: func(a []driver.Value) (any, error) {
		return timestampText(a[0].(time.Time), int(a[1].(int32))), nil
	}},
	{name: "scops_time_text", in: in(bigint, integer), out: text, run: func(a []driver.Value) (any, error) {
		s, _ := types.Text(types.TimeType(int(a[1].(int32))), time.Duration(a[0].(int64))*time.Microsecond)
		return s, nil
	}},
	{name: "scops_time_tz_text", in: in(interval, integer), out: text, run: func(a []driver.Value) (any, error) {
		s, _ := types.Text(types.TimeTZType(int(a[1].(int32))), zoned(a[0]).TimeOfDay())
		return s, nil
	}},
}

func zoned(v driver.Value) types.Zoned {
	i := v.(duckdb.Interval)
	return types.Zoned{Months: i.Months, Days: i.Days, Micros: i.Micros}
}

func carried(z types.Zoned) duckdb.Interval {
	return duckdb.Interval{Months: z.Months, Days: z.Days, Micros: z.Micros}
}

// argument is INVALID_FUNCTION_ARGUMENT with the text of an error, or nil.
func argument(err error) error {
	var no datetime.Unsupported
	switch {
	case err == nil:
		return nil
	case errors.As(err, &no):
		return failure("NOT_SUPPORTED", "%s", err)
	}
	return failure("INVALID_FUNCTION_ARGUMENT", "%s", err)
}

func location(zone string) (*time.Location, error) {
	loc, err := types.LoadZone(zone)
	if zone == "" {
		return nil, failure("GENERIC_INTERNAL_ERROR", "Zone id is an empty string")
	}
	return loc, argument(err)
}

func zoneOrUTC(zone string) string {
	if zone == "" {
		return "UTC"
	}
	return zone
}

// carry makes the carried form of an instant in a zone by any of its names.
func carry(t time.Time, zone string) (any, error) {
	if zone == "" {
		return nil, failure("GENERIC_INTERNAL_ERROR", "Zone id is an empty string")
	}
	normal, err := types.NormalZone(zone)
	if err != nil {
		return nil, argument(err)
	}
	number, err := types.ZoneNumber(normal)
	if err != nil {
		return nil, argument(err)
	}
	return carried(types.NewZoned(t.UnixMicro(), number)), nil
}

func withZone(a []driver.Value) (any, error) {
	loc, err := location(a[1].(string))
	if err != nil {
		return nil, err
	}
	t, _ := datetime.FromLocal(a[0].(time.Time), loc)
	return carry(t, a[1].(string))
}

// near is the instant of a wall clock, with the offset of another instant where
// that holds then.
func near(wall, other time.Time, loc *time.Location) time.Time {
	_, offset := other.In(loc).Zone()
	t := wall.Add(-time.Duration(offset) * time.Second).In(loc)
	if _, have := t.Zone(); have == offset {
		return t
	}
	t, _ = datetime.FromLocal(wall, loc)
	return t
}

// wallOf is the wall clock of a time in its zone, carried as UTC.
func wallOf(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.Add(time.Duration(offset) * time.Second).UTC()
}

func parsed(read func(string) (datetime.Parsed, error)) func([]driver.Value) (any, error) {
	return func(a []driver.Value) (any, error) {
		p, err := read(a[0].(string))
		if err != nil {
			return nil, argument(err)
		}
		return carry(p.Time, zoneOrUTC(p.Zone))
	}
}

// patterns are compiled patterns of one kind.
type patterns struct {
	compile func(string) (*datetime.Pattern, error)
	known   cache[*datetime.Pattern]
}

var (
	mysqlPatterns = &patterns{compile: datetime.MySQL}
	jodaPatterns  = &patterns{compile: datetime.Joda}
)

func (p *patterns) get(pattern string) (*datetime.Pattern, error) {
	c, err := p.known.get(pattern, p.compile)
	return c, argument(err)
}

func formatTime(t time.Time, pattern string, known *patterns) (any, error) {
	p, err := known.get(pattern)
	if err != nil {
		return nil, err
	}
	s, err := p.Format(t)
	return s, argument(err)
}

func parseBy(text, pattern string, known *patterns) (datetime.Parsed, error) {
	p, err := known.get(pattern)
	if err != nil {
		return datetime.Parsed{}, err
	}
	out, err := p.Parse(text)
	return out, argument(err)
}
