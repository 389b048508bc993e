package functions

const dateFamily = "date and time"

var dates = append(append(append([]Function{
	now("current_date", "Today, in UTC.", "date", "CAST(timezone('UTC', now()) AS DATE)"),
	now("current_timestamp", "The time at which the query started.", "timestamp(3) with time zone", "date_trunc('millisecond', now())", "now"),
	now("localtimestamp", "The time at which the query started, as a wall clock in UTC.", "timestamp(3)", "date_trunc('millisecond', timezone('UTC', now()))"),
	{Name: "last_day_of_month", Doc: "Last day of the month.", Example: "last_day_of_month(DATE '2021-02-03')",
		Sigs: perDate("date", func(c *Call) string { return "last_day(CAST(" + local(c.Args[0], first(c)) + " AS DATE))" })},
	{Name: "date_trunc", Doc: "Start of the unit: millisecond … year.", Example: "date_trunc('month', DATE '2021-02-03')",
		Sigs: unitSignatures("(varchar(x), %) -> %", truncate, 1)},
	{Name: "date_add", Doc: "Adds units: millisecond … year.", Example: "date_add('day', 1, DATE '2021-02-03')",
		Sigs: unitSignatures("(varchar(x), bigint, %) -> %", addUnits, 2)},
	{Name: "date_diff", Doc: "Whole units from the first time to the second.", Example: "date_diff('day', DATE '2021-02-03', DATE '2021-02-05') = 2",
		Sigs: unitSignatures("(varchar(x), %, %) -> bigint", diffUnits, 1)},
	{Name: "to_milliseconds", Doc: "Milliseconds of an interval.", Example: "to_milliseconds(INTERVAL '1' SECOND) = 1000",
		Sigs: []Signature{{Text: "(interval day to second) -> bigint", Emit: T("$1")}}},
	{Name: "parse_duration", Doc: "Interval of a text as 1.5m; the units are ns, us, ms, s, m, h and d.", Example: "parse_duration('1.5m')",
		Sigs: []Signature{{Text: "(varchar(x)) -> interval day to second", Emit: func(c *Call) string { return mayFail("scops_parse_duration", c.Args...) }}}},
}, dateFields...), zoneFunctions...), dateTexts...)

// dateFields are the parts of dates, times and intervals.
var dateFields = []Function{
	field("year", "Year; of an interval its whole years.", "year(%)", yearMonthPart("($1 // 12)")),
	field("quarter", "Quarter, 1 to 4.", "quarter(%)", nil),
	field("month", "Month, 1 to 12; of an interval those beyond its years.", "month(%)", yearMonthPart("($1 % 12)")),
	field("week", "Week of the ISO year, 1 to 53.", "week(%)", nil, "week_of_year"),
	field("year_of_week", "ISO year of the week.", "isoyear(%)", nil, "yow"),
	field("day", "Day of the month; of an interval its whole days.", "day(%)", daySecondPart("($1 // 86400000)"), "day_of_month"),
	field("day_of_week", "Day of the week, 1 Monday to 7 Sunday.", "isodow(%)", nil, "dow"),
	field("day_of_year", "Day of the year.", "dayofyear(%)", nil, "doy"),
	clock("hour", "Hour, 0 to 23.", "hour(%)", 3_600_000_000, 24),
	clock("minute", "Minute, 0 to 59.", "minute(%)", 60_000_000, 60),
	clock("second", "Second, 0 to 59.", "CAST(floor(second(%)) AS BIGINT)", 1_000_000, 60),
	clock("millisecond", "Millisecond of the second.", "(millisecond(%) % 1000)", 1000, 1000),
	{Name: "timezone_hour", Doc: "Whole hours of the zone's offset.", Example: "timezone_hour(from_unixtime(0)) = 0",
		Sigs: offsetPart("($1 // 3600)", "(scops_offset($1) // 60)")},
	{Name: "timezone_minute", Doc: "Minutes of the zone's offset beyond its hours, with its sign.", Example: "timezone_minute(from_unixtime(0)) = 0",
		Sigs: offsetPart("($1 // 60 % 60)", "(scops_offset($1) % 60)")},
}

func now(name, doc, result, sql string, aliases ...string) Function {
	return Function{Name: name, Aliases: aliases, Doc: doc, Example: name,
		Sigs: []Signature{{Text: "() -> " + result, Emit: T(sql)}}}
}

// perDate are the signatures of a function of a date or timestamp.
func perDate(result string, emit Emission) []Signature {
	return []Signature{
		{Text: "(date) -> " + result, Emit: emit},
		{Text: "(timestamp(p)) -> " + result, Emit: emit},
		{Text: "(timestamp(p) with time zone) -> " + result, Emit: emit},
	}
}

// field is a part of a date; % stands for the wall clock. It is also a part of an
// interval, unless that is nil.
func field(name, doc, template string, ofInterval *Signature, aliases ...string) Function {
	f := Function{Name: name, Aliases: aliases, Doc: doc, Example: name + "(DATE '2021-02-03')", Sigs: perDate("bigint", partOf(template))}
	if ofInterval != nil {
		f.Sigs = append(f.Sigs, *ofInterval)
	}
	return f
}

func yearMonthPart(template string) *Signature {
	return &Signature{Text: "(interval year to month) -> bigint", Emit: T("CAST(" + template + " AS BIGINT)")}
}

func daySecondPart(template string) *Signature {
	return &Signature{Text: "(interval day to second) -> bigint", Emit: T(template)}
}

// clock is a part of a time of day, in units of so many microseconds of which so
// many make the next.
func clock(name, doc, template string, micros, count int64) Function {
	part := func(of string, unit int64) string { return sprint("("+of+" // %d %% %d)", unit, count) }
	return Function{Name: name, Doc: doc, Example: name + "(TIMESTAMP '2021-02-03 04:05:06')",
		Sigs: append(perDate("bigint", partOf(template))[1:],
			Signature{Text: "(time(p)) -> bigint", Emit: T(part("epoch_us($1)", micros))},
			Signature{Text: "(time(p) with time zone) -> bigint", Emit: T(part("scops_time_of_day($1)", micros))},
			*daySecondPart(part("$1", micros/1000)),
		)}
}

// offsetPart is a part of the offset, of its seconds or of a time with one.
func offsetPart(ofSeconds, ofTime string) []Signature {
	return []Signature{
		{Text: "(timestamp(p) with time zone) -> bigint", Emit: func(c *Call) string {
			return expand(ofSeconds, []string{offsetSeconds(c.Args[0], first(c))})
		}},
		{Text: "(time(p) with time zone) -> bigint", Emit: T(ofTime)},
	}
}

// partOf fills the wall clock in where a bracket opens before %.
func partOf(template string) Emission {
	return func(c *Call) string {
		wall := local(c.Args[0], first(c))
		out := ""
		for i := 0; i < len(template); i++ {
			if template[i] == '%' && i > 0 && template[i-1] == '(' {
				out += wall
				continue
			}
			out += template[i : i+1]
		}
		return out
	}
}
