// Package write puts records into objects: Parquet or compressed JSON
// lines, so that every reader of the table's SerDe understands them. The same
// records in the same order give the same bytes.
//
// It must not know queues, partitions or where objects lie. Data comes from
// formats/event; the bytes go to the object store.
package write
