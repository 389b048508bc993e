package projection

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// injected are the values that the predicate gives a key by equality.
func (k key) injected(domains map[string]predicate.Domain) ([]candidate, error) {
	d, restricted := domains[k.name]
	if !restricted {
		return nil, k.noCondition("")
	}
	if d.Null {
		return nil, k.noCondition(" Predicates provided cannot be converted to a valid partition.")
	}
	out := make([]candidate, len(d.Ranges))
	for i, r := range d.Ranges {
		v, ok := single(r)
		if !ok {
			return nil, k.noCondition("")
		}
		s := k.textOf(v)
		out[i] = k.candidate(text{s, s})
	}
	return out, nil
}

func (k key) noCondition(more string) error {
	return fail(errConstraint, "For the injected projected partition column %s, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.%s", k.name, more)
}

// textOf writes a value of a type that readInjected takes, as Hive does.
func (k key) textOf(v any) string {
	switch v := v.(type) {
	case string:
		if k.typ.Kind == types.Char {
			return strings.TrimRight(v, " ")
		}
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		return v.Format(time.DateOnly)
	}
	return fmt.Sprint(v)
}
