package functions

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

const conditionalFamily = "conditional"

var conditionals = []Function{
	{Name: "coalesce", OwnNulls: true, Doc: "First argument that is not NULL.", Example: "coalesce(NULL, 1) = 1",
		Sigs: []Signature{{Text: "(T, T...) -> T", Emit: T("coalesce($*)")}}},
	{Name: "nullif", OwnNulls: true, Doc: "NULL if both arguments are equal, else the first.", Example: "nullif(1, 1) IS NULL",
		Sigs: []Signature{{Text: "(T, T) -> T [T:comparable]", Check: plainOnly, Emit: T("nullif($1, $2)")}}},
	{Name: "if", OwnNulls: true, Doc: "Second argument if the condition is true, else the third or NULL.", Example: "if(true, 1, 2) = 1",
		Sigs: []Signature{
			{Text: "(boolean, T) -> T", Emit: T("(CASE WHEN $1 THEN $2 END)")},
			{Text: "(boolean, T, T) -> T", Emit: T("(CASE WHEN $1 THEN $2 ELSE $3 END)")},
		}},
	{Name: "typeof", OwnNulls: true, Doc: "Name of the argument's type.", Example: "typeof(1.5) = 'decimal(2,1)'",
		Sigs: []Signature{{Text: "(T) -> varchar", Emit: func(c *Call) string { return quote(displayName(c.Types[0])) }}}},
}

// plainOnly refuses types on which DuckDB compares in another way.
func plainOnly(c *Call) *Error {
	if !plainComparison(c.Types[0]) {
		return refuse(notSupported, "Comparison of %s is not supported here", c.Types[0])
	}
	return nil
}

// displayName is the type as typeof says it: without the quotes of field names.
func displayName(t types.Type) string { return strings.ReplaceAll(t.String(), `"`, "") }
