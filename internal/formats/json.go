package formats

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Column is a column that a reader decodes.
type Column struct {
	Name  string // lower-case
	Type  Type
	Index int // its place among the table's columns
}

// RowDecoder reads one line into one row. It is not safe for concurrent use.
type RowDecoder interface {
	// Decode appends one row to the vectors, one for each column in order. On
	// an error, which is about the line, they may hold parts of the row.
	Decode(line []byte, out []*Vector) error
}

// NewRowDecoder makes the decoder of a row format for some of a table's
// columns. tableColumns is how many the table has.
func (f Format) NewRowDecoder(columns []Column, tableColumns int) (RowDecoder, error) {
	d, err := f.newRowDecoder(columns, tableColumns)
	if err == nil && f.Encoding != "" {
		d = &encodedDecoder{RowDecoder: d, encoding: encodings[f.Encoding].NewDecoder()}
	}
	return d, err
}

func (f Format) newRowDecoder(columns []Column, tableColumns int) (RowDecoder, error) {
	switch f.Kind {
	case JSON:
		return newJSONDecoder(f.JSON, columns)
	case Text:
		return newTextDecoder(f.Text, columns, tableColumns)
	case OpenCSV:
		return newCSVDecoder(f.OpenCSV, columns, tableColumns)
	case Regex:
		return newRegexDecoder(f.Regex, columns)
	case Grok:
		return newGrokDecoder(f.Grok, columns)
	}
	return nil, unsupported("%s has no lines", f.Kind)
}

type jsonDecoder struct {
	options JSONOptions
	scan    scanner
	row     *jsonNode
	text    []byte

	timestamps timestampFormats
	identity   int // CloudTrail: the column of userIdentity as text, or -1
}

// jsonNode decodes one type; it holds the scratch memory of its fields.
type jsonNode struct {
	typ      Type
	children []*jsonNode
	fields   fieldTable
	values   []token // structs: the value of each field
	dotted   []token // the value of a key with dots that matches a field
	keys     *Vector // maps: keys to compare
}

var errMalformed = errors.New("not a JSON object")

func newJSONDecoder(o JSONOptions, columns []Column) (*jsonDecoder, error) {
	d := &jsonDecoder{options: o, scan: scanner{bare: !o.Hive}, identity: -1}
	var err error
	if d.timestamps, err = parseFormats(o.TimestampFormats); err != nil {
		return nil, err
	}
	fields := make([]Field, len(columns))
	ordinals := map[int]int{}
	for i, c := range columns {
		fields[i] = Field{Name: c.Name, Type: c.Type}
		ordinals[c.Index] = i
		if o.CloudTrail && c.Name == identityText {
			d.identity = i
		}
	}
	d.row = newJSONNode(Type{Kind: Struct, Fields: fields}, o)
	d.row.fields.ordinals = ordinals
	return d, nil
}

func newJSONNode(t Type, o JSONOptions) *jsonNode {
	n := &jsonNode{typ: t}
	for _, f := range t.Fields {
		n.children = append(n.children, newJSONNode(f.Type, o))
	}
	switch t.Kind {
	case Struct:
		n.fields = newFieldTable(t.Fields, o)
		n.values, n.dotted = make([]token, len(t.Fields)), make([]token, len(t.Fields))
	case Map:
		n.keys = NewVector(t.Fields[0].Type)
	}
	return n
}

// Decode implements RowDecoder.
func (d *jsonDecoder) Decode(line []byte, out []*Vector) error {
	line = trimSpace(line)
	if len(line) == 0 && !d.options.Hive { // the OpenX SerDe reads an empty object
		return d.nullRow(out)
	}
	if err := d.parse(line); err != nil {
		if d.options.IgnoreMalformed {
			return d.nullRow(out)
		}
		return err
	}
	if d.identity >= 0 {
		d.row.values[d.identity] = d.userIdentity(line)
	}
	return d.decodeFields(d.row, out)
}

func (d *jsonDecoder) nullRow(out []*Vector) error {
	for _, v := range out {
		v.appendNull()
	}
	return nil
}

// parse finds the values of a line's fields. Text behind the line's value is not
// looked at, as in both SerDes.
func (d *jsonDecoder) parse(line []byte) error {
	if len(line) == 0 || line[0] != '{' && (d.options.Hive || line[0] != '[') {
		return errMalformed
	}
	at, ok := d.assignAll(d.row, line)
	if ok {
		return nil
	}
	if d.options.Hive {
		return fmt.Errorf("invalid JSON at character %d", at+1)
	}
	regular, err := regularise(line)
	if err != nil {
		return fmt.Errorf("invalid JSON: %w", err)
	}
	if _, ok := d.assignAll(d.row, regular); !ok {
		return errors.New("invalid JSON")
	}
	return nil
}

