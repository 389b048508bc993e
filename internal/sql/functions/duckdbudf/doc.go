// Package duckdbudf has the scalar functions in Go that SQL emitted by package
// functions calls where DuckDB has no function of the same meaning. It is a
// package of its own so that whoever only checks queries does not link DuckDB.
package duckdbudf
