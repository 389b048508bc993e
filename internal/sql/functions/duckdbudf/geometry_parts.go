package duckdbudf

import (
	"slices"

	"github.com/scopsdb/scops/internal/sql/geometry"
)

// geometryPartUDFs take geometries apart.
var geometryPartUDFs = []udf{
	part("st_numgeometries", integer, func(g geometry.Geometry) (any, error) {
		if g.IsEmpty() {
			return int32(0), nil
		}
		return int32(len(g.Members())), nil
	}),
	part("st_numinteriorring", bigint, func(g geometry.Geometry) (any, error) {
		if err := g.Require("ST_NumInteriorRing", geometry.Polygon); err != nil || g.IsEmpty() {
			return nil, err
		}
		return int64(len(g.Rings) - 1), nil
	}),
	at("st_pointn", func(g geometry.Geometry, n int) (any, error) {
		if err := g.Require("ST_PointN", geometry.LineString); err != nil || n < 1 || n > len(g.Points) {
			return nil, err
		}
		return geometry.NewPoint(g.Points[n-1].X, g.Points[n-1].Y), nil
	}),
	at("st_geometryn", func(g geometry.Geometry, n int) (any, error) {
		if g.IsEmpty() || n < 1 || n > len(g.Members()) {
			return nil, nil
		}
		return g.Members()[n-1], nil
	}),
	at("st_interiorringn", func(g geometry.Geometry, n int) (any, error) {
		if err := g.Require("ST_InteriorRingN", geometry.Polygon); err != nil || n < 1 || n >= len(g.Rings) {
			return nil, err
		}
		return line(g.Rings[n]), nil
	}),
	part("st_startpoint", blob, func(g geometry.Geometry) (any, error) {
		if err := g.Require("ST_StartPoint", geometry.LineString); err != nil || g.IsEmpty() {
			return nil, err
		}
		return geometry.NewPoint(g.Points[0].X, g.Points[0].Y), nil
	}),
	part("st_endpoint", blob, func(g geometry.Geometry) (any, error) {
		if err := g.Require("ST_EndPoint", geometry.LineString); err != nil || g.IsEmpty() {
			return nil, err
		}
		last := g.Points[len(g.Points)-1]
		return geometry.NewPoint(last.X, last.Y), nil
	}),
	part("st_exteriorring", blob, func(g geometry.Geometry) (any, error) {
		if err := g.Require("ST_ExteriorRing", geometry.Polygon); err != nil || g.IsEmpty() {
			return nil, err
		}
		return line(g.Rings[0]), nil
	}),
	part("st_envelope", blob, func(g geometry.Geometry) (any, error) {
		low, high, ok := g.Bounds()
		if !ok {
			return geometry.Geometry{Kind: geometry.Polygon}, nil
		}
		return geometry.Rectangle(low, high), nil
	}),
	part("st_envelopeaspts", list(blob), func(g geometry.Geometry) (any, error) {
		low, high, ok := g.Bounds()
		if !ok {
			return nil, nil
		}
		return []geometry.Geometry{geometry.NewPoint(low.X, low.Y), geometry.NewPoint(high.X, high.Y)}, nil
	}),
	part("st_points", list(blob), func(g geometry.Geometry) (any, error) {
		if err := g.Hollow(); err != nil || g.IsEmpty() {
			return nil, err
		}
		return g.AllPoints(), nil
	}),
	part("st_geometries", list(blob), func(g geometry.Geometry) (any, error) {
		if g.IsEmpty() {
			return nil, nil
		}
		members := slices.Clone(g.Members())
		for i := range members {
			members[i].Box = false
		}
		return members, nil
	}),
	part("st_interiorrings", list(blob), func(g geometry.Geometry) (any, error) {
		if err := g.Require("ST_InteriorRings", geometry.Polygon); err != nil || g.IsEmpty() {
			return nil, err
		}
		out := []geometry.Geometry{}
		for _, r := range g.Rings[1:] {
			out = append(out, line(r))
		}
		return out, nil
	}),
}

func line(run []geometry.XY) geometry.Geometry {
	return geometry.Geometry{Kind: geometry.LineString, Points: run}
}
