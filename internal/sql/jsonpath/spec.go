package jsonpath

// Spec is a call of JSON_VALUE, JSON_QUERY or JSON_EXISTS but for its values.
type Spec struct {
	Function string   // "value", "query" or "exists"
	Path     string   // as Parse reads it
	Names    []string // of the variables, in the order of their values
	Types    []string // of the variables; "json" is a text FORMAT JSON
	// Tagged results of "value" begin with a letter: the type of the item (see
	// the tags), OnEmptyTag or OnErrorTag.
	Tagged     bool
	OnEmpty    string // ERROR, NULL, EMPTY ARRAY, EMPTY OBJECT
	OnError    string // the same, and TRUE, FALSE, UNKNOWN
	Wrapper    string // of "query": WITHOUT, CONDITIONAL, UNCONDITIONAL
	OmitQuotes bool   // of "query"
}

// The tags of the results of "value".
const (
	TextTag    = "s"
	IntegerTag = "i"
	DoubleTag  = "d"
	RealTag    = "r"
	DecimalTag = "m"
	BooleanTag = "b"
	OnEmptyTag = "E"
	OnErrorTag = "X"
)
