package geometry

import "math"

// Area is the area of the polygons.
func (g Geometry) Area() float64 {
	if g.Kind == Collection {
		area := 0.0
		for _, p := range g.Parts {
			area += p.Area()
		}
		return area
	}
	var area kahan
	for _, p := range g.polygons() {
		for _, r := range p.Rings {
			area.add(trapezoids(r))
		}
	}
	return area.sum
}

// polygons are those of a polygon or multipolygon.
func (g Geometry) polygons() []Geometry {
	switch g.Kind {
	case Polygon:
		return []Geometry{g}
	case MultiPolygon:
		return g.Parts
	}
	return nil
}

// trapezoids is the signed area of a ring, summed clockwise over the trapezoids
// below its sides, in the order of Trino's library.
func trapezoids(ring []XY) float64 {
	var area kahan
	o := ring[0]
	for i := len(ring) - 1; i > 0; i-- {
		a, b := ring[i], ring[i-1]
		area.add(((b.X - o.X) - (a.X - o.X)) * ((b.Y - o.Y) + (a.Y - o.Y)) * 0.5)
	}
	return area.sum
}

// Length is the length of lines.
func (g Geometry) Length() (float64, error) {
	if err := g.Require("ST_Length", LineString, MultiLineString); err != nil {
		return 0, err
	}
	var sum kahan
	g.Each(func(run []XY) {
		for i := 1; i < len(run); i++ {
			sum.add(distance(run[i-1], run[i]))
		}
	})
	return sum.sum, nil
}

func distance(a, b XY) float64 {
	x, y := b.X-a.X, b.Y-a.Y
	return math.Sqrt(x*x + y*y)
}

// kahan is a sum that carries the rest of each addition on.
type kahan struct{ sum, rest float64 }

func (k *kahan) add(v float64) {
	y := v - k.rest
	t := k.sum + y
	k.rest = (t - k.sum) - y
	k.sum = t
}
