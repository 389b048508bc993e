package lint

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/planner"
	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// The codes of warnings.
const (
	Unregistered = "UNREGISTERED_PARTITIONS" // folders match that are no partitions
	CannotPrune  = "CONDITION_CANNOT_PRUNE"  // a condition on a partition key prunes nothing
	LargeScan    = "SCAN_COULD_BE_CUT"       // one more condition would leave a hundredth
)

// Warning is one thing to know about a result. Code and Message are as in
// Trino's warnings.
type Warning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Linter looks at planned queries. It is safe for concurrent use.
type Linter struct{ objects objects.Store }

// New returns a linter that finds folders in a store.
func New(o objects.Store) *Linter { return &Linter{objects: o} }

// patience bounds the looks into an object store that is slow to answer.
const patience = 200 * time.Millisecond

// Check looks at the tables of a query as they were analyzed and planned, which
// are parallel. What cannot be looked at gives no warning.
func (l *Linter) Check(ctx context.Context, scans []*analyzer.TableScan, planned []planner.Scan) []Warning {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var out []Warning
	seen := map[Warning]bool{}
	add := func(code, message string) {
		w := Warning{code, message}
		if message != "" && !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	for i, scan := range scans {
		add(Unregistered, l.unregistered(ctx, scan, &planned[i]))
		for _, condition := range scan.Unpruned {
			add(CannotPrune, fmt.Sprintf("%s: the condition %s has a partition key and other columns in it, so it cannot leave out partitions: all that the other conditions leave are read",
				nameOf(scan.Table), condition))
		}
		add(LargeScan, largeScan(scan, &planned[i]))
	}
	return out
}

func nameOf(t *catalog.Table) string { return t.Database + "." + t.Name }

// foundByListing says whether the partitions of a table are those that
// somebody registered, with their files where the folders are.
func foundByListing(t *catalog.Table) bool {
	return t.Delivery == "" && len(t.PartitionKeys) > 0 && t.Parameters["table_type"] == "" &&
		!strings.EqualFold(t.Parameters["projection.enabled"], "true")
}
