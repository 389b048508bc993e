// Package functions is what the embedded engine can compute: one table of
// Trino's functions, operators and casts with their types, and how each is
// written in DuckDB SQL so that it means what it means in Trino.
//
// The analyzer resolves a call (Resolve, Operator, Negate, Subscript, Like,
// Cast), coerces the arguments to Resolved.ArgTypes with Cast, and emits. What
// is not in the table does not exist for a query: a function is left out where
// it cannot be exact on every input.
//
// # The instance
//
// A DuckDB instance that runs emitted SQL must have run the statements of
// Prelude once, and each connection must have the scalar functions of
// functions/duckdbudf.
//
// # Errors
//
// Emitted SQL raises Trino's errors with DuckDB's error function, as
// "scops:NAME: message". DuckDB evaluates error() only for rows that reach it,
// also in a CASE branch with constant arguments. ParseError turns what DuckDB
// says, including its own overflow and conversion errors, into name and
// message.
//
// # Values
//
// types.DuckDBType says how DuckDB carries each type: varchar(n), char (padded
// to its length) and json (JSON text) as VARCHAR, intervals as whole
// milliseconds (BIGINT) and months (INTEGER), timestamp with time zone as
// TIMESTAMPTZ, its zone in the type (Type.Zone).
//
// It must not know scopes, names of tables and columns, storage or files.
package functions
