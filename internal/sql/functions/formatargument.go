package functions

import "github.com/scopsdb/scops/internal/sql/types"

// formatClasses are the values of format's arguments by kind, as SQL: a letter
// for the Java class that Trino makes of the type, and the text that
// duckdbudf's format reads.
var formatClasses = map[types.Kind]string{
	types.Boolean: "'b' || CAST($1 AS VARCHAR)",
	types.TinyInt: "'i' || CAST($1 AS VARCHAR)", types.SmallInt: "'i' || CAST($1 AS VARCHAR)",
	types.Integer: "'i' || CAST($1 AS VARCHAR)", types.BigInt: "'i' || CAST($1 AS VARCHAR)",
	types.Double: "'d' || CAST($1 AS VARCHAR)", types.Real: "'f' || CAST($1 AS VARCHAR)",
	types.Varchar: "'s' || $1", types.Char: "'s' || $1", types.JSON: "'s' || $1",
	types.Date:      "'D' || CAST(date_diff('day', DATE '1970-01-01', $1) AS VARCHAR)",
	types.Timestamp: "'T' || CAST(epoch_us($1) AS VARCHAR)",
	types.Time:      "'C' || CAST(epoch_us($1) AS VARCHAR)",
}

// FormatArgument resolves what becomes of an argument of format before it is
// called: a text that is never NULL. An error is NOT_SUPPORTED, "Type not
// supported for formatting: varbinary".
func FormatArgument(t types.Type) (*Resolved, error) {
	unsupported := refuse(notSupported, "Type not supported for formatting: %s", t)
	template, ok := formatClasses[t.Kind]
	switch {
	case t.Kind == types.Unknown:
		template = "CAST(NULL AS VARCHAR)"
	case t.Kind == types.TimestampTZ:
		template = "'Z' || CAST(epoch_us($1) AS VARCHAR) || ' ' || " + zoneText("$1", t)
	case t.Kind == types.Decimal:
		text, err := decimalToVarchar(conversion{from: t, to: types.VarcharUnbounded})
		if err != nil {
			return nil, unsupported
		}
		template = "'n' || " + text
	case !ok:
		text, err := castTemplate(conversion{from: t, to: types.VarcharUnbounded})
		if err != nil {
			return nil, unsupported
		}
		template = "'s' || " + text
	}
	return &Resolved{ArgTypes: []types.Type{t}, ReturnType: types.VarcharUnbounded,
		emission: T("coalesce(" + template + ", 'N')")}, nil
}
