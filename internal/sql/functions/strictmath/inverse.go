package strictmath

import "math"

const (
	pi         = 3.14159265358979311600e+00
	piHalfHigh = 1.57079632679489655800e+00
	piHalfLow  = 6.12323399573676603587e-17
	piQuarter  = 7.85398163397448278999e-01
	piLow      = 1.2246467991473531772e-16
)

// arcSine approximates (asin(x)-x)/x³ for t = x², as a quotient.
var (
	arcSineP = [6]float64{1.66666666666666657415e-01, -3.25565818622400915405e-01, 2.01212532134862925881e-01,
		-4.00555345006794114027e-02, 7.91534994289814532176e-04, 3.47933107596021167570e-05}
	arcSineQ = [5]float64{1, -2.40339491173441421878e+00, 2.02094576023350569471e+00,
		-6.88283971605453293030e-01, 7.70381505559019352791e-02}
)

func arcSine(t float64) float64 { return t * horner(t, arcSineP[:]) / horner(t, arcSineQ[:]) }

// horner is c[0] + t*(c[1] + t*(…)).
func horner(t float64, c []float64) float64 {
	sum := c[len(c)-1]
	for i := len(c) - 2; i >= 0; i-- {
		sum = c[i] + float64(t*sum)
	}
	return sum
}

// high is x without its low 32 bits.
func high(x float64) float64 { return math.Float64frombits(math.Float64bits(x) &^ 0xffffffff) }

// highWord is the upper half of |x|'s bits, by which fdlibm chooses.
func highWord(x float64) uint32 { return uint32(math.Float64bits(x)>>32) & 0x7fffffff }

// Asin is the arc sine; NaN outside [-1, 1].
func Asin(x float64) float64 {
	a := math.Abs(x)
	switch {
	case a == 1:
		return x*piHalfHigh + x*piHalfLow
	case !(a < 1):
		return math.NaN()
	case a < 0.5:
		if a < 0x1p-26 {
			return x
		}
		return x + float64(x*arcSine(x*x))
	}
	t := (1 - a) * 0.5
	s, r := math.Sqrt(t), arcSine(t)
	if highWord(x) >= 0x3fef3333 { // |x| > 0.975
		t = piHalfHigh - (2.0*(s+float64(s*r)) - piHalfLow)
	} else {
		w := high(s)
		c := (t - float64(w*w)) / (s + w)
		p := float64(2.0*s*r) - (piHalfLow - 2.0*c)
		t = piQuarter - (p - (piQuarter - 2.0*w))
	}
	return math.Copysign(t, x)
}

// Acos is the arc cosine; NaN outside [-1, 1].
func Acos(x float64) float64 {
	switch {
	case x == 1:
		return 0
	case x == -1:
		return pi
	case !(math.Abs(x) < 1):
		return math.NaN()
	case math.Abs(x) < 0.5:
		if math.Abs(x) < 0x1p-57 {
			return piHalfHigh + piHalfLow
		}
		return piHalfHigh - (x - (piHalfLow - float64(x*arcSine(x*x))))
	case x < 0:
		z := (1 + x) * 0.5
		s := math.Sqrt(z)
		w := float64(arcSine(z)*s) - piHalfLow
		return math.Pi - 2.0*(s+w)
	}
	z := (1 - x) * 0.5
	s := math.Sqrt(z)
	df := high(s)
	c := (z - float64(df*df)) / (s + df)
	return 2.0 * (df + (float64(arcSine(z)*s) + c))
}

var (
	atanHigh = [4]float64{4.63647609000806093515e-01, 7.85398163397448278999e-01, 9.82793723247329054082e-01, 1.57079632679489655800e+00}
	atanLow  = [4]float64{2.26987774529616870924e-17, 3.06161699786838301793e-17, 1.39033110312309984516e-17, 6.12323399573676603587e-17}
	atanOdd  = [6]float64{3.33333333333329318027e-01, 1.42857142725034663711e-01, 9.09088713343650656196e-02,
		6.66107313738753120669e-02, 4.97687799461593236017e-02, 1.62858201153657823623e-02}
	atanEven = [5]float64{-1.99999999998764832476e-01, -1.11111104054623557880e-01, -7.69187620504482999495e-02,
		-5.83357013379057348645e-02, -3.65315727442169155270e-02}
)

// Atan is the arc tangent.
func Atan(x float64) float64 {
	word := highWord(x)
	a := math.Abs(x)
	id := -1
	switch {
	case math.IsNaN(x):
		return x
	case word >= 0x44100000: // 2^66
		return math.Copysign(atanHigh[3]+atanLow[3], x)
	case word < 0x3e200000: // 2^-29
		return x
	case word < 0x3fdc0000: // 7/16
		a = x
	case word < 0x3fe60000: // 11/16
		id, a = 0, (2.0*a-1)/(2.0+a)
	case word < 0x3ff30000: // 19/16
		id, a = 1, (a-1)/(a+1)
	case word < 0x40038000: // 39/16
		id, a = 2, (a-1.5)/(1+float64(1.5*a))
	default:
		id, a = 3, -1.0/a
	}
	z := a * a
	w := z * z
	s := float64(z*horner(w, atanOdd[:])) + float64(w*horner(w, atanEven[:]))
	if id < 0 {
		return a - float64(a*s)
	}
	return math.Copysign(atanHigh[id]-((float64(a*s)-atanLow[id])-a), x)
}

// Atan2 is the angle of the point (x, y).
func Atan2(y, x float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		return math.NaN()
	case x == 1:
		return Atan(y)
	case y == 0 || x == 0 || math.IsInf(x, 0) || math.IsInf(y, 0):
		return math.Atan2(y, x) // exact multiples of pi/4
	}
	k := (int(highWord(y)) - int(highWord(x))) >> 20
	z := 0.0
	switch {
	case k > 60:
		z = piHalfHigh + 0.5*piLow
	case x < 0 && k < -60:
	default:
		z = Atan(math.Abs(y / x))
	}
	switch {
	case x > 0:
		return math.Copysign(z, y)
	case y > 0:
		return math.Pi - (z - piLow)
	}
	return (z - piLow) - math.Pi
}
