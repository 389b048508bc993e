package ast

// JSONFormat is what FORMAT JSON says of a value or a result.
type JSONFormat string

// The formats.
const (
	NoJSONFormat JSONFormat = ""      // no FORMAT clause
	JSONText     JSONFormat = "JSON"  // FORMAT JSON
	JSONUTF8     JSONFormat = "UTF8"  // FORMAT JSON ENCODING UTF8
	JSONUTF16    JSONFormat = "UTF16" // FORMAT JSON ENCODING UTF16
	JSONUTF32    JSONFormat = "UTF32" // FORMAT JSON ENCODING UTF32
)

// JSONInput is value [FORMAT JSON [ENCODING …]].
type JSONInput struct {
	Position
	Value  Expression
	Format JSONFormat
}

// JSONArgument is value [FORMAT JSON …] AS name, of a PASSING clause.
type JSONArgument struct {
	Position
	Input *JSONInput
	Name  *Identifier
}

// JSONPathInvocation is input, 'path' [AS name] [PASSING …].
type JSONPathInvocation struct {
	Position
	Input   *JSONInput
	Path    *StringLiteral
	Name    *Identifier // nil without; only JSON_TABLE uses it
	Passing []*JSONArgument
}

// JSONBehavior is what a JSON function does ON EMPTY or ON ERROR.
type JSONBehavior string

// The behaviors. JSON_EXISTS has true, false, unknown and error; JSON_VALUE
// error, null and default; JSON_QUERY error, null and the empty ones.
const (
	JSONUnspecified JSONBehavior = ""
	JSONTrue        JSONBehavior = "TRUE"
	JSONFalse       JSONBehavior = "FALSE"
	JSONUnknown     JSONBehavior = "UNKNOWN"
	JSONError       JSONBehavior = "ERROR"
	JSONNull        JSONBehavior = "NULL"
	JSONDefault     JSONBehavior = "DEFAULT"
	JSONEmptyArray  JSONBehavior = "EMPTY ARRAY"
	JSONEmptyObject JSONBehavior = "EMPTY OBJECT"
)

// JSONExists is JSON_EXISTS(path [behavior ON ERROR]). Where no behavior is
// written Trino takes FALSE.
type JSONExists struct {
	Position
	Path    *JSONPathInvocation
	OnError JSONBehavior
}

// JSONValueBehavior is a behavior of JSON_VALUE with its default.
type JSONValueBehavior struct {
	Kind    JSONBehavior
	Default Expression // of JSONDefault; nil otherwise
}

// JSONValue is JSON_VALUE(path [RETURNING type] [… ON EMPTY] [… ON ERROR]).
// Where no behavior is written Trino takes NULL.
type JSONValue struct {
	Position
	Path      *JSONPathInvocation
	Returning *DataType // nil without: varchar
	OnEmpty   JSONValueBehavior
	OnError   JSONValueBehavior
}

// JSONWrapper is the wrapper clause of JSON_QUERY.
type JSONWrapper string

// The wrappers. WITH WRAPPER is unconditional.
const (
	JSONWrapperUnspecified   JSONWrapper = "" // Trino takes WITHOUT
	JSONWithoutWrapper       JSONWrapper = "WITHOUT"
	JSONConditionalWrapper   JSONWrapper = "CONDITIONAL"
	JSONUnconditionalWrapper JSONWrapper = "UNCONDITIONAL"
)

// JSONQuotes is the quotes clause of JSON_QUERY.
type JSONQuotes string

// The quotes clauses.
const (
	JSONQuotesUnspecified JSONQuotes = "" // Trino takes KEEP
	JSONKeepQuotes        JSONQuotes = "KEEP"
	JSONOmitQuotes        JSONQuotes = "OMIT"
)

// JSONQuery is JSON_QUERY(path [RETURNING type [FORMAT …]] [… WRAPPER]
// [KEEP | OMIT QUOTES] [… ON EMPTY] [… ON ERROR]). Where no behavior is written
// Trino takes NULL.
type JSONQuery struct {
	Position
	Path      *JSONPathInvocation
	Returning *DataType  // nil without: varchar
	Format    JSONFormat // of the result
	Wrapper   JSONWrapper
	Quotes    JSONQuotes
	OnEmpty   JSONBehavior
	OnError   JSONBehavior
}

// JSONNulls is NULL ON NULL or ABSENT ON NULL.
type JSONNulls string

// The treatments of null members.
const (
	JSONNullsUnspecified JSONNulls = "" // Trino: NULL for objects, ABSENT for arrays
	JSONNullOnNull       JSONNulls = "NULL"
	JSONAbsentOnNull     JSONNulls = "ABSENT"
)

// JSONObjectMember is KEY key VALUE value, or key : value.
type JSONObjectMember struct {
	Position
	Key   Expression
	Value *JSONInput
}

// JSONObject is JSON_OBJECT(members [… ON NULL] [WITH UNIQUE KEYS]
// [RETURNING type [FORMAT …]]).
type JSONObject struct {
	Position
	Members    []*JSONObjectMember
	Nulls      JSONNulls
	UniqueKeys bool      // WITH UNIQUE [KEYS]
	Returning  *DataType // nil without: varchar
	Format     JSONFormat
}

// JSONArray is JSON_ARRAY(elements [… ON NULL] [RETURNING type [FORMAT …]]).
type JSONArray struct {
	Position
	Elements  []*JSONInput
	Nulls     JSONNulls
	Returning *DataType // nil without: varchar
	Format    JSONFormat
}

func (*JSONExists) expression() {}
func (*JSONValue) expression()  {}
func (*JSONQuery) expression()  {}
func (*JSONObject) expression() {}
func (*JSONArray) expression()  {}
