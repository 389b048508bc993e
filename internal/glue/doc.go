// Package glue answers the API of the AWS Glue Data Catalog on the catalog of
// scops: databases, tables, views and partitions, in the shapes of
// aws-sdk-go-v2, so that Trino, Spark, awswrangler and dbt find here what they
// find in AWS.
//
// It owns Glue's limits, pages, error codes and the language of partition
// expressions, and must not know HTTP, SQL queries or files. Data goes next to
// the catalog.
package glue
