package analyzer

import (
	"context"
	"strconv"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Column is an output column of a query.
type Column struct {
	Name string // as Trino reports it: "_col0" where the query gives none
	Type types.Type
}

// Catalog is what the analyzer asks of the data catalog. Names arrive in lower
// case; a missing item is catalog.ErrNotFound.
type Catalog interface {
	Database(ctx context.Context, name string) (catalog.Database, error)
	Databases(ctx context.Context) ([]catalog.Database, error)
	Table(ctx context.Context, database, name string) (*catalog.Table, error)
	Tables(ctx context.Context, database string) ([]*catalog.Table, error)
}

// TableScan is one reading of a catalog table in a query.
type TableScan struct {
	Table   *catalog.Table
	Columns []ScanColumn        // the columns that the query needs, data and partition keys; none for count(*)
	Filter  predicate.Predicate // on partition keys, of a versioned table on all columns; never nil (And{} is true)
	// Unpruned are conditions, as SQL, that have a partition key and other columns
	// of the table in them, so that they say nothing of a partition as a whole.
	Unpruned []string
	Version  any // of a versioned table: what Options.Versions gave
}

// ScanColumn is a column that a scan provides to the query.
type ScanColumn struct {
	Name         string // lower-case name in the catalog
	Type         types.Type
	PartitionKey bool
	OfFile       bool // what is the same for all rows of a file: "$path" and its like
}

// PerFile says whether all rows of a file have one value in the column, which
// does not lie in the file.
func (c ScanColumn) PerFile() bool { return c.PartitionKey || c.OfFile }

// Analysis is a checked query: its output, its tree and what it reads.
type Analysis struct {
	Columns []Column     // the output, in order
	Output  []*Symbol    // the columns of Root that are the output, parallel to Columns
	Root    Relation     // the typed tree
	Scans   []*TableScan // what the tree's Scan nodes read, by their Index
	// Unrepeatable names what makes the same query over the same files give
	// other rows another time, such as random or current_date; "" if nothing does.
	Unrepeatable string
	// Views are those that the query names, at any depth. Their text is a part
	// of the query's.
	Views []*catalog.Table
}

// unrepeatable notes what makes the query give other rows another time.
func (a *analyzer) unrepeatable(name string) {
	if a.varies == "" {
		a.varies = name
	}
}

// columnName is what Trino reports for a column without a name.
func columnName(name string, position int) string {
	if name == "" {
		return "_col" + strconv.Itoa(position)
	}
	return name
}
