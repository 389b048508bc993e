package ast

// TableFunctionInvocation is TABLE(name(arguments [COPARTITION …])) in FROM.
type TableFunctionInvocation struct {
	Position
	Name        *QualifiedName
	Arguments   []*TableFunctionArgument
	Copartition [][]*QualifiedName
}

// TableFunctionArgument is [name =>] value: one of Value, Table and Descriptor
// is set.
type TableFunctionArgument struct {
	Position
	Name       *Identifier // nil without
	Value      Expression
	Table      *TableArgument
	Descriptor *Descriptor
}

// TableArgument is TABLE(t) or TABLE(query), with its clauses. Relation is a
// *Table, a *TableSubquery or an *AliasedRelation of one.
type TableArgument struct {
	Position
	Relation    Relation
	PartitionBy []Expression // nil without; empty for PARTITION BY ()
	OrderBy     []*SortItem
	WhenEmpty   string // "PRUNE", "KEEP", or ""
}

// Descriptor is DESCRIPTOR(a, b bigint), or CAST(NULL AS DESCRIPTOR) where
// Fields is nil.
type Descriptor struct {
	Position
	Fields []*DescriptorField
}

// DescriptorField is name [type].
type DescriptorField struct {
	Position
	Name *Identifier
	Type *DataType // nil without
}

func (*TableFunctionInvocation) relation() {}
