// Package tablewriter puts the rows of a query into files of a table: CREATE
// TABLE AS, INSERT INTO and UNLOAD, with Hive's layout of partitions and
// buckets.
//
// It owns the properties of those statements (Plan), the spreading of rows over
// files within bounded memory, and the order in which a write becomes durable:
// the catalog knows a write and the names of its objects before they are put,
// and in one transaction everything that it wrote becomes visible. What does
// not get there is deleted (Plan.Write, Recover).
//
// It must not know SQL beyond the checked statement, nor how a file is encoded:
// rows come from the engine, writers from formats/write. Package athena runs it.
package tablewriter
