// Package hive reads Athena's Hive DDL: the statements that make and show
// databases, tables and partitions. Parse gives a Statement, one of the structs
// in statement.go and alter.go.
//
// It owns this language's words, strings, types and grammar. It must not know
// what exists in a catalog, which file formats can be read or what Athena
// answers; package ddl takes the statements from here. CREATE VIEW and DROP
// VIEW are not here: they are Trino's, in package ast.
//
// Names come out in lower case without their quotes, strings with their
// escapes resolved. Errors are *ast.Error: SYNTAX_ERROR for what Hive does not
// accept, NOT_SUPPORTED for what Hive or Athena accepts and scops does not.
package hive
