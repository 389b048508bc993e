package planner

import (
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/tail"
)

// File is one file that a scan reads.
type File struct {
	Path      string        // what the engine opens: a local path; "" where Remote is set
	Remote    *objects.Info // the object to get first, of a store without local files
	URI       string        // s3://bucket/key, for messages and "$path"
	Size      int64         // bytes
	ETag      string        // of an object that a listing found; "" of a committed file, which never changes
	Modified  int64         // nanoseconds of the Unix epoch, of an object that a listing found
	Partition *int          // index into Scan.Partitions; nil for a table without partition keys

	// Of a data file of an Iceberg table:
	Deletes []int       // places in Scan.Iceberg.Deletes of what may be of its rows
	Fixed   map[int]any // values that all its rows share, by field id
}

// Scan is the planned reading of one table.
type Scan struct {
	Table           *catalog.Table
	Partitions      []catalog.Partition // those read
	PartitionsTotal int                 // how many the table has
	Files           []File
	Iceberg         *Iceberg // nil for other tables
	// Tail are the rows of a delivered table that are in no file yet, as of the
	// moment of Files.
	Tail []tail.Rows
	// CompleteUpTo, of a delivered table: every event whose send was answered
	// before is in Files, in Tail, or rejected. Zero where nobody knows.
	CompleteUpTo time.Time
}

// TailRows is how many rows Tail has.
func (s Scan) TailRows() int {
	n := 0
	for _, r := range s.Tail {
		for _, segment := range r.Segments {
			n += segment.Rows
		}
	}
	return n
}

// Bytes is the size of all files of the scan.
func (s Scan) Bytes() int64 {
	var n int64
	for _, f := range s.Files {
		n += f.Size
	}
	return n
}
