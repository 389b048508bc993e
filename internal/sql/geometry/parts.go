package geometry

// LineThrough is the line string of points.
func LineThrough(points []*Geometry) (Geometry, error) {
	out := Geometry{Kind: LineString}
	for i, p := range points {
		switch {
		case p == nil:
			return out, invalid("Invalid input to ST_LineString: null point at index %d", i+1)
		case p.Kind != Point:
			return out, invalid("ST_LineString takes only an array of valid points, %s was passed", kindNames[p.Kind].wkt)
		case p.IsEmpty():
			return out, invalid("Invalid input to ST_LineString: empty point at index %d", i+1)
		case i > 0 && p.Points[0] == out.Points[i-1]:
			return out, invalid("Invalid input to ST_LineString: consecutive duplicate points at index %d", i+1)
		}
		out.Points = append(out.Points, p.Points[0])
	}
	if len(out.Points) == 1 {
		out.Points = nil
	}
	return out, nil
}

// MultiPointOf is the multipoint of points; false of none.
func MultiPointOf(points []*Geometry) (Geometry, bool, error) {
	out := Geometry{Kind: MultiPoint}
	for i, p := range points {
		switch {
		case p == nil:
			return out, false, invalid("Invalid input to ST_MultiPoint: null at index %d", i+1)
		case p.Kind != Point:
			return out, false, invalid("Invalid input to ST_MultiPoint: geometry is not a point: %s at index %d", kindNames[p.Kind].wkt, i+1)
		case p.IsEmpty():
			return out, false, invalid("Invalid input to ST_MultiPoint: empty point at index %d", i+1)
		}
		out.Points = append(out.Points, p.Points[0])
	}
	return out, len(points) > 0, nil
}

// NumPoints is the number of positions; the end of a ring is not counted.
func (g Geometry) NumPoints() int {
	n := len(g.Points)
	for _, r := range g.Rings {
		n += len(r)
		if g.Kind == Polygon {
			n--
		}
	}
	for _, p := range g.Parts {
		n += p.NumPoints()
	}
	return n
}

// IsClosed says whether each line ends where it starts.
func (g Geometry) IsClosed() (bool, error) {
	if err := g.Require("ST_IsClosed", LineString, MultiLineString); err != nil {
		return false, err
	}
	closed := true
	g.Each(func(run []XY) { closed = closed && run[0] == run[len(run)-1] })
	return closed, nil
}

// AllPoints are the positions as points, rings in the clockwise order of ST_Points
// with their ends; an empty point of a collection stays.
func (g Geometry) AllPoints() []Geometry {
	var out []Geometry
	add := func(run []XY) {
		for _, p := range run {
			out = append(out, NewPoint(p.X, p.Y))
		}
	}
	switch g.Kind {
	case Point:
		return []Geometry{g}
	case Polygon:
		for _, r := range g.Rings {
			add(reversed(r))
		}
	case MultiPolygon, Collection:
		for _, p := range g.Parts {
			out = append(out, p.AllPoints()...)
		}
	default:
		g.Each(add)
	}
	return out
}

func reversed(ring []XY) []XY {
	out := append([]XY(nil), ring...)
	turn(out)
	return out
}

// Hollow fails where a collection has empty lines or polygons, as those
// functions of Trino do that read collections with the second of its libraries.
func (g Geometry) Hollow() error {
	if g.Kind != Collection {
		return nil
	}
	for _, p := range g.Parts {
		if err := p.Hollow(); err != nil {
			return err
		}
		if !p.IsEmpty() {
			continue
		}
		switch p.Kind {
		case LineString, Polygon, MultiLineString, MultiPolygon:
			return &Error{"GENERIC_INTERNAL_ERROR", "an empty geometry in a collection"}
		}
	}
	return nil
}

// Boundary is the boundary: nothing of points, the ends of lines that an odd
// number of them has, the rings of polygons.
func (g Geometry) Boundary() (Geometry, error) {
	if err := g.sound(); err != nil {
		return g, err
	}
	switch g.Kind {
	case Point, MultiPoint:
		return Geometry{Kind: MultiPoint}, nil
	case LineString, MultiLineString:
		return Geometry{Kind: MultiPoint, Points: g.ends()}, nil
	case Polygon, MultiPolygon:
		out := Geometry{Kind: MultiLineString}
		g.Each(func(run []XY) { out.Rings = append(out.Rings, run) })
		return out, nil
	}
	return g, &Error{"GENERIC_INTERNAL_ERROR", "ST_Boundary of a collection"}
}

func (g Geometry) ends() []XY {
	var all, out []XY
	count := map[XY]int{}
	g.Each(func(run []XY) {
		for _, p := range []XY{run[0], run[len(run)-1]} {
			if count[p]++; count[p] == 1 {
				all = append(all, p)
			}
		}
	})
	for _, p := range all {
		if count[p]%2 == 1 {
			out = append(out, p)
		}
	}
	return out
}
