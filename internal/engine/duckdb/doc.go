// Package duckdb is the embedded engine: one in-memory DuckDB instance, a
// connection for each query. It writes what a query scans as DuckDB SQL over an
// explicit list of files (Parquet by DuckDB itself, row formats by package
// formats through a table function), runs the emitted text, and streams its
// rows chunk by chunk.
//
// It owns the instance, its limits, what a file's types become, and the count
// of bytes scanned. It must not know AWS protocols, nor where queries come
// from. Data goes next to the services that answer with rows.
package duckdb
