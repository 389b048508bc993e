// Package sts is AWS Security Token Service, as far as clients call it first:
// who they are, and temporary credentials. There are no roles or policies:
// every role may be assumed, and its credentials may do what the root keys may.
//
// It must not know storage. Sessions go next to package credentials, which the
// gateway and S3 check requests against.
package sts
