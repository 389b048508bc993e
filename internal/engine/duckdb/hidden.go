package duckdb

import (
	"os"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// fileValue is what a hidden column says of a file.
func fileValue(column string, scan *planner.Scan, f planner.File) (any, error) {
	switch column {
	case analyzer.PathColumn:
		return f.URI, nil
	case analyzer.FileSizeColumn:
		return f.Size, nil
	case analyzer.FileModifiedColumn:
		info, err := os.Stat(f.Path)
		if err != nil {
			return nil, footerError(f.URI, err)
		}
		return info.ModTime().UTC().Truncate(time.Millisecond), nil
	case analyzer.PartitionColumn:
		if f.Partition == nil || *f.Partition >= len(scan.Partitions) {
			return nil, internalError("file %s has no partition", f.URI)
		}
		return catalog.PartitionName(scan.Table.PartitionKeys, scan.Partitions[*f.Partition].Values), nil
	}
	return nil, internalError("no hidden column %s", column)
}
