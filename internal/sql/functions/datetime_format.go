package functions

import (
	"fmt"
	"strings"
)

// formatter turns a pattern into one of strftime, or says what it does not know.
type formatter func(pattern string) (string, error)

// mysqlFields are the fields of date_format in strftime's.
var mysqlFields = map[byte]string{
	'a': "%a", 'b': "%b", 'c': "%-m", 'd': "%d", 'e': "%-d", 'f': "%g000", 'H': "%H", 'h': "%I",
	'I': "%I", 'i': "%M", 'j': "%j", 'k': "%-H", 'l': "%-I", 'M': "%B", 'm': "%m", 'p': "%p",
	'r': "%I:%M:%S %p", 'S': "%S", 's': "%S", 'T': "%H:%M:%S", 'v': "%V", 'W': "%A", 'x': "%G",
	'Y': "%Y", 'y': "%y", '%': "%%",
}

func mysqlFormat(pattern string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' {
			b.WriteByte(pattern[i])
			continue
		}
		i++
		if i == len(pattern) {
			return "", fmt.Errorf("date format string ends with %%")
		}
		field, ok := mysqlFields[pattern[i]]
		if !ok {
			return "", fmt.Errorf("%%%c not supported in date format string", pattern[i])
		}
		b.WriteString(field)
	}
	return b.String(), nil
}

// jodaFields are the runs of letters of format_datetime that mean the same in
// strftime.
var jodaFields = map[string]string{
	"yyyy": "%Y", "YYYY": "%Y", "yy": "%y", "MM": "%m", "M": "%-m", "MMM": "%b", "MMMM": "%B",
	"dd": "%d", "d": "%-d", "DDD": "%j", "EEE": "%a", "E": "%a", "EEEE": "%A", "HH": "%H", "H": "%-H",
	"hh": "%I", "h": "%-I", "mm": "%M", "m": "%-M", "ss": "%S", "s": "%-S", "SSS": "%g", "a": "%p",
	"xxxx": "%G", "ww": "%V",
}

func jodaFormat(pattern string) (string, error) {
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
				return "", fmt.Errorf("%s is not supported in a date pattern", pattern[i:end])
			}
			b.WriteString(field)
			i = end
		case c == '\'':
			text, next, err := jodaQuoted(pattern, i)
			if err != nil {
				return "", err
			}
			b.WriteString(strings.ReplaceAll(text, "%", "%%"))
			i = next
		case c == '%':
			b.WriteString("%%")
			i++
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String(), nil
}

// jodaQuoted reads 'literal text', in which ” is a quote.
func jodaQuoted(pattern string, i int) (string, int, error) {
	if strings.HasPrefix(pattern[i:], "''") {
		return "'", i + 2, nil
	}
	end := strings.IndexByte(pattern[i+1:], '\'')
	if end < 0 {
		return "", 0, fmt.Errorf("unterminated quote in a date pattern")
	}
	if next := i + end + 2; next < len(pattern) && pattern[next] == '\'' {
		return "", 0, fmt.Errorf("a quote within quotes is not supported in a date pattern")
	}
	return pattern[i+1 : i+1+end], i + end + 2, nil
}

func constantFormat(f formatter) func(*Call) *Error {
	return func(c *Call) *Error {
		if err := needConstant(c, 1, "date pattern"); err != nil {
			return err
		}
		format, err := f(constText(c, 1))
		if err == nil && format == "" && !(c.IsConst[1] && c.Consts[1] == nil) {
			err = fmt.Errorf("Invalid pattern specification") //nolint:staticcheck // Trino's words
		}
		if err != nil {
			return &Error{Name: invalidArgument, Message: err.Error(), Arg: 1}
		}
		return nil
	}
}

