package analyzer

import (
	"regexp"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/datetime"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// zoneLike is the text of a zone that Java reads, though Trino may not know it:
// that is another error.
var zoneLike = regexp.MustCompile(`^(GMT|UTC|UT)?[+-]\d{1,2}(:?\d\d(:?\d\d)?)?$|^(Etc|SystemV)/`)

// maxZonedMillis is the latest timestamp with time zone of Trino.
const maxZonedMillis = 1<<51 - 1

// timestampLiteral is TIMESTAMP '2021-02-03 04:05:06.789 Asia/Seoul'. Its
// precision is the number of digits of the fraction.
func timestampLiteral(e *ast.GenericLiteral) (Expr, error) {
	invalid := errorAt(e, "INVALID_LITERAL", "'%s' is not a valid TIMESTAMP literal", e.Value)
	t, ok := datetime.ReadTimestamp(e.Value)
	if !ok {
		return nil, invalid
	}
	p := len(t.Digits)
	if err := literalPrecision(e, "TIMESTAMP", p); err != nil {
		return nil, err
	}
	if t.Zone == "" {
		return &Literal{Value: t.Wall, Typ: types.TimestampType(p)}, nil
	}
	zone, err := types.NormalZone(t.Zone)
	if err != nil && zoneLike.MatchString(t.Zone) && !strings.Contains(t.Zone, " ") {
		return nil, notSupported(e, "Time zone not supported: %s", t.Zone)
	}
	if err != nil {
		return nil, invalid
	}
	loc, err := types.LoadZone(zone)
	if err != nil {
		return nil, invalid
	}
	at, gap := datetime.FromLocal(t.Wall, loc)
	if gap {
		return nil, invalid
	}
	if ms := at.UnixMilli(); ms > maxZonedMillis || ms < -maxZonedMillis-1 {
		return nil, invalid
	}
	typ := types.TimestampTZType(p)
	typ.Zone = zone
	return &Literal{Value: at.In(loc), Typ: typ}, nil
}

// literalPrecision refuses more digits than Trino has, and than the engine has.
func literalPrecision(e *ast.GenericLiteral, name string, p int) error {
	switch {
	case p > types.MaxTimePrecision:
		return errorAt(e, "NUMERIC_VALUE_OUT_OF_RANGE", "%s precision must be in range [0, 12]: %d", name, p)
	case p > types.DuckDBPrecision:
		return notSupported(e, "Type %s(%d) is not supported", strings.ToLower(name), p)
	}
	return nil
}

// timeLiteral is TIME '04:05:06.789' or TIME '04:05 +09:00'.
func timeLiteral(e *ast.GenericLiteral) (Expr, error) {
	c, ok := datetime.ReadTime(e.Value)
	if !ok {
		return nil, errorAt(e, "INVALID_LITERAL", "'%s' is not a valid TIME literal", e.Value)
	}
	p := len(c.Digits)
	if err := literalPrecision(e, "TIME", p); err != nil {
		return nil, err
	}
	if c.Zoned {
		return &Literal{Value: types.TimeTZValue{SinceMidnight: c.Time, Offset: c.Minutes * 60}, Typ: types.TimeTZType(p)}, nil
	}
	return &Literal{Value: c.Time, Typ: types.TimeType(p)}, nil
}

// dateLiteral is DATE '2021-02-03'.
func dateLiteral(e *ast.GenericLiteral) (Expr, error) {
	v, ok := datetime.ReadDate(strings.TrimSpace(e.Value))
	if !ok {
		return nil, errorAt(e, "INVALID_LITERAL", "'%s' is not a valid DATE literal", e.Value)
	}
	return &Literal{Value: v, Typ: types.DateType}, nil
}

// current is current_date and its like: one value for the whole query, in UTC,
// the zone of an Athena session.
func (a *analyzer) current(e *ast.Current) (Expr, error) {
	now := a.opts.Now.UTC()
	switch e.Function {
	case ast.CurrentDate:
		a.unrepeatable(string(e.Function))
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
	a.unrepeatable(string(e.Function))
	now = datetime.RoundTime(now, p)
	clock := now.Sub(now.Truncate(24 * time.Hour))
	switch e.Function {
	case ast.CurrentTimestamp:
		return &Literal{Value: now, Typ: types.TimestampTZType(p)}, nil
	case ast.LocalTimestamp:
		return &Literal{Value: now, Typ: types.TimestampType(p)}, nil
	case ast.LocalTime:
		return &Literal{Value: clock, Typ: types.TimeType(p)}, nil
	case ast.CurrentTimeOfDay:
		return &Literal{Value: types.TimeTZValue{SinceMidnight: clock}, Typ: types.TimeTZType(p)}, nil
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

// atTimeZone is x AT TIME ZONE zone. A time of day is shown with the offset that
// the zone has as the query runs.
func (a *analyzer) atTimeZone(e *ast.AtTimeZone, ctx *env) (Expr, error) {
	x, err := a.expr(e.Value, ctx)
	if err != nil {
		return nil, err
	}
	switch x.Type().Kind {
	case types.Time, types.TimeTZ:
		zone, err := a.expr(e.Zone, ctx)
		if err != nil {
			return nil, err
		}
		fn, err := functions.TimeAtZone(x.Type(), zone.Type())
		if err != nil {
			return nil, a.fail(e, nil, err)
		}
		args, err := a.resolved(fn, []Expr{x, zone}, e)
		return &Call{Name: "AT TIME ZONE", Fn: fn, Args: args}, err
	case types.Timestamp, types.TimestampTZ:
	default:
		return nil, typeMismatch(e.Value, "Type of value must be a time or timestamp with or without time zone (actual %s)", x.Type())
	}
	return a.function("at_timezone", e, []ast.Expression{e.Value, e.Zone}, ctx)
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
