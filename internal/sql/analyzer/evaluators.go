package analyzer

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// evaluators are the operators and functions that eval knows: those that
// conditions on partition keys are written with. Arguments are not NULL and
// have the types that the call takes.
var evaluators = map[string]func(args []any, argTypes []types.Type, result types.Type) (any, bool){
	"=":           comparison("="),
	"<>":          comparison("<>"),
	"<":           comparison("<"),
	"<=":          comparison("<="),
	">":           comparison(">"),
	">=":          comparison(">="),
	"+":           arithmetic(func(x, y int64) (int64, bool) { return x + y, (x+y > x) == (y > 0) }, 1),
	"-":           arithmetic(func(x, y int64) (int64, bool) { return x - y, (x-y < x) == (y > 0) }, -1),
	"concat":      evalConcat,
	"||":          evalConcat,
	"LIKE":        evalLike,
	"date":        evalDate,
	"lower":       onASCII(strings.ToLower),
	"upper":       onASCII(strings.ToUpper),
	"lpad":        evalLpad,
	"date_format": evalDateFormat,
	"date_add":    evalDateAdd,
	"year":        datePart(time.Time.Year),
	"month":       datePart(func(t time.Time) int { return int(t.Month()) }),
	"day":         datePart(time.Time.Day),
}

func comparison(op predicate.Op) func([]any, []types.Type, types.Type) (any, bool) {
	return func(args []any, _ []types.Type, _ types.Type) (any, bool) {
		return fromOutcome(predicate.CompareOp(args[0], op, args[1]))
	}
}

// arithmetic is + or - on integers, and of a date and whole days.
func arithmetic(f func(x, y int64) (int64, bool), sign time.Duration) func([]any, []types.Type, types.Type) (any, bool) {
	return func(args []any, argTypes []types.Type, result types.Type) (any, bool) {
		if len(args) != 2 {
			return nil, false
		}
		x, ok1 := args[0].(int64)
		y, ok2 := args[1].(int64)
		if ok1 && ok2 && result.IsInteger() {
			v, ok := f(x, y)
			return inRange(v, result, ok)
		}
		t, ok1 := args[0].(time.Time)
		d, ok2 := args[1].(time.Duration)
		if !ok1 || !ok2 {
			return nil, false
		}
		return addDuration(t, sign*d, argTypes[0], result)
	}
}

// addDuration adds to a date (whole days alone) or a timestamp.
func addDuration(t time.Time, d time.Duration, from, result types.Type) (any, bool) {
	switch from.Kind {
	case types.Date:
		if d%(24*time.Hour) != 0 {
			return nil, false
		}
	case types.Timestamp, types.TimestampTZ:
	default:
		return nil, false
	}
	return t.Add(d), result.Kind == from.Kind
}

// dateUnits are the units of date_add that are durations.
var dateUnits = map[string]time.Duration{
	"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour,
}

func evalDateAdd(args []any, argTypes []types.Type, result types.Type) (any, bool) {
	unit, ok1 := args[0].(string)
	n, ok2 := args[1].(int64)
	t, ok3 := args[2].(time.Time)
	d := dateUnits[unit]
	if !ok1 || !ok2 || !ok3 || d == 0 || n > 100_000 || n < -100_000 {
		return nil, false
	}
	return addDuration(t, time.Duration(n)*d, argTypes[2], result)
}

// integerBits are the sizes of the integer types.
var integerBits = map[types.Kind]int{types.TinyInt: 8, types.SmallInt: 16, types.Integer: 32, types.BigInt: 64}

func inRange(v int64, t types.Type, ok bool) (any, bool) {
	bits := integerBits[t.Kind]
	if !ok || bits == 0 || v < math.MinInt64>>(64-bits) || v > math.MaxInt64>>(64-bits) {
		return nil, false
	}
	return v, true
}

func evalConcat(args []any, argTypes []types.Type, result types.Type) (any, bool) {
	if result.Kind != types.Varchar {
		return nil, false
	}
	var b strings.Builder
	for i, a := range args {
		s, ok := a.(string)
		if !ok || argTypes[i].Kind != types.Varchar {
			return nil, false
		}
		b.WriteString(s)
	}
	return b.String(), true
}

func evalLike(args []any, argTypes []types.Type, _ types.Type) (any, bool) {
	s, ok1 := args[0].(string)
	pattern, ok2 := args[1].(string)
	if !ok1 || !ok2 || argTypes[0].Kind != types.Varchar {
		return nil, false
	}
	escape := rune(0)
	if len(args) == 3 {
		e, ok := args[2].(string)
		if !ok || utf8.RuneCountInString(e) != 1 {
			return nil, false
		}
		escape, _ = utf8.DecodeRuneInString(e)
	}
	match, ok := predicate.MatchLike(s, pattern, escape)
	return match, ok
}

// evalDate is date(varchar) and date(timestamp).
func evalDate(args []any, argTypes []types.Type, result types.Type) (any, bool) {
	if result.Kind != types.Date {
		return nil, false
	}
	return evalCast(args[0], argTypes[0], result)
}

// onASCII is a function of letters whose case Go and the engine agree on.
func onASCII(f func(string) string) func([]any, []types.Type, types.Type) (any, bool) {
	return func(args []any, _ []types.Type, result types.Type) (any, bool) {
		s, ok := args[0].(string)
		for i := 0; ok && i < len(s); i++ {
			ok = s[i] < utf8.RuneSelf
		}
		return f(s), ok && result.Kind == types.Varchar
	}
}

