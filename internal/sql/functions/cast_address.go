package functions

import "github.com/scopsdb/scops/internal/sql/types"

// addressInNetwork is the form of contains for IP addresses.
var addressInNetwork = Signature{Text: "(varchar, ipaddress) -> boolean", Emit: T("scops_ip_contains($1, $2)")}

func addressCasts() map[[2]types.Kind]castRule {
	return map[[2]types.Kind]castRule{
		{types.Varchar, types.IPAddress}:   orFail("scops_ip_parse($1)", "Cannot cast value to IPADDRESS: %s", "$1"),
		{types.Varbinary, types.IPAddress}: orFail("scops_ip_bytes($1)", "Invalid IP address binary length: %s", "octet_length($1)"),
		{types.IPAddress, types.Varchar}:   unbounded("scops_ip_text($1)"),
		{types.IPAddress, types.Varbinary}: template("$1"),
		{types.Varbinary, types.UUID}:      orFail("CAST(scops_uuid_text($1) AS UUID)", "Invalid UUID binary length: %s", "octet_length($1)"),
		{types.UUID, types.Varbinary}:      template("scops_uuid_bytes(CAST($1 AS VARCHAR))"),
		{types.UUID, types.Varchar}:        unbounded("CAST($1 AS VARCHAR)"),
	}
}

// orFail is a cast that gives NULL for what cannot be cast.
func orFail(sql, message, value string) castRule {
	return func(c conversion) (string, *Error) {
		return "(CASE WHEN $1 IS NOT NULL THEN coalesce(" + sql + ", " + c.fail(raiseWith(invalidCast, message, value)) + ") END)", nil
	}
}

// unbounded is a cast to varchar without a length, the only one there is.
func unbounded(text string) castRule {
	return func(c conversion) (string, *Error) {
		if c.to.Precision != types.UnboundedLength {
			return "", refuse(typeMismatch, "Cannot cast %s to %s", c.from, c.to)
		}
		return text, nil
	}
}
