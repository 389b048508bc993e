package rig

import (
	"cmp"
	"fmt"
	"slices"
)

// Median of at least one value.
func Median(v []float64) float64 { return Percentile(v, 0.5) }

// Percentile is the value below which the given part (0 to 1) of at least one
// value lies.
func Percentile[T cmp.Ordered](v []T, part float64) T {
	s := slices.Sorted(slices.Values(v))
	return s[min(int(part*float64(len(s))), len(s)-1)]
}

// Ratios divides round by round and writes the median with the extremes:
// "2.1 (1.8-2.6)".
func Ratios(a, b []float64) string {
	q := make([]float64, min(len(a), len(b)))
	for i := range q {
		q[i] = a[i] / b[i]
	}
	return Spread(q)
}

// Spread writes the median of values with their extremes.
func Spread(v []float64) string {
	return fmt.Sprintf("%s (%s-%s)", number(Median(v)), number(slices.Min(v)), number(slices.Max(v)))
}

// number writes three or more digits of a value.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
