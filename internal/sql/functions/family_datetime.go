package functions

import (
	"github.com/scopsdb/scops/internal/sql/types"
)

const dateFamily = "date and time"

var dates = []Function{
	{Name: "date", Doc: "CAST(x AS date).", Example: "date('2021-02-03')",
		Sigs: []Signature{
			{Text: "(varchar(x)) -> date", Emit: castEmission(types.DateType)},
			{Text: "(timestamp(p)) -> date", Emit: castEmission(types.DateType)},
			{Text: "(timestamp(p) with time zone) -> date", Emit: castEmission(types.DateType), Check: known(0)},
			{Text: "(date) -> date", Emit: T("$1")},
		}},
	now("current_date", "Today, in UTC.", "date", "CAST(timezone('UTC', now()) AS DATE)"),
	now("current_timestamp", "The time at which the query started.", "timestamp(3) with time zone", "date_trunc('millisecond', now())", "now"),
	now("localtimestamp", "The time at which the query started, as a wall clock in UTC.", "timestamp(3)", "date_trunc('millisecond', timezone('UTC', now()))"),
	{Name: "from_unixtime", Doc: "Time of seconds since 1970, in UTC or the given zone.", Example: "from_unixtime(0)",
		Sigs: []Signature{
			{Text: "(double) -> timestamp(3) with time zone", Emit: T(fromUnixtime)},
			{Text: "(double, varchar(x)) -> timestamp(3) with time zone", Emit: T(fromUnixtime), Check: constantZone, Return: inZone},
		}},
	{Name: "to_unixtime", Doc: "Seconds since 1970.", Example: "to_unixtime(from_unixtime(1.5)) = 1.5",
		Sigs: []Signature{
			{Text: "(timestamp(p)) -> double", Emit: T("(CAST(epoch_us($1) AS DOUBLE) / 1e6)")},
			{Text: "(timestamp(p) with time zone) -> double", Emit: T("(CAST(epoch_us($1) AS DOUBLE) / 1e6)")},
		}},
	{Name: "from_iso8601_date", Doc: "Date of a text yyyy-mm-dd.", Example: "from_iso8601_date('2021-02-03')",
		Sigs: []Signature{{Text: "(varchar(x)) -> date", Emit: T("(CASE WHEN regexp_full_match($1, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN CAST($1 AS DATE) WHEN $1 IS NOT NULL THEN " +
			raiseWith(invalidArgument, "Invalid format: \"%s\"", "$1") + " END)")}}},
	{Name: "from_iso8601_timestamp", Doc: "Time of an ISO 8601 text in UTC; another offset is refused.", Example: "from_iso8601_timestamp('2021-02-03T04:05:06Z')",
		Sigs: []Signature{{Text: "(varchar(x)) -> timestamp(3) with time zone", Emit: T(fromISO)}}},
	{Name: "to_iso8601", Doc: "ISO 8601 text.", Example: "to_iso8601(DATE '2021-02-03') = '2021-02-03'",
		Sigs: []Signature{
			{Text: "(date) -> varchar(16)", Emit: T("CAST($1 AS VARCHAR)")},
			{Text: "(timestamp(p)) -> varchar", Emit: isoText(""), Check: isoPrecision, Return: isoLength(isoWall)},
			{Text: "(timestamp(p) with time zone) -> varchar", Emit: isoText("Z"), Check: both(isoPrecision, inUTC), Return: isoLength(isoInstant)},
		}},
	{Name: "at_timezone", Doc: "The same instant, shown in another zone (AT TIME ZONE).", Example: "at_timezone(x, 'Asia/Seoul')",
		Sigs: []Signature{{Text: "(timestamp(p) with time zone, varchar(x)) -> timestamp(p) with time zone", Emit: T("$1"), Check: constantZone, Return: inZone}}},
	{Name: "with_timezone", Doc: "A wall clock as an instant in a zone.", Example: "with_timezone(TIMESTAMP '2021-02-03 00:00:00', 'Asia/Seoul')",
		Sigs: []Signature{{Text: "(timestamp(p), varchar(x)) -> timestamp(p) with time zone", Check: constantZone, Return: inZone,
			Emit: func(c *Call) string { return fromLocal(c.Return.Zone, c.Args[0]) }}}},
	{Name: "last_day_of_month", Doc: "Last day of the month.", Example: "last_day_of_month(DATE '2021-02-03')",
		Sigs: perTime("date", func(c *Call) string { return "last_day(CAST(" + local(c.Args[0], first(c)) + " AS DATE))" })},
	field("year", "Year.", "year(%)"),
	field("quarter", "Quarter, 1 to 4.", "quarter(%)"),
	field("month", "Month, 1 to 12.", "month(%)"),
	field("week", "Week of the ISO year, 1 to 53.", "week(%)", "week_of_year"),
	field("year_of_week", "ISO year of the week.", "isoyear(%)", "yow"),
	field("day", "Day of the month.", "day(%)", "day_of_month"),
	field("day_of_week", "Day of the week, 1 Monday to 7 Sunday.", "isodow(%)", "dow"),
	field("day_of_year", "Day of the year.", "dayofyear(%)", "doy"),
	clock("hour", "Hour, 0 to 23.", "hour(%)"),
	clock("minute", "Minute, 0 to 59.", "minute(%)"),
	clock("second", "Second, 0 to 59.", "CAST(floor(second(%)) AS BIGINT)"),
	clock("millisecond", "Millisecond of the second.", "(millisecond(%) % 1000)"),
	{Name: "date_trunc", Doc: "Start of the unit: millisecond … year.", Example: "date_trunc('month', DATE '2021-02-03')",
		Sigs: unitSignatures("(varchar(x), %) -> %", truncate, 1)},
	{Name: "date_add", Doc: "Adds units: millisecond … year.", Example: "date_add('day', 1, DATE '2021-02-03')",
		Sigs: unitSignatures("(varchar(x), bigint, %) -> %", addUnits, 2)},
	{Name: "date_diff", Doc: "Whole units from the first time to the second.", Example: "date_diff('day', DATE '2021-02-03', DATE '2021-02-05') = 2",
		Sigs: unitSignatures("(varchar(x), %, %) -> bigint", diffUnits, 1)},
	{Name: "date_format", Doc: "Text by a MySQL pattern.", Example: "date_format(x, '%Y-%m-%d')",
		Sigs: []Signature{
			{Text: "(timestamp(p), varchar(x)) -> varchar", Emit: formatDate(mysqlFormat), Check: constantFormat(mysqlFormat)},
			{Text: "(timestamp(p) with time zone, varchar(x)) -> varchar", Emit: formatDate(mysqlFormat), Check: both(known(0), constantFormat(mysqlFormat))},
		}},
	{Name: "format_datetime", Doc: "Text by a Joda pattern of plain fields (yyyy MM dd HH mm ss SSS …).", Example: "format_datetime(x, 'yyyy-MM-dd')",
		Sigs: []Signature{
			{Text: "(timestamp(p), varchar(x)) -> varchar", Emit: formatDate(jodaFormat), Check: constantFormat(jodaFormat)},
			{Text: "(timestamp(p) with time zone, varchar(x)) -> varchar", Emit: formatDate(jodaFormat), Check: both(known(0), constantFormat(jodaFormat))},
		}},
	{Name: "date_parse", Doc: "Time of a text by a MySQL pattern.", Example: "date_parse('2021-02-03', '%Y-%m-%d')",
		Sigs: []Signature{{Text: "(varchar(x), varchar(y)) -> timestamp(3)", Emit: parseDate, Check: constantParse}}},
	{Name: "to_milliseconds", Doc: "Milliseconds of an interval.", Example: "to_milliseconds(INTERVAL '1' SECOND) = 1000",
		Sigs: []Signature{{Text: "(interval day to second) -> bigint", Emit: T("$1")}}},
}

