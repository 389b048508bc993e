package duckdbudf

import "database/sql/driver"

var (
	doubles = list(double)
	bigints = list(bigint)
	texts   = list(text)
	blobs   = list(blob)
)

// elements is a list argument as a slice. Emitted SQL collects the values of a
// group with list(), without NULL.
func elements[T any](v driver.Value) []T {
	in, _ := v.([]any)
	out := make([]T, len(in))
	for i, e := range in {
		out[i], _ = e.(T)
	}
	return out
}
