package parser

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/internal/scan"
	"github.com/scopsdb/scops/internal/sql/parser/syntax"
)

// Bounds of what is parsed.
const (
	// MaxLength is Athena's bound on a query string, in characters.
	MaxLength = 262144
	// MaxDepth bounds how deep expressions, queries and types nest, and so the
	// height of a tree.
	MaxDepth = 1000
)

// errTooDeep is Trino's error, and place, for a statement that exhausts its
// stack.
var errTooDeep = ast.Errorf(syntaxError, scan.Start, "statement is too large (stack overflow while parsing)")

// Names of errors.
const (
	syntaxError  = "SYNTAX_ERROR"
	notSupported = "NOT_SUPPORTED"
)

// ParseStatement parses one statement; a semicolon may end it. The error is an
// *ast.Error.
func ParseStatement(text string) (ast.Statement, error) {
	var statement ast.Statement
	err := run(text, syntax.Explain, func(p *parser) ast.Node {
		statement = p.statement()
		p.takeEnd()
		return statement
	})
	if err != nil {
		return nil, err
	}
	return statement, nil
}

// ParseExpression parses one expression, such as a value for a parameter. The
// error is an *ast.Error.
func ParseExpression(text string) (ast.Expression, error) {
	var expression ast.Expression
	err := run(text, syntax.ExplainExpression, func(p *parser) ast.Node {
		expression = p.expression()
		return expression
	})
	if err != nil {
		return nil, err
	}
	return expression, nil
}

// run parses a whole text with a rule. Inside, an error is a panic of *ast.Error,
// which ends here; anything else is a defect and goes on.
func run(text string, explain explainer, rule func(*parser) ast.Node) (err error) {
	if len(text) > MaxLength && utf8.RuneCountInString(text) > MaxLength {
		return ast.Errorf(syntaxError, ast.Position{Line: 1, Column: 1}, "statement is longer than %d characters", MaxLength)
	}
	if !utf8.ValidString(text) {
		return ast.Errorf(syntaxError, ast.Position{Line: 1, Column: 1}, "statement is not valid UTF-8")
	}
	p := &parser{tokens: lex(text)}
	defer func() {
		switch failure := recover().(type) {
		case nil:
		case *ast.Error:
			err = failure
			if !p.athena {
				err = trinoError(text, failure, explain)
			}
		default:
			panic(failure)
		}
	}()
	node := rule(p)
	if p.tok().kind != tokenEnd {
		p.expected = append(p.expected, "<EOF>")
		p.fail()
	}
	checkHeight(node)
	return nil
}

// takeEnd goes past a semicolon at the end, which Trino's grammar does not have
// and so never expects.
func (p *parser) takeEnd() {
	if p.is(";") && p.peek(1).kind == tokenEnd {
		p.advance()
	}
}

// parser goes over the tokens of a text.
type parser struct {
	tokens []token
	i      int
	// expected is what was looked for at tokens[i] and not found, as shown in
	// an error.
	expected []string
	depth    int
	// parameters counts the question marks so far.
	parameters int
	// athena says that the text has Athena's own syntax, which Trino's grammar
	// cannot explain.
	athena bool
	// pending is an expression already read, that the next primary stands for:
	// the parenthesised query in ((SELECT 1) + 1).
	pending ast.Expression
}

func (p *parser) tok() token { return p.tokens[p.i] }

// peek is the token n after the next.
func (p *parser) peek(n int) token {
	if p.i+n >= len(p.tokens) {
		return p.tokens[len(p.tokens)-1]
	}
	return p.tokens[p.i+n]
}

func (p *parser) pos() ast.Position { return p.tokens[p.i].pos }

// advance goes past the next token and returns it.
func (p *parser) advance() token {
	t := p.tokens[p.i]
	if p.i < len(p.tokens)-1 {
		p.i++
	}
	p.expected = p.expected[:0]
	return t
}

// at tells whether the next token is a symbol or keyword, and notes it as
// expected if not.
func (p *parser) at(word string) bool {
	if p.tokens[p.i].word == word {
		return true
	}
	p.expected = append(p.expected, word)
	return false
}

// is tells the same without noting.
func (p *parser) is(word string) bool { return p.tokens[p.i].word == word }

// isSeq tells whether the next tokens are these words, without noting.
func (p *parser) isSeq(words ...string) bool {
	for n, word := range words {
		if p.peek(n).word != word {
			return false
		}
	}
	return true
}

// take goes past a word if it is next.
func (p *parser) take(word string) bool {
	if !p.at(word) {
		return false
	}
	p.advance()
	return true
}

