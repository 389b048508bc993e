package datetime

import (
	"fmt"
	"strings"
	"time"
)

// mysqlElements are the fields of date_format and date_parse.
var mysqlElements = map[rune][]element{
	'a': {{form: shortText, field: dayOfWeek}}, 'W': {{form: longText, field: dayOfWeek}},
	'b': {{form: shortText, field: month}}, 'M': {{form: longText, field: month}},
	'c': {num(month, 1, 2)}, 'm': {num(month, 2, 2)}, 'd': {num(dayOfMonth, 2, 2)}, 'e': {num(dayOfMonth, 1, 2)},
	'f': {{form: fractionForm, least: 6, most: 9}}, 'j': {num(dayOfYear, 3, 3)},
	'H': {num(hourOfDay, 2, 2)}, 'k': {num(hourOfDay, 1, 2)},
	'h': {num(clockhourOfHalfday, 2, 2)}, 'I': {num(clockhourOfHalfday, 2, 2)}, 'l': {num(clockhourOfHalfday, 1, 2)},
	'i': {num(minute, 2, 2)}, 's': {num(second, 2, 2)}, 'S': {num(second, 2, 2)}, 'p': {{form: longText, field: halfday}},
	'r': {num(clockhourOfHalfday, 2, 2), lit(":"), num(minute, 2, 2), lit(":"), num(second, 2, 2), lit(" "), {form: longText, field: halfday}},
	'T': {num(hourOfDay, 2, 2), lit(":"), num(minute, 2, 2), lit(":"), num(second, 2, 2)},
	'v': {num(week, 2, 2)}, 'x': {{form: signedNumber, field: weekyear, least: 4, most: 4}},
	'Y': {{form: signedNumber, field: year, least: 4, most: 4}}, 'y': {{form: twoDigits, field: year, pivot: 2020}},
}

func num(f field, least, most int) element {
	return element{form: number, field: f, least: least, most: most}
}

func lit(text string) element { return element{form: literal, text: text} }

// MySQL compiles a pattern of date_format and date_parse.
func MySQL(pattern string) (*Pattern, error) {
	p := &Pattern{}
	escaped := false
	for _, c := range pattern {
		switch {
		case !escaped && c == '%':
			escaped = true
			continue
		case !escaped:
			p.elements = append(p.elements, lit(string(c)))
		case strings.ContainsRune("DUuVwX", c):
			return nil, fmt.Errorf("%%%c not supported in date format string", c)
		default:
			e, ok := mysqlElements[c]
			if !ok {
				e = []element{lit(string(c))}
			}
			p.elements = append(p.elements, e...)
		}
		escaped = false
	}
	if len(p.elements) == 0 {
		return nil, fmt.Errorf("Both printing and parsing not supported") //nolint:staticcheck // Trino's words
	}
	return p, nil
}

// jodaNumbers are the fields of numbers of a Joda pattern with the digits that
// they parse.
var jodaNumbers = map[byte]element{
	'd': num(dayOfMonth, 0, 2), 'h': num(clockhourOfHalfday, 0, 2), 'H': num(hourOfDay, 0, 2), 'k': num(clockhourOfDay, 0, 2),
	'K': num(hourOfHalfday, 0, 2), 'm': num(minute, 0, 2), 's': num(second, 0, 2), 'e': num(dayOfWeek, 0, 1),
	'D': num(dayOfYear, 0, 3), 'w': num(week, 0, 2),
}

// Joda compiles a pattern of format_datetime and parse_datetime, as
// DateTimeFormat.forPattern does.
func Joda(pattern string) (*Pattern, error) {
	if pattern == "" {
		return nil, fmt.Errorf("Invalid pattern specification") //nolint:staticcheck // Trino's words
	}
	tokens := jodaTokens(pattern)
	p := &Pattern{}
	for i, token := range tokens {
		next := i+1 < len(tokens) && isNumeric(tokens[i+1])
		e, err := jodaElement(token, next)
		if err != nil {
			return nil, err
		}
		if e.form != literal || e.text != "" {
			p.elements = append(p.elements, e)
		}
	}
	if len(p.elements) == 0 {
		return nil, fmt.Errorf("Invalid pattern specification") //nolint:staticcheck // Trino's words
	}
	return p, nil
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// jodaTokens splits a pattern into runs of one letter and texts, which begin
// with a quote.
func jodaTokens(pattern string) []string {
	var out []string
	for i := 0; i < len(pattern); {
		start := i
		if isLetter(pattern[i]) {
			for i < len(pattern) && pattern[i] == pattern[start] {
				i++
			}
			out = append(out, pattern[start:i])
			continue
		}
		text, quoted := []byte{'\''}, false
		for ; i < len(pattern) && (quoted || !isLetter(pattern[i])); i++ {
			switch {
			case pattern[i] != '\'':
				text = append(text, pattern[i])
			case i+1 < len(pattern) && pattern[i+1] == '\'':
				text = append(text, '\'')
				i++
			default:
				quoted = !quoted
			}
		}
		out = append(out, string(text))
	}
	return out
}

func isNumeric(token string) bool {
	return strings.IndexByte("cCxyYdhHmsSeDFwWkK", token[0]) >= 0 || token[0] == 'M' && len(token) <= 2
}

// jodaElement is the element of a token; next says whether a number follows.
func jodaElement(token string, next bool) (element, error) {
	c, n := token[0], len(token)
	if e, ok := jodaNumbers[c]; ok {
		e.least, e.most = n, max(e.most, n)
		return e, nil
	}
	switch c {
	case '\'':
		return lit(token[1:]), nil
	case 'G':
		return element{form: longText, field: era}, nil
	case 'C':
		return element{form: signedNumber, field: century, least: n, most: n}, nil
	case 'x', 'y', 'Y':
		return jodaYear(c, n, next), nil
	case 'M':
		if n > 2 {
			return element{form: textForm(n), field: month}, nil
		}
		return num(month, n, 2), nil
	case 'E':
		return element{form: textForm(n), field: dayOfWeek}, nil
	case 'a':
		return element{form: longText, field: halfday}, nil
	case 'S':
		return element{form: fractionForm, least: n, most: n}, nil
	case 'z':
		return element{form: zoneName, fullName: n > 3}, nil
	case 'Z':
		if n > 2 {
			return element{form: zoneID}, nil
		}
		return element{form: offsetForm, colon: n == 2}, nil
	}
	return element{}, fmt.Errorf("Illegal pattern component: %s", token) //nolint:staticcheck // Trino's words
}

func textForm(letters int) form {
	if letters > 3 {
		return longText
	}
	return shortText
}

var jodaYears = map[byte]field{'x': weekyear, 'y': year, 'Y': yearOfEra}

func jodaYear(c byte, n int, next bool) element {
	if n == 2 {
		f := year
		if c == 'x' {
			f = weekyear
		}
		return element{form: twoDigits, field: f, pivot: time.Now().Year() - 30, lenient: !next}
	}
	e := element{form: signedNumber, field: jodaYears[c], least: n, most: 9}
	if next {
		e.most = n
	}
	if c == 'Y' {
		e.form = number
	}
	return e
}
