package functions

// geometryRelations are the functions of two geometries and of validity.
var geometryRelations = []Function{
	geo("st_contains", "Whether no point of the second geometry lies outside of the first, and the insides meet.", "ST_Contains(ST_Polygon('POLYGON ((0 0, 4 0, 4 4, 0 0))'), ST_Point(3, 1)) = true", "(geometry, geometry) -> boolean"),
	geo("st_within", "Whether the first geometry is inside of the second.", "ST_Within(ST_Point(3, 1), ST_Polygon('POLYGON ((0 0, 4 0, 4 4, 0 0))')) = true", "(geometry, geometry) -> boolean"),
	geo("st_intersects", "Whether the geometries have a point in common.", "ST_Intersects(ST_Point(1, 2), ST_Point(1, 2)) = true", "(geometry, geometry) -> boolean"),
	geo("st_disjoint", "Whether the geometries have no point in common.", "ST_Disjoint(ST_Point(1, 2), ST_Point(1, 3)) = true", "(geometry, geometry) -> boolean"),
	geo("st_crosses", "Whether the geometries have some points inside in common, but not all.", "ST_Crosses(ST_GeometryFromText('LINESTRING (0 0, 2 2)'), ST_GeometryFromText('LINESTRING (0 2, 2 0)')) = true", "(geometry, geometry) -> boolean"),
	geo("st_overlaps", "Whether geometries of one dimension share a part, and each has another.", "ST_Overlaps(ST_GeometryFromText('LINESTRING (0 0, 2 0)'), ST_GeometryFromText('LINESTRING (1 0, 3 0)')) = true", "(geometry, geometry) -> boolean"),
	geo("st_touches", "Whether the geometries have points in common, but none inside of both.", "ST_Touches(ST_GeometryFromText('LINESTRING (0 0, 2 0)'), ST_GeometryFromText('LINESTRING (2 0, 3 3)')) = true", "(geometry, geometry) -> boolean"),
	geo("st_equals", "Whether the geometries have the same points.", "ST_Equals(ST_Point(1, 2), ST_Point(1, 2)) = true", "(geometry, geometry) -> boolean"),
	geo("st_relate", "Whether the DE-9IM matrix of the geometries matches a pattern.", "ST_Relate(ST_Point(1, 2), ST_Point(1, 2), 'T********') = true", "(geometry, geometry, varchar) -> boolean"),
	geoSphere(geo("st_distance", "Least distance; of points in meters for spherical geographies.", "ST_Distance(ST_Point(0, 0), ST_Point(3, 4)) = 5.0", "(geometry, geometry) -> double"), "(sphericalgeography, sphericalgeography) -> double"),
	geo("st_isvalid", "Whether the geometry is well formed.", "ST_IsValid(ST_Point(1, 2)) = true", "(geometry) -> boolean"),
	geo("st_issimple", "Whether the geometry does not meet itself.", "ST_IsSimple(ST_Point(1, 2)) = true", "(geometry) -> boolean"),
	geo("st_isring", "Whether a line string is closed and simple.", "ST_IsRing(ST_GeometryFromText('LINESTRING (0 0, 1 1)')) = false", "(geometry) -> boolean"),
	geo("geometry_invalid_reason", "NULL for a geometry that is well formed; others are refused.", "geometry_invalid_reason(ST_Point(1, 2))", "(geometry) -> varchar"),
	geo("line_interpolate_point", "Point at a fraction of a line string's length.", "line_interpolate_point(ST_GeometryFromText('LINESTRING (0 0, 2 0)'), 0.5)", "(geometry, double) -> geometry"),
	geo("line_interpolate_points", "Points at the multiples of a fraction of a line string's length.", "line_interpolate_points(ST_GeometryFromText('LINESTRING (0 0, 2 0)'), 0.5)", "(geometry, double) -> array(geometry)"),
}