// takeSeq goes past words if they are all next; the first one is noted as
// expected if it is not there, later ones are then required.
func (p *parser) takeSeq(words ...string) bool {
	if !p.take(words[0]) {
		return false
	}
	for _, word := range words[1:] {
		p.need(word)
	}
	return true
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

// need goes past a word that must be next.
func (p *parser) need(word string) token {
	if !p.at(word) {
		p.fail()
	}
	return p.advance()
}

// needAny is takeAny of which one must be there.
func (p *parser) needAny(words ...string) string {
	word := p.takeAny(words...)
	if word == "" {
		p.fail()
	}
	return word
}

// want notes what else is expected at the next token: "<expression>" and the
// like, or a word.
func (p *parser) want(what ...string) { p.expected = append(p.expected, what...) }

// fail reports that the next token is not among the expected.
func (p *parser) fail() {
	shown := make([]string, len(p.expected))
	for i, what := range p.expected {
		shown[i] = what
		if !strings.HasPrefix(what, "<") || len(what) < 3 {
			shown[i] = "'" + what + "'"
		}
	}
	slices.Sort(shown)
	p.errorf(p.pos(), "mismatched input '%s'. Expecting: %s", p.tok().display(), strings.Join(slices.Compact(shown), ", "))
}

// errorf reports a syntax error at a place.
func (p *parser) errorf(at ast.Position, format string, args ...any) {
	panic(ast.Errorf(syntaxError, at, format, args...))
}

// refuse reports something that is Trino's and not ours.
func (p *parser) refuse(at ast.Position, what string) {
	panic(ast.Errorf(notSupported, at, "%s is not supported", what))
}

// enter counts a level of nesting; the caller defers leave.
func (p *parser) enter() {
	p.depth++
	if p.depth > MaxDepth {
		panic(errTooDeep)
	}
}

func (p *parser) leave() { p.depth-- }

// checkHeight bounds the height of a tree, which long chains of operators make
// tall without nesting.
func checkHeight(root ast.Node) {
	height := 0
	ast.Walk(root, func(n ast.Node) bool {
		if n == nil {
			height--
			return true
		}
		height++
		if height > 4*MaxDepth {
			panic(errTooDeep)
		}
		return true
	})
}

// list reads one or more items with commas between.
func list[T any](p *parser, item func() T) []T {
	items := []T{item()}
	for p.take(",") {
		items = append(items, item())
	}
	return items
}

// inParens reads ( items ).
func inParens[T any](p *parser, item func() T) []T {
	p.need("(")
	items := list(p, item)
	p.need(")")
	return items
}

// identifier reads a name.
func (p *parser) identifier() *ast.Identifier {
	t := p.tok()
	if !t.isName() {
		p.want("<identifier>")
		p.fail()
	}
	p.advance()
	id := &ast.Identifier{Position: t.pos, Value: t.text}
	switch t.kind {
	case tokenQuoted:
		id.Value = unquote(t.text)
		id.Quoted = true
		if id.Value == "" {
			p.errorf(t.pos, "Zero-length delimited identifier not allowed")
		}
	case tokenBackquoted:
		p.errorf(t.pos, "backquoted identifiers are not supported; use double quotes to quote identifiers")
	case tokenDigit:
		p.errorf(t.pos, "identifiers must not start with a digit; surround the identifier with double quotes")
	}
	return id
}

// atName tells whether an identifier is next, and notes it as expected if not.
func (p *parser) atName() bool {
	if p.tok().isName() {
		return true
	}
	p.want("<identifier>")
	return false
}

// unquote takes the quotes off, and single for doubled quotes inside.
func unquote(text string) string {
	quote := text[:1]
	return strings.ReplaceAll(text[1:len(text)-1], quote+quote, quote)
}

// qualifiedName reads a.b.c.
func (p *parser) qualifiedName() *ast.QualifiedName {
	name := &ast.QualifiedName{Position: p.pos(), Parts: []*ast.Identifier{p.identifier()}}
	for p.take(".") {
		name.Parts = append(name.Parts, p.identifier())
	}
	return name
}

// columnAliases reads an optional list of names in parentheses.
func (p *parser) columnAliases() []*ast.Identifier {
	if !p.at("(") {
		return nil
	}
	return inParens(p, p.identifier)
}

// str reads a string literal.
func (p *parser) str() *ast.StringLiteral {
	if !p.tok().isString() {
		p.want("<string>")
		p.fail()
	}
	return p.stringLiteral()
}
