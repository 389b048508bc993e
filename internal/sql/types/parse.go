package types

import (
	"fmt"
	"strconv"
	"strings"
)

// Parse reads Trino's text of a type: varchar(3), decimal(10,2), timestamp(3)
// with time zone, array(row(a integer)). Also the old angle brackets,
// array<bigint>, and the names int and string of Athena are taken.
func Parse(text string) (Type, error) {
	p := typeParser{lexer: lexer{text: text}}
	t, err := p.parse(0)
	if err == nil && p.peek() != "" {
		err = fmt.Errorf("unexpected %q", p.peek())
	}
	if err != nil {
		return Type{}, fmt.Errorf("unknown type: %s: %w", text, err)
	}
	return t, nil
}

// maxDepth bounds the nesting of types that come from outside.
const maxDepth = 64

type typeParser struct{ lexer }

// parameterless are the type names that take no parameter.
var parameterless = map[string]Type{
	"unknown": UnknownType, "boolean": BooleanType, "tinyint": TinyIntType,
	"smallint": SmallIntType, "integer": IntegerType, "int": IntegerType, "bigint": BigIntType,
	"real": RealType, "float": RealType, "varbinary": VarbinaryType, "date": DateType,
	"json": JSONType, "uuid": UUIDType, "ipaddress": IPAddressType, "color": ColorType, "string": VarcharUnbounded,
	"geometry": GeometryType, "sphericalgeography": GeographyType, "bingtile": BingTileType,
	"hyperloglog": HyperLogLogType, "p4hyperloglog": P4HyperLogLogType, "tdigest": TDigestType, "setdigest": SetDigestType,
}

func (p *typeParser) parse(depth int) (Type, error) {
	if depth > maxDepth {
		return Type{}, fmt.Errorf("nested deeper than %d", maxDepth)
	}
	name := strings.ToLower(p.next())
	if t, ok := parameterless[name]; ok {
		return t, nil
	}
	switch name {
	case "double":
		p.accept("precision")
		return DoubleType, nil
	case "interval":
		return p.interval()
	case "decimal", "dec", "numeric":
		return p.decimal()
	case "varchar", "char", "character":
		return p.character(name)
	case "time", "timestamp":
		return p.temporal(name)
	case "array", "map", "row":
		return p.nested(name, depth)
	}
	return Type{}, fmt.Errorf("no type %q", name)
}

func (p *typeParser) interval() (Type, error) {
	words := strings.ToLower(p.next() + " " + p.next() + " " + p.next())
	switch words {
	case "day to second":
		return IntervalDaySecondType, nil
	case "year to month":
		return IntervalYearMonthType, nil
	}
	return Type{}, fmt.Errorf("no type \"interval %s\"", words)
}

func (p *typeParser) decimal() (Type, error) {
	args, err := p.numbers(2)
	if err != nil {
		return Type{}, err
	}
	t := DecimalType(MaxDecimalPrecision, 0)
	if len(args) > 0 {
		t.Precision = args[0]
	}
	if len(args) > 1 {
		t.Scale = args[1]
	}
	if t.Precision < 1 || t.Precision > MaxDecimalPrecision {
		return Type{}, fmt.Errorf("DECIMAL precision must be in range [1, 38]: %d", t.Precision)
	}
	if t.Scale > t.Precision {
		return Type{}, fmt.Errorf("DECIMAL scale must be in range [0, precision (%d)]: %d", t.Precision, t.Scale)
	}
	return t, nil
}

func (p *typeParser) character(name string) (Type, error) {
	args, err := p.numbers(1)
	if err != nil {
		return Type{}, err
	}
	switch {
	case name == "varchar" && len(args) == 0:
		return VarcharUnbounded, nil
	case name == "varchar":
		if args[0] > MaxVarcharLength {
			return Type{}, fmt.Errorf("invalid VARCHAR length %d", args[0])
		}
		return VarcharType(args[0]), nil
	case len(args) == 0:
		return CharType(1), nil
	case args[0] > MaxCharLength:
		return Type{}, fmt.Errorf("CHAR length must be in range [0, 65536], got %d", args[0])
	}
	return CharType(args[0]), nil
}

func (p *typeParser) temporal(name string) (Type, error) {
	args, err := p.numbers(1)
	if err != nil {
		return Type{}, err
	}
	precision := DefaultTimePrecision
	if len(args) > 0 {
		precision = args[0]
	}
	if precision > MaxTimePrecision {
		return Type{}, fmt.Errorf("%s precision must be in range [0, 12]: %d", strings.ToUpper(name), precision)
	}
	zoned := p.accept("with")
	if !zoned && p.accept("without") || zoned {
		if !p.accept("time") || !p.accept("zone") {
			return Type{}, fmt.Errorf("expected \"time zone\"")
		}
	}
	kinds := map[string][2]Kind{"time": {Time, TimeTZ}, "timestamp": {Timestamp, TimestampTZ}}
	kind := kinds[name][0]
	if zoned {
		kind = kinds[name][1]
	}
	return Type{Kind: kind, Precision: precision}, nil
}

func (p *typeParser) nested(name string, depth int) (Type, error) {
	closing := ")"
	if p.accept("<") {
		closing = ">"
	} else if !p.accept("(") {
		return Type{}, fmt.Errorf("expected \"(\" after %s", name)
	}
	var fields []Field
	for {
		f, err := p.field(name == "row", depth)
		if err != nil {
			return Type{}, err
		}
		fields = append(fields, f)
		if p.accept(closing) {
			break
		}
		if !p.accept(",") {
			return Type{}, fmt.Errorf("expected %q", closing)
		}
	}
	want := map[string]int{"array": 1, "map": 2}[name]
	if want != 0 && len(fields) != want {
		return Type{}, fmt.Errorf("%s takes %d types", name, want)
	}
	kind := map[string]Kind{"array": Array, "map": Map, "row": Row}[name]
	return Type{Kind: kind, Fields: fields}, nil
}

// field reads "type" or, in a row, "name type".
func (p *typeParser) field(named bool, depth int) (Field, error) {
	if !named {
		t, err := p.parse(depth + 1)
		return Field{Type: t}, err
	}
	start := p.pos
	first := p.next()
	switch p.peek() {
	case ",", ")", ">", "(", "<":
	default:
		if !startsPhrase[strings.ToLower(first)] || !p.phraseFollows() {
			t, err := p.parse(depth + 1)
			return Field{Name: unquote(first), Type: t}, err
		}
	}
	p.pos = start
	t, err := p.parse(depth + 1)
	return Field{Type: t}, err
}

// startsPhrase are the types of several words, which look like a field's name
// and its type.
var startsPhrase = map[string]bool{"double": true, "interval": true, "time": true, "timestamp": true}

func (p *typeParser) phraseFollows() bool {
	switch strings.ToLower(p.peek()) {
	case "precision", "day", "year", "with", "without":
		return true
	}
	return false
}

// numbers reads up to limit numbers in parentheses, or nothing.
func (p *typeParser) numbers(limit int) ([]int, error) {
	if !p.accept("(") {
		return nil, nil
	}
	var out []int
	for {
		n, err := strconv.ParseInt(p.next(), 10, 32)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("expected a number")
		}
		out = append(out, int(n))
		if p.accept(")") {
			break
		}
		if !p.accept(",") {
			return nil, fmt.Errorf("expected \")\"")
		}
	}
	if len(out) > limit {
		return nil, fmt.Errorf("at most %d parameters", limit)
	}
	return out, nil
}