// The lengths that Trino gives to to_iso8601 without a fraction.
const (
	isoWall    = 22
	isoInstant = 28
)

// isoLength is the type of to_iso8601: room for the fraction and its point.
func isoLength(n int) func(*Call) types.Type {
	return func(c *Call) types.Type {
		if p := c.Types[0].Precision; p > 0 {
			return types.VarcharType(n + 1 + p)
		}
		return types.VarcharType(n)
	}
}

const fromUnixtime = "make_timestamptz(CAST(floor($1 * 1000 + 0.5) AS BIGINT) * 1000)"

var fromISO = "(CASE WHEN regexp_full_match($1, '[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+-]00:?00)?)?') THEN" +
	" date_trunc('millisecond', timezone('UTC', CAST(regexp_replace($1, '(Z|[+-]00:?00)$', '') AS TIMESTAMP)))" +
	" WHEN regexp_full_match($1, '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]+[+-][0-9]{2}:?[0-9]{2}') THEN " +
	raiseWith(notSupported, "from_iso8601_timestamp of a text with an offset other than UTC: %s", "$1") +
	" WHEN $1 IS NOT NULL THEN " + raiseWith(invalidArgument, "Invalid format: \"%s\"", "$1") + " END)"

func now(name, doc, result, sql string, aliases ...string) Function {
	return Function{Name: name, Aliases: aliases, Doc: doc, Example: name,
		Sigs: []Signature{{Text: "() -> " + result, Emit: T(sql)}}}
}

