// Package formatstest compares what readers of files made elsewhere give with
// what was written, which testdata/rows.json of each reader has as JSON lines.
// Tests alone use it.
package formatstest
