// Package jsonpath is the path language of SQL/JSON (JSON_VALUE, JSON_QUERY,
// JSON_EXISTS) with the meaning that Trino 435 gives it: lax and strict modes,
// accessors, filters, arithmetic and methods.
//
// Parse reads a path, Check types what can be typed before it runs, Eval gives
// the sequence of items of a JSON value. The values are read and written by the
// caller. It must not know SQL, DuckDB or JSON text.
package jsonpath
