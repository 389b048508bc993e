package duckdbudf

import (
	"database/sql/driver"
	"math"
	"slices"
)

// fractionsOf reads the percentiles of a call.
func fractionsOf(v driver.Value) ([]float64, error) {
	in, _ := v.([]any)
	out := make([]float64, len(in))
	for i, e := range in {
		f, ok := e.(float64)
		switch {
		case !ok:
			return nil, failure("INVALID_FUNCTION_ARGUMENT", "Percentile cannot be null")
		case !(f >= 0 && f <= 1):
			return nil, failure("INVALID_FUNCTION_ARGUMENT", "Percentile must be between 0 and 1")
		}
		out[i] = f
	}
	return out, nil
}

// percentiles are the values at floor(fraction * number), from 0.
func percentiles[T int64 | float64](args []driver.Value) (any, error) {
	values := elements[T](args[0])
	wanted, err := fractionsOf(args[1])
	if err != nil || len(values) == 0 {
		return nil, err
	}
	for _, v := range values {
		if v != v {
			return nil, failure("GENERIC_INTERNAL_ERROR", "value is NaN")
		}
	}
	slices.Sort(values)
	out := make([]T, len(wanted))
	for i, f := range wanted {
		at := int(math.Floor(f * float64(len(values))))
		out[i] = values[min(at, len(values)-1)]
	}
	return out, nil
}

// weightedPercentiles are the values at percentiles of a t-digest.
func weightedPercentiles(args []driver.Value) (any, error) {
	values, weights := elements[float64](args[0]), elements[float64](args[1])
	wanted, err := fractionsOf(args[2])
	if err != nil {
		return nil, err
	}
	d := newTDigest(defaultCompression)
	for i, v := range values {
		if !(weights[i] > 0) {
			return nil, failure("INVALID_FUNCTION_ARGUMENT", "percentile weight must be > 0")
		}
		if err := d.add(v, weights[i]); err != nil {
			return nil, failure("GENERIC_INTERNAL_ERROR", "%s", err)
		}
	}
	// Trino's workers exchange the serialized form, which holds fewer centroids.
	if d, err = readTDigest(d.bytes()); err != nil {
		return nil, err
	}
	out := make([]float64, len(wanted))
	for i, f := range wanted {
		out[i] = d.valueAt(f)
	}
	return out, nil
}
