package crawler

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/formats"
)

// delimiters that Glue's CSV classifier tries.
const delimiters = ",|\t;\x01"

const (
	minCSVColumns = 2
	// longestHeader is how long a name in a header may be.
	longestHeader = 150
)

// csvShapeOf recognises lines of fields between delimiters.
// https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html
func csvShapeOf(_ []byte, lines []string) (shape, bool) {
	if len(lines) < 2 {
		return shape{}, false
	}
	best, columns := byte(0), 0
	for _, d := range []byte(delimiters) {
		if n := steadyColumns(lines, d); n > columns {
			best, columns = d, n
		}
	}
	if columns < minCSVColumns {
		return shape{}, false
	}
	return csvOf(lines, csvShape{delimiter: best}, columns, headerUnknown, nil), true
}

// steadyColumns is the number of fields that nine of ten lines have, and 0
// where there is none. Lines may leave out fields at their end.
func steadyColumns(lines []string, delimiter byte) int {
	counts := map[int]int{}
	for _, line := range lines {
		counts[len(splitFields(line, delimiter, '"'))]++
	}
	best := 0
	for n, count := range counts {
		if count > counts[best] || count == counts[best] && n > best {
			best = n
		}
	}
	if counts[best]*10 < len(lines)*9 {
		return 0
	}
	return best
}

// splitFields cuts a line; a delimiter within quotes is none. Quotes stay.
func splitFields(line string, delimiter, quote byte) []string {
	var out []string
	start, quoted := 0, false
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case quote:
			quoted = !quoted
		case delimiter:
			if !quoted {
				out = append(out, line[start:i])
				start = i + 1
			}
		}
	}
	return append(out, line[start:])
}

// headerRule says whether the first line is names.
type headerRule int

const (
	headerUnknown headerRule = iota
	headerPresent
	headerAbsent
)

// csvOf makes the shape of lines that are known to be delimited. names, where
// given, are those of the columns.
func csvOf(lines []string, s csvShape, columns int, rule headerRule, names []string) shape {
	quote := s.quote
	if quote == 0 {
		quote = '"'
	}
	rows := make([][]string, len(lines))
	for i, line := range lines {
		rows[i] = splitFields(line, s.delimiter, quote)
		for j, f := range rows[i] {
			if text, ok := unquote(f, quote); ok {
				rows[i][j], s.quoted = text, true
			}
		}
	}
	rows[0][0] = strings.TrimPrefix(rows[0][0], "\ufeff")
	s.first, s.rest = rows[0], columnTypes(rows[1:], columns)
	types := s.rest
	switch rule {
	case headerPresent:
		s.header = true
	case headerUnknown:
		s.header = isHeader(rows[0], types, columns)
	}
	if !s.header {
		types = columnTypes(rows, columns)
	}
	out := shape{class: classCSV, csv: s}
	for i := range columns {
		name := "col" + strconv.Itoa(i)
		switch {
		case i < len(names):
			name = strings.ToLower(names[i])
		case s.header && i < len(rows[0]):
			name = strings.ToLower(strings.TrimSpace(rows[0][i]))
		}
		out.columns = append(out.columns, formats.Field{Name: name, Type: types[i]})
	}
	out.columns = distinct(out.columns)
	return out
}

func unquote(field string, quote byte) (string, bool) {
	if len(field) < 2 || field[0] != quote || field[len(field)-1] != quote {
		return field, false
	}
	q := string(quote)
	return strings.ReplaceAll(field[1:len(field)-1], q+q, q), true
}

// distinct gives columns without a name, or with one that came before, their
// place.
func distinct(columns []formats.Field) []formats.Field {
	seen := map[string]bool{}
	for i, c := range columns {
		if c.Name == "" || seen[c.Name] {
			columns[i].Name = c.Name + "col" + strconv.Itoa(i)
		}
		seen[columns[i].Name] = true
	}
	return columns
}

func columnTypes(rows [][]string, columns int) []formats.Type {
	out := make([]formats.Type, columns)
	for _, row := range rows {
		for i := range min(len(row), columns) {
			out[i] = mergeTypes(out[i], fieldType(row[i]))
		}
	}
	return out
}

// fieldType is bigint, double or string, as Glue has delimited fields. A number
// with leading zeros is a code of which none may be lost.
func fieldType(text string) formats.Type {
	switch text {
	case "", `\N`:
		return unknown
	}
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || digits[0] != '.' && (digits[0] < '0' || digits[0] > '9') {
		return stringType
	}
	if len(digits) > 1 && digits[0] == '0' && digits[1] != '.' {
		return stringType
	}
	if _, err := strconv.ParseInt(text, 10, 64); err == nil {
		return formats.Type{Kind: formats.BigInt}
	}
	if isDecimal(digits) {
		return formats.Type{Kind: formats.Double}
	}
	return stringType
}

// isDecimal says whether digits is a number as every reader takes it, with a
// fraction or an exponent: not hexadecimal, not with underscores, and not a whole
// number of which a double would lose digits.
func isDecimal(digits string) bool {
	if strings.ContainsAny(digits, "xX_pPnN") || !strings.ContainsAny(digits, ".eE") {
		return false
	}
	_, err := strconv.ParseFloat(digits, 64)
	return err == nil
}

// isHeader applies the rules of Glue's CSV classifier to the first line. types
// are those of the lines after it.
func isHeader(row []string, types []formats.Type, columns int) bool {
	if len(row) != columns {
		return false
	}
	for i, name := range row {
		if last := i == columns-1; last && name == "" {
			continue
		}
		if fieldType(name).Kind != formats.String || utf8.RuneCountInString(name) >= longestHeader || strings.ContainsFunc(name, unicode.IsControl) {
			return false
		}
	}
	for _, t := range types {
		if t.Kind != formats.String && t.Kind != 0 {
			return true
		}
	}
	return false
}
