package geometry

import (
	"math"
	"strconv"
)

// Text is what a client sees of a carried geometry.
func Text(carried []byte) string {
	g, err := Decode(carried)
	if err != nil || g.flat() {
		return "<invalid geometry>"
	}
	return string(g.appendWKT(nil))
}

// WKT is the well-known text of a geometry. A rectangle without an area has
// none.
func (g Geometry) WKT() (string, error) {
	if err := g.sound(); err != nil {
		return "", err
	}
	return string(g.appendWKT(nil)), nil
}

// flat says whether a rectangle has no area; Trino's libraries then find no
// exterior ring.
func (g Geometry) flat() bool { return g.Box && twiceArea(g.Rings[0]) == 0 }

func (g Geometry) sound() error {
	if g.flat() {
		return &Error{"GENERIC_INTERNAL_ERROR", "corrupted geometry"}
	}
	return nil
}

func (g Geometry) appendWKT(dst []byte) []byte {
	dst = append(append(dst, kindNames[g.Kind].wkt...), ' ')
	return g.appendBody(dst)
}

func (g Geometry) appendBody(dst []byte) []byte {
	if len(g.Points)+len(g.Rings)+len(g.Parts) == 0 {
		return append(dst, "EMPTY"...)
	}
	switch g.Kind {
	case Point, LineString:
		return appendRun(dst, g.Points)
	case MultiPoint:
		return appendEach(dst, len(g.Points), func(dst []byte, i int) []byte { return appendRun(dst, g.Points[i:i+1]) })
	case Polygon, MultiLineString:
		return appendEach(dst, len(g.Rings), func(dst []byte, i int) []byte { return appendRun(dst, g.Rings[i]) })
	case MultiPolygon:
		return appendEach(dst, len(g.Parts), func(dst []byte, i int) []byte { return g.Parts[i].appendBody(dst) })
	}
	return appendEach(dst, len(g.Parts), func(dst []byte, i int) []byte { return g.Parts[i].appendWKT(dst) })
}

func appendEach(dst []byte, n int, one func([]byte, int) []byte) []byte {
	dst = append(dst, '(')
	for i := range n {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = one(dst, i)
	}
	return append(dst, ')')
}

func appendRun(dst []byte, run []XY) []byte {
	return appendEach(dst, len(run), func(dst []byte, i int) []byte {
		return appendNumber(append(appendNumber(dst, run[i].X), ' '), run[i].Y)
	})
}

// appendNumber writes a coordinate as Java's format %.17g does, without the
// zeros at the end: the shortest digits, and with an exponent below 1e-4 and
// from 1e17 on, then with 16 digits.
func appendNumber(dst []byte, f float64) []byte {
	const digits = 17
	switch a := math.Abs(f); {
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	case a != 0 && (a < 1e-4 || a >= 1e17):
		return appendExponent(dst, f, digits-1)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

// appendExponent fills the shortest digits up with zeros.
func appendExponent(dst []byte, f float64, decimals int) []byte {
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	e := start
	for dst[e] != 'e' {
		e++
	}
	exponent := string(dst[e:])
	dst = dst[:e]
	have := -1
	for i := start; i < e; i++ {
		if dst[i] == '.' {
			have = e - i - 1
		}
	}
	if have < 0 { // Java takes the nearest of two digits
		dst = strconv.AppendFloat(dst[:start], f, 'e', 1, 64)
		dst, have = dst[:len(dst)-len(exponent)], 1
	}
	for ; have < decimals; have++ {
		dst = append(dst, '0')
	}
	return append(dst, exponent...)
}
