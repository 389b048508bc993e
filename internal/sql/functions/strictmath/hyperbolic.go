package strictmath

import "math"

const (
	lnHigh     = 6.93147180369123816490e-01
	lnLow      = 1.90821492927058770002e-10
	invLn      = 1.44269504088896338700e+00
	maxLog     = 0x40862e42         // high word of the logarithm of the largest double
	overflowed = 0x408633ce8fb9f87d // bits of where sinh and cosh overflow
)

var expP = [5]float64{1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05,
	-1.65339022054652515390e-06, 4.13813679705723846039e-08}

// exp is e to the x of |x| below 710; it is not the exp of queries, which the
// JVM computes in another way.
func exp(x float64) float64 {
	word := highWord(x)
	var hi, lo float64
	k := 0
	switch {
	case word > 0x3fd62e42 && word < 0x3ff0a2b2:
		k = 1
		if x < 0 {
			k = -1
		}
		hi, lo = x-float64(float64(k)*lnHigh), float64(k)*lnLow
		x = hi - lo
	case word > 0x3fd62e42:
		k = int(invLn*x + math.Copysign(0.5, x))
		hi, lo = x-float64(float64(k)*lnHigh), float64(k)*lnLow
		x = hi - lo
	case word < 0x3e300000:
		return 1 + x
	}
	t := x * x
	c := x - float64(t*horner(t, expP[:]))
	if k == 0 {
		return 1 - ((float64(x*c))/(c-2.0) - x)
	}
	return math.Ldexp(1-((lo-(float64(x*c))/(2.0-c))-hi), k)
}

// Sinh is the hyperbolic sine.
func Sinh(x float64) float64 {
	word, a := highWord(x), math.Abs(x)
	h := math.Copysign(0.5, x)
	switch {
	case word >= 0x7ff00000:
		return x + x
	case word < 0x3e300000: // 2^-28
		return x
	case word < 0x40360000: // 22
		t := math.Expm1(a)
		if word < 0x3ff00000 {
			return h * (2.0*t - float64(t*t)/(t+1))
		}
		return h * (t + t/(t+1))
	case word < maxLog:
		return h * exp(a)
	case math.Float64bits(a) <= overflowed:
		w := exp(0.5 * a)
		return h * w * w
	}
	return math.Copysign(math.Inf(1), x)
}

// Cosh is the hyperbolic cosine.
func Cosh(x float64) float64 {
	word, a := highWord(x), math.Abs(x)
	switch {
	case word >= 0x7ff00000:
		return x * x
	case word < 0x3fd62e43: // half of ln 2
		t := math.Expm1(a)
		w := 1 + t
		if word < 0x3c800000 {
			return w
		}
		return 1 + float64(t*t)/(w+w)
	case word < 0x40360000: // 22
		t := exp(a)
		return 0.5*t + 0.5/t
	case word < maxLog:
		return 0.5 * exp(a)
	case math.Float64bits(a) <= overflowed:
		w := exp(0.5 * a)
		return 0.5 * w * w
	}
	return math.Inf(1)
}

// Tanh is the hyperbolic tangent.
func Tanh(x float64) float64 {
	word, a := highWord(x), math.Abs(x)
	switch {
	case math.IsNaN(x):
		return x
	case word >= 0x40360000: // 22
		return math.Copysign(1, x)
	case word < 0x3c800000: // 2^-55
		return x * (1 + x)
	case word >= 0x3ff00000:
		return math.Copysign(1-2.0/(math.Expm1(2.0*a)+2.0), x)
	}
	t := math.Expm1(-2.0 * a)
	return math.Copysign(-t/(t+2.0), x)
}

// Cbrt is the cube root.
func Cbrt(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	const (
		b1 = 715094163
		b2 = 696219795
		c  = 5.42857142857142815906e-01
		d  = -7.05306122448979611050e-01
		e  = 1.41428571428571436819e+00
		f  = 1.60714285714285720630e+00
		g  = 3.57142857142857150787e-01
	)
	a := math.Abs(x)
	t := math.Float64frombits(uint64(highWord(x)/3+b1) << 32)
	if highWord(x) < 0x00100000 { // subnormal
		scaled := math.Float64bits(0x1p54 * a)
		t = math.Float64frombits(uint64(uint32(scaled>>32)/3+b2)<<32 | scaled&0xffffffff)
	}
	r := t * t / a
	s := c + float64(r*t)
	t *= g + f/(s+e+d/s)
	t = math.Float64frombits((math.Float64bits(t)>>32 + 1) << 32)
	s = t * t
	r = a / s
	r = (r - t) / (t + t + r)
	return math.Copysign(t+float64(t*r), x)
}
