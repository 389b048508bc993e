package functions

import "github.com/scopsdb/scops/internal/sql/types"

// dateTexts read and write texts.
var dateTexts = []Function{
	{Name: "date", Doc: "CAST(x AS date).", Example: "date('2021-02-03')",
		Sigs: []Signature{
			{Text: "(varchar(x)) -> date", Emit: castEmission(types.DateType)},
			{Text: "(timestamp(p)) -> date", Emit: castEmission(types.DateType)},
			{Text: "(timestamp(p) with time zone) -> date", Emit: castEmission(types.DateType)},
			{Text: "(date) -> date", Emit: T("$1")},
		}},
	{Name: "from_iso8601_date", Doc: "Date of an ISO 8601 text.", Example: "from_iso8601_date('2021-02-03')",
		Sigs: []Signature{{Text: "(varchar(x)) -> date", Emit: T("(CASE WHEN regexp_full_match($1, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST($1 AS DATE) IS NOT NULL THEN CAST($1 AS DATE) ELSE " +
			mayFail("scops_iso_date", "$1") + " END)")}}},
	{Name: "to_iso8601", Doc: "ISO 8601 text.", Example: "to_iso8601(DATE '2021-02-03') = '2021-02-03'",
		Sigs: []Signature{
			{Text: "(date) -> varchar(16)", Emit: T(dateText("$1"))},
			{Text: "(timestamp(p)) -> varchar", Emit: isoText, Return: isoLength(isoWall)},
			{Text: "(timestamp(p) with time zone) -> varchar", Emit: isoText, Return: isoLength(isoInstant)},
		}},
	{Name: "date_format", Doc: "Text by a MySQL pattern.", Example: "date_format(x, '%Y-%m-%d')",
		Sigs: []Signature{
			{Text: "(timestamp(p), varchar(x)) -> varchar", Emit: formatDate(mysqlFormat, "scops_mysql")},
			{Text: "(timestamp(p) with time zone, varchar(x)) -> varchar", Emit: formatDate(mysqlFormat, "scops_mysql")},
		}},
	{Name: "format_datetime", Doc: "Text by a Joda pattern.", Example: "format_datetime(x, 'yyyy-MM-dd')",
		Sigs: []Signature{
			{Text: "(timestamp(p), varchar(x)) -> varchar", Emit: formatDate(jodaFormat, "scops_joda")},
			{Text: "(timestamp(p) with time zone, varchar(x)) -> varchar", Emit: formatZoned},
		}},
	{Name: "date_parse", Doc: "Time of a text by a MySQL pattern.", Example: "date_parse('2021-02-03', '%Y-%m-%d')",
		Sigs: []Signature{{Text: "(varchar(x), varchar(y)) -> timestamp(3)", Emit: parseDate}}},
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

// isoText writes the wall clock and, of a value with a zone, Z or its offset.
func isoText(c *Call) string {
	t := first(c)
	wall := local("$1", t)
	precision := sprint("%d", t.Precision)
	text := "scops_to_iso(" + wall + ", " + precision + ")"
	if f, ok := fractions[t.Precision]; ok {
		text = "(CASE WHEN " + plainYear(wall) + " THEN strftime(" + wall + ", '%Y-%m-%dT%H:%M:%S" + f + "') ELSE " + text + " END)"
	}
	if t.Kind != types.TimestampTZ {
		return expand(text, c.Args)
	}
	zone := mayFail("scops_iso_offset", offsetSeconds("$1", t))
	switch {
	case t.Zone == "":
		zone = "'Z'"
	case !isMixed(t) && (t.Zone[0] == '+' || t.Zone[0] == '-'):
		zone = quote(t.Zone)
	}
	return expand("("+text+" || "+zone+")", c.Args)
}
