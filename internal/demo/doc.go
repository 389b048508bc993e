// Package demo is `scops demo`: it plays a fulfilment team that sends order
// events to a running scops with the AWS SDK and asks for its statistics. The
// events are seeded, so that every count is known beforehand and checked.
//
// It is a client: of the server it knows the types of the answers alone.
package demo
