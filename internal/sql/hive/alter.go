package hive

import "github.com/scopsdb/scops/internal/sql/ast"

// AddPartitions is ALTER TABLE … ADD [IF NOT EXISTS] PARTITION (…) [LOCATION
// '…'] …
type AddPartitions struct {
	ast.Position
	Table       TableName
	IfNotExists bool
	Partitions  []NewPartition
}

// NewPartition is one partition of AddPartitions.
type NewPartition struct {
	PartitionSpec
	Location string // "" without
}

// DropPartitions is ALTER TABLE … DROP [IF EXISTS] PARTITION (…), PARTITION (…).
type DropPartitions struct {
	ast.Position
	Table      TableName
	IfExists   bool
	Partitions []PartitionSpec
}

// RenamePartition is ALTER TABLE … PARTITION (…) RENAME TO PARTITION (…).
type RenamePartition struct {
	ast.Position
	Table TableName
	From  PartitionSpec
	To    PartitionSpec
}

// AddColumns is ALTER TABLE … [PARTITION (…)] ADD COLUMNS (…).
type AddColumns struct {
	ast.Position
	Table     TableName
	Partition *PartitionSpec // nil without
	Columns   []Column
	Cascade   bool
}

// ReplaceColumns is ALTER TABLE … [PARTITION (…)] REPLACE COLUMNS (…).
type ReplaceColumns struct {
	ast.Position
	Table     TableName
	Partition *PartitionSpec // nil without
	Columns   []Column
	Cascade   bool
}

// ChangeColumn is ALTER TABLE … CHANGE [COLUMN] old new type [COMMENT '…']
// [FIRST | AFTER column].
type ChangeColumn struct {
	ast.Position
	Table TableName
	Old   string
	New   Column
	First bool
	After string // "" without
	// Cascade changes the partitions that have columns of their own too.
	Cascade bool
}

// DropColumn is ALTER TABLE … DROP [COLUMN] name.
type DropColumn struct {
	ast.Position
	Table  TableName
	Column string
}

// RenameTable is ALTER TABLE … RENAME TO name.
type RenameTable struct {
	ast.Position
	Table TableName
	To    TableName
}

// SetLocation is ALTER TABLE … [PARTITION (…)] SET LOCATION '…'.
type SetLocation struct {
	ast.Position
	Table     TableName
	Partition *PartitionSpec // nil for the table's own
	Location  string
}

// SetTableProperties is ALTER TABLE … SET TBLPROPERTIES (…).
type SetTableProperties struct {
	ast.Position
	Table      TableName
	Properties map[string]string
}

// UnsetTableProperties is ALTER TABLE … UNSET TBLPROPERTIES [IF EXISTS] (…).
type UnsetTableProperties struct {
	ast.Position
	Table    TableName
	IfExists bool
	Names    []string
}

func (*AddPartitions) statement()        {}
func (*DropPartitions) statement()       {}
func (*RenamePartition) statement()      {}
func (*AddColumns) statement()           {}
func (*ReplaceColumns) statement()       {}
func (*ChangeColumn) statement()         {}
func (*DropColumn) statement()           {}
func (*RenameTable) statement()          {}
func (*SetLocation) statement()          {}
func (*SetTableProperties) statement()   {}
func (*UnsetTableProperties) statement() {}
