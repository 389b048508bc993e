package functions

import "github.com/scopsdb/scops/internal/sql/types"

// Intervals are whole milliseconds or months, so their own arithmetic is that
// of integers.
const (
	plusMillis  = "($1 + to_milliseconds($2))"
	minusMillis = "($1 - to_milliseconds($2))"
)

// temporalArithmetic is + and - of dates, times and intervals, and * and / of
// intervals by numbers, or nil.
func temporalArithmetic(op string, l, r types.Type) *Resolved {
	switch {
	case op == "+" && isInterval(l) && isTemporal(r):
		res := temporalArithmetic(op, r, l)
		if res == nil {
			return nil
		}
		emit := res.emission
		return binary(l, r, res.ReturnType, func(c *Call) string {
			swapped := *c
			swapped.Args = []string{c.Args[1], c.Args[0]}
			return emit(&swapped)
		})
	case (op == "+" || op == "-") && isTemporal(l) && isInterval(r):
		return shift(op, l, r)
	case op == "-" && isTemporal(l) && isTemporal(r):
		return difference(l, r)
	case isInterval(l) && l.Kind == r.Kind && (op == "+" || op == "-"):
		return binary(l, r, l, integerOps[op])
	case op == "*" && isInterval(r) && l.IsNumeric():
		return scaled(r, l, true)
	case op == "*" && isInterval(l) && r.IsNumeric():
		return scaled(l, r, false)
	case op == "/" && isInterval(l) && r.IsNumeric():
		return binary(l, types.DoubleType, l, T("(CASE WHEN isnan($2) OR $2 = 0 THEN "+
			raiseWith(invalidArgument, "Cannot divide by double %s", "scops_double_text($2)")+" ELSE "+javaCast("$1 / $2", l)+" END)"))
	}
	return nil
}

// scaled is an interval times a number; first says that the number stands first.
func scaled(interval, n types.Type, first bool) *Resolved {
	by, emit := types.BigIntType, T("CAST($1 * $2 AS "+duckType(interval)+")")
	if !n.IsInteger() {
		i, x := "$1", "$2"
		if first {
			i, x = x, i
		}
		by = types.DoubleType
		emit = T("(CASE WHEN isnan(" + x + ") THEN " + raise(invalidArgument, "Cannot multiply by double NaN") + " ELSE " + javaCast(i+" * "+x, interval) + " END)")
	}
	if first {
		return binary(by, interval, interval, emit)
	}
	return binary(interval, by, interval, emit)
}

// intervalLimits are the greatest values of the intervals' integers, as the
// doubles nearest to them.
var intervalLimits = map[types.Kind][2]string{
	types.IntervalDaySecond: {"9223372036854775807", "9.223372036854775e18"}, types.IntervalYearMonth: {"2147483647", "2147483647"},
}

// javaCast cuts a double to the interval's integer; what is beyond it becomes its
// limit.
func javaCast(sql string, t types.Type) string {
	limit := intervalLimits[t.Kind]
	return "CAST(CASE WHEN " + sql + " > " + limit[1] + " THEN " + limit[0] + " WHEN " + sql + " < -" + limit[1] + " THEN -" + limit[0] +
		" - 1 ELSE CAST(trunc(" + sql + ") AS BIGINT) END AS " + duckType(t) + ")"
}

func isInterval(t types.Type) bool {
	return t.Kind == types.IntervalDaySecond || t.Kind == types.IntervalYearMonth
}

func isTemporal(t types.Type) bool {
	switch t.Kind {
	case types.Date, types.Time, types.TimeTZ, types.Timestamp, types.TimestampTZ:
		return true
	}
	return false
}

// shift moves a date, time or timestamp by an interval.
func shift(op string, l, r types.Type) *Resolved {
	ret := l
	isTime := l.Kind == types.Time || l.Kind == types.TimeTZ
	if r.Kind == types.IntervalYearMonth {
		if isTime {
			return nil
		}
		return binary(l, r, ret, monthShift(op, l))
	}
	if l.Kind == types.Date {
		return binary(l, r, ret, T("(CASE WHEN $2 % 86400000 <> 0 THEN "+
			raise(invalidArgument, "Cannot add hour, minutes or seconds to a date")+
			" ELSE $1 "+op+" CAST($2 // 86400000 AS INTEGER) END)"))
	}
	// A day-second interval has milliseconds: the result keeps them.
	ret.Precision = max(ret.Precision, 3)
	micros := "scops_of_day(epoch_us($1) " + op + " ($2 % 86400000) * 1000)"
	switch {
	case l.Kind == types.Time:
		return binary(l, r, ret, T("scops_clock("+micros+")"))
	case l.Kind == types.TimeTZ:
		return binary(l, r, ret, T("scops_carried("+micros+", scops_offset($1))"))
	case op == "+":
		return binary(l, r, ret, T(plusMillis))
	}
	return binary(l, r, ret, T(minusMillis))
}

// monthShift moves by months; the day is cut to the month's length.
func monthShift(op string, l types.Type) Emission {
	moved := "$1 " + op + " to_months($2)"
	switch l.Kind {
	case types.Date:
		return T("CAST(" + moved + " AS DATE)")
	case types.TimestampTZ:
		return T(nearWall("("+local("$1", l)+" "+op+" to_months($2))", l, "$1"))
	}
	return T("(" + moved + ")")
}

// difference is the interval between two dates, times or timestamps.
func difference(l, r types.Type) *Resolved {
	super, ok := types.CommonSuperType(l, r)
	if !ok {
		return nil
	}
	switch super.Kind {
	case types.Date:
		return binary(super, super, types.IntervalDaySecondType, T("(CAST($1 - $2 AS BIGINT) * 86400000)"))
	case types.Time, types.TimeTZ:
		return binary(super, super, types.IntervalDaySecondType, T("((epoch_us($1) - epoch_us($2)) // 1000)"))
	}
	// Trino drops what is below a millisecond of each side.
	return binary(super, super, types.IntervalDaySecondType, T("(epoch_ms("+instant("$1", super)+") - epoch_ms("+instant("$2", super)+"))"))
}
