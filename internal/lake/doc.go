// Package lake is the statements that change Iceberg tables through SQL: INSERT,
// CREATE TABLE AS, DELETE, UPDATE, MERGE, OPTIMIZE and VACUUM. Each becomes a
// query, whose rows say what to write and what to remove, and one commit.
//
// It owns what those rows mean; files and commits are package iceberg's. It must
// not know AWS protocols. Data comes from the engine's rows and goes next to
// package iceberg.
package lake
