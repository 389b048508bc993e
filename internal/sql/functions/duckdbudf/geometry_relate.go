package duckdbudf

import (
	"database/sql/driver"

	"github.com/scopsdb/scops/internal/sql/geometry"
)

// relationUDFs are the functions of two geometries and of validity.
var relationUDFs = append(relations(),
	two("st_relate", boolean, in(text), func(a, b geometry.Geometry, more []driver.Value) (any, error) {
		return geometry.MatchesPattern(a, b, more[0].(string))
	}),
	two("st_distance", double, nil, func(a, b geometry.Geometry, _ []driver.Value) (any, error) {
		return known(geometry.Distance(a, b))
	}),
	two("st_distance_sphere", double, nil, func(a, b geometry.Geometry, _ []driver.Value) (any, error) {
		if a.IsEmpty() || b.IsEmpty() {
			return nil, nil
		}
		return geometry.SphereDistance(a, b)
	}),
	part("st_isvalid", boolean, func(g geometry.Geometry) (any, error) { return g.IsValid() }),
	part("st_issimple", boolean, func(g geometry.Geometry) (any, error) { return g.IsValid() }),
	part("st_isring", boolean, func(g geometry.Geometry) (any, error) {
		if err := g.Require("ST_IsRing", geometry.LineString); err != nil {
			return nil, err
		}
		if closed, err := g.IsClosed(); err != nil || !closed || g.IsEmpty() {
			return false, err
		}
		return g.IsValid()
	}),
	part("geometry_invalid_reason", text, func(g geometry.Geometry) (any, error) { return nil, g.Sound() }),
	along("line_interpolate_point", blob, func(g geometry.Geometry, fraction float64) (any, error) {
		points, err := g.Along(fraction, false)
		if err != nil {
			return nil, err
		}
		return points[0], nil
	}),
	along("line_interpolate_points", list(blob), func(g geometry.Geometry, fraction float64) (any, error) {
		return g.Along(fraction, true)
	}),
)

func relations() []udf {
	var out []udf
	for name, relation := range geometry.Relations {
		out = append(out, two("st_"+name, boolean, nil, func(a, b geometry.Geometry, _ []driver.Value) (any, error) {
			return relation.Holds(a, b)
		}))
	}
	return out
}

// two is a function of two geometries and more arguments.
func two(name string, out kind, more []kind, of func(a, b geometry.Geometry, more []driver.Value) (any, error)) udf {
	return udf{name: "scops_" + name, fails: true, in: append(in(blob, blob), more...), out: out, run: func(v []driver.Value) (any, error) {
		a, err := geometry.Decode(v[0].([]byte))
		if err != nil {
			return nil, inTrinosTerms(err)
		}
		b, err := geometry.Decode(v[1].([]byte))
		if err != nil {
			return nil, inTrinosTerms(err)
		}
		return answer(of(a, b, v[2:]))
	}}
}

// along is a function of a line and a fraction, NULL of an empty geometry.
func along(name string, out kind, of func(geometry.Geometry, float64) (any, error)) udf {
	return udf{name: "scops_" + name, fails: true, in: in(blob, double), out: out, run: func(v []driver.Value) (any, error) {
		g, err := geometry.Decode(v[0].([]byte))
		if err != nil || g.IsEmpty() {
			return nil, inTrinosTerms(err)
		}
		return answer(of(g, v[1].(float64)))
	}}
}

// known is NULL where there is no number.
func known(f float64, ok bool, err error) (any, error) {
	if err != nil || !ok {
		return nil, err
	}
	return f, nil
}
