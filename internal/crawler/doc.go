// Package crawler finds tables in a bucket that already exists: which files
// belong together, their format and schema, and the folders that are partitions.
// It keeps crawlers and their runs as AWS Glue does, registers what is new since
// the last run, and for tables that ask for it registers the partition of each
// object that is written.
//
// It owns the recognition of formats, the grouping of folders to tables, and the
// tables crawler_… of catalog.db. Of SQL it knows the types of partition values alone,
// and nothing of Glue's wire shapes.
// Objects come from the object store; tables and partitions go to the catalog.
package crawler
