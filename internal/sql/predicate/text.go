package predicate

import (
	"fmt"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/sql/types"
)

// String is a predicate as SQL, for EXPLAIN, messages and tests.
func String(p Predicate) string {
	switch p := p.(type) {
	case And:
		if len(p) == 0 {
			return "true"
		}
		return "(" + join(p, " AND ") + ")"
	case Or:
		if len(p) == 0 {
			return "false"
		}
		return "(" + join(p, " OR ") + ")"
	case Not:
		if n, ok := p.Of.(IsNull); ok {
			return n.Column + " IS NOT NULL"
		}
		return "NOT " + String(p.Of)
	case Compare:
		return p.Column + " " + string(p.Op) + " " + value(p.Value)
	case In:
		values := make([]string, len(p.Values))
		for i, v := range p.Values {
			values[i] = value(v)
		}
		return p.Column + " IN (" + strings.Join(values, ", ") + ")"
	case IsNull:
		return p.Column + " IS NULL"
	case Like:
		text := p.Column + " LIKE " + value(p.Pattern)
		if p.Escape != 0 {
			text += " ESCAPE " + value(string(p.Escape))
		}
		return text
	case Test:
		return p.Text
	default:
		return "any"
	}
}

func join(parts []Predicate, separator string) string {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = String(p)
	}
	return strings.Join(texts, separator)
}

// value writes a constant. A decimal is written without its point, which only
// its column's type knows.
func value(v any) string {
	switch v := v.(type) {
	case string:
		return "'" + strings.ReplaceAll(v, "'", "''") + "'"
	case time.Time:
		if v.Equal(v.Truncate(24 * time.Hour)) {
			return "'" + v.Format(time.DateOnly) + "'"
		}
		return "'" + v.Format("2006-01-02 15:04:05.999999") + "'"
	case types.DecimalValue:
		return v.Unscaled().String()
	default:
		return fmt.Sprint(v)
	}
}
