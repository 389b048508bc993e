package ast

import (
	"fmt"
	"strings"
)

// Position is a place in the text, from 1:1, in code points. Every node embeds
// one. The zero Position is "no place": a node that no text stands for.
type Position struct {
	Line   int
	Column int
}

// Pos returns the place itself, so that embedding makes a Node.
func (p Position) Pos() Position { return p }

// String is line:column.
func (p Position) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// Node is any part of a tree.
type Node interface{ Pos() Position }

// Statement is a whole statement: *Query, *Explain, *Prepare, …
type Statement interface {
	Node
	statement()
}

// QueryBody is what a Query computes before ORDER BY: *QuerySpecification,
// *SetOperation, *Values, *Table (TABLE t) or *TableSubquery.
type QueryBody interface {
	Node
	queryBody()
}

// Relation is an item of a FROM clause.
type Relation interface {
	Node
	relation()
}

// Expression computes a value.
type Expression interface {
	Node
	expression()
}

// Error is an error at a place in a query, in Trino's terms. The analyzer uses
// it too.
type Error struct {
	Name    string // SYNTAX_ERROR, COLUMN_NOT_FOUND, TYPE_MISMATCH, NOT_SUPPORTED, …
	Line    int    // from 1; 0 where no place is known
	Column  int    // from 1
	Message string // without the place
}

// Error is "line 1:15: mismatched input …", as Trino's message; Name is not in
// it.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("line %d:%d: %s", e.Line, e.Column, e.Message)
}

// Errorf makes an Error at a node's place.
func Errorf(name string, at Position, format string, args ...any) *Error {
	return &Error{Name: name, Line: at.Line, Column: at.Column, Message: fmt.Sprintf(format, args...)}
}

// Identifier is a name: `orders` or `"Order Items"`. It is an Expression too:
// a column, or the first part of a dereference. Value is as written (without
// quotes); comparing names is case-insensitive in Trino, quoted or not.
type Identifier struct {
	Position
	Value  string
	Quoted bool
}

// Lower is the name as the catalog has it.
func (i *Identifier) Lower() string { return strings.ToLower(i.Value) }

// QualifiedName is one to three (or more) identifiers with dots: `db.orders`.
type QualifiedName struct {
	Position
	Parts []*Identifier
}

// Lower is the parts in lower case, joined by dots.
func (n *QualifiedName) Lower() string {
	parts := make([]string, len(n.Parts))
	for i, p := range n.Parts {
		parts[i] = p.Lower()
	}
	return strings.Join(parts, ".")
}

// Suffix is the last part.
func (n *QualifiedName) Suffix() *Identifier { return n.Parts[len(n.Parts)-1] }

// DataType is a type as written, in CAST or in a literal.
type DataType struct {
	Position
	// Name is lower case: "bigint", "varchar", "decimal", "array", "map",
	// "row", "timestamp", "timestamp with time zone", "time with time zone",
	// "interval day to second", "interval year to month". DOUBLE PRECISION is
	// "double", int is as written.
	Name string
	// Params are numbers (varchar(10), timestamp(3) with time zone) or types
	// (array(bigint)).
	Params []TypeParam
	// Fields are the fields of a row.
	Fields []RowField
}

// TypeParam is a number or a type; Type is nil for a number. Number is its
// digits, unchecked.
type TypeParam struct {
	Position
	Number string
	Type   *DataType
}

// RowField is a field of a row type; Name is nil where it has none.
type RowField struct {
	Position
	Name *Identifier
	Type *DataType
}