func evalLpad(args []any, _ []types.Type, result types.Type) (any, bool) {
	if len(args) != 3 || result.Kind != types.Varchar {
		return nil, false
	}
	s, ok1 := args[0].(string)
	n, ok2 := args[1].(int64)
	pad, ok3 := args[2].(string)
	if !ok1 || !ok2 || !ok3 || n < 0 || n > 1000 || pad == "" {
		return nil, false
	}
	have := []rune(s)
	if int64(len(have)) >= n {
		return string(have[:n]), true
	}
	missing := int(n) - len(have)
	fill := []rune(strings.Repeat(pad, missing/utf8.RuneCountInString(pad)+1))
	return string(fill[:missing]) + s, true
}

// dateFormats are the parts of a date_format pattern that eval knows, as Go
// layouts.
var dateFormats = map[byte]string{'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'i': "04", 's': "05", 'S': "05"}

func evalDateFormat(args []any, argTypes []types.Type, _ types.Type) (any, bool) {
	t, ok1 := args[0].(time.Time)
	pattern, ok2 := args[1].(string)
	if k := argTypes[0].Kind; !ok1 || !ok2 || t.Year() < 1000 || t.Year() > 9999 || k != types.Date && k != types.Timestamp && (k != types.TimestampTZ || argTypes[0].Zone != "") {
		return nil, false
	}
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' {
			b.WriteByte(pattern[i])
			continue
		}
		if i++; i == len(pattern) {
			return nil, false
		}
		layout, ok := dateFormats[pattern[i]]
		if !ok {
			return nil, false
		}
		b.WriteString(t.UTC().Format(layout))
	}
	return b.String(), true
}

func datePart(part func(time.Time) int) func([]any, []types.Type, types.Type) (any, bool) {
	return func(args []any, argTypes []types.Type, _ types.Type) (any, bool) {
		t, ok := args[0].(time.Time)
		if !ok || argTypes[0].Kind != types.Date && argTypes[0].Kind != types.Timestamp {
			return nil, false
		}
		return int64(part(t)), true
	}
}

// evalCast converts a value that is not NULL. A text that does not convert is
// not known: it is an error, or NULL for TRY_CAST.
func evalCast(v any, from, to types.Type) (any, bool) {
	switch v := v.(type) {
	case string:
		if from.Kind == types.Varchar {
			return castText(v, to)
		}
	case int64:
		if !from.IsInteger() {
			return nil, false
		}
		switch {
		case to.IsInteger():
			return inRange(v, to, true)
		case to.Kind == types.Double:
			return float64(v), true
		case to.Kind == types.Decimal:
			return rescale(big.NewInt(v), 0, to)
		case to.Kind == types.Varchar:
			return fit(strconv.FormatInt(v, 10), to)
		}
	case types.DecimalValue:
		if to.Kind == types.Decimal && to.Scale >= from.Scale {
			return rescale(v.Unscaled(), from.Scale, to)
		}
	case time.Time:
		switch {
		case from.Kind == types.Date && to.Kind == types.Timestamp:
			return v, true
		case from.Kind == types.Timestamp && to.Kind == types.Timestamp && from.Precision <= to.Precision:
			return v, true
		case (from.Kind == types.Timestamp || from.Kind == types.TimestampTZ && from.Zone == "") && to.Kind == types.Date:
			return v.UTC().Truncate(24 * time.Hour), true
		case from.Kind == types.Date && to.Kind == types.Varchar && v.Year() >= 1000 && v.Year() <= 9999:
			return fit(v.Format(time.DateOnly), to)
		}
	}
	return nil, false
}

// rescale is an unscaled integer with more digits after the point.
func rescale(n *big.Int, scale int, to types.Type) (any, bool) {
	factor := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(to.Scale-scale)), nil)
	n = factor.Mul(factor, n)
	return types.NewDecimal(n), len(new(big.Int).Abs(n).String()) <= to.Precision
}

// fit is a text in a varchar that it may be too long for, which is an error
// for what is not text.
func fit(s string, to types.Type) (any, bool) {
	return s, to.Precision == types.UnboundedLength || len(s) <= to.Precision
}

func castText(s string, to types.Type) (any, bool) {
	switch {
	case to.Kind == types.Varchar && (to.Precision == types.UnboundedLength || utf8.RuneCountInString(s) <= to.Precision):
		return s, true
	case to.Kind == types.Varchar:
		return string([]rune(s)[:to.Precision]), true
	case to.Kind == types.Char:
		r := []rune(s)
		if len(r) > to.Precision {
			return string(r[:to.Precision]), true
		}
		return s + strings.Repeat(" ", to.Precision-len(r)), true
	case to.IsInteger() && plainInteger(s):
		n, err := strconv.ParseInt(s, 10, integerBits[to.Kind])
		return n, err == nil
	case to.Kind == types.Date:
		t, err := time.Parse(time.DateOnly, s)
		return t, err == nil
	}
	return nil, false
}

// plainInteger leaves out forms on which parsers may differ.
func plainInteger(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || len(digits) > 19 {
		return false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return true
}
