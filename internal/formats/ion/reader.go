package ion

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/amazon-ion/ion-go/ion"

	"github.com/scopsdb/scops/internal/formats"
)

// CorruptError is a file that is not Ion.
type CorruptError struct{ Err error }

func (e *CorruptError) Error() string { return "invalid Ion: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *CorruptError) Unwrap() error { return e.Err }

// BadData implements formats.BadData.
func (e *CorruptError) BadData() {}

// Reader reads the values of a file as rows. It is not safe for concurrent use.
type Reader struct {
	in      ion.Reader
	guard   *guard
	root    *place
	columns []formats.Column
	sets    []bool // columns that the row has
	rows    int64
	names   nameFold
}

// nameFold makes names of fields comparable.
type nameFold func(string) string

func sensitive(s string) string { return s }

// place is a node of the search paths.
type place struct {
	column int // whose path ends here, or -1
	fields map[string]*place
	places map[int]*place
}

func newPlace() *place { return &place{column: -1} }

// New begins to read a file's uncompressed bytes. Paths that need a value twice
// are refused.
func New(r io.Reader, columns []formats.Column, o formats.IonOptions) (*Reader, error) {
	out := &Reader{columns: columns, root: newPlace(), sets: make([]bool, len(columns)), names: strings.ToLower}
	if o.CaseSensitive {
		out.names = sensitive
	}
	for i, c := range columns {
		if err := checkType(c.Type); err != nil {
			return nil, &formats.UnsupportedError{Message: fmt.Sprintf("column %s: %v", c.Name, err)}
		}
		path, ok := o.Paths[c.Name]
		if !ok {
			path = []formats.IonStep{{Name: c.Name, Index: -1}}
		}
		if err := out.addPath(i, path, ok); err != nil {
			return nil, err
		}
	}
	var err error
	if out.guard, err = newGuard(r); err != nil {
		return nil, err
	}
	out.in = ion.NewReader(out.guard)
	return out, nil
}

// addPath puts a column's path into the tree. A path that follows from the
// column's name is without regard to case where paths are.
func (r *Reader) addPath(column int, path []formats.IonStep, given bool) error {
	at := r.root
	for _, step := range path {
		if at.column >= 0 {
			return r.refusePaths(at.column, column)
		}
		at = at.step(step, r.names)
	}
	if at.column >= 0 {
		return r.refusePaths(at.column, column)
	}
	if len(at.fields)+len(at.places) > 0 {
		return &formats.UnsupportedError{Message: fmt.Sprintf("the search path of column %s leads to a value of which another column takes a part", r.columns[column].Name)}
	}
	at.column = column
	return nil
}

func (r *Reader) refusePaths(a, b int) error {
	return &formats.UnsupportedError{Message: fmt.Sprintf("the search paths of columns %s and %s lead to the same value", r.columns[a].Name, r.columns[b].Name)}
}

func (p *place) step(s formats.IonStep, names nameFold) *place {
	if s.Index >= 0 {
		if p.places == nil {
			p.places = map[int]*place{}
		}
		if p.places[s.Index] == nil {
			p.places[s.Index] = newPlace()
		}
		return p.places[s.Index]
	}
	if p.fields == nil {
		p.fields = map[string]*place{}
	}
	name := names(s.Name)
	if p.fields[name] == nil {
		p.fields[name] = newPlace()
	}
	return p.fields[name]
}

// Read implements formats.FileReader.
func (r *Reader) Read(to []*formats.Vector, most int) (rows int, err error) {
	defer func() {
		if p := recover(); p != nil { // the library trusts what it reads in places
			rows, err = 0, &CorruptError{fmt.Errorf("%v", p)}
		}
	}()
	for rows < most && r.in.Next() {
		r.rows++
		if err := r.row(to); err != nil {
			return rows, fmt.Errorf("%w: value %d", err, r.rows)
		}
		r.guard.row()
		rows++
	}
	return rows, corrupt(r.in.Err())
}

func corrupt(err error) error {
	var known *CorruptError
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &CorruptError{err}
}

// row reads one value. A value that is no struct has no fields: a row of NULLs,
// as in the SerDe.
func (r *Reader) row(to []*formats.Vector) error {
	clear(r.sets)
	if err := r.walk(r.root, to); err != nil {
		return err
	}
	for i, set := range r.sets {
		if !set {
			to[i].AppendNull()
		}
	}
	return nil
}

// walk takes what the paths below a place need of the current value.
func (r *Reader) walk(p *place, to []*formats.Vector) error {
	if p.column >= 0 {
		return r.take(p.column, to[p.column])
	}
	t := r.in.Type()
	if r.in.IsNull() || t != ion.StructType && t != ion.ListType && t != ion.SexpType {
		return nil
	}
	if err := r.in.StepIn(); err != nil {
		return corrupt(err)
	}
	for i := 0; r.in.Next(); i++ {
		next := p.places[i]
		if next == nil && t == ion.StructType {
			name, err := fieldName(r.in)
			if err != nil {
				return err
			}
			next = p.fields[r.names(name)]
		}
		if next == nil {
			continue
		}
		if err := r.walk(next, to); err != nil {
			return err
		}
	}
	if err := r.in.Err(); err != nil {
		return corrupt(err)
	}
	return corrupt(r.in.StepOut())
}

// take decodes the current value into a column. Of several the last one counts.
func (r *Reader) take(column int, v *formats.Vector) error {
	rows := v.Rows
	if r.sets[column] {
		rows--
		v.Rollback(rows)
	}
	r.sets[column] = true
	if err := decode(r.in, v); err != nil {
		var bad *CorruptError
		if errors.As(err, &bad) {
			return err
		}
		return &formats.ValueError{Column: r.columns[column].Name, Err: err}
	}
	return nil
}

func fieldName(in ion.Reader) (string, error) {
	token, err := in.FieldName()
	if err != nil {
		return "", corrupt(err)
	}
	if token == nil || token.Text == nil {
		return "", &CorruptError{errors.New("a field's name is a symbol without text: shared symbol tables are not supported")}
	}
	return *token.Text, nil
}

// Close implements formats.FileReader.
func (r *Reader) Close() error { return nil }
