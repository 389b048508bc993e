package merge

import (
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
)

// column is a column of the united schema, or a part of one, with what it is in
// each input.
type column struct {
	name    string
	parent  *column
	sources []*parquet.Column // by input; nil where the input lacks it
	of      *parquet.Column   // the newest of the sources: repetition and group type
	parts   []*column         // of a group
	isLeaf  bool
	typ     parquet.Type // of a leaf
	leaf    int          // its number
}

// unite finds the schema that holds all files, oldest first. Columns come in the
// order of the newest file, then those that only older ones have.
func unite(files []*parquet.File) (root *column, leaves []*column, err error) {
	sources := make([]*parquet.Column, len(files))
	for i, f := range files {
		sources[i] = f.Root()
	}
	root, err = uniteColumn("", nil, sources)
	if err != nil {
		return nil, nil, err
	}
	root.number(&leaves)
	return root, leaves, nil
}

func uniteColumn(name string, parent *column, sources []*parquet.Column) (*column, error) {
	c := &column{name: name, sources: sources, parent: parent}
	for _, s := range slices.Backward(sources) {
		switch {
		case s == nil:
			continue
		case c.of == nil:
			c.of, c.isLeaf = s, s.Leaf()
			if c.isLeaf {
				c.typ = s.Type()
			}
		case s.Leaf() != c.isLeaf || s.Optional() != c.of.Optional() || s.Repeated() != c.of.Repeated():
			return nil, incompatible("column %s has different forms", c.path())
		case c.isLeaf:
			var ok bool
			if c.typ, ok = wider(c.typ, s.Type()); !ok {
				return nil, incompatible("column %s is %s and %s", c.path(), c.typ, s.Type())
			}
		}
	}
	if c.isLeaf {
		return c, nil
	}
	return c, c.uniteParts()
}

func (c *column) uniteParts() error {
	var names []string
	for _, s := range slices.Backward(c.sources) {
		if s == nil {
			continue
		}
		for _, part := range s.Columns() {
			if !slices.Contains(names, part.Name()) {
				names = append(names, part.Name())
			}
		}
	}
	for _, name := range names {
		of := make([]*parquet.Column, len(c.sources))
		missing := false
		for i, s := range c.sources {
			if s == nil {
				continue
			}
			of[i] = s.Column(name)
			missing = missing || of[i] == nil
		}
		part, err := uniteColumn(name, c, of)
		if err != nil {
			return err
		}
		if missing && !part.of.Optional() {
			return incompatible("column %s cannot be NULL and is not in every file", part.path())
		}
		c.parts = append(c.parts, part)
	}
	return nil
}

// number numbers the leaves in the order in which Parquet does.
func (c *column) number(leaves *[]*column) {
	if c.isLeaf {
		c.leaf = len(*leaves)
		*leaves = append(*leaves, c)
	}
	for _, p := range c.parts {
		p.number(leaves)
	}
}

func (c *column) path() string {
	if c.parent == nil || c.parent.parent == nil {
		return c.name
	}
	return c.parent.path() + "." + c.name
}

// widths are the types that hold each other's values, by their names.
var widths = map[string]int{
	"INT(8,true)": 1, "INT(16,true)": 2, "INT(32,true)": 3, "INT(64,true)": 4,
	"FLOAT": 11, "DOUBLE": 12,
}

// wider returns the type that holds the values of both.
func wider(a, b parquet.Type) (parquet.Type, bool) {
	if a.Kind() == b.Kind() && a.Length() == b.Length() && a.String() == b.String() {
		return a, true
	}
	wa, wb := widths[a.String()], widths[b.String()]
	switch {
	case wa == 0 || wb == 0 || wa > 10 != (wb > 10):
		return a, false
	case wa > wb:
		return a, true
	}
	return b, true
}

// convert returns a value of a source's type as the column's type.
func (c *column) convert(v parquet.Value) parquet.Value {
	switch kind := c.typ.Kind(); {
	case v.IsNull() || v.Kind() == kind:
		return v
	case kind == parquet.Int64:
		return parquet.Int64Value(int64(v.Int32()))
	default: // wider allows no other
		return parquet.DoubleValue(float64(v.Float()))
	}
}

// group keeps its fields in order and what the file says of it (LIST, MAP).
type group struct {
	parquet.Group
	order []string
	typ   parquet.Type
}

// Fields returns the fields in order; parquet.Group sorts them.
func (g group) Fields() []parquet.Field {
	list := g.Group.Fields()
	slices.SortFunc(list, func(a, b parquet.Field) int {
		return slices.Index(g.order, a.Name()) - slices.Index(g.order, b.Name())
	})
	return list
}

// Type returns the group's type.
func (g group) Type() parquet.Type { return g.typ }

// node is the column as the library's writer wants it.
func (c *column) node() parquet.Node {
	var n parquet.Node
	if c.isLeaf {
		n = encoded(c.typ)
	} else {
		g := group{Group: parquet.Group{}, typ: c.of.Type()}
		for _, p := range c.parts {
			g.Group[p.name], g.order = p.node(), append(g.order, p.name)
		}
		n = g
	}
	switch {
	case c.parent == nil:
		return n
	case c.of.Repeated():
		return parquet.Repeated(n)
	case c.of.Optional():
		return parquet.Optional(n)
	}
	return n
}

// encoded encodes a leaf as package write does.
func encoded(t parquet.Type) parquet.Node {
	leaf := parquet.Leaf(t)
	if t.Kind() == parquet.Boolean {
		return leaf
	}
	if strings.HasPrefix(t.String(), "TIMESTAMP(") {
		return parquet.Encoded(leaf, &parquet.DeltaBinaryPacked)
	}
	return parquet.Encoded(leaf, &parquet.RLEDictionary)
}
