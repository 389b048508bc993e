// Package dedup remembers the keys of events that were delivered lately, so
// that an event that its producer sends again is known as a duplicate.
//
// It owns how keys lie on disk and when they are forgotten: Pebble, hashes of
// keys by spans of send time, so that a span is dropped as a whole. It must not
// know queues, tables or what a key is made of. Deliveries ask before they fix
// a batch and write when they have fixed it.
package dedup
