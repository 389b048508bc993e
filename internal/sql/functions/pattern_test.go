package functions

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTranslatePattern(t *testing.T) {
	for java, re2 := range map[string]string{
		`\d+`:         `[0-9]+`,
		`[\w.-]`:      `[0-9A-Za-z_.-]`,
		`\S`:          `[^\t\n\v\f\r ]`,
		`(?<year>\d)`: `(?P<year>[0-9])`,
		`\Qa.b\E+`:    `a\.b+`,
		`(?i)abc`:     `(?i)abc`,
		`a{2,3}?`:     `a{2,3}?`,
		`한\.글`:        `한\.글`,
		`[^\[\]]`:     `[^\[\]]`,
	} {
		got, err := translatePattern(java)
		require.NoError(t, err, java)
		require.Equal(t, re2, got.re2)
	}
	for _, java := range []string{
		`(?=a)`, `(?<!a)`, `(?>a)`, `a++`, `a{2}+`, `(a)\1`, `[a[b]]`, `[a&&b]`, `(?m)^a`, `(?x)a`, `a{,3}`, `\h`, `\R`, `\Z`, `[`, `(`, `\`, `[]a]`, `[\W]`, `\k<a>`, `\07`, `\p{L}`,
	} {
		_, err := translatePattern(java)
		require.Error(t, err, java)
	}
}

// FuzzTranslatePattern wants what is let through to be a regular expression.
func FuzzTranslatePattern(f *testing.F) {
	for _, s := range []string{`\d+(?<a>x)`, `[\w-]`, `\Q.\E`, `a$`, `(?i)b|c`, `\x{41}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := translatePattern(s)
		if err != nil {
			return
		}
		re, err := regexp.Compile(got.re2)
		require.NoError(t, err)
		require.Equal(t, got.groups, re.NumSubexp())
	})
}

func TestDateFormats(t *testing.T) {
	for mysql, want := range map[string]string{"%Y-%m-%d": "%Y-%m-%d", "%H:%i:%s": "%H:%M:%S", "%c/%e": "%-m/%-d", "100%%": "100%%", "한%Y": "한%Y"} {
		got, ok := mysqlFormat(mysql)
		require.True(t, ok)
		require.Equal(t, want, got)
	}
	for _, mysql := range []string{"%D", "%U", "%V", "%w", "%X", "%q", "%", ""} {
		_, ok := mysqlFormat(mysql)
		require.False(t, ok, mysql)
	}
	for joda, want := range map[string]string{"yyyy-MM-dd": "%Y-%m-%d", "HH:mm:ss": "%H:%M:%S", "100%": "100%%"} {
		got, ok := jodaFormat(joda)
		require.True(t, ok)
		require.Equal(t, want, got)
	}
	for _, joda := range []string{"G", "ZZ", "SSSS", "'abc", "HH'h'mm", "yyyyy", "'a''b'"} {
		_, ok := jodaFormat(joda)
		require.False(t, ok, joda)
	}
}

// TestEveryEngineErrorMatches keeps the table of DuckDB's errors free of rows
// that an earlier one hides.
func TestEveryEngineErrorMatches(t *testing.T) {
	for message, want := range map[string]string{
		"Out of Range Error: Overflow in multiplication of DECIMAL(18) (1 * 2)":                                                                       "Decimal overflow",
		"Conversion Error: Type DOUBLE with value nan can't be cast because the value is out of range for the destination type INT32":                 "Cannot cast double NaN to integer",
		"Conversion Error: Type INT64 with value 3000000000 can't be cast because the value is out of range for the destination type INT32":           "Out of range for integer: 3000000000",
		"Conversion Error: Type INT128 with value 9223372036854775808 can't be cast because the value is out of range for the destination type INT64": "bigint addition overflow: 9223372036854775808",
		"Conversion Error: Could not convert string 'abc' to INT32":                                                                                   "Cannot cast 'abc' to INT",
		`Conversion Error: date field value out of range: "2021-02-30"`:                                                                               "Value cannot be cast to date: 2021-02-30",
		"Out of Range Error: STDDEV_SAMP is out of range!":                                                                                            "STDDEV_SAMP of values that are not finite is not supported",
		`Invalid Input Error: Could not parse string "a" according to format specifier "%Y"`:                                                          `Invalid format: "a"`,
	} {
		_, text, ok := ParseError(message)
		require.True(t, ok, message)
		require.Equal(t, want, text)
	}
}
