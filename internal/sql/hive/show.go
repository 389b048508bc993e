package hive

import "github.com/scopsdb/scops/internal/sql/ast"

func (p *parser) show() Statement {
	pos := p.need("SHOW").pos
	what := p.tok()
	switch p.takeAny("DATABASES", "SCHEMAS", "TABLES", "VIEWS", "PARTITIONS", "COLUMNS", "TBLPROPERTIES", "CREATE") {
	case "DATABASES", "SCHEMAS":
		return &ShowDatabases{Position: pos, Pattern: p.pattern()}
	case "TABLES":
		return &ShowTables{Position: pos, Database: p.inDatabase(), Pattern: p.pattern()}
	case "VIEWS":
		return &ShowViews{Position: pos, Database: p.inDatabase(), Pattern: p.pattern()}
	case "PARTITIONS":
		return &ShowPartitions{Position: pos, Table: p.tableName(), Partition: p.optionalPartition()}
	case "COLUMNS":
		return p.showColumns(pos)
	case "TBLPROPERTIES":
		return p.showProperties(pos)
	case "CREATE":
		return p.showCreate(pos)
	}
	switch what.word {
	case "CATALOGS", "SESSION", "STATS", "ROLES", "GRANT", "GRANTS", "LOCKS", "INDEX", "INDEXES", "TRANSACTIONS",
		"COMPACTIONS", "CONF", "TABLE", "CURRENT", "ROLE":
		p.refuse(pos, "SHOW "+what.word)
	}
	p.want("FUNCTIONS")
	p.fail()
	return nil
}

// inDatabase reads an optional IN or FROM with a database.
func (p *parser) inDatabase() string {
	if p.takeAny("IN", "FROM") == "" {
		return ""
	}
	return p.name()
}

// pattern reads an optional [LIKE] 'pattern'.
func (p *parser) pattern() string {
	if !p.take("LIKE") && p.tok().kind != tokenString {
		p.want("<string>")
		return ""
	}
	return p.str()
}

// showColumns reads COLUMNS IN [db.]table or COLUMNS IN table IN db.
func (p *parser) showColumns(pos ast.Position) Statement {
	p.needAny("FROM", "IN")
	s := &ShowColumns{Position: pos, Table: p.tableName()}
	if s.Table.Database == "" {
		s.Table.Database = p.inDatabase()
	}
	return s
}

func (p *parser) showProperties(pos ast.Position) Statement {
	s := &ShowTableProperties{Position: pos, Table: p.tableName()}
	if p.take("(") {
		s.Property = p.str()
		p.need(")")
	}
	return s
}

func (p *parser) showCreate(pos ast.Position) Statement {
	for _, kind := range []string{"DATABASE", "SCHEMA"} {
		if p.tok().word == kind {
			p.refuse(pos, "SHOW CREATE "+kind)
		}
	}
	if p.needAny("TABLE", "VIEW") == "TABLE" {
		return &ShowCreateTable{Position: pos, Table: p.tableName()}
	}
	return &ShowCreateView{Position: pos, View: p.tableName()}
}
