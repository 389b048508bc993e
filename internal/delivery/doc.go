// Package delivery moves events from queues into tables, exactly once. A
// delivery collects messages into a batch by time, count or bytes, fixes the
// batch in its journal, writes one object a partition, commits files,
// partitions and totals to the catalog in one transaction, and only then
// deletes the messages. Whatever step a crash interrupts, the next start
// repeats the batch from the journal: the same messages, the same names, the
// same bytes. What it has received and not committed yet it shows in the tail,
// where queries read it.
//
// The deliveries of one queue form a group: a dispatcher hands each message to
// all of them, and deletes it once all have committed it. Deliveries are kept in
// catalog.db and can be made, changed, paused and ended while they run.
//
// It owns the journal (tables delivery_… of catalog.db), the error records and
// the books of each delivery. It must not know SQL or AWS protocols. Data comes
// from the queue and goes next to the object store and the catalog.
package delivery
