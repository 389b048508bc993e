package functions

import "github.com/scopsdb/scops/internal/sql/types"

const geospatialFamily = "geospatial"

// geo is a function in Go of the same arguments, which may fail, under its name
// with the prefix scops_.
func geo(name, doc, example string, signatures ...string) Function {
	f := Function{Name: name, Doc: doc, Example: example}
	for _, s := range signatures {
		f.Sigs = append(f.Sigs, Signature{Text: s, Emit: geoCall("scops_" + name)})
	}
	return f
}

func geoCall(name string) Emission {
	return func(c *Call) string { return mayFail(name, c.Args...) }
}

// geoSphere adds the form of a function for a spherical geography.
func geoSphere(f Function, signature string) Function {
	f.Sigs = append(f.Sigs, Signature{Text: signature, Emit: geoCall("scops_" + f.Name + "_sphere")})
	return f
}

// geometries make and write geometries.
var geometries = []Function{
	geo("st_point", "Point of x and y.", "ST_Point(1, 2)", "(double, double) -> geometry"),
	geo("st_geometryfromtext", "Geometry of well-known text.", "ST_GeometryFromText('POINT (1 2)')", "(varchar) -> geometry"),
	geo("st_linefromtext", "Line string of well-known text.", "ST_LineFromText('LINESTRING (0 0, 1 1)')", "(varchar) -> geometry"),
	geo("st_polygon", "Polygon of well-known text.", "ST_Polygon('POLYGON ((0 0, 1 0, 1 1, 0 0))')", "(varchar) -> geometry"),
	geo("st_geomfrombinary", "Geometry of well-known binary.", "ST_GeomFromBinary(ST_AsBinary(ST_Point(1, 2)))", "(varbinary) -> geometry"),
	geo("st_linestring", "Line string through points.", "ST_LineString(ARRAY[ST_Point(0, 0), ST_Point(1, 1)])", "(array(geometry)) -> geometry"),
	geo("st_multipoint", "Multipoint of points; NULL of none.", "ST_MultiPoint(ARRAY[ST_Point(0, 0)])", "(array(geometry)) -> geometry"),
	geo("st_astext", "Well-known text.", "ST_AsText(ST_Point(1, 2)) = 'POINT (1 2)'", "(geometry) -> varchar"),
	geo("st_asbinary", "Well-known binary, little-endian.", "ST_AsBinary(ST_Point(1, 2))", "(geometry) -> varbinary"),
	geo("to_spherical_geography", "The geometry, its coordinates taken for longitude and latitude in degrees.", "to_spherical_geography(ST_Point(1, 2))", "(geometry) -> sphericalgeography"),
	geo("to_geometry", "The geography as a geometry.", "to_geometry(to_spherical_geography(ST_Point(1, 2)))", "(sphericalgeography) -> geometry"),
	geo("to_geojson_geometry", "GeoJSON text of a spherical geography.", "to_geojson_geometry(to_spherical_geography(ST_Point(1, 2)))", "(sphericalgeography) -> varchar"),
	geo("from_encoded_polyline", "Line string of an encoded polyline.", "from_encoded_polyline('_p~iF~ps|U')", "(varchar) -> geometry"),
	geo("to_encoded_polyline", "Encoded polyline of a line string or multipoint.", "to_encoded_polyline(ST_GeometryFromText('LINESTRING (0 0, 1 1)'))", "(geometry) -> varchar"),
	geo("great_circle_distance", "Kilometers on the earth between two points, each of latitude and longitude.", "great_circle_distance(36.12, -86.67, 33.94, -118.40)", "(double, double, double, double) -> double"),
	geo("st_geometrytype", "Name of the type.", "ST_GeometryType(ST_Point(1, 2)) = 'ST_Point'", "(geometry) -> varchar"),
}

