package hive

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// Bounds of what is parsed.
const (
	// MaxLength is Athena's bound on a query string, in characters.
	MaxLength = 262144
	// MaxDepth bounds how deep types nest.
	MaxDepth = 64
)

// Parse parses one statement; a semicolon may end it. The error is an
// *ast.Error.
func Parse(text string) (statement Statement, err error) {
	start := ast.Position{Line: 1, Column: 1}
	if len(text) > MaxLength && utf8.RuneCountInString(text) > MaxLength {
		return nil, ast.Errorf(syntaxError, start, "statement is longer than %d characters", MaxLength)
	}
	if !utf8.ValidString(text) {
		return nil, ast.Errorf(syntaxError, start, "statement is not valid UTF-8")
	}
	// Inside, an error is a panic of *ast.Error, which ends here; anything else
	// is a defect and goes on.
	defer func() {
		switch failure := recover().(type) {
		case nil:
		case *ast.Error:
			statement, err = nil, failure
		default:
			panic(failure)
		}
	}()
	p := &parser{tokens: lex(text)}
	statement = p.statement()
	if p.tok().word == ";" {
		p.advance()
	}
	if p.tok().kind != tokenEnd {
		p.want("<EOF>")
		p.fail()
	}
	return statement, nil
}

// Names of errors.
const (
	syntaxError  = "SYNTAX_ERROR"
	notSupported = "NOT_SUPPORTED"
)

// parser goes over the tokens of a statement. What was looked for at the next
// token and not found is in expected.
type parser struct {
	tokens   []token
	i        int
	expected []string
	depth    int
}

func (p *parser) tok() token        { return p.tokens[p.i] }
func (p *parser) pos() ast.Position { return p.tokens[p.i].pos }

// peek is the word n after the next.
func (p *parser) peek(n int) string {
	if p.i+n >= len(p.tokens) {
		return ""
	}
	return p.tokens[p.i+n].word
}

func (p *parser) advance() token {
	t := p.tokens[p.i]
	if p.i < len(p.tokens)-1 {
		p.i++
	}
	p.expected = p.expected[:0]
	return t
}

// at tells whether a word or symbol is next, and notes it as expected if not.
func (p *parser) at(word string) bool {
	if p.tok().word == word {
		return true
	}
	p.want(word)
	return false
}

func (p *parser) want(what string) { p.expected = append(p.expected, what) }

// take goes past words if they are all next.
func (p *parser) take(words ...string) bool {
	for n, word := range words {
		if p.peek(n) != word {
			p.want(words[0])
			return false
		}
	}
	for range words {
		p.advance()
	}
	return true
}

// need goes past words that must be next.
func (p *parser) need(words ...string) token {
	first := p.tok()
	for _, word := range words {
		if !p.at(word) {
			p.fail()
		}
		p.advance()
	}
	return first
}

// takeAny goes past one of the words and returns it, or "".
func (p *parser) takeAny(words ...string) string {
	for _, word := range words {
		if p.take(word) {
			return word
		}
	}
	return ""
}

func (p *parser) needAny(words ...string) string {
	word := p.takeAny(words...)
	if word == "" {
		p.fail()
	}
	return word
}

// fail reports that the next token is not among the expected.
func (p *parser) fail() {
	shown := make([]string, len(p.expected))
	for i, what := range p.expected {
		shown[i] = what
		if !strings.HasPrefix(what, "<") || what == "<" {
			shown[i] = "'" + what + "'"
		}
	}
	slices.Sort(shown)
	p.errorf(p.pos(), "mismatched input '%s'. Expecting: %s", p.tok().display(), strings.Join(slices.Compact(shown), ", "))
}

func (p *parser) errorf(at ast.Position, format string, args ...any) {
	panic(ast.Errorf(syntaxError, at, format, args...))
}

// refuse reports something that is Hive's or Athena's and not ours.
func (p *parser) refuse(at ast.Position, what string) {
	panic(ast.Errorf(notSupported, at, "%s is not supported", what))
}

