// Package predicate is what the analyzer tells the planner of a WHERE clause:
// the part of it that speaks of partition columns alone. Evaluation is
// three-valued as in SQL; what cannot be expressed is Any, which prunes
// nothing. The engine applies the whole WHERE clause again, so a predicate may
// let too much through and never too little.
package predicate