// formatDate writes the wall clock, rounded to milliseconds as Trino does.
func formatDate(f formatter) Emission {
	return func(c *Call) string {
		format, _ := f(constText(c, 1))
		wall := local(c.Args[0], first(c))
		if first(c).Precision > 3 {
			wall = "date_trunc('millisecond', " + wall + " + to_microseconds(500))"
		}
		return "strftime(" + wall + ", " + quote(format) + ")"
	}
}

// parseFields are the fields that date_parse takes, with the text that each
// reads.
var parseFields = map[byte]struct{ strptime, text string }{
	'Y': {"%Y", `[0-9]{4}`}, 'm': {"%m", `[0-9]{1,2}`}, 'c': {"%m", `[0-9]{1,2}`},
	'd': {"%d", `[0-9]{1,2}`}, 'e': {"%d", `[0-9]{1,2}`}, 'H': {"%H", `[0-9]{1,2}`}, 'k': {"%H", `[0-9]{1,2}`},
	'i': {"%M", `[0-9]{1,2}`}, 's': {"%S", `[0-9]{1,2}`}, 'S': {"%S", `[0-9]{1,2}`},
	'T': {"%H:%M:%S", `[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}`}, 'f': {"%f", `[0-9]{1,6}`},
	'b': {"%b", `[A-Za-z]{3}`}, 'M': {"%B", `[A-Za-z]+`}, '%': {"%%", "%"},
}

// parseFormat gives strptime's pattern and the regular expression of the texts
// that it takes.
func parseFormat(pattern string) (format, text string, err error) {
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' {
			format += pattern[i : i+1]
			text += quoteMeta(pattern[i])
			continue
		}
		i++
		if i == len(pattern) {
			return "", "", fmt.Errorf("date format string ends with %%")
		}
		f, ok := parseFields[pattern[i]]
		if !ok {
			return "", "", fmt.Errorf("%%%c not supported in date format string", pattern[i])
		}
		format, text = format+f.strptime, text+f.text
	}
	if pattern == "" {
		return "", "", fmt.Errorf("Both printing and parsing not supported") //nolint:staticcheck // shown to the user as it is
	}
	return format, text, nil
}

// quoteMeta keeps the bytes of longer characters as they are.
func quoteMeta(b byte) string {
	if strings.IndexByte(`\.+*?()|[]{}^$`, b) >= 0 {
		return `\` + string(rune(b))
	}
	return string([]byte{b})
}

func constantParse(c *Call) *Error {
	if err := needConstant(c, 1, "date pattern"); err != nil {
		return err
	}
	if _, _, err := parseFormat(constText(c, 1)); err != nil {
		return &Error{Name: invalidArgument, Message: err.Error(), Arg: 1}
	}
	return nil
}

// parseDate takes exactly the texts of the pattern: strptime alone would also
// take blanks around them.
func parseDate(c *Call) string {
	pattern := constText(c, 1)
	format, text, _ := parseFormat(pattern)
	parsed := "strptime($1, $2)"
	if year := yearOf(pattern); year != "" {
		format = "%Y " + format
		parsed = "strptime(concat('" + year + " ', $1), $2)"
	}
	if strings.Contains(format, "%f") {
		parsed = "date_trunc('millisecond', " + parsed + ")"
	}
	return expand("(CASE WHEN regexp_full_match($1, $3) THEN "+parsed+
		" WHEN $1 IS NOT NULL THEN "+raiseWith(invalidArgument, "Invalid format: \"%s\"", "$1")+" END)",
		[]string{c.Args[0], quote(format), quote(text)})
}

// yearOf is the year that Trino gives to the texts of a pattern without one: 2000
// where there is a month or day, else that of the epoch.
func yearOf(pattern string) string {
	year := "1970"
	for i := 0; i+1 < len(pattern); i++ {
		if pattern[i] != '%' {
			continue
		}
		i++
		switch pattern[i] {
		case 'Y':
			return ""
		case 'm', 'c', 'd', 'e', 'b', 'M':
			year = "2000"
		}
	}
	return year
}
