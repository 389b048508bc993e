// Package analyzer checks a parsed query against the catalog by Trino's rules:
// names, scopes, types, coercions, aggregation. It produces a typed tree
// (Analysis) in which only known functions and catalog tables appear, and the
// predicate on partition columns of each table scan. It must not know storage.
package analyzer
