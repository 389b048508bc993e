// Package pricing says what a scan costs, by Athena's rules. It must not know
// what was scanned.
package pricing