// geometryParts are what is read from geometries.
var geometryParts = []Function{
	geo("st_x", "X of a point.", "ST_X(ST_Point(1, 2)) = 1.0", "(geometry) -> double"),
	geo("st_y", "Y of a point.", "ST_Y(ST_Point(1, 2)) = 2.0", "(geometry) -> double"),
	geo("st_xmin", "Least x.", "ST_XMin(ST_Point(1, 2)) = 1.0", "(geometry) -> double"),
	geo("st_ymin", "Least y.", "ST_YMin(ST_Point(1, 2)) = 2.0", "(geometry) -> double"),
	geo("st_xmax", "Greatest x.", "ST_XMax(ST_Point(1, 2)) = 1.0", "(geometry) -> double"),
	geo("st_ymax", "Greatest y.", "ST_YMax(ST_Point(1, 2)) = 2.0", "(geometry) -> double"),
	geo("st_coorddim", "Number of coordinates of a position, 2.", "ST_CoordDim(ST_Point(1, 2)) = 2", "(geometry) -> tinyint"),
	geo("st_dimension", "0 for points, 1 for lines, 2 for polygons.", "ST_Dimension(ST_Point(1, 2)) = 0", "(geometry) -> tinyint"),
	geo("st_isempty", "Whether a geometry has no points.", "ST_IsEmpty(ST_GeometryFromText('POINT EMPTY'))", "(geometry) -> boolean"),
	geo("st_isclosed", "Whether each line ends where it starts.", "ST_IsClosed(ST_GeometryFromText('LINESTRING (0 0, 1 1)')) = false", "(geometry) -> boolean"),
	geo("st_numpoints", "Number of points; a ring's end is not counted.", "ST_NumPoints(ST_Point(1, 2)) = 1", "(geometry) -> bigint"),
	geo("st_numgeometries", "Number of geometries of a collection; 1 for others, 0 for an empty one.", "ST_NumGeometries(ST_Point(1, 2)) = 1", "(geometry) -> integer"),
	geo("st_numinteriorring", "Number of a polygon's interior rings.", "ST_NumInteriorRing(ST_Polygon('POLYGON ((0 0, 1 0, 1 1, 0 0))')) = 0", "(geometry) -> bigint"),
	geo("st_pointn", "Point of a line string at an index from 1.", "ST_PointN(ST_GeometryFromText('LINESTRING (0 0, 1 1)'), 2)", "(geometry, integer) -> geometry"),
	geo("st_geometryn", "Geometry of a collection at an index from 1.", "ST_GeometryN(ST_Point(1, 2), 1)", "(geometry, integer) -> geometry"),
	geo("st_interiorringn", "Interior ring of a polygon at an index from 1.", "ST_InteriorRingN(ST_Polygon('POLYGON ((0 0, 1 0, 1 1, 0 0))'), 1)", "(geometry, integer) -> geometry"),
	geo("st_startpoint", "First point of a line string.", "ST_StartPoint(ST_GeometryFromText('LINESTRING (0 0, 1 1)'))", "(geometry) -> geometry"),
	geo("st_endpoint", "Last point of a line string.", "ST_EndPoint(ST_GeometryFromText('LINESTRING (0 0, 1 1)'))", "(geometry) -> geometry"),
	geo("st_exteriorring", "Exterior ring of a polygon as a line string.", "ST_ExteriorRing(ST_Polygon('POLYGON ((0 0, 1 0, 1 1, 0 0))'))", "(geometry) -> geometry"),
	geo("st_boundary", "Boundary: end points of lines, rings of polygons.", "ST_Boundary(ST_GeometryFromText('LINESTRING (0 0, 1 1)'))", "(geometry) -> geometry"),
	geo("st_envelope", "Bounding rectangle.", "ST_Envelope(ST_GeometryFromText('LINESTRING (0 0, 1 1)'))", "(geometry) -> geometry"),
	geo("st_envelopeaspts", "Lower left and upper right corner of the bounding rectangle.", "ST_EnvelopeAsPts(ST_Point(1, 2))", "(geometry) -> array(geometry)"),
	geo("st_points", "All points.", "ST_Points(ST_Point(1, 2))", "(geometry) -> array(geometry)"),
	geo("st_geometries", "Geometries of a collection.", "ST_Geometries(ST_Point(1, 2))", "(geometry) -> array(geometry)"),
	geo("st_interiorrings", "Interior rings of a polygon as line strings.", "ST_InteriorRings(ST_Polygon('POLYGON ((0 0, 1 0, 1 1, 0 0))'))", "(geometry) -> array(geometry)"),
	geo("st_area", "Area of the polygons.", "ST_Area(ST_Polygon('POLYGON ((0 0, 1 0, 1 1, 0 0))')) = 0.5", "(geometry) -> double"),
	geoSphere(geo("st_length", "Length of a line; in meters for a spherical geography.", "ST_Length(ST_GeometryFromText('LINESTRING (0 0, 1 0)')) = 1.0", "(geometry) -> double"), "(sphericalgeography) -> double"),
}

// tiles are the functions of Bing tiles.
var tiles = []Function{
	{Name: "bing_tile", Doc: "Bing tile of a column, a row and a zoom level, or of a quadkey.", Example: "bing_tile('0123')",
		Sigs: []Signature{
			{Text: "(integer, integer, integer) -> bingtile", Emit: geoCall("scops_bing_tile")},
			{Text: "(varchar) -> bingtile", Emit: geoCall("scops_bing_tile_of_key")},
		}},
	geo("bing_tile_at", "Bing tile of a latitude and longitude at a zoom level.", "bing_tile_at(30.12, 60, 15)", "(double, double, integer) -> bingtile"),
	{Name: "bing_tile_coordinates", Doc: "Column and row of a tile.", Example: "bing_tile_coordinates(bing_tile('0123'))",
		Sigs: []Signature{{Text: "(bingtile) -> row(integer,integer)", Return: tileCoordinates,
			Emit: T("(CASE WHEN $1 IS NOT NULL THEN struct_pack(x := CAST($1 >> 32 AS INTEGER), y := CAST($1 & 8388607 AS INTEGER)) END)")}}},
	{Name: "bing_tile_zoom_level", Doc: "Zoom level of a tile.", Example: "bing_tile_zoom_level(bing_tile('0123')) = 4",
		Sigs: []Signature{{Text: "(bingtile) -> tinyint", Emit: T("CAST(($1 >> 27) & 31 AS TINYINT)")}}},
	geo("bing_tile_quadkey", "Quadkey of a tile.", "bing_tile_quadkey(bing_tile('0123')) = '0123'", "(bingtile) -> varchar"),
	geo("bing_tile_polygon", "Rectangle of a tile.", "bing_tile_polygon(bing_tile('0123'))", "(bingtile) -> geometry"),
	geo("geometry_to_bing_tiles", "Bing tiles that cover a point or a rectangle at a zoom level.", "geometry_to_bing_tiles(ST_Point(60, 30.12), 10)", "(geometry, integer) -> array(bingtile)"),
	{Name: "bing_tiles_around", Doc: "Bing tiles next to a latitude and longitude at a zoom level, or those within kilometers of it.", Example: "bing_tiles_around(30.12, 60, 1)",
		Sigs: []Signature{
			{Text: "(double, double, integer) -> array(bingtile)", Emit: geoCall("scops_bing_tiles_around")},
			{Text: "(double, double, integer, double) -> array(bingtile)", Emit: geoCall("scops_bing_tiles_within")},
		}},
}

func tileCoordinates(*Call) types.Type {
	return types.RowOf(types.Field{Name: "x", Type: types.IntegerType}, types.Field{Name: "y", Type: types.IntegerType})
}
