package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/types"
)

// Symbol is one column of one relation of the typed tree. Each symbol is
// unique in its Analysis, so that a reference needs no qualifier, wherever it
// stands: in the same SELECT, in an outer query (correlation) or in a lambda.
type Symbol struct {
	ID   int    // unique, from 1
	Name string // the column name where there is one: for messages and EXPLAIN only
	Type types.Type
}

// Relation is a node of the typed tree that yields rows.
type Relation interface {
	// Output lists the columns of the rows.
	Output() []*Symbol
}

// JoinKind is how a Join keeps rows without a partner.
type JoinKind string

// The joins. CrossJoin has no condition.
const (
	CrossJoin JoinKind = "CROSS"
	InnerJoin JoinKind = "INNER"
	LeftJoin  JoinKind = "LEFT"
	RightJoin JoinKind = "RIGHT"
	FullJoin  JoinKind = "FULL"
)

type (
	// Scan reads a table of the catalog: Analysis.Scans[Index], whose Columns
	// are parallel to Out.
	Scan struct {
		Index int
		Out   []*Symbol
	}
	// Values is a table of expressions, possibly of no rows. With no columns it
	// yields one row of nothing for each of Rows: SELECT without FROM reads one.
	Values struct {
		Rows   [][]Expr
		Out    []*Symbol
		source *source // gives the rows instead, before pruning
	}
	// Project computes columns, one for each of Out.
	Project struct {
		Input Relation
		Exprs []Expr
		Out   []*Symbol
	}
	// Filter keeps the rows for which Condition is true.
	Filter struct {
		Input     Relation
		Condition Expr
	}
	// Join joins two relations. With Lateral, Right may refer to columns of
	// Left. On is nil for CrossJoin.
	Join struct {
		Kind        JoinKind
		Left, Right Relation
		Lateral     bool
		On          Expr
	}
	// Aggregate groups by Keys. Without GroupingSets there is one set of all
	// keys; with no keys either, there is one group, also over no rows.
	// GroupingSets list indexes of Keys. KeyOut are the columns of the keys,
	// NULL where the key is not in the row's set; AggOut those of the
	// aggregates.
	Aggregate struct {
		Input        Relation
		Keys         []Expr
		KeyOut       []*Symbol
		GroupingSets [][]int
		Groupings    []Grouping // GROUPING(…) calls
		Aggs         []*AggCall
		AggOut       []*Symbol
	}
	// Window adds one column for each call to its input's columns.
	Window struct {
		Input Relation
		Calls []*WindowCall
		Out   []*Symbol // of the calls alone
	}
	// Distinct removes duplicate rows; NULLs are equal here.
	Distinct struct {
		Input Relation
	}
	// Sort orders rows.
	Sort struct {
		Input Relation
		Keys  []SortKey
	}
	// Limit skips Offset rows and passes at most Count, all where Count is nil.
	// WithTies passes also the rows that equal the last by the keys of the Sort
	// below.
	Limit struct {
		Input    Relation
		Offset   int64
		Count    *int64
		WithTies bool
	}
	// SetOp combines relations by position, from the left; the columns of each
	// have the types of Out. There are two, or for UNION ALL more.
	SetOp struct {
		Kind   SetOpKind
		All    bool
		Inputs []Relation
		Out    []*Symbol
	}
	// Recursion yields the rows of all its steps but the last, which must have
	// none: then the query recurses too deeply. Steps[0] is the base; each other
	// reads the rows of the one before it as Previous. ID is unique.
	Recursion struct {
		ID    int
		Steps []Relation
		Out   []*Symbol
	}
	// Previous is the output Of a step of the Recursion of an ID.
	Previous struct {
		Recursion, Step int
		Of, Out         []*Symbol
	}
	// Series yields the numbers from Start to Stop, Step apart.
	Series struct {
		Start, Stop, Step int64
		Column            *Symbol
	}
	// Unnest yields for one row of its surroundings the elements of arrays and
	// maps side by side; shorter ones are padded with NULL. It may refer to
	// relations left of it in a lateral Join.
	Unnest struct {
		Items      []UnnestItem
		Ordinality *Symbol // nil without WITH ORDINALITY
	}
)

// UnnestItem is one argument of UNNEST: an array gives one column, an array of
// rows one a field, a map two.
type UnnestItem struct {
	Expr Expr
	Out  []*Symbol
}

// SetOpKind is UNION, INTERSECT or EXCEPT.
type SetOpKind string

// The set operations.
const (
	Union     SetOpKind = "UNION"
	Intersect SetOpKind = "INTERSECT"
	Except    SetOpKind = "EXCEPT"
)

// Grouping is a GROUPING(…) call: the bit of each key is set where the key is
// not in the row's grouping set, the last key being the lowest bit.
type Grouping struct {
	Keys []int // indexes of Aggregate.Keys
	Out  *Symbol
}

// SortKey is one key of an ORDER BY. NULLs are last unless NullsFirst.
type SortKey struct {
	Expr       Expr
	Descending bool
	NullsFirst bool
}

// Output implements Relation.
func (r *Scan) Output() []*Symbol     { return r.Out }
func (r *Values) Output() []*Symbol   { return r.Out }
func (r *Project) Output() []*Symbol  { return r.Out }
func (r *Filter) Output() []*Symbol   { return r.Input.Output() }
func (r *Distinct) Output() []*Symbol { return r.Input.Output() }
func (r *Sort) Output() []*Symbol     { return r.Input.Output() }
func (r *Limit) Output() []*Symbol    { return r.Input.Output() }
func (r *SetOp) Output() []*Symbol    { return r.Out }

// Output implements Relation.
func (r *Recursion) Output() []*Symbol { return r.Out }
func (r *Previous) Output() []*Symbol  { return r.Out }
func (r *Series) Output() []*Symbol    { return []*Symbol{r.Column} }

// Output implements Relation: the left columns, then the right ones.
func (r *Join) Output() []*Symbol {
	return concat(r.Left.Output(), r.Right.Output())
}

// Output implements Relation: keys, GROUPING calls, aggregates.
func (r *Aggregate) Output() []*Symbol {
	out := make([]*Symbol, 0, len(r.KeyOut)+len(r.Groupings)+len(r.AggOut))
	out = append(out, r.KeyOut...)
	for _, g := range r.Groupings {
		out = append(out, g.Out)
	}
	return append(out, r.AggOut...)
}

// Output implements Relation: the input's columns, then the calls'.
func (r *Window) Output() []*Symbol { return concat(r.Input.Output(), r.Out) }

// Output implements Relation: the columns of the items, then the ordinality.
func (r *Unnest) Output() []*Symbol {
	var out []*Symbol
	for _, it := range r.Items {
		out = append(out, it.Out...)
	}
	if r.Ordinality != nil {
		out = append(out, r.Ordinality)
	}
	return out
}

func concat(a, b []*Symbol) []*Symbol {
	out := make([]*Symbol, 0, len(a)+len(b))
	return append(append(out, a...), b...)
}
