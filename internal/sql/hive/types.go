package hive

import (
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
	"github.com/scopsdb/scops/internal/sql/types"
)

// typeNames are the scalar types, with the name that the catalog keeps.
var typeNames = map[string]string{
	"BOOLEAN": "boolean", "TINYINT": "tinyint", "SMALLINT": "smallint", "INT": "int", "INTEGER": "int",
	"BIGINT": "bigint", "FLOAT": "float", "DOUBLE": "double", "STRING": "string", "BINARY": "binary",
	"DATE": "date", "TIMESTAMP": "timestamp", "DECIMAL": "decimal", "DEC": "decimal", "NUMERIC": "decimal",
	"VARCHAR": "varchar", "CHAR": "char",
}

// columnType reads a type; it returns its normal form and its meaning.
func (p *parser) columnType() (string, types.Type) {
	pos := p.pos()
	text := p.typeText()
	parsed, err := types.FromHive(text)
	if err != nil {
		p.errorf(pos, "%v", err)
	}
	return text, parsed
}

// typeText reads a type as its normal form: lower case, without spaces.
func (p *parser) typeText() string {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > MaxDepth {
		p.errorf(p.pos(), "type is nested deeper than %d levels", MaxDepth)
	}
	t := p.tok()
	switch t.word {
	case "ARRAY":
		p.advance()
		return "array" + p.typeArguments(p.typeText)
	case "MAP":
		p.advance()
		return "map" + p.typeArguments(p.typeText)
	case "STRUCT":
		p.advance()
		return "struct" + p.typeArguments(p.structField)
	case "UNIONTYPE":
		p.refuse(t.pos, "type uniontype")
	}
	name, ok := typeNames[t.word]
	if !ok {
		if t.kind == tokenWord {
			p.errorf(t.pos, "mismatched input '%s'. Expecting: <type>", t.text)
		}
		p.want("<type>")
		p.fail()
	}
	p.advance()
	switch name {
	case "double":
		p.take("PRECISION")
	case "decimal":
		if p.tok().word != "(" {
			// Hive keeps the default in the type's name.
			return "decimal(10,0)"
		}
		return name + p.numbers(2)
	case "varchar", "char":
		return name + p.length(name)
	case "timestamp":
		if p.tok().word == "(" || p.tok().word == "WITH" {
			p.refuse(t.pos, "a timestamp type with a precision or a time zone")
		}
	}
	return name
}

// lengths are the most characters of a type.
var lengths = map[string]int{"varchar": 65535, "char": 255}

// length reads (10) of a type with a length.
func (p *parser) length(name string) string {
	pos := p.pos()
	text := p.numbers(1)
	n, err := strconv.Atoi(text[1 : len(text)-1])
	if err != nil || n < 1 || n > lengths[name] {
		p.errorf(pos, "%s length %s out of allowed range [1, %d]", strings.ToUpper(name[:1])+name[1:], text[1:len(text)-1], lengths[name])
	}
	return text
}

// numbers reads (10) or (10,2) of at most n numbers.
func (p *parser) numbers(n int) string {
	pos := p.pos()
	all := inParens(p, func() string {
		if p.tok().kind != tokenNumber {
			p.want("<number>")
			p.fail()
		}
		return p.advance().text
	})
	if len(all) > n {
		p.errorf(pos, "the type takes at most %d numbers", n)
	}
	if n == 2 && len(all) == 1 {
		all = append(all, "0") // decimal(10) is decimal(10,0)
	}
	return "(" + strings.Join(all, ",") + ")"
}

// typeArguments reads <a, b>.
func (p *parser) typeArguments(item func() string) string {
	p.need("<")
	all := list(p, item)
	p.need(">")
	return "<" + strings.Join(all, ",") + ">"
}

// structField reads name: type [COMMENT '…']. The comment of a field has no
// place in the catalog.
func (p *parser) structField() string {
	pos := p.pos()
	name := p.name()
	p.checkFieldName(pos, name)
	p.need(":")
	t := p.typeText()
	p.optionalStr("COMMENT")
	return name + ":" + t
}

// checkFieldName refuses names that the text of a type cannot carry.
func (p *parser) checkFieldName(pos ast.Position, name string) {
	if strings.ContainsAny(name, "<>,:;()`'\" \t\r\n") {
		p.refuse(pos, "a struct field with the name `"+name+"`")
	}
}
