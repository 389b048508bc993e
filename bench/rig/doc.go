// Package rig is what the benchmarks share: a started scops, a lean signed HTTP
// client, the raw fdatasync of the disk under test, and ratios of interleaved
// rounds. It measures from outside: nothing of the server is imported here.
package rig
