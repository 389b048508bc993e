// Package record is the typed row between the parts that read events and the
// parts that write objects: columns and the values that fit them.
//
// It owns the meaning of a value (what a date, a decimal or a map is in memory)
// and must not know JSON, Parquet or where rows come from. Data comes from
// formats/event and goes next to formats/write.
package record
