// Package footer reads the metadata at the end of Parquet files, which come from
// anywhere: a broken one is an error, whatever it claims. It must not know
// tables. Data goes next to the engine and the crawler.
package footer
