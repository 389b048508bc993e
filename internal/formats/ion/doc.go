// Package ion reads Amazon Ion, text and binary, as the Amazon Ion Hive SerDe
// does: each value of a file is a row, whatever lines it spans.
//
// It owns search paths and the mapping of types, and must not know engines or
// where files lie. Bytes come uncompressed; the format itself is read by
// github.com/amazon-ion/ion-go.
package ion
