package ast

// Query is a whole query, or the one in parentheses of a subquery.
type Query struct {
	Position
	With    *With // nil without
	Body    QueryBody
	OrderBy []*SortItem
	Offset  *Offset // nil without
	Limit   *Limit  // LIMIT or FETCH FIRST; nil without

	OrderByAt Position // of ORDER BY
}

// With is WITH [RECURSIVE] a AS (…), b AS (…).
type With struct {
	Position
	Recursive bool
	Queries   []*WithQuery
}

// WithQuery is one named query of a WITH.
type WithQuery struct {
	Position
	Name    *Identifier
	Columns []*Identifier // nil without a column list
	Query   *Query
}

// QuerySpecification is a SELECT.
type QuerySpecification struct {
	Position
	Select  *Select
	From    Relation // nil without; FROM a, b is a Join of type ImplicitJoin
	Where   Expression
	GroupBy *GroupBy
	Having  Expression
	Windows []*WindowDefinition // WINDOW w AS (…)
}

// Select is the list after SELECT.
type Select struct {
	Position
	Distinct bool
	Items    []SelectItem
}

// SelectItem is *SingleColumn or *AllColumns.
type SelectItem interface {
	Node
	selectItem()
}

// SingleColumn is an expression with an optional alias.
type SingleColumn struct {
	Position
	Expression Expression
	Alias      *Identifier // nil without
}

// AllColumns is `*` (Target nil), `t.*`, or `row.*` with aliases.
type AllColumns struct {
	Position
	Target  Expression
	Aliases []*Identifier
}

// SetOperator is UNION, INTERSECT or EXCEPT.
type SetOperator string

// The set operators.
const (
	Union     SetOperator = "UNION"
	Intersect SetOperator = "INTERSECT"
	Except    SetOperator = "EXCEPT"
)

// SetOperation combines two queries. It stands at its word, as in
// Trino.
type SetOperation struct {
	Position
	Operator SetOperator
	All      bool // ALL; otherwise DISTINCT, written or not
	Left     QueryBody
	Right    QueryBody
}

// Values is VALUES a, (b, c): each row is an expression; one of several
// columns is a *Row.
type Values struct {
	Position
	Rows []Expression
}

// GroupBy is the list after GROUP BY.
type GroupBy struct {
	Position
	Distinct bool // GROUP BY DISTINCT
	Elements []*GroupingElement
}

// GroupingKind is the form of a GroupingElement.
type GroupingKind uint8

// The forms. SimpleGroupBy has one set: GROUP BY a is [[a]], GROUP BY (a, b) is
// [[a b]], GROUP BY () is [[]].
const (
	SimpleGroupBy GroupingKind = iota
	GroupingSets
	Rollup
	Cube
)

// GroupingElement is a, (a, b), GROUPING SETS (…), ROLLUP (…) or CUBE (…).
type GroupingElement struct {
	Position
	Kind GroupingKind
	Sets [][]Expression
}

// Ordering is a sort direction.
type Ordering uint8

// The directions.
const (
	Ascending Ordering = iota
	Descending
)

// NullOrdering says where NULLs sort.
type NullOrdering uint8

// Where NULLs sort. NullsDefault is last in Trino, whatever the direction.
const (
	NullsDefault NullOrdering = iota
	NullsFirst
	NullsLast
)

// SortItem is one key of an ORDER BY.
type SortItem struct {
	Position
	Key          Expression
	Ordering     Ordering
	NullOrdering NullOrdering
}

// Offset is OFFSET n: a *LongLiteral or a *Parameter.
type Offset struct {
	Position
	RowCount Expression
}

// Limit is LIMIT n, LIMIT ALL, or FETCH FIRST n ROWS {ONLY | WITH TIES}.
type Limit struct {
	Position
	Fetch    bool       // FETCH FIRST rather than LIMIT
	WithTies bool       // only with Fetch
	All      bool       // LIMIT ALL; RowCount is nil
	RowCount Expression // *LongLiteral or *Parameter; nil in FETCH FIRST ROW means 1
}

// WindowDefinition is w AS (…) of a WINDOW clause.
type WindowDefinition struct {
	Position
	Name *Identifier
	Spec *WindowSpec
}

// WindowSpec is what stands in the parentheses of OVER.
type WindowSpec struct {
	Position
	Existing    *Identifier // a named window that this one refines; nil without
	PartitionBy []Expression
	OrderBy     []*SortItem
	OrderAt     Position     // of the word ORDER
	Frame       *WindowFrame // nil without
}

// FrameType is ROWS, RANGE or GROUPS.
type FrameType string

// The frame types.
const (
	FrameRange  FrameType = "RANGE"
	FrameRows   FrameType = "ROWS"
	FrameGroups FrameType = "GROUPS"
)

// WindowFrame is ROWS BETWEEN a AND b. End is nil where only a start is given:
// then it is CURRENT ROW. Recognition is nil but where MEASURES stand before it
// or AFTER MATCH, INITIAL, SEEK, PATTERN, SUBSET or DEFINE after it.
type WindowFrame struct {
	Position
	Type        FrameType
	Start       *FrameBound
	End         *FrameBound
	Recognition *PatternClauses
}

// FrameBoundType is the kind of a bound.
type FrameBoundType string

// The bounds.
const (
	UnboundedPreceding FrameBoundType = "UNBOUNDED PRECEDING"
	Preceding          FrameBoundType = "PRECEDING" // with Value
	CurrentRow         FrameBoundType = "CURRENT ROW"
	Following          FrameBoundType = "FOLLOWING" // with Value
	UnboundedFollowing FrameBoundType = "UNBOUNDED FOLLOWING"
)

// FrameBound is an end of a frame.
type FrameBound struct {
	Position
	Type  FrameBoundType
	Value Expression // for Preceding and Following
}

func (*Query) statement() {}

func (*QuerySpecification) queryBody() {}
func (*SetOperation) queryBody()       {}
func (*Values) queryBody()             {}
func (*Table) queryBody()              {}
func (*TableSubquery) queryBody()      {}

func (*SingleColumn) selectItem() {}
func (*AllColumns) selectItem()   {}
