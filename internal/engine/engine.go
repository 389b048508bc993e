package engine

import (
	"context"
	"fmt"

	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// Query is a checked query with the files that it reads.
type Query struct {
	ID       string
	Text     string // as the client wrote it, for engines that take Trino SQL
	Analysis *analyzer.Analysis
	Scans    []planner.Scan // one for each of Analysis.Scans, same order
	// BytesScannedCutoff refuses or stops the query when it would scan more; 0
	// means no limit.
	BytesScannedCutoff int64
	// Admit, if not nil, is told the bytes that the query will scan before it
	// runs; its error refuses the query.
	Admit func(ctx context.Context, bytes int64) error
}

// Estimate is what is known of a query's scans before it runs.
type Estimate struct {
	Bytes int64 // to be scanned
	// AtMost is set where Bytes has the whole size of files of which columns
	// alone are read: looking into them would be a read of its own.
	AtMost bool
}

// Stats are the figures of a query, complete once its rows are read.
type Stats struct {
	// BytesScanned is what the query reads of its files: whole files of row
	// formats, the chunks of the needed columns of columnar ones. It does not
	// depend on any cache.
	BytesScanned int64
	Rows         int64
}

// Rows is a running query. Close ends it, also early, and must be called.
type Rows interface {
	// Columns are the output columns in order.
	Columns() []analyzer.Column
	// Next returns the next row, with values in the Go forms of package types,
	// or io.EOF. The slice is valid until the next call.
	Next(ctx context.Context) ([]any, error)
	Stats() Stats
	Close() error
}

// Engine runs queries. Cancelling ctx stops a query wherever it is.
type Engine interface {
	Query(ctx context.Context, q Query) (Rows, error)
	// Estimate says what the query would scan, and reads no rows.
	Estimate(ctx context.Context, q Query) (Estimate, error)
	Close() error
}

// Error is a query's failure in Trino's terms.
type Error struct {
	Name    string // Trino's error name: DIVISION_BY_ZERO, INVALID_CAST_ARGUMENT, HIVE_BAD_DATA
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Name, e.Message) }
