// Package compatibility writes docs/compatibility.md from what the services say
// of themselves, so that the document cannot claim what the code does not do.
package compatibility
