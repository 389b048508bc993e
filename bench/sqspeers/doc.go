// Command sqspeers measures how fast SQS servers take messages: single sends
// and batches of ten, by 1, 16 and 64 clients, over HTTP. run.sh installs and
// starts the peers and calls it.
//
// All servers get the same bytes from the same lean client: requests are signed
// with Signature Version 4 and laid out once before a round, so that the client
// costs little of the two cores that it shares with the server. Rounds are
// interleaved (A-B-C-A-B-C): what is compared are the ratios within a round, of
// which the median and the extremes are shown, with the raw fdatasync of the
// same round beside them.
package main
