package hive

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Statement is one DDL statement.
type Statement interface {
	ast.Node
	statement()
}

// TableName is [database.]table, in lower case.
type TableName struct {
	ast.Position
	Database string // "" is the database of the query execution
	Name     string
}

// String is the name as one writes it.
func (n TableName) String() string {
	if n.Database == "" {
		return n.Name
	}
	return n.Database + "." + n.Name
}

// Column is a column of a table or a partition key.
type Column struct {
	ast.Position
	Name    string     // lower case
	Type    string     // normal form of the Hive type: "array<struct<a:int>>", "decimal(10,2)"
	Parsed  types.Type // what Type means in a query
	Comment string
}

// PartitionValue is k='v' of a partition, or in DROP PARTITION any comparison.
type PartitionValue struct {
	ast.Position
	Column   string // lower case
	Operator string // "<", "<=", ">", ">=" or "<>" of a comparison; "" is =
	Value    string // text, also of a number
}

// PartitionSpec is (k='v', …), in the order written.
type PartitionSpec struct {
	ast.Position
	Values []PartitionValue
}

// CreateDatabase is CREATE DATABASE|SCHEMA.
type CreateDatabase struct {
	ast.Position
	Name        string
	IfNotExists bool
	Comment     string
	Location    string
	Properties  map[string]string // WITH DBPROPERTIES; nil without
}

// DropDatabase is DROP DATABASE|SCHEMA. RESTRICT is the default.
type DropDatabase struct {
	ast.Position
	Name     string
	IfExists bool
	Cascade  bool
}

// SetDatabaseProperties is ALTER DATABASE|SCHEMA … SET DBPROPERTIES.
type SetDatabaseProperties struct {
	ast.Position
	Name       string
	Properties map[string]string
}

// CreateTable is CREATE EXTERNAL TABLE. What is not given is zero; the meaning
// of that (a default SerDe, say) is not decided here.
type CreateTable struct {
	ast.Position
	Table         TableName
	IfNotExists   bool
	Columns       []Column
	Comment       string
	PartitionKeys []Column
	Buckets       Buckets
	RowFormat     RowFormat
	Stored        Stored
	Location      string
	Properties    map[string]string // TBLPROPERTIES; nil without
}

// Buckets is CLUSTERED BY (…) [SORTED BY (…)] INTO n BUCKETS.
type Buckets struct {
	ast.Position // zero without CLUSTERED BY
	Columns      []ColumnName
	Sorted       []SortedColumn
	Count        int32
}

// ColumnName names a column of the table, in lower case.
type ColumnName struct {
	ast.Position
	Name string
}

// SortedColumn is a column of SORTED BY.
type SortedColumn struct {
	ColumnName
	Descending bool
}

// RowFormat is ROW FORMAT: a SerDe or delimiters, or neither.
type RowFormat struct {
	ast.Position                   // zero without ROW FORMAT
	SerDe        string            // class name of ROW FORMAT SERDE
	Properties   map[string]string // WITH SERDEPROPERTIES; nil without
	Delimited    *Delimited        // ROW FORMAT DELIMITED; nil without
}

// Delimited is ROW FORMAT DELIMITED. A nil part was not given; the texts have
// their escapes resolved ("\t" is a tab, "\001" one byte).
type Delimited struct {
	Fields          *string // FIELDS TERMINATED BY
	Escape          *string // ESCAPED BY
	CollectionItems *string // COLLECTION ITEMS TERMINATED BY
	MapKeys         *string // MAP KEYS TERMINATED BY
	Lines           *string // LINES TERMINATED BY
	Null            *string // NULL DEFINED AS
}

// Stored is STORED AS: either Format, or the two classes.
type Stored struct {
	ast.Position        // zero without STORED AS
	Format       string // upper case: TEXTFILE, PARQUET, ORC, AVRO, …
	InputFormat  string // class name
	OutputFormat string // class name
}

// DropTable is DROP TABLE.
type DropTable struct {
	ast.Position
	Table    TableName
	IfExists bool
}

// MsckRepair is MSCK REPAIR TABLE.
type MsckRepair struct {
	ast.Position
	Table TableName
}

// ShowDatabases is SHOW DATABASES|SCHEMAS [LIKE 'pattern'].
type ShowDatabases struct {
	ast.Position
	Pattern string // Hive's: * any text, | between alternatives; "" is all
}

// ShowTables is SHOW TABLES [IN database] ['pattern'].
type ShowTables struct {
	ast.Position
	Database string // "" is the database of the query execution
	Pattern  string // "" is all
}

// ShowViews is SHOW VIEWS [IN database] [LIKE 'pattern'].
type ShowViews struct {
	ast.Position
	Database string // "" is the database of the query execution
	Pattern  string // "" is all
}

// ShowPartitions is SHOW PARTITIONS table [PARTITION (…)].
type ShowPartitions struct {
	ast.Position
	Table     TableName
	Partition *PartitionSpec // only those with these values; nil is all
}

// ShowColumns is SHOW COLUMNS IN table [IN database].
type ShowColumns struct {
	ast.Position
	Table TableName
}

// ShowCreateTable is SHOW CREATE TABLE.
type ShowCreateTable struct {
	ast.Position
	Table TableName
}

// ShowCreateView is SHOW CREATE VIEW.
type ShowCreateView struct {
	ast.Position
	View TableName
}

// ShowTableProperties is SHOW TBLPROPERTIES table [('name')].
type ShowTableProperties struct {
	ast.Position
	Table    TableName
	Property string // only this one; "" is all
}

// Describe is DESCRIBE|DESC [EXTENDED|FORMATTED] table [PARTITION (…)]
// [column[.field]].
type Describe struct {
	ast.Position
	Table     TableName
	Extended  bool
	Formatted bool
	Partition *PartitionSpec // nil without
	Column    string         // "a" or "a.b"; "" is the whole table
}

func (*CreateDatabase) statement()        {}
func (*DropDatabase) statement()          {}
func (*SetDatabaseProperties) statement() {}
func (*CreateTable) statement()           {}
func (*DropTable) statement()             {}
func (*MsckRepair) statement()            {}
func (*ShowDatabases) statement()         {}
func (*ShowTables) statement()            {}
func (*ShowViews) statement()             {}
func (*ShowPartitions) statement()        {}
func (*ShowColumns) statement()           {}
func (*ShowCreateTable) statement()       {}
func (*ShowCreateView) statement()        {}
func (*ShowTableProperties) statement()   {}
func (*Describe) statement()              {}
