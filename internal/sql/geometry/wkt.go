package geometry

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// maxDepth bounds the nesting of collections that come from outside.
const maxDepth = 64

// ParseWKT reads well-known text. Text after the geometry is ignored, as Trino
// ignores it; coordinates of more than two dimensions are refused.
func ParseWKT(text string) (Geometry, error) {
	r := wktReader{text: text}
	g, err := r.geometry(0)
	if errors.Is(err, errWKT) {
		return g, invalid("Invalid WKT: %s", text)
	}
	if err == nil && r.unset {
		return g, unsupported("NaN in a geometry that is no point")
	}
	return g, err
}

// errWKT stands for every mistake in a text.
var errWKT = invalid("Invalid WKT")

type wktReader struct {
	text string
	pos  int
	// unset is set by a coordinate that is NaN: only a point may have it.
	unset bool
}

func (r *wktReader) skip() {
	for r.pos < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.pos]) >= 0 {
		r.pos++
	}
}

// accept takes a character or a word in any case.
func (r *wktReader) accept(word string) bool {
	r.skip()
	end := r.pos + len(word)
	if end > len(r.text) || !strings.EqualFold(r.text[r.pos:end], word) {
		return false
	}
	r.pos = end
	return true
}

// wktKinds are in an order in which no name is the beginning of a later one.
var wktKinds = []Kind{Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon, Collection}

func (r *wktReader) geometry(depth int) (Geometry, error) {
	if depth > maxDepth {
		return Geometry{}, unsupported("A collection nested deeper than %d", maxDepth)
	}
	for _, k := range wktKinds {
		if !r.accept(kindNames[k].wkt) {
			continue
		}
		if r.accept("Z") || r.accept("M") {
			if k == Point {
				return Geometry{}, &Error{"GENERIC_INTERNAL_ERROR", "Only 2D points with no ID nor M attribute are supported"}
			}
			return Geometry{}, unsupported("A geometry of more than two dimensions")
		}
		return r.body(k, depth)
	}
	return Geometry{}, errWKT
}

func (r *wktReader) body(k Kind, depth int) (g Geometry, err error) {
	g.Kind = k
	if r.accept("EMPTY") {
		return g, nil
	}
	switch k {
	case Point:
		g.Points, err = r.run(1, 1)
		r.unset = false
		if err == nil && (math.IsNaN(g.Points[0].X) || math.IsNaN(g.Points[0].Y)) {
			g.Points = nil
		}
	case LineString:
		g.Points, err = r.line()
	case MultiPoint:
		g.Points, err = r.multiPoint()
	case Polygon:
		g.Rings, err = r.rings()
		if err == nil {
			g.Rings, err = orient(g.Rings)
		}
	case MultiLineString:
		g.Rings, err = r.rings()
	case MultiPolygon:
		err = r.list(func() error { return r.part(&g) })
	case Collection:
		err = r.list(func() error { return r.member(&g, depth) })
	}
	return g, err
}

// member reads a geometry of a collection. After a collection in it Trino goes on
// reading that one, which is refused.
func (r *wktReader) member(g *Geometry, depth int) error {
	if n := len(g.Parts); n > 0 && g.Parts[n-1].Kind == Collection {
		return unsupported("A geometry after a collection in a collection")
	}
	p, err := r.geometry(depth + 1)
	g.Parts = append(g.Parts, p)
	return err
}

// part reads a polygon of a multipolygon; an empty one is left out.
func (r *wktReader) part(g *Geometry) error {
	p, err := r.body(Polygon, 0)
	if err == nil && len(p.Rings) > 0 {
		g.Parts = append(g.Parts, p)
	}
	return err
}

// list reads "(item, item)".
func (r *wktReader) list(item func() error) error {
	if !r.accept("(") {
		return errWKT
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if r.accept(")") {
			return nil
		}
		if !r.accept(",") {
			return errWKT
		}
	}
}

// run reads positions in parentheses.
func (r *wktReader) run(least, most int) ([]XY, error) {
	var out []XY
	err := r.list(func() error {
		p, err := r.position()
		out = append(out, p)
		return err
	})
	if err == nil && (len(out) < least || most > 0 && len(out) > most) {
		err = errWKT
	}
	return out, err
}

// line reads a line; its only position is doubled, as Trino does.
func (r *wktReader) line() ([]XY, error) {
	out, err := r.run(1, 0)
	if err == nil && len(out) == 1 {
		out = append(out, out[0])
	}
	return out, err
}

// rings reads lines; empty ones are left out.
func (r *wktReader) rings() (out [][]XY, err error) {
	err = r.list(func() error {
		if r.accept("EMPTY") {
			return nil
		}
		line, err := r.line()
		out = append(out, line)
		return err
	})
	return out, err
}

// multiPoint reads positions, all with parentheses of their own or none.
func (r *wktReader) multiPoint() (out []XY, err error) {
	own := false
	err = r.list(func() error {
		bracket := r.accept("(")
		if len(out) > 0 && bracket != own {
			return errWKT
		}
		own = bracket
		p, err := r.position()
		if err == nil && own && !r.accept(")") {
			err = errWKT
		}
		out = append(out, p)
		return err
	})
	return out, err
}

func (r *wktReader) position() (p XY, err error) {
	if p.X, err = r.number(); err != nil {
		return p, err
	}
	p.Y, err = r.number()
	return p, err
}

// number reads a coordinate. A NaN is only let through for a point.
func (r *wktReader) number() (float64, error) {
	if r.accept("NaN") {
		r.unset = true
		return math.NaN(), nil
	}
	r.skip()
	start := r.pos
	for r.pos < len(r.text) && strings.IndexByte("+-.0123456789eE", r.text[r.pos]) >= 0 {
		r.pos++
	}
	f, err := strconv.ParseFloat(r.text[start:r.pos], 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, errWKT
	}
	return f, nil
}
