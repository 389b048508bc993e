// Package orc reads and writes Apache ORC files: https://orc.apache.org/specification/ORCv1/.
// A File is what the end of a file says of it; a Reader reads columns of one
// stripe into the vectors of package formats, with the conversions that Trino's
// reader makes.
//
// It owns the encodings and must not know SerDe properties, catalogs or where
// files lie. Data goes next to the engine's row source; rows to write come from
// formats/write.
package orc
