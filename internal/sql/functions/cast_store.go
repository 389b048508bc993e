package functions

import (
	"fmt"

	"github.com/scopsdb/scops/internal/sql/types"
)

// StoreCast is the cast with which INSERT puts a value of a query into a column.
// Into varchar(n) and char(n) only spaces are cut: a text that is longer is an
// error, as in Trino (LogicalPlanner.noTruncationCast).
func StoreCast(from, to types.Type) (*Resolved, error) {
	if !from.IsString() || !to.IsString() || to.Precision == types.UnboundedLength {
		return cast(from, to, false)
	}
	template, err := castTemplate(conversion{from: from, to: to})
	if err != nil {
		return nil, err
	}
	message := fmt.Sprintf("Cannot truncate non-space characters when casting from %s to %s on INSERT", from, to)
	guarded := fmt.Sprintf("(CASE WHEN length(rtrim($1, ' ')) <= %d THEN %s WHEN $1 IS NOT NULL THEN %s END)", to.Precision, template, raise(invalidCast, message))
	return &Resolved{ArgTypes: []types.Type{from}, ReturnType: to, emission: T(guarded)}, nil
}
