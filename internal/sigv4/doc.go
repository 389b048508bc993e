// Package sigv4 verifies AWS Signature Version 4 on requests to every service
// but S3, whose own server does it: in the Authorization header and in the
// query of a presigned URL.
//
// It knows requests and keys, and must not know services or how an error is
// written: the gateway turns its errors into those of the protocol.
package sigv4
