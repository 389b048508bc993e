package transform

import (
	"fmt"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/types"
)

// assignment writes an expression of a type as the value of a column, as
// Trino's INSERT converts it: by implicit coercion alone. Texts of another
// length are not cast, which would cut them; their length is checked by row.
func assignment(sql string, from types.Type, to catalog.Column) (string, error) {
	t, err := types.FromHive(to.Type)
	if err != nil {
		return "", fmt.Errorf("column %s: %w", to.Name, err)
	}
	switch {
	case sameButLengths(from, t):
		return sql, nil
	case types.CanCoerce(from, t):
		return "CAST(" + sql + " AS " + t.String() + ")", nil
	}
	return "", fmt.Errorf("mismatched column types: column %s of the table is %s, the query gives %s", to.Name, t, from)
}

// sameButLengths says whether two types differ in the lengths of texts alone.
func sameButLengths(a, b types.Type) bool {
	if isText(a.Kind) && isText(b.Kind) {
		return true
	}
	if a.Kind != b.Kind || len(a.Fields) != len(b.Fields) {
		return false
	}
	if len(a.Fields) == 0 {
		return a.Precision == b.Precision && a.Scale == b.Scale
	}
	for i := range a.Fields {
		if !sameButLengths(a.Fields[i].Type, b.Fields[i].Type) {
			return false
		}
	}
	return true
}

func isText(k types.Kind) bool { return k == types.Varchar || k == types.Char }
