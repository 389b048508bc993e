package geometry

import (
	"math"
	"unicode/utf16"
)

// The encoding of polylines: groups of five bits as characters from '?' on, a
// sign in the lowest bit, in units of 1e-5 degrees.
const (
	polylineBase  = 63
	polylineBits  = 5
	polylineMore  = 0x20
	polylineUnits = 1e5
)

// FromPolyline is the line string of an encoded polyline. Other characters than
// those of the encoding are taken by their numbers, as Trino takes them.
func FromPolyline(text string) (Geometry, error) {
	out := Geometry{Kind: LineString}
	var latitude, longitude int32
	for units := utf16.Encode([]rune(text)); len(units) > 0; {
		for _, coordinate := range []*int32{&latitude, &longitude} {
			n, rest, ok := polylineNumber(units)
			if !ok {
				return out, &Error{"GENERIC_INTERNAL_ERROR", "the encoded polyline ends within a number"}
			}
			*coordinate, units = *coordinate+n, rest
		}
		out.Points = append(out.Points, XY{float64(longitude) * 1e-5, float64(latitude) * 1e-5})
	}
	if len(out.Points) == 1 {
		out.Points = nil
	}
	return out, nil
}

// polylineNumber reads one number, false where the text ends within it.
func polylineNumber(units []uint16) (n int32, rest []uint16, ok bool) {
	bits := int32(1)
	for shift := 0; len(units) > 0; shift += polylineBits {
		group := int32(units[0]) - polylineBase - 1
		units = units[1:]
		bits += group << (shift % 32)
		if group < polylineMore-1 {
			if bits&1 != 0 {
				return ^(bits >> 1), units, true
			}
			return bits >> 1, units, true
		}
	}
	return 0, nil, false
}

// ToPolyline is the encoded polyline of a line string or multipoint.
func (g Geometry) ToPolyline() (string, error) {
	if err := g.Require("encode_polyline", LineString, MultiPoint); err != nil {
		return "", err
	}
	var out []byte
	var latitude, longitude int64
	for _, p := range g.Points {
		y, x := javaRound(p.Y*polylineUnits), javaRound(p.X*polylineUnits)
		const most = 1 << 50
		if max(y, -y, x, -x) > most {
			return "", unsupported("An encoded polyline of such coordinates")
		}
		out = appendPolyline(appendPolyline(out, y-latitude), x-longitude)
		latitude, longitude = y, x
	}
	return string(out), nil
}

// javaRound rounds halves up, and keeps to what an int64 holds.
func javaRound(f float64) int64 {
	f = math.Floor(f + 0.5)
	switch {
	case math.IsNaN(f):
		return 0
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return int64(f)
}

func appendPolyline(dst []byte, n int64) []byte {
	v := uint64(n << 1)
	if n < 0 {
		v = ^v
	}
	for v >= polylineMore {
		dst = append(dst, byte(polylineMore|v%polylineMore)+polylineBase)
		v >>= polylineBits
	}
	return append(dst, byte(v)+polylineBase)
}
