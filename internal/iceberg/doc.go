// Package iceberg is Apache Iceberg tables, format versions 1 and 2, as Athena
// has them: their metadata and manifests (with apache/iceberg-go), what of them
// the catalog shows, which files a query reads, the data and delete files that
// statements write, and the commit, which is the swap of metadata_location in
// the catalog under its version check.
//
// It must not know SQL text nor engines. The analyzer asks it for a table's
// columns at a version, the planner for the files, package ddl and lake change
// tables through it. Data goes next to the object store and the catalog.
package iceberg
