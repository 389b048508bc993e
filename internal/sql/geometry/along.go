package geometry

import "math"

// maxAlong bounds the points of line_interpolate_points.
const maxAlong = 1_000_000

// Along is the point at a fraction of a line string's length; with repeat all
// points at its multiples.
func (g Geometry) Along(fraction float64, repeat bool) ([]Geometry, error) {
	if err := g.Require("line_interpolate_point", LineString); err != nil {
		return nil, err
	}
	if fraction < 0 || fraction > 1 {
		return nil, invalid("fraction must be between 0 and 1")
	}
	if math.IsNaN(fraction) {
		return nil, unsupported("The fraction NaN")
	}
	last := g.Points[len(g.Points)-1]
	switch fraction {
	case 0:
		return []Geometry{NewPoint(g.Points[0].X, g.Points[0].Y)}, nil
	case 1:
		return []Geometry{NewPoint(last.X, last.Y)}, nil
	}
	want := 1
	if repeat {
		if 1/fraction > maxAlong {
			return nil, unsupported("line_interpolate_points of more than %d points", maxAlong)
		}
		want = int(math.Floor(1 / fraction))
	}
	out := g.steps(fraction, want)
	if len(out) < want {
		out = append(out, NewPoint(last.X, last.Y))
	}
	return out, nil
}

// steps are the points at the multiples of a fraction, at most so many.
func (g Geometry) steps(step float64, want int) []Geometry {
	length, _ := g.Length()
	var out []Geometry
	fraction, passed := step, 0.0
	for i := 1; i < len(g.Points) && len(out) < want; i++ {
		a, b := g.Points[i-1], g.Points[i]
		part := distance(a, b) / length
		for fraction < passed+part && len(out) < want {
			t := (fraction - passed) / part
			out = append(out, NewPoint(a.X+(b.X-a.X)*t, a.Y+(b.Y-a.Y)*t))
			fraction += step
		}
		passed += part
	}
	return out
}
