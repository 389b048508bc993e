package ast

// Parameter is a `?`, numbered from 0 in the order of the text.
type Parameter struct {
	Position
	Index int
}

// Dereference is base.field: a column of a table (t.a), of a schema's table
// (s.t.a) or a field of a row; only the analyzer knows which.
type Dereference struct {
	Position
	Base  Expression
	Field *Identifier
}

// Comparison is left op right.
type Comparison struct {
	Position
	Operator ComparisonOperator
	Left     Expression
	Right    Expression
}

// ComparisonOperator is the operator of a comparison.
type ComparisonOperator string

// The comparisons.
const (
	Equal              ComparisonOperator = "="
	NotEqual           ComparisonOperator = "<>"
	LessThan           ComparisonOperator = "<"
	LessThanOrEqual    ComparisonOperator = "<="
	GreaterThan        ComparisonOperator = ">"
	GreaterThanOrEqual ComparisonOperator = ">="
	IsDistinctFrom     ComparisonOperator = "IS DISTINCT FROM"
)

// QuantifiedComparison is left op ALL|ANY (query). SOME is ANY.
type QuantifiedComparison struct {
	Position
	Operator ComparisonOperator
	All      bool // otherwise ANY
	Left     Expression
	Query    *Query
}

// LogicalOperator is AND or OR.
type LogicalOperator string

// The logical operators.
const (
	And LogicalOperator = "AND"
	Or  LogicalOperator = "OR"
)

// Logical is two or more terms with AND or with OR between them.
type Logical struct {
	Position
	Operator LogicalOperator
	Terms    []Expression
}

// Not is NOT value.
type Not struct {
	Position
	Value Expression
}

// Between is value BETWEEN min AND max.
type Between struct {
	Position
	Value Expression
	Min   Expression
	Max   Expression
}

// In is value IN (list) or value IN (query): one of List and Query is set.
type In struct {
	Position
	Value Expression
	List  []Expression
	Query *Query
}

// Like is value LIKE pattern [ESCAPE escape].
type Like struct {
	Position
	Value   Expression
	Pattern Expression
	Escape  Expression // nil without
}

// IsNull is value IS NULL.
type IsNull struct {
	Position
	Value Expression
}

// IsNotNull is value IS NOT NULL.
type IsNotNull struct {
	Position
	Value Expression
}

// Exists is EXISTS (query).
type Exists struct {
	Position
	Query *Query
}

// SubqueryExpression is a (query) where a value is wanted.
type SubqueryExpression struct {
	Position
	Query *Query
}

// ArithmeticOperator is + - * / %.
type ArithmeticOperator string

// The arithmetic operators.
const (
	Add      ArithmeticOperator = "+"
	Subtract ArithmeticOperator = "-"
	Multiply ArithmeticOperator = "*"
	Divide   ArithmeticOperator = "/"
	Modulus  ArithmeticOperator = "%"
)

// ArithmeticBinary is left op right.
type ArithmeticBinary struct {
	Position
	Operator ArithmeticOperator
	Left     Expression
	Right    Expression
}

// ArithmeticUnary is -value or +value.
type ArithmeticUnary struct {
	Position
	Negative bool
	Value    Expression
}

// AtTimeZone is value AT TIME ZONE zone.
type AtTimeZone struct {
	Position
	Value Expression
	Zone  Expression
}

// Cast is CAST(value AS type), or TRY_CAST with Try.
type Cast struct {
	Position
	Value Expression
	Type  *DataType
	Try   bool
}

// SimpleCase is CASE operand WHEN … THEN … ELSE … END.
type SimpleCase struct {
	Position
	Operand Expression
	Whens   []*WhenClause
	Default Expression // nil without ELSE
}

// SearchedCase is CASE WHEN … THEN … ELSE … END.
type SearchedCase struct {
	Position
	Whens   []*WhenClause
	Default Expression // nil without ELSE
}

// WhenClause is WHEN operand THEN result.
type WhenClause struct {
	Position
	Operand Expression
	Result  Expression
}

// Subscript is base[index].
type Subscript struct {
	Position
	Base  Expression
	Index Expression
}

// Array is ARRAY[…].
type Array struct {
	Position
	Values []Expression
}

// Row is ROW(…) or (a, b).
type Row struct {
	Position
	Items []Expression
}

// Lambda is (a, b) -> body.
type Lambda struct {
	Position
	Arguments []*Identifier
	Body      Expression
}

