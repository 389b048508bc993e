package syntax

// Token is a word of a text, comments and white space left out.
type Token struct {
	Type int    // of WordType or ClassType, or End
	Text string // as written; "<EOF>" at the end
	// Index counts the tokens before it, with white space and comments: Trino's
	// walk depends on it.
	Index int
}

// End is the type of the end of a text.
const End = tokenEOF

// Class is a kind of token that is not a fixed word, under its name in Trino's
// grammar.
type Class string

// The classes.
const (
	Identifier      Class = "IDENTIFIER"
	Quoted          Class = "QUOTED_IDENTIFIER"
	Backquoted      Class = "BACKQUOTED_IDENTIFIER"
	DigitIdentifier Class = "DIGIT_IDENTIFIER"
	String          Class = "STRING"
	UnicodeString   Class = "UNICODE_STRING"
	Binary          Class = "BINARY_LITERAL"
	Integer         Class = "INTEGER_VALUE"
	Decimal         Class = "DECIMAL_VALUE"
	Double          Class = "DOUBLE_VALUE"
	NotEqual        Class = "NEQ"
	Unrecognized    Class = "UNRECOGNIZED"
)

// ClassType is the type of a class of tokens.
func ClassType(c Class) int { return sqlBase().classes[c] }

// WordType is the type of a keyword, in capitals, or a symbol; ok is false
// where Trino has no such word.
func WordType(word string) (t int, ok bool) {
	t, ok = sqlBase().words[word]
	return t, ok
}
