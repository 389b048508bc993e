// Package ddl executes Athena's Hive DDL on the catalog: the statements that
// package hive parses, and views, whose query the caller has analyzed. It owns
// what the statements mean (defaults, checks, the rows that SHOW and DESCRIBE
// print, Athena's words for failures) and looks into the object store where a
// statement does: MSCK REPAIR TABLE and LOCATION.
//
// It must not know query executions or protocols. Results go next to the
// Athena service, which prints and keeps them.
package ddl
