package duckdb

import (
	"context"
	"database/sql"
	"fmt"
)

// DuckDB takes 80 % of the memory that the machine or its control group has,
// and 90 % of the disk that is free. A process that also holds queues, deliveries
// and an object store must leave more of both: a query that fills the disk would
// stop the events.
const (
	memoryShare = 0.75 // of DuckDB's own limit: 60 % of the machine
	diskShare   = 0.5  // of what is free at the start
)

// limits are the statements that bound what all queries use together.
func limits(ctx context.Context, conn *sql.Conn, o Options) ([]string, error) {
	var s []string
	memory := o.MemoryLimit
	if memory == "" {
		var err error
		if memory, err = defaultMemory(ctx, conn); err != nil {
			return nil, err
		}
	}
	s = append(s, "SET memory_limit = "+quote(memory))
	if o.TempDir == "" {
		return s, nil
	}
	free, err := freeDisk(o.TempDir)
	if err != nil {
		return nil, fmt.Errorf("look for free disk: %w", err)
	}
	return append(s, fmt.Sprintf("SET max_temp_directory_size = '%dB'", int64(float64(free)*diskShare))), nil
}

func defaultMemory(ctx context.Context, conn *sql.Conn) (string, error) {
	var text, unit string
	var n float64
	if err := conn.QueryRowContext(ctx, "SELECT current_setting('memory_limit')").Scan(&text); err != nil {
		return "", fmt.Errorf("ask for the memory limit: %w", err)
	}
	if _, err := fmt.Sscanf(text, "%f %s", &n, &unit); err != nil {
		return "", fmt.Errorf("memory limit %q: %w", text, err)
	}
	return fmt.Sprintf("%.1f%s", n*memoryShare, unit), nil
}
