package geometry

import (
	"math"

	"github.com/scopsdb/scops/internal/sql/functions/strictmath"
)

// The radius of the earth in Trino.
const (
	earthKilometers = 6371.01
	earthMeters     = earthKilometers * 1000
)

const perDegree = math.Pi / 180

func radians(degrees float64) float64 { return degrees * perDegree }

// The ends of latitudes and longitudes in degrees.
const (
	maxLatitude  = 90
	maxLongitude = 180
)

func checkDegrees(latitude, longitude float64) error {
	if !(math.Abs(latitude) <= maxLatitude) {
		return invalid("Latitude must be between -90 and 90")
	}
	if !(math.Abs(longitude) <= maxLongitude) {
		return invalid("Longitude must be between -180 and 180")
	}
	return nil
}

// GreatCircle is the distance of two points on the earth in kilometers; the
// coordinates are in degrees.
func GreatCircle(latitude1, longitude1, latitude2, longitude2 float64) (float64, error) {
	if err := checkDegrees(latitude1, longitude1); err != nil {
		return 0, err
	}
	if err := checkDegrees(latitude2, longitude2); err != nil {
		return 0, err
	}
	return greatCircle(latitude1, longitude1, latitude2, longitude2), nil
}

func greatCircle(latitude1, longitude1, latitude2, longitude2 float64) float64 {
	sin1, cos1 := sincos(radians(latitude1))
	sin2, cos2 := sincos(radians(latitude2))
	sinDelta, cosDelta := sincos(radians(longitude1) - radians(longitude2))
	t1 := cos2 * sinDelta
	t2 := cos1*sin2 - sin1*cos2*cosDelta
	t3 := sin1*sin2 + cos1*cos2*cosDelta
	return strictmath.Atan2(math.Sqrt(t1*t1+t2*t2), t3) * earthKilometers
}

// ToSphere checks that a geometry can be a spherical geography.
func (g Geometry) ToSphere() error {
	low, high, ok := g.Bounds()
	if !ok {
		return nil
	}
	for _, p := range []XY{low, high} {
		if err := checkDegrees(p.Y, 0); err != nil {
			return err
		}
	}
	for _, p := range []XY{low, high} {
		if err := checkDegrees(0, p.X); err != nil {
			return err
		}
	}
	return nil
}

func (g Geometry) requireSphere(function, names string, kinds ...Kind) error {
	for _, k := range kinds {
		if g.Kind == k {
			return nil
		}
	}
	return invalid("When applied to SphericalGeography inputs, %s only supports %s. Input type is: %s", function, names, kindNames[g.Kind].message)
}

// SphereLength is the length of lines on the earth in meters.
func (g Geometry) SphereLength() (float64, error) {
	if err := g.requireSphere("ST_Length", "LINE_STRING or MULTI_LINE_STRING", LineString, MultiLineString); err != nil {
		return 0, err
	}
	sum := 0.0
	g.Each(func(run []XY) {
		for i := 1; i < len(run); i++ {
			sum += greatCircle(run[i-1].Y, run[i-1].X, run[i].Y, run[i].X)
		}
	})
	return sum * 1000, nil
}

// SphereDistance is the distance of two points on the earth in meters.
func SphereDistance(a, b Geometry) (float64, error) {
	for _, g := range []Geometry{a, b} {
		if err := g.requireSphere("ST_Distance", "POINT", Point); err != nil {
			return 0, err
		}
	}
	p, q := a.Points[0], b.Points[0]
	return greatCircle(p.Y, p.X, q.Y, q.X) * 1000, nil
}

func sincos(angle float64) (sin, cos float64) { return strictmath.Sin(angle), strictmath.Cos(angle) }
