package formats

// Vectors are filled from outside by the rows that a delivery holds in memory.
// What a value becomes is the same as for one that a SerDe reads from a file.

// AppendNull adds a NULL.
func (v *Vector) AppendNull() { v.appendNull() }

// AppendInt adds a boolean (0 or 1), an integer, a date or a timestamp in the
// unit that TypeKind says.
func (v *Vector) AppendInt(n int64) { v.appendInt(n) }

// AppendFloat adds a float or double.
func (v *Vector) AppendFloat(f float64) { v.appendFloat(f) }

// AppendText adds a string, varchar, char or binary.
func (v *Vector) AppendText(text []byte) {
	if v.Type.Kind == Binary {
		v.appendText(text)
		return
	}
	appendString(v, text)
}

// AppendDecimal adds a decimal from its text, "-12.50".
func (v *Vector) AppendDecimal(text []byte) error { return appendDecimal(v, text) }

// AppendList adds an array or map whose elements add appends to the children.
func (v *Vector) AppendList(add func() error) error {
	v.beginList()
	err := add()
	v.endList()
	return err
}

// AppendStruct adds a struct whose fields add appends to the children, one
// value each.
func (v *Vector) AppendStruct(add func() error) error {
	err := add()
	v.Rows++
	return err
}

// Prefix is the first rows of a vector that goes on growing: more rows may be
// appended while the prefix is read.
func (v *Vector) Prefix(rows int) *Vector {
	p := &Vector{Type: v.Type, Rows: rows}
	if n := min(len(v.Nulls), (rows+63)/64); n > 0 { // rows to come share the last word
		p.Nulls = append([]uint64(nil), v.Nulls[:n]...)
		if rows%64 != 0 && n == (rows+63)/64 {
			p.Nulls[n-1] &= 1<<(rows%64) - 1
		}
	}
	elements := rows
	switch {
	case v.Type.isText():
		p.Ends = v.Ends[:rows]
		p.Data = v.Data[:end(p.Ends)]
	case v.Type.Kind == Array || v.Type.Kind == Map:
		p.Lists = v.Lists[:rows]
		elements = 0
		if rows > 0 {
			elements = int(p.Lists[rows-1].Offset + p.Lists[rows-1].Length)
		}
	default:
		p.Data = v.Data[:rows*v.Type.Width()]
	}
	for _, c := range v.Children {
		p.Children = append(p.Children, c.Prefix(elements))
	}
	return p
}

func end(ends []int) int {
	if len(ends) == 0 {
		return 0
	}
	return ends[len(ends)-1]
}

// Truncate drops rows from n on. A Prefix of up to n rows is not touched.
func (v *Vector) Truncate(n int) { v.truncate(n) }

// Held is the bytes of the values that the vector holds, roughly.
func (v *Vector) Held() int { return v.size() }

// Size is the bytes of memory that the vector has taken, roughly.
func (v *Vector) Size() int {
	n := cap(v.Data) + 8*cap(v.Ends) + 16*cap(v.Lists) + 8*cap(v.Nulls)
	for _, c := range v.Children {
		n += c.Size()
	}
	return n
}