// assignAll finds the values of a node's fields in an object by name, or in an
// array by position. It returns where scanning ended and whether it is well.
func (d *jsonDecoder) assignAll(n *jsonNode, raw []byte) (int, bool) {
	clear(n.values)
	if d.options.DotsInKeys {
		clear(n.dotted)
	}
	if raw[0] == '[' {
		return d.scan.elements(raw, 0, 0, func(position int, value token) {
			if i := n.fields.ordinal(position); i >= 0 {
				n.values[i] = value
			}
		})
	}
	return d.scan.members(raw, 0, 0, func(position int, key, value token) { d.assign(n, position, key, value) })
}

// decodeFields decodes the values that assignAll found into one vector a field.
func (d *jsonDecoder) decodeFields(n *jsonNode, out []*Vector) error {
	for i, child := range n.children {
		value := n.values[i]
		if value.kind == missing {
			value = n.dotted[i]
		}
		rows := out[i].Rows
		err := d.decodeColumn(n, i, child, value, out[i])
		if err == nil {
			continue
		}
		if !d.options.NullInvalid || n != d.row {
			return fieldError(n.typ.Fields[i].Name, err)
		}
		out[i].Rollback(rows)
		out[i].appendNull()
	}
	return nil
}

// decodeColumn is decode for a field, which in CloudTrail's logs may be a value
// that is shown as text.
func (d *jsonDecoder) decodeColumn(n *jsonNode, i int, child *jsonNode, value token, v *Vector) error {
	if d.options.CloudTrail && n == d.row && value.kind > nullToken && textFields[n.typ.Fields[i].Name] && child.typ.isText() && child.typ.Kind != Binary {
		appendString(v, d.compactJSON(nil, value))
		return nil
	}
	return d.decode(child, value, v)
}

func (d *jsonDecoder) userIdentity(line []byte) (found token) {
	d.scan.members(line, 0, 0, func(_ int, key, value token) {
		if string(key.raw) == "userIdentity" {
			found = value
		}
	})
	return found
}

// ValueError is a value that does not fit its column.
type ValueError struct {
	Column string // with the fields below it: a.b
	Err    error
}

func (e *ValueError) Error() string { return fmt.Sprintf("column %s: %v", e.Column, e.Err) }
func (e *ValueError) Unwrap() error { return e.Err }

func fieldError(name string, err error) error {
	var inner *ValueError
	if errors.As(err, &inner) {
		return &ValueError{Column: name + "." + inner.Column, Err: inner.Err}
	}
	return &ValueError{Column: name, Err: err}
}

func (d *jsonDecoder) assign(n *jsonNode, position int, key, value token) {
	raw := key.raw
	if key.escaped {
		raw = d.copyText(key)
	}
	i := n.fields.find(position, raw)
	if i >= 0 {
		n.values[i] = value
		return
	}
	if !d.options.DotsInKeys || bytes.IndexByte(raw, '.') < 0 {
		return
	}
	if i := n.fields.underscored(raw); i >= 0 && n.dotted[i].kind == missing {
		n.dotted[i] = value
	}
}

// decode appends a value of any type.
func (d *jsonDecoder) decode(n *jsonNode, t token, v *Vector) error {
	if t.kind == missing || t.kind == nullToken {
		v.appendNull()
		return nil
	}
	switch n.typ.Kind {
	case Array:
		return d.array(n, t, v)
	case Map:
		return d.mapping(n, t, v)
	case Struct:
		return d.structure(n, t, v)
	}
	if t.kind == objectToken || t.kind == arrayToken {
		if n.typ.isText() && n.typ.Kind != Binary && !d.options.Hive {
			appendString(v, d.appendJSONText(nil, t))
			return nil
		}
		return fmt.Errorf("%s where %s is declared", t.kind, n.typ)
	}
	return d.scalar(t, v)
}

func (d *jsonDecoder) array(n *jsonNode, t token, v *Vector) error {
	if t.kind != arrayToken {
		if d.options.Hive {
			return fmt.Errorf("%s where %s is declared", t.kind, n.typ)
		}
		if t.kind == stringToken && len(t.raw) == 0 {
			v.appendNull()
			return nil
		}
		v.beginList() // any other value is an array of it
		defer v.endList()
		return d.decode(n.children[0], t, v.Children[0])
	}
	v.beginList()
	var err error
	d.scan.elements(t.raw, 0, 0, func(_ int, value token) {
		if err == nil {
			err = d.decode(n.children[0], value, v.Children[0])
		}
	})
	v.endList()
	return err
}

func (d *jsonDecoder) mapping(n *jsonNode, t token, v *Vector) error {
	if t.kind != objectToken {
		if !d.options.Hive && t.kind == stringToken && len(trimSpace(t.raw)) == 0 {
			v.appendNull()
			return nil
		}
		return fmt.Errorf("%s where %s is declared", t.kind, n.typ)
	}
	members := d.distinctMembers(t)
	// Keys that differ as text may be equal as values: of those too the last
	// one counts.
	n.keys.Reset()
	last := make(map[string]int, len(members))
	identities := make([]string, len(members))
	for i, m := range members {
		if err := d.key(m.key, n.keys); err != nil {
			return fmt.Errorf("map key %q: %w", m.key, err)
		}
		identities[i] = n.keys.identity(i)
		last[identities[i]] = i
	}
	v.beginList()
	defer v.endList()
	for i, m := range members {
		if last[identities[i]] != i {
			continue
		}
		if err := d.key(m.key, v.Children[0]); err != nil {
			return err
		}
		if err := d.decode(n.children[1], m.value, v.Children[1]); err != nil {
			return err
		}
	}
	return nil
}

