// Package functionlog keeps what functions print: lines with their time, the
// execution environment (log stream) and the invocation that they belong to.
//
// It owns one folder. Each function has two files at most, of a bounded size:
// when the newer is full it becomes the older, and what that held is gone. Lines
// are written to the file as they come and not synced: a log is no record. It
// must not know how functions run.
package functionlog
