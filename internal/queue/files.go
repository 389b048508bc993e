//go:build !faultpoints

package queue

import "github.com/cockroachdb/pebble/v2/vfs"

// disk is the file system of a store that names none.
func disk() vfs.FS { return vfs.Default }
