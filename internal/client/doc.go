// Package client calls scops's own HTTP API (/_scops/v1/) from outside, with
// requests signed as for any AWS service. `scops query` and the demo use it. It
// must not know how the server works: of it, it takes
// the types of the answers (httpapi, delivery.Status) alone.
package client
