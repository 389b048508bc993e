package hive

import (
	"slices"

	"github.com/scopsdb/scops/internal/sql/ast"
)

func (p *parser) alter() Statement {
	pos := p.need("ALTER").pos
	if p.tok().word == "VIEW" {
		p.refuse(pos, "ALTER VIEW (DIALECT of a view of the AWS Glue Data Catalog)")
	}
	switch p.needAny("DATABASE", "SCHEMA", "TABLE") {
	case "TABLE":
		return p.alterTable(pos)
	default:
		s := &SetDatabaseProperties{Position: pos, Name: p.name()}
		p.need("SET")
		switch word := p.tok().word; word {
		case "LOCATION", "MANAGEDLOCATION", "OWNER":
			p.refuse(pos, "ALTER DATABASE … SET "+word)
		}
		p.need("DBPROPERTIES")
		s.Properties = p.properties()
		return s
	}
}

// alterTable reads the change after ALTER TABLE.
func (p *parser) alterTable(pos ast.Position) Statement {
	if p.tok().word == "IF" {
		p.refuse(p.pos(), "ALTER TABLE IF EXISTS")
	}
	table := p.tableName()
	partition := p.optionalPartition()
	change := p.tok()
	p.refuseChange(change)
	switch p.needAny("ADD", "CHANGE", "DROP", "RENAME", "REPLACE", "SET", "UNSET") {
	case "ADD":
		return p.alterAdd(pos, table, partition)
	case "REPLACE":
		p.need("COLUMNS")
		columns := inParens(p, p.column)
		return &ReplaceColumns{Position: pos, Table: table, Partition: partition, Columns: columns, Cascade: p.cascade()}
	case "RENAME":
		return p.alterRename(pos, table, partition)
	case "SET":
		return p.alterSet(pos, table, partition)
	case "DROP":
		p.noPartition(partition, change)
		return p.alterDrop(pos, table)
	case "CHANGE":
		p.noPartition(partition, change)
		return p.changeColumn(&ChangeColumn{Position: pos, Table: table})
	default: // UNSET
		p.noPartition(partition, change)
		return p.unsetProperties(&UnsetTableProperties{Position: pos, Table: table})
	}
}

// otherChanges are Hive's changes of a table that Athena does not have.
// https://docs.aws.amazon.com/athena/latest/ug/unsupported-ddl.html
var otherChanges = []string{
	"ARCHIVE", "CLUSTERED", "COMPACT", "CONCATENATE", "DISABLE", "ENABLE", "EXCHANGE", "NOT", "PARTITIONS", "RECOVER",
	"SKEWED", "SORTED", "TOUCH", "UNARCHIVE",
}

func (p *parser) refuseChange(change token) {
	if !slices.Contains(otherChanges, change.word) {
		return
	}
	what := change.word
	if what == "NOT" {
		what += " " + p.peek(1)
	}
	p.refuse(change.pos, "ALTER TABLE … "+what)
}

// noPartition refuses a change that goes with the whole table only.
func (p *parser) noPartition(partition *PartitionSpec, change token) {
	if partition != nil {
		p.refuse(change.pos, "ALTER TABLE … PARTITION (…) "+change.word)
	}
}

func (p *parser) alterAdd(pos ast.Position, table TableName, partition *PartitionSpec) Statement {
	if p.take("COLUMNS") {
		columns := inParens(p, p.column)
		return &AddColumns{Position: pos, Table: table, Partition: partition, Columns: columns, Cascade: p.cascade()}
	}
	p.noPartition(partition, token{word: "ADD PARTITION", pos: p.pos()})
	s := &AddPartitions{Position: pos, Table: table, IfNotExists: p.ifNotExists()}
	for p.at("PARTITION") || len(s.Partitions) == 0 {
		n := NewPartition{PartitionSpec: p.partitionSpec()}
		if location := p.optionalStr("LOCATION"); location != nil {
			n.Location = *location
		}
		s.Partitions = append(s.Partitions, n)
	}
	return s
}

func (p *parser) alterDrop(pos ast.Position, table TableName) Statement {
	exists := p.ifExists()
	if !p.at("PARTITION") && !exists {
		p.take("COLUMN")
		return &DropColumn{Position: pos, Table: table, Column: p.name()}
	}
	s := &DropPartitions{Position: pos, Table: table, IfExists: exists}
	s.Partitions = list(p, p.partitionFilter)
	if p.tok().word == "PURGE" {
		p.refuse(p.pos(), "DROP PARTITION … PURGE")
	}
	return s
}

func (p *parser) alterRename(pos ast.Position, table TableName, partition *PartitionSpec) Statement {
	p.need("TO")
	if partition != nil {
		return &RenamePartition{Position: pos, Table: table, From: *partition, To: p.partitionSpec()}
	}
	return &RenameTable{Position: pos, Table: table, To: p.tableName()}
}

func (p *parser) alterSet(pos ast.Position, table TableName, partition *PartitionSpec) Statement {
	what := p.tok()
	switch what.word {
	case "SERDE", "SERDEPROPERTIES", "FILEFORMAT", "SKEWED":
		p.refuse(what.pos, "ALTER TABLE … SET "+what.word)
	}
	if p.needAny("LOCATION", "TBLPROPERTIES") == "LOCATION" {
		return &SetLocation{Position: pos, Table: table, Partition: partition, Location: p.str()}
	}
	p.noPartition(partition, what)
	return &SetTableProperties{Position: pos, Table: table, Properties: p.properties()}
}

func (p *parser) changeColumn(s *ChangeColumn) Statement {
	p.take("COLUMN")
	s.Old = p.name()
	s.New = p.column()
	switch p.takeAny("FIRST", "AFTER") {
	case "FIRST":
		s.First = true
	case "AFTER":
		s.After = p.name()
	}
	s.Cascade = p.cascade()
	return s
}

func (p *parser) unsetProperties(s *UnsetTableProperties) Statement {
	p.need("TBLPROPERTIES")
	s.IfExists = p.ifExists()
	s.Names = inParens(p, p.str)
	return s
}

// cascade reads an optional CASCADE or RESTRICT after a change of columns, and
// reports whether partitions with columns of their own change too.
func (p *parser) cascade() bool { return p.takeAny("CASCADE", "RESTRICT") == "CASCADE" }
