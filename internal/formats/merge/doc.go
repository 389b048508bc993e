// Package merge makes one file of many files of a table, in the form in which
// package write writes them: Parquet with zstd, or compressed JSON lines. What
// the files hold is copied, never read as a value of a table's column, so that
// no definition of a table can change it: a column that only some files have is
// NULL in the rows of the others, and one that the table has lost stays.
//
// It owns how files of several schemas are united, and the order of rows in what
// it writes. It must not know catalogs, object stores or when to merge. Data
// comes from and goes to package compaction.
package merge
