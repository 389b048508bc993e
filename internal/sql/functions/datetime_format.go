package functions

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// formatter turns a pattern into one of strftime; false where a function in Go
// must write it.
type formatter func(pattern string) (string, bool)

// mysqlFields are the fields of date_format in strftime's.
var mysqlFields = map[byte]string{
	'a': "%a", 'b': "%b", 'c': "%-m", 'd': "%d", 'e': "%-d", 'f': "%g000", 'H': "%H", 'h': "%I",
	'I': "%I", 'i': "%M", 'j': "%j", 'k': "%-H", 'l': "%-I", 'M': "%B", 'm': "%m", 'p': "%p",
	'r': "%I:%M:%S %p", 'S': "%S", 's': "%S", 'T': "%H:%M:%S", 'v': "%V", 'W': "%A", 'x': "%G",
	'Y': "%Y", 'y': "%y", '%': "%%",
}

func mysqlFormat(pattern string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' {
			b.WriteByte(pattern[i])
			continue
		}
		i++
		if i == len(pattern) {
			return "", false
		}
		field, ok := mysqlFields[pattern[i]]
		if !ok {
			return "", false
		}
		b.WriteString(field)
	}
	return b.String(), pattern != ""
}

// jodaFields are the runs of letters of format_datetime that mean the same in
// strftime.
var jodaFields = map[string]string{
	"yyyy": "%Y", "YYYY": "%Y", "yy": "%y", "MM": "%m", "M": "%-m", "MMM": "%b", "MMMM": "%B",
	"dd": "%d", "d": "%-d", "DDD": "%j", "EEE": "%a", "E": "%a", "EEEE": "%A", "HH": "%H", "H": "%-H",
	"hh": "%I", "h": "%-I", "mm": "%M", "m": "%-M", "ss": "%S", "s": "%-S", "SSS": "%g", "a": "%p",
	"xxxx": "%G", "ww": "%V",
}

func jodaFormat(pattern string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(pattern); {
		c := pattern[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			end := i
			for end < len(pattern) && pattern[end] == c {
				end++
			}
			field, ok := jodaFields[pattern[i:end]]
			if !ok {
				return "", false
			}
			b.WriteString(field)
			i = end
		case c == '\'':
			return "", false
		case c == '%':
			b.WriteString("%%")
			i++
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String(), pattern != ""
}

// formatDate writes the wall clock, rounded to milliseconds as Trino does: with
// strftime where that does the same, else with a function in Go.
func formatDate(f formatter, function string) Emission {
	return func(c *Call) string {
		wall := roundTime(local(c.Args[0], first(c)), first(c).Precision, 3)
		pattern, isText := c.Consts[1].(string)
		if format, ok := f(pattern); ok && isText && c.IsConst[1] {
			return expand("(CASE WHEN "+plainYear("$1")+" THEN strftime($1, "+quote(format)+") ELSE "+mayFail(function, "$1", "$2")+" END)",
				[]string{wall, c.Args[1]})
		}
		return mayFail(function, wall, c.Args[1])
	}
}

// formatZoned is format_datetime of values with zones, which a pattern can name.
func formatZoned(c *Call) string {
	pattern, isText := c.Consts[1].(string)
	if _, ok := jodaFormat(pattern); ok && isText && c.IsConst[1] {
		return formatDate(jodaFormat, "scops_joda")(c)
	}
	at := roundTime(instant(c.Args[0], first(c)), first(c).Precision, 3)
	return mayFail("scops_joda_zoned", at, zoneText(c.Args[0], first(c)), c.Args[1])
}

// parseFields are the fields that date_parse takes, with the text that each
// reads.
var parseFields = map[byte]struct{ strptime, text string }{
	'Y': {"%Y", `[0-9]{4}`}, 'm': {"%m", `[0-9]{1,2}`}, 'c': {"%m", `[0-9]{1,2}`},
	'd': {"%d", `[0-9]{1,2}`}, 'e': {"%d", `[0-9]{1,2}`}, 'H': {"%H", `[0-9]{1,2}`}, 'k': {"%H", `[0-9]{1,2}`},
	'i': {"%M", `[0-9]{1,2}`}, 's': {"%S", `[0-9]{1,2}`}, 'S': {"%S", `[0-9]{1,2}`},
	'T': {"%H:%M:%S", `[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}`}, 'f': {"%f", `[0-9]{1,6}`}, '%': {"%%", "%"},
}

// parseFormat gives strptime's pattern and the regular expression of the texts
// that it takes as Trino does; false for other patterns.
func parseFormat(pattern string) (format, text string, ok bool) {
	seen := map[byte]bool{}
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' {
			format += pattern[i : i+1]
			text += quoteMeta(pattern[i])
			continue
		}
		i++
		if i == len(pattern) || seen[pattern[i]] {
			return "", "", false
		}
		seen[pattern[i]] = true
		f, known := parseFields[pattern[i]]
		if !known {
			return "", "", false
		}
		format, text = format+f.strptime, text+f.text
	}
	return format, text, seen['Y']
}

// quoteMeta keeps the bytes of longer characters as they are.
func quoteMeta(b byte) string {
	if strings.IndexByte(`\.+*?()|[]{}^$`, b) >= 0 {
		return `\` + string(rune(b))
	}
	return string([]byte{b})
}

// parseDate leaves to strptime the texts that it reads as Trino does, as it is
// faster, and all others to a function in Go.
func parseDate(c *Call) string {
	pattern, isText := c.Consts[1].(string)
	format, text, ok := parseFormat(pattern)
	if !ok || !isText || !c.IsConst[1] {
		return mayFail("scops_date_parse", c.Args...)
	}
	parsed := "try_strptime($1, $3)"
	if strings.Contains(format, "%f") {
		parsed = "date_trunc('millisecond', " + parsed + ")"
	}
	return expand("(CASE WHEN regexp_full_match($1, $4) AND try_strptime($1, $3) IS NOT NULL THEN "+parsed+
		" ELSE "+mayFail("scops_date_parse", "$1", "$2")+" END)",
		[]string{c.Args[0], c.Args[1], quote(format), quote(text)})
}

func first(c *Call) types.Type { return c.Types[0] }
