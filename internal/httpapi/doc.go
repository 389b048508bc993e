// Package httpapi is scops's own HTTP API under /_scops/v1/: a query in one
// call (rows streamed as NDJSON, CSV or Arrow), events for a queue, where one
// event is, and the deliveries: their books, their making, pausing and resending.
//
// It owns the forms of these answers. It must not know who may call (the
// console decides that before) nor how queries run (package athena does). The
// console's pages and `scops query` are its clients.
package httpapi
