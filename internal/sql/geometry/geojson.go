package geometry

import (
	"math"
	"strconv"

	"github.com/scopsdb/scops/internal/sql/types"
)

// geoJSONNames are the types of GeoJSON.
var geoJSONNames = map[Kind]string{
	Point: "Point", LineString: "LineString", Polygon: "Polygon", MultiPoint: "MultiPoint",
	MultiLineString: "MultiLineString", MultiPolygon: "MultiPolygon", Collection: "GeometryCollection",
}

// GeoJSON is the GeoJSON text of a geometry, with the reference system that
// Trino writes. See Hollow for what fails.
func (g Geometry) GeoJSON() (string, error) {
	if err := g.Hollow(); err != nil {
		return "", err
	}
	return string(g.appendGeoJSON(nil)) + `,"crs":{"type":"name","properties":{"name":"EPSG:0"}}}`, nil
}

// appendGeoJSON leaves the last brace out.
func (g Geometry) appendGeoJSON(dst []byte) []byte {
	dst = append(append(append(dst, `{"type":"`...), geoJSONNames[g.Kind]...), '"')
	if g.Kind != Collection {
		return g.appendCoordinates(append(dst, `,"coordinates":`...))
	}
	dst = append(dst, `,"geometries":[`...)
	for i, p := range g.Parts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(p.appendGeoJSON(dst), '}')
	}
	return append(dst, ']')
}

func (g Geometry) appendCoordinates(dst []byte) []byte {
	switch g.Kind {
	case Point:
		if len(g.Points) == 0 {
			return append(dst, "[]"...)
		}
		return appendPosition(dst, g.Points[0])
	case LineString, MultiPoint:
		return appendArray(dst, len(g.Points), func(dst []byte, i int) []byte { return appendPosition(dst, g.Points[i]) })
	case MultiPolygon:
		return appendArray(dst, len(g.Parts), func(dst []byte, i int) []byte { return g.Parts[i].appendCoordinates(dst) })
	}
	return appendArray(dst, len(g.Rings), func(dst []byte, i int) []byte {
		line := Geometry{Kind: LineString, Points: g.Rings[i]}
		if g.Kind == Polygon {
			line.Points = reversed(line.Points)
		}
		return line.appendCoordinates(dst)
	})
}

func appendArray(dst []byte, n int, one func([]byte, int) []byte) []byte {
	dst = append(dst, '[')
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = one(dst, i)
	}
	return append(dst, ']')
}

func appendPosition(dst []byte, p XY) []byte {
	dst = appendOrdinate(append(dst, '['), p.X)
	return append(appendOrdinate(append(dst, ','), p.Y), ']')
}

// appendOrdinate writes a coordinate with at most 8 decimals; small and large
// ones as Java's Double.toString.
func appendOrdinate(dst []byte, f float64) []byte {
	if math.Abs(f) < 1e-3 || f >= 1e7 {
		return types.AppendDouble(dst, f)
	}
	dst = strconv.AppendFloat(dst, f, 'f', 8, 64)
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	if dst[len(dst)-1] == '.' {
		dst = dst[:len(dst)-1]
	}
	return dst
}
