package analyzer

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// timestampText is a date, a time of day with up to 12 digits of fraction, and
// a zone, of which only the date must be there.
var timestampText = regexp.MustCompile(`^(\d{4,6})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,12}))?)?)?\s*([A-Za-z+-].*)?$`)

// timestampLiteral is TIMESTAMP '2021-02-03 04:05:06.789 Asia/Seoul'. Its
// precision is the number of digits of the fraction.
func timestampLiteral(e *ast.GenericLiteral) (Expr, error) {
	invalid := errorAt(e, "INVALID_LITERAL", "'%s' is not a valid TIMESTAMP literal", e.Value)
	m := timestampText.FindStringSubmatch(strings.TrimSpace(e.Value))
	if m == nil {
		return nil, invalid
	}
	p := len(m[7])
	if p > types.DuckDBPrecision {
		return nil, notSupported(e, "Type timestamp(%d) is not supported", p)
	}
	loc := time.UTC
	if m[8] != "" {
		var err error
		if loc, err = types.LoadZone(m[8]); err != nil {
			return nil, invalid
		}
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	v := time.Date(n(1), time.Month(n(2)), n(3), n(4), n(5), n(6), fraction(m[7]), loc)
	if v.Month() != time.Month(n(2)) || v.Day() != n(3) || v.Hour() != n(4) || v.Minute() != n(5) || v.Second() != n(6) {
		return nil, invalid // also a time that a zone's clocks jump over
	}
	if m[8] == "" {
		return &Literal{Value: v, Typ: types.TimestampType(p)}, nil
	}
	t := types.TimestampTZType(p)
	if m[8] != "UTC" {
		t.Zone = m[8]
	}
	return &Literal{Value: v, Typ: t}, nil
}

// fraction is the nanoseconds of the digits after a second's point.
func fraction(digits string) int {
	n, _ := strconv.Atoi((digits + "000000000")[:9])
	return n
}

var timeText = regexp.MustCompile(`^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,12}))?)?$`)

// timeLiteral is TIME '04:05:06.789'.
func timeLiteral(e *ast.GenericLiteral) (Expr, error) {
	text := strings.TrimSpace(e.Value)
	m := timeText.FindStringSubmatch(text)
	if m == nil {
		if strings.ContainsAny(text, "+-") {
			return nil, notSupported(e, "Type time with time zone is not supported")
		}
		return nil, errorAt(e, "INVALID_LITERAL", "'%s' is not a valid TIME literal", e.Value)
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	if n(1) > 23 || n(2) > 59 || n(3) > 59 {
		return nil, errorAt(e, "INVALID_LITERAL", "'%s' is not a valid TIME literal", e.Value)
	}
	p := len(m[4])
	if p > types.DuckDBPrecision {
		return nil, notSupported(e, "Type time(%d) is not supported", p)
	}
	v := time.Duration(n(1)*3600+n(2)*60+n(3))*time.Second + time.Duration(fraction(m[4]))
	return &Literal{Value: v, Typ: types.TimeType(p)}, nil
}

// current is current_date and its like: one value for the whole query, in UTC,
// the zone of an Athena session.
func (a *analyzer) current(e *ast.Current) (Expr, error) {
	now := a.opts.Now.UTC()
	switch e.Function {
	case ast.CurrentDate:
		return &Literal{Value: now.Truncate(24 * time.Hour), Typ: types.DateType}, nil
	case ast.CurrentUser:
		return varchar(a.opts.User), nil
	case ast.CurrentCatalog:
		return varchar(a.opts.CatalogName), nil
	case ast.CurrentPath:
		return varchar(""), nil
	case ast.CurrentSchema:
		if a.database == "" {
			return &Literal{Typ: types.VarcharUnbounded}, nil
		}
		return varchar(a.database), nil
	}
	p, err := precision(e)
	if err != nil {
		return nil, err
	}
	now = now.Truncate(digit(p))
	switch e.Function {
	case ast.CurrentTimestamp:
		return &Literal{Value: now, Typ: types.TimestampTZType(p)}, nil
	case ast.LocalTimestamp:
		return &Literal{Value: now, Typ: types.TimestampType(p)}, nil
	case ast.LocalTime:
		return &Literal{Value: now.Sub(now.Truncate(24 * time.Hour)), Typ: types.TimeType(p)}, nil
	default:
		return nil, notSupported(e, "%s is not supported", e.Function)
	}
}

// varchar is what the session functions give.
func varchar(s string) *Literal { return &Literal{Value: s, Typ: types.VarcharUnbounded} }

func precision(e *ast.Current) (int, error) {
	l, ok := e.Precision.(*ast.LongLiteral)
	if !ok {
		return types.DefaultTimePrecision, nil
	}
	if l.Value < 0 || l.Value > types.DuckDBPrecision {
		return 0, notSupported(e, "%s with a precision of %d is not supported", e.Function, l.Value)
	}
	return int(l.Value), nil
}

// digit is the duration of the last digit of a fraction of a second.
func digit(precision int) time.Duration {
	d := time.Second
	for range precision {
		d /= 10
	}
	return d
}

func (a *analyzer) now(e *ast.FunctionCall, _ *env) (Expr, error) {
	if len(e.Arguments) > 0 {
		return nil, errorAt(e, "FUNCTION_NOT_FOUND", "Unexpected parameters for function now. Expected: now()")
	}
	return a.current(&ast.Current{Position: e.Position, Function: ast.CurrentTimestamp})
}

func (a *analyzer) currentTimezone(e *ast.FunctionCall, _ *env) (Expr, error) {
	if len(e.Arguments) > 0 {
		return nil, errorAt(e, "FUNCTION_NOT_FOUND", "Unexpected parameters for function current_timezone. Expected: current_timezone()")
	}
	return varchar("UTC"), nil
}
