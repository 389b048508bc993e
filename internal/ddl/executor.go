package ddl

import (
	"context"
	"fmt"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql/hive"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// DefaultDatabase is the database of a query execution that names none.
const DefaultDatabase = "default"

// Executor executes DDL statements. It is safe for concurrent use.
type Executor struct {
	Catalog *catalog.Store
	Objects objects.Store
	Iceberg *iceberg.Tables  // nil refuses statements on Iceberg tables
	Now     func() time.Time // nil is time.Now
	// Candidates, if not nil, finds the partitions for which a filter may hold
	// without looking at all (planner.Planner has it).
	Candidates func(*catalog.Table, *catalog.PartitionSet, predicate.Predicate) (places []int, known bool)
}

// Context is what a statement's query execution brings along.
type Context struct {
	Database string // "" is DefaultDatabase
}

// Column is a column of a result, with Athena's name of its type.
type Column struct {
	Name string
	Type string // string or varchar
}

// Result is what a statement prints. A row has one text for each column, or as
// Athena prints DESCRIBE and SHOW TBLPROPERTIES, all in one text with tabs
// between. MSCK REPAIR TABLE has rows and no columns.
type Result struct {
	Columns []Column
	Rows    [][]string
}

// result makes a Result of one text a row.
func result(columns []Column, rows []string) Result {
	r := Result{Columns: columns, Rows: make([][]string, len(rows))}
	for i, row := range rows {
		r.Rows[i] = []string{row}
	}
	return r
}

func stringColumns(names ...string) []Column {
	out := make([]Column, len(names))
	for i, n := range names {
		out[i] = Column{Name: n, Type: "string"}
	}
	return out
}

// run is one statement's execution.
type run struct {
	*Executor
	ctx      context.Context
	database string
}

func (e *Executor) run(ctx context.Context, c Context) *run {
	r := &run{Executor: e, ctx: ctx, database: c.Database}
	if r.database == "" {
		r.database = DefaultDatabase
	}
	return r
}

func (e *Executor) now() time.Time {
	if e.Now == nil {
		return time.Now()
	}
	return e.Now()
}

// Execute executes a statement. What the user can mend is an *Error.
func (e *Executor) Execute(ctx context.Context, statement hive.Statement, c Context) (Result, error) {
	r := e.run(ctx, c)
	if t := r.icebergTable(statement); t != nil {
		return r.onIceberg(statement, t)
	}
	switch s := statement.(type) {
	case *hive.CreateDatabase:
		return Result{}, r.createDatabase(s)
	case *hive.DropDatabase:
		return Result{}, r.dropDatabase(s)
	case *hive.SetDatabaseProperties:
		return Result{}, r.setDatabaseProperties(s)
	case *hive.CreateTable:
		return Result{}, r.createTable(s)
	case *hive.CreateIcebergTable:
		return Result{}, r.createIcebergTable(s)
	case *hive.DropTable:
		return Result{}, r.dropTable(s)
	case *hive.AddPartitions:
		return Result{}, r.addPartitions(s)
	case *hive.DropPartitions:
		return Result{}, r.dropPartitions(s)
	case *hive.MsckRepair:
		return r.repair(s)
	case *hive.AddColumns, *hive.ReplaceColumns, *hive.ChangeColumn, *hive.DropColumn,
		*hive.SetLocation, *hive.SetTableProperties, *hive.UnsetTableProperties:
		return Result{}, r.alter(s)
	case *hive.RenamePartition:
		return Result{}, r.renamePartition(s)
	case *hive.RenameTable:
		return Result{}, notSupported(s, "ALTER TABLE … RENAME TO is not supported, as in Athena for tables that are not Iceberg's")
	default:
		return r.show(s)
	}
}

// show executes the statements that only read.
func (r *run) show(statement hive.Statement) (Result, error) {
	switch s := statement.(type) {
	case *hive.ShowDatabases:
		return r.showDatabases(s)
	case *hive.ShowTables:
		return r.showTables(s)
	case *hive.ShowViews:
		return r.showViews(s)
	case *hive.ShowPartitions:
		return r.showPartitions(s)
	case *hive.ShowColumns:
		return r.showColumns(s)
	case *hive.ShowTableProperties:
		return r.showProperties(s)
	case *hive.ShowCreateTable:
		return r.showCreateTable(s)
	case *hive.ShowCreateView:
		return r.showCreateView(s)
	case *hive.Describe:
		return r.describe(s)
	}
	return Result{}, notSupported(statement, fmt.Sprintf("statement %T is not supported", statement))
}

// resolve gives a table's name its database.
func (r *run) resolve(n hive.TableName) hive.TableName {
	if n.Database == "" {
		n.Database = r.database
	}
	return n
}

// table returns the table or view of a name.
func (r *run) table(n hive.TableName) (*catalog.Table, error) {
	n = r.resolve(n)
	t, err := r.Catalog.Table(r.ctx, n.Database, n.Name)
	return t, r.missing(n, err)
}

// baseTable returns a table that is no view.
func (r *run) baseTable(n hive.TableName) (*catalog.Table, error) {
	t, err := r.table(n)
	if err == nil && t.Type == catalog.VirtualView {
		err = semantic(n, "%s is a view, not a table", r.resolve(n))
	}
	return t, err
}
