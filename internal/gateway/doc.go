// Package gateway is the one endpoint of scops. It finds out which service a
// request is for, verifies its signature, turns its body into the input of an
// operation, calls the operation and writes the answer or the error in the
// protocol of the request.
//
// It owns routing, codecs (awsjson, awsquery, restjson),
// error shapes, request ids, and the life of connections. It must not know
// what operations mean. Requests go next to the services, to the S3 handler,
// or to the console below /_scops/.
package gateway
