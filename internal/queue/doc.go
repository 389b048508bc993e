// Package queue is the durable queue: named queues of messages with send,
// receive, visibility and delete, on Pebble.
//
// It owns the folder given to Open: message bodies, receive counts and exact
// counters. A call that changes messages returns once the change is on disk;
// one committer merges the changes of all callers into one write and one sync
// (see group). Only messages that are in flight are kept in memory, and of a FIFO
// queue their groups; waiting messages are read from Pebble in order, so that ten
// million of them cost no more memory than ten.
//
// It must not know AWS shapes, and it does not look into bodies. Messages come
// from package sqs (or any other producer) and go to sqs's consumers or, in
// large batches, to package delivery.
package queue
