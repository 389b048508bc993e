package hive

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// createTable reads what follows CREATE EXTERNAL TABLE. The clauses come in
// this order only, as in Hive.
func (p *parser) createTable(s *CreateTable) Statement {
	s.IfNotExists = p.ifNotExists()
	s.Table = p.tableName()
	if p.tok().word == "LIKE" {
		p.refuse(p.pos(), "CREATE EXTERNAL TABLE … LIKE")
	}
	if p.at("(") {
		s.Columns = inParens(p, p.column)
	}
	if comment := p.optionalStr("COMMENT"); comment != nil {
		s.Comment = *comment
	}
	if p.take("PARTITIONED", "BY") {
		s.PartitionKeys = inParens(p, p.column)
	}
	s.Buckets = p.buckets()
	if p.tok().word == "SKEWED" {
		p.refuse(p.pos(), "SKEWED BY")
	}
	s.RowFormat = p.rowFormat()
	s.Stored = p.stored()
	if p.at("WITH") && s.RowFormat.SerDe == "" {
		// Athena takes the properties also after STORED AS.
		p.serDeProperties(&s.RowFormat)
	}
	if location := p.optionalStr("LOCATION"); location != nil {
		s.Location = *location
	}
	if p.take("TBLPROPERTIES") {
		s.Properties = p.properties()
	}
	if p.tok().word == "AS" {
		p.refuse(p.pos(), "CREATE EXTERNAL TABLE … AS")
	}
	return s
}

// column reads name type [COMMENT '…'].
func (p *parser) column() Column {
	c := Column{Position: p.pos(), Name: p.name()}
	c.Type, c.Parsed = p.columnType()
	if comment := p.optionalStr("COMMENT"); comment != nil {
		c.Comment = *comment
	}
	return c
}

func (p *parser) rowFormat() RowFormat {
	f := RowFormat{Position: p.pos()}
	if !p.take("ROW", "FORMAT") {
		return RowFormat{}
	}
	if p.needAny("DELIMITED", "SERDE") == "DELIMITED" {
		f.Delimited = p.delimited()
		return f
	}
	f.SerDe = p.str()
	p.serDeProperties(&f)
	return f
}

// serDeProperties reads an optional WITH SERDEPROPERTIES (…).
func (p *parser) serDeProperties(f *RowFormat) {
	if p.take("WITH", "SERDEPROPERTIES") {
		f.Properties = p.properties()
	}
}

func (p *parser) delimited() *Delimited {
	d := &Delimited{}
	if d.Fields = p.optionalStr("FIELDS", "TERMINATED", "BY"); d.Fields != nil {
		d.Escape = p.optionalStr("ESCAPED", "BY")
	}
	d.CollectionItems = p.optionalStr("COLLECTION", "ITEMS", "TERMINATED", "BY")
	d.MapKeys = p.optionalStr("MAP", "KEYS", "TERMINATED", "BY")
	d.Lines = p.optionalStr("LINES", "TERMINATED", "BY")
	d.Null = p.optionalStr("NULL", "DEFINED", "AS")
	return d
}

func (p *parser) stored() Stored {
	s := Stored{Position: p.pos()}
	if p.tok().word == "STORED" && p.peek(1) == "BY" {
		p.refuse(s.Position, "STORED BY")
	}
	if !p.take("STORED", "AS") {
		return Stored{}
	}
	if p.take("INPUTFORMAT") {
		s.InputFormat = p.str()
		p.need("OUTPUTFORMAT")
		s.OutputFormat = p.str()
		return s
	}
	s.Format = strings.ToUpper(p.name())
	return s
}

// managedTable reads CREATE TABLE without EXTERNAL, which is of an Iceberg table;
// another one is refused, saying what it would have been.
func (p *parser) managedTable(pos ast.Position) Statement {
	table := p.tok()
	depth := 0
	for i := p.i; i < len(p.tokens); i++ {
		switch t := p.tokens[i]; {
		case t.word == "(":
			depth++
		case t.word == ")":
			depth--
		case t.word == "AS" && depth == 0 && startsQuery(p.tokens[i+1].word):
			p.refuse(table.pos, "CREATE TABLE AS SELECT")
		case t.word == "LIKE" && depth == 0:
			p.refuse(table.pos, "CREATE TABLE … LIKE")
		case p.isIcebergProperty(i):
			p.advance()
			return p.createIcebergTable(&CreateIcebergTable{Position: pos})
		}
	}
	p.errorf(table.pos, "missing EXTERNAL at '%s'", table.text)
	return nil
}

func startsQuery(word string) bool {
	switch word {
	case "SELECT", "WITH", "VALUES", "TABLE", "(":
		return true
	}
	return false
}

// isIcebergProperty tells whether 'table_type'='iceberg' stands at token i.
func (p *parser) isIcebergProperty(i int) bool {
	if i+2 >= len(p.tokens) || p.tokens[i].kind != tokenString || p.tokens[i+1].word != "=" || p.tokens[i+2].kind != tokenString {
		return false
	}
	return strings.EqualFold(unescapeLiteral(p.tokens[i].text), "table_type") &&
		strings.EqualFold(unescapeLiteral(p.tokens[i+2].text), "iceberg")
}
