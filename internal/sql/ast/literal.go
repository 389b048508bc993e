package ast

// NullLiteral is NULL.
type NullLiteral struct{ Position }

// BooleanLiteral is TRUE or FALSE.
type BooleanLiteral struct {
	Position
	Value bool
}

// LongLiteral is an integer literal. A minus right before a number, where no
// binary minus can stand, belongs to the literal: -1 is one LongLiteral, as in
// Trino. One beyond bigint is a syntax error.
type LongLiteral struct {
	Position
	Value int64
}

// DecimalLiteral is 1.50, -1.50 or DECIMAL '1.50': the text as written, without
// underscores. What stands in quotes is not checked.
type DecimalLiteral struct {
	Position
	Value string
}

// DoubleLiteral is 1e10, -1e10 and the like.
type DoubleLiteral struct {
	Position
	Value float64
}

// StringLiteral is '…' or U&'…', unescaped.
type StringLiteral struct {
	Position
	Value string
}

// BinaryLiteral is X'…'.
type BinaryLiteral struct {
	Position
	Value []byte
}

// GenericLiteral is a type and a string: DATE '2021-02-03', TIMESTAMP '…',
// TIME '…', JSON '…', double '1'. Whether the type exists and the text fits it
// is the analyzer's to check. (DECIMAL '…' is DecimalLiteral.)
type GenericLiteral struct {
	Position
	Type  string // lower case: "date", "timestamp", "double"
	Value string
}

// IntervalField is a unit of an interval, in capitals.
type IntervalField string

// The units.
const (
	IntervalYear   IntervalField = "YEAR"
	IntervalMonth  IntervalField = "MONTH"
	IntervalDay    IntervalField = "DAY"
	IntervalHour   IntervalField = "HOUR"
	IntervalMinute IntervalField = "MINUTE"
	IntervalSecond IntervalField = "SECOND"
)

// IntervalLiteral is INTERVAL [-] '1' DAY [TO SECOND].
type IntervalLiteral struct {
	Position
	Negative bool   // a minus before the string
	Value    string // as in the quotes
	Start    IntervalField
	End      IntervalField // "" without TO
}

func (*NullLiteral) expression()     {}
func (*BooleanLiteral) expression()  {}
func (*LongLiteral) expression()     {}
func (*DecimalLiteral) expression()  {}
func (*DoubleLiteral) expression()   {}
func (*StringLiteral) expression()   {}
func (*BinaryLiteral) expression()   {}
func (*GenericLiteral) expression()  {}
func (*IntervalLiteral) expression() {}
