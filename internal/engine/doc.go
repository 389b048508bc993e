// Package engine runs a checked query over a list of files and streams its
// rows. engine/duckdb is the embedded engine; others (Trino, AWS Athena) get
// the same query text. It owns cancellation, limits and the count of bytes
// scanned, and must not know AWS protocols.
package engine
