package functions

import (
	"fmt"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// toLocal is the wall clock (TIMESTAMP) of an instant in a zone.
func toLocal(zone, sql string) string {
	if name, seconds := fixedOffset(zone); name == "" {
		return fmt.Sprintf("(timezone('UTC', %s) + to_seconds(%d))", sql, seconds)
	}
	return "timezone(" + quote(zoneName(zone)) + ", " + sql + ")"
}

// fromLocal is the instant (TIMESTAMPTZ) of a wall clock in a zone.
func fromLocal(zone, sql string) string {
	if name, seconds := fixedOffset(zone); name == "" {
		return fmt.Sprintf("timezone('UTC', %s - to_seconds(%d))", sql, seconds)
	}
	return "timezone(" + quote(zoneName(zone)) + ", " + sql + ")"
}

// fixedOffset gives "" and the seconds east of UTC for a zone like +09:00.
func fixedOffset(zone string) (string, int) {
	if zone == "" || !strings.ContainsAny(zone[:1], "+-") {
		return zoneName(zone), 0
	}
	loc, err := types.LoadZone(zone)
	if err != nil {
		panic("functions: " + err.Error()) // zones are checked when a type gets one
	}
	_, seconds := epoch.In(loc).Zone()
	return "", seconds
}

func zoneName(zone string) string {
	if zone == "" {
		return "UTC"
	}
	return zone
}

// checkZone refuses a type whose zone is needed and not known.
func checkZone(t types.Type) *Error {
	if t.Kind == types.TimestampTZ && t.Zone == types.MixedZone {
		return refuse(notSupported, "The time zone of the values is not known before the query runs; use AT TIME ZONE first")
	}
	return nil
}

// local is the wall clock of a date, timestamp or timestamp with time zone.
func local(sql string, t types.Type) string {
	if t.Kind == types.TimestampTZ {
		return toLocal(t.Zone, sql)
	}
	return sql
}