// castEmission emits a cast of the argument.
func castEmission(to types.Type) Emission {
	return func(c *Call) string {
		r, err := cast(c.Types[0], to, false)
		if err != nil {
			panic("functions: " + err.Error()) // the signature allows only what can be cast
		}
		return r.Emit(c.Args[0])
	}
}

// perTime are the signatures of a function of a date or timestamp.
func perTime(result string, emit Emission) []Signature {
	return []Signature{
		{Text: "(date) -> " + result, Emit: emit},
		{Text: "(timestamp(p)) -> " + result, Emit: emit},
		{Text: "(timestamp(p) with time zone) -> " + result, Emit: emit, Check: known(0)},
	}
}

// field is a part of a date; % stands for the wall clock.
func field(name, doc, template string, aliases ...string) Function {
	return Function{Name: name, Aliases: aliases, Doc: doc, Example: name + "(DATE '2021-02-03')",
		Sigs: perTime("bigint", partOf(template))}
}

// clock is a part of a time of day.
func clock(name, doc, template string) Function {
	return Function{Name: name, Doc: doc, Example: name + "(TIMESTAMP '2021-02-03 04:05:06')",
		Sigs: perTime("bigint", partOf(template))[1:]}
}

func partOf(template string) Emission {
	return func(c *Call) string {
		wall := local(c.Args[0], first(c))
		out := ""
		for i := 0; i < len(template); i++ {
			if template[i] == '%' && (i == 0 || template[i-1] == '(') {
				out += wall
				continue
			}
			out += template[i : i+1]
		}
		return out
	}
}

// constantZone wants a constant, valid zone as the second argument.
func constantZone(c *Call) *Error {
	if err := needConstant(c, 1, "time zone"); err != nil {
		return err
	}
	if _, err := types.LoadZone(constText(c, 1)); err != nil || constText(c, 1) == "" {
		return &Error{Name: invalidArgument, Message: "'" + constText(c, 1) + "' is not a valid time zone", Arg: 1}
	}
	return nil
}

// inZone is the result type with the zone of the second argument.
func inZone(c *Call) types.Type {
	t := c.Return
	if t.Zone = constText(c, 1); t.Zone == "UTC" || t.Zone == "+00:00" {
		t.Zone = ""
	}
	return t
}

func isoPrecision(c *Call) *Error {
	if _, ok := fractions[first(c).Precision]; !ok {
		return refuse(notSupported, "to_iso8601 of %s is not supported", first(c))
	}
	return nil
}

func inUTC(c *Call) *Error {
	if first(c).Zone != "" {
		return refuse(notSupported, "to_iso8601 is supported in UTC only")
	}
	return nil
}

func isoText(suffix string) Emission {
	return func(c *Call) string {
		format := "%Y-%m-%dT%H:%M:%S" + fractions[first(c).Precision] + suffix
		return "strftime(" + local(c.Args[0], first(c)) + ", " + quote(format) + ")"
	}
}
