// Command formats measures how fast the formats are read, and what a page of
// three statistics costs over each: the same orders as JSON, JSON with gzip, CSV
// with gzip, Avro, ORC and Parquet, read by scops, by plain DuckDB where it reads
// the format, and by Trino where there is one. Processor time is that of the
// whole process, so that figures are by core however many take part.
package main
