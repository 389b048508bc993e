package treedump

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// Tree is the text of a node. With places each node shows its line:column.
func Tree(node any, places bool) string {
	d := &dumper{places: places}
	d.value("", reflect.ValueOf(node), 0)
	return d.out.String()
}

type dumper struct {
	out    strings.Builder
	places bool
}

func (d *dumper) line(indent int, format string, args ...any) {
	d.out.WriteString(strings.Repeat("  ", indent))
	fmt.Fprintf(&d.out, format, args...)
	d.out.WriteByte('\n')
}

// value prints a field, unless it is zero.
func (d *dumper) value(label string, v reflect.Value, indent int) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Struct:
		d.node(label, v, indent)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			d.line(indent, "%s%x", label, v.Bytes())
			return
		}
		d.slice(label, v, indent)
	default:
		if !v.IsZero() || label == "Value: " {
			d.line(indent, "%s%s", label, scalar(v))
		}
	}
}

func scalar(v reflect.Value) string {
	if v.Kind() == reflect.String {
		return fmt.Sprintf("%q", v.String())
	}
	return fmt.Sprint(v.Interface())
}

func (d *dumper) slice(label string, v reflect.Value, indent int) {
	if v.IsNil() {
		return
	}
	d.line(indent, "%s%d", label, v.Len())
	for i := range v.Len() {
		d.value("- ", v.Index(i), indent+1)
	}
}

// position is the type that places have.
var position = reflect.TypeFor[ast.Position]()

func (d *dumper) node(label string, v reflect.Value, indent int) {
	t := v.Type()
	if _, isNode := t.FieldByName("Position"); !isNode {
		if s, ok := v.Interface().(fmt.Stringer); ok { // a type of package types
			d.line(indent, "%s%s", label, s)
			return
		}
	}
	place := ""
	if p := v.FieldByName("Position"); d.places && p.IsValid() && p.Type() == position {
		place = " @" + p.Interface().(ast.Position).String()
	}
	if id, ok := v.Interface().(ast.Identifier); ok {
		quote := ""
		if id.Quoted {
			quote = `"`
		}
		d.line(indent, "%s%s%s%s%s", label, quote, id.Value, quote, place)
		return
	}
	d.line(indent, "%s%s%s", label, t.Name(), place)
	for i := range t.NumField() {
		if t.Field(i).Type == position {
			continue
		}
		d.value(t.Field(i).Name+": ", v.Field(i), indent+1)
	}
}
