package duckdbudf

import (
	"database/sql/driver"
	"math"
	"math/big"
)

// moments are the central moments of numbers, updated one by one as Trino's
// AggregationUtils does, so that the last digits are the same.
type moments struct{ n, m1, m2, m3, m4 float64 }

func momentsOf(values []float64) moments {
	var s moments
	for _, x := range values {
		before := s.n
		s.n++
		delta := x - s.m1
		deltaN := delta / s.n
		deltaN2 := deltaN * deltaN
		dm2 := delta * deltaN * before
		s.m4 = s.m4 + dm2*deltaN2*(s.n*s.n-3*s.n+3) + 6*deltaN2*s.m2 - 4*deltaN*s.m3
		s.m3 = s.m3 + dm2*deltaN*(s.n-2) - 3*deltaN*s.m2
		s.m2 += dm2
		s.m1 += deltaN
	}
	return s
}

func skewness(args []driver.Value) (any, error) {
	s := momentsOf(elements[float64](args[0]))
	if s.n < 3 {
		return nil, nil
	}
	return math.Sqrt(s.n) * s.m3 / sqrtOfCube(s.m2), nil
}

// sqrtOfCube is x to the power of 1.5, rounded once as Java's pow does nearly
// always.
func sqrtOfCube(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 0) {
		return math.Pow(x, 1.5)
	}
	const precision = 200
	b := new(big.Float).SetPrec(precision).SetFloat64(x)
	cube := new(big.Float).SetPrec(precision).Mul(b, b)
	out, _ := cube.Sqrt(cube.Mul(cube, b)).Float64()
	return out
}

// kurtosis is the excess kurtosis.
func kurtosis(args []driver.Value) (any, error) {
	s := momentsOf(elements[float64](args[0]))
	n := s.n
	if n < 4 {
		return nil, nil
	}
	return ((n-1)*n*(n+1))/((n-2)*(n-3))*s.m4/(s.m2*s.m2) - 3*((n-1)*(n-1))/((n-2)*(n-3)), nil
}

// pairs are the moments of pairs of a dependent y and an independent x.
type pairs struct{ meanX, meanY, c2, m2x, m2y float64 }

// overPairs makes a function of two lists of equal length, y and x. What is not
// a finite number is NULL.
func overPairs(result func(*pairs) float64) func([]driver.Value) (any, error) {
	return func(args []driver.Value) (any, error) {
		ys, xs := elements[float64](args[0]), elements[float64](args[1])
		var s pairs
		for i := range xs {
			s.add(float64(i+1), ys[i], xs[i])
		}
		out := result(&s)
		if math.IsNaN(out) || math.IsInf(out, 0) {
			return nil, nil
		}
		return out, nil
	}
}

func (s *pairs) add(n, y, x float64) {
	dx, dy := x-s.meanX, y-s.meanY
	s.meanX += dx / n
	s.meanY += dy / n
	s.c2 += dx * (y - s.meanY)
	s.m2x += dx * (x - s.meanX)
	s.m2y += dy * (y - s.meanY)
}

func (s *pairs) correlation() float64 { return s.c2 / math.Sqrt(s.m2x) / math.Sqrt(s.m2y) }
func (s *pairs) slope() float64       { return s.c2 / s.m2x }
func (s *pairs) intercept() float64   { return s.meanY - s.slope()*s.meanX }
