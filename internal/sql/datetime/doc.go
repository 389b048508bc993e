// Package datetime reads and writes dates and times as Trino's functions do:
// the patterns of date_format and format_datetime, ISO 8601, the text of
// timestamps in casts and literals, and durations.
//
// Trino's patterns are those of Joda-Time; both kinds become one list of
// elements, so that what a pattern prints and what it parses follow the same
// rules.
//
// It must not know SQL, the engine or the function table.
package datetime
