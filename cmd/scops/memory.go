package main

import (
	"os"
	"runtime/debug"

	"github.com/scopsdb/scops/internal/delivery"
)

// goMemory is where Go's garbage collector begins to work harder than usual.
// Deliveries may hold delivery.DefaultMemory of messages, and need half as much
// again to write them; left alone, the collector would let all of that grow to
// twice its size. DuckDB, SQLite and the queue's memtables have memory of their
// own.
const goMemory = delivery.DefaultMemory + 128<<20 // bytes

// goGarbage is how much the heap may grow, in percent, before it is collected.
// The heap of a scops that takes messages is a few megabytes, which at the usual
// 100 are collected so often that it costs a tenth of its throughput.
const goGarbage = 200

// limitMemory sets what the collector goes by. GOMEMLIMIT and GOGC, which
// operators know, go before.
func limitMemory() {
	if os.Getenv("GOMEMLIMIT") == "" && os.Getenv("GOGC") == "" {
		debug.SetMemoryLimit(goMemory)
		debug.SetGCPercent(goGarbage)
	}
}
