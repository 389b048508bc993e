// Package sqs is the SQS service: its operations on standard and FIFO queues, with
// the limits, messages and error codes of AWS, over a queue.Store.
//
// It owns what SQS adds to a queue: attribute names and ranges, MD5 digests,
// queue URLs, batch rules. It must not know HTTP, which the gateway speaks, nor
// how messages are stored. Encryption, which it does not do, it refuses by name.
package sqs
