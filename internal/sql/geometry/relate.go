package geometry

import (
	"math"
	"slices"
	"strings"

	"github.com/peterstace/simplefeatures/geom"
)

// Relation is a predicate of two geometries.
type Relation struct {
	// empty is the answer where one of them is empty, and where the bounds
	// already say that it cannot hold.
	empty  bool
	bounds func(low1, high1, low2, high2 XY) bool // must hold, or nil
	holds  func(a, b geom.Geometry) (bool, error)
	// inside is set where one geometry must lie in the other.
	inside bool
	// plain is set where Trino fails for collections.
	plain bool
}

// The relations, as the functions ST_… are called.
var Relations = map[string]Relation{
	"contains":   {bounds: covers, inside: true, holds: geom.Contains},
	"within":     {bounds: func(l1, h1, l2, h2 XY) bool { return covers(l2, h2, l1, h1) }, inside: true, holds: geom.Within},
	"crosses":    {bounds: meets, plain: true, holds: geom.Crosses},
	"disjoint":   {bounds: meets, empty: true, holds: geom.Disjoint},
	"intersects": {bounds: meets, holds: func(a, b geom.Geometry) (bool, error) { return geom.Intersects(a, b), nil }},
	"overlaps":   {bounds: meets, plain: true, holds: geom.Overlaps},
	"touches":    {bounds: meets, plain: true, holds: geom.Touches},
	"equals":     {holds: geom.Equals},
}

func covers(low1, high1, low2, high2 XY) bool {
	return low1.X <= low2.X && low1.Y <= low2.Y && high1.X >= high2.X && high1.Y >= high2.Y
}

func meets(low1, high1, low2, high2 XY) bool {
	return low1.X <= high2.X && low1.Y <= high2.Y && high1.X >= low2.X && high1.Y >= low2.Y
}

// Holds says whether a relation holds. A geometry that is not valid is refused,
// and so are collections and geometries that nearly touch: how near is the same
// differs between libraries.
func (r Relation) Holds(a, b Geometry) (bool, error) {
	low1, high1, ok1 := a.Bounds()
	low2, high2, ok2 := b.Bounds()
	if !ok1 || !ok2 || r.bounds != nil && !r.bounds(low1, high1, low2, high2) {
		return r.empty, nil
	}
	if r.plain && (a.Kind == Collection || b.Kind == Collection) {
		return false, &Error{"GENERIC_INTERNAL_ERROR", "a relation of a collection"}
	}
	if r.inside && (onEnds(a, b) || onEnds(b, a)) {
		return false, unsupported("Whether a line contains a multipoint with one of its ends")
	}
	x, y, err := pairOf(a, b)
	if err != nil {
		return false, err
	}
	return r.holds(x, y)
}

// onEnds says whether a multipoint has an end of a line, which then does not
// contain it in Trino, against the standard.
func onEnds(points, line Geometry) bool {
	if points.Kind != MultiPoint || line.Kind != LineString && line.Kind != MultiLineString {
		return false
	}
	ends := map[XY]bool{}
	for _, p := range line.ends() {
		ends[p] = true
	}
	return slices.ContainsFunc(points.Points, func(p XY) bool { return ends[p] })
}

// MatchesPattern says whether the DE-9IM matrix of two geometries matches a
// pattern of nine characters.
func MatchesPattern(a, b Geometry, pattern string) (bool, error) {
	if len([]rune(pattern)) != 9 {
		return false, &Error{"GENERIC_INTERNAL_ERROR", "relation string length has to be 9 characters"}
	}
	if strings.Trim(pattern, "TF*012") != "" {
		return false, &Error{"GENERIC_INTERNAL_ERROR", "relation string"}
	}
	if a.IsEmpty() || b.IsEmpty() {
		return false, unsupported("ST_Relate of an empty geometry")
	}
	x, y, err := pairOf(a, b)
	if err != nil {
		return false, err
	}
	matrix, err := geom.Relate(x, y)
	if err != nil {
		return false, err
	}
	return geom.RelateMatches(matrix, pattern)
}

