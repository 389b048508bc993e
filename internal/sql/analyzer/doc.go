// Package analyzer checks a parsed query against the catalog by Trino's rules
// (names, scopes, types, coercions, aggregation) and makes a typed tree of it:
// Analysis. In the tree only functions of package functions and tables of the
// catalog can appear, every coercion is explicit, and every column is a Symbol
// of its own, so that no name has to be looked up again.
//
// A query goes through these steps:
//
//   - query.go, select.go, from.go, setop.go, table.go, view.go,
//     information.go make relations; aggregate.go and window.go take grouping
//     and windows out of a SELECT's expressions
//   - expr.go, conditions.go, call.go, aggcall.go, literal.go, subquery.go,
//     try.go make expressions
//   - pushdown.go carries conditions down to the scans, partition.go says what
//     they mean for partition keys, fold.go and evaluators.go compute them
//   - prune.go drops columns and aggregates that nothing needs
//   - explain.go writes the tree as text
//
// It must not know storage, nor how the tree is run. The tree goes next to
// package duckdb, which writes it as SQL, the scans to the planner.
package analyzer
