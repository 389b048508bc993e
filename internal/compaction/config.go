package compaction

import (
	"errors"
	"fmt"
	"time"
)

// Defaults of a Config.
const (
	DefaultTargetFileSize    = 128 << 20
	DefaultQuietAfter        = 2 * time.Minute
	DefaultGrace             = 10 * time.Minute
	DefaultMaxBytesPerSecond = 64 << 20

	minTargetFileSize = 1 << 20 // as for deliveries
	maxTargetFileSize = 1 << 30
	maxQuietAfter     = 24 * time.Hour
	maxGrace          = 7 * 24 * time.Hour
	minBytesPerSecond = 64 << 10
)

// Config says how files are merged. Zero values are the defaults.
type Config struct {
	// Disabled begins no merges; what was begun is finished.
	Disabled bool
	// TargetFileSize is the size in bytes that files are merged to.
	TargetFileSize int64
	// QuietAfter is how long a partition gets no rows before its small files are
	// merged to a few.
	QuietAfter time.Duration
	// Grace is how long objects stay after merged files have taken their place.
	// Queries of scops keep theirs longer where they need to. nil is the default.
	Grace *time.Duration
	// MaxBytesPerSecond bounds what merges read and write together.
	MaxBytesPerSecond int64
}

func (c Config) withDefaults() Config {
	if c.TargetFileSize == 0 {
		c.TargetFileSize = DefaultTargetFileSize
	}
	if c.QuietAfter == 0 {
		c.QuietAfter = DefaultQuietAfter
	}
	if c.Grace == nil {
		grace := DefaultGrace
		c.Grace = &grace
	}
	if c.MaxBytesPerSecond == 0 {
		c.MaxBytesPerSecond = DefaultMaxBytesPerSecond
	}
	return c
}

// Validate checks the configuration. Its errors name the field, all at once.
func (c Config) Validate() error {
	c = c.withDefaults()
	var errs []error
	bad := func(field, format string, args ...any) {
		errs = append(errs, fmt.Errorf("compaction: %s: %s", field, fmt.Sprintf(format, args...)))
	}
	if c.TargetFileSize < minTargetFileSize || c.TargetFileSize > maxTargetFileSize {
		bad("target_file_size", "%d is not within 1 MiB and 1 GiB", c.TargetFileSize)
	}
	if c.QuietAfter < time.Second || c.QuietAfter > maxQuietAfter {
		bad("quiet_after", "%s is not within 1s and %s", c.QuietAfter, maxQuietAfter)
	}
	if *c.Grace < 0 || *c.Grace > maxGrace {
		bad("grace", "%s is not within 0s and %s", *c.Grace, maxGrace)
	}
	if c.MaxBytesPerSecond < minBytesPerSecond {
		bad("max_bytes_per_second", "%d is less than 64 KiB", c.MaxBytesPerSecond)
	}
	return errors.Join(errs...)
}
