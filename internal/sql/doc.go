// Package sql decides which of Athena's two languages a text is in, Trino's
// queries or Hive's DDL, and parses it: Parse.
//
// It owns the decision and the names that Athena gives to kinds of statements
// (StatementType and SubstatementType). It must not know what a statement
// means. Packages below it: ast and parser (queries), hive (DDL), types,
// functions, analyzer, predicate, and duckdb, the emitter. A query goes on to
// the analyzer, DDL to package ddl.
package sql
