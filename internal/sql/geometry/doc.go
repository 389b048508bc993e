// Package geometry has the values of Trino's geospatial functions: geometries of
// two dimensions with their text, WKT, WKB, GeoJSON and encoded polylines, what
// is measured and compared of them, and Bing tiles.
//
// A Geometry is carried in the engine as a blob (Encode, Decode). Coordinates
// have no unit and no reference system; those of a SphericalGeography are
// degrees, x the longitude. Relations between geometries and validity are computed
// by github.com/peterstace/simplefeatures.
//
// What Trino answers with the quirks of its libraries, and is not reproduced
// here, is an Error of the name NOT_SUPPORTED, never another answer.
//
// It must not know the engine or SQL.
package geometry
