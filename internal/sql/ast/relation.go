package ast

// Table is a table or view by name.
type Table struct {
	Position
	Name    *QualifiedName
	Version *TableVersion // FOR TIMESTAMP | VERSION AS OF; nil without
}

// TableVersion is FOR {TIMESTAMP | VERSION} AS OF expression.
type TableVersion struct {
	Position
	Timestamp bool // otherwise VERSION
	AsOf      Expression
}

// AliasedRelation is r AS t (a, b).
type AliasedRelation struct {
	Position
	Relation Relation
	Alias    *Identifier
	Columns  []*Identifier // nil without a column list
}

// TableSubquery is (query), in FROM or as an operand of a set operation.
type TableSubquery struct {
	Position
	Query *Query
}

// Lateral is LATERAL (query): it may refer to relations left of it.
type Lateral struct {
	Position
	Query *Query
}

// Unnest is UNNEST(a, b) [WITH ORDINALITY].
type Unnest struct {
	Position
	Expressions    []Expression
	WithOrdinality bool
}

// SampledRelation is r TABLESAMPLE BERNOULLI|SYSTEM (percentage).
type SampledRelation struct {
	Position
	Relation   Relation
	System     bool // otherwise BERNOULLI
	Percentage Expression
}

// JoinType is the kind of a Join.
type JoinType string

// The joins. ImplicitJoin is the comma in FROM a, b.
const (
	CrossJoin    JoinType = "CROSS"
	ImplicitJoin JoinType = "IMPLICIT"
	InnerJoin    JoinType = "INNER"
	LeftJoin     JoinType = "LEFT"
	RightJoin    JoinType = "RIGHT"
	FullJoin     JoinType = "FULL"
)

// Join joins two relations. Of On, Using and Natural at most one is set;
// CrossJoin and ImplicitJoin have none.
type Join struct {
	Position
	Type    JoinType
	Left    Relation
	Right   Relation
	On      Expression
	Using   []*Identifier
	Natural bool
}

func (*Table) relation()           {}
func (*AliasedRelation) relation() {}
func (*TableSubquery) relation()   {}
func (*Lateral) relation()         {}
func (*Unnest) relation()          {}
func (*SampledRelation) relation() {}
func (*Join) relation()            {}
