package ast

// Delete is DELETE FROM name [WHERE condition].
type Delete struct {
	Position
	Table *Table     // stands at the statement, as in Trino
	Where Expression // nil without
}

// Update is UPDATE name SET a = value, … [WHERE condition].
type Update struct {
	Position
	Table       *Table
	Assignments []*Assignment
	Where       Expression
}

// Assignment is column = value.
type Assignment struct {
	Position
	Name  *Identifier
	Value Expression
}

// Merge is MERGE INTO name [alias] USING source ON condition case ….
type Merge struct {
	Position
	Table  *Table
	Alias  *Identifier // nil without
	Source Relation
	On     Expression
	Cases  []*MergeCase
}

// MergeAction is what a case of a Merge does.
type MergeAction string

// The actions.
const (
	MergeUpdate MergeAction = "UPDATE"
	MergeDelete MergeAction = "DELETE"
	MergeInsert MergeAction = "INSERT" // of WHEN NOT MATCHED
)

// MergeCase is WHEN [NOT] MATCHED [AND condition] THEN action.
type MergeCase struct {
	Position
	Condition Expression // nil without
	Action    MergeAction
	Columns   []*Identifier // of UPDATE, and of INSERT with a list
	Values    []Expression  // one a column
}

// Optimize is Athena's OPTIMIZE name REWRITE DATA USING BIN_PACK [WHERE condition].
type Optimize struct {
	Position
	Table *Table
	Where Expression
}

// Vacuum is Athena's VACUUM name.
type Vacuum struct {
	Position
	Table *Table
}

func (*Delete) statement()   {}
func (*Update) statement()   {}
func (*Merge) statement()    {}
func (*Optimize) statement() {}
func (*Vacuum) statement()   {}

// modification walks the parts of a statement that changes rows.
func (w walker) modification(s Statement) {
	switch s := s.(type) {
	case *Delete:
		w.optional(s.Where)
	case *Update:
		walkAll(w, s.Assignments)
		w.optional(s.Where)
	case *Merge:
		w.node(s.Source)
		w.node(s.On)
		walkAll(w, s.Cases)
	case *Optimize:
		w.optional(s.Where)
	}
}
