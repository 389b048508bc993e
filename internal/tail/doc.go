// Package tail holds the newest rows of delivered tables: those of events that
// were received from a queue and are in no committed file yet. A query reads
// them beside the files, so that an event is visible at once, however seldom
// files are written.
//
// It owns the rows in memory, by the batch that will write them and the
// partition that they will be in. A row leaves the tail in the moment in which
// the catalog shows its file (Retire, called by catalog.Batch.Applied). A crash
// loses the tail and no event: the queue still has them.
//
// It must not know queues, files or SQL. Rows come from the deliveries; the
// planner takes them with the list of files, and the engine reads them.
package tail
