package ast

// PatternRecognition is r MATCH_RECOGNIZE (…). An alias after it is an
// AliasedRelation around it.
type PatternRecognition struct {
	Position
	Input        Relation
	PartitionBy  []Expression
	OrderBy      []*SortItem
	RowsPerMatch RowsPerMatch
	PatternClauses
}

// RowsPerMatch is what MATCH_RECOGNIZE returns of a match.
type RowsPerMatch string

// The forms.
const (
	RowsPerMatchUnspecified RowsPerMatch = "" // Trino takes ONE ROW PER MATCH
	OneRowPerMatch          RowsPerMatch = "ONE ROW PER MATCH"
	AllRowsPerMatch         RowsPerMatch = "ALL ROWS PER MATCH" // SHOW EMPTY MATCHES
	AllRowsShowEmpty        RowsPerMatch = "ALL ROWS PER MATCH SHOW EMPTY MATCHES"
	AllRowsOmitEmpty        RowsPerMatch = "ALL ROWS PER MATCH OMIT EMPTY MATCHES"
	AllRowsWithUnmatched    RowsPerMatch = "ALL ROWS PER MATCH WITH UNMATCHED ROWS"
)

// PatternClauses are the clauses of row pattern recognition that
// MATCH_RECOGNIZE and the frame of a window have in common.
type PatternClauses struct {
	Measures   []*Measure
	AfterMatch *SkipTo    // nil without
	SearchMode string     // "INITIAL", "SEEK" or ""
	Pattern    RowPattern // nil without, in a window's frame
	Subsets    []*SubsetDefinition
	Defines    []*VariableDefinition
}

// Measure is expression AS name.
type Measure struct {
	Position
	Expression Expression
	Name       *Identifier
}

// SkipTo is AFTER MATCH SKIP …: the Kind is "NEXT ROW", "PAST LAST ROW",
// "FIRST", "LAST" or "" (SKIP TO name); the last three have a Name.
type SkipTo struct {
	Position
	Kind string
	Name *Identifier
}

// SubsetDefinition is name = (a, b).
type SubsetDefinition struct {
	Position
	Name  *Identifier
	Union []*Identifier
}

// VariableDefinition is name AS condition.
type VariableDefinition struct {
	Position
	Name      *Identifier
	Condition Expression
}

// RowPattern is the expression in PATTERN (…).
type RowPattern interface {
	Node
	rowPattern()
}

// PatternAlternation is a | b | c.
type PatternAlternation struct {
	Position
	Patterns []RowPattern
}

// PatternConcatenation is a b c.
type PatternConcatenation struct {
	Position
	Patterns []RowPattern
}

// PatternVariable is a name in a pattern.
type PatternVariable struct {
	Position
	Name *Identifier
}

// EmptyPattern is ().
type EmptyPattern struct{ Position }

// PatternPermutation is PERMUTE(a, b).
type PatternPermutation struct {
	Position
	Patterns []RowPattern
}

// PatternAnchor is ^ or, with End, $.
type PatternAnchor struct {
	Position
	End bool
}

// ExcludedPattern is {- a -}.
type ExcludedPattern struct {
	Position
	Pattern RowPattern
}

// QuantifiedPattern is a*, a+?, a{2,3} and the like. Symbol is "*", "+", "?",
// or "{}" for a range, whose bounds are digits; AtLeast or AtMost may be "".
type QuantifiedPattern struct {
	Position
	Pattern   RowPattern
	Symbol    string
	AtLeast   string
	AtMost    string
	Reluctant bool
}

// WindowOperation is name OVER …: a measure of a window's row pattern.
type WindowOperation struct {
	Position
	Name *Identifier
	Over *Over
}

func (*PatternRecognition) relation() {}

func (*PatternAlternation) rowPattern()   {}
func (*PatternConcatenation) rowPattern() {}
func (*PatternVariable) rowPattern()      {}
func (*EmptyPattern) rowPattern()         {}
func (*PatternPermutation) rowPattern()   {}
func (*PatternAnchor) rowPattern()        {}
func (*ExcludedPattern) rowPattern()      {}
func (*QuantifiedPattern) rowPattern()    {}

func (*WindowOperation) expression() {}