// Extract is EXTRACT(field FROM value).
type Extract struct {
	Position
	Field *Identifier // YEAR, MONTH, DAY, DOW, …: the analyzer checks it
	Value Expression
}

// TrimSpecification is the side that TRIM cuts.
type TrimSpecification string

// The sides.
const (
	TrimBoth     TrimSpecification = "BOTH"
	TrimLeading  TrimSpecification = "LEADING"
	TrimTrailing TrimSpecification = "TRAILING"
)

// Trim is TRIM([side] [characters] FROM value) or TRIM(value [, characters]).
type Trim struct {
	Position
	Specification TrimSpecification
	Value         Expression
	Characters    Expression // nil without: white space
}

// CurrentFunction is the name of a Current node, in lower case.
type CurrentFunction string

// The functions without parentheses.
const (
	CurrentDate      CurrentFunction = "current_date"
	CurrentTimeOfDay CurrentFunction = "current_time"
	CurrentTimestamp CurrentFunction = "current_timestamp"
	LocalTime        CurrentFunction = "localtime"
	LocalTimestamp   CurrentFunction = "localtimestamp"
	CurrentUser      CurrentFunction = "current_user"
	CurrentCatalog   CurrentFunction = "current_catalog"
	CurrentSchema    CurrentFunction = "current_schema"
	CurrentPath      CurrentFunction = "current_path"
)

// Current is current_date, current_timestamp(6), current_user and their like.
type Current struct {
	Position
	Function  CurrentFunction
	Precision Expression // *LongLiteral of current_time, current_timestamp, localtime, localtimestamp; nil without
}

// Grouping is GROUPING(a, b.c): each argument is an *Identifier or a
// *Dereference.
type Grouping struct {
	Position
	Columns []Expression
}

// NullTreatment is RESPECT NULLS or IGNORE NULLS.
type NullTreatment uint8

// The treatments.
const (
	NullsUnspecified NullTreatment = iota
	RespectNulls
	IgnoreNulls
)

// FunctionCall is [RUNNING | FINAL] name([DISTINCT] arguments [ORDER BY …])
// [FILTER (…)] [IGNORE NULLS] [OVER …].
type FunctionCall struct {
	Position
	Processing    string // "RUNNING", "FINAL" or "": of row pattern recognition
	Name          *QualifiedName
	Star          bool        // count(*): no arguments
	Label         *Identifier // of count(label.*), of row pattern recognition; nil without
	Distinct      bool
	Arguments     []Expression
	OrderBy       []*SortItem
	Filter        Expression // nil without
	NullTreatment NullTreatment
	Over          *Over // nil without
}

// Over is OVER w or OVER (…): one of Name and Spec is set.
type Over struct {
	Position
	Name *Identifier
	Spec *WindowSpec
}

// ListAgg is LISTAGG([DISTINCT] value [, separator] [ON OVERFLOW …])
// WITHIN GROUP (ORDER BY …) [FILTER (…)].
type ListAgg struct {
	Position
	Distinct  bool
	Value     Expression
	Separator *StringLiteral // nil without: ''
	Overflow  ListAggOverflow
	OrderBy   []*SortItem
	Filter    Expression
}

// ListAggOverflow is what LISTAGG does with a result that is too long.
type ListAggOverflow struct {
	Truncate  bool           // otherwise ERROR
	Filler    *StringLiteral // nil without: '...'
	WithCount bool
}

func (*Identifier) expression()           {}
func (*Parameter) expression()            {}
func (*Dereference) expression()          {}
func (*Comparison) expression()           {}
func (*QuantifiedComparison) expression() {}
func (*Logical) expression()              {}
func (*Not) expression()                  {}
func (*Between) expression()              {}
func (*In) expression()                   {}
func (*Like) expression()                 {}
func (*IsNull) expression()               {}
func (*IsNotNull) expression()            {}
func (*Exists) expression()               {}
func (*SubqueryExpression) expression()   {}
func (*ArithmeticBinary) expression()     {}
func (*ArithmeticUnary) expression()      {}
func (*AtTimeZone) expression()           {}
func (*Cast) expression()                 {}
func (*SimpleCase) expression()           {}
func (*SearchedCase) expression()         {}
func (*Subscript) expression()            {}
func (*Array) expression()                {}
func (*Row) expression()                  {}
func (*Lambda) expression()               {}
func (*Extract) expression()              {}
func (*Trim) expression()                 {}
func (*Current) expression()              {}
func (*Grouping) expression()             {}
func (*FunctionCall) expression()         {}
func (*ListAgg) expression()              {}
