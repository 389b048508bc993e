// Command sqspeers measures how fast SQS servers take messages and hand them on:
// single sends and batches of ten, and the whole cycle of send, receive and
// delete, by 1 to 256 clients, over HTTP. NATS JetStream, which syncs each
// message as scops does, takes part in the sends by its own protocol. run.sh
// installs and starts the peers and calls it.
//
// All servers get the same bytes from the same lean client: sends are signed
// with Signature Version 4 and laid out once before a round, so that the client
// costs little of the cores that it shares with the server. Rounds are
// interleaved (A-B-C-A-B-C): what is compared are the ratios within a round, of
// which the median and the extremes are shown, with the raw fdatasync of the
// same round beside them.
package main
