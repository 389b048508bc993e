// Package duckdb writes a checked query as one DuckDB statement.
//
// Each relation of the typed tree becomes a SELECT of its own, nested in its
// parent's FROM; DuckDB's optimizer flattens them. Every column has a name that
// is unique in the statement (s1, s2, … after its symbol), so that no name of a
// user's ever needs a qualifier or can be taken for another; the output columns
// are c0, c1, … in order.
//
// What a function, an operator or a constant looks like is package functions'
// to say. This package must not know tables' files: its caller gives the text
// of each scan. Data goes next to the engine, which runs the statement in an
// instance with functions.Prelude.
package duckdb
