package analyzer

import (
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// intervalFields are the units from large to small: what stands before each
// where it is not the first, and its milliseconds or months.
var intervalFields = []struct {
	field  ast.IntervalField
	before string
	unit   int64
}{
	{ast.IntervalYear, "", 12},
	{ast.IntervalMonth, "-", 1},
	{ast.IntervalDay, "", 86_400_000},
	{ast.IntervalHour, " ", 3_600_000},
	{ast.IntervalMinute, ":", 60_000},
	{ast.IntervalSecond, ":", 1000},
}

// maxNumber is how many digits of a number of an interval are read.
const maxNumber = 10

// intervalLiteral is INTERVAL '1-2' YEAR TO MONTH, INTERVAL '1 02:03:04.567'
// DAY TO SECOND or one unit alone.
func intervalLiteral(e *ast.IntervalLiteral) (Expr, error) {
	invalid := errorAt(e, "INVALID_LITERAL", "'%s' is not a valid INTERVAL literal", e.Value)
	text, negative := strings.CutPrefix(e.Value, "-")
	n, ok := intervalAmount(text, e)
	if !ok {
		return nil, invalid
	}
	if negative != e.Negative {
		n = -n
	}
	if e.Start == ast.IntervalYear || e.Start == ast.IntervalMonth {
		if n != int64(int32(n)) {
			return nil, invalid
		}
		return &Literal{Value: n, Typ: types.IntervalYearMonthType}, nil
	}
	return &Literal{Value: types.MillisecondsValue(n), Typ: types.IntervalDaySecondType}, nil
}

// intervalAmount is the sum of the literal's units in milliseconds or months.
// As in Trino, whose parser is Joda-Time's, the text may end before any number
// and after any of them: INTERVAL ” DAY and INTERVAL '1-' YEAR TO MONTH.
func intervalAmount(text string, e *ast.IntervalLiteral) (int64, bool) {
	fields := fieldsOf(e)
	if fields == nil {
		return 0, false
	}
	var sum int64
	for i, f := range fields {
		f := intervalFields[f]
		if i > 0 {
			var ok bool
			if text, ok = strings.CutPrefix(text, f.before); !ok {
				return 0, false
			}
		}
		n, rest, ok := intervalNumber(text, f.field == ast.IntervalSecond, f.unit)
		if !ok {
			return 0, false
		}
		if sum, text = sum+n, rest; text == "" {
			return sum, true
		}
	}
	return 0, false
}

// fieldsOf are the indexes of the units from the literal's first to its last;
// nil where it mixes months and days.
func fieldsOf(e *ast.IntervalLiteral) []int {
	end := e.End
	if end == "" {
		end = e.Start
	}
	var out []int
	for i, f := range intervalFields {
		if f.field == e.Start || len(out) > 0 && f.before != "" {
			out = append(out, i)
			if f.field == end {
				return out
			}
		}
	}
	return nil
}

// intervalNumber reads a number with an optional plus and, of seconds, a
// fraction, of which milliseconds count. It gives the amount in the unit.
func intervalNumber(text string, seconds bool, unit int64) (n int64, rest string, ok bool) {
	if text == "" {
		return 0, "", true
	}
	end, point, limit := 0, -1, maxNumber
	if len(text) > 1 && text[0] == '+' && isDigit(text[1]) {
		text, limit = text[1:], limit+1
	}
	for ; end < min(limit, len(text)); end++ {
		switch c := text[end]; {
		case isDigit(c):
			continue
		case (c == '.' || c == ',') && seconds && point < 0:
			point, limit = end, limit+1
			continue
		}
		break
	}
	if end == 0 || end == 1 && point == 0 {
		return 0, "", false
	}
	whole, fraction := text[:end], ""
	if point >= 0 {
		whole, fraction = text[:point], text[point+1:end]
	}
	value, err := strconv.ParseInt("0"+whole, 10, 32)
	if err != nil {
		return 0, "", false
	}
	millis, err := strconv.ParseInt((fraction + "000")[:3], 10, 32)
	if err != nil {
		return 0, "", false
	}
	return value*unit + millis, text[end:], true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
