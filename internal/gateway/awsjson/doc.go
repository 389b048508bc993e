// Package awsjson reads and writes the bodies of the awsJson 1.0 and 1.1
// protocols for the request and response structs of aws-sdk-go-v2, whose
// fields have the names of the wire, and for structs written like them.
//
// Absent and null are the same. Nil pointers, slices and maps and empty
// strings are not written; numbers and booleans that are no pointers always
// are, as clients rely on them. Times are seconds since 1970 with a fraction,
// bytes are base64. Unknown members of a request are skipped.
//
// It makes one plan for each type, once. It must not know services or HTTP.
package awsjson
