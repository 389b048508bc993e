// Package intake takes messages from an SQS queue elsewhere, AWS's or any
// server's with its API, into a queue of scops, each once: it stores a message
// durably before it deletes it there, and a message that comes again is known
// by its id.
//
// It owns the receiving, with its retries. It must not know what becomes of the
// messages, nor how the local queue keeps them.
package intake
