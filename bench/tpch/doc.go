// Command tpch runs the 22 queries of TPC-H over Parquet files in the object
// store of a scops of its own: through the one-call API of scops, by plain DuckDB
// on the same files, and, with -trino, by a Trino that finds the tables in the
// Glue catalog of that scops and reads the files from its S3. It prints the time
// of each query and of all, engine against engine in the same rounds.
package main
