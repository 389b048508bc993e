package functions

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// toLocal is the wall clock (TIMESTAMP) of a TIMESTAMPTZ in a zone.
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
	if zone == "" {
		return "timezone('UTC', " + sql + ")"
	}
	return expand("scops_instant($1, "+quote(zone)+")", []string{sql})
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

func isMixed(t types.Type) bool { return t.Kind == types.TimestampTZ && t.Zone == types.MixedZone }

// local is the wall clock of a date, timestamp or timestamp with time zone.
func local(sql string, t types.Type) string {
	switch {
	case isMixed(t):
		return "scops_local(" + sql + ")"
	case t.Kind == types.TimestampTZ:
		return toLocal(t.Zone, sql)
	}
	return sql
}

// instant is the TIMESTAMPTZ of a timestamp with time zone.
func instant(sql string, t types.Type) string {
	if isMixed(t) {
		return "make_timestamptz(epoch_us(" + sql + "))"
	}
	return sql
}

// fromWall is a value of t with the wall clock and the zone of another value,
// which is like.
func fromWall(wall string, t types.Type, like string) string {
	switch {
	case isMixed(t):
		return "scops_like_zone(" + wall + ", " + like + ")"
	case t.Kind == types.TimestampTZ:
		return fromLocal(t.Zone, wall)
	}
	return wall
}

// column is a name that emitted SQL gives to a column or an argument of a
// lambda.
var column = regexp.MustCompile(`\b(s[0-9]+|scops_[0-9e]\w*)\b`)

// withZone makes values with zones of their own of a TIMESTAMPTZ; zone is SQL. To
// DuckDB two such constants are the same where the instants are, so it must
// never see one: the function that it cannot compute beforehand takes constants.
func withZone(instant, zone string) string {
	return fresh(mayFail("scops_zoned", instant, zone), instant+zone)
}

// fresh hides a value with a zone of its own from DuckDB's optimizer where the
// SQL that it is computed from has no columns.
func fresh(sql, from string) string {
	if column.MatchString(from) {
		return sql
	}
	return "scops_fresh(" + sql + ")"
}

// nearWall is fromWall of a wall clock that stands for another time than like,
// whose offset counts where both would do.
func nearWall(wall string, t types.Type, like string) string {
	if name, _ := fixedOffset(t.Zone); t.Kind == types.TimestampTZ && !isMixed(t) && name != "" && t.Zone != "" {
		return "scops_instant_near(" + wall + ", " + like + ", " + quote(t.Zone) + ")"
	}
	return fromWall(wall, t, like)
}

// zoneText is the name of the zone of each value.
func zoneText(sql string, t types.Type) string {
	if isMixed(t) {
		return "scops_zone_name(" + sql + ")"
	}
	return quote(zoneName(t.Zone))
}

// ownZone says whether values of a type are carried with zones of their own,
// which DuckDB compares rightly but for functions that make sort keys of them:
// those get the instants.
func ownZone(t types.Type) bool { return isMixed(t) || t.Kind == types.TimeTZ }

// extremeInstant is greatest or least of n arguments, the first of equal ones.
func extremeInstant(name string, n int) string {
	op := ">="
	if name == "least" {
		op = "<="
	}
	cases := ""
	for i := 1; i < n; i++ {
		cases += " WHEN "
		for j := 1; j <= n; j++ {
			if j > 1 {
				cases += " AND "
			}
			cases += sprint("epoch_us($%d) %s epoch_us($%d)", i, op, j)
		}
		cases += sprint(" THEN $%d", i)
	}
	if n == 1 {
		return "$1"
	}
	return sprint("CASE%s ELSE $%d END", cases, n)
}

// byKey is max_by or min_by.
func byKey(function string) Emission {
	return func(c *Call) string {
		if ownZone(c.Types[1]) {
			return A(function + "<$1, epoch_us($2)>")(c)
		}
		return A(function + "<$1, $2>")(c)
	}
}

// sortArray sorts values with zones of their own by their instants.
func sortArray(c *Call) string {
	if !ownZone(c.Types[0].Elem()) {
		return expand("list_sort($1, 'ASC', 'NULLS LAST')", c.Args)
	}
	return expand("list_concat(list_transform(list_sort(list_transform(list_filter($1, lambda scops_e: scops_e IS NOT NULL),"+
		" lambda scops_e: struct_pack(k := epoch_us(scops_e), v := scops_e))), lambda scops_e: scops_e.v),"+
		" list_filter($1, lambda scops_e: scops_e IS NULL))", c.Args)
}
