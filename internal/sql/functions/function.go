package functions

import (
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// Kind says where a function may stand.
type Kind uint8

// The kinds of functions.
const (
	Scalar    Kind = iota
	Aggregate      // also takes OVER
	Window         // only with OVER
)

// Function is a row of the table.
type Function struct {
	Name    string   // lower case
	Aliases []string // other names of the same function
	Family  string   // as Trino's documentation groups them
	Kind    Kind
	Sigs    []Signature
	// OwnNulls is set where the function does more with a NULL argument than
	// return NULL (or, for an aggregate, skip the row).
	OwnNulls bool
	// Volatile functions give another value at each call.
	Volatile bool
	Doc      string // one line
	Example  string // "lower('ABC') = 'abc'"
}

// Signature is one form of a function.
type Signature struct {
	// Text is the form in Trino's notation, for example
	//
	//	(varchar(x), bigint) -> varchar(x)
	//	(array(T), function(T,boolean)) -> array(T)
	//	(T, T...) -> T [T:orderable]
	//
	// Single capital letters are types, single small letters numbers; "..."
	// repeats the last parameter, at least zero times.
	Text string
	Emit Emission
	// Return computes the result type where Text cannot say it.
	Return func(*Call) types.Type
	// Check refuses what the emission cannot do exactly.
	Check func(*Call) *Error

	params   []pattern
	result   pattern
	variadic bool
	bounds   map[string]string // type variable to "comparable" or "orderable"
}

// Call is a resolved call that is being checked or emitted.
type Call struct {
	Args    []string     // SQL of the arguments, coerced to Types
	Types   []types.Type // what the arguments are coerced to
	Return  types.Type
	Consts  []any  // the Go values of constant arguments
	IsConst []bool // whether an argument is a constant; a constant NULL is nil
	Clauses Clauses
}

// Clauses are what stands around an aggregate or window call, as DuckDB SQL.
type Clauses struct {
	Distinct    bool
	OrderBy     string // inside the call, "x DESC NULLS LAST, y"
	Filter      string // condition of FILTER (WHERE …)
	Over        string // "(PARTITION BY … ORDER BY … ROWS …)", with its parentheses
	IgnoreNulls bool
}

// Emission writes a call as DuckDB SQL.
type Emission func(*Call) string

// Arg is an argument of a call to resolve.
type Arg struct {
	Type types.Type
	// Const is the Go value of a constant argument, where IsConst.
	Const   any
	IsConst bool
	// Lambda is set for a lambda argument: it types the body for the given
	// parameter types. Params is how many it has.
	Lambda func(params []types.Type) (types.Type, error)
	Params int
}

// Args makes arguments of types alone.
func Args(ts ...types.Type) []Arg {
	out := make([]Arg, len(ts))
	for i, t := range ts {
		out[i].Type = t
	}
	return out
}

// Resolved is a call that fits a signature.
type Resolved struct {
	Function   *Function // nil for operators
	ArgTypes   []types.Type
	ReturnType types.Type

	emission Emission
	consts   []any
	isConst  []bool
}

// Emit writes the call. The arguments are DuckDB SQL already coerced to
// ArgTypes with Cast; a lambda argument is "lambda x, y: body", its body
// coerced to the result of its function type.
func (r *Resolved) Emit(args ...string) string {
	return r.EmitWith(Clauses{}, args...)
}

// EmitWith writes an aggregate or window call with its clauses.
func (r *Resolved) EmitWith(c Clauses, args ...string) string {
	text := r.emission(r.call(c, args))
	if !anyNull(args) || len(args) == 1 && text == args[0] {
		return text
	}
	// DuckDB makes some calls with a constant NULL the NULL of no type.
	name, err := types.DuckDBType(r.ReturnType)
	if err != nil {
		return text
	}
	return "CAST(" + text + " AS " + name + ")"
}

func anyNull(args []string) bool {
	for _, a := range args {
		if strings.Contains(a, "CAST(NULL AS ") {
			return true
		}
	}
	return false
}

func (r *Resolved) call(c Clauses, args []string) *Call {
	return &Call{
		Args: args, Types: r.ArgTypes, Return: r.ReturnType,
		Consts: r.consts, IsConst: r.isConst, Clauses: c,
	}
}
