package duckdbudf

import (
	"database/sql/driver"
	"errors"

	"github.com/scopsdb/scops/internal/sql/geometry"
)

// geometryUDFs are the geospatial functions; blobs carry geometries as package
// geometry encodes them.
var geometryUDFs = []udf{
	{name: "scops_st_point", fails: true, in: in(double, double), out: blob, run: func(a []driver.Value) (any, error) {
		return geometry.NewPoint(a[0].(float64), a[1].(float64)).Encode(), nil
	}},
	ofText("st_geometryfromtext"), ofText("st_linefromtext", geometry.LineString), ofText("st_polygon", geometry.Polygon),
	{name: "scops_st_geomfrombinary", fails: true, in: in(blob), out: blob, run: func(a []driver.Value) (any, error) {
		return encoded(geometry.ParseWKB(a[0].([]byte)))
	}},
	{name: "scops_from_encoded_polyline", fails: true, in: in(text), out: blob, run: func(a []driver.Value) (any, error) {
		return encoded(geometry.FromPolyline(a[0].(string)))
	}},
	{name: "scops_st_linestring", fails: true, in: in(list(blob)), out: blob, run: func(a []driver.Value) (any, error) {
		points, err := decodeAll(a[0])
		if err != nil {
			return nil, err
		}
		return encoded(geometry.LineThrough(points))
	}},
	{name: "scops_st_multipoint", fails: true, in: in(list(blob)), out: blob, run: func(a []driver.Value) (any, error) {
		points, err := decodeAll(a[0])
		if err != nil {
			return nil, err
		}
		g, ok, err := geometry.MultiPointOf(points)
		if err != nil || !ok {
			return nil, inTrinosTerms(err)
		}
		return g.Encode(), nil
	}},
	{name: "scops_great_circle_distance", fails: true, in: in(double, double, double, double), out: double, run: func(a []driver.Value) (any, error) {
		d, err := geometry.GreatCircle(a[0].(float64), a[1].(float64), a[2].(float64), a[3].(float64))
		return d, inTrinosTerms(err)
	}},
	part("st_astext", text, func(g geometry.Geometry) (any, error) { return g.WKT() }),
	part("st_asbinary", blob, func(g geometry.Geometry) (any, error) { return g.WKB(), nil }),
	part("st_geometrytype", text, func(g geometry.Geometry) (any, error) { return g.TypeName(), nil }),
	part("to_encoded_polyline", text, func(g geometry.Geometry) (any, error) { return g.ToPolyline() }),
	part("to_spherical_geography", blob, func(g geometry.Geometry) (any, error) { return g, g.ToSphere() }),
	part("to_geometry", blob, func(g geometry.Geometry) (any, error) { return g, nil }),
	part("st_x", double, func(g geometry.Geometry) (any, error) { return coordinate(g, "ST_X") }),
	part("st_y", double, func(g geometry.Geometry) (any, error) { return coordinate(g, "ST_Y") }),
	bound("st_xmin", func(low, _ geometry.XY) float64 { return low.X }),
	bound("st_ymin", func(low, _ geometry.XY) float64 { return low.Y }),
	bound("st_xmax", func(_, high geometry.XY) float64 { return high.X }),
	bound("st_ymax", func(_, high geometry.XY) float64 { return high.Y }),
	part("st_coorddim", tinyint, func(geometry.Geometry) (any, error) { return int8(2), nil }),
	part("st_dimension", tinyint, func(g geometry.Geometry) (any, error) { return int8(g.Dimension()), nil }),
	part("st_isempty", boolean, func(g geometry.Geometry) (any, error) { return g.IsEmpty(), nil }),
	part("st_isclosed", boolean, func(g geometry.Geometry) (any, error) { return g.IsClosed() }),
	part("st_numpoints", bigint, func(g geometry.Geometry) (any, error) { return int64(g.NumPoints()), nil }),
	part("st_area", double, func(g geometry.Geometry) (any, error) { return g.Area(), nil }),
	part("st_length", double, func(g geometry.Geometry) (any, error) { return g.Length() }),
	part("st_length_sphere", double, func(g geometry.Geometry) (any, error) { return orNull(g, g.SphereLength) }),
	part("to_geojson_geometry", text, func(g geometry.Geometry) (any, error) { return g.GeoJSON() }),
	part("st_boundary", blob, func(g geometry.Geometry) (any, error) { return g.Boundary() }),
}

