// Package types is Trino's type system: types and their text, Hive type
// strings, coercions, and the Go values that rows carry with their text as
// Athena prints it.
//
// It must not know storage, network or any engine.
package types
