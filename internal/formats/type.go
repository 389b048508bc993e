package formats

import (
	"fmt"
	"strconv"
	"strings"
)

// TypeKind is a Hive type without its parameters.
type TypeKind uint8

// The Hive types, with the bytes that a value of a fixed width has in a Vector.
const (
	Boolean   TypeKind = iota + 1 // 1
	TinyInt                       // 1
	SmallInt                      // 2
	Int                           // 4
	BigInt                        // 8
	Float                         // 4, IEEE bits
	Double                        // 8, IEEE bits
	Decimal                       // 2, 4, 8 or 16 for a precision up to 4, 9, 18, 38: the unscaled value
	String                        // bytes
	Varchar                       // bytes
	Char                          // bytes, without trailing spaces
	Binary                        // bytes
	Date                          // 4, days since 1970-01-01
	Timestamp                     // 8, microseconds since 1970-01-01 00:00:00
	Array                         // Children[0]: elements
	Map                           // Children[0]: keys, Children[1]: values
	Struct                        // Children: fields
)

// Type is a Hive type.
type Type struct {
	Kind      TypeKind
	Precision int // decimal; length of varchar and char
	Scale     int // decimal
	Fields    []Field
}

// Field is a field of a struct, or the nameless parts of an array or map.
type Field struct {
	Name string // lower-case
	Type Type
}

var simpleTypes = map[string]TypeKind{
	"boolean": Boolean, "tinyint": TinyInt, "smallint": SmallInt, "int": Int, "integer": Int,
	"bigint": BigInt, "float": Float, "double": Double, "string": String, "binary": Binary,
	"date": Date, "timestamp": Timestamp,
}

// ParseType reads a Hive type: "int", "array<struct<a:int,b:string>>".
func ParseType(text string) (Type, error) {
	p := typeParser{text: text, rest: strings.ToLower(strings.TrimSpace(text))}
	t, err := p.parse()
	if err != nil {
		return Type{}, err
	}
	if p.rest != "" {
		return Type{}, p.errorf("%q after the type", p.rest)
	}
	return t, nil
}

type typeParser struct{ text, rest string }

func (p *typeParser) errorf(format string, args ...any) error {
	return fmt.Errorf("Hive type %q: %s", p.text, fmt.Sprintf(format, args...))
}

func (p *typeParser) parse() (Type, error) {
	name := p.word("<>(),: ")
	p.space()
	switch name {
	case "array":
		return p.nested(Type{Kind: Array}, 1)
	case "map":
		return p.nested(Type{Kind: Map}, 2)
	case "struct":
		return p.fields()
	case "decimal", "numeric", "dec":
		n, err := p.numbers(10, 0)
		if err == nil && (n[0] < 1 || n[0] > 38 || n[1] < 0 || n[1] > n[0]) {
			err = p.errorf("decimal(%d,%d) is out of range", n[0], n[1])
		}
		return Type{Kind: Decimal, Precision: n[0], Scale: n[1]}, err
	case "varchar", "char":
		kind := Varchar
		if name == "char" {
			kind = Char
		}
		n, err := p.numbers(0, 0)
		if err == nil && n[0] < 1 {
			err = p.errorf("%s needs a length", name)
		}
		return Type{Kind: kind, Precision: n[0]}, err
	}
	kind, ok := simpleTypes[name]
	if !ok {
		return Type{}, p.errorf("unknown type %q", name)
	}
	return Type{Kind: kind}, nil
}

func (p *typeParser) word(stop string) string {
	p.space()
	i := strings.IndexAny(p.rest, stop)
	if i < 0 {
		i = len(p.rest)
	}
	w := p.rest[:i]
	p.rest = p.rest[i:]
	return w
}

func (p *typeParser) space() { p.rest = strings.TrimLeft(p.rest, " \t\n") }

func (p *typeParser) take(c byte) bool {
	p.space()
	if p.rest == "" || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	p.space()
	return true
}

func (p *typeParser) nested(t Type, n int) (Type, error) {
	if !p.take('<') {
		return t, p.errorf("< expected")
	}
	for i := range n {
		if i > 0 && !p.take(',') {
			return t, p.errorf(", expected")
		}
		of, err := p.parse()
		if err != nil {
			return t, err
		}
		t.Fields = append(t.Fields, Field{Type: of})
	}
	if !p.take('>') {
		return t, p.errorf("> expected")
	}
	return t, nil
}

func (p *typeParser) fields() (Type, error) {
	t := Type{Kind: Struct}
	if !p.take('<') {
		return t, p.errorf("< expected")
	}
	for {
		name := strings.Trim(strings.TrimSpace(p.word(":")), "`")
		if name == "" || !p.take(':') {
			return t, p.errorf("a field name and : expected")
		}
		of, err := p.parse()
		if err != nil {
			return t, err
		}
		t.Fields = append(t.Fields, Field{Name: name, Type: of})
		p.comment()
		if p.take('>') {
			return t, nil
		}
		if !p.take(',') {
			return t, p.errorf(", or > expected")
		}
	}
}

// comment passes over COMMENT '…' of a field.
func (p *typeParser) comment() {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, "comment ")
	if !ok {
		return
	}
	rest = strings.TrimLeft(rest, " ")
	if rest == "" || rest[0] != '\'' {
		return
	}
	if _, after, ok := strings.Cut(rest[1:], "'"); ok {
		p.rest = after
	}
}

func (p *typeParser) numbers(first, second int) ([2]int, error) {
	n := [2]int{first, second}
	if !p.take('(') {
		return n, nil
	}
	for i := range n {
		v, err := strconv.Atoi(strings.TrimSpace(p.word(",)")))
		if err != nil {
			return n, p.errorf("a number expected")
		}
		n[i] = v
		if p.take(')') {
			return n, nil
		}
		if !p.take(',') {
			break
		}
	}
	return n, p.errorf(") expected")
}

// String is the type as Hive writes it.
func (t Type) String() string {
	switch t.Kind {
	case Decimal:
		return fmt.Sprintf("decimal(%d,%d)", t.Precision, t.Scale)
	case Varchar:
		return fmt.Sprintf("varchar(%d)", t.Precision)
	case Char:
		return fmt.Sprintf("char(%d)", t.Precision)
	case Array:
		return "array<" + t.Fields[0].Type.String() + ">"
	case Map:
		return "map<" + t.Fields[0].Type.String() + "," + t.Fields[1].Type.String() + ">"
	case Struct:
		parts := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			parts[i] = f.Name + ":" + f.Type.String()
		}
		return "struct<" + strings.Join(parts, ",") + ">"
	}
	for name, kind := range simpleTypes {
		if kind == t.Kind && name != "integer" {
			return name
		}
	}
	return "unknown"
}