// list reads one or more items with commas between.
func list[T any](p *parser, item func() T) []T {
	items := []T{item()}
	for p.take(",") {
		items = append(items, item())
	}
	return items
}

func inParens[T any](p *parser, item func() T) []T {
	p.need("(")
	items := list(p, item)
	p.need(")")
	return items
}

// name reads an identifier, in lower case.
func (p *parser) name() string {
	t := p.tok()
	switch {
	case t.kind == tokenBackquoted:
		p.advance()
		name := strings.ReplaceAll(t.text[1:len(t.text)-1], "``", "`")
		if name == "" {
			p.errorf(t.pos, "empty name between backticks")
		}
		return strings.ToLower(name)
	case t.kind == tokenWord && reserved[t.word]:
		p.errorf(t.pos, "mismatched input '%s'. Expecting: <identifier>; a reserved word is a name only between backticks", t.text)
	case t.kind == tokenWord && strings.HasPrefix(t.text, "_"):
		p.errorf(t.pos, "name '%s' begins with an underscore and must stand between backticks", t.text)
	case t.kind == tokenWord:
		p.advance()
		return strings.ToLower(t.text)
	case t.kind == tokenString:
		p.errorf(t.pos, "mismatched input '%s'. Expecting: <identifier>; in DDL names are quoted with backticks", t.text)
	}
	p.want("<identifier>")
	p.fail()
	return ""
}

// tableName reads [database.]table.
func (p *parser) tableName() TableName {
	n := TableName{Position: p.pos()}
	quoted := p.tok().kind == tokenBackquoted
	n.Name = p.name()
	if p.take(".") {
		n.Database, n.Name = n.Name, p.name()
	} else if database, name, both := strings.Cut(n.Name, "."); both && quoted && database != "" && name != "" {
		n.Database, n.Name = database, name // `database.table`, as Hive takes it
	}
	if p.tok().word == "." {
		p.errorf(p.pos(), "a table's name has at most two parts, database.table")
	}
	return n
}

// str reads a string.
func (p *parser) str() string {
	if p.tok().kind != tokenString {
		p.want("<string>")
		p.fail()
	}
	return unescapeLiteral(p.advance().text)
}

// optionalStr reads words and a string after them, if the words are there.
func (p *parser) optionalStr(words ...string) *string {
	if !p.take(words...) {
		return nil
	}
	s := p.str()
	return &s
}

// properties reads ('key'='value', …).
func (p *parser) properties() map[string]string {
	all := make(map[string]string)
	inParens(p, func() struct{} {
		key := p.str()
		p.need("=")
		all[key] = p.str()
		return struct{}{}
	})
	return all
}

// partitionSpec reads PARTITION (k='v', …).
func (p *parser) partitionSpec() PartitionSpec {
	spec := PartitionSpec{Position: p.need("PARTITION").pos}
	spec.Values = inParens(p, p.partitionValue)
	return spec
}

// optionalPartition reads PARTITION (…), if it is there.
func (p *parser) optionalPartition() *PartitionSpec {
	if !p.at("PARTITION") {
		return nil
	}
	spec := p.partitionSpec()
	return &spec
}

func (p *parser) partitionValue() PartitionValue {
	v := PartitionValue{Position: p.pos(), Column: p.name()}
	p.need("=")
	v.Value = p.constant()
	return v
}

// constant reads a string, a number or DATE '…' as text.
func (p *parser) constant() string {
	if p.take("DATE") || p.tok().kind == tokenString {
		return p.str()
	}
	sign := ""
	if p.tok().word == "-" {
		sign = p.advance().text
	}
	if p.tok().kind != tokenNumber {
		p.want("<string>")
		p.want("<number>")
		p.fail()
	}
	return sign + p.advance().text
}

// ifExists reads an optional IF EXISTS.
func (p *parser) ifExists() bool { return p.take("IF", "EXISTS") }

// ifNotExists reads an optional IF NOT EXISTS.
func (p *parser) ifNotExists() bool { return p.take("IF", "NOT", "EXISTS") }
