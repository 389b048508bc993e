// Package s3 serves the S3 API over the object store: versitygw's S3 server,
// embedded, behind the one endpoint.
//
// It owns how that server is embedded: requests of any region, buckets named
// in the path or in the host, temporary credentials, version 2 presigned URLs.
// It must not know tables. Objects go next to package objects.
package s3
