package strictmath

import "math"

// pair is an unevaluated sum of two doubles, some 106 bits.
type pair struct{ high, low float64 }

func twoSum(a, b float64) pair {
	s := a + b
	t := s - a
	return pair{s, (a - (s - t)) + (b - t)}
}

func twoProduct(a, b float64) pair {
	p := a * b
	return pair{p, math.FMA(a, b, -p)}
}

func (p pair) add(q pair) pair {
	s, t := twoSum(p.high, q.high), twoSum(p.low, q.low)
	s = twoSum(s.high, s.low+t.high)
	return twoSum(s.high, s.low+t.low)
}

func (p pair) times(q pair) pair {
	r := twoProduct(p.high, q.high)
	return twoSum(r.high, r.low+(float64(p.high*q.low)+float64(p.low*q.high)))
}

func (p pair) over(q pair) pair {
	first := p.high / q.high
	rest := p.add(q.times(pair{-first, 0}))
	second := rest.high / q.high
	rest = rest.add(q.times(pair{-second, 0}))
	return twoSum(first, second).add(pair{rest.high / q.high, 0})
}

var (
	perLn10   = pair{0.4342944819032518, 1.098319650216765e-17}
	log10Of2  = pair{0.3010299956639812, -2.8037281277851704e-18}
	seriesEnd = 45 // the last odd power: 0.172^45 is below 2^-112
)

// Log10 is the decimal logarithm, rounded correctly but for cases closer to a
// half than 2^-100.
func Log10(x float64) float64 {
	switch {
	case math.IsNaN(x) || x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	case math.IsInf(x, 1):
		return x
	}
	m, k := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, k = 2*m, k-1
	}
	// ln m = 2 atanh(s), s = (m-1)/(m+1).
	s := twoSum(m, -1).over(twoSum(m, 1))
	z := s.times(s)
	sum := pair{}
	for n := seriesEnd; n >= 1; n -= 2 {
		sum = sum.times(z).add(pair{1, 0}.over(pair{float64(n), 0}))
	}
	sum = sum.times(s)
	sum = pair{2 * sum.high, 2 * sum.low}.times(perLn10)
	sum = log10Of2.times(pair{float64(k), 0}).add(sum)
	return sum.high + sum.low
}
