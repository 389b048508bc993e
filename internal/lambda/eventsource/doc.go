// Package eventsource is Lambda's event source mappings from SQS queues: the
// operations that manage them, and the pollers that receive messages in batches,
// invoke the function and delete what it processed.
//
// It owns the mappings (tables event_source_… of catalog.db), the event that a
// function gets, and when a message counts as processed: a message is deleted
// only after the function succeeded with it, so each one is handed over at least
// once, whatever ends the process. It must not know how functions run nor how
// queues store: it reaches both by small interfaces (Functions, Queues), whose
// shapes are those of AWS.
package eventsource
