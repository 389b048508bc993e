package geometry

import (
	"encoding/binary"
	"math"
)

// boxMark is the first byte of the carried form of a rectangle; a WKB of this
// package begins with 1.
const boxMark = 2

// Encode is the form in which the engine carries a geometry. Two of them are the
// same where = holds in Trino.
func (g Geometry) Encode() []byte {
	wkb := g.WKB()
	if g.Box {
		return append([]byte{boxMark}, wkb...)
	}
	return wkb
}

// Decode reads what Encode wrote.
func Decode(b []byte) (Geometry, error) {
	box := len(b) > 0 && b[0] == boxMark
	if box {
		b = b[1:]
	}
	r := wkbReader{b: b}
	g, err := r.geometry(0)
	g.Box = box
	return g, err
}

// WKB is the well-known binary form, little-endian.
func (g Geometry) WKB() []byte { return g.appendWKB(nil) }

func (g Geometry) appendWKB(dst []byte) []byte {
	dst = binary.LittleEndian.AppendUint32(append(dst, 1), uint32(g.Kind))
	switch g.Kind {
	case Point:
		if len(g.Points) == 0 {
			const empty = 0x7ff8000000000000
			return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(dst, empty), empty)
		}
		return appendXY(dst, g.Points)
	case LineString:
		return appendXY(appendCount(dst, len(g.Points)), g.Points)
	case Polygon:
		dst = appendCount(dst, len(g.Rings))
		for _, r := range g.Rings {
			dst = appendXY(appendCount(dst, len(r)), r)
		}
		return dst
	}
	members := g.members()
	dst = appendCount(dst, len(members))
	for _, m := range members {
		dst = m.appendWKB(dst)
	}
	return dst
}

func appendCount(dst []byte, n int) []byte { return binary.LittleEndian.AppendUint32(dst, uint32(n)) }

func appendXY(dst []byte, run []XY) []byte {
	for _, p := range run {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(p.X))
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(p.Y))
	}
	return dst
}

// ParseWKB reads the WKB of ST_GeomFromBinary. Bytes after the geometry are
// ignored.
func ParseWKB(b []byte) (Geometry, error) {
	r := wkbReader{b: b, foreign: true}
	return r.geometry(0)
}

var errWKB = invalid("Invalid WKB")

type wkbReader struct {
	b       []byte
	foreign bool
}

func (r *wkbReader) take(n int) ([]byte, error) {
	if len(r.b) < n {
		return nil, errWKB
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out, nil
}

// count reads how many items of at least size bytes follow.
func (r *wkbReader) count(order binary.ByteOrder, size int) (int, error) {
	b, err := r.take(4)
	if err != nil {
		return 0, err
	}
	n := order.Uint32(b)
	if uint64(n)*uint64(size) > uint64(len(r.b)) {
		return 0, errWKB
	}
	return int(n), nil
}

func (r *wkbReader) geometry(depth int) (g Geometry, err error) {
	head, err := r.take(5)
	if err != nil {
		return g, err
	}
	if depth > maxDepth {
		return g, unsupported("A collection nested deeper than %d", maxDepth)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if head[0] == 0 {
		order = binary.BigEndian
	} else if head[0] != 1 {
		return g, errWKB
	}
	g.Kind = Kind(order.Uint32(head[1:]))
	if g.Kind < Point || g.Kind > Collection {
		const dimensions = 1000
		if g.Kind > dimensions {
			return g, unsupported("WKB of the type %d", g.Kind)
		}
		return g, errWKB
	}
	switch g.Kind {
	case Point:
		return r.point(order)
	case LineString:
		g.Points, err = r.run(order)
		if err == nil && r.foreign && len(g.Points) == 1 {
			return g, errWKB
		}
		return g, err
	case Polygon:
		return r.polygon(order)
	}
	return r.multi(g.Kind, order, depth)
}

func (r *wkbReader) point(order binary.ByteOrder) (Geometry, error) {
	run, err := r.positions(order, 1)
	if err != nil {
		return Geometry{}, err
	}
	return NewPoint(run[0].X, run[0].Y), nil
}

func (r *wkbReader) positions(order binary.ByteOrder, n int) ([]XY, error) {
	b, err := r.take(16 * n)
	if err != nil {
		return nil, err
	}
	out := make([]XY, n)
	for i := range out {
		out[i].X = math.Float64frombits(order.Uint64(b[16*i:]))
		out[i].Y = math.Float64frombits(order.Uint64(b[16*i+8:]))
	}
	return out, nil
}

func (r *wkbReader) run(order binary.ByteOrder) ([]XY, error) {
	n, err := r.count(order, 16)
	if err != nil {
		return nil, err
	}
	return r.positions(order, n)
}

func (r *wkbReader) polygon(order binary.ByteOrder) (Geometry, error) {
	g := Geometry{Kind: Polygon}
	n, err := r.count(order, 4)
	if err != nil {
		return g, err
	}
	for range n {
		run, err := r.run(order)
		if err != nil {
			return g, err
		}
		if r.foreign && (len(run) < 4 || run[0] != run[len(run)-1]) {
			return g, unsupported("WKB of a ring that is not closed")
		}
		g.Rings = append(g.Rings, run)
	}
	if r.foreign {
		g.Rings, err = orient(g.Rings)
	}
	return g, err
}

// memberKinds are what multi-geometries consist of.
var memberKinds = map[Kind]Kind{MultiPoint: Point, MultiLineString: LineString, MultiPolygon: Polygon}

func (r *wkbReader) multi(kind Kind, order binary.ByteOrder, depth int) (Geometry, error) {
	g := Geometry{Kind: kind}
	n, err := r.count(order, 5)
	if err != nil {
		return g, err
	}
	for range n {
		m, err := r.geometry(depth + 1)
		if err != nil {
			return g, err
		}
		if want := memberKinds[kind]; want != 0 && (m.Kind != want || r.foreign && m.IsEmpty()) {
			return g, unsupported("WKB of a %s with such a member", kindNames[kind].wkt)
		}
		switch kind {
		case MultiPoint:
			g.Points = append(g.Points, m.Points...)
		case MultiLineString:
			g.Rings = append(g.Rings, m.Points)
		default:
			g.Parts = append(g.Parts, m)
		}
	}
	return g, nil
}
