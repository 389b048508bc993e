// Package event turns the body of one event, a JSON object, into a typed
// record: strict where the value does not fit the column (the event is
// rejected, with a reason that names column, expected type and what was found),
// relaxed where nothing is lost (letter case of names, fields that no column
// asks for).
//
// It must not know tables, partitions or queues. Data goes next to
// formats/write.
package event
