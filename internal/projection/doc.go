// Package projection computes the partitions of a table with
// projection.enabled=true from the table's properties, as Athena does instead
// of reading them from the catalog (Athena User Guide, "Use partition projection
// with Amazon Athena"; where that is silent, Trino's Hive connector).
//
// A predicate narrows each key before its values are made: the place of a bound
// in a range is searched, so that a minute of ten years of minutes costs what a
// minute costs. It knows properties and values alone, and must not know what
// lies in the folders.
package projection
