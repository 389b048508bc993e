package functions

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// unit is a unit of date_trunc, date_add and date_diff.
type unit struct {
	name     string
	interval string // makes an INTERVAL of an integer
	micros   int64  // of the units smaller than a day, which are not for dates
}

var units = []unit{
	{"millisecond", "to_milliseconds(%)", 1000},
	{"second", "to_seconds(%)", 1_000_000},
	{"minute", "to_minutes(%)", 60_000_000},
	{"hour", "to_hours(%)", 3_600_000_000},
	{"day", "to_days(CAST(% AS INTEGER))", 0},
	{"week", "to_days(CAST(% * 7 AS INTEGER))", 0},
	{"month", "to_months(CAST(% AS INTEGER))", 0},
	{"quarter", "to_months(CAST(% * 3 AS INTEGER))", 0},
	{"year", "to_months(CAST(% * 12 AS INTEGER))", 0},
}

// fits says whether a unit is one of a kind of times.
func (u unit) fits(t types.Type) bool {
	switch t.Kind {
	case types.Date:
		return u.micros == 0
	case types.Time, types.TimeTZ:
		return u.micros > 0
	}
	return true
}

// unitFields are the names of the kinds in the message about a wrong unit.
var unitFields = map[types.Kind]string{types.Date: "DATE", types.Time: "TIME", types.TimeTZ: "TIME"}

// unitSignatures are the signatures of a function with a unit; % stands for the
// type of the time, which is argument arg.
func unitSignatures(text string, emit func(*Call, unit) string, arg int) []Signature {
	var out []Signature
	for _, t := range []string{"date", "time(p)", "time(p) with time zone", "timestamp(p)", "timestamp(p) with time zone"} {
		out = append(out, Signature{Text: strings.ReplaceAll(text, "%", t), Emit: byUnit(emit, arg)})
	}
	return out
}

// byUnit emits for the unit, or for all of them where it is no constant.
func byUnit(emit func(*Call, unit) string, arg int) Emission {
	return func(c *Call) string {
		t := c.Types[arg]
		if name, ok := c.Consts[0].(string); ok && c.IsConst[0] {
			for _, u := range units {
				if u.name == strings.ToLower(name) && u.fits(t) {
					return emit(c, u)
				}
			}
		}
		var b strings.Builder
		b.WriteString("(CASE lower($1)")
		for _, u := range units {
			if u.fits(t) {
				b.WriteString(" WHEN '" + u.name + "' THEN " + emit(withPlaces(c), u))
			}
		}
		field := unitFields[t.Kind]
		if field == "" {
			field = "TIMESTAMP"
		}
		b.WriteString(" ELSE CASE WHEN " + noNull(len(c.Args)) + " THEN " + raiseWith(invalidArgument, "'%s' is not a valid "+field+" field", "$1") + " END END)")
		return expand(b.String(), c.Args)
	}
}

// withPlaces is a call with places of a template for its arguments.
func withPlaces(c *Call) *Call {
	out := *c
	out.Args = make([]string, len(c.Args))
	for i := range out.Args {
		out.Args[i] = fmt.Sprintf("$%d", i+1)
	}
	return &out
}

// noNull is the condition that no argument is NULL.
func noNull(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf("$%d IS NOT NULL", i+1)
	}
	return strings.Join(parts, " AND ")
}

func truncate(c *Call, u unit) string {
	t, x := c.Types[1], c.Args[1]
	switch {
	case t.Kind == types.Date:
		return "CAST(date_trunc('" + u.name + "', " + x + ") AS DATE)"
	case t.Kind == types.Timestamp:
		return "date_trunc('" + u.name + "', " + x + ")"
	case t.Kind == types.Time:
		return expand(fmt.Sprintf("scops_clock(epoch_us($1) - epoch_us($1) %% %d)", u.micros), []string{x})
	case t.Kind == types.TimeTZ:
		return expand(fmt.Sprintf("scops_carried(scops_of_day(epoch_us($1) - scops_time_of_day($1) %% %d), scops_offset($1))", u.micros), []string{x})
	case u.micros > 0:
		// Within a day the offset stays: move the instant, not the wall clock.
		wall := local("$1", t)
		return expand("($1 - ("+wall+" - date_trunc('"+u.name+"', "+wall+")))", []string{x})
	}
	wall := local("$1", t)
	return expand(nearWall("date_trunc('"+u.name+"', "+wall+")", t, "$1"), []string{x})
}

