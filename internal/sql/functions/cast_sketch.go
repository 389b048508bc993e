package functions

import "github.com/scopsdb/scops/internal/sql/types"

// sketchCasts are the casts between sketches and the bytes that carry them.
func sketchCasts() map[[2]types.Kind]castRule {
	same := func(conversion) (string, *Error) { return "$1", nil }
	return map[[2]types.Kind]castRule{
		{types.HyperLogLog, types.Varbinary}: same, {types.Varbinary, types.HyperLogLog}: same,
		{types.TDigest, types.Varbinary}: same, {types.Varbinary, types.TDigest}: func(conversion) (string, *Error) { return "scops_tdigest_check($1)", nil },
		{types.SetDigest, types.Varbinary}: same, {types.Varbinary, types.SetDigest}: same,
		{types.SetDigest, types.HyperLogLog}:     func(conversion) (string, *Error) { return "scops_set_hll($1)", nil },
		{types.P4HyperLogLog, types.HyperLogLog}: same,
		{types.HyperLogLog, types.P4HyperLogLog}: func(conversion) (string, *Error) { return "scops_hll_dense($1)", nil },
	}
}
