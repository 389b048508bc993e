package hive

import (
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// CreateIcebergTable is CREATE TABLE … TBLPROPERTIES ('table_type'='ICEBERG').
type CreateIcebergTable struct {
	ast.Position
	Table        TableName
	IfNotExists  bool
	Columns      []Column
	Comment      string
	Partitioning []PartitionTransform
	Location     string
	Properties   map[string]string
}

// PartitionTransform is a column that a table is partitioned by, or a function
// of it: bucket(16, id).
type PartitionTransform struct {
	ast.Position
	Function string // identity, year, month, day, hour, bucket or truncate
	Width    int    // of bucket and truncate
	Column   string // lower case
}

func (*CreateIcebergTable) statement() {}

// createIcebergTable reads what follows CREATE TABLE.
func (p *parser) createIcebergTable(s *CreateIcebergTable) Statement {
	s.IfNotExists = p.ifNotExists()
	s.Table = p.tableName()
	s.Columns = inParens(p, p.column)
	if comment := p.optionalStr("COMMENT"); comment != nil {
		s.Comment = *comment
	}
	if p.take("PARTITIONED", "BY") {
		s.Partitioning = inParens(p, p.partitionTransform)
	}
	switch word := p.tok().word; word {
	case "ROW", "STORED", "CLUSTERED", "WITH":
		p.refuse(p.pos(), word+" of an Iceberg table")
	}
	if location := p.optionalStr("LOCATION"); location != nil {
		s.Location = *location
	}
	p.need("TBLPROPERTIES")
	s.Properties = p.properties()
	return s
}

// transformWidths says which functions take a number, before the column.
var transformWidths = map[string]bool{
	"year": false, "month": false, "day": false, "hour": false, "bucket": true, "truncate": true,
}

func (p *parser) partitionTransform() PartitionTransform {
	t := PartitionTransform{Position: p.pos(), Function: "identity"}
	if p.peek(1) != "(" {
		t.Column = p.name()
		if p.tok().kind == tokenWord {
			p.errorf(p.pos(), "mismatched input '%s'. Expecting: ',', ')'; the columns that an Iceberg table is partitioned by are among its columns, without a type", p.tok().text)
		}
		return t
	}
	t.Function = strings.ToLower(p.tok().text)
	sized, known := transformWidths[t.Function]
	if !known {
		p.errorf(t.Position, "unknown partition transform '%s'", t.Function)
	}
	p.advance()
	p.need("(")
	if sized {
		t.Width = p.width()
		p.need(",")
	}
	t.Column = p.name()
	p.need(")")
	return t
}

// width reads the number of a transform.
func (p *parser) width() int {
	n := p.tok()
	if n.kind != tokenNumber {
		p.want("<number>")
		p.fail()
	}
	p.advance()
	width, err := strconv.Atoi(n.text)
	if err != nil || width <= 0 {
		p.errorf(n.pos, "'%s' is no number of buckets or characters", n.text)
	}
	return width
}
