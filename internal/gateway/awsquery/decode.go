package awsquery

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// Decode reads a form into v, a pointer to the input of an operation:
// Name=text for members, Name.Member for structs, Name.member.1 for lists, and
// the flattened forms of Names. Unknown names are skipped. Every error is a
// *FormError.
func Decode(form *Form, names Names, v any) error {
	return names.structure(form, "", reflect.ValueOf(v).Elem())
}

func (ns Names) structure(form *Form, prefix string, v reflect.Value) error {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" {
			continue
		}
		name := ns.of(f.Name, f.Type)
		child := form.children[name]
		if child == nil {
			continue
		}
		if err := ns.value(child, prefix+name, v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func (ns Names) value(form *Form, name string, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return ns.value(form, name, v.Elem())
	case reflect.Struct:
		if at, ok := v.Addr().Interface().(*time.Time); ok {
			return timestamp(name, form.text, at)
		}
		return ns.structure(form, name+".", v)
	case reflect.Slice:
		if v.Type() == bytesType {
			return binary(name, form.text, v)
		}
		return ns.list(form, name, v)
	case reflect.Map:
		return ns.mapping(form, name, v)
	}
	return scalar(name, form.text, v)
}

var bytesType = reflect.TypeFor[[]byte]()

func (ns Names) list(form *Form, name string, v reflect.Value) error {
	if ns.Flat == nil {
		name += ".member"
		if form = form.children["member"]; form == nil {
			return nil
		}
	}
	if form.set && form.text != "" && len(form.children) == 0 { // one item without a number, as boto 2 writes it
		form = &Form{children: map[string]*Form{"1": form}}
	}
	items, err := form.items(name)
	if err != nil {
		return err
	}
	for _, item := range items {
		at := reflect.New(v.Type().Elem()).Elem()
		if err := ns.value(item.Form, item.name, at); err != nil {
			return err
		}
		v.Set(reflect.Append(v, at))
	}
	return nil
}

// mapping reads NAME.1.Name=…&NAME.1.Value=… (the names of the two differ).
func (ns Names) mapping(form *Form, name string, v reflect.Value) error {
	if ns.Flat == nil {
		return &FormError{fmt.Sprintf("%s cannot be given in a form", name)}
	}
	key := ns.key(name)
	if form.children[key] != nil { // one entry without a number
		form = &Form{children: map[string]*Form{"1": form}}
	}
	items, err := form.items(name)
	if err != nil || len(items) == 0 {
		return err
	}
	t := v.Type()
	v.Set(reflect.MakeMapWithSize(t, len(items)))
	for _, item := range items {
		if item.Get(key) == "" {
			return &FormError{fmt.Sprintf("The request must contain the parameter %s.%s.", item.name, key)}
		}
		at := reflect.New(t.Elem()).Elem()
		if value := item.children["Value"]; value != nil {
			if err := ns.value(value, item.name+".Value", at); err != nil {
				return err
			}
		}
		v.SetMapIndex(reflect.ValueOf(item.Get(key)).Convert(t.Key()), at)
	}
	return nil
}

func timestamp(name, text string, at *time.Time) error {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return &FormError{fmt.Sprintf("%s must be a timestamp", name)}
	}
	*at = t
	return nil
}

func binary(name, text string, v reflect.Value) error {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return &FormError{fmt.Sprintf("%s must be base64", name)}
	}
	v.SetBytes(b)
	return nil
}

func scalar(name, text string, v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
		return nil
	case reflect.Bool:
		if text == "true" || text == "false" {
			v.SetBool(text == "true")
			return nil
		}
		return &FormError{fmt.Sprintf("%s must be true or false", name)}
	case reflect.Int, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return &FormError{fmt.Sprintf("%s must be an integer", name)}
		}
		v.SetInt(n)
		return nil
	}
	return &FormError{fmt.Sprintf("%s cannot be given in a form", name)}
}
