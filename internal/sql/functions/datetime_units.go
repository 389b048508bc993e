package functions

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// unit is a unit of date_trunc, date_add and date_diff.
type unit struct {
	interval string // makes an INTERVAL of an integer
	times    bool   // smaller than a day: not for dates
}

var units = map[string]unit{
	"millisecond": {"to_milliseconds(%)", true},
	"second":      {"to_seconds(%)", true},
	"minute":      {"to_minutes(%)", true},
	"hour":        {"to_hours(%)", true},
	"day":         {"to_days(CAST(% AS INTEGER))", false},
	"week":        {"to_days(CAST(% * 7 AS INTEGER))", false},
	"month":       {"to_months(CAST(% AS INTEGER))", false},
	"quarter":     {"to_months(CAST(% * 3 AS INTEGER))", false},
	"year":        {"to_months(CAST(% * 12 AS INTEGER))", false},
}

// unitSignatures are the three signatures of a function with a unit; % stands
// for the type of the time, which is argument arg.
func unitSignatures(text string, emit Emission, arg int) []Signature {
	var out []Signature
	for _, t := range []string{"date", "timestamp(p)", "timestamp(p) with time zone"} {
		out = append(out, Signature{
			Text: strings.ReplaceAll(text, "%", t), Emit: emit,
			Check: both(knownUnit(arg), known(arg)),
		})
	}
	return out
}

func unitName(c *Call) string { return strings.ToLower(constText(c, 0)) }

func knownUnit(arg int) func(*Call) *Error {
	return func(c *Call) *Error {
		if err := needConstant(c, 0, "unit"); err != nil {
			return err
		}
		u, ok := units[unitName(c)]
		t := c.Types[arg]
		if !ok || u.times && t.Kind == types.Date {
			kind := "Timestamp"
			if t.Kind == types.Date {
				kind = "DATE"
			}
			return &Error{Name: invalidArgument, Message: "'" + constText(c, 0) + "' is not a valid " + kind + " field", Arg: 0}
		}
		if u.times && unitName(c) == "millisecond" && t.Precision < 3 {
			return &Error{Name: notSupported, Message: "Milliseconds of " + t.String() + " are not supported", Arg: 0}
		}
		return nil
	}
}

func truncate(c *Call) string {
	u, t, x := unitName(c), c.Types[1], c.Args[1]
	switch {
	case t.Kind == types.Date:
		return "CAST(date_trunc('" + u + "', " + x + ") AS DATE)"
	case t.Kind == types.Timestamp:
		return "date_trunc('" + u + "', " + x + ")"
	case units[u].times:
		// Within a day the offset stays: move the instant, not the wall clock.
		wall := toLocal(t.Zone, "$1")
		return expand("($1 - ("+wall+" - date_trunc('"+u+"', "+wall+")))", []string{x})
	}
	return fromLocal(t.Zone, "date_trunc('"+u+"', "+toLocal(t.Zone, x)+")")
}

func addUnits(c *Call) string {
	u, t, x := units[unitName(c)], c.Types[2], c.Args[2]
	step := strings.ReplaceAll(u.interval, "%", c.Args[1])
	switch {
	case t.Kind == types.Date:
		return "CAST(" + x + " + " + step + " AS DATE)"
	case t.Kind == types.TimestampTZ && !u.times:
		return fromLocal(t.Zone, "("+toLocal(t.Zone, x)+" + "+step+")")
	}
	return "(" + x + " + " + step + ")"
}

// diffUnits uses DuckDB's date_sub, which counts whole units; its date_diff
// counts boundaries. Trino drops what is below a millisecond of each time.
func diffUnits(c *Call) string {
	u := unitName(c)
	var sides [2]string
	for i := range sides {
		t, x := c.Types[i+1], c.Args[i+1]
		if t.Kind == types.TimestampTZ && !units[u].times {
			x = toLocal(c.Types[1].Zone, x)
		} else if t.Kind == types.TimestampTZ {
			x = toLocal("", x)
		}
		if t.Precision > 3 {
			x = "date_trunc('millisecond', " + x + ")"
		}
		sides[i] = x
	}
	return "date_sub('" + u + "', " + sides[0] + ", " + sides[1] + ")"
}
