// Package planner decides what a query must read: which partitions of each
// table its predicate leaves, then which files lie in those, always as an
// explicit list. Delivered tables are listed from the catalog's committed
// files, external ones by listing their folders in the object store, after
// pruning. It must not know how files are read.
package planner
