//go:build faultpoints

package queue

import (
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/scopsdb/scops/internal/fault"
)

// disk is the file system of a store that names none, with a fault point before
// each operation that changes something.
func disk() vfs.FS {
	return errorfs.Wrap(vfs.Default, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if name, ok := points[op.Kind]; ok {
			fault.Point("queue." + name)
		}
		return nil
	}))
}

// points name the operations that change something.
var points = map[errorfs.OpKind]string{
	errorfs.OpCreate: "create", errorfs.OpLink: "link", errorfs.OpRemove: "remove", errorfs.OpRename: "rename",
	errorfs.OpReuseForWrite: "reuse", errorfs.OpMkdirAll: "mkdir", errorfs.OpFileWrite: "write", errorfs.OpFileWriteAt: "write",
	errorfs.OpFileSync: "sync", errorfs.OpFileSyncData: "sync", errorfs.OpFileSyncTo: "sync", errorfs.OpFileFlush: "sync",
}