// ofText reads WKT of a geometry of one of the kinds, of any without.
func ofText(name string, kinds ...geometry.Kind) udf {
	function := map[string]string{"st_linefromtext": "ST_LineFromText", "st_polygon": "ST_Polygon"}[name]
	return udf{name: "scops_" + name, fails: true, in: in(text), out: blob, run: func(a []driver.Value) (any, error) {
		g, err := geometry.ParseWKT(a[0].(string))
		if err == nil && len(kinds) > 0 {
			err = g.Require(function, kinds...)
		}
		return encoded(g, err)
	}}
}

// part is a function of one geometry.
func part(name string, out kind, of func(geometry.Geometry) (any, error)) udf {
	return udf{name: "scops_" + name, fails: true, in: in(blob), out: out, run: func(a []driver.Value) (any, error) {
		g, err := geometry.Decode(a[0].([]byte))
		if err != nil {
			return nil, inTrinosTerms(err)
		}
		return answer(of(g))
	}}
}

// at is a function of a geometry and an index.
func at(name string, of func(geometry.Geometry, int) (any, error)) udf {
	return udf{name: "scops_" + name, fails: true, in: in(blob, integer), out: blob, run: func(a []driver.Value) (any, error) {
		g, err := geometry.Decode(a[0].([]byte))
		if err != nil {
			return nil, inTrinosTerms(err)
		}
		return answer(of(g, int(a[1].(int32))))
	}}
}

// answer is a result in the engine's form, its error in Trino's terms.
func answer(v any, err error) (any, error) {
	if err != nil {
		return nil, inTrinosTerms(err)
	}
	switch v := v.(type) {
	case geometry.Geometry:
		return v.Encode(), nil
	case []geometry.Geometry:
		out := make([]any, len(v))
		for i, g := range v {
			out[i] = g.Encode()
		}
		return out, nil
	}
	return v, nil
}

func encoded(g geometry.Geometry, err error) (any, error) {
	if err != nil {
		return nil, inTrinosTerms(err)
	}
	return g.Encode(), nil
}

// decodeAll decodes a list of geometries; nil stands for NULL.
func decodeAll(v driver.Value) ([]*geometry.Geometry, error) {
	carried := v.([]any)
	out := make([]*geometry.Geometry, len(carried))
	for i, b := range carried {
		if b == nil {
			continue
		}
		g, err := geometry.Decode(b.([]byte))
		if err != nil {
			return nil, inTrinosTerms(err)
		}
		out[i] = &g
	}
	return out, nil
}

// inTrinosTerms gives an error of package geometry the form that ParseError
// finds.
func inTrinosTerms(err error) error {
	var known *geometry.Error
	if errors.As(err, &known) {
		return failure(known.Name, "%s", known.Message)
	}
	return err
}

// orNull is NULL of an empty geometry.
func orNull(g geometry.Geometry, of func() (float64, error)) (any, error) {
	if g.IsEmpty() {
		return nil, nil
	}
	return of()
}

func coordinate(g geometry.Geometry, function string) (any, error) {
	if err := g.Require(function, geometry.Point); err != nil || g.IsEmpty() {
		return nil, err
	}
	if function == "ST_X" {
		return g.Points[0].X, nil
	}
	return g.Points[0].Y, nil
}

func bound(name string, of func(low, high geometry.XY) float64) udf {
	return part(name, double, func(g geometry.Geometry) (any, error) {
		low, high, ok := g.Bounds()
		if !ok {
			return nil, nil
		}
		return of(low, high), nil
	})
}
