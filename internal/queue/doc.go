// Package queue is the durable queue: named queues of messages with send,
// receive, visibility and delete, on Pebble. A send returns once it is on disk
// (one sync for many senders). It must not know AWS shapes.
package queue
