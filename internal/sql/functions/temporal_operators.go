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
	case isInterval(l) && r.IsInteger() && op == "*":
		return binary(l, types.BigIntType, l, T("CAST($1 * $2 AS "+duckType(l)+")"))
	case isInterval(r) && l.IsInteger() && op == "*":
		return binary(types.BigIntType, r, r, T("CAST($1 * $2 AS "+duckType(r)+")"))
	case isInterval(l) && r.IsInteger() && op == "/":
		return binary(l, types.BigIntType, l, T("("+zeroCheck+"CAST($1 // $2 AS "+duckType(l)+") END)"))
	}
	return nil
}

func isInterval(t types.Type) bool {
	return t.Kind == types.IntervalDaySecond || t.Kind == types.IntervalYearMonth
}

func isTemporal(t types.Type) bool {
	return t.Kind == types.Date || t.Kind == types.Timestamp || t.Kind == types.TimestampTZ
}

// shift moves a date or timestamp by an interval.
func shift(op string, l, r types.Type) *Resolved {
	ret := l
	if r.Kind == types.IntervalYearMonth {
		return binary(l, r, ret, monthShift(op, l))
	}
	if l.Kind == types.Date {
		return binary(l, r, ret, T("(CASE WHEN $2 % 86400000 <> 0 THEN "+
			raise(invalidArgument, "Cannot add hour, minutes or seconds to a date")+
			" ELSE $1 "+op+" CAST($2 // 86400000 AS INTEGER) END)"))
	}
	// A day-second interval has milliseconds: the result keeps them.
	ret.Precision = max(ret.Precision, 3)
	if op == "+" {
		return binary(l, r, ret, T(plusMillis))
	}
	return binary(l, r, ret, T(minusMillis))
}

// monthShift moves by months; the day is cut to the month's length.
func monthShift(op string, l types.Type) Emission {
	moved := "$1 " + op + " to_months($2)"
	switch {
	case l.Kind == types.Date:
		return T("CAST(" + moved + " AS DATE)")
	case l.Kind == types.TimestampTZ && l.Zone != "":
		return T(fromLocal(l.Zone, "("+toLocal(l.Zone, "$1")+" "+op+" to_months($2))"))
	}
	return T("(" + moved + ")")
}

// difference is the interval between two dates or timestamps.
func difference(l, r types.Type) *Resolved {
	super, ok := types.CommonSuperType(l, r)
	if !ok {
		return nil
	}
	if super.Kind == types.Date {
		return binary(super, super, types.IntervalDaySecondType, T("(CAST($1 - $2 AS BIGINT) * 86400000)"))
	}
	// Trino drops what is below a millisecond of each side.
	return binary(super, super, types.IntervalDaySecondType, T("(epoch_ms($1) - epoch_ms($2))"))
}
