//go:build unix

package duckdb

import "golang.org/x/sys/unix"

// freeDisk is how many bytes the disk of a folder has left for us.
func freeDisk(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil //nolint:unconvert // the types differ by system
}
