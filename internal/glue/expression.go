package glue

import (
	"strings"
	"unicode/utf8"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/sql/predicate"
	"github.com/scopsdb/scops/internal/sql/types"
)

// expressionTypes are the types of keys that an expression can speak of.
var expressionTypes = map[types.Kind]bool{
	types.Varchar: true, types.Char: true, types.Date: true, types.Timestamp: true, types.TinyInt: true,
	types.SmallInt: true, types.Integer: true, types.BigInt: true, types.Decimal: true,
}

// parseExpression reads the Expression of GetPartitions, the part of SQL that
// Glue takes: = <> < <= > >= AND OR NOT IN BETWEEN LIKE, IS NULL and
// parentheses over partition keys and literals.
func parseExpression(keys []catalog.Column, text string) (predicate.Predicate, error) {
	if utf8.RuneCountInString(text) > maxExpression {
		return nil, invalid("Expression has more than %d characters", maxExpression)
	}
	tokens, err := lexExpression(text)
	if err != nil {
		return nil, err
	}
	p := &exprParser{text: text, keys: keys, tokens: tokens}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if n.test == nil || p.tokens[0].kind != tokenEnd {
		return nil, p.unsupported()
	}
	return n.test, nil
}

// exprNode is a part of an expression: a test, a key or a literal.
type exprNode struct {
	test    predicate.Predicate
	key     *exprKey
	literal *string
}

type exprKey struct {
	name string
	typ  types.Type
}

type exprParser struct {
	text   string
	keys   []catalog.Column
	tokens []exprToken // those to come
}

func (p *exprParser) unsupported() error { return invalid("Unsupported expression '%s'", p.text) }

