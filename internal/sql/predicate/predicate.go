package predicate

// Predicate is one of And, Or, Not, Compare, In, IsNull, Like, Test and Any.
// Evaluate with Eval.
type Predicate interface{ predicate() }

// Op is a comparison operator as SQL writes it: = <> < <= > >=.
type Op string

type (
	// And holds where all hold; And{} is true.
	And []Predicate
	// Or holds where one holds; Or{} is false.
	Or []Predicate
	// Not negates. Not of Any is Any.
	Not struct{ Of Predicate }
	// Compare compares a partition column with a constant of the column's own
	// Trino type, in the Go form that package types gives (never nil).
	Compare struct {
		Column string // lower-case
		Op     Op
		Value  any
	}
	// In holds where the column equals one of the constants.
	In struct {
		Column string
		Values []any
	}
	// IsNull holds for the partition of NULL (__HIVE_DEFAULT_PARTITION__).
	IsNull struct{ Column string }
	// Like matches a varchar column; Escape is 0 without an ESCAPE clause.
	Like struct {
		Column, Pattern string
		Escape          rune
	}
	// Test is a boolean expression over partition columns that has no simpler
	// form, such as CAST(day AS integer) = 3 or year || month >= '202102'.
	Test struct {
		Columns []string // lower-case, in the order that Holds takes their values
		Text    string   // the expression as SQL, for EXPLAIN
		// Holds evaluates it for one partition; a value is nil for NULL. What it
		// cannot decide, or what would be an error, is Unsure.
		Holds func(values []any) Outcome
	}
	// Any may be true or false: it prunes nothing.
	Any struct{}
)

func (And) predicate()     {}
func (Or) predicate()      {}
func (Not) predicate()     {}
func (Compare) predicate() {}
func (In) predicate()      {}
func (IsNull) predicate()  {}
func (Like) predicate()    {}
func (Test) predicate()    {}
func (Any) predicate()     {}
