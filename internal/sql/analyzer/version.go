package analyzer

import (
	"context"
	"slices"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Versions knows the tables that keep versions of themselves (Iceberg). What a
// query reads of one is of a single version, whatever commits meanwhile.
type Versions interface {
	// Version is a table as of a version; nil for a table that keeps none. Errors
	// that are the query's fault are *Error.
	Version(ctx context.Context, t *catalog.Table, at VersionPointer) (*Version, error)
	// System is a table about a table, such as t$snapshots: its columns and where
	// its rows come from; nil where there is none of that name.
	System(ctx context.Context, t *catalog.Table, suffix string) ([]Column, func() ([][]any, error), error)
}

// VersionPointer says which version: at most one is set; none is the current
// one.
type VersionPointer struct {
	Snapshot *int64     // FOR VERSION AS OF 123
	Ref      string     // FOR VERSION AS OF 'branch or tag'
	Time     *time.Time // FOR TIMESTAMP AS OF
	Shown    string     // the pointer's value, for messages
}

func (p VersionPointer) current() bool { return p.Snapshot == nil && p.Time == nil && p.Ref == "" }

// Version is a table as of a version.
type Version struct {
	Columns []Column
	Hidden  []ScanColumn // columns that only their names give
	State   any          // for the planner
}

// tableVersion is the version of a table that a query reads: the same one at each of
// its places, where none is asked for.
func (a *analyzer) tableVersion(t *catalog.Table, at VersionPointer) (*Version, error) {
	if a.opts.Versions == nil {
		return nil, nil
	}
	if v, ok := a.versions[t]; ok && at.current() {
		return v, nil
	}
	v, err := a.opts.Versions.Version(a.ctx, t, at)
	if err == nil && at.current() {
		if a.versions == nil {
			a.versions = map[*catalog.Table]*Version{}
		}
		a.versions[t] = v
	}
	return v, err
}

// pointer analyzes FOR TIMESTAMP|VERSION AS OF as processPointerValue of Trino's
// StatementAnalyzer does; nil is none.
func (a *analyzer) pointer(v *ast.TableVersion) (VersionPointer, error) {
	var p VersionPointer
	if v == nil {
		return p, nil
	}
	e, err := a.constantExpr(v.AsOf)
	if err != nil {
		return p, err
	}
	t := e.Type()
	if v.Timestamp && !slices.Contains([]types.Kind{types.Date, types.Timestamp, types.TimestampTZ, types.Unknown}, t.Kind) {
		return p, typeMismatch(v, "Type %s invalid. Temporal pointers must be of type Timestamp, Timestamp with Time Zone, or Date.", t)
	}
	value, known := constant(e)
	switch {
	case !known:
		return p, notSupported(v.AsOf, "A version pointer must be known before the query runs: %s", ast.Format(v.AsOf))
	case value == nil:
		return p, errorAt(v, "INVALID_ARGUMENTS", "Pointer value cannot be NULL")
	}
	p.Shown, _ = types.Text(t, value)
	switch x := value.(type) {
	case time.Time:
		if !v.Timestamp {
			break
		}
		if !x.Before(a.opts.Now) {
			return p, errorAt(v, "INVALID_ARGUMENTS", "Pointer value '%s' is not in the past", p.Shown)
		}
		p.Time = &x
		return p, nil
	case int64:
		p.Snapshot = &x
		return p, nil
	case string:
		if t.Kind == types.Varchar && x != "" {
			p.Ref = x
			return p, nil
		}
	}
	return p, notSupported(nowhere{}, "Unsupported type for table version: %s", t.String())
}
