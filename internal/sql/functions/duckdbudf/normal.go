package duckdbudf

import (
	"database/sql/driver"
	"math"
)

func normalCDF(a []driver.Value) (any, error) {
	mean, deviation, value := a[0].(float64), a[1].(float64), a[2].(float64)
	if !(deviation > 0) {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "standardDeviation must be > 0")
	}
	return 0.5 * (1 + erf((value-mean)/(deviation*math.Sqrt2))), nil
}

func inverseNormalCDF(a []driver.Value) (any, error) {
	mean, deviation, p := a[0].(float64), a[1].(float64), a[2].(float64)
	if !(p > 0 && p < 1) {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "p must be 0 > p > 1")
	}
	if !(deviation > 0) {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "sd must be > 0")
	}
	return mean + deviation*1.4142135623730951*inverseErf(2*p-1), nil
}

const (
	halfLogPi     = 0.5723649429247001 // ln Γ(1/2)
	gammaAccuracy = 1e-15
	gammaSteps    = 10000
	largestErf    = 40 // erf is ±1 from here
)

// erf is the error function as Apache Commons Math computes it, from the
// incomplete gamma function at 1/2.
func erf(x float64) float64 {
	if math.Abs(x) > largestErf {
		return math.Copysign(1, x)
	}
	if x == 0 || math.IsNaN(x) {
		return math.Abs(x)
	}
	return math.Copysign(gammaP(x*x), x)
}

// gammaP is the regularized incomplete gamma function P(1/2, x): a series below
// 3/2, else a continued fraction.
func gammaP(x float64) float64 {
	const a = 0.5
	if x >= a+1 {
		return 1 - gammaQ(x)
	}
	n, term := 0.0, 1/a
	sum := term
	for math.Abs(term/sum) > gammaAccuracy && n < gammaSteps && !math.IsInf(sum, 1) {
		n++
		term *= x / (a + n)
		sum += term
	}
	if math.IsInf(sum, 1) {
		return 1
	}
	return math.Exp(-x+float64(a*math.Log(x))-halfLogPi) * sum
}

func gammaQ(x float64) float64 {
	const a = 0.5
	fraction := continuedFraction(x,
		func(n int, x float64) float64 { return 2*float64(n) + 1 - a + x },
		func(n int) float64 { return float64(n) * (a - float64(n)) })
	return math.Exp(-x+float64(a*math.Log(x))-halfLogPi) / fraction
}

// continuedFraction is evaluated by the modified Lentz method.
func continuedFraction(x float64, a func(int, float64) float64, b func(int) float64) float64 {
	const small = 1e-50
	unless0 := func(v float64) float64 {
		if math.Abs(v) <= small {
			return small
		}
		return v
	}
	before := unless0(a(0, x))
	d, c, h := 0.0, before, before
	for n := 1; n < gammaSteps; n++ {
		an, bn := a(n, x), b(n)
		d = 1 / unless0(an+float64(bn*d))
		c = unless0(an + bn/c)
		delta := c * d
		h = before * delta
		if math.Abs(delta-1) < gammaAccuracy {
			break
		}
		before = h
	}
	return h
}

// The polynomials of Giles's approximation of the inverse error function, from
// the highest power.
var (
	nearErf = []float64{-3.6444120640178196996e-21, -1.685059138182016589e-19, 1.2858480715256400167e-18,
		1.115787767802518096e-17, -1.333171662854620906e-16, 2.0972767875968561637e-17, 6.6376381343583238325e-15,
		-4.0545662729752068639e-14, -8.1519341976054721522e-14, 2.6335093153082322977e-12, -1.2975133253453532498e-11,
		-5.4154120542946279317e-11, 1.051212273321532285e-09, -4.1126339803469836976e-09, -2.9070369957882005086e-08,
		4.2347877827932403518e-07, -1.3654692000834678645e-06, -1.3882523362786468719e-05, 0.0001867342080340571352,
		-0.00074070253416626697512, -0.0060336708714301490533, 0.24015818242558961693, 1.6536545626831027356}
	middleErf = []float64{2.2137376921775787049e-09, 9.0756561938885390979e-08, -2.7517406297064545428e-07,
		1.8239629214389227755e-08, 1.5027403968909827627e-06, -4.013867526981545969e-06, 2.9234449089955446044e-06,
		1.2475304481671778723e-05, -4.7318229009055733981e-05, 6.8284851459573175448e-05, 2.4031110387097893999e-05,
		-0.0003550375203628474796, 0.00095328937973738049703, -0.0016882755560235047313, 0.0024914420961078508066,
		-0.0037512085075692412107, 0.005370914553590063617, 1.0052589676941592334, 3.0838856104922207635}
	farErf = []float64{-2.7109920616438573243e-11, -2.5556418169965252055e-10, 1.5076572693500548083e-09,
		-3.7894654401267369937e-09, 7.6157012080783393804e-09, -1.4960026627149240478e-08, 2.9147953450901080826e-08,
		-6.7711997758452339498e-08, 2.2900482228026654717e-07, -9.9298272942317002539e-07, 4.5260625972231537039e-06,
		-1.9681778105531670567e-05, 7.5995277030017761139e-05, -0.00021503011930044477347, -0.00013871931833623122026,
		1.0103004648645343977, 4.8499064014085844221}
)

func inverseErf(x float64) float64 {
	w := -math.Log((1 - x) * (1 + x))
	var p float64
	switch {
	case w < 6.25:
		p = polynomial(nearErf, w-3.125)
	case w < 16:
		p = polynomial(middleErf, math.Sqrt(w)-3.25)
	case !math.IsInf(w, 0):
		p = polynomial(farErf, math.Sqrt(w)-5)
	default:
		p = math.Inf(1)
	}
	return p * x
}

func polynomial(coefficients []float64, w float64) float64 {
	sum := 0.0
	for _, c := range coefficients {
		sum = c + float64(sum*w)
	}
	return sum
}
