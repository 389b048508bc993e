package analyzer

import (
	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/functions"
	"github.com/scopsdb/scops/internal/sql/types"
)

// Expr is a node of the typed tree that yields a value. All coercions are
// explicit (Cast): the operands of a node have exactly the types it takes.
type Expr interface {
	Type() types.Type
}

type (
	// Ref is the value of a column, or of a lambda's argument.
	Ref struct{ Symbol *Symbol }
	// Literal is a constant in the Go form of its type; nil is NULL.
	Literal struct {
		Value any
		Typ   types.Type
	}
	// Call is a scalar function or an operator. Name is for keys and EXPLAIN.
	Call struct {
		Name string
		Fn   *functions.Resolved
		Args []Expr
	}
	// Cast converts; Fn says how. With Try, what does not convert is NULL.
	Cast struct {
		Arg Expr
		To  types.Type
		Try bool
		Fn  *functions.Resolved
	}
	// Logical is AND or OR of two or more booleans.
	Logical struct {
		Or    bool
		Terms []Expr
	}
	// Not negates a boolean.
	Not struct{ Arg Expr }
	// IsNull is IS NULL.
	IsNull struct{ Arg Expr }
	// In is value IN (list): Equal compares Value with an item of List, all of
	// one type.
	In struct {
		Value Expr
		List  []Expr
		Equal *functions.Resolved
	}
	// Between is Value BETWEEN Min AND Max, all of one type.
	Between struct {
		Value, Min, Max Expr
		// AtLeast and AtMost are the operators >= and <=.
		AtLeast, AtMost *functions.Resolved
	}
	// Case is CASE WHEN … THEN … ELSE … END; Else is nil without ELSE. A simple
	// CASE has become comparisons.
	Case struct {
		Whens []When
		Else  Expr
		Typ   types.Type
	}
	// Coalesce is the first of Args that is not NULL; all have one type.
	Coalesce struct{ Args []Expr }
	// Try is Arg, or NULL where it fails with an error that Trino's TRY catches.
	Try struct{ Arg Expr }
	// RowField is a field of a row value.
	RowField struct {
		Base  Expr
		Index int
	}
	// MakeRow is ROW(…).
	MakeRow struct {
		Items []Expr
		Typ   types.Type
	}
	// MakeArray is ARRAY[…]; all items have the element type.
	MakeArray struct {
		Items []Expr
		Typ   types.Type
	}
	// Lambda is an argument of a Call.
	Lambda struct {
		Params []*Symbol
		Body   Expr
	}
	// Subquery is the value of a query of one column and at most one row; more
	// rows are the error SUBQUERY_MULTIPLE_ROWS.
	Subquery struct {
		Rel Relation
		Col *Symbol
	}
	// InSubquery is Value IN (query), and with other operators than "="
	// value op ANY (query) or, with All, value op ALL (query). Value and Col
	// have one type.
	InSubquery struct {
		Value Expr
		Op    string // = <> < <= > >=
		All   bool
		Rel   Relation
		Col   *Symbol
	}
	// Exists is EXISTS (query).
	Exists struct{ Rel Relation }
	// AggCall is an aggregate function; after the analysis it stands only in
	// Aggregate.Aggs.
	AggCall struct {
		Name     string
		Fn       *functions.Resolved
		Args     []Expr
		Distinct bool
		OrderBy  []SortKey
		Filter   Expr // nil without
		At       ast.Node
	}
	// GroupingCall is GROUPING(…); the analysis replaces it.
	GroupingCall struct {
		Args    []Expr
		Columns []ast.Expression
		At      ast.Node
	}
	// WindowCall is a function with OVER; after the analysis it stands only in
	// Window.Calls.
	WindowCall struct {
		Name        string
		Fn          *functions.Resolved
		Args        []Expr
		Distinct    bool
		Filter      Expr
		IgnoreNulls bool
		PartitionBy []Expr
		OrderBy     []SortKey
		Frame       *Frame // nil for the default
		At          ast.Node
	}
)

// When is a branch of a Case.
type When struct{ Condition, Result Expr }

// Frame is a window frame.
type Frame struct {
	Type       ast.FrameType
	Start, End Bound
	At         ast.Node
}

// Bound is an end of a frame; Value is set for PRECEDING and FOLLOWING. It may
// be negative or NULL, which is an error as the query runs.
type Bound struct {
	Type  ast.FrameBoundType
	Value Expr
}

// Type implements Expr.
func (e *Ref) Type() types.Type          { return e.Symbol.Type }
func (e *Literal) Type() types.Type      { return e.Typ }
func (e *Call) Type() types.Type         { return e.Fn.ReturnType }
func (e *Cast) Type() types.Type         { return e.To }
func (e *Logical) Type() types.Type      { return types.BooleanType }
func (e *Not) Type() types.Type          { return types.BooleanType }
func (e *IsNull) Type() types.Type       { return types.BooleanType }
func (e *In) Type() types.Type           { return types.BooleanType }
func (e *Between) Type() types.Type      { return types.BooleanType }
func (e *Case) Type() types.Type         { return e.Typ }
func (e *Coalesce) Type() types.Type     { return e.Args[0].Type() }
func (e *Try) Type() types.Type          { return e.Arg.Type() }
func (e *RowField) Type() types.Type     { return e.Base.Type().Fields[e.Index].Type }
func (e *MakeRow) Type() types.Type      { return e.Typ }
func (e *MakeArray) Type() types.Type    { return e.Typ }
func (e *Lambda) Type() types.Type       { return lambdaType(e) }
func (e *Subquery) Type() types.Type     { return e.Col.Type }
func (e *InSubquery) Type() types.Type   { return types.BooleanType }
func (e *Exists) Type() types.Type       { return types.BooleanType }
func (e *AggCall) Type() types.Type      { return e.Fn.ReturnType }
func (e *GroupingCall) Type() types.Type { return groupingType(len(e.Args)) }
func (e *WindowCall) Type() types.Type   { return e.Fn.ReturnType }

func lambdaType(e *Lambda) types.Type {
	params := make([]types.Type, len(e.Params))
	for i, p := range e.Params {
		params[i] = p.Type
	}
	return types.FunctionOf(params, e.Body.Type())
}

// conjunction joins conditions with AND.
func conjunction(terms []Expr) Expr {
	switch len(terms) {
	case 0:
		return &Literal{Value: true, Typ: types.BooleanType}
	case 1:
		return terms[0]
	}
	return &Logical{Terms: terms}
}
