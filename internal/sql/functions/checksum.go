package functions

import (
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// checksum adds the hashes of all values; a NULL counts as the hash 1.
func checksum(c *Call) string {
	hash, _ := xxHash(c.Types[0], c.Args[0])
	with := *c
	with.Args = []string{hash}
	return A("scops_checksum(sum<CAST(coalesce($1, 1) AS HUGEINT)>)")(&with)
}

func hashable(c *Call) *Error {
	if _, ok := xxHash(c.Types[0], "x"); !ok {
		return refuse(notSupported, "The checksum of %s is not supported", c.Types[0])
	}
	return nil
}

// hashTemplates give the XX_HASH_64 of the kinds that are one machine word or
// bytes: see the operators of Trino's types. A timestamp with time zone is
// among them up to milliseconds.
var hashTemplates = map[types.Kind]string{
	types.Boolean: "scops_hash_bigint(CAST($1 AS BIGINT))", types.TinyInt: "scops_hash_bigint($1)", types.SmallInt: "scops_hash_bigint($1)",
	types.Integer: "scops_hash_bigint($1)", types.BigInt: "scops_hash_bigint($1)",
	types.IntervalDaySecond: "scops_hash_bigint($1)", types.IntervalYearMonth: "scops_hash_bigint($1)",
	types.Real: "scops_hash_real($1)", types.Double: "scops_hash_double($1)",
	types.Varchar: "scops_hash_bytes(encode($1))", types.JSON: "scops_hash_bytes(encode($1))", types.Char: "scops_hash_bytes(encode(rtrim($1, ' ')))",
	types.Varbinary: "scops_hash_bytes($1)", types.Date: "scops_hash_bigint(CAST(date_diff('day', DATE '1970-01-01', $1) AS BIGINT))",
	types.Timestamp: "scops_hash_bigint(epoch_us($1))", types.Time: "scops_hash_bigint(epoch_us($1) * 1000000)",
}

// xxHash is the hash of an expression as BIGINT, NULL of NULL; false where Trino
// hashes something that the engine does not keep.
func xxHash(t types.Type, sql string) (string, bool) {
	if template, ok := hashTemplates[t.Kind]; ok {
		return fill(template, []string{sql}), true
	}
	switch t.Kind {
	case types.Decimal:
		if t.Precision <= 18 {
			return "scops_hash_bigint(CAST(" + unscaled(sql, t) + " AS BIGINT))", true
		}
		return "scops_hash_hugeint(" + unscaled(sql, t) + ")", true
	case types.TimestampTZ:
		return "scops_hash_bigint(epoch_ms(" + instant(sql, t) + "))", t.Precision <= 3
	case types.Array:
		hashes, ok := elementHashes(t.Elem(), sql)
		return "scops_hash_array(" + hashes + ")", ok
	case types.Map:
		keys, ok1 := elementHashes(t.Key(), "map_keys("+sql+")")
		values, ok2 := elementHashes(t.Value(), "map_values("+sql+")")
		return "scops_hash_map(" + keys + ", " + values + ")", ok1 && ok2
	case types.Row:
		return rowHash(t, sql)
	}
	return "", false
}

func elementHashes(t types.Type, list string) (string, bool) {
	depth := "scops_h" + strconv.Itoa(strings.Count(list, "lambda"))
	hash, ok := xxHash(t, depth)
	return "list_transform(" + list + ", lambda " + depth + ": coalesce(" + hash + ", 0))", ok
}

func rowHash(t types.Type, sql string) (string, bool) {
	parts := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		hash, ok := xxHash(f.Type, Dereference(t, i, sql))
		if !ok {
			return "", false
		}
		parts[i] = "coalesce(" + hash + ", 0)"
	}
	return "(CASE WHEN " + sql + " IS NOT NULL THEN scops_hash_row([" + strings.Join(parts, ", ") + "]) END)", true
}
