package queue

import (
	"fmt"
	"log/slog"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Options configure a Store. The zero value is good.
type Options struct {
	Clock        Clock        // nil: SystemClock
	Log          *slog.Logger // nil: slog.Default()
	FS           vfs.FS       // nil: the disk; tests lose unsynced data with another one
	MemTableSize uint64       // bytes; 0: 32 MiB, less on a disk of under 2 GiB
	MustExist    bool         // refuse to make a store where there is none
	Reserve      uint64       // bytes that sends leave free on the disk; 0: four memtables and 8 MiB
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = SystemClock{}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.FS == nil {
		o.FS = disk()
	}
	return o
}

const (
	smallestMemTable = 1 << 20
	largestMemTable  = 32 << 20
)

// sized chooses the sizes for the disk that dir is on: a memtable of 1/64 of it,
// within bounds, so that log, flush, ballast and reserve fit on a small one too.
func (o Options) sized(dir string) Options {
	if o.MemTableSize == 0 {
		o.MemTableSize = largestMemTable
		if usage, err := o.FS.GetDiskUsage(dir); err == nil {
			o.MemTableSize = min(max(usage.TotalBytes/64, smallestMemTable), largestMemTable)
		}
	}
	if o.Reserve == 0 {
		o.Reserve = 4*o.MemTableSize + 8<<20
	}
	return o
}

// pebbleLogger gives Pebble's messages to slog. Pebble calls Fatalf when it
// cannot keep its promises any more (its log or manifest cannot be written). The
// process then ends loudly: nothing was acknowledged that is not on disk, and a
// restart finds it.
type pebbleLogger struct{ log *slog.Logger }

func (l pebbleLogger) Infof(string, ...any) {}

func (l pebbleLogger) Errorf(format string, args ...any) {
	l.log.Error("queue storage", "error", fmt.Sprintf(format, args...))
}

func (l pebbleLogger) Fatalf(format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	l.log.Error("queue storage failed and cannot go on", "error", msg)
	panic("queue storage failed: " + msg)
}
