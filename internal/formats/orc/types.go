package orc

// rawType is a column as the footer lists it.
type rawType struct {
	kind                     Kind
	parts                    []uint32
	names                    []string
	length, precision, scale int
}

func readType(b []byte) (t rawType, err error) {
	err = eachField(b, func(p field) error {
		switch p.number {
		case 1:
			t.kind = Kind(p.n)
		case 2:
			t.parts, err = p.numbers(t.parts)
			return err
		case 3:
			t.names = append(t.names, string(p.b))
		case 4:
			t.length = int(uint32(p.n))
		case 5:
			t.precision = int(uint32(p.n))
		case 6:
			t.scale = int(uint32(p.n))
		}
		return nil
	})
	return t, err
}

const maxDepth = 64

// typeTree builds the tree of the columns, which are listed in its order: the
// parts of a column come after it.
func (f *File) typeTree(raw []rawType) error {
	if len(raw) == 0 {
		if f.Rows == 0 { // a writer that had no rows may leave out the schema
			f.Root = &Type{Kind: Struct}
			return nil
		}
		return corrupt("The file has no columns")
	}
	b := typeBuilder{raw: raw, columns: make([]*Type, len(raw))}
	root, err := b.build(0, "", "", 0)
	if err != nil {
		return err
	}
	if root.Kind != Struct {
		return &UnsupportedError{"ORC files whose rows are " + root.Kind.String() + " are not supported"}
	}
	f.Root, f.columns = root, b.columns
	return nil
}

type typeBuilder struct {
	raw     []rawType
	columns []*Type
}

// partCounts are how many parts a kind has; -1: any number.
var partCounts = map[Kind]int{List: 1, Map: 2, Struct: -1, Union: -1}

func (b *typeBuilder) build(id int, name, path string, depth int) (*Type, error) {
	if id >= len(b.raw) || b.columns[id] != nil || depth > maxDepth {
		return nil, corrupt("Broken list of columns")
	}
	r := b.raw[id]
	t := &Type{ID: id, Kind: r.kind, Name: name, Path: path, Length: r.length, Precision: r.precision, Scale: r.scale}
	b.columns[id] = t
	if n := partCounts[r.kind]; n >= 0 && n != len(r.parts) || r.kind == Struct && len(r.names) != len(r.parts) {
		return nil, corrupt("A column of type %s has %d parts", r.kind, len(r.parts))
	}
	if t.Kind == Decimal && t.Precision == 0 { // before Hive 0.13
		t.Precision, t.Scale = 38, 10
	}
	for i, part := range r.parts {
		if int(part) <= id {
			return nil, corrupt("Broken list of columns")
		}
		partName := partNames(r, i)
		p, err := b.build(int(part), partName, path+"."+partName, depth+1)
		if err != nil {
			return nil, err
		}
		t.Parts = append(t.Parts, p)
	}
	return t, nil
}

// partNames are what Trino calls the parts in messages.
func partNames(t rawType, i int) string {
	switch t.kind {
	case Struct:
		return t.names[i]
	case List:
		return "item"
	case Map:
		return [2]string{"key", "value"}[i]
	}
	return "field"
}