// addUnits rounds where the value has no milliseconds.
func addUnits(c *Call, u unit) string {
	t, x := c.Types[2], c.Args[2]
	switch t.Kind {
	case types.Time, types.TimeTZ:
		return addToClock(t, u, c.Args[1], x)
	}
	step := strings.ReplaceAll(u.interval, "%", stepOf(c))
	precision := t.Precision
	if u.name == "millisecond" {
		precision = max(precision, 3)
	}
	switch {
	case t.Kind == types.Date:
		return "CAST(" + x + " + " + step + " AS DATE)"
	case t.Kind == types.TimestampTZ && u.micros == 0:
		wall := local("$1", t)
		return expand(nearWall("("+wall+" + $2)", t, "$1"), []string{x, step})
	case isMixed(t):
		return roundZoned("("+x+" + "+step+")", precision, t.Precision)
	}
	return roundTime("("+x+" + "+step+")", precision, t.Precision)
}

// stepOf is the number of units, which must be an integer of 32 bits.
func stepOf(c *Call) string {
	const limit = 1<<31 - 1
	if n, ok := c.Consts[1].(int64); ok && c.IsConst[1] && n <= limit && n >= -limit {
		return c.Args[1]
	}
	name := invalidArgument
	if c.Types[2].Kind == types.Date {
		name = "GENERIC_INTERNAL_ERROR"
	}
	return expand("(CASE WHEN $1 NOT BETWEEN -2147483648 AND 2147483647 THEN "+raise(name, "integer overflow")+" ELSE $1 END)", []string{c.Args[1]})
}

// addToClock adds around the day.
func addToClock(t types.Type, u unit, n, x string) string {
	micros := fmt.Sprintf("scops_of_day(epoch_us($1) + ($2 %% %d) * %d)", 86_400_000_000/u.micros, u.micros)
	if u.name == "millisecond" && t.Precision < 3 {
		micros = fmt.Sprintf("(scops_round_micros(%s, %d) %% 86400000000)", micros, roundUnit(t.Precision))
	}
	if t.Kind == types.Time {
		return expand("scops_clock("+micros+")", []string{x, n})
	}
	return expand("scops_carried("+micros+", scops_offset($1))", []string{x, n})
}

// diffUnits uses DuckDB's date_sub, which counts whole units; its date_diff
// counts boundaries. Trino drops what is below a millisecond of each time.
func diffUnits(c *Call, u unit) string {
	if k := c.Types[1].Kind; k == types.Time || k == types.TimeTZ {
		return expand(fmt.Sprintf("((epoch_us($2) - epoch_us($1)) // %d)", u.micros), c.Args[1:])
	}
	var sides [2]string
	for i := range sides {
		t, x := c.Types[i+1], c.Args[i+1]
		if t.Kind == types.TimestampTZ {
			x = instant(x, t)
			switch a := c.Types[1]; {
			case u.micros > 0 || a.Precision > 3: // Trino counts those in UTC
				x = toLocal("", x)
			case isMixed(a): // both in the zone of the first
				x = "scops_local(" + mayFail("scops_zoned", x, zoneText(c.Args[1], a)) + ")"
			default:
				x = toLocal(a.Zone, x)
			}
		}
		if t.Precision > 3 {
			x = "date_trunc('millisecond', " + x + ")"
		}
		sides[i] = x
	}
	return "date_sub('" + u.name + "', " + sides[0] + ", " + sides[1] + ")"
}