// pairOf are two geometries in the library's form.
func pairOf(a, b Geometry) (x, y geom.Geometry, err error) {
	if a.Kind == Collection || b.Kind == Collection {
		return x, y, unsupported("A relation of a collection")
	}
	if x, err = a.valid(); err != nil {
		return x, y, err
	}
	if y, err = b.valid(); err != nil {
		return x, y, err
	}
	return x, y, apart(a, b)
}

func (g Geometry) valid() (geom.Geometry, error) {
	x, err := geom.UnmarshalWKB(g.WKB(), geom.NoValidate{})
	if err == nil {
		err = x.Validate()
	}
	if err != nil {
		return x, unsupported("A relation of a geometry that is not valid")
	}
	return x, nil
}

const (
	// maxPairs bounds the segments that are compared with each other.
	maxPairs = 4_000_000
	// near is, relative to the coordinates, what no library takes for the same
	// surely.
	near = 1e-11
)

// apart refuses geometries where a position of one lies nearly, but not exactly,
// on a segment or a position of the other.
func apart(a, b Geometry) error {
	s, t := a.segments(), b.segments()
	if len(s)*len(t) > maxPairs {
		return unsupported("A relation of geometries of so many points")
	}
	tolerance := near * math.Max(a.reach(), b.reach())
	for _, p := range s {
		for _, q := range t {
			if p.almost(q, tolerance) || q.almost(p, tolerance) {
				return unsupported("A relation of geometries that nearly touch")
			}
		}
	}
	return nil
}

// reach is the greatest size of a coordinate, at least 1.
func (g Geometry) reach() float64 {
	low, high, _ := g.Bounds()
	return max(1, math.Abs(low.X), math.Abs(low.Y), math.Abs(high.X), math.Abs(high.Y))
}

// segment is a side of a line or ring; a point is one without a length.
type segment struct{ from, to XY }

func (g Geometry) segments() []segment {
	var out []segment
	if g.Kind == Point || g.Kind == MultiPoint {
		for _, p := range g.Points {
			out = append(out, segment{p, p})
		}
		return out
	}
	if g.Kind == Collection {
		for _, p := range g.Parts {
			out = append(out, p.segments()...)
		}
		return out
	}
	rings := g.Kind == Polygon || g.Kind == MultiPolygon
	g.Each(func(run []XY) {
		for i := 1; i < len(run); i++ {
			s := segment{run[i-1], run[i]}
			if rings { // Trino's run clockwise, which the last digit of a distance shows
				s = segment{run[i], run[i-1]}
			}
			out = append(out, s)
		}
	})
	return out
}

// almost says whether the start of s is nearly but not exactly on t.
func (s segment) almost(t segment, tolerance float64) bool {
	for _, p := range []XY{s.from, s.to} {
		if d := t.distance(p); d <= tolerance && p != t.from && p != t.to && !t.holds(p) {
			return true
		}
	}
	return false
}

// holds says whether a position near the segment lies on it exactly, in whole
// multiples of 1/1024, with which doubles compute without an error.
func (s segment) holds(p XY) bool {
	for _, c := range []float64{p.X, p.Y, s.from.X, s.from.Y, s.to.X, s.to.Y} {
		if c*1024 != math.Trunc(c*1024) || math.Abs(c) > 1<<15 {
			return s.upright(p)
		}
	}
	return (s.to.X-s.from.X)*(p.Y-s.from.Y) == (s.to.Y-s.from.Y)*(p.X-s.from.X)
}

// upright says whether a position lies on a segment along an axis.
func (s segment) upright(p XY) bool {
	return s.from.X == s.to.X && p.X == s.from.X || s.from.Y == s.to.Y && p.Y == s.from.Y
}

// distance is that of a position from the nearest one of the segment.
func (s segment) distance(p XY) float64 { return distance(p, s.nearest(p)) }

func (s segment) nearest(p XY) XY {
	x, y := s.to.X-s.from.X, s.to.Y-s.from.Y
	square := x*x + y*y
	if square == 0 {
		return s.from
	}
	t := ((p.X-s.from.X)*x + (p.Y-s.from.Y)*y) / square
	switch {
	case t <= 0:
		return s.from
	case t >= 1:
		return s.to
	case t <= 0.5:
		return XY{s.from.X + x*t, s.from.Y + y*t}
	}
	return XY{s.to.X - x*(1-t), s.to.Y - y*(1-t)}
}