// identity is the value of row i as comparable text.
func (v *Vector) identity(i int) string {
	if v.Type.isText() {
		return string(v.Bytes(i))
	}
	w := v.Type.Width()
	return string(v.Data[i*w : (i+1)*w])
}

// key decodes a map key, which in JSON is always a string.
func (d *jsonDecoder) key(text []byte, v *Vector) error {
	switch v.Type.Kind {
	case Array, Map, Struct:
		return fmt.Errorf("map keys of type %s are not supported", v.Type)
	}
	if d.options.Hive && !v.Type.isText() { // numbers are read from the key's text
		return d.hiveNumber(text, v)
	}
	return d.scalarText(text, true, v)
}

func (d *jsonDecoder) structure(n *jsonNode, t token, v *Vector) error {
	blank := t.kind == stringToken && len(trimSpace(t.raw)) == 0
	if t.kind != objectToken && (d.options.Hive || t.kind != arrayToken && !blank) {
		return fmt.Errorf("%s where %s is declared", t.kind, n.typ)
	}
	clear(n.values)
	clear(n.dotted)
	if !blank {
		d.assignAll(n, t.raw)
	}
	if err := d.decodeFields(n, v.Children); err != nil {
		return err
	}
	v.Rows++
	return nil
}

// copyText is the text of a string token, in new memory.
func (d *jsonDecoder) copyText(t token) []byte {
	out := make([]byte, 0, len(t.raw))
	if t.escaped {
		out = unescape(out, t.raw)
	} else {
		out = append(out, t.raw...)
	}
	if t.nonASCII {
		return validText(out)
	}
	return out
}

// stringText is the text of a string token until the next call.
func (d *jsonDecoder) stringText(t token) ([]byte, error) {
	text := t.raw
	if t.escaped {
		d.text = unescape(d.text[:0], t.raw)
		text = d.text
	}
	if !t.nonASCII || utf8.Valid(text) {
		return text, nil
	}
	if d.options.Hive {
		return nil, errors.New("invalid UTF-8")
	}
	return validText(text), nil
}

// String names a token's kind in errors.
func (k tokenKind) String() string {
	return [...]string{"nothing", "NULL", "a string", "a number or boolean", "an object", "an array"}[k]
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// fieldTable finds the field of a key.
type fieldTable struct {
	caseSensitive bool
	hive          bool
	byKey         map[string]int // mapped name; lower-case unless caseSensitive
	byName        map[string]int // declared name
	ordinals      map[int]int
	// recent remembers which field the key at each position was: objects of one
	// file mostly have the same keys in the same order.
	recent []recentKey
}

type recentKey struct {
	key   []byte
	field int
}

func newFieldTable(fields []Field, o JSONOptions) fieldTable {
	t := fieldTable{caseSensitive: o.CaseSensitive, hive: o.Hive, byKey: map[string]int{}, byName: map[string]int{}, ordinals: map[int]int{}}
	for i, f := range fields {
		key := f.Name
		if mapped, ok := o.Mapping[f.Name]; ok {
			key = mapped
		}
		if !o.CaseSensitive {
			key = strings.ToLower(key)
		}
		t.byKey[key] = i
		t.byName[f.Name] = i
		t.ordinals[i] = i
	}
	return t
}

func (t *fieldTable) find(position int, key []byte) int {
	if position < len(t.recent) && bytes.Equal(t.recent[position].key, key) {
		return t.recent[position].field
	}
	i := t.lookup(key)
	for position < 256 && position >= len(t.recent) {
		t.recent = append(t.recent, recentKey{})
	}
	if position < 256 && len(key) <= 64 {
		t.recent[position] = recentKey{append(t.recent[position].key[:0], key...), i}
	}
	return i
}

func (t *fieldTable) lookup(key []byte) int {
	if t.caseSensitive {
		if i, ok := t.byKey[string(key)]; ok {
			return i
		}
		return -1
	}
	if i, ok := t.byKey[strings.ToLower(string(key))]; ok {
		return i
	}
	if t.hive { // Hive's internal names: the column by its number
		if number, ok := bytes.CutPrefix(key, []byte("_col")); ok {
			if n, err := strconv.ParseUint(string(number), 10, 31); err == nil {
				return t.ordinal(int(n))
			}
		}
	}
	return -1
}

func (t *fieldTable) ordinal(n int) int {
	if i, ok := t.ordinals[n]; ok {
		return i
	}
	return -1
}

// underscored finds the field whose name is the key with dots as underscores.
func (t *fieldTable) underscored(key []byte) int {
	name := strings.ReplaceAll(string(key), ".", "_")
	if !t.caseSensitive {
		name = strings.ToLower(name)
	}
	if i, ok := t.byName[name]; ok {
		return i
	}
	return -1
}
