package ast

// Explain is EXPLAIN [ANALYZE [VERBOSE]] [(FORMAT JSON, TYPE LOGICAL)] statement.
type Explain struct {
	Position
	Analyze   bool
	Verbose   bool   // only with Analyze
	Format    string // "TEXT", "GRAPHVIZ", "JSON"; "" where not given
	Type      string // "LOGICAL", "DISTRIBUTED", "VALIDATE", "IO"; "" where not given
	Statement Statement
}

// Prepare is PREPARE name FROM statement.
type Prepare struct {
	Position
	Name      *Identifier
	Statement Statement
}

// Execute is EXECUTE name [USING a, b].
type Execute struct {
	Position
	Name       *Identifier
	Parameters []Expression
}

// ExecuteImmediate is EXECUTE IMMEDIATE 'statement' [USING a, b]. Statement is
// parsed; its places are those in the text around it.
type ExecuteImmediate struct {
	Position
	Text       *StringLiteral
	Statement  Statement
	Parameters []Expression
}

// Deallocate is DEALLOCATE PREPARE name.
type Deallocate struct {
	Position
	Name *Identifier
}

// DescribeInput is DESCRIBE INPUT name.
type DescribeInput struct {
	Position
	Name *Identifier
}

// DescribeOutput is DESCRIBE OUTPUT name.
type DescribeOutput struct {
	Position
	Name *Identifier
}

// Use is USE [catalog.]schema.
type Use struct {
	Position
	Catalog *Identifier // nil without
	Schema  *Identifier
}

// CreateView is CREATE [OR REPLACE] VIEW name AS query.
type CreateView struct {
	Position
	Name     *QualifiedName
	Replace  bool
	Comment  *StringLiteral // nil without
	Security string         // "DEFINER", "INVOKER"; "" where not given
	Query    *Query
}

// DropView is DROP VIEW [IF EXISTS] name.
type DropView struct {
	Position
	Name   *QualifiedName
	Exists bool // IF EXISTS
}

// ShowFunctions is SHOW FUNCTIONS [FROM schema] [LIKE 'pattern' [ESCAPE 'c']].
type ShowFunctions struct {
	Position
	From   *QualifiedName // nil without
	Like   *StringLiteral // nil without
	Escape *StringLiteral // nil without
}

func (*Explain) statement()          {}
func (*Prepare) statement()          {}
func (*Execute) statement()          {}
func (*ExecuteImmediate) statement() {}
func (*Deallocate) statement()       {}
func (*DescribeInput) statement()    {}
func (*DescribeOutput) statement()   {}
func (*Use) statement()              {}
func (*CreateView) statement()       {}
func (*DropView) statement()         {}
func (*ShowFunctions) statement()    {}
