package rig

import (
	"os"
	"slices"
	"time"
)

// RawSync appends size bytes to a file in dir and syncs them, again and again
// for the given time, and returns the median time of one.
func RawSync(dir string, size int, length time.Duration) (time.Duration, error) {
	f, err := os.CreateTemp(dir, "rawsync-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	data := make([]byte, size)
	var times []time.Duration
	for start := time.Now(); time.Since(start) < length; {
		t := time.Now()
		if _, err := f.Write(data); err != nil {
			return 0, err
		}
		if err := datasync(f); err != nil {
			return 0, err
		}
		times = append(times, time.Since(t))
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}
