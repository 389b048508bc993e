package ast

// LikePattern is LIKE 'pattern' [ESCAPE 'c'] of a SHOW statement.
type LikePattern struct {
	Like   *StringLiteral // nil without
	Escape *StringLiteral // nil without
}

// ShowCatalogs is SHOW CATALOGS [LIKE …].
type ShowCatalogs struct {
	Position
	LikePattern
}

// ShowSchemas is SHOW SCHEMAS [FROM catalog] [LIKE …].
type ShowSchemas struct {
	Position
	From *Identifier // nil without
	LikePattern
}

// ShowTables is SHOW TABLES [FROM schema] [LIKE …].
type ShowTables struct {
	Position
	From *QualifiedName // nil without
	LikePattern
}

// ShowColumns is SHOW COLUMNS FROM table [LIKE …], DESCRIBE table or DESC table.
type ShowColumns struct {
	Position
	Table *QualifiedName
	LikePattern
}

// ShowSession is SHOW SESSION [LIKE …].
type ShowSession struct {
	Position
	LikePattern
}

// ShowCreate is SHOW CREATE kind name; Kind is "TABLE", "SCHEMA", "VIEW",
// "MATERIALIZED VIEW" or "FUNCTION".
type ShowCreate struct {
	Position
	Kind string
	Name *QualifiedName
}

// ShowStats is SHOW STATS FOR table or FOR (query): one of both is set.
type ShowStats struct {
	Position
	Table *QualifiedName
	Query *Query
}

// SetSession is SET SESSION name = value.
type SetSession struct {
	Position
	Name  *QualifiedName
	Value Expression
}

// ResetSession is RESET SESSION name.
type ResetSession struct {
	Position
	Name *QualifiedName
}

// SetTimeZone is SET TIME ZONE LOCAL, where Zone is nil, or of an expression.
type SetTimeZone struct {
	Position
	Zone Expression
}

func (*ShowCatalogs) statement() {}
func (*ShowSchemas) statement()  {}
func (*ShowTables) statement()   {}
func (*ShowColumns) statement()  {}
func (*ShowSession) statement()  {}
func (*ShowCreate) statement()   {}
func (*ShowStats) statement()    {}
func (*SetSession) statement()   {}
func (*ResetSession) statement() {}
func (*SetTimeZone) statement()  {}
