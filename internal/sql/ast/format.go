package ast

import "strings"

// Format prints a statement, query body, relation or expression as text that
// parses to the same tree (places apart). It is one line; keywords are in
// capitals, names as written.
func Format(node Node) string {
	f := &formatter{}
	switch n := node.(type) {
	case Statement:
		f.statement(n)
	case QueryBody:
		f.queryBody(n)
	case Relation:
		f.relation(n)
	case Expression:
		f.expression(n)
	}
	return f.out.String()
}

// FormatType prints a type as CAST takes it.
func FormatType(t *DataType) string {
	f := &formatter{}
	f.dataType(t)
	return f.out.String()
}

// formatter writes parts of a tree one after the other.
type formatter struct{ out strings.Builder }

func (f *formatter) write(parts ...string) {
	for _, part := range parts {
		f.out.WriteString(part)
	}
}

// join writes items with a separator between.
func join[T any](f *formatter, items []T, separator string, write func(T)) {
	for i, item := range items {
		if i > 0 {
			f.write(separator)
		}
		write(item)
	}
}

// identifier writes a name, in quotes where it was.
func (f *formatter) identifier(id *Identifier) {
	if id.Quoted {
		f.write(quote(id.Value, `"`))
		return
	}
	f.write(id.Value)
}

func (f *formatter) identifiers(ids []*Identifier) {
	f.write("(")
	join(f, ids, ", ", f.identifier)
	f.write(")")
}

func (f *formatter) name(n *QualifiedName) { join(f, n.Parts, ".", f.identifier) }

func (f *formatter) str(s *StringLiteral) { f.write(quote(s.Value, "'")) }

// quote puts quotes around a text, doubling those inside.
func quote(text, with string) string {
	return with + strings.ReplaceAll(text, with, with+with) + with
}

func (f *formatter) dataType(t *DataType) {
	name, zone, _ := strings.Cut(t.Name, " with ")
	isRow := t.Name == "row" && t.Fields != nil
	if bareTypes[name] && (isRow || t.Name != "row") || strings.HasPrefix(name, "interval ") {
		f.write(name)
	} else {
		f.write(quote(name, `"`))
	}
	switch {
	case isRow:
		f.write("(")
		join(f, t.Fields, ", ", f.rowField)
		f.write(")")
	case t.Params != nil:
		f.write("(")
		join(f, t.Params, ", ", f.typeParam)
		f.write(")")
	}
	if zone != "" {
		f.write(" with ", zone)
	}
}

func (f *formatter) rowField(field RowField) {
	if field.Name != nil {
		f.identifier(field.Name)
		f.write(" ")
	}
	f.dataType(field.Type)
}

func (f *formatter) typeParam(p TypeParam) {
	if p.Type == nil {
		f.write(p.Number)
		return
	}
	f.dataType(p.Type)
}

// bareTypes are the type names that are written without quotes. All others get
// them, so that none is taken for a keyword.
var bareTypes = map[string]bool{
	"boolean": true, "tinyint": true, "smallint": true, "integer": true, "int": true, "bigint": true,
	"real": true, "double": true, "decimal": true, "varchar": true, "char": true, "varbinary": true,
	"date": true, "time": true, "timestamp": true, "json": true, "uuid": true, "ipaddress": true,
	"geometry": true, "sphericalgeography": true, "bingtile": true,
	"array": true, "map": true, "row": true,
	"hyperloglog": true, "p4hyperloglog": true, "tdigest": true, "setdigest": true,
}
