// Package catalog is the data catalog: databases, tables, columns, partitions,
// and for tables that scops delivers into (managed by a delivery) the committed
// data files. SQLite keeps it; reads are served from memory where they are hot.
//
// Names are stored in lower case, as Glue does. It must not know how files are
// read or where queries come from. Data goes next to the analyzer (tables and
// types) and the planner (partitions and files).
package catalog
