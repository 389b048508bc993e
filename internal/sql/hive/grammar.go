package hive

// rules are the statements by their first word.
var rules = map[string]func(*parser) Statement{
	"ALTER":    (*parser).alter,
	"CREATE":   (*parser).create,
	"DESC":     (*parser).describe,
	"DESCRIBE": (*parser).describe,
	"DROP":     (*parser).drop,
	"MSCK":     (*parser).msck,
	"SHOW":     (*parser).show,
}

func (p *parser) statement() Statement {
	if rule, ok := rules[p.tok().word]; ok {
		return rule(p)
	}
	for word := range rules {
		p.want(word)
	}
	p.fail()
	return nil
}

func (p *parser) create() Statement {
	pos := p.need("CREATE").pos
	switch {
	case p.takeAny("DATABASE", "SCHEMA") != "":
		return p.createDatabase(&CreateDatabase{Position: pos})
	case p.at("EXTERNAL"):
		p.advance()
		p.need("TABLE")
		return p.createTable(&CreateTable{Position: pos})
	case p.at("TABLE"):
		return p.managedTable(pos)
	}
	for _, kind := range []string{"FUNCTION", "INDEX", "MACRO", "ROLE", "TEMPORARY"} {
		if p.tok().word == kind {
			p.refuse(pos, "CREATE "+kind)
		}
	}
	p.fail()
	return nil
}

func (p *parser) createDatabase(s *CreateDatabase) Statement {
	s.IfNotExists = p.ifNotExists()
	s.Name = p.name()
	if comment := p.optionalStr("COMMENT"); comment != nil {
		s.Comment = *comment
	}
	if location := p.optionalStr("LOCATION"); location != nil {
		s.Location = *location
	}
	if p.take("WITH", "DBPROPERTIES") {
		s.Properties = p.properties()
	}
	return s
}

func (p *parser) drop() Statement {
	pos := p.need("DROP").pos
	switch p.takeAny("DATABASE", "SCHEMA", "TABLE") {
	case "TABLE":
		s := &DropTable{Position: pos, IfExists: p.ifExists()}
		s.Table = p.tableName()
		if p.tok().word == "PURGE" {
			p.refuse(p.pos(), "DROP TABLE … PURGE")
		}
		return s
	case "":
		for _, kind := range []string{"FUNCTION", "INDEX", "MACRO", "ROLE"} {
			if p.tok().word == kind {
				p.refuse(pos, "DROP "+kind)
			}
		}
		p.fail()
	}
	s := &DropDatabase{Position: pos, IfExists: p.ifExists()}
	s.Name = p.name()
	s.Cascade = p.takeAny("CASCADE", "RESTRICT") == "CASCADE"
	return s
}

func (p *parser) msck() Statement {
	s := &MsckRepair{Position: p.need("MSCK", "REPAIR", "TABLE").pos}
	s.Table = p.tableName()
	switch word := p.tok().word; word {
	case "ADD", "DROP", "SYNC":
		p.refuse(p.pos(), "MSCK REPAIR TABLE … "+word+" PARTITIONS")
	}
	return s
}

func (p *parser) describe() Statement {
	s := &Describe{Position: p.advance().pos}
	switch word := p.tok().word; word {
	case "DATABASE", "SCHEMA", "FUNCTION":
		p.refuse(s.Position, "DESCRIBE "+word)
	case "EXTENDED":
		p.advance()
		s.Extended = true
	case "FORMATTED":
		if next := p.tokens[p.i+1]; next.kind == tokenWord || next.kind == tokenBackquoted {
			p.advance()
			s.Formatted = true
		}
	}
	s.Table = p.tableName()
	s.Partition = p.optionalPartition()
	if t := p.tok(); t.kind == tokenWord || t.kind == tokenBackquoted {
		s.Column = p.name()
		for p.take(".") {
			s.Column += "." + p.fieldName()
		}
	}
	return s
}

// fieldName reads a part of a column's path: a name, '$elem$', '$key$' or
// '$value$'.
func (p *parser) fieldName() string {
	if p.tok().kind == tokenString {
		return p.str()
	}
	return p.name()
}
