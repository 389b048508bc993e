package types

import (
	"fmt"
	"strings"
)

// hiveNames are Hive's type names and the Trino types that Athena gives them.
var hiveNames = map[string]Type{
	"boolean": BooleanType, "tinyint": TinyIntType, "smallint": SmallIntType,
	"int": IntegerType, "integer": IntegerType, "bigint": BigIntType,
	"float": RealType, "real": RealType, "double": DoubleType, "string": VarcharUnbounded,
	"binary": VarbinaryType, "date": DateType, "timestamp": TimestampType(DefaultTimePrecision),
}

// hiveDecimal is Hive's decimal without numbers.
var hiveDecimal = DecimalType(10, 0)

// FromHive reads a Hive type as DDL and Glue write it: string,
// array<struct<a:int>>, decimal(10,2), char(3).
func FromHive(text string) (Type, error) {
	p := hiveParser{typeParser{lexer{text: text}}}
	t, err := p.parse(0)
	if err == nil && p.peek() != "" {
		err = fmt.Errorf("unexpected %q", p.peek())
	}
	if err != nil {
		return Type{}, fmt.Errorf("invalid Hive type %q: %w", text, err)
	}
	return t, nil
}

type hiveParser struct{ typeParser }

func (p *hiveParser) parse(depth int) (Type, error) {
	if depth > maxDepth {
		return Type{}, fmt.Errorf("nested deeper than %d", maxDepth)
	}
	name := strings.ToLower(p.next())
	if t, ok := hiveNames[name]; ok {
		if name == "double" {
			p.accept("precision")
		}
		return t, nil
	}
	switch name {
	case "decimal", "dec", "numeric":
		if p.peek() != "(" {
			return hiveDecimal, nil
		}
		return p.decimal()
	case "varchar", "char":
		if p.peek() != "(" {
			return Type{}, fmt.Errorf("%s needs a length", name)
		}
		return p.character(name)
	case "array", "map", "struct":
		return p.nested(name, depth)
	}
	return Type{}, fmt.Errorf("no type %q", name)
}

func (p *hiveParser) nested(name string, depth int) (Type, error) {
	if !p.accept("<") {
		return Type{}, fmt.Errorf("expected \"<\" after %s", name)
	}
	var fields []Field
	for {
		var f Field
		if name == "struct" {
			f.Name = strings.ToLower(unquote(p.next()))
			if !p.accept(":") {
				return Type{}, fmt.Errorf("expected \":\" after %q", f.Name)
			}
		}
		var err error
		if f.Type, err = p.parse(depth + 1); err != nil {
			return Type{}, err
		}
		fields = append(fields, f)
		if p.accept(">") {
			break
		}
		if !p.accept(",") {
			return Type{}, fmt.Errorf("expected \">\"")
		}
	}
	want := map[string]int{"array": 1, "map": 2}[name]
	if want != 0 && len(fields) != want {
		return Type{}, fmt.Errorf("%s takes %d types", name, want)
	}
	kind := map[string]Kind{"array": Array, "map": Map, "struct": Row}[name]
	return Type{Kind: kind, Fields: fields}, nil
}

// toHive are the Hive names of types without parameters.
var toHive = map[Kind]string{
	Boolean: "boolean", TinyInt: "tinyint", SmallInt: "smallint", Integer: "int",
	BigInt: "bigint", Real: "float", Double: "double", Varbinary: "binary", Date: "date",
	Timestamp: "timestamp",
}

// ToHive is the Hive type that a table stores for t, or an error where Hive
// has none.
func ToHive(t Type) (string, error) {
	switch t.Kind {
	case Decimal, Char:
		return t.String(), nil
	case Varchar:
		if t.Precision == UnboundedLength {
			return "string", nil
		}
		return t.String(), nil
	case Array, Map, Row:
		return nestedToHive(t)
	}
	name, ok := toHive[t.Kind]
	if !ok {
		return "", fmt.Errorf("Unsupported Hive type: %s", t) //nolint:staticcheck // Trino's words
	}
	return name, nil
}

func nestedToHive(t Type) (string, error) {
	parts := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		text, err := ToHive(f.Type)
		if err != nil {
			return "", err
		}
		if t.Kind == Row {
			if f.Name == "" {
				return "", fmt.Errorf("Anonymous row type is not supported in Hive. Please give each field a name: %s", t) //nolint:staticcheck // Trino's words
			}
			text = f.Name + ":" + text
		}
		parts[i] = text
	}
	name := map[Kind]string{Array: "array", Map: "map", Row: "struct"}[t.Kind]
	return name + "<" + strings.Join(parts, ",") + ">", nil
}
