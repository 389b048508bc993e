package geometry

import (
	"fmt"
	"math"
)

// Kind is the type of a geometry; its number is that of WKB.
type Kind uint32

// The kinds.
const (
	Point Kind = iota + 1
	LineString
	Polygon
	MultiPoint
	MultiLineString
	MultiPolygon
	Collection
)

// XY is a position.
type XY struct{ X, Y float64 }

// Geometry is a geometry of two dimensions. A ring is closed; the first of a
// polygon is the exterior, counterclockwise, and the others are clockwise.
type Geometry struct {
	Kind   Kind
	Points []XY       // of a point (at most one), a line string or a multipoint
	Rings  [][]XY     // of a polygon, or the lines of a multilinestring
	Parts  []Geometry // of a multipolygon or a collection
	// Box is set for the rectangle that ST_Envelope makes: Trino keeps it in
	// another form, and = tells it from a polygon of the same points.
	Box bool
}

// Error is an error in Trino's terms.
type Error struct{ Name, Message string }

func (e *Error) Error() string { return e.Name + ": " + e.Message }

func invalid(format string, args ...any) error {
	return &Error{"INVALID_FUNCTION_ARGUMENT", fmt.Sprintf(format, args...)}
}

func unsupported(format string, args ...any) error {
	return &Error{"NOT_SUPPORTED", fmt.Sprintf(format, args...) + " is not supported"}
}

// kindNames are the names in WKT, in ST_GeometryType and in messages.
var kindNames = map[Kind]struct{ wkt, standard, message string }{
	Point:           {"POINT", "ST_Point", "POINT"},
	LineString:      {"LINESTRING", "ST_LineString", "LINE_STRING"},
	Polygon:         {"POLYGON", "ST_Polygon", "POLYGON"},
	MultiPoint:      {"MULTIPOINT", "ST_MultiPoint", "MULTI_POINT"},
	MultiLineString: {"MULTILINESTRING", "ST_MultiLineString", "MULTI_LINE_STRING"},
	MultiPolygon:    {"MULTIPOLYGON", "ST_MultiPolygon", "MULTI_POLYGON"},
	Collection:      {"GEOMETRYCOLLECTION", "ST_GeomCollection", "GEOMETRY_COLLECTION"},
}

// TypeName is the answer of ST_GeometryType.
func (g Geometry) TypeName() string { return kindNames[g.Kind].standard }

// Require fails where the geometry is of none of the kinds, in the words of
// Trino for a function.
func (g Geometry) Require(function string, kinds ...Kind) error {
	names := ""
	for i, k := range kinds {
		if k == g.Kind {
			return nil
		}
		if i > 0 {
			names += " or "
		}
		names += kindNames[k].message
	}
	return invalid("%s only applies to %s. Input type is: %s", function, names, kindNames[g.Kind].message)
}

// NewPoint is a point; with a coordinate that is NaN it is empty.
func NewPoint(x, y float64) Geometry {
	if math.IsNaN(x) || math.IsNaN(y) {
		return Geometry{Kind: Point}
	}
	return Geometry{Kind: Point, Points: []XY{{x, y}}}
}

// Each calls do with each run of positions: a line, a ring, the points of a
// point or multipoint.
func (g Geometry) Each(do func([]XY)) {
	if len(g.Points) > 0 {
		do(g.Points)
	}
	for _, r := range g.Rings {
		do(r)
	}
	for _, p := range g.Parts {
		p.Each(do)
	}
}

// IsEmpty says whether there is no position.
func (g Geometry) IsEmpty() bool {
	empty := true
	g.Each(func([]XY) { empty = false })
	return empty
}

// Dimension is 0 for points, 1 for lines and 2 for polygons.
func (g Geometry) Dimension() int {
	switch g.Kind {
	case Point, MultiPoint:
		return 0
	case LineString, MultiLineString:
		return 1
	case Polygon, MultiPolygon:
		return 2
	}
	most := 0
	for _, p := range g.Parts {
		most = max(most, p.Dimension())
	}
	return most
}

// Bounds are the least and greatest coordinates; false for an empty geometry.
func (g Geometry) Bounds() (low, high XY, ok bool) {
	g.Each(func(run []XY) {
		if !ok {
			low, high, ok = run[0], run[0], true
		}
		for _, p := range run {
			low = XY{math.Min(low.X, p.X), math.Min(low.Y, p.Y)}
			high = XY{math.Max(high.X, p.X), math.Max(high.Y, p.Y)}
		}
	})
	return low, high, ok
}

// Rectangle is the polygon between two corners, counterclockwise from the lower
// left.
func Rectangle(low, high XY) Geometry {
	return Geometry{Kind: Polygon, Box: true, Rings: [][]XY{{low, {high.X, low.Y}, high, {low.X, high.Y}, low}}}
}

// members are the geometries that a multi-geometry consists of.
func (g Geometry) members() []Geometry {
	var out []Geometry
	switch g.Kind {
	case MultiPoint:
		for _, p := range g.Points {
			out = append(out, NewPoint(p.X, p.Y))
		}
	case MultiLineString:
		for _, r := range g.Rings {
			out = append(out, Geometry{Kind: LineString, Points: r})
		}
	case MultiPolygon, Collection:
		return g.Parts
	default:
		out = []Geometry{g}
	}
	return out
}

// Members are the geometries of a multi-geometry or collection, or the geometry
// itself.
func (g Geometry) Members() []Geometry { return g.members() }

// twiceArea is the signed area of a ring times two: positive where it runs
// counterclockwise.
func twiceArea(ring []XY) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		a, b, o := ring[i-1], ring[i], ring[0]
		sum += (a.X-o.X)*(b.Y-o.Y) - (b.X-o.X)*(a.Y-o.Y)
	}
	return sum
}

// orient closes the rings of a polygon and turns them as Trino keeps them. A
// ring without an area has no orientation there, and such a polygon is refused.
func orient(rings [][]XY) ([][]XY, error) {
	for i, r := range rings {
		if len(r) > 0 && r[0] != r[len(r)-1] {
			r = append(r, r[0])
			rings[i] = r
		}
		area := twiceArea(r)
		if area == 0 || math.IsNaN(area) || math.IsInf(area, 0) {
			return nil, unsupported("A polygon with a ring of no area")
		}
		if (area > 0) != counterclockwise(r) {
			return nil, unsupported("A polygon with a ring that crosses itself in such a way")
		}
		if (area > 0) != (i == 0) {
			turn(r)
		}
	}
	return rings, nil
}

// counterclockwise says how a ring turns at its highest point. For a ring that
// crosses itself this may not be what its area says, and which of them counts
// differs between the functions of Trino.
func counterclockwise(ring []XY) bool {
	top, n := 0, len(ring)-1
	for i, p := range ring[:n] {
		if p.Y > ring[top].Y {
			top = i
		}
	}
	before, after := top, top
	for i := 0; i < n && ring[before].Y == ring[top].Y; i++ {
		before = (before + n - 1) % n
	}
	for i := 0; i < n && ring[after].Y == ring[top].Y; i++ {
		after = (after + 1) % n
	}
	first, last := ring[(before+1)%n], ring[(after+n-1)%n]
	if first != last { // a flat top runs to the left
		return first.X > last.X
	}
	a, b := ring[before], ring[after]
	return (first.X-a.X)*(b.Y-a.Y)-(b.X-a.X)*(first.Y-a.Y) > 0
}

func turn(ring []XY) {
	for i, j := 0, len(ring)-1; i < j; i, j = i+1, j-1 {
		ring[i], ring[j] = ring[j], ring[i]
	}
}
