package ast

// JSONTable is JSON_TABLE(path COLUMNS (…) [PLAN …] [… ON ERROR]) in FROM.
type JSONTable struct {
	Position
	Path    *JSONPathInvocation
	Columns []*JSONTableColumn
	Plan    *JSONTablePlan // nil without
	OnError JSONBehavior   // JSONError, JSONEmptyArray for EMPTY, or unspecified
}

// JSONColumnKind is the form of a JSONTableColumn.
type JSONColumnKind uint8

// The forms.
const (
	JSONOrdinalityColumn JSONColumnKind = iota // name FOR ORDINALITY
	JSONValueColumn                            // name type …
	JSONQueryColumn                            // name type FORMAT JSON …
	JSONNestedColumns                          // NESTED PATH 'p' COLUMNS (…)
)

// JSONTableColumn is one item of COLUMNS.
type JSONTableColumn struct {
	Position
	Kind         JSONColumnKind
	Name         *Identifier // of the column, or of the path of nested ones (nil without)
	Type         *DataType
	Path         *StringLiteral // nil without
	Format       JSONFormat
	Wrapper      JSONWrapper
	Quotes       JSONQuotes
	ValueOnEmpty JSONValueBehavior // of JSONValueColumn
	ValueOnError JSONValueBehavior
	QueryOnEmpty JSONBehavior // of JSONQueryColumn
	QueryOnError JSONBehavior
	Columns      []*JSONTableColumn // of JSONNestedColumns
}

// JSONPlanKind is the form of a JSONTablePlan.
type JSONPlanKind string

// The forms.
const (
	JSONDefaultPlan JSONPlanKind = "DEFAULT" // PLAN DEFAULT (OUTER, UNION)
	JSONLeafPlan    JSONPlanKind = ""        // a path's name
	JSONOuterPlan   JSONPlanKind = "OUTER"   // parent OUTER child
	JSONInnerPlan   JSONPlanKind = "INNER"   // parent INNER child
	JSONUnionPlan   JSONPlanKind = "UNION"   // siblings
	JSONCrossPlan   JSONPlanKind = "CROSS"   // siblings
)

// JSONTablePlan says how rows of nested paths are joined.
type JSONTablePlan struct {
	Position
	Kind     JSONPlanKind
	Name     *Identifier      // of a leaf, or the parent of OUTER and INNER
	Children []*JSONTablePlan // one of OUTER and INNER, two or more of UNION and CROSS
	// ParentChild (OUTER or INNER) and Siblings (UNION or CROSS) are the
	// default plan's; "" where not written.
	ParentChild string
	Siblings    string
}

func (*JSONTable) relation() {}
