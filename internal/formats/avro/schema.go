package avro

import (
	"fmt"
	"slices"

	"github.com/twmb/avro"
)

// Schema is a schema of a file or of a table.
type Schema struct{ root *node }

// node is a schema whose names are resolved.
type node struct {
	kind      string // null, boolean, …, record, enum, array, map, fixed, union
	name      string
	logical   string
	precision int
	scale     int
	size      int
	symbols   []string
	fallback  string // of an enum; "" for none
	fields    []field
	parts     []*node // items, values or branches
}

type field struct {
	name     string
	aliases  []string
	typ      *node
	fallback any
	has      bool // fallback is set
}

// ParseSchema reads a schema of records. A schema that contains itself is
// refused: no Hive type is like it.
func ParseSchema(text string) (*Schema, error) {
	parsed, err := avro.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("Avro schema: %w", err)
	}
	r := resolver{named: map[string]*avro.SchemaNode{}}
	root := parsed.Root()
	r.collect(root)
	n, err := r.node(root, "", nil)
	if err != nil {
		return nil, fmt.Errorf("Avro schema: %w", err)
	}
	if n.kind != "record" {
		return nil, fmt.Errorf("Avro schema: a record was expected, not %s", n.kind)
	}
	return &Schema{n}, nil
}

// Fields are the names of the fields of the records.
func (s *Schema) Fields() []string {
	names := make([]string, len(s.root.fields))
	for i, f := range s.root.fields {
		names[i] = f.name
	}
	return names
}

type resolver struct{ named map[string]*avro.SchemaNode }

func fullName(n *avro.SchemaNode) string {
	if n.Namespace == "" || n.Name == "" {
		return n.Name
	}
	return n.Namespace + "." + n.Name
}

// collect finds the definitions that names refer to.
func (r resolver) collect(n *avro.SchemaNode) {
	if n.Name != "" {
		r.named[fullName(n)] = n
	}
	for i := range n.Fields {
		r.collect(&n.Fields[i].Type)
	}
	for i := range n.Branches {
		r.collect(&n.Branches[i])
	}
	if n.Items != nil {
		r.collect(n.Items)
	}
	if n.Values != nil {
		r.collect(n.Values)
	}
}

// kinds are the types that have no name of their own, and those that define one.
var kinds = []string{"null", "boolean", "int", "long", "float", "double", "bytes", "string", "array", "map", "union", "record", "error", "enum", "fixed"}

// definition finds what a name in a namespace refers to.
func (r resolver) definition(of *avro.SchemaNode, namespace string) (*avro.SchemaNode, error) {
	if slices.Contains(kinds, of.Type) {
		return of, nil
	}
	for _, name := range []string{namespace + "." + of.Type, of.Type} {
		if def := r.named[name]; def != nil {
			return def, nil
		}
	}
	return nil, fmt.Errorf("unknown type %s", of.Type)
}

// node builds a schema of a namespace; inside are the names of those that hold
// it.
func (r resolver) node(of *avro.SchemaNode, namespace string, inside []string) (*node, error) {
	of, err := r.definition(of, namespace)
	if err != nil {
		return nil, err
	}
	if of.Name != "" {
		namespace = of.Namespace
	}
	n := &node{kind: of.Type, name: of.Name, logical: of.LogicalType, precision: of.Precision, scale: of.Scale, size: of.Size, symbols: of.Symbols}
	if of.HasEnumDefault {
		n.fallback = of.EnumDefault
	}
	if n.kind == "error" {
		n.kind = "record"
	}
	if n.kind == "record" {
		if slices.Contains(inside, fullName(of)) {
			return nil, fmt.Errorf("record %s contains itself, which is not supported", fullName(of))
		}
		inside = append(slices.Clone(inside), fullName(of))
	}
	for i := range of.Fields {
		f := &of.Fields[i]
		t, err := r.node(&f.Type, namespace, inside)
		if err != nil {
			return nil, err
		}
		n.fields = append(n.fields, field{f.Name, f.Aliases, t, f.Default, f.HasDefault})
	}
	parts := make([]*avro.SchemaNode, 0, len(of.Branches)+1)
	switch of.Type {
	case "array":
		parts = append(parts, of.Items)
	case "map":
		parts = append(parts, of.Values)
	case "union":
		for i := range of.Branches {
			parts = append(parts, &of.Branches[i])
		}
	}
	for _, p := range parts {
		t, err := r.node(p, namespace, inside)
		if err != nil {
			return nil, err
		}
		n.parts = append(n.parts, t)
	}
	return n, nil
}

// nullable takes null from a union of it and one other type.
func (n *node) nullable() (of *node, null bool) {
	if n.kind != "union" {
		return n, n.kind == "null"
	}
	var rest []*node
	for _, p := range n.parts {
		if p.kind != "null" {
			rest = append(rest, p)
		}
	}
	if len(rest) == 1 {
		return rest[0], len(n.parts) > 1
	}
	return n, len(rest) < len(n.parts)
}

// String names the type in errors.
func (n *node) String() string {
	if n.name != "" {
		return n.kind + " " + n.name
	}
	return n.kind
}
