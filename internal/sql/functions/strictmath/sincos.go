package strictmath

import "math"

// Half of π in three parts: products of the first two with small integers are
// exact.
const (
	halfPiHigh   = 1.57079632673412561417e+00
	halfPiMiddle = 6.07710050630396597660e-11
	halfPiLow    = 2.02226624879595063154e-21
)

// A sixth, negative, as the sum of two doubles.
const (
	sixthHigh = -0.16666666666666666
	sixthLow  = -9.25185853854297066e-18
)

// The terms of the series of sine from the fifth power on and of cosine from the
// fourth on.
var (
	sinSeries = [...]float64{1. / 120, -1. / 5040, 1. / 362880, -1. / 39916800, 1. / 6227020800, -1. / 1307674368000, 1. / 355687428096000}
	cosSeries = [...]float64{1. / 24, -1. / 720, 1. / 40320, -1. / 3628800, 1. / 479001600, -1. / 87178291200, 1. / 20922789888000}
)

// Sin is the sine of an angle of at most some hundred turns, correctly rounded
// but for rare cases, as the JVM's is.
func Sin(x float64) float64 { return angled.sum(quarter(x, 0)) }

// Cos is the cosine, as Sin.
func Cos(x float64) float64 { return angled.sum(quarter(x, 1)) }

// angled is a number as the sum of two doubles.
type angled struct{ high, low float64 }

// normal makes the low part less than a digit of the high one.
func normal(high, low float64) angled {
	sum := high + low
	return angled{sum, (high - sum) + low}
}

func (p angled) sum() float64 { return p.high + p.low }

// quarter is the sine of the angle that is so many quarter turns further.
func quarter(x float64, quarters int) angled {
	n := math.RoundToEven(x * (2 / math.Pi))
	t := x - float64(n*halfPiHigh)
	w := float64(n * halfPiMiddle)
	r := t - w
	w = float64(n*halfPiLow) - ((t - r) - w)
	y := r - w
	angle := angled{y, (r - y) - w}
	k := (int(n) + quarters) & 3
	out := sinPair(angle)
	if k&1 == 1 {
		out = cosPair(angle)
	}
	if k&2 == 2 {
		return angled{-out.high, -out.low}
	}
	return out
}

// square is x*x.
func (p angled) square() angled {
	high := p.high * p.high
	return angled{high, math.FMA(p.high, p.high, -high) + 2*p.high*p.low}
}

// sinPair sums x - x³/6 in pairs and the rest, which is small, in doubles.
func sinPair(x angled) angled {
	z := x.square()
	cube := x.high * z.high
	cubeLow := math.FMA(x.high, z.high, -cube) + x.high*z.low + x.low*z.high
	term := cube * sixthHigh
	termLow := math.FMA(cube, sixthHigh, -term) + cube*sixthLow + cubeLow*sixthHigh
	high := x.high + term
	low := (x.high - high) + term
	return normal(high, low+(termLow+x.low+cube*z.high*polynomial(sinSeries[:], z.high)))
}

// cosPair sums 1 - x²/2 in pairs and the rest in doubles.
func cosPair(x angled) angled {
	z := x.square()
	half := 0.5 * z.high
	high := 1 - half
	low := (1 - high) - half
	return normal(high, low+(z.high*z.high*polynomial(cosSeries[:], z.high)-0.5*z.low))
}

func polynomial(terms []float64, z float64) float64 {
	out := 0.0
	for i := len(terms) - 1; i >= 0; i-- {
		out = out*z + terms[i]
	}
	return out
}
