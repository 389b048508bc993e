// Package transform runs the SQL of deliveries: a SELECT over the events of a
// batch, and expressions for partition keys, in the Athena dialect.
//
// It owns which SQL gives at most one row for an event and the same row each
// time: expressions and a WHERE clause, nothing else. Refusals name what is not
// allowed and its place. It must not know queues, files or the catalog.
// Deliveries call it through the interfaces of package delivery; analysis and
// execution are those of queries.
package transform
