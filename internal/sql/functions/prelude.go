package functions

// Prelude is the SQL to run once in each DuckDB instance, before emitted SQL.
func Prelude() []string { return append([]string(nil), prelude...) }

var prelude = []string{
	"SET GLOBAL TimeZone = 'UTC'",
	"SET GLOBAL order_by_non_integer_literal = true", // a constant key orders nothing
	"SET GLOBAL Calendar = 'gregorian'",
	"SET GLOBAL default_null_order = 'nulls_last'",
	"SET GLOBAL integer_division = false",
	// An error inside TRY, of a type that fits any other; DuckDB's error() may not
	// stand there. In a CASE the condition would be computed beforehand.
	`CREATE OR REPLACE MACRO scops_failed(m) AS list_extract([NULL], CAST(scops_fail(m) AS INTEGER))`,
	// An error that TRY does not catch, left out; see Try.
	`CREATE OR REPLACE MACRO scops_null(m) AS NULL`,
	// Quotient of two HUGEINT rounded half away from zero; the divisor is not 0.
	`CREATE OR REPLACE MACRO scops_divide(n, d) AS
		(n // d) + CASE WHEN abs(n % d) >= abs(d) - abs(n % d) THEN CASE WHEN (n < 0) = (d < 0) THEN 1 ELSE -1 END ELSE 0 END`,
	// Whether a LIKE pattern has its escape character before an ordinary one.
	`CREATE OR REPLACE MACRO scops_bad_like(p, e) AS
		contains(replace(replace(replace(p, e || e, ''), e || '%', ''), e || '_', ''), e)`,
	// A value with a zone of its own; see types.Zoned.
	`CREATE OR REPLACE MACRO scops_carried(micros, zone) AS
		to_months(CAST(-1000000 - zone AS INTEGER)) + to_days(CAST(30 * (1000000 + zone) AS INTEGER)) + to_microseconds(micros)`,
	// Microseconds of a day, of microseconds that may be below or beyond it.
	`CREATE OR REPLACE MACRO scops_of_day(micros) AS (micros % 86400000000 + 86400000000) % 86400000000`,
	`CREATE OR REPLACE MACRO scops_clock(micros) AS CAST(make_timestamp(micros) AS TIME)`,
	// Offset in minutes and local microseconds of a time with time zone.
	`CREATE OR REPLACE MACRO scops_offset(x) AS CAST(datepart('day', x) // 30 - 1000000 AS BIGINT)`,
	`CREATE OR REPLACE MACRO scops_time_of_day(x) AS scops_of_day(epoch_us(x) + scops_offset(x) * 60000000)`,
	// Microseconds rounded half up to a unit.
	`CREATE OR REPLACE MACRO scops_round_micros(x, unit) AS
		((x + unit // 2) - ((x + unit // 2) % unit + unit) % unit)`,
	// Java's logarithm, which fails for no number.
	`CREATE OR REPLACE MACRO scops_ln(x) AS
		CASE WHEN x > 0 THEN ln(x) WHEN x = 0 THEN CAST('-inf' AS DOUBLE) WHEN x < 0 THEN CAST('nan' AS DOUBLE) END`,
	// x rounded half away from zero at 1 / f, as Java rounds to a long: what is
	// beyond one stays as it is.
	`CREATE OR REPLACE MACRO scops_round(x, f) AS
		CASE WHEN f IS NULL THEN NULL WHEN x = 0 THEN CAST(0 AS DOUBLE) / f * f WHEN NOT isfinite(x) THEN x WHEN abs(x * f) < 9223372036854775807 THEN round(x * f) / f ELSE x END`,
	// Bucket of x among n between two ascending bounds.
	`CREATE OR REPLACE MACRO scops_bucket(x, low, high, n) AS
		CASE WHEN x < low THEN 0 WHEN x >= high THEN n + 1 ELSE CAST(trunc(n * (x - low) / (high - low)) AS BIGINT) + 1 END`,
}
