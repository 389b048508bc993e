package ast

// CreateTableAs is CREATE [OR REPLACE] TABLE [IF NOT EXISTS] name [(a, b)]
// [COMMENT 'text'] [WITH (property = value, …)] AS query [WITH [NO] DATA].
type CreateTableAs struct {
	Position
	Name       *QualifiedName
	Replace    bool
	NotExists  bool          // IF NOT EXISTS
	Columns    []*Identifier // nil without a column list
	Comment    *StringLiteral
	Properties []*Property
	Query      *Query
	NoData     bool // WITH NO DATA
}

// Insert is INSERT INTO name [(a, b)] query.
type Insert struct {
	Position
	Table   *Table        // stands at the name
	Columns []*Identifier // nil without a column list
	Query   *Query
}

// Unload is Athena's UNLOAD (query) TO 's3://…' [WITH (property = value, …)].
type Unload struct {
	Position
	Query      *Query
	To         *StringLiteral
	Properties []*Property
}

// Property is name = value of a WITH clause. Value is nil for DEFAULT.
type Property struct {
	Position
	Name  *Identifier
	Value Expression
}

func (*CreateTableAs) statement() {}
func (*Insert) statement()        {}
func (*Unload) statement()        {}
