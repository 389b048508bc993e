package geometry

import (
	"math"

	"github.com/peterstace/simplefeatures/geom"
)

// Distance is the least distance of two geometries; false where one is empty.
func Distance(a, b Geometry) (float64, bool, error) {
	if a.IsEmpty() || b.IsEmpty() {
		return 0, false, nil
	}
	s, t := a.segments(), b.segments()
	if len(s)*len(t) > maxPairs {
		return 0, false, unsupported("The distance of geometries of so many points")
	}
	x, y, err := pairOf(a, b)
	if err != nil {
		return 0, false, err
	}
	if geom.Intersects(x, y) {
		return 0, true, nil
	}
	least := math.Inf(1)
	for _, p := range s {
		for _, q := range t {
			least = min(least, p.distance(q.from), p.distance(q.to), q.distance(p.from), q.distance(p.to))
		}
	}
	return least, true, nil
}
