// Package objects is the object store of scops: buckets of objects, put, read
// by range, listed and deleted. Local keeps them as plain files (versitygw's
// posix backend, made durable) so that the engine reads them in place; Remote is
// S3 elsewhere, Routed sends each bucket to its store, and Cache keeps remote
// objects as files while queries read them.
//
// It must not know tables. Data goes next to the planner (file lists) and the
// engine (file contents).
package objects