func (p *exprParser) next() exprToken {
	t := p.tokens[0]
	if t.kind != tokenEnd {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *exprParser) accept(words ...string) bool {
	for i, word := range words {
		if i >= len(p.tokens) || !p.tokens[i].is(word) {
			return false
		}
	}
	p.tokens = p.tokens[len(words):]
	return true
}

func (p *exprParser) or() (exprNode, error) {
	return p.chain("OR", p.and, func(ps []predicate.Predicate) predicate.Predicate { return predicate.Or(ps) })
}

func (p *exprParser) and() (exprNode, error) {
	return p.chain("AND", p.not, func(ps []predicate.Predicate) predicate.Predicate { return predicate.And(ps) })
}

// chain reads parts joined by a word. A single part may be a key or a literal
// in parentheses.
func (p *exprParser) chain(word string, part func() (exprNode, error), join func([]predicate.Predicate) predicate.Predicate) (exprNode, error) {
	first, err := part()
	if err != nil || !p.tokens[0].is(word) {
		return first, err
	}
	tests := []predicate.Predicate{first.test}
	for p.accept(word) {
		n, err := part()
		if err != nil {
			return exprNode{}, err
		}
		tests = append(tests, n.test)
	}
	for _, t := range tests {
		if t == nil {
			return exprNode{}, p.unsupported()
		}
	}
	return exprNode{test: join(tests)}, nil
}

func (p *exprParser) not() (exprNode, error) {
	if !p.accept("NOT") {
		return p.comparison()
	}
	n, err := p.not()
	if err == nil && n.test == nil {
		err = p.unsupported()
	}
	return exprNode{test: predicate.Not{Of: n.test}}, err
}

func (p *exprParser) comparison() (exprNode, error) {
	left, err := p.primary()
	if err != nil || left.test != nil {
		return left, err
	}
	if op := p.tokens[0]; op.kind == tokenSymbol && strings.ContainsAny(op.text, "=<>") {
		p.next()
		right, err := p.primary()
		if err != nil {
			return exprNode{}, err
		}
		return p.compare(left, predicate.Op(op.text), right)
	}
	if left.key == nil {
		return left, nil // a literal in parentheses, perhaps
	}
	test, err := p.keyTest(left.key)
	switch {
	case err != nil:
		return exprNode{}, err
	case test == nil:
		return left, nil
	}
	return exprNode{test: test}, nil
}

var mirrored = map[predicate.Op]predicate.Op{"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func (p *exprParser) compare(left exprNode, op predicate.Op, right exprNode) (exprNode, error) {
	if left.literal != nil && right.key != nil {
		left, op, right = right, mirrored[op], left
	}
	if left.key == nil || right.literal == nil {
		return exprNode{}, p.unsupported()
	}
	value, err := left.key.value(*right.literal)
	return exprNode{test: predicate.Compare{Column: left.key.name, Op: op, Value: value}}, err
}

// keyTest reads what may follow a key beside a comparison; nil where nothing
// does.
func (p *exprParser) keyTest(key *exprKey) (predicate.Predicate, error) {
	if p.accept("IS", "NULL") {
		return key.isNull(), nil
	}
	if p.accept("IS", "NOT", "NULL") {
		return predicate.Not{Of: key.isNull()}, nil
	}
	not := p.accept("NOT")
	var test predicate.Predicate
	var err error
	switch {
	case p.accept("IN", "("):
		test, err = p.in(key)
	case p.accept("BETWEEN"):
		test, err = p.between(key)
	case p.accept("LIKE"):
		test, err = p.like(key)
	case not:
		return nil, p.unsupported()
	}
	if err == nil && not {
		test = predicate.Not{Of: test}
	}
	return test, err
}

func (p *exprParser) in(key *exprKey) (predicate.Predicate, error) {
	in := predicate.In{Column: key.name}
	for {
		v, err := p.literalOf(key)
		if err != nil {
			return nil, err
		}
		in.Values = append(in.Values, v)
		if p.accept(")") {
			return in, nil
		}
		if !p.accept(",") {
			return nil, p.unsupported()
		}
	}
}

func (p *exprParser) between(key *exprKey) (predicate.Predicate, error) {
	low, err := p.literalOf(key)
	if err != nil {
		return nil, err
	}
	if !p.accept("AND") {
		return nil, p.unsupported()
	}
	high, err := p.literalOf(key)
	return predicate.And{
		predicate.Compare{Column: key.name, Op: ">=", Value: low},
		predicate.Compare{Column: key.name, Op: "<=", Value: high},
	}, err
}

func (p *exprParser) like(key *exprKey) (predicate.Predicate, error) {
	if !key.typ.IsString() {
		return nil, invalid("%s data type doesn't support operation 'LIKE'", key.kindName())
	}
	n, err := p.primary()
	if err != nil {
		return nil, err
	}
	if n.literal == nil {
		return nil, p.unsupported()
	}
	return predicate.Like{Column: key.name, Pattern: *n.literal}, nil
}

func (p *exprParser) literalOf(key *exprKey) (any, error) {
	n, err := p.primary()
	if err != nil {
		return nil, err
	}
	if n.literal == nil {
		return nil, p.unsupported()
	}
	return key.value(*n.literal)
}

// primary reads a key, a literal, or an expression in parentheses.
func (p *exprParser) primary() (exprNode, error) {
	t := p.next()
	switch {
	case t.is("("):
		n, err := p.or()
		if err == nil && !p.accept(")") {
			err = p.unsupported()
		}
		return n, err
	case t.kind == tokenString || t.kind == tokenNumber:
		return exprNode{literal: &t.text}, nil
	case (t.is("DATE") || t.is("TIMESTAMP")) && p.tokens[0].kind == tokenString:
		return exprNode{literal: &p.tokens[0].text}, p.skip()
	case t.kind == tokenName || t.kind == tokenQuoted:
		key, err := p.key(t.text)
		return exprNode{key: key}, err
	}
	return exprNode{}, p.unsupported()
}

func (p *exprParser) skip() error {
	p.next()
	return nil
}

func (p *exprParser) key(name string) (*exprKey, error) {
	for _, k := range p.keys {
		if !strings.EqualFold(k.Name, name) {
			continue
		}
		t, err := types.FromHive(hiveName(k.Type))
		if err != nil || !expressionTypes[t.Kind] {
			return nil, invalid("Unknown type : '%s'", k.Type)
		}
		return &exprKey{name: k.Name, typ: t}, nil
	}
	return nil, invalid("Invalid partition expression! '%s' is not a partition key", name)
}

// hiveName gives the Hive name of a type that Glue also calls long.
func hiveName(t string) string {
	if t == "long" {
		return "bigint"
	}
	return t
}

// value reads a literal as a value of the key.
func (k *exprKey) value(text string) (any, error) {
	if k.typ.IsString() {
		return text, nil // __HIVE_DEFAULT_PARTITION__ is a text as others here
	}
	v, err := types.ParsePartitionValue(k.typ, text)
	if err != nil || v == nil {
		return nil, invalid("\"%s\" is not a value of type %s.", text, k.typ)
	}
	return v, nil
}

// isNull tests for the partition of NULL. Texts are compared as they stand, so
// that clients may also ask for = '__HIVE_DEFAULT_PARTITION__'.
func (k *exprKey) isNull() predicate.Predicate {
	if k.typ.IsString() {
		return predicate.Compare{Column: k.name, Op: "=", Value: catalog.HiveDefaultPartition}
	}
	return predicate.IsNull{Column: k.name}
}

var kindNames = map[types.Kind]string{types.Date: "Date", types.Timestamp: "Timestamp", types.Decimal: "Decimal"}

func (k *exprKey) kindName() string {
	if name, ok := kindNames[k.typ.Kind]; ok {
		return name
	}
	return "Integral"
}
