// Package planner decides what a query must read: which partitions of each
// table its predicate leaves, then which files lie in those, always as an
// explicit list. Only registered partitions are read, as in Athena. Delivered
// tables are listed from the catalog's committed files, external ones by
// listing the folders of the partitions that are left, after pruning. Those of
// a table with partition projection are computed (package projection).
//
// Partition values are parsed once for a state of a table and kept in an index
// (see index), so that one partition of 100,000 costs what one of one costs.
//
// It must not know how files are read. The list of files goes next to the
// engine.
package planner
