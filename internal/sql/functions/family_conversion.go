package functions

const conversionFamily = "conversion"

var conversions = []Function{
	{Name: "format", OwnNulls: true, Doc: "Formats values as Java's Formatter does.", Example: "format('%s %05d', 'a', 42) = 'a 00042'",
		Sigs: []Signature{{Text: "(varchar, varchar, varchar...) -> varchar", Emit: T("scops_format($*)")}}},
	{Name: "format_number", Doc: "Three digits of a number and a unit: K, M, B, T or Q.", Example: "format_number(1234567) = '1.23M'",
		Sigs: []Signature{
			{Text: "(bigint) -> varchar", Emit: T("scops_format_number($1)")},
			{Text: "(double) -> varchar", Emit: T("scops_format_number(CASE WHEN isnan($1) THEN 0 WHEN $1 >= 9223372036854775807 THEN 9223372036854775807 WHEN $1 <= -9223372036854775808 THEN -9223372036854775808 ELSE CAST(trunc($1) AS BIGINT) END)")},
		}},
	{Name: "parse_data_size", Aliases: []string{"parse_presto_data_size"}, Doc: "Bytes of a size with a unit from B to YB, powers of 1024.", Example: "parse_data_size('2.5kB') = 2560",
		Sigs: []Signature{{Text: "(varchar(x)) -> decimal(38,0)", Emit: T("CAST(scops_data_size($1) AS DECIMAL(38,0))")}}},
	{Name: "human_readable_seconds", Doc: "Weeks, days, hours, minutes and seconds of a number of seconds.", Example: "human_readable_seconds(96) = '1 minute, 36 seconds'",
		Sigs: []Signature{{Text: "(double) -> varchar", Emit: T("scops_human_seconds($1)")}}},
	{Name: "to_base", Doc: "Digits of a number in a base from 2 to 36.", Example: "to_base(255, 16) = 'ff'",
		Sigs: []Signature{{Text: "(bigint, bigint) -> varchar(64)", Emit: T("scops_to_base($1, $2)")}}},
	{Name: "from_base", Doc: "Number of digits in a base from 2 to 36.", Example: "from_base('ff', 16) = 255",
		Sigs: []Signature{{Text: "(varchar(x), bigint) -> bigint", Emit: T("scops_from_base($1, $2)")}}},
}
